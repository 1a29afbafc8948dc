"""The report on one municipality made the real way from the open data, and the same data read a second time.

Each test here computes every cell of a figure again, from the raw files, by loops, dense matrices and general
optimisers. The report writes numbers with six decimals, so the least that two right answers may differ is 5e-7.
"""

from __future__ import annotations

import importlib.util
import json
import math
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from likvard.figures.report import Report
from likvard.flow.ingest import ingest
from likvard.flow.report import report, write
from likvard.terms import Audience

AREA = "0127"
DAY = datetime(2026, 11, 21, tzinfo=UTC)
FILES = (
    "siris",
    "merit_per_school_2014_2025.csv",
    "v4_gr_statistics_long.csv",
    "skolenkaten",
    "kolada/2024-12-12_KOLADA_data_raw.parquet",
    "kommuner.geojson",
)
LEAST_TOLD = 10
ALPHABET = {letter: i for i, letter in enumerate(" &',-./0123456789abcdefghijklmnopqrstuvwxyzåäö")}
COUNTS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
COUNTS_SV = ["noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"]


class Cell(NamedTuple):
    """What a cell must hold. `words` says that words stand in its place, whatever they are."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    missing: str | None = None
    words: bool = False


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"twin_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


# The report -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def lake(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("real") / "lake"
    assert ingest(tuple(shared / name for name in FILES), lake, at=DAY).stopped == ()
    return lake


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], tuple[Report, Any]]:
    """Make the report from a lake: as values, and as its data file tells it."""

    def made(lake: Path) -> tuple[Report, Any]:
        values = report(lake, AREA, audience=Audience.PUBLIC, on=date(2026, 11, 21))
        data = next(p for p in write(values, tmp_path_factory.mktemp("out")) if p.suffix == ".json")
        return values, json.loads(data.read_text(encoding="utf-8"))

    return made


@pytest.fixture(scope="session")
def both(make: Callable[[Path], tuple[Report, Any]], lake: Path) -> tuple[Report, Any]:
    return make(lake)


@pytest.fixture(scope="session")
def data(both: tuple[Report, Any]) -> Any:
    return both[1]


@pytest.fixture(scope="session")
def figures(data: Any) -> dict[str, Any]:
    """The figures of the data file by id."""
    return {figure["id"]: figure for figure in data["figures"]}


@pytest.fixture(scope="session")
def drawn(both: tuple[Report, Any]) -> dict[str, Any]:
    """The figures by id as values, for what a chart or a sentence shows but no table: limits, bands, changes."""
    return {figure.id: figure for figure in both[0].figures}


@pytest.fixture(scope="session")
def lead(data: Any) -> dict[str, str]:
    """What stands at the top of the report, by the figure that each paragraph is about."""
    leading = ("result-against-expected", "spread-over-time", "gap-by-sex", "gap-by-intake")
    return dict(zip(leading, (paragraph["en"] for paragraph in data["lead"]), strict=True))


# The raw files ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def opened(shared: Path) -> Any:
    """The open data, read again."""
    return _module("raw_files").Open(shared)


@pytest.fixture(scope="session")
def panel() -> ModuleType:
    return _module("panel")


@pytest.fixture(scope="session")
def reml() -> ModuleType:
    return _module("plain_reml")


@pytest.fixture(scope="session")
def merit(opened: Any, panel: ModuleType) -> list[Any]:
    """Every published merit value of the country's schools, with pupils and intake."""
    return panel.means(opened, "merit_value", 9)


@pytest.fixture(scope="session")
def compared(merit: list[Any], panel: ModuleType) -> list[Any]:
    """Those that can be compared with what was expected."""
    return panel.comparable(merit)


@pytest.fixture(scope="session")
def within(compared: list[Any], panel: ModuleType) -> float:
    """Standard deviation between pupils of a school, from the movement of means; the series breaks in 2014/15."""
    return panel.within_sd(compared, (2014,), panel.DEFAULT_MERIT)


@pytest.fixture(scope="session")
def area(opened: Any, figures: dict[str, Any]) -> list[str]:
    """Codes of the municipality's schools, in the order of the Swedish alphabet."""
    codes = [unit for unit in opened.units if opened.newest(unit, "municipality") == {AREA}]
    named = {code: min(opened.newest(code, "name")).casefold() for code in codes}
    return sorted(codes, key=lambda code: [ALPHABET[letter] for letter in named[code]])


@pytest.fixture(scope="session")
def here(area: list[str], merit: list[Any]) -> list[str]:
    """Those that ever had a merit value or a symbol in its place."""
    with_results = {mean.unit for mean in merit}
    return [code for code in area if code in with_results]


