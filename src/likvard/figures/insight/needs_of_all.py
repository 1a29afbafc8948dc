"""Need at all units, not only where it is obvious: with its interval, and beside it results and money. Never ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import FigureKey, Publication
from likvard.figures import formats
from likvard.figures.charts_need import NeedOfAll, NeedRow
from likvard.figures.figure import Explanation, Figure
from likvard.figures.insight import measured as m
from likvard.figures.insight.needs import why_not_compared
from likvard.figures.insight.reach import Reach, reach
from likvard.figures.insight.reading import cell, newest, pooled, read, source
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.measures import Scale, Unit
from likvard.figures.twins import figure
from likvard.terms import Language, SchoolYear, Words

INDEX, UNSEEN = "need_index", "need_unseen"
FORMS = ("GR", "SAM", "GY", "FKLASS", "FSK", "FTH")
"""Where a unit has need in several forms, the first of these is meant."""

_UNSEEN = Scale(Words("Elever som indexet inte ser", "Pupils that the index does not see"), Unit.SHARE)
_NO_NEED = Words("Inget index för den här skolformen", "No index for this school form")


def need_scale(everybody: Reach) -> Scale:
    """The scale of need, named by whose pupils all together are 100."""
    name = Words(f"Behov, 100 = {everybody.base.sv}", f"Need, 100 = {everybody.base.en}")
    return Scale(name, Unit.COUNT)


def _what_need_is(everybody: Reach) -> Explanation:
    return Explanation(
        Words("Behov", "Need"),
        Words(
            "Risken att elever med samma bakgrund som skolans elever inte når målet, delad med samma risk för "
            f"{everybody.pupils.sv}, gånger 100. 200 är dubbelt så stor risk. Målet är behörighet efter årskurs 9, i "
            "gymnasiet en examen.",
            "The risk that pupils with the background of the school's pupils do not reach the goal, divided by the same "
            f"risk of {everybody.pupils.en}, times 100. 200 is twice the risk. The goal is eligibility after year 9, in "
            "upper secondary school a diploma.",
        ),
    )


_METHOD = (
    Explanation(
        Words("Osäkerhet", "Uncertainty"),
        Words(
            "Hur säkert sambandet med bakgrund är känt, och vilka elever som råkade komma just i år.",
            "How surely the link with background is known, and which pupils happened to come this year.",
        ),
    ),
    Explanation(
        Words("Bredvid", "Beside it"),
        Words(
            "Hur långt skolans meritvärde ligger från det väntade, och kronor per elev under kalenderåret. Bidrag till små "
            "skolor ingår i kronorna utan att vara ett svar på behov.",
            "How far the school's merit value lies from the expected, and crowns a pupil in the calendar year. Grants to "
            "small schools are in the crowns without being an answer to need.",
        ),
    ),
    Explanation(
        Words("Ordningen", "The order"),
        Words(
            "Skolorna står efter område och namn, aldrig efter behov. Behov är elevernas förutsättningar, inte ett betyg.",
            "Schools stand by area and name, never by need. Need is the pupils' conditions, not a mark.",
        ),
    ),
)


def needs_of_all(pub: Publication, scope: Scope, units: Sequence[UnitInfo], *, form: str = "") -> Figure | None:
    """Every unit's need in the newest year, in the form asked for or the unit's first that has one.

    None where no index is published of any of them. Units of forms without an index are left out of the chart, but where
    a form is asked for they say why.
    """
    year, paid = newest(pub, INDEX), newest(pub, m.CROWNS)
    if year is None:
        return None
    need = _cells(pub, scope, (INDEX, UNSEEN), year)
    money = {} if paid is None else _cells(pub, scope, (m.CROWNS,), paid)
    last = max(pooled(pub), default=0)
    merit = read(pub, scope, measure=m.MERIT, aspect="difference", level="unit", years=[last])
    found = ((unit, _form(unit, need, year, (form,) if form else FORMS)) for unit in units)
    rows = tuple(
        _row(unit, of, need, money, year, paid, cell(merit.of(m.MERIT, "difference", unit.code, last)))
        for unit, of in found
        if of or form
    )
    if not any(row.need is not None for row in rows):
        return None
    what = m.measured(m.MERIT)
    everybody = reach(pub)
    scale = need_scale(everybody)
    chart = NeedOfAll(rows, scale, what.difference, m.measured(m.CROWNS).scale, _UNSEEN, everybody.tick)
    fitted = _fitted(pub, form or "GR")
    beside = _beside(pub, paid)
    return figure(
        id="needs-of-all",
        question=Words("Vilka behov har eleverna på varje skola?", "What needs do the pupils of each school have?"),
        subtitle=Words(
            f"Behovsindex läsåret {SchoolYear(year)}; bredvid står {beside.sv}",
            f"Index of need, school year {SchoolYear(year)}; beside it {beside.en}",
        ),
        chart=chart,
        sources=source(pub, INDEX, *([m.CROWNS] if money else [])),
        method=(_what_need_is(everybody), *_METHOD, *([fitted] if fitted is not None else [])),
        indicator=INDEX,
        facts={"everybody": everybody.base},
    )


def _beside(pub: Publication, paid: int | None) -> Words:
    """What stands beside need, with the units and years that the narrow headings leave out."""
    parts_sv, parts_en = [], []
    if years := pooled(pub):
        parts_sv.append(f"meritpoäng mot det väntade {m.years_text(years)}")
        parts_en.append(f"merit points against the expected in {m.years_text(years)}")
    if paid is not None:
        parts_sv.append(f"kronor per elev {paid}")
        parts_en.append(f"crowns a pupil in {paid}")
    if not parts_sv:
        return Words("skolans resultat och pengar", "the school's results and money")
    return Words(formats.listed(tuple(parts_sv), Language.SV), formats.listed(tuple(parts_en), Language.EN))


def _cells(pub: Publication, scope: Scope, measures: Iterable[str], year: int) -> Mapping[FigureKey, Released]:
    cells = pub.cells(
        scope.audience,
        measure=list(measures),
        aspect="observed",
        level=("unit", "organiser"),
        areas=None if scope.organiser else list(scope.units),
        organiser=scope.organiser,
        years=[year],
    )
    return {key: published.cell for key, published in cells.items()}


def _key(measure: str, area: str, form: str, year: int, level: str = "unit") -> FigureKey:
    return FigureKey(measure, level=level, area=area, form=form, year=str(year))


def _form(unit: UnitInfo, need: Mapping[FigureKey, Released], year: int, forms: Iterable[str]) -> str:
    return next((form for form in forms if _key(INDEX, unit.code, form, year) in need), "")


def _row(
    unit: UnitInfo,
    form: str,
    need: Mapping[FigureKey, Released],
    money: Mapping[FigureKey, Released],
    year: int,
    paid: int | None,
    difference: Released | None,
) -> NeedRow:
    owners = [key for key in money if key.level == "organiser" and key.form == form]
    return NeedRow(
        name=unit.name,
        code=unit.code,
        area=unit.area,
        need=need.get(_key(INDEX, unit.code, form, year)),
        difference=difference,
        money=None if paid is None else money.get(_key(m.CROWNS, unit.code, form, paid)),
        mean=money[owners[0]] if len(owners) == 1 else None,
        unseen=need.get(_key(UNSEEN, unit.code, form, year)),
        instead=None if form else _NO_NEED,
        not_compared=None if difference is not None else why_not_compared(unit),
    )


def _fitted(pub: Publication, form: str) -> Explanation | None:
    """How old the inputs are, and how the model fared in a cohort that it was not fitted to."""
    facts: Mapping[str, Any] = pub.facts.get("need", {}).get(form, {})
    if "cohorts" not in facts:
        return None
    results, background = (SchoolYear(facts["inputs"][name]["year"]) for name in ("results", "background"))
    sv = f"Elevernas bakgrund är från {background}. Sambandet med bakgrund bygger på resultat till och med {results}."
    en = f"Pupils' background is of {background}. The link with background rests on results up to {results}."
    told = facts.get("calibration")
    if told is not None:
        right = told["low"] <= 1 <= told["high"]
        sv += (
            " Prövat på en senare årskull stämde det."
            if right
            else " Prövat på en senare årskull stämde det inte helt: indexet är "
            + ("för utspritt." if told["slope"] < 1 else "för sammanpressat.")
        )
        en += (
            " Tried on a later cohort, it held."
            if right
            else " Tried on a later cohort, it did not quite hold: the index is "
            + ("too spread out." if told["slope"] < 1 else "too close together.")
        )
    return Explanation(Words("Hur gammalt det är", "How old it is"), Words(sv, en))
