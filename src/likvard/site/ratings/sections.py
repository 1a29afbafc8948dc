"""The report's parts as text and tables, made once and shown on the page, in the PDF and at the desk.

Shares are of organisers, never of pupils, and no organiser is named. A table whose numbers rest on fewer than `LEAST` marked
organisers is left out: a share of a handful says who they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.figures import formats
from likvard.flow.national import Estimate, National, Pair
from likvard.rulebook.kinds.rubric import Rubric
from likvard.site.ratings.rubrics import rubric_on
from likvard.site.ratings.shares import between, class_names, coefficient, per_cent
from likvard.site.ui.components import Cell, Column, Fact, Label, Row, Table
from likvard.site.ui.language import current

LEAST = 10
"""Fewest marked organisers that a report is made of: `flow.national` models no fewer."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report: its heading, what it says (`**bold**`), a table and a line below. `id` is its anchor."""

    id: str
    heading: str
    says: tuple[str, ...] = ()
    table: Table | None = None
    note: str = ""
    facts: tuple[Fact, ...] = ()


def rubric_in(said: Mapping[str, Any]) -> Rubric:
    """The rubric that a version of a report speaks of."""
    return rubric_on(date.fromisoformat(said["round"]["rubric_on"]))


def parts(found: National, said: Mapping[str, Any]) -> tuple[Part, ...]:
    """Every part of a report after its introduction, in the order of reading."""
    rubric = rubric_in(said)
    made = (
        classes(found, rubric), statements(found), criteria(found, rubric), kinds(found, rubric), together(found, rubric),
        later(found, rubric), weights(found, rubric), method(found, said),
    )  # fmt: skip
    return tuple(one for one in made if one is not None)


def classes(found: National, rubric: Rubric) -> Part:
    """Shares of the nation's organisers by class, with doubt, beside those of the marked alone."""
    names, columns = class_names(rubric), _columns(_("Class"), _("Share"), _("Uncertainty"), _("Among the marked"))
    rows = tuple(
        _row(
            names[one.cls].capitalize(),
            per_cent(one.weighted.value),
            between(one.weighted),
            per_cent(one.unweighted.value),
        )
        for one in found.shares
    )
    weakest = found.shares[-1]
    words = {
        "marked": per_cent(weakest.unweighted.value), "all": per_cent(weakest.weighted.value), "name": names[weakest.cls],
    }  # fmt: skip
    worse = weakest.unweighted.value - weakest.weighted.value
    says = (
        _("**%(all)s** of all organisers work against segregation %(name)s. Among those marked it is **%(marked)s**.")
        % words
    )
    if worse >= 0.01:
        says += " " + _("They were drawn because the risk was high, so without recounting it looks worse than it is.")
    note = _("Weighted by the known chance of being drawn. The interval holds the true share in 95 cases of 100.")
    return Part("klasser", _("The country's organisers in three classes"), (says,), Table(_("Share of organisers by class"), columns, rows), note)  # fmt: skip


def statements(found: National) -> Part:
    """What has been said of the country, held against the estimate."""
    columns = (
        Column(_("Statement")),
        Column(_("The share")),
        Column(_("Does it hold?")),
        Column(_("What can be said")),
    )
    rows = tuple(
        _row(
            one.words[current()], f"{per_cent(one.estimate.value)} ({between(one.estimate)})", one.told[current()],
            one.instead[current()],
        )
        for one in found.statements
    )  # fmt: skip
    says = _("The two statements are nested: the organisers of the second are among those of the first.")
    return Part("pastaenden", _("Three of four and one of four: does it hold?"), (says,), Table(_("Statements held against the marks"), columns, rows))  # fmt: skip


