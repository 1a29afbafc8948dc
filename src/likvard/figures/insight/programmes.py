"""Upper secondary school: units by programme, a number in every cell, and what the programmes are called."""

from __future__ import annotations

from collections.abc import Sequence

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures.figure import Explanation, Figure
from likvard.figures.insight.measured import Measured
from likvard.figures.insight.reading import Found, cell, source
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.measures import swedish_order
from likvard.figures.table import Column, Kind, Row, Table
from likvard.figures.twins import same
from likvard.terms import Words

NAMES = {
    "BA": Words("Bygg och anläggning", "Building and construction"),
    "BF": Words("Barn och fritid", "Child and recreation"),
    "EE": Words("El och energi", "Electricity and energy"),
    "EK": Words("Ekonomi", "Business management and economics"),
    "ES": Words("Estetiska", "Arts"),
    "FT": Words("Fordon och transport", "Vehicle and transport"),
    "HA": Words("Handel och administration", "Business and administration"),
    "FS": Words("Försäljning och service", "Sales and service"),
    "HT": Words("Hotell och turism", "Hotel and tourism"),
    "HU": Words("Humanistiska", "Humanities"),
    "IM": Words("Introduktionsprogram", "Introductory programmes"),
    "IN": Words("Industriteknik", "Industrial technology"),
    "NA": Words("Naturvetenskap", "Natural science"),
    "NB": Words("Naturbruk", "Natural resource use"),
    "RL": Words("Restaurang och livsmedel", "Restaurant and food"),
    "SA": Words("Samhällsvetenskap", "Social science"),
    "TE": Words("Teknik", "Technology"),
    "VF": Words("VVS och fastighet", "HVAC and property maintenance"),
    "VO": Words("Vård och omsorg", "Health and social care"),
}
"""National programmes by the codes of the school ordinance (gymnasieförordningen 2010:2039)."""

PREFIX = "programme:"

_METHOD = Explanation(
    Words("Varför program för program?", "Why programme by programme?"),
    Words(
        "Programmen har olika elever. En skolas samlade tal visar mest vilka program den har; jämför därför samma "
        "program. Tomma rutor: skolan har inte programmet.",
        "Programmes have different pupils. A school's joint number mostly shows which programmes it has; compare the "
        "same programme instead. Empty cells: the school does not have the programme.",
    ),
)


_ALL = Words("Alla program", "All programmes")
_PUPILS = Words("Elever", "Pupils")
_QUESTION = Words("Hur går det på varje program?", "How are the programmes doing?")


def programme_name(code: str) -> Words:
    """What a programme is called; the code itself where it is unknown."""
    return NAMES.get(code, Words(code, code))


def by_programme(
    pub: Publication, scope: Scope, found: Found, what: Measured, year: int, units: Sequence[UnitInfo]
) -> Figure | None:
    """One year's value of every unit and programme, as a table. None where no programme has any."""
    codes = sorted(
        {
            place.group.removeprefix(PREFIX)
            for place, _ in found.places()
            if place.measure == what.id and place.year == year and place.group.startswith(PREFIX)
        }
    )
    rows = [
        row for unit in sorted(units, key=lambda u: u.school.order) if (row := _row(found, what, unit, year, codes))
    ]
    if not codes or not rows:
        return None
    columns = [Column(_ALL, Kind.NUMBER, what.scale)]
    columns += [Column(programme_name(code), Kind.NUMBER, what.scale, same(code)) for code in codes]
    hidden = sum(isinstance(e, Released) and e.value is None for row in rows for e in row.entries)
    subtitle = Words(f"{what.name.sv}, {what.period(year)}", f"{what.name.en}, {what.period(year)}")
    return Figure(
        id="programmes",
        question=_QUESTION,
        subtitle=subtitle,
        chart=None,
        table=Table(subtitle, Words("Skola", "School"), tuple(columns), tuple(rows)),
        kind="table",
        facts={"schools": len(rows), "hidden": hidden},
        sources=source(pub, what.id),
        method=(_METHOD, *what.method),
        indicator=what.indicator.id,
    )


def of_unit(pub: Publication, found: Found, what: Measured, year: int, unit: UnitInfo) -> Figure | None:
    """One unit's programmes in one year, a row each in alphabetical order. None where it has none."""
    groups = ["all", *(PREFIX + code for code in sorted(NAMES, key=lambda c: swedish_order(NAMES[c].sv)))]
    cells = [(group, cell(found.of(what.id, "observed", unit.code, year, group=group))) for group in groups]
    shown = [(group, found_) for group, found_ in cells if found_ is not None]
    if len(shown) < 2:
        return None
    rows = [
        Row(_ALL if group == "all" else programme_name(group.removeprefix(PREFIX)), (found_, found_))
        for group, found_ in shown
    ]
    columns = (Column(what.short, Kind.NUMBER, what.scale), Column(_PUPILS, Kind.PUPILS))
    subtitle = Words(f"{what.name.sv}, {what.period(year)}", f"{what.name.en}, {what.period(year)}")
    return Figure(
        id="programmes",
        question=_QUESTION,
        subtitle=subtitle,
        chart=None,
        table=Table(subtitle, Words("Program", "Programme"), columns, tuple(rows)),
        kind="programmes",
        facts={"programmes": len(shown) - 1, "hidden": sum(c.value is None for _, c in shown)},
        sources=source(pub, what.id),
        method=(_METHOD, *what.method),
        indicator=what.indicator.id,
    )


def _row(found: Found, what: Measured, unit: UnitInfo, year: int, codes: Sequence[str]) -> Row | None:
    groups = ("all", *(PREFIX + code for code in codes))
    entries = tuple(cell(found.of(what.id, "observed", unit.code, year, group=group)) for group in groups)
    if not any(entries):
        return None
    return Row(same(unit.name), entries, same(unit.area) if unit.area else None, unit.code)
