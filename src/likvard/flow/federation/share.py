"""An organiser's side: answer a round after the disclosure check, or withdraw. Nothing is written before it is told."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation import masks
from likvard.flow.federation.check import Block, RefusedShareError, exposed, too_small
from likvard.flow.federation.counted import require_levels, require_unsolvable
from likvard.flow.federation.envelope import EnvelopeError, Kind, canonical, digest_of, seal
from likvard.flow.federation.frozen import freeze, thaw
from likvard.flow.federation.keys import Card, Keys
from likvard.flow.federation.ledger import Ledger, Remembered, require_far
from likvard.flow.federation.once import REMEDY, pooled_moments, pools
from likvard.flow.federation.rounds import Round, never_answered, read_round
from likvard.flow.federation.rows import Rows, read_rows
from likvard.flow.federation.study import Study, Way
from likvard.flow.federation.words import explained
from likvard.models import federated, federated_logistic
from likvard.models.packed import pack
from likvard.records.lake import Lake
from likvard.terms import UsageError, Words

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prepared:
    """An answer that is ready and not yet written: what it holds in words, and what `hand_out` needs.

    `fingerprint` is of the block's members and keys, to be compared over another channel; `new_node` tells that no file of
    this node has come before. `name` is the answer's file name.
    """

    round: Round
    words: tuple[Words, ...]
    fingerprint: str
    new_node: bool
    name: str
    content: bytes
    ledger: Ledger
    opening: bytes
    block: int
    rows: Rows
    on: date


def prepare(content: bytes, *, lake: Path, keys: Keys, at: datetime, node: str | None = None) -> Prepared:
    """Make the answer to a round, after every check.

    `node` is the signing key that the round must have; without it that of earlier rounds. Raises `EnvelopeError` for a file
    that is not what it says, `RefusedShareError` with reasons in words for an answer that may not leave.
    """
    ledger = Ledger.of(lake, keys.organiser)
    pinned = ledger.node()
    asked = read_round(content, "the round", signer=node or pinned)
    _require_time(asked, at)
    if ledger.has_left(asked.id):
        raise UsageError("You have withdrawn from this study.", "Ask for a new one.")
    if asked.number == 0:
        opened, block, rows = asked, *_open(asked, ledger, lake, keys)
        opening = content
    else:
        past, opened, opening = _earlier(asked, ledger)
        block, rows = _own_block(opened, keys), thaw(ledger.kept(asked.id, "rows.npz"), opened.study)
        _require_asked(asked, past, block)
        if asked.study.way is Way.MASKED and not asked.study.is_goal:
            at_point = [float(v) for v in asked.at]
            require_levels(ledger.studies(), asked.id, asked.study, opened.blocks[block], asked.number, at_point)
    company = opened.blocks[block]
    sealed, numbers, count = sealed_answer(asked, opened.study, rows, keys, company)
    return Prepared(
        round=asked,
        words=explained(asked, opened.study, company, rows, numbers, count),
        fingerprint=fingerprint(company),
        new_node=pinned is None and node is None,
        name=f"{asked.id}-{asked.number:02d}-{keys.organiser}.json",
        content=sealed,
        ledger=ledger,
        opening=opening,
        block=block,
        rows=rows,
        on=at.date(),
    )


def sealed_answer(asked: Round, study: Study, rows: Rows, keys: Keys, company: Block) -> tuple[bytes, int, int]:
    """The signed answer to a round, how many numbers it holds, and of how many pools. No check is made here."""
    values, count = _values(asked, study, rows)
    body = {
        "id": asked.id,
        "number": asked.number,
        "round": asked.digest,
        "organiser": keys.organiser,
        "schema": study.schema,
        "numbers": base64.b64encode(_encoded(values, asked, study, keys, company)).decode(),
        "pools": count,
    }
    return seal(Kind.ANSWER, body, keys.signing), len(values), count


def hand_out(found: Prepared, folder: Path) -> Path:
    """Remember that the round is answered, then write the answer into `folder`; return its path."""
    asked = found.round
    if asked.number == 0 and found.ledger.find(asked.id) is None:
        found.ledger.begin(asked.id, found.opening, found.block, found.rows)
        found.ledger.keep(asked.id, "rows.npz", freeze(found.rows))
    found.ledger.pin(asked.signer)
    found.ledger.note(asked.id, asked.number, asked.digest, found.on, [float(v) for v in asked.at])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / found.name
    path.write_bytes(found.content)
    return path


def withdraw(content: bytes, *, lake: Path, keys: Keys, at: datetime) -> tuple[str, bytes]:
    """A signed file that says that the organiser leaves a study, and which rounds it had answered; name and content."""
    ledger = Ledger.of(lake, keys.organiser)
    asked = read_round(content, "the round", signer=ledger.node())
    past = ledger.find(asked.id)
    answered = sorted(past.answered) if past else []
    body = {"id": asked.id, "organiser": keys.organiser, "answered": answered, "on": at.date().isoformat()}
    ledger.leave(asked.id)
    return f"{asked.id}-withdrawal-{keys.organiser}.json", seal(Kind.WITHDRAWAL, body, keys.signing)


def fingerprint(block: Block) -> str:
    """Eight groups of four digits that stand for a block's members and all their keys."""
    said = sorted([card.organiser, *card.keys] for card in block.cards)
    digest = digest_of(canonical(said))
    return " ".join(digest[i : i + 4] for i in range(0, 32, 4))


