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
from likvard.figures.insight.needs_of_all import needs_of_all
from likvard.figures.insight.pages import Overview
from likvard.figures.insight.reach import reach
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
_SCHOOLS = Words("Alla skolor", "All schools")
EVERY = "all"
"""The form that stands for every unit, schools or not."""
SCHOOLS = frozenset({"GR", "GRAN", "SP", "SAM", "GY", "GYAN"})
"""Forms of school that the measures are about."""
CURVES = ("observed", "expected_low", "expected_high", "difference")


def overview(pub: Publication, scope: Scope, *, order: Order = Order.AREA, form: str = "", area: str = "") -> Overview:
    """Every unit of the scope on one page, filtered by school form and area.

    Without a form, every school is shown; units that are no schools (preschools, leisure-time centres) are counted in
    `left_out` and shown by the form `all`. An unknown form or area is as if not chosen.
    """
    forms, areas = (
        _forms(scope.units.values()),
        sorted({u.area for u in scope.units.values()} - {""}, key=swedish_order),
    )
    form, area = form if form in (*forms, EVERY) else "", area if area in areas else ""
    here = [u for u in scope.units.values() if not area or u.area == area]
    shown = [u for u in here if _is_shown(u, form)]
    table = needs(pub, scope, shown, order)
    own = read(pub, scope, measure=m.MERIT, aspect=(*CURVES, "sd"))
    nation = read_nation(pub, scope, measure=m.MERIT, aspect=("sd", "explained"))
    figures = (
        needs_of_all(pub, scope, shown, form="" if form == EVERY else form),
        over_time.school_by_school(pub, scope, own, shown),
        over_time.spread(pub, scope, own, nation, m.measured(m.MERIT)),
    )
    drawn = tuple(figure for figure in figures if figure is not None)
    return Overview(
        about=_about(pub, scope, shown),
        lead=_lead(pub, table.chart, nation, drawn),
        needs=table,
        figures=drawn,
        changes=changes(pub, _narrowed(scope, shown), _moves(pub, scope)),
        forms=_choices(_SCHOOLS, [*((f, m.form_name(f, scope.on)) for f in forms), (EVERY, ALL)], form),
        areas=_choices(ALL, ((a, Words(a, a)) for a in areas), area),
        orders=tuple(Choice(o, ORDERS[o], o is order) for o in Order),
        left_out=_left_out(len(here) - len(shown)) if not form else None,
    )


def _forms(units: Iterable[UnitInfo]) -> list[str]:
    found = {form for unit in units for form in unit.forms}
    return sorted(found, key=lambda f: (FORMS.index(f) if f in FORMS else len(FORMS), f))


FORMS = ("FKLASS", "GR", "GRAN", "SP", "SAM", "GY", "GYAN", "FTH", "FSK", "VUX", "SFI")
"""School forms in the order of a pupil's way through them."""


def _is_shown(unit: UnitInfo, form: str) -> bool:
    if form == EVERY:
        return True
    return form in unit.forms if form else bool(SCHOOLS & set(unit.forms)) or not unit.forms


def _left_out(count: int) -> Words | None:
    if count == 0:
        return None
    return m.units(
        count,
        Words(
            "inte med här: förskolor, fritidshem och annat som måtten inte gäller.",
            "not shown here: preschools, leisure-time centres and others that the measures are not about.",
        ),
    )


def _choices(first: Words, named: Iterable[tuple[str, Words]], chosen: str) -> tuple[Choice, ...]:
    values = [("", first), *named]
    return tuple(Choice(value, label, value == chosen) for value, label in values)


def _narrowed(scope: Scope, shown: list[UnitInfo]) -> Scope:
    return Scope(scope.organiser, scope.name, {u.code: u for u in shown}, scope.audience, scope.on)


def _moves(pub: Publication, scope: Scope) -> Found:
    """The units' changes that survive the budget, of every measure, subject and group."""
    return read(pub, scope, measure=None, aspect="change", subject=None, group=None, level="unit", kept=True)


def _about(pub: Publication, scope: Scope, shown: list[UnitInfo]) -> Words:
    """`Läsåret 2024/25 · grundskola och anpassad grundskola · 24 skolor`."""
    year = newest(pub, m.MERIT)
    forms = [form for form in _forms(shown) if form in SCHOOLS]
    when = "" if year is None else str(SchoolYear(year))
    names = [m.form_name(form, scope.on) for form in forms]
    parts_sv = [
        f"Läsåret {when}" if when else "",
        ", ".join(n.sv for n in names).capitalize(),
        m.schools(len(shown)).sv,
    ]
    parts_en = [
        f"School year {when}" if when else "",
        ", ".join(n.en for n in names).capitalize(),
        m.schools(len(shown)).en,
    ]
    return Words(" · ".join(p for p in parts_sv if p), " · ".join(p for p in parts_en if p))


def _lead(pub: Publication, chart: Expected | None, nation: Found, figures: tuple[Figure, ...]) -> tuple[Words, ...]:
    """How many schools differ from the expected, and how far apart the schools are beside the country's."""
    lead: tuple[Words, ...] = ()
    if chart is not None:
        facts: dict[str, Fact] = dict(facts_of(chart))
        share = cell(nation.of(m.MERIT, "explained", NATION, max(pooled(pub), default=0), level="nation"))
        lead += marked(
            "lead-expected", facts if share is None else facts | {"explained": share, "whose": reach(pub).schools}
        )
    for figure in figures:
        if figure.id == "spread-over-time":
            lead += marked("lead-spread", figure.facts)
    return lead
