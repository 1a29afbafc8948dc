"""Rounds as files: what the national node asks, to whom, and at which point of the search."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation.check import Block, too_small
from likvard.flow.federation.envelope import EnvelopeError, Kind, canonical, digest_of, seal, unseal
from likvard.flow.federation.keys import Card, Keys, read_card
from likvard.flow.federation.study import Study, Way, as_body, study_from
from likvard.terms import UsageError

Floats = NDArray[np.float64]

_FARTHEST = 1e3
"""No relative standard deviation or coefficient of a round is larger."""


@dataclass(frozen=True, eq=False)
class Round:
    """One round. `opening` is the digest of round 0, which alone names the blocks; `at` is empty in round 0.

    `left_out` are blocks that need not answer, `withdrawals` signed files of those who never answered an earlier study.
    """

    id: str
    study: Study
    number: int
    at: Floats
    answer_by: date
    opening: str
    blocks: tuple[Block, ...]
    left_out: tuple[int, ...]
    withdrawals: tuple[str, ...]
    signer: str
    digest: str


def make_blocks(study: Study, company: Sequence[Card], seed: str, before: Sequence[Block] = ()) -> tuple[Block, ...]:
    """Divide organisers into blocks that are each large enough, as many as can be; the order is drawn by `seed`.

    Blocks of an earlier study (`before`) stand still: they are kept whole or left out, and only who is new is drawn. In the
    clear each organiser is its own. Raises `UsageError` if they are too few, or if somebody of an old block is missing.
    """
    if len({card.organiser for card in company}) < len(company):
        raise UsageError("Two cards are of the same organiser.", "Leave one of them out.")
    if study.way is not Way.MASKED:
        return tuple(Block((card,)) for card in sorted(company, key=lambda c: c.organiser))
    if before:
        return _keep_blocks(study, company, seed, before)
    if reasons := too_small(Block(tuple(company)), study):
        raise UsageError(
            " ".join(reason.en for reason in reasons),
            "Ask more organisers, or ask for fewer columns, levels or rounds, or for several years with the level unit:year.",
        )
    drawn = sorted(company, key=lambda c: digest_of(f"{seed}|{c.organiser}".encode()))
    found: list[Block] = []
    current: list[Card] = []
    for card in drawn:
        current.append(card)
        if not too_small(Block(tuple(current)), study):
            found.append(Block(tuple(current)))
            current = []
    if current:
        found[-1] = Block((*found[-1].cards, *current))
    return tuple(found)


def _keep_blocks(study: Study, company: Sequence[Card], seed: str, before: Sequence[Block]) -> tuple[Block, ...]:
    now = {card.organiser: card for card in company}
    kept = []
    for old in before:
        here = [now[name] for name in sorted(old.names) if name in now]
        if here and len(here) < len(old.cards):
            gone = ", ".join(card.name for card in old.cards if card.organiser not in now)
            raise UsageError(
                f"Of an earlier block {gone} is missing.",
                "Leave out the cards of the whole block, or add the missing ones.",
            )
        if here:
            kept.append(Block(tuple(here)))
    if small := [block for block in kept if too_small(block, study)]:
        raise UsageError(too_small(small[0], study)[0].en, "Ask for fewer columns, levels or rounds than before.")
    held = {name for block in kept for name in block.names}
    new = [card for card in company if card.organiser not in held]
    return (*kept, *(make_blocks(study, new, seed) if new else ()))


def open_study(
    study: Study,
    company: Sequence[Card],
    keys: Keys,
    *,
    answer_by: date,
    withdrawals: Sequence[str] = (),
    seed: str,
    before: Sequence[Block] = (),
) -> bytes:
    """Round 0 of a study: what is asked, and in which blocks. `seed` makes the study's id and draws the blocks; `before` are blocks to keep."""
    body = as_body(study)
    identity = digest_of(canonical([body, seed]))[:16]
    blocks = [[card.signed for card in block.cards] for block in make_blocks(study, company, seed, before)]
    said = {"id": identity, "study": body, "number": 0, "at": [], "answer_by": answer_by.isoformat(), "opening": ""}
    more = {"blocks": blocks, "left_out": [], "withdrawals": list(withdrawals)}
    return seal(Kind.ROUND, {**said, **more}, keys.signing)


def next_round(now: Round, at: Floats, keys: Keys, *, answer_by: date, left_out: Sequence[int]) -> bytes:
    """The round after `now`, at a new point."""
    said = {"id": now.id, "study": as_body(now.study), "number": now.number + 1, "at": [float(v) for v in at]}
    opening = now.opening or now.digest
    more = {"answer_by": answer_by.isoformat(), "opening": opening, "blocks": [], "left_out": list(left_out)}
    return seal(Kind.ROUND, {**said, **more, "withdrawals": []}, keys.signing)


def read_round(content: bytes, name: str, *, signer: str | None = None) -> Round:
    """Read a round. Raises `EnvelopeError` unless it is whole and signed, by `signer` if one is given."""
    sealed = unseal(content, Kind.ROUND, name, signer=signer)
    body = sealed.body
    try:
        found = Round(
            id=str(body["id"]),
            study=study_from(body["study"]),
            number=int(body["number"]),
            at=np.array([float(v) for v in body["at"]]),
            answer_by=date.fromisoformat(body["answer_by"]),
            opening=str(body["opening"]),
            blocks=tuple(
                Block(tuple(read_card(card.encode(), "a card") for card in block)) for block in body["blocks"]
            ),
            left_out=tuple(int(i) for i in body["left_out"]),
            withdrawals=tuple(str(w) for w in body["withdrawals"]),
            signer=sealed.signer,
            digest=sealed.digest,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise EnvelopeError(f"{name} lacks a field of a round.", "Ask the national node for it again.") from None
    _require_sense(found, name)
    return found


def _require_sense(found: Round, name: str) -> None:
    study = found.study
    k = len(study.design) if study.is_goal else len(study.levels)
    fits = (
        found.number >= 0 and len(found.at) == (k if found.number else 0) and bool(found.opening) == (found.number > 0)
    )
    named = found.id.isalnum() and len(found.id) == 16
    if (
        not fits
        or not named
        or bool(found.blocks) != (found.number == 0)
        or np.abs(found.at).max(initial=0.0) > _FARTHEST
    ):
        raise EnvelopeError(f"{name} does not hang together.", "Ask the national node for it again.")
    company = [card for block in found.blocks for card in block.cards]
    known = [(c.organiser, *c.keys) for c in company]
    if any(len(set(column)) < len(company) for column in zip(*known, strict=True)):
        raise EnvelopeError(f"{name} names an organiser, or a key, twice.", "Do not answer it.")
    if study.way is Way.ONCE and found.number:
        raise EnvelopeError(f"{name} asks again in a study that is answered once.", "Do not answer it.")


def never_answered(withdrawals: Sequence[str], past: Mapping[str, Card], identity: str) -> frozenset[str]:
    """Which organisers of an earlier block say, signed by the keys they had there, that they never answered that study."""
    found = set()
    for text in withdrawals:
        sealed = unseal(text.encode(), Kind.WITHDRAWAL, "a withdrawal")
        card = past.get(str(sealed.body.get("organiser")))
        same = card is not None and card.signing == sealed.signer and sealed.body.get("id") == identity
        if same and card is not None and sealed.body.get("answered") == []:
            found.add(card.organiser)
    return frozenset(found)


def text_of(sealed: bytes) -> str:
    """A signed file as text, to lie within another."""
    return json.dumps(json.loads(sealed), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
