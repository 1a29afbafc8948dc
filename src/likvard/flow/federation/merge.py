"""The national node's side: check answers, add them up, and ask on until there is a fit."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation import masks, outcome, sense
from likvard.flow.federation.check import Block
from likvard.flow.federation.envelope import EnvelopeError, Kind, unseal
from likvard.flow.federation.keys import Card, Keys
from likvard.flow.federation.rounds import Round, next_round, read_round
from likvard.flow.federation.study import Study, Way
from likvard.models.logistic import Logistic
from likvard.models.multilevel import Fit
from likvard.records import durable
from likvard.terms import InputError, UsageError, Words

Floats = NDArray[np.float64]

STATE = "state.json"


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that was not used, or a block whose sum cannot be: what, whose, and why."""

    about: str
    words: Words


@dataclass(frozen=True, eq=False)
class Received:
    """The answers of a round that hold: whole numbers by organiser, withdrawals, and what was wrong with the others."""

    answers: Mapping[str, list[int]]
    withdrawn: frozenset[str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, eq=False)
class Merged:
    """What came of a merge: the next round's file, or the fit; or neither, and then whose answers are waited for.

    `left_out` are blocks (by number) with the reason in words; `path` is what was written, if anything.
    """

    problems: tuple[Problem, ...]
    missing: tuple[Card, ...]
    left_out: Mapping[int, Words]
    path: Path | None = None
    fit: Fit | Logistic | None = None
    asked: int | None = None
    stands_out: tuple[sense.StandsOut, ...] = ()


@dataclass(eq=False)
class State:
    """What the node keeps of a study between rounds: the sums of every block, exact, by round. For the node alone."""

    opening: str
    points: dict[int, list[float]] = field(default_factory=dict)
    sums: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    left_out: dict[int, Words] = field(default_factory=dict)


def receive(asked: Round, opened: Round, files: Sequence[tuple[str, bytes]]) -> Received:
    """Check the files that came to a round: signature, sender, study, round, schema, length, and doubles.

    A double that is the same file is one answer; two different ones of the same organiser are none. Whoever has withdrawn has
    none either, though it came: the last word is theirs.
    """
    roster = {card.organiser: card for block in opened.blocks for card in block.cards}
    good: dict[str, list[int]] = {}
    seen: dict[str, str] = {}
    disputed: set[str] = set()
    withdrawn: set[str] = set()
    problems: list[Problem] = []
    for name, content in files:
        try:
            if left := _withdrawal(content, name, asked, roster):
                withdrawn.add(left)
                continue
            organiser, numbers = _answer(content, name, asked, opened, roster)
        except InputError as error:
            problems.append(Problem(name, Words(str(error), str(error))))
            continue
        said = base64.b64encode(masks.to_bytes(numbers)).decode()
        if seen.setdefault(organiser, said) != said and organiser not in disputed:
            disputed.add(organiser)
            problems.append(Problem(roster[organiser].name, _TWO))
        good[organiser] = numbers
    good = {organiser: numbers for organiser, numbers in good.items() if organiser not in disputed | withdrawn}
    return Received(good, frozenset(withdrawn), tuple(problems))


def _withdrawal(content: bytes, name: str, asked: Round, roster: Mapping[str, Card]) -> str | None:
    try:
        sealed = unseal(content, Kind.WITHDRAWAL, name)
    except EnvelopeError:
        return None
    card = roster.get(str(sealed.body.get("organiser")))
    if card is None or card.signing != sealed.signer or sealed.body.get("id") != asked.id:
        raise EnvelopeError(f"{name} withdraws somebody else, or from another study.", "Find out who sent it.")
    return card.organiser


