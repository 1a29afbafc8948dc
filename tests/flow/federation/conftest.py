"""A small nation in one lake, twelve organisers with keys and cards, and a national node."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from likvard.flow.federation import merge as node_side
from likvard.flow.federation.keys import NODE, Card, Keys, card_of, new_keys, read_card
from likvard.flow.federation.rounds import open_study, read_round
from likvard.flow.federation.share import hand_out, prepare
from likvard.flow.federation.study import Method, Study, Way
from likvard.records.lake import Lake
from likvard.records.reading import Reading
from likvard.records.schema import TABLES

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LAST_DAY = date(2026, 12, 1)
ORGANISERS = tuple(f"21200{i:05d}" for i in range(1, 13))
UNITS = (16, 16, 16, 18, 20, 14, 17, 15, 19, 16, 16, 17)
LETTERS, POINTS = ("F", "E", "D", "C", "B", "A"), (0.0, 10.0, 12.5, 15.0, 17.5, 20.0)
SUBJECTS = ("Sv", "En", "Ma")


@dataclass(frozen=True)
class Pupils:
    """Columns of one year's leavers, and which of them are marked."""

    organiser: np.ndarray
    unit: np.ndarray
    girl: np.ndarray
    education: np.ndarray
    foreign: np.ndarray
    grades: np.ndarray


def invent(seed: int = 7, sizes: tuple[int, int] = (12, 30), units: Sequence[int] = UNITS) -> Pupils:
    random = np.random.default_rng(seed)
    organiser_of = np.repeat(np.arange(len(units)), units)
    unit = np.repeat(np.arange(len(organiser_of)), random.integers(*sizes, len(organiser_of)))
    organiser, n = organiser_of[unit], len(unit)
    girl, education = random.integers(0, 2, n), random.choice(3, n, p=[0.15, 0.45, 0.4])
    own = random.normal(0, 0.5, len(organiser_of))[unit] + random.normal(0, 0.3, len(units))[organiser]
    latent = 2 + 0.5 * girl + 0.7 * education + own
    grades = np.clip(np.round(latent[:, None] + random.normal(0, 1.2, (n, 3))), 0, 5).astype(int)
    return Pupils(organiser, unit, girl, education, random.random(n) < 0.3, grades)


def deliver(path: Path, pupils: Pupils, year: int = 2024, tag: str = "") -> None:
    n = len(pupils.unit)
    identity, unit = np.array([f"p{tag}{i:06d}" for i in range(n)]), np.array([f"{10000000 + u}" for u in pupils.unit])
    codes, first = np.unique(unit, return_index=True)
    organiser = np.array(ORGANISERS)[pupils.organiser]
    words = np.array(["compulsory", "upper_secondary", "tertiary"])[pupils.education]
    tables = {
        "unit": {"unit_code": codes, "name": codes, "school_form": "GR", "organiser_number": organiser[first], "municipality_code": "0127", "organiser_kind": "municipal", "organiser_name": "x"},
        "pupil": {"pupil_id": identity, "sex": np.where(pupils.girl, "girl", "boy"), "parents_education": words, "foreign_background": pupils.foreign, "protected": False},
        "enrolment": {"pupil_id": identity, "unit_code": unit, "school_form": "GR", "grade_year": 9, "class_name": "9A"},
        "grade": {"pupil_id": np.tile(identity, 3), "unit_code": np.tile(unit, 3), "school_form": "GR", "grade_year": 9, "term": "VT", "kind": "final", "subject": np.repeat(SUBJECTS, n), "grade": np.array(LETTERS)[pupils.grades.T.ravel()], "points": np.array(POINTS)[pupils.grades.T.ravel()], "status": ""},
    }  # fmt: skip
    made = {name: _table(name, columns | {"school_year": year}) for name, columns in tables.items()}
    digest = sha256(pupils.grades.tobytes() + f"{tag}{year}".encode()).hexdigest()
    reading = Reading(f"invented-{tag}", str(year), str(year), "invented", "test", digest, made, synthetic=True)
    Lake.open(path, create=True).deliver(reading, at=NOW)