@pytest.fixture(scope="session")
def now(area: list[str], merit: list[Any]) -> list[str]:
    """Those that had one in the last two years."""
    last = max(mean.year for mean in merit)
    recent = {mean.unit for mean in merit if mean.year >= last - 1}
    return [code for code in area if code in recent]


# Comparing --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cell() -> type[Cell]:
    return Cell


def _differences(got: Any, want: Any, kind: str, tolerance: float) -> list[str]:
    if isinstance(want, Cell) and want.words:
        return [] if isinstance(got, dict) and set(got) == {"sv", "en"} else [f"words expected, got {got}"]
    if not isinstance(want, Cell) or got is None:
        return [] if got == want else [f"{want} expected, got {got}"]
    asked = {"interval": ("low", "high"), "pupils": ("n",)}.get(kind, Cell._fields[:-1])
    off = []
    for name in asked:
        a, b = got[name], getattr(want, name)
        numbers = not (a is None or b is None or isinstance(a, str) or isinstance(b, str))
        if (abs(a - b) > tolerance) if numbers else (a != b):
            off.append(f"{name}: {b} expected, got {a}")
    return off


@pytest.fixture(scope="session")
def own(merit: list[Any], here: list[str], within: float) -> dict[tuple[str, int], Cell]:
    """Every result of the area's schools by unit and year, with the interval of chance.

    Fewer than ten pupils in October are not told; the source has judged whether the result may be shown.
    """
    found = {}
    for mean in merit:
        if mean.unit in here:
            n = None if mean.pupils is None or mean.pupils < LEAST_TOLD else round(mean.pupils)
            low = high = None
            if mean.value is not None and mean.pupils is not None:
                half = 1.96 * within / math.sqrt(mean.pupils)
                low, high = max(mean.value - half, 0), min(mean.value + half, 340)
            found[mean.unit, mean.year] = Cell(mean.value, low, high, n, mean.status or None)
    return found


@pytest.fixture(scope="session")
def agree(figures: dict[str, Any]) -> Callable[..., None]:
    """Compare every row and cell of a figure's table with those computed again, each within `tolerance`.

    `rows` maps a row's code (its English head where it has none) to its entries, in the order of the table.
    """

    def compare(id: str, rows: dict[str, list[Any]], tolerance: float) -> None:
        table = figures[id]["table"]
        assert [row["code"] or row["head"]["en"] for row in table["rows"]] == list(rows)
        kinds = [column["kind"] for column in table["columns"]]
        off = [
            f"{head}, {column['heading']['en']}: {difference}"
            for row, (head, wanted) in zip(table["rows"], rows.items(), strict=True)
            for column, kind, got, want in zip(table["columns"], kinds, row["cells"], wanted, strict=True)
            for difference in _differences(got, want, kind, tolerance)
        ]
        assert off == []

    return compare


def school_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


@pytest.fixture(scope="session", name="school_year")
def school_year_fixture() -> Callable[[int], str]:
    return school_year


@pytest.fixture(scope="session")
def change() -> Callable[..., list[str]]:
    """The numbers that a sentence tells of a change since a year: the year alone unless all of it clears zero."""

    def told(value: float, half: float, since: str, places: int) -> list[str]:
        if abs(value) <= half:
            return [since]
        return [f"{abs(value):.{places}f}", since, f"{value - half:.{places}f}", f"{value + half:.{places}f}"]

    return told


@pytest.fixture(scope="session")
def numbers() -> Callable[[str], list[str]]:
    """The numbers that an English sentence tells, in order: digits, school years, and words up to twelve."""

    def found(text: str) -> list[str]:
        plain = text.replace("\u00a0", " ").replace("\u2212", "-").casefold()
        tokens = re.findall(r"\d{4}/\d\d|-?\d+(?:,\d{3})*(?:\.\d+)?|[a-zåäö]+", plain)
        return [
            str(COUNTS.index(t)) if t in COUNTS else t.replace(",", "")
            for t in tokens
            if t in COUNTS or t[-1].isdigit()
        ]

    return found


@pytest.fixture(scope="session")
def numbers_sv() -> Callable[[str], list[str]]:
    """The numbers that a Swedish sentence tells."""

    def found(text: str) -> list[str]:
        plain = re.sub(r"(?<=\d)[\u00a0](?=\d{3}\b)", "", text).replace("\u00a0", " ").replace("\u2212", "-")
        tokens = re.findall(r"\d{4}/\d\d|-?\d+(?:,\d+)?|[a-zåäö]+", plain.casefold())
        return [
            str(COUNTS_SV.index(t)) if t in COUNTS_SV else t.replace(",", ".")
            for t in tokens
            if t in COUNTS_SV or t[-1].isdigit()
        ]

    return found