def criteria(found: National, rubric: Rubric) -> Part:
    """Levels by criterion over the nation, and how often two markers chose the same."""
    shares = {(one.criterion, one.level): one.share.value for one in found.levels}
    agreed = {one.criterion: one for one in found.agreement}
    top = len(rubric.levels) - 1
    columns = _columns(_("Criterion"), *(name[current()].capitalize() for name in reversed(rubric.levels)), _("Same level"), _("Alpha"))  # fmt: skip
    rows = tuple(
        _row(
            one.name[current()],
            *(per_cent(shares.get((code, level), float("nan"))) for level in range(top, -1, -1)),
            per_cent(agreed[code].same) if code in agreed else "–",
            coefficient(agreed[code].alpha.value) if code in agreed else "–",
        )
        for code, one in rubric.criteria.items()
    )
    weakest = max(rubric.criteria, key=lambda code: shares.get((code, 0), 0.0))
    words = {"what": rubric.criteria[weakest].name[current()].lower(), "share": per_cent(shares.get((weakest, 0), float("nan")))}  # fmt: skip
    says = _("Weakest is **%(what)s**: at %(share)s of the organisers it is on the lowest level.") % words
    note = _("Same level: both markers chose it before they spoke. Alpha is Krippendorff's coefficient: 1 is full agreement, 0 is chance.")  # fmt: skip
    return Part("delar", _("What does the rating consist of?"), (says,), Table(_("Levels by criterion over the country"), columns, rows), note)  # fmt: skip


def kinds(found: National, rubric: Rubric) -> Part | None:
    """The same shares for each kind of organiser of which enough were marked."""
    if not found.kinds:
        return None
    names = class_names(rubric)
    columns = _columns(_("Kind of organiser"), *(names[key].capitalize() for key in found.classes))
    rows = tuple(
        _row(rubric.kinds[kind][current()].capitalize(), *(_share(shares[key]) for key in found.classes))
        for kind, shares in sorted(found.kinds.items())
    )
    return Part("slag", _("Municipalities and others"), (), Table(_("Share by class and kind of organiser"), columns, rows), _("Kinds with fewer than ten marked organisers are not shown."))  # fmt: skip


def _share(found: Estimate) -> str:
    return f"{per_cent(found.value)} ({between(found)})"


def together(found: National, rubric: Rubric) -> Part | None:
    """Which criteria are weak at the same organisers, beyond chance."""
    kept = [pair for pair in found.weak_together.pairs if pair.survives]
    words = {"kept": len(kept), "tests": found.weak_together.tests}
    says = ngettext(
        "%(kept)s pair of %(tests)s comes together more or less often than chance gives.",
        "%(kept)s pairs of %(tests)s come together more or less often than chance gives.",
        len(kept),
    ) % {name: formats.count(value, current()) for name, value in words.items()}
    says = says[:1].upper() + says[1:]
    heading, cause = _("What is weak together?"), _("That two things come together does not say that one leads to the other.")  # fmt: skip
    if not kept:
        return Part("tillsammans", heading, (says, cause))
    columns = _columns(_("Weak at the same organisers"), _("Number"), _("By chance"), _("Odds ratio"), _("Uncertainty"))
    rows = tuple(_row(_pair(one, rubric), str(one.both), formats.number(one.expected, 1, current()), _number(one.odds.value), _range(one.odds)) for one in kept)  # fmt: skip
    return Part("tillsammans", heading, (says, cause), Table(_("Pairs of criteria that are weak together"), columns, rows))  # fmt: skip


def _pair(one: Pair, rubric: Rubric) -> str:
    first, second = (rubric.criteria[code].name[current()] for code in (one.first, one.second))
    return _("%(first)s and %(second)s") % {"first": first, "second": second[:1].lower() + second[1:]}


def _number(value: float) -> str:
    return formats.number(value, 1, current()) if isfinite(value) else "–"


def _range(found: Estimate) -> str:
    return f"{_number(found.low)}–{_number(found.high)}"


def later(found: National, rubric: Rubric) -> Part | None:
    """Whether the class foretells later results."""
    if found.prediction is None:
        return None
    names = class_names(rubric)
    columns = _columns(_("Class"), _("Later results against the strongest class"), _("Uncertainty"))
    rows = tuple(
        _row(names[key].capitalize(), _signed(one.value), f"{_signed(one.low)} {_('to')} {_signed(one.high)}")
        for key, one in found.prediction.differences.items()
    )
    sure = isfinite(found.prediction.p) and found.prediction.p < 0.05
    says = _("The class goes with later results, those before held equal.") if sure else _("The class does not foretell later results more than chance does.")  # fmt: skip
    return Part("senare", _("Does the class foretell results?"), (says,), Table(_("Later results by class"), columns, rows))  # fmt: skip


def _signed(value: float) -> str:
    return formats.number(value, 1, current(), signed=True) if isfinite(value) else "–"


