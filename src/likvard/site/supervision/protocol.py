"""The rule and the selection in words and rows: the same for the page, the file and the paper."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.figures import formats
from likvard.figures.insight.measured import measured
from likvard.figures.measures import Unit as MeasureUnit
from likvard.site.people.models import Organiser, Unit
from likvard.site.supervision.candidates import COUNTED_YEARS
from likvard.site.supervision.coverage import county_names, municipality_names
from likvard.site.supervision.models import Programme, Selected
from likvard.site.supervision.selection import Outcome, Route, Rule
from likvard.site.ui.components import Fact
from likvard.site.ui.language import current

SHARE_LIMIT, POINTS_LIMIT = 0.2, 25.0
"""How far below the expected gives full points before anybody has said otherwise: a fifth of the pupils, 25 merit points.

A quarter of the between-school spread on each measure lies beyond it in the invented country; a programme says its own.
"""


def first_rule(programme: Programme) -> Rule:
    """The rule that a programme begins with, for somebody to change."""
    share = measured(programme.measure).scale.unit is MeasureUnit.SHARE
    return Rule(seed=programme.name, level_limit=SHARE_LIMIT if share else POINTS_LIMIT)


def measure_name(programme: Programme) -> str:
    """The measure's name in the language of the page."""
    return measured(programme.measure).name[current()]


def distance(programme: Programme, value: float) -> str:
    """A distance from the expected, with its unit and sign."""
    return formats.with_unit(value, measured(programme.measure).difference, current())


def rule_facts(programme: Programme, rule: Rule) -> tuple[Fact, ...]:
    """The rule in words, criterion by criterion, so that it can be read out."""
    chance, blind = rule.by_chance
    low = distance(programme, -rule.level_limit)
    found = [
        Fact(
            _("By chance"),
            _("%(known)s units with figures and %(blind)s without") % {"known": chance, "blind": blind},
            note=_("Chance draws first, before anything else is looked at. Each school form gets at least one place."),
        ),
        Fact(
            _("By level"),
            _("%(n)s units with most points") % {"n": max(0, rule.places - chance - blind)},
            note=_weights(rule),
        ),
        Fact(
            _("Points for level"),
            _("from 0 at the expected to %(full)s at %(low)s") % {"full": rule.level * 1000, "low": low},
            note=_("%(measure)s against what was expected.") % {"measure": measure_name(programme)},
        ),
        Fact(
            _("Points for complaints"),
            _("from 0 to %(full)s at %(n)s complaints") % {"full": rule.complaints * 1000, "n": rule.complaints_limit},
            note=_source(programme.complaints_from, _("Nobody has counted them, so nobody gets points.")),
        ),
        Fact(
            _("Points for time"),
            _("from 0 to %(full)s after %(n)s months") % {"full": rule.time * 1000, "n": rule.months_limit},
            note=_("Since the last visit. A unit that nobody is known to have visited gets all points."),
        ),
        Fact(
            _("By spread"),
            ngettext("%(n)s organiser", "%(n)s organisers", rule.organisers) % {"n": rule.organisers},
            note=_(
                "Those whose units lie furthest apart, given their pupils, with at least %(units)s units with figures and one of "
                "them among the country's lowest %(lowest)s per cent."
            )
            % {"units": rule.units_needed, "lowest": rule.lowest},
        ),
        Fact(_("Seed"), rule.seed, note=_("Ties are broken by the draw number, never by name.")),
    ]
    return tuple(found)


def _weights(rule: Rule) -> str:
    words = {"level": rule.level, "complaints": rule.complaints, "time": rule.time}
    return _("Weights: level %(level)s, complaints %(complaints)s, time %(time)s.") % words


