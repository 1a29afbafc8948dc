"""A small publication made through the real gate: one organiser with every kind of unit, and others to compare with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.gate import release
from likvard.disclosure.publication import About, FigureKey, Publication, SourceRow, write
from likvard.figures.insight import measured as m
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.terms import Audience, Level, Missing, Words

TODAY = date(2026, 11, 22)
YEARS = tuple(range(2017, 2025))
OWN, OTHER = "9900000001", "9900000002"
OWN_CRITERIA = Words("Följs med egna kriterier", "Followed by criteria of its own")
SURVEYS = (2020, 2022, 2024)


def _units() -> dict[str, UnitInfo]:
    names = ("Alby", "Berga", "Dal", "Ekås", "Fors", "Grinda", "Hult", "Åsen")
    units = {
        f"1000000{i}": UnitInfo(f"1000000{i}", f"{name}skolan", ("Norr", "Söder")[i % 2], ("GR",), "F–9", "municipal")
        for i, name in enumerate(names)
    }
    units["10000010"] = UnitInfo("10000010", "Mellanskolan", "Norr", ("GR", "FKLASS"), "F–6", "municipal")
    units["10000011"] = UnitInfo("10000011", "Särviken", "Söder", ("GRAN",), "1–9", "municipal", OWN_CRITERIA)
    units["10000012"] = UnitInfo("10000012", "Ekviks gymnasium", "Söder", ("GY",), "", "municipal")
    units["10000013"] = UnitInfo("10000013", "Förskolan Eken", "Söder", ("FSK",), "", "municipal")
    return units


@pytest.fixture(scope="session")
def units() -> dict[str, UnitInfo]:
    """The organiser's units: eight with year 9, one to year 6, one adapted, one upper secondary, one preschool."""
    return _units()


@pytest.fixture(scope="session")
def others() -> dict[str, UnitInfo]:
    """Another organiser's twelve schools, every third of them independent."""
    return {
        f"2000000{i:x}": UnitInfo(
            f"2000000{i:x}", f"Skola {i}", "", ("GR",), "F–9", "independent" if i % 3 == 0 else "municipal"
        )
        for i in range(12)
    }


@pytest.fixture(scope="session")
def scope(units: dict[str, UnitInfo]) -> Scope:
    """The organiser's own view."""
    return Scope(OWN, "Ekviks kommun", units, Audience.ORGANISER, TODAY)


def _cell(key: FigureKey, value: float | None, half: float = 0.0, n: int = 60, missing: Missing | None = None) -> Cell:
    level = {"unit": Level.UNIT, "organiser": Level.ORGANISER}.get(key.level, Level.NATION)
    low, high = (value - half, value + half) if value is not None and half else (None, None)
    return Cell(key, CellKind.ESTIMATE, value, n=n, low=low, high=high, missing=missing, level=level)


def _unit_cells(code: str, i: int) -> Iterator[Cell]:
    def at(measure: str, aspect: str, year: int, value: float, half: float = 0.0, **key: str) -> Cell:
        n = 2 if code == "10000003" and year == 2020 else 40 + 5 * i  # the fourth school is too small one year
        return _cell(FigureKey(measure, aspect, area=code, year=str(year), **key), value, half, n)

    for year in YEARS:
        yield at(m.MERIT, "observed", year, 215 + 3 * i + (year - 2017), 8)
        if year >= 2022:
            yield at(m.MERIT, "expected_low", year, 200)
            yield at(m.MERIT, "expected_high", year, 240)
            for group, more in (("girls", 12), ("boys", -12)):
                yield at(m.MERIT, "observed", year, 215 + 3 * i + more, 9, group=group)
            yield at(m.MERIT, "gap", year, 24, 10, group="girls-boys")
        yield at(m.ALL_SUBJECTS, "observed", year, 0.6 + 0.02 * i, 0.08)
        yield at(m.ABSENT, "observed", year, 0.12 + 0.01 * i, 0.03)
        yield at(m.TERTIARY, "observed", year, 0.7 - 0.05 * i)
        yield at(m.FOREIGN, "observed", year, 0.2 + 0.02 * i)
        yield at(m.PUPILS, "observed", year, 300 + 20 * i)
        yield at(m.CROWNS, "observed", year, 98_500 + 700 * i)
        yield at(m.TURNOVER, "observed", year, i % 4)
    for year in SURVEYS:
        yield at(m.SAFETY, "observed", year, 6.4 + 0.1 * i, 0.4)
        yield at(m.CALM, "observed", year, 5.1 + 0.1 * i, 0.4)
    for measure in (m.SAFETY, m.CALM):  # the next round asks other organisers
        yield _cell(FigureKey(measure, area=code, year="2025"), None, missing=Missing.NOT_COLLECTED)
    difference = (-18.0, 14.0, 2.0, -3.0, 1.0, 0.5, -2.0, 3.0)[i % 8]
    for aspect, value, half in (("difference", difference, 9), ("result", 225 + difference, 0), ("expected", 225, 0)):
        yield at(m.MERIT, aspect, 2024, value, half)
    for subject in ("Ma", "En", "SvSva"):
        yield at(m.GRADES, "difference", 2024, difference / 10, 0.7, subject=subject)
        yield at(m.GRADES, "observed", 2024, 12.5 + difference / 10, 0.7, subject=subject)
    yield at(m.MERIT, "change", 2024, 12.0 if i == 1 else 1.0, 6)
    if i == 2:
        yield at(m.GRADES, "change", 2024, 1.5, 0.5, subject="Ma", group="girls")
        yield at("of_another_time", "change", 2024, 9, 1)
    yield at(m.SAFETY, "change", 2024, -1.1 if i == 0 else -0.1, 0.5)