def _answer(
    content: bytes, name: str, asked: Round, opened: Round, roster: Mapping[str, Card]
) -> tuple[str, list[int]]:
    sealed = unseal(content, Kind.ANSWER, name)
    body = sealed.body
    card = roster.get(str(body.get("organiser")))
    if card is None:
        raise EnvelopeError(f"{name} is from {body.get('organiser')!r}, who was not asked.", "Find out who sent it.")
    if card.signing != sealed.signer:
        raise EnvelopeError(f"{name} says {card.name} but is signed by another key.", f"Ask {card.name} by telephone.")
    if (body.get("id"), body.get("round")) != (asked.id, asked.digest):
        raise EnvelopeError(
            f"{name} of {card.name} answers another round than {asked.number}.", "Ask for the answer to this one."
        )
    if body.get("schema") != opened.study.schema:
        raise EnvelopeError(
            f"{card.name} has computed the sums by another version of the question.", "Both must run the same version."
        )
    try:
        numbers = masks.from_bytes(base64.b64decode(str(body["numbers"]), validate=True))
        pools = int(body["pools"])
    except (KeyError, ValueError, TypeError, binascii.Error):
        raise EnvelopeError(f"The numbers of {card.name} cannot be read.", "Ask for the answer again.") from None
    expected = _length(opened.study, asked.number, pools)
    if len(numbers) != expected:
        raise EnvelopeError(
            f"{card.name} has sent {len(numbers)} numbers, expected {expected}.", "Ask for the answer again."
        )
    return card.organiser, numbers


def _length(study: Study, number: int, pools: int) -> int:
    m = len(study.design) + 1
    if study.way is Way.ONCE:
        return max(1, pools) * m + m * (m + 1) // 2
    return study.answer_length if number else study.opening_length


def merge(
    content: bytes,
    files: Sequence[tuple[str, bytes]],
    *,
    folder: Path,
    keys: Keys,
    answer_by: date,
    leave_out: bool = False,
) -> Merged:
    """Take the answers to a round, and write the next round or the fit into `folder`, where the study's files lie.

    A block of which an answer is missing, or whose sum cannot be, is waited for; with `leave_out` the study goes on without
    it. Raises `ModelError` for what cannot be fitted, `UsageError` if nothing is left.
    """
    asked = read_round(content, "the round", signer=keys.signer)
    opened = (
        asked
        if asked.number == 0
        else read_round((folder / "round-00.json").read_bytes(), "round-00.json", signer=keys.signer)
    )
    state = _load(folder, asked, opened)
    got = receive(asked, opened, files)
    problems = list(got.problems)
    missing: list[Card] = []
    now: dict[int, list[int]] = {}
    for i, block in enumerate(opened.blocks):
        if i in state.left_out:
            continue
        away = [card for card in block.cards if card.organiser not in got.answers]
        faults = () if away else _faults(i, block, got, asked, opened, state, now)
        missing += [card for card in away if card.organiser not in got.withdrawn]
        gone = [card for card in away if card.organiser in got.withdrawn]
        problems += [Problem(_block_name(i, block), fault) for fault in faults]
        if (away or faults) and (leave_out or gone):
            state.left_out[i] = faults[0] if faults else _LEFT if gone else _LATE
    used = [i for i in range(len(opened.blocks)) if i not in state.left_out]
    if any(i not in now for i in used):
        return Merged(tuple(problems), tuple(missing), dict(state.left_out))
    if not used:
        raise _nobody_left(opened, missing, problems)
    state.points[asked.number], state.sums[asked.number] = asked.at.tolist(), now
    _save(folder, state)
    found = outcome.proceed(opened, _by_block(state, used))
    return _written(found, asked, opened, state, used, problems, folder, keys, answer_by)


def _nobody_left(opened: Round, missing: Sequence[Card], problems: Sequence[Problem]) -> UsageError:
    """Why a study cannot go on: every block lacks somebody. Nothing is written, so that it can still be waited for."""
    blocks = len(opened.blocks)
    which = "the only one" if blocks == 1 else f"each of the {blocks}"
    names = ", ".join(card.name for card in missing[:10]) + (", …" if len(missing) > 10 else "")
    why = f"lacks an answer that holds ({names})" if missing else "has sums that cannot be, or somebody who has left"
    told = "".join(f"\n{p.words.en if p.about in p.words.en else f'{p.about}: {p.words.en}'}" for p in problems)
    return UsageError(
        f"No block is left: {which} {why}, and a block is read as one sum or not at all.{told}",
        "Wait for the answers, or open a new study without those who are missing.",
    )


