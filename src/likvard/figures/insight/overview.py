"""The organiser's first page: where are the differences, what changed, what waits?"""

from __future__ import annotations

from collections.abc import Iterable

from likvard.disclosure.publication import Publication
from likvard.figures.charts import Expected
from likvard.figures.facts import Fact, facts_of
from likvard.figures.figure import Figure
from likvard.figures.insight import measured as m
from likvard.figures.insight import over_time
from likvard.figures.insight.changes import changes
from likvard.figures.insight.needs import needs
from likvard.figures.insight.pages import Overview
from likvard.figures.insight.reading import Found, cell, newest, pooled, read, read_nation
from likvard.figures.insight.scope import Choice, Order, Scope, UnitInfo
from likvard.figures.measures import swedish_order
from likvard.figures.sentences import marked
from likvard.terms import NATION, SchoolYear, Words

ORDERS = {
    Order.AREA: Words("område och namn", "area and name"),
    Order.NAME: Words("namn", "name"),
    Order.NEED: Words("behov", "need"),
}
ALL = Words("Alla", "All")
CURVES = ("observed", "expected_low", "expected_high", "difference")


def overview(pub: Publication, scope: Scope, *, order: Order = Order.AREA, form: str = "", area: str = "") -> Overview:
    """Every unit of the scope on one page, filtered by school form and area.

    An unknown form or area shows all. The sentences are about the units shown.
    """
    forms, areas = (
        _forms(scope.units.values()),
        sorted({u.area for u in scope.units.values()} - {""}, key=swedish_order),
    )
    form, area = form if form in forms else "", area if area in areas else ""
    shown = [u for u in scope.units.values() if (not form or form in u.forms) and (not area or u.area == area)]
    table = needs(pub, scope, shown, order)
    own = read(pub, scope, measure=m.MERIT, aspect=(*CURVES, "sd"))
    nation = read_nation(pub, scope, measure=m.MERIT, aspect=("sd", "explained"))
    figures = (
        over_time.school_by_school(pub, scope, own, shown),
        over_time.spread(pub, scope, own, nation, m.measured(m.MERIT)),
    )
    drawn = tuple(figure for figure in figures if figure is not None)
    return Overview(
        about=_about(pub, scope, forms if not form else [form], len(shown)),
        lead=_lead(pub, table.chart, nation, drawn),
        needs=table,
        figures=drawn,
        changes=changes(pub, _narrowed(scope, shown), _moves(pub, scope)),
        forms=_choices(((f, m.form_name(f, scope.on)) for f in forms), form),
        areas=_choices(((a, Words(a, a)) for a in areas), area),
        orders=tuple(Choice(o, ORDERS[o], o is order) for o in Order),
    )


def _forms(units: Iterable[UnitInfo]) -> list[str]:
    found = {form for unit in units for form in unit.forms}
    return sorted(found, key=lambda f: (FORMS.index(f) if f in FORMS else len(FORMS), f))


FORMS = ("FKLASS", "GR", "GRAN", "SP", "SAM", "GY", "GYAN", "FTH", "FSK", "VUX", "SFI")
"""School forms in the order of a pupil's way through them."""


def _choices(named: Iterable[tuple[str, Words]], chosen: str) -> tuple[Choice, ...]:
    values = [("", ALL), *named]
    return tuple(Choice(value, label, value == chosen) for value, label in values)


def _narrowed(scope: Scope, shown: list[UnitInfo]) -> Scope:
    return Scope(scope.organiser, scope.name, {u.code: u for u in shown}, scope.audience, scope.on)


def _moves(pub: Publication, scope: Scope) -> Found:
    """Every change of the newest years, and the newest values."""
    years = {int(year) for year in pub.facts.get("newest", {}).values()}
    return read(pub, scope, measure=None, aspect=("change",), subject=None, group=None, level="unit", years=years)


def _about(pub: Publication, scope: Scope, forms: list[str], shown: int) -> Words:
    """`Läsåret 2024/25 · grundskola och anpassad grundskola · 24 skolor`."""
    year = newest(pub, m.MERIT)
    when = "" if year is None else str(SchoolYear(year))
    names = [m.form_name(form, scope.on) for form in forms]
    parts_sv = [f"Läsåret {when}" if when else "", ", ".join(n.sv for n in names).capitalize(), f"{shown} skolor"]
    parts_en = [f"School year {when}" if when else "", ", ".join(n.en for n in names).capitalize(), f"{shown} schools"]
    return Words(" · ".join(p for p in parts_sv if p), " · ".join(p for p in parts_en if p))


def _lead(pub: Publication, chart: Expected | None, nation: Found, figures: tuple[Figure, ...]) -> tuple[Words, ...]:
    """How many schools differ from the expected, and how far apart the schools are beside the country's."""
    lead: tuple[Words, ...] = ()
    if chart is not None:
        facts: dict[str, Fact] = dict(facts_of(chart))
        share = cell(nation.of(m.MERIT, "explained", NATION, max(pooled(pub), default=0), level="nation"))
        lead += marked("lead-expected", facts if share is None else facts | {"explained": share})
    for figure in figures:
        if figure.id == "spread-over-time":
            lead += marked("lead-spread", figure.facts)
    return lead
