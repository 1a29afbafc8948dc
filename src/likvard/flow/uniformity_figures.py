"""The uniformity monitor as figures: four questions, each with its table, its method and what could not be compared.

The comparisons pass the gate as every number does, by the rule `supervision` of the rulebook's disclosure: for the authority's own
leads, never for the public. Rows stand by department and name, never by result.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from likvard.disclosure.cells import Cell, CellKind, Key, Released
from likvard.disclosure.gate import release
from likvard.figures import formats, twins
from likvard.figures.charts import Expected, ExpectedRow, School, status
from likvard.figures.facts import Fact
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import Scale, Unit
from likvard.flow.uniformity import HORIZON, Compared, Monitor, Question
from likvard.models.alarms import RATE
from likvard.terms import Audience, Language, Words

RULE = "supervision"
PER = 10
"""Findings are told per ten decisions: whole numbers are read more easily than tenths."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    id: str
    what: Words
    per: float
    difference: Scale
    result: Scale
    counted: Words
    about: Words


_FINDINGS = _Outcome(
    "findings",
    Words("hur många brister besluten tar upp", "how many findings decisions make"),
    PER,
    Scale(
        Words(
            f"Brister per {PER} beslut, skillnad mot väntat", f"Findings per {PER} decisions, difference from expected"
        ),
        Unit.COUNT,
        decimals=1,
        signed=True,
    ),
    Scale(Words(f"Brister per {PER} beslut", f"Findings per {PER} decisions"), Unit.COUNT, decimals=1),
    Words("Beslut", "Decisions"),
    Words(
        "En brist är ett föreläggande, en anmärkning eller ett beslut att avstå. Granskningar av kvalitet är inte med.",
        "A finding is an injunction, a remark or a decision to refrain. Audits of quality are left out.",
    ),
)
_DAYS = _Outcome(
    "days",
    Words("hur lång tid det tar innan brister avslutas", "how long it takes before findings are closed"),
    1,
    Scale(
        Words("Dagar till avslut, skillnad mot väntat", "Days to closing, difference from expected"),
        Unit.COUNT,
        signed=True,
    ),
    Scale(Words("Dagar till avslut", "Days to closing"), Unit.COUNT),
    Words("Brister", "Findings"),
    Words(
        f"Tiden räknas till högst {HORIZON} dagar. Öppna brister räknas med så långt de har kommit (pseudovärden efter "
        "Kaplan och Meier), annars skulle de som är snabba med det lätta se snabbare ut än de är.",
        f"Time is counted up to {HORIZON} days. Open findings count as far as they have come (pseudo-values after Kaplan "
        "and Meier); otherwise those quick with what is easy would look quicker than they are.",
    ),
)


def figures(monitor: Monitor, names: Mapping[str, str]) -> tuple[Figure, ...]:
    """The four figures, or two where there is nothing closed to speak of, or none where there is too little of all.

    `names` gives the name of each department and inspector by its key.
    """
    found = [(_FINDINGS, monitor.findings), (_DAYS, monitor.days)]
    return tuple(
        make(outcome, question, monitor, names)
        for outcome, question in found
        if question is not None
        for make in (_departments, _inspectors)
    )


def _departments(outcome: _Outcome, question: Question, monitor: Monitor, names: Mapping[str, str]) -> Figure:
    rows = question.departments
    cells = _released(outcome, rows, monitor)
    chart = Expected(
        tuple(_row(outcome, one, School(names.get(one.key, one.key), instead=one.instead), cells) for one in rows),
        outcome.difference,
        outcome.result,
        Words("Avdelning", "Department"),
        outcome.counted,
        _DOUBT,
    )
    asked = Words(f"Skiljer sig avdelningarna i {outcome.what.sv}?", f"Do departments differ in {outcome.what.en}?")
    return _figure(outcome, question, monitor, chart, "departments", asked)


def _inspectors(outcome: _Outcome, question: Question, monitor: Monitor, names: Mapping[str, str]) -> Figure:
    rows = question.inspectors
    cells = _released(outcome, rows, monitor)

    def person(one: Compared) -> School:
        home = monitor.homes[one.key]
        return School(names.get(one.key, one.key), area=names.get(home, home), code=one.key, instead=one.instead)

    chart = Expected(
        tuple(_row(outcome, one, person(one), cells) for one in rows),
        outcome.difference,
        outcome.result,
        Words("Inspektör", "Inspector"),
        outcome.counted,
        _DOUBT,
        beside=False,  # means beside the department's would give away those that are withheld
    )
    asked = Words(f"Skiljer sig inspektörerna i {outcome.what.sv}?", f"Do inspectors differ in {outcome.what.en}?")
    return _figure(outcome, question, monitor, chart, "inspectors", asked)


def _row(outcome: _Outcome, one: Compared, school: School, cells: Mapping[Key, Released]) -> ExpectedRow:
    if one.instead is not None:
        return ExpectedRow(school, None)
    found = {aspect: cells.get((outcome.id, aspect, one.key)) for aspect in ("difference", "mean", "expected")}
    return ExpectedRow(school, found["difference"], found["mean"], found["expected"])


