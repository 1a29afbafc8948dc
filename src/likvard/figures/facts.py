"""What a chart says in numbers: named facts for the sentences, taken from its released cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from likvard.disclosure.cells import Released
from likvard.figures import formats, need_of_all
from likvard.figures.charts import (
    NAMED,
    Break,
    Chart,
    Distribution,
    Expected,
    Funnel,
    GapTrend,
    Heat,
    Line,
    MoneyAgainstNeed,
    SmallMultiples,
    Status,
    Trend,
    VarianceShares,
    key_of,
    status,
)
from likvard.figures.charts_circle import CircleArrow, CircleDiagram, DomainProfile
from likvard.figures.charts_map import MunicipalityMap
from likvard.figures.charts_need import NeedOfAll
from likvard.figures.measures import Period, Scale, Unit, position
from likvard.terms import Language, Words

Fact = Released | Words | Period | Scale | str
"""What a sentence may be made of: released cells, counts, years, names, texts, scales."""

KINDS: dict[type, str] = {
    Distribution: "distribution",
    Expected: "expected",
    Funnel: "funnel",
    GapTrend: "gap",
    Trend: "trend",
    Heat: "heat",
    SmallMultiples: "multiples",
    MunicipalityMap: "map",
    VarianceShares: "shares",
    MoneyAgainstNeed: "money",
    CircleDiagram: "circle",
    DomainProfile: "profile",
    NeedOfAll: "need",
}

WITHOUT_CHART = {
    "table": "A table of schools without a chart.",
    "lead-expected": "The report's opening: which schools differ, and how much intake explains.",
    "lead-spread": "The report's opening: how far apart the area's schools are, beside the country's.",
    "lead-gap": "The report's opening: a gap, standing on its own.",
    "lead-funnel": "A page's opening: how many schools lie further from the middle than chance puts them.",
    "lead-unit": "A school's page: where it stands to the expected, and whether anything changed.",
    "programmes": "The programmes of one upper secondary school.",
    "compared": "A school beside those it is compared with.",
    "needs": "How to read the needs map.",
    "changes": "What changed since last time, and how many false alarms that may hold.",
    "one-change": "One change that is clear of chance.",
    "lead-circle": "The circle's page: how many links are clear of chance, and what they are for.",
    "circle-broken": "What a broken link would change over years, given the model.",
    "circle-gain": "How much of a difference from the expected is left after a year.",
    "departments": "Whether an authority's departments judge alike, after case mix.",
    "inspectors": "Whether its inspectors do.",
    "organiser-classes": "The national report: shares of organisers by class, corrected for how they were selected.",
    "told": "One sentence that its maker has made by rule, as the fact `says`.",
}
"""Kinds of sentences that no chart of their own goes with."""

_SHARE = Scale(Words("Andel", "Share"), Unit.SHARE)


def facts_of(chart: Chart) -> dict[str, Fact]:
    """The facts of a chart by name; docs/figures.md lists them per kind."""
    take: Callable[[Any], dict[str, Fact]] = _FACTS[type(chart)]
    return {name: fact for name, fact in take(chart).items() if fact is not None}


def _statuses(differences: Sequence[Released | None]) -> dict[str, Fact]:
    asked = [d for d in differences if d is not None]
    found = Counter(status(d) for d in asked)
    return {
        "schools": sum(found[s] for s in Status),
        "below": found[Status.BELOW],
        "within": found[Status.WITHIN],
        "above": found[Status.ABOVE],
        "hidden": found[None],
        "without": len(differences) - len(asked),
    }


def _distribution(chart: Distribution) -> dict[str, Any]:
    last, first = chart.spreads[-1], chart.spreads[0]
    values = [cell.value for _, cell in last.own if cell.value is not None]
    ends = {cell.value: cell for _, cell in last.own if cell.value is not None}
    return {
        "scale": chart.scale,
        "mean_label": chart.mean,
        "period": last.period,
        "first_period": first.period,
        "schools": len(values),
        "hidden": len(last.own) - len(values),
        "others": len(last.rest),
        "mean": last.mean,
        "lowest": ends[min(values)] if values else None,
        "highest": ends[max(values)] if values else None,
    }


def _expected(chart: Expected) -> dict[str, Any]:
    return {"scale": chart.difference, **_statuses([row.difference for row in chart.rows])}


def _funnel(chart: Funnel) -> dict[str, Any]:
    shown = [(school, cell) for school, cell in chart.points if cell.value is not None]
    outside = [(school, cell) for school, cell in shown if key_of(school) in chart.outside]
    centre = chart.centre.value or 0.0
    below = [school.name for school, cell in outside if (cell.value or 0.0) < centre]
    above = [school.name for school, cell in outside if (cell.value or 0.0) >= centre]
    return {
        "scale": chart.scale,
        "centre": chart.centre,
        "centre_label": chart.centre_label,
        "schools": len(shown),
        "hidden": len(chart.points) - len(shown),
        "outside": len(outside),
        "below": len(below),
        "above": len(above),
        "names_below": "; ".join(below) if len(outside) <= NAMED else None,
        "names_above": "; ".join(above) if len(outside) <= NAMED else None,
        "by_chance": round(chart.by_chance),
    }


def _since(line: Line, periods: tuple[Period, ...], breaks: tuple[Break, ...]) -> dict[str, Any]:
    """The last cell, and the first after the last break, so that no sentence compares across it."""
    from_when = max((position(b.before) for b in breaks), default=0.0)
    seen = [(p, c) for p, c in zip(periods, line.points, strict=True) if c.value is not None]
    comparable = [(p, c) for p, c in seen if position(p) >= from_when]
    latest = {"last": line.points[-1], "period": periods[-1], "years": len(comparable)}
    return latest if not comparable else latest | {"first": comparable[0][1], "first_period": comparable[0][0]}


def _gap(chart: GapTrend) -> dict[str, Any]:
    return {
        "scale": chart.gap_scale,
        "level": chart.scale,
        "one": chart.groups[0].label,
        "other": chart.groups[1].label,
        "breaks": len(chart.breaks),
        "one_last": chart.groups[0].points[-1],
        "other_last": chart.groups[1].points[-1],
        **_since(chart.gap, chart.periods, chart.breaks),
    }


def _trend(chart: Trend) -> dict[str, Any]:
    facts = {
        "scale": chart.scale,
        "label": chart.lines[0].label,
        "lines": len(chart.lines),
        "breaks": len(chart.breaks),
        **_since(chart.lines[0], chart.periods, chart.breaks),
    }
    if len(chart.lines) == 2:
        facts |= {"second_label": chart.lines[1].label, "second_last": chart.lines[1].points[-1]}
    if chart.comparisons:
        facts |= {"comparison": chart.comparisons[0].label, "comparison_last": chart.comparisons[0].points[-1]}
    return facts


def _heat(chart: Heat) -> dict[str, Any]:
    kept = [row.cells[k].value or 0.0 for row in chart.rows for k in sorted(row.kept)]
    cells = [cell for row in chart.rows for cell in row.cells]
    return {
        "scale": chart.scale,
        "schools": sum(bool(row.cells) for row in chart.rows),
        "without": sum(not row.cells for row in chart.rows),
        "subjects": len(chart.subjects),
        "tests": chart.tests,
        "shown": sum(cell.value is not None for cell in cells),
        "hidden": sum(cell.value is None for cell in cells),
        "kept": len(kept),
        "below": sum(value < 0 for value in kept),
        "above": sum(value > 0 for value in kept),
        "one_in": round(1 / chart.rate) if chart.rate else 0,
    }


def _multiples(chart: SmallMultiples) -> dict[str, Any]:
    shown = [p for p in chart.panels if any(cell is not None and cell.value is not None for cell in p.own)]
    return {
        "scale": chart.scale,
        "panels": len(chart.panels),
        "schools": len(shown),
        "without": sum(not p.own for p in chart.panels),
        "hidden": len(chart.panels) - len(shown) - sum(not p.own for p in chart.panels),
        "first_period": chart.periods[0],
        "period": chart.periods[-1],
    }


def _map(chart: MunicipalityMap) -> dict[str, Any]:
    name = next(o.name for o in chart.outlines if o.code == chart.chosen)
    return {"name": name, "municipalities": len(chart.outlines), "compared": len(chart.compared - {chart.chosen})}


def _shares(chart: VarianceShares) -> dict[str, Any]:
    facts: dict[str, Any] = {"scale": _SHARE, "level": chart.levels[chart.focus], "bars": len(chart.bars)}
    if chart.bars:
        facts |= {"before": chart.bars[0].shares[chart.focus], "before_label": chart.bars[0].label}
    if len(chart.bars) > 1:
        facts |= {"after": chart.bars[-1].shares[chart.focus], "after_label": chart.bars[-1].label}
    return facts


def _money(chart: MoneyAgainstNeed) -> dict[str, Any]:
    shown = [p for p in chart.points if p.need.value is not None and (p.now or p.proposed) is not None]
    return {
        "schools": len(shown),
        "hidden": len(chart.points) - len(shown),
        "slope_now": _slope([(p.need, p.now) for p in shown]),
        "slope_then": _slope([(p.need, p.proposed) for p in shown]),
        "slope_full": None if chart.full is None else _crowns(chart.full[1]),
        "before": chart.before,
        "given": chart.given,
    }


FEWEST_FOR_A_SLOPE = 3
"""With fewer schools a slope is the distance between two of them."""


def _slope(pairs: Sequence[tuple[Released, Released | None]]) -> Words | None:
    """Crowns a pupil for ten points of need, by least squares weighted by pupils; None where it cannot be told."""
    known = [(n.value, m.value, float(n.n or 1)) for n, m in pairs if n.value is not None and m and m.value is not None]
    weight = sum(w for _, _, w in known)
    if len(known) < FEWEST_FOR_A_SLOPE:
        return None
    need, money = (sum(row[i] * row[2] for row in known) / weight for i in (0, 1))
    spread = sum(w * (x - need) ** 2 for x, _, w in known)
    return _crowns(sum(w * (x - need) * (y - money) for x, y, w in known) / spread) if spread > 0 else None


def _crowns(per_point: float) -> Words:
    found = {one: formats.number(per_point * 10, 0, one, signed=True) for one in Language}
    return Words(f"{found[Language.SV]}{formats.NBSP}kronor", f"{found[Language.EN]}{formats.NBSP}crowns")


def _circle(chart: CircleDiagram) -> dict[str, Any]:
    known = [one for one in chart.arrows if one.strength.value is not None]
    sure = sorted((one for one in known if one.sure), key=lambda one: -abs(one.strength.value or 0))
    facts: dict[str, Any] = {
        "links": len(known),
        "sure": len(sure),
        "may_be": len(chart.drawn) - len(sure),
        "hidden": len(chart.arrows) - len(known),
        "scale": chart.scale,
    }
    for name, one in zip(("first", "second"), sure, strict=False):
        facts |= {name: one.strength, f"{name}_link": _link(chart, one)}
    return facts


def _profile(chart: DomainProfile) -> dict[str, Any]:
    found = [row.difference for row in chart.rows if row.difference is not None]
    return {"domains": sum(one.value is not None for one in found), "hidden": sum(one.value is None for one in found)}


def _link(chart: CircleDiagram, one: CircleArrow) -> Words:
    source, target = chart.name(one.source), chart.name(one.target)
    return Words(
        f"{source.sv.lower()} till {target.sv.lower()}",
        f"{source.en.lower()} to {target.en.lower()}",
    )


_FACTS: dict[type, Callable[[Any], dict[str, Any]]] = {
    Distribution: _distribution,
    Expected: _expected,
    Funnel: _funnel,
    GapTrend: _gap,
    Trend: _trend,
    Heat: _heat,
    SmallMultiples: _multiples,
    MunicipalityMap: _map,
    VarianceShares: _shares,
    MoneyAgainstNeed: _money,
    CircleDiagram: _circle,
    DomainProfile: _profile,
    NeedOfAll: need_of_all.facts,
}
