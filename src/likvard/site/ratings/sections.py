"""The report's figures and facts, made once and shown on the page, at the desk, in the PDF and in the data files.

Every figure has passed the gate (`flow.national_figures`): shares are of organisers, and no organiser is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.figures.charts import VarianceShares
from likvard.figures.figure import Figure, Source
from likvard.figures.sentences import marked
from likvard.flow.national import Estimate, National, Prediction, Together
from likvard.flow.national_figures import figures
from likvard.rulebook.kinds.rubric import Rubric
from likvard.site.ratings.rubrics import rubric_on
from likvard.site.ratings.shares import between, class_names, coefficient, per_cent
from likvard.site.ui.components import Cell, Column, Fact, Row, Table
from likvard.site.ui.language import current
from likvard.terms import Words

SOURCE = Words("Bedömningsomgången", "The marking round")
Line = tuple[str, str, str, float | None, float | None, float | None]


def rubric_in(said: Mapping[str, Any]) -> Rubric:
    """The rubric that a version of a report speaks of."""
    return rubric_on(date.fromisoformat(said["round"]["rubric_on"]))


def figures_of(found: National, said: Mapping[str, Any], on: date) -> tuple[Figure, ...]:
    """Every figure of the report in the order of reading, as released on the day."""
    source = Source(SOURCE, said["round"]["name"], ())
    return figures(found, rubric_in(said), on=on, source=source)


@dataclass(frozen=True, slots=True)
class Headline:
    """What the report opens with: the classes with their intervals, those of the marked alone, and by kind of organiser."""

    says: str
    table: Table
    note: str
    kinds: Table | None = None


def headline(found: National, rubric: Rubric) -> Headline:
    """The shares of the nation's organisers by class, in words and as tables."""
    names, weakest = class_names(rubric), found.shares[-1]
    words = {
        "marked": per_cent(weakest.unweighted.value), "all": per_cent(weakest.weighted.value), "name": names[weakest.cls],
        "span": between(weakest.weighted),
    }  # fmt: skip
    says = _("**%(all)s** of the country's organisers work against segregation %(name)s (uncertainty %(span)s). Among those marked it is **%(marked)s**.")  # fmt: skip
    says %= words
    if weakest.unweighted.value - weakest.weighted.value >= 0.01:
        says += " " + _("More were drawn where the risk was high, so without recounting it looks worse than it is.")
    note = _("Weighted by the known chance of being drawn. The interval holds the true share in 95 cases of 100.")
    return Headline(says, _table(found, names), note, _kinds(found, rubric, names))


def _table(found: National, names: Mapping[str, str]) -> Table:
    columns = _columns(_("Class"), _("Share"), _("Uncertainty"), _("Among the marked"))
    rows = tuple(
        _row(
            names[one.cls].capitalize(),
            per_cent(one.weighted.value),
            between(one.weighted),
            per_cent(one.unweighted.value),
        )
        for one in found.shares
    )
    return Table(_("Share of organisers by class"), columns, rows)


def _kinds(found: National, rubric: Rubric, names: Mapping[str, str]) -> Table | None:
    if not found.kinds:
        return None
    columns = _columns(_("Kind of organiser"), *(names[key].capitalize() for key in found.classes))
    rows = tuple(
        _row(rubric.kinds[kind][current()].capitalize(), *(f"{per_cent(of[key].value)} ({between(of[key])})" for key in found.classes))
        for kind, of in sorted(found.kinds.items())
    )  # fmt: skip
    return Table(_("Share by class and kind of organiser"), columns, rows)


def is_whole(figure: Figure) -> bool:
    """Whether every number of the classes was released: only then is the picture drawn."""
    chart = figure.chart
    return isinstance(chart, VarianceShares) and all(one.value is not None for bar in chart.bars for one in bar.shares)


def sentences(figure: Figure) -> tuple[str, ...]:
    """What a figure says by rule, with `**` around its fact."""
    return tuple(words[current()] for words in marked(figure.kind, figure.facts))


