"""The circle's figures: links, gain, cycles and broken links of all units together, and every unit's profile of domains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from likvard.disclosure.cells import Cell, CellKind
from likvard.disclosure.publication import FigureKey
from likvard.flow.circle import ESTIMATOR, MARGIN, RECENT, Profile, Worked, worked
from likvard.flow.domains import DOMAINS, NAMES, PROXIES, RESULTS, TURNOVER
from likvard.flow.publish_conditions import STAFF
from likvard.flow.publish_sheet import Sheet, estimate
from likvard.models.circle import Estimate
from likvard.records.questions.columns import Columns
from likvard.terms import NATION, Level, Words

LINK, GAIN, BROKEN, OUTSIDE = "circle_link", "circle_gain", "circle_broken", "domains_outside"
PREFIX = "domain_"
PROFILE = frozenset({OUTSIDE, *(PREFIX + name for name in (*DOMAINS, TURNOVER))})
"""Measures of a unit's profile."""

ALONE = "alone"
"""Group of the gain if no link joined the domains: the longest memory of any by itself."""


@dataclass(frozen=True, eq=False)
class CircleCells:
    """The profiles by organiser and the country's cells, or why there are none."""

    profiles: Mapping[str, Sequence[Profile]] = field(default_factory=dict)
    country: tuple[Cell, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, sheet: Sheet) -> None:
        """Put the profiles of the sheet's organiser on it."""
        for profile in self.profiles.get(sheet.organiser, ()):
            _of_unit(sheet, profile)


def circle_cells(con: duckdb.DuckDBPyConnection, owner: Mapping[str, str], merit: Columns | None) -> CircleCells:
    """Work the circle out and make its cells; where it cannot be done the facts say why."""
    found = worked(con, merit)
    if isinstance(found, Words):
        return CircleCells(facts={"instead": {"sv": found.sv, "en": found.en}})
    profiles: dict[str, list[Profile]] = defaultdict(list)
    for profile in found.profiles:
        profiles[owner.get(profile.unit, profile.organiser)].append(profile)
    return CircleCells(profiles, tuple(_country(found)), _facts(found))


def _of_unit(sheet: Sheet, profile: Profile) -> None:
    key = FigureKey("", area=profile.unit, form=profile.form)
    for name, standing in profile.domains.items():
        rows = list(zip(standing.years, standing.differences, standing.kept, strict=True))
        for year, one, kept in rows:
            own = key._replace(measure=PREFIX + name, year=str(year))
            cell = _cell(own, one, profile.pupils)
            sheet.cells.append(cell)
            if kept:
                sheet.kept.add(cell.key)
        newest = _cell(
            key._replace(measure=PREFIX + name, aspect="difference", year=str(profile.year)),
            rows[-1][1],
            profile.pupils,
        )
        sheet.cells.append(newest)
        if rows[-1][2]:
            sheet.kept.add(newest.key)
    whole = key._replace(measure=OUTSIDE, year=str(profile.year))
    sheet.cells.append(estimate(whole, float(profile.outside), n=profile.pupils))
    if (new := profile.principals) is not None:
        began = key._replace(measure=PREFIX + TURNOVER, year=str(profile.year))
        sheet.cells.append(Cell(began, CellKind.ESTIMATE, float(new.began), source=STAFF))
        apart = began._replace(aspect="difference")
        off = new.difference
        sheet.cells.append(Cell(apart, CellKind.ESTIMATE, off.value, low=off.low, high=off.high, source=STAFF))
        if new.kept:
            sheet.kept.add(apart)


def _cell(key: FigureKey, one: Estimate, n: float) -> Cell:
    return estimate(key, one.value, n=n, low=one.low, high=one.high)


def _country(found: Worked) -> Iterator[Cell]:
    behind = float(sum(profile.pupils for profile in found.profiles))
    base = FigureKey("", level=Level.NATION.value, area=NATION, form="", year=str(found.year))
    for link in found.circle.links:
        key = base._replace(measure=LINK, subject=f"{link.source}>{link.target}")
        yield _cell(key, link.strength, behind)
        yield _cell(key._replace(aspect="placebo"), link.placebo, behind)
    yield _cell(base._replace(measure=GAIN), found.circle.gain, behind)
    yield _cell(base._replace(measure=GAIN, group=ALONE), found.circle.alone, behind)
    for cycle in found.circle.cycles:
        yield _cell(base._replace(measure=GAIN, subject=_way(cycle.through)), cycle.product, behind)
    for broken in found.circle.broken:
        ahead = "" if broken.outcome == RESULTS else f"{broken.outcome}_"
        for year, one in enumerate(broken.years, start=1):
            subject = f"{broken.source}>{broken.target}"
            key = base._replace(measure=BROKEN, subject=subject, group=f"{ahead}year{year}")
            yield _cell(key, one, behind)


def _way(through: Sequence[str]) -> str:
    return ">".join((*through, through[0]))


def _facts(found: Worked) -> dict[str, Any]:
    panel, circle = found.panel, found.circle
    return {
        "domains": {
            name: {
                "sv": NAMES[name].sv,
                "en": NAMES[name].en,
                "proxies": [_proxy(one.proxy, one.value, one.reliability) for one in _loadings(found, name)],
            }
            for name in panel.variables
        },
        "years": list(panel.years),
        "units": len(panel.units),
        "estimator": ESTIMATOR,
        "survives": [f"{link.source}>{link.target}" for link in circle.links if link.survives],
        "tests": circle.budget.tests,
        "rate": circle.budget.rate,
        "cycles": [_way(cycle.through) for cycle in circle.cycles],
        "named": [_way(cycle.through) for cycle in circle.cycles[:1]],
        "placebo": {"tests": circle.placebo_tests, "alarms": circle.placebo_alarms},
        "left_out": list(found.left_out),
        "profiles": {"units": len(found.profiles), "tests": found.tests, "alarms": found.alarms, "margin": MARGIN},
        "principals_over": RECENT,
    }


def _loadings(found: Worked, name: str) -> Sequence[Any]:
    return [one for one in found.fit.scores.loadings if one.of == name]


def _proxy(name: str, value: float, reliability: float) -> dict[str, Any]:
    words = PROXIES[name][1]
    return {
        "id": name,
        "sv": words.sv,
        "en": words.en,
        "loading": round(value, 3),
        "reliability": round(reliability, 3),
    }