def _source(source: str, nobody: str) -> str:
    if source == "register":
        return _("Counted in the register of complaints over %(years)s years.") % {"years": COUNTED_YEARS}
    return _("From: %(source)s.") % {"source": source} if source else nobody


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the protocol. `why` tells in words by what it came in."""

    row: Selected
    name: str
    number: str
    organiser: str
    area: str
    route: str
    why: str


def lines(programme: Programme, rows: Iterable[Selected]) -> list[Line]:
    """The selected as lines, in the order given."""
    counties, names = county_names(), municipality_names(programme)
    return [_line(programme, row, counties, names) for row in rows]


def _line(programme: Programme, row: Selected, counties: Mapping[str, str], names: Mapping[str, str]) -> Line:
    municipality = names.get(row.municipality, row.municipality)
    area = ", ".join(part for part in (municipality, counties.get(row.county, "")) if part)
    return Line(
        row=row,
        name=str(row.place),
        number=row.unit_id or row.organiser_id or "",
        organiser=str(row.organiser or "") if row.unit_id else _("the organiser as a whole"),
        area=area,
        route=str(row.get_route_display()),
        why=why(programme, row),
    )


def why(programme: Programme, row: Selected) -> str:
    """By what something came in, each part of its points told."""
    parts: Mapping[str, Any] = row.parts
    match Route(row.route):
        case Route.HAND:
            return row.reason
        case Route.LEVEL:
            return _points(programme, parts)
        case Route.SPREAD:
            spread = distance(programme, parts["spread"]).lstrip("+")
            return _("Spread %(spread)s over %(units)s units; %(low)s of them among the lowest.") % {
                **parts,
                "spread": spread,
            }
        case _:
            return _("Drawn: %(places)s of %(of)s. Draw number %(draw)s.") % {**parts, "draw": row.draw}


def _points(programme: Programme, parts: Mapping[str, Any]) -> str:
    counted, months = parts["counted"], parts["months"]
    words = {
        **parts,
        "complaints": 0 if parts["complaints"] is None else parts["complaints"],
        "distance": distance(programme, parts["difference"]),
        "counted": _("not counted") if counted is None else counted,
        "since": _("no visit known") if months is None else _("%(n)s months") % {"n": months},
    }
    return (
        _("Level %(level)s (%(distance)s) + complaints %(complaints)s (%(counted)s) + time %(time)s (%(since)s) = %(total)s.")
        % words
    )  # fmt: skip


def proposed(programme: Programme, outcome: Outcome) -> list[Selected]:
    """What would be selected if it was decided now, not saved: what the rule gives and what was added by hand."""
    units = Unit.objects.select_related("organiser").in_bulk([one.code for one in outcome.units])
    organisers = Organiser.objects.in_bulk([one.code for one in outcome.organisers])
    by_hand = list(programme.selected.all().standing().by_place())
    had = {row.unit_id or row.organiser_id for row in by_hand}
    rows = [
        Selected(
            programme=programme, route=one.route, draw=one.draw, parts=dict(one.parts), unit=unit,
            organiser=unit.organiser if unit else organisers[one.code], municipality=place.municipality_code,
            county=place.municipality_code[:2],
        )
        for one in (*outcome.organisers, *outcome.units) if one.code not in had
        for unit in [None if one.route is Route.SPREAD else units[one.code]]
        for place in [unit or organisers[one.code]]
    ]  # fmt: skip
    return sorted([*by_hand, *rows], key=lambda row: (row.county, row.municipality, str(row.place)))


HEADS = (
    "programme", "publication", "basis_sha256", "rule", "seed", "seed_from", "decided_on", "decided_by",
    "county", "municipality", "organiser_number", "organiser", "unit_code", "unit", "route", "level", "complaints", "time",
    "total", "difference", "complaints_counted", "months_since_visit", "spread", "draw_number", "drawn_places", "drawn_of",
    "reason", "register_number",
)  # fmt: skip
"""The columns of the protocol as a file."""


def csv_rows(programme: Programme) -> Iterator[tuple[object, ...]]:
    """The protocol as rows for a file, after its heads: by area and name, each with what makes the selection possible to redo."""
    rule = programme.rule
    same = (
        programme.name, programme.publication, programme.fingerprint,
        json.dumps(rule.data, sort_keys=True, ensure_ascii=False) if rule else "", rule.data["seed"] if rule else "",
        rule.seed_from if rule else "", f"{programme.decided_at:%Y-%m-%d}" if programme.decided_at else "",
        str(programme.decided_by or ""),
    )  # fmt: skip
    yield HEADS
    for row in programme.selected.all().standing().by_place():
        parts = row.parts
        numbers = [
            parts.get(name, "") for name in ("level", "complaints", "time", "total", "difference", "counted", "months")
        ]
        yield (
            *same, row.county, row.municipality, row.organiser_id or "", str(row.organiser or ""), row.unit_id or "",
            str(row.unit or ""), row.route, *("" if n is None else n for n in numbers), parts.get("spread", ""), row.draw,
            parts.get("places", ""), parts.get("of", ""), row.reason, row.case.dnr if row.case else "",
        )  # fmt: skip
