"""A publication of a circle and of two units' profiles, made through the real gate."""

from __future__ import annotations

from datetime import date

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.gate import release
from likvard.disclosure.publication import About, FigureKey, Publication, write
from likvard.figures.insight.scope import UnitInfo
from likvard.terms import NATION, Audience, Level

DAY = date(2026, 11, 22)
NAMES = {
    "steering": ("Styrning", "Steering"),
    "teaching": ("Undervisning", "Teaching"),
    "calm": ("Studiero", "Calm"),
    "support": ("Särskilt stöd", "Special support"),
    "health": ("Elevhälsa", "Pupil health"),
    "turnover": ("Rektorsbyten", "New principals"),
    "results": ("Resultat", "Results"),
}
LINKS = {
    ("steering", "teaching"): (0.22, 0.04),
    ("teaching", "calm"): (0.25, 0.05),
    ("calm", "teaching"): (0.15, 0.05),
    ("turnover", "steering"): (-0.17, 0.02),
    ("teaching", "results"): (0.12, 0.1),
    ("health", "steering"): (0.02, 0.05),
    ("calm", "support"): (0.13, 0.11),
}
SURE = ["steering>teaching", "teaching>calm", "calm>teaching", "turnover>steering"]
UNIT = UnitInfo("10000001", "Bergaskolan", "Norr", ("GR",))


def facts(alarms=0):
    """What the publication tells of the circle."""
    domains = {
        code: {"sv": sv, "en": en, "proxies": [{"id": "x", "sv": "enkäten", "en": "the survey", "reliability": 0.54}]}
        for code, (sv, en) in NAMES.items()
    }
    return {
        "domains": domains,
        "years": list(range(2015, 2025)),
        "units": 158,
        "survives": SURE,
        "cycles": ["steering>teaching>calm>support>health>steering", "teaching>calm>teaching"],
        "named": ["steering>teaching>calm>support>health>steering"],
        "placebo": {"tests": 7, "alarms": alarms},
    }


def nation():
    """The country's cells."""

    def cell(measure, value, se, **parts):
        key = FigureKey(measure, level="nation", area=NATION, form="", year="2024")._replace(**parts)
        low, high = value - 2 * se, value + 2 * se
        return Cell(key, CellKind.ESTIMATE, value, n=9000, low=low, high=high, level=Level.NATION)

    for (source, target), (value, se) in LINKS.items():
        yield cell("circle_link", value, se, subject=f"{source}>{target}")
        yield cell("circle_link", 0.01, 0.05, subject=f"{source}>{target}", aspect="placebo")
    yield cell("circle_gain", 0.62, 0.04)
    yield cell("circle_gain", 0.48, 0.04, group="alone")
    for way in facts()["cycles"]:
        yield cell("circle_gain", 0.03, 0.01, subject=way)
    for link in SURE:
        for year in range(1, 6):
            yield cell("circle_broken", 0.2 * year, 0.05, subject=link, group=f"year{year}")
            yield cell("circle_broken", -0.01, 0.02, subject=link, group=f"turnover_year{year}")


def unit_cells(code, n, calm=-1.8):
    """A unit's domains: calm below the expected for two years, more principals than expected."""

    def cell(name, year, value, half, aspect="observed"):
        key = FigureKey(f"domain_{name}", aspect, area=code, year=str(year))
        return Cell(key, CellKind.ESTIMATE, value, n=n, low=value - half, high=value + half)

    for name in list(NAMES)[:5]:
        for year in (2023, 2024):
            yield cell(name, year, calm if name == "calm" else 0.2, 0.8)
        yield cell(name, 2024, calm if name == "calm" else 0.2, 0.8, "difference")
    yield cell("turnover", 2024, -0.9, 0.5, "difference")


def publication(path, told=None, unit=UNIT.code):
    """Write and open it; `told` are the facts of the circle, `unit` the code of the unit that is large enough."""
    units = [*unit_cells(unit, 120), *unit_cells("10000002", 4)]
    kept = {c.key for c in units if "calm" in c.key[0]} | {c.key for c in units if "turnover" in c.key[0]}
    parts = [(release(units, audience=audience, on=DAY), "9900000001", kept) for audience in Audience]
    parts += [(release(list(nation()), audience=audience, on=DAY), "", frozenset()) for audience in Audience]
    circle = {"circle": facts() if told is None else told}
    write(path, releases=parts, about=About("lake", "likvard", DAY, synthetic=True, sources={}, facts=circle))
    return Publication.open(path)
