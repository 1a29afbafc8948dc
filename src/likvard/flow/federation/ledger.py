"""What an organiser remembers of the studies it has answered, beside its lake and for its owner alone.

A study's rows stand still: every round is answered from the sums that were taken for the first, whatever is delivered in
between, so that no two rounds differ by a correction. And no new study is answered whose rows, or whose company in the
block, differ from those of an earlier one by only a few: the difference would be those few.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation.check import LEAST_PUPILS, Block, RefusedShareError
from likvard.flow.federation.envelope import Kind, unseal
from likvard.flow.federation.keys import read_card
from likvard.flow.federation.rows import Rows, differing
from likvard.flow.federation.study import Study, Way, study_from
from likvard.records import durable
from likvard.terms import InputError, Words

FOLDER = "federation"


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier study: what it asked, in what company, which rounds (by digest) were answered, at which points, and when last."""

    id: str
    study: Study
    blocks: tuple[Block, ...]
    answered: Mapping[int, str]
    prints: NDArray[np.uint64]
    last: date | None = None
    points: Mapping[int, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The memory of one organiser in one lake."""

    root: Path

    @classmethod
    def of(cls, lake: Path, organiser: str) -> Ledger:
        """The ledger beside a lake."""
        return cls(Path(lake) / FOLDER / organiser)

    def studies(self) -> tuple[Remembered, ...]:
        """Every study of which a round was answered, or begun."""
        if not self.root.is_dir():
            return ()
        return tuple(self._read(path) for path in sorted(self.root.iterdir()) if (path / "opening.json").is_file())

    def find(self, identity: str) -> Remembered | None:
        """An earlier study by its id."""
        path = self.root / identity
        return self._read(path) if (path / "opening.json").is_file() else None

    def _read(self, path: Path) -> Remembered:
        try:
            said = json.loads((path / "answered.json").read_bytes())
            content = (path / "opening.json").read_bytes()
            sealed = unseal(content, Kind.ROUND, str(path / "opening.json"))
            blocks = tuple(
                Block(tuple(read_card(card.encode(), "a card") for card in block)) for block in sealed.body["blocks"]
            )
            prints = np.load(path / "prints.npy", allow_pickle=False)
            last = max((date.fromisoformat(day) for day in said["on"].values()), default=None)
            answered = {int(k): str(v) for k, v in said["rounds"].items()}
            points = {int(k): tuple(float(v) for v in at) for k, at in said["at"].items()}
            return Remembered(path.name, study_from(sealed.body["study"]), blocks, answered, prints, last, points)
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
            raise InputError(f"{path} is damaged.", "Bring the folder back from a backup.") from None

    def begin(self, identity: str, opening: bytes, block: int, rows: Rows) -> None:
        """Remember a study and its rows before anything of it leaves."""
        path = self.root / identity
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.put(path / "opening.json", opening, private=True)
        durable.put(path / "prints.npy", _npy(rows.prints), private=True)
        said = {"block": block, "rounds": {}, "on": {}, "at": {}}
        durable.put(path / "answered.json", json.dumps(said).encode(), private=True)

    def keep(self, identity: str, name: str, content: bytes) -> None:
        """Keep a private file with a study."""
        durable.put(self.root / identity / name, content, private=True)

    def kept(self, identity: str, name: str) -> bytes | None:
        """A file that was kept with a study."""
        path = self.root / identity / name
        return path.read_bytes() if path.is_file() else None

    def node(self) -> str | None:
        """The signing key of the national node, if a round of it has been answered."""
        path = self.root / "node"
        return path.read_text("ascii").strip() if path.is_file() else None

    def pin(self, signer: str) -> None:
        """Remember the national node's key from the first answer on."""
        if self.node() is None:
            durable.put(self.root / "node", (signer + "\n").encode(), private=True)

    def leave(self, identity: str) -> None:
        """Remember that the organiser has withdrawn from a study."""
        path = self.root / "left"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.put(path / identity, b"", private=True)

    def has_left(self, identity: str) -> bool:
        """Whether the organiser has withdrawn from a study."""
        return (self.root / "left" / identity).exists()

    def note(self, identity: str, number: int, digest: str, on: date, at: Sequence[float]) -> None:
        """Remember that a round is answered, before its answer is written."""
        path = self.root / identity / "answered.json"
        said: dict[str, Any] = json.loads(path.read_bytes())
        said["rounds"][str(number)] = digest
        said["on"][str(number)] = on.isoformat()
        said["at"][str(number)] = list(at)
        durable.put(path, json.dumps(said).encode(), private=True)


def _npy(array: NDArray[np.uint64]) -> bytes:
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def require_far(
    earlier: tuple[Remembered, ...], study: Study, blocks: tuple[Block, ...], rows: Rows, never: Mapping[str, str]
) -> None:
    """Refuse a study that differs from an answered one by a few pupils, or that divides the organisers otherwise.

    Blocks stand still: a block of the new study is one of the old, or shares nobody with them. Else sums of some blocks less
    sums of others would be those of a few organisers. `never` are organisers that have said, signed, that they never
    answered the study of that id; an old block is counted without them.
    """
    for past in earlier:
        if not past.answered or not set(past.study.years) & set(study.years):
            continue
        if 0 < (few := differing(past.prints, rows.prints)) < LEAST_PUPILS:
            raise _differs(past, few)
        if (past.study.way is Way.MASKED) != (study.way is Way.MASKED):
            raise _other_way(past)
        if study.way is not Way.MASKED:
            if _open_question(past.study) != _open_question(study):
                raise _second_open(past)
            continue
        gone = {name for name, identity in never.items() if identity == past.id}
        for old in past.blocks:
            for new in blocks:
                if old.names & new.names and old.names - gone != new.names - gone:
                    raise _divided(past, old, new)


def _differs(past: Remembered, few: int) -> RefusedShareError:
    return RefusedShareError(
        [
            Words(
                f"Frågan gäller nästan samma elever som studien ”{past.study.name}”, som ni redan har svarat på: bara {few} "
                "skiljer. Skillnaden mellan svaren skulle berätta om just dem.",
                f"The question is about nearly the same pupils as the study “{past.study.name}”, which you have answered: only "
                f"{few} differ. The difference between the answers would tell of just those.",
            )
        ],
        Words(
            "Svara inte. Be den som frågar att vänta tills underlaget skiljer mer, eller att bygga på den förra studien.",
            "Do not answer. Ask whoever asks to wait until more has changed, or to build on the earlier study.",
        ),
    )


def _divided(past: Remembered, old: Block, new: Block) -> RefusedShareError:
    apart = [card.name for card in (*old.cards, *new.cards) if card.organiser not in old.names & new.names]
    names = ", ".join(apart[:3]) + (" …" if len(apart) > 3 else "")
    return RefusedShareError(
        [
            Words(
                f"Huvudmännen är indelade på ett annat sätt än i studien ”{past.study.name}” (det som skiljer: {names}). "
                "Genom att räkna studiernas summor mot varandra kunde man komma åt några få huvudmäns egna.",
                f"The organisers are divided otherwise than in the study “{past.study.name}” (what differs: {names}). By setting "
                "the sums of the studies against one another one could come at those of a few organisers.",
            )
        ],
        Words(
            "Svara inte. Den som frågar kan använda samma block som förut, lämna ut hela block, eller visa att de som saknas "
            "aldrig svarade.",
            "Do not answer. Whoever asks may use the same blocks as before, leave out whole blocks, or show that those who are "
            "gone never answered.",
        ),
    )


def _open_question(study: Study) -> tuple[object, ...]:
    """What makes the sums of an open answer: of two that differ in it, one could be set against the other."""
    return study.way, study.years, study.fixed, study.levels


def _other_way(past: Remembered) -> RefusedShareError:
    return RefusedShareError(
        [
            Words(
                f"Om samma läsår har ni svarat på ett annat sätt, maskerat eller öppet, i studien ”{past.study.name}”. Era egna "
                "summor skulle kunna räknas bort från blockets, och masken lyftas för de andra.",
                f"About the same school years you have answered in another way, masked or open, in the study “{past.study.name}”. "
                "Your own sums could be taken away from the block's, which would lift the mask from the others.",
            )
        ],
        Words("Be om en studie av samma slag som den förra.", "Ask for a study of the same kind as before."),
    )


def _second_open(past: Remembered) -> RefusedShareError:
    return RefusedShareError(
        [
            Words(
                f"Ni har svarat öppet om samma läsår i studien ”{past.study.name}”, med andra uppgifter, år eller indelning. Satta "
                "mot varandra kan de två svaren berätta om färre än var för sig.",
                f"You have answered openly about the same school years in the study “{past.study.name}”, with other columns, years "
                "or levels. Set against one another the two answers can tell of fewer than each by itself.",
            )
        ],
        Words(
            "Be om samma uppgifter, år och indelning som förut, eller om en maskerad studie av andra läsår.",
            "Ask for the same columns, years and levels as before, or for a masked study of other school years.",
        ),
    )