def _released(outcome: _Outcome, rows: Sequence[Compared], monitor: Monitor) -> Mapping[Key, Released]:
    """What the gate lets through: the distance with its interval, and for departments the mean and what was expected."""
    cells = [
        Cell(
            (outcome.id, aspect, one.key),
            CellKind.ESTIMATE,
            value,
            n=one.n,
            low=low,
            high=high,
            source=RULE,
        )
        for one in rows
        if one.instead is None
        for aspect, value, low, high in _values(outcome, one)
    ]
    out = release(cells, audience=Audience.ORGANISER, on=monitor.on)
    return {cell.key: out[cell.key] for cell in cells}


def _values(outcome: _Outcome, one: Compared) -> list[tuple[str, float, float | None, float | None]]:
    per = outcome.per
    found: list[tuple[str, float, float | None, float | None]] = [
        ("difference", one.difference * per, one.low * per, one.high * per)
    ]
    if not math.isnan(one.mean):
        found += [("mean", one.mean * per, None, None), ("expected", (one.mean - one.difference) * per, None, None)]
    return found


def _figure(
    outcome: _Outcome, question: Question, monitor: Monitor, chart: Expected, kind: str, asked: Words
) -> Figure:
    subtitle = Words(
        f"{formats.number(question.n, 0, Language.SV)} {outcome.counted.sv.lower()}, med hänsyn till ärendena",
        f"{formats.number(question.n, 0, Language.EN)} {outcome.counted.en.lower()}, taking the cases into account",
    )
    return Figure(
        id=f"uniformity-{outcome.id}-{kind}",
        question=asked,
        subtitle=subtitle,
        chart=chart,
        table=twins.twin(chart, asked),
        kind=kind,
        facts=_facts(chart, monitor),
        sources=(Source(Words("Myndighetens egna ärenden", "The authority's own cases"), monitor.on.isoformat()),),
        method=_method(outcome, monitor, kind),
        indicator="",
    )


def _facts(chart: Expected, monitor: Monitor) -> dict[str, Fact]:
    found = [status(row.difference) for row in chart.rows if row.difference is not None]
    sides = [str(one) for one in found if one is not None]
    return {
        "compared": len(sides),
        "below": sides.count("below"),
        "above": sides.count("above"),
        "hidden": len(chart.rows) - len(sides),
        "tests": monitor.tests,
        "one_in": round(1 / RATE),
    }


def _method(outcome: _Outcome, monitor: Monitor, kind: str) -> tuple[Explanation, ...]:
    level = {language: formats.number(monitor.level * 100, 1, language) for language in Language}
    percent = {language: formats.percent_sign(language) for language in Language}
    return (
        Explanation(Words("Vad som räknas", "What is counted"), outcome.about),
        Explanation(Words("Det väntade", "The expected"), _MIX),
        Explanation(Words("Modellen", "The model"), _MODELS[kind]),
        Explanation(
            Words("Osäkerheten", "The uncertainty"),
            Words(
                f"Alla jämförelser på sidan prövas tillsammans. Intervallen är därför bredare än vanligt: "
                f"{level[Language.SV]}{percent[Language.SV]} i stället för 95{percent[Language.SV]}. De går fria från noll bara för "
                "det som håller när högst var tjugonde markering får vara falsk (Benjamini och Yekutieli).",
                f"All comparisons on the page are tested together. So the intervals are wider than usual: "
                f"{level[Language.EN]}{percent[Language.EN]} in place of 95{percent[Language.EN]}. They clear zero only for what holds "
                "when at most one mark in twenty may be false (Benjamini and Yekutieli).",
            ),
        ),
        Explanation(Words("Vad det inte säger", "What it does not say"), _CAUTION),
    )


_DOUBT = Words("osäkerhet, med hänsyn till att många jämförs", "uncertainty, allowing for many comparisons")
_MIX = Words(
    "Det väntade är vad myndigheten som helhet hade kommit fram till i ärenden med samma typ, nivå, slag av huvudman, skolform, "
    "storlek och år; för tid till avslut också område och ingripande. Ovanliga slag räknas ihop.",
    "The expected is what the authority as a whole would have reached in cases of the same type, level, kind of organiser, school "
    "form, size and year; for the time to closing also area and instrument. Rare kinds are counted together.",
)
_MODELS = {
    "departments": Words(
        "En flernivåmodell med avdelningen som fast del och inspektörer, och för tiden också ärenden, som slumpmässiga grupper. Så vägs "
        "in att beslut av samma person liknar varandra. Avdelningar med färre än 20 att räkna på eller tre inspektörer visas inte.",
        "A multilevel model with the department as a fixed part and inspectors, for the time also cases, as random groups. So it is "
        "weighed in that decisions by one person are alike. Departments with fewer than 20 to count or three inspectors are not shown.",
    ),
    "inspectors": Words(
        "En flernivåmodell där varje inspektörs avstånd dras mot helheten, mer ju mindre som är känt. Inspektörer med färre än "
        "10 att räkna på visas inte.",
        "A multilevel model in which each inspector's distance is drawn toward the whole, more the less is known. Inspectors with fewer "
        "than 10 to count are not shown.",
    ),
}
_CAUTION = Words(
    "En skillnad visar att något bör förstås, inte vem som har rätt. Den kan bero på sådant i ärendena som inte är med i modellen. "
    "Sidan är till för samtal om bedömningar, inte för att värdera personer.",
    "A difference shows that something should be understood, not who is right. It may come from what in the cases the model does "
    "not hold. The page is for talks about judgements, not for rating persons.",
)