def cautions(found: National) -> tuple[str, ...]:
    """What a reader must know about what the report rests on."""
    return tuple(one.words[current()] for one in found.warnings)


def method(found: National, said: Mapping[str, Any]) -> tuple[Fact, ...]:
    """How it was done, so that anybody can judge it and do it again."""
    about, rule = said["round"], said["round"]["rule"]
    doubled = {"count": formats.number(found.doubled, 0, current())}
    return (
        Fact(_("Rubric"), _("version %(version)s") % {"version": found.rubric}),
        Fact(_("Organisers in the country"), formats.number(found.population, 0, current())),
        Fact(_("Marked"), formats.number(found.marked, 0, current()), _("%(count)s of them by two who did not see one another") % doubled),
        Fact(_("Changed after the organiser's reply"), formats.number(about["changed_by_reply"], 0, current())),
        Fact(_("Audited by a third person"), formats.number(about["audited"], 0, current()), _("changed at %(count)s") % {"count": about["changed_by_audit"]}),
        Fact(_("Agreement over all criteria"), coefficient(found.overall.alpha.value), _("Krippendorff's alpha: 1 is full agreement, 0 is chance")),
        Fact(_("Drawn"), _("%(high)s per cent of those of high risk, %(rest)s per cent of the others, %(unknown)s per cent without figures") % rule),
        Fact(_("Seed"), rule["seed"], _("It comes from: %(where)s") % {"where": about["seed_from"]}),
        Fact(_("Seal of the frame (SHA-256)"), about["frame"]),
        Fact(_("Seal of the marks (SHA-256)"), about["marks"]),
        Fact(_("Worked out by"), about["software"]),
    )  # fmt: skip


def _columns(first: str, *rest: str) -> tuple[Column, ...]:
    return (Column(first), *(Column(name, numeric=True) for name in rest))


def _row(first: str, *rest: str) -> Row:
    return Row(Cell(first), tuple(Cell(one) for one in rest))


def lines(found: National) -> Iterator[Line]:
    """Every number of the report as a row of its data file: part, what, class or level, value, and the ends of its interval."""
    for one in found.shares:
        yield "classes", "weighted", one.cls, *_ends(one.weighted)
        yield "classes", "unweighted", one.cls, *_ends(one.unweighted)
    for kind, shares in sorted(found.kinds.items()):
        for key, share in shares.items():
            yield "kinds", kind, key, *_ends(share)
    for level in found.levels:
        yield "levels", level.criterion, str(level.level), *_ends(level.share)
    yield from _agreement(found)
    for scheme in found.sensitivity:
        for key, share in scheme.shares.items():
            yield "sensitivity", scheme.key, key, *_ends(share)
    for statement in found.statements:
        yield "statements", statement.key, statement.verdict, *_ends(statement.estimate)
    yield from _pairs("weak_together", found.weak_together)
    yield from _pairs("findings_together", found.findings_together)
    yield from _later(found.prediction)


def _pairs(part: str, found: Together | None) -> Iterator[Line]:
    for pair in found.pairs if found else ():
        yield part, f"{pair.first}+{pair.second}", "clear" if pair.survives else "", *_ends(pair.odds)


def _later(found: Prediction | None) -> Iterator[Line]:
    if found is None:
        return
    for part, told in (("later", found.differences), ("later_check", found.placebo)):
        for key, one in told.items():
            yield part, "" if found.after is None else str(found.after), key, *_ends(one)


def _agreement(found: National) -> Iterator[Line]:
    for agreed in (found.overall, *found.agreement):
        what = agreed.criterion or "all"
        yield "agreement", what, "alpha", *_ends(agreed.alpha)
        yield "agreement", what, "kappa", *_ends(agreed.kappa)
        yield "agreement", what, "same", _finite(agreed.same), None, None


def _ends(found: Estimate) -> tuple[float | None, float | None, float | None]:
    return _finite(found.value), _finite(found.low), _finite(found.high)


def _finite(value: float) -> float | None:
    return round(value, 6) if isfinite(value) else None