def _table(name: str, columns: dict[str, object]) -> pa.Table:
    size = max(len(v) for v in columns.values() if isinstance(v, np.ndarray))
    fields = {}
    for c in TABLES[name].columns:
        value = columns.get(c.name)
        fields[c.name] = pa.array(value, c.type) if isinstance(value, np.ndarray) else pa.array([value] * size, c.type)
    return pa.table(fields)


@pytest.fixture(scope="session")
def pupils() -> Pupils:
    return invent()


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory, pupils: Pupils) -> Path:
    path = tmp_path_factory.mktemp("federation") / "lake"
    deliver(path, pupils)
    return path


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Keys]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: new_keys(folder / f"{name}.key", name) for name in (NODE, *ORGANISERS)}


@pytest.fixture(scope="session")
def company(keyring: dict[str, Keys]) -> tuple[Card, ...]:
    made = (
        card_of(keyring[o], f"Huvudman {i + 1}", units=UNITS[i], pupils=UNITS[i] * 20) for i, o in enumerate(ORGANISERS)
    )
    return tuple(read_card(content, "card") for content in made)


@pytest.fixture
def nobody(tmp_path: Path) -> tuple[Keys, Card]:
    """An organiser without a pupil."""
    keys = new_keys(tmp_path / "nobody.key", "2120009999")
    return keys, read_card(card_of(keys, "Utan årskurs 9", units=0, pupils=0), "card")


@pytest.fixture(scope="session")
def study() -> Study:
    return Study(
        name="Likvärdighet 2026",
        purpose="Hur mycket skiljer mellan skolor?",
        years=(2024,),
        outcome="merit",
        fixed=("girl", "tertiary"),
        levels=("unit", "organiser"),
        method=Method.REML,
        way=Way.MASKED,
        most_rounds=8,
    )


@dataclass
class Nation:
    """Everyone at work in one folder: `open` a study, let organisers `answer`, `merge`, or `run` it to its end."""

    folder: Path
    lake: Path
    keyring: dict[str, Keys]
    company: tuple[Card, ...]

    def open(self, study: Study, *, company: Sequence[Card] | None = None, seed: str = "one", **more: object) -> bytes:
        self.folder.mkdir(parents=True, exist_ok=True)
        cards = self.company if company is None else company
        content = open_study(study, cards, self.keyring[NODE], answer_by=LAST_DAY, seed=seed, **more)
        (self.folder / "round-00.json").write_bytes(content)
        return content

    def answer(self, content: bytes, organiser: str, lake: Path | None = None) -> bytes:
        ready = prepare(content, lake=lake or self.lake, keys=self.keyring[organiser], at=NOW)
        return hand_out(ready, self.folder / "answers").read_bytes()

    def answers(self, content: bytes, who: Sequence[str] | None = None) -> list[tuple[str, bytes]]:
        known = {
            c.organiser for b in read_round((self.folder / "round-00.json").read_bytes(), "r").blocks for c in b.cards
        }
        return [(o, self.answer(content, o)) for o in (who or sorted(known))]

    def merge(self, content: bytes, files: Sequence[tuple[str, bytes]], *, leave_out: bool = False) -> node_side.Merged:
        return node_side.merge(
            content, files, folder=self.folder, keys=self.keyring[NODE], answer_by=LAST_DAY, leave_out=leave_out
        )

    def run(self, study: Study, **more: object) -> node_side.Merged:
        content = self.open(study, **more)
        for _ in range(study.most_rounds + 1):
            found = self.merge(content, self.answers(content))
            if found.fit is not None or found.path is None:
                return found
            content = found.path.read_bytes()
        raise AssertionError("no end")


@pytest.fixture
def nation(tmp_path: Path, lake: Path, keyring: dict[str, Keys], company: tuple[Card, ...]) -> Callable[..., Nation]:
    """A new nation over the same records, with ledgers of its own: the lake's folder is linked, not copied."""

    def make(name: str = "study", lake_at: Path | None = None) -> Nation:
        return Nation(tmp_path / name, lake_at or fresh(tmp_path, lake), keyring, company)

    return make


def fresh(tmp_path: Path, lake: Path) -> Path:
    """The lake's files under another folder, so that what one test remembers is not what the next one finds."""
    own = tmp_path / "lake"
    if not own.exists():
        own.mkdir()
        for part in lake.iterdir():
            if part.name != "federation":
                (own / part.name).symlink_to(part)
    return own