def weights(found: National, rubric: Rubric) -> Part:
    """The same shares by other ways to weigh."""
    names = class_names(rubric)
    columns = _columns(_("Way to weigh"), *(names[key].capitalize() for key in found.classes))
    rows = tuple(_row(one.name[current()], *(per_cent(one.shares[key].value) for key in found.classes)) for one in found.sensitivity)  # fmt: skip
    span = max((_span(found, key) for key in found.classes), default=0.0)
    points = formats.number(span * 100, 0, current())
    says = _("The share of a class moves by at most **%(points)s percentage points** between the ways.") % {
        "points": points
    }
    return Part("vikter", _("How much rests on how we weigh?"), (says,), Table(_("Share by class and way to weigh"), columns, rows))  # fmt: skip


def _span(found: National, key: str) -> float:
    values = [one.shares[key].value for one in found.sensitivity if isfinite(one.shares[key].value)]
    return max(values) - min(values) if values else 0.0


def method(found: National, said: Mapping[str, Any]) -> Part:
    """How it was done, so that anybody can judge it and do it again, and what to be careful with."""
    about, rule = said["round"], said["round"]["rule"]
    facts = (
        Fact(_("Rubric"), _("version %(version)s") % {"version": found.rubric}),
        Fact(_("Organisers in the country"), formats.number(found.population, 0, current())),
        Fact(_("Marked"), formats.number(found.marked, 0, current()), _("%(count)s of them by two markers who did not see one another") % {"count": found.doubled}),
        Fact(_("Changed after the organiser's reply"), str(about["changed_by_reply"])),
        Fact(_("Audited by a third person"), str(about["audited"]), _("changed at %(count)s") % {"count": about["changed_by_audit"]}),
        Fact(_("Agreement over all criteria"), coefficient(found.overall.alpha.value), f"{coefficient(found.overall.alpha.low)}–{coefficient(found.overall.alpha.high)}"),
        Fact(_("Drawn"), _("%(high)s per cent of those of high risk, %(rest)s per cent of the others, %(unknown)s per cent without figures") % rule),
        Fact(_("Seed of the draw"), rule["seed"], about["seed_from"]),
        Fact(_("Seal of the frame (SHA-256)"), about["frame"]),
        Fact(_("Seal of the marks (SHA-256)"), about["marks"]),
        Fact(_("Worked out by"), about["software"]),
    )  # fmt: skip
    return Part("metod", _("Method and doubts"), tuple(one.words[current()] for one in found.warnings), None, "", facts)


def _columns(first: str, *rest: str) -> tuple[Column, ...]:
    return (Column(first), *(Column(name, numeric=True) for name in rest))


def _row(first: str, *rest: Label) -> Row:
    return Row(Cell(first), tuple(Cell(one) for one in rest))


def lines(
    found: National, said: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, float | None, float | None, float | None]]:
    """Every number of the report as a row of its data file: part, what, class or level, value, and the ends of its interval."""
    for one in found.shares:
        yield "classes", "weighted", one.cls, *_ends(one.weighted)
        yield "classes", "unweighted", one.cls, *_ends(one.unweighted)
    for kind, shares in sorted(found.kinds.items()):
        for key, share in shares.items():
            yield "kinds", kind, key, *_ends(share)
    for level in found.levels:
        yield "levels", level.criterion, str(level.level), *_ends(level.share)
    for agreed in (found.overall, *found.agreement):
        yield "agreement", agreed.criterion or "all", "alpha", *_ends(agreed.alpha)
        yield "agreement", agreed.criterion or "all", "kappa", *_ends(agreed.kappa)
        yield "agreement", agreed.criterion or "all", "same", _finite(agreed.same), None, None
    for scheme in found.sensitivity:
        for key, share in scheme.shares.items():
            yield "sensitivity", scheme.key, key, *_ends(share)
    for statement in found.statements:
        yield "statements", statement.key, statement.verdict, *_ends(statement.estimate)
    for pair in found.weak_together.pairs:
        yield "weak_together", f"{pair.first}+{pair.second}", "survives" if pair.survives else "", *_ends(pair.odds)


def _ends(found: Estimate) -> tuple[float | None, float | None, float | None]:
    return _finite(found.value), _finite(found.low), _finite(found.high)


def _finite(value: float) -> float | None:
    return round(value, 6) if isfinite(value) else None