def _organiser_cells() -> Iterator[Cell]:
    def at(measure: str, aspect: str, year: int, value: float, half: float = 0.0, **key: str) -> Cell:
        return _cell(FigureKey(measure, aspect, level="organiser", area=OWN, year=str(year), **key), value, half, 500)

    for year in YEARS:
        yield at(m.MERIT, "observed", year, 226)
        yield at(m.MERIT, "sd", year, 20 + (year - 2017), 6)
        for split, gap in (("girls-boys", 24.0), ("swedish-foreign", 2.0)):
            one, other = split.split("-")
            yield at(m.MERIT, "observed", year, 226 + gap / 2, 4, group=one)
            yield at(m.MERIT, "observed", year, 226 - gap / 2, 4, group=other)
            yield at(m.MERIT, "gap", year, gap, 6, group=split)
    yield at(m.MERIT, "gap_change", 2024, 9, 4, group="girls-boys")
    yield at(m.MERIT, "gap_change", 2024, 1, 4, group="swedish-foreign")
    yield at(m.GRADES, "observed", 2024, 12.6, 0.2, subject="Ma")
    yield at(m.TERTIARY, "observed", 2024, 0.55)


def _nation_cells() -> Iterator[Cell]:
    def at(aspect: str, year: int, value: float, half: float = 0.0, group: str = "all") -> Cell:
        return _cell(FigureKey(m.MERIT, aspect, "", group, "nation", "00", "GR", str(year)), value, half, 9000)

    for year in YEARS:
        yield at("sd", year, 30, 1)
        yield at("mean", year, 228)
    yield at("explained", 2024, 0.66, 0.1)
    for bar, shares in (("before", (0.02, 0.16, 0.82)), ("after", (0.01, 0.09, 0.9))):
        for aspect, share in zip(("variance_organiser", "variance_unit", "variance_pupil"), shares, strict=True):
            yield at(aspect, 2024, share, 0.01, bar)


FACTS = {
    "newest": {
        **dict.fromkeys((m.MERIT, m.ALL_SUBJECTS, m.ABSENT, m.TERTIARY, m.FOREIGN, m.PUPILS, m.CROWNS), 2024),
        "of_another_time": 2024,
        **dict.fromkeys((m.TURNOVER, m.GRADES, m.DIPLOMA), 2024),
        **dict.fromkeys((m.SAFETY, m.CALM, m.SAFETY_UPPER, m.CALM_UPPER), 2025),
    },
    "pooled": [2022, 2023, 2024],
    "differences": {"tests": 800, "rate": 0.05, "kept": 2},
    "changes": {"tests": 4500, "rate": 0.05, "kept": 2},
    "sd": {m.MERIT: 55.0, f"{m.GRADES}/Ma": 4.4},
    "intake": [{"sv": "kön", "en": "sex"}, {"sv": "utländsk bakgrund", "en": "foreign background"}],
}


def _upper_cells() -> Iterator[Cell]:
    """The upper secondary school: diplomas by programme (one with too few pupils) and the survey of its own."""

    def at(measure: str, year: int, value: float, n: int = 60, group: str = "all") -> Cell:
        key = FigureKey(measure, "observed", area="10000012", form="GY", year=str(year), group=group)
        return _cell(key, value, 0.0, n)

    for year in YEARS:
        yield at(m.DIPLOMA, year, 0.7)
        yield at(m.DIPLOMA, year, 0.8, group="programme:NA")
        yield at(m.DIPLOMA, year, 0.6, 2, group="programme:SA")
    for year in SURVEYS:
        yield at(m.SAFETY_UPPER, year, 7.7)
        yield at(m.CALM_UPPER, year, 6.1)


def _adapted() -> Cell:
    key = FigureKey(m.CROWNS, area="10000011", form="GRAN", year="2024")
    return _cell(key, None, missing=Missing.NOT_REPORTED)


@pytest.fixture(scope="session")
def publication(
    tmp_path_factory: pytest.TempPathFactory, units: dict[str, UnitInfo], others: dict[str, UnitInfo]
) -> Publication:
    """The publication, with what both audiences may see."""
    own = [c for i, code in enumerate(sorted(units)[:8]) for c in _unit_cells(code, i)]
    own += [*_organiser_cells(), *_upper_cells(), _adapted()]
    theirs = [c for i, code in enumerate(others) for c in _unit_cells(code, i % 5)]
    kept = {
        c.key
        for c in own
        if c.key[1] in ("difference", "change") and c.low is not None and c.high is not None and c.low * c.high > 0
    }
    parts = [
        (release(cells, audience=audience, on=TODAY), number, kept)
        for cells, number in ((own, OWN), (theirs, OTHER), (list(_nation_cells()), ""))
        for audience in Audience
    ]
    path = tmp_path_factory.mktemp("publication") / "small.sqlite"
    sources = {
        measure: SourceRow("Påhittad källa", "Invented source", "2025", ("0001-made",)) for measure in FACTS["newest"]
    }
    write(path, releases=parts, about=About("lake", "likvard", TODAY, synthetic=True, sources=sources, facts=FACTS))
    return Publication.open(path)