def _faults(
    i: int, block: Block, got: Received, asked: Round, opened: Round, state: State, now: dict[int, list[int]]
) -> tuple[Words, ...]:
    """Add a block's answers up; what is impossible in the sum, else nothing, and the sum is in `now`."""
    if opened.study.way is Way.ONCE:
        total = got.answers[block.cards[0].organiser]
    else:
        total = masks.add([got.answers[card.organiser] for card in block.cards])
    numbers = masks.from_whole(total)
    first = masks.from_whole(state.sums[0][i]) if asked.number else numbers
    found = outcome.faults(opened.study, block, first, numbers if asked.number else None, asked.at)
    if not found:
        now[i] = total
    return found


def _by_block(state: State, used: Sequence[int]) -> dict[int, list[tuple[Floats, Floats]]]:
    """Per block in use, every round's point and sums."""
    return {
        i: [(np.array(state.points[r]), masks.from_whole(state.sums[r][i])) for r in sorted(state.sums)] for i in used
    }


def _written(
    found: outcome.Found,
    asked: Round,
    opened: Round,
    state: State,
    used: Sequence[int],
    problems: Sequence[Problem],
    folder: Path,
    keys: Keys,
    answer_by: date,
) -> Merged:
    out = Merged(tuple(problems), (), dict(state.left_out))
    if found.at is not None:
        if asked.number >= opened.study.most_rounds:
            raise UsageError(
                f"The search has not ended after the {opened.study.most_rounds} rounds that were promised.",
                "Open a new study with fewer levels.",
            )
        path = folder / f"round-{asked.number + 1:02d}.json"
        path.write_bytes(next_round(asked, found.at, keys, answer_by=answer_by, left_out=sorted(state.left_out)))
        return Merged(out.problems, (), out.left_out, path, asked=asked.number + 1)
    path = folder / "fit.json"
    path.write_bytes(outcome.fit_file(found, opened, used, state.left_out, len(state.sums), keys))
    return Merged(out.problems, (), out.left_out, path, fit=found.fit, stands_out=found.stands_out)


def _load(folder: Path, asked: Round, opened: Round) -> State:
    path = folder / STATE
    if asked.number == 0:
        return State(opened.digest)
    try:
        said: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise InputError(f"{path} is missing or broken.", "Merge the earlier rounds again, in order.") from None
    if said["opening"] != asked.opening or str(asked.number - 1) not in said["sums"]:
        raise InputError(f"{path} is of another study, or lacks a round.", "Merge the earlier rounds again, in order.")
    sums = {
        int(r): {int(b): masks.from_bytes(base64.b64decode(v)) for b, v in blocks.items()}
        for r, blocks in said["sums"].items()
        if int(r) < asked.number
    }
    points = {int(r): v for r, v in said["points"].items() if int(r) < asked.number}
    left = {int(b): Words(*w) for b, w in said["left_out"].items() if int(b) in asked.left_out}
    return State(said["opening"], points, sums, left)


def _save(folder: Path, state: State) -> None:
    sums = {
        r: {b: base64.b64encode(masks.to_bytes(v)).decode() for b, v in blocks.items()}
        for r, blocks in state.sums.items()
    }
    left = {b: [w.sv, w.en] for b, w in state.left_out.items()}
    folder.mkdir(parents=True, exist_ok=True)
    said = {"opening": state.opening, "points": state.points, "sums": sums, "left_out": left}
    durable.put(folder / STATE, json.dumps(said).encode(), private=True)


def _block_name(i: int, block: Block) -> str:
    names = ", ".join(card.name for card in block.cards[:4])
    return names if len(block.cards) == 1 else f"{i + 1} ({names}{', …' if len(block.cards) > 4 else ''})"


_TWO = Words(
    "har lämnat två olika svar; inget av dem används. Fråga vilket som gäller.",
    "has given two different answers; neither is used. Ask which one holds.",
)
_LATE = Words("svar saknades", "an answer was missing")
_LEFT = Words("en huvudman har dragit sig ur", "an organiser has withdrawn")