def _require_time(asked: Round, at: datetime) -> None:
    if at.date() > asked.answer_by:
        raise RefusedShareError(
            [
                Words(
                    f"Rundan skulle besvaras senast {asked.answer_by}. Ett svar efter det kan räknas bort från en summa "
                    "som redan är tagen.",
                    f"The round was to be answered by {asked.answer_by}. An answer after that could be told from a sum that "
                    "has been taken already.",
                )
            ],
            Words("Vänta på en ny runda eller en ny studie.", "Wait for a new round or a new study."),
        )


def _open(asked: Round, ledger: Ledger, lake: Path, keys: Keys) -> tuple[int, Rows]:
    """Check a study that begins, and read the rows; or those that were read before, if this very round was answered."""
    study, block = asked.study, _own_block(asked, keys)
    company = asked.blocks[block]
    if (past := ledger.find(asked.id)) is not None:
        if past.answered.get(0, asked.digest) != asked.digest:
            raise EnvelopeError(
                "Another opening of this study has been answered.", "Do not answer; ask the national node."
            )
        return block, thaw(ledger.kept(asked.id, "rows.npz"), study)
    opened = Lake.open(lake)
    with opened.connect() as con:
        rows = read_rows(con, study, keys.organiser, opened.pseudonym_key())
    if study.way is Way.MASKED and (reasons := too_small(company, study)):
        raise RefusedShareError(
            reasons, Words("Svara inte; be om större block.", "Do not answer; ask for larger blocks.")
        )
    if study.way is Way.CLEAR and (reasons := exposed(rows.crowd)):
        raise RefusedShareError(reasons, REMEDY)
    earlier = ledger.studies()
    never = {
        name: past.id
        for past in earlier
        for name in never_answered(asked.withdrawals, {c.organiser: c for b in past.blocks for c in b.cards}, past.id)
    }
    require_far(earlier, study, asked.blocks, rows, never)
    if study.way is Way.MASKED:
        require_unsolvable(earlier, study, company)
    return block, rows


def _own_block(opened: Round, keys: Keys) -> int:
    found = [i for i, block in enumerate(opened.blocks) for card in block.cards if _is_own(card, keys)]
    if len(found) != 1:
        raise UsageError(
            f"The round asks nothing of {keys.organiser} with this key.",
            "Send the national node your card, and ask for a round.",
        )
    return found[0]


def _is_own(card: Card, keys: Keys) -> bool:
    agreement = keys.agreement.public_key().public_bytes_raw().hex()
    return (card.organiser, card.signing, card.agreement) == (keys.organiser, keys.signer, agreement)


def _earlier(asked: Round, ledger: Ledger) -> tuple[Remembered, Round, bytes]:
    past, opening = ledger.find(asked.id), ledger.kept(asked.id, "opening.json")
    if past is None or opening is None:
        raise UsageError("The first round of this study has not been answered here.", "Answer round 0 first.")
    return past, read_round(opening, "the opening", signer=asked.signer), opening


def _require_asked(asked: Round, past: Remembered, block: int) -> None:
    """Refuse a round that the opening does not allow: of another study, one too many, or a second one of its number."""
    if asked.opening != past.answered.get(0) or asked.study != past.study or block in asked.left_out:
        raise EnvelopeError("The round is not of the study that was opened, or leaves you out.", "Do not answer it.")
    if past.answered.get(asked.number, asked.digest) != asked.digest:
        raise EnvelopeError(
            f"Another round {asked.number} has been answered already.",
            "Do not answer; ask the national node why there are two.",
        )
    if asked.number > past.study.most_rounds:
        raise RefusedShareError(
            [
                Words(
                    f"Studien sade högst {past.study.most_rounds} rundor; det här är runda {asked.number}.",
                    f"The study said {past.study.most_rounds} rounds at most; this is round {asked.number}.",
                )
            ],
            Words("Svara inte.", "Do not answer."),
        )


def _values(asked: Round, study: Study, rows: Rows) -> tuple[Floats, int]:
    """The numbers of an answer; for the one-shot form also how many pools they are of."""
    if rows.pupils == 0:
        return np.zeros(study.answer_length if asked.number else study.opening_length), 0
    if rows.patterns is not None:
        if asked.number == 0:
            return federated_logistic.opening(rows.patterns, rows.crowd.units), 0
        return federated_logistic.answer(rows.patterns, asked.at), 0
    if rows.moments is None:
        raise UsageError("The rows of this study are of another kind.", "Answer round 0 again.")
    if study.way is Way.ONCE:
        found = pools(rows.crowd)
        m = pooled_moments(rows.moments, found)
        return np.concatenate([m.products[:, 0, :].ravel(), pack(m.total)]), found.size
    if asked.number == 0:
        return federated.opening(rows.moments, study.model), 0
    return federated.answer(rows.moments, study.model, asked.at), 0


def _encoded(values: Floats, asked: Round, study: Study, keys: Keys, block: Block) -> bytes:
    if study.way is Way.MASKED:
        return masks.to_bytes(masks.masked(values, keys, block.cards, asked.digest))
    return masks.to_bytes(masks.to_whole(values))
