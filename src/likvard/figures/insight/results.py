"""Any subject, year, group split and measure: gap, where the differences lie, more than chance, expected, subjects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from likvard.disclosure.publication import Publication
from likvard.figures.figure import Figure
from likvard.figures.insight import between_units, over_time
from likvard.figures.insight import measured as m
from likvard.figures.insight.comparison import CRITERIA, comparison
from likvard.figures.insight.measured import Measured
from likvard.figures.insight.pages import Results
from likvard.figures.insight.programmes import by_programme
from likvard.figures.insight.reach import reach
from likvard.figures.insight.reading import Found, newest, read, read_nation
from likvard.figures.insight.scope import Choice, Choices, Compare, Scope
from likvard.figures.sentences import marked
from likvard.terms import Words

WHOLE = (m.MERIT, m.ALL_SUBJECTS, m.ELIGIBLE)
"""Measures over all subjects of compulsory school."""

UPPER = (m.DIPLOMA, m.DIPLOMA_POINTS)
"""Measures of upper secondary school."""

OF_SUBJECT = (m.GRADES, m.PASSING)
"""Measures of one subject."""

UNITS = ("observed", "difference", "expected", "result")
ORGANISER = ("observed", "gap", "gap_change")
NATION = ("explained", "mean", "variance_organiser", "variance_unit", "variance_class", "variance_pupil")

_EMPTY = {
    "gap": Words(
        "Gapet mellan de här grupperna kan inte visas: för få elever i någon grupp, eller inga uppgifter om grupperna.",
        "The gap between these groups cannot be shown: too few pupils in a group, or no data on the groups.",
    ),
    "variance": Words(
        "Hur skillnaderna delas mellan skolor och elever är inte uträknat för det här måttet.",
        "How differences divide between schools and pupils has not been worked out for this measure.",
    ),
    "funnel": Words(
        "Det behövs minst tre skolor vars resultat får visas, och ett samlat värde att jämföra dem med.",
        "It takes at least three schools whose results may be shown, and a joint value to compare them with.",
    ),
    "expected": Words(
        "Ingen av skolorna har ett väntat resultat i det här måttet.",
        "None of the schools has an expected result in this measure.",
    ),
    "heat": Words(
        "Ingen av skolorna har slutbetyg i årskurs 9 som kan jämföras ämne för ämne.",
        "None of the schools has final grades in year 9 that can be compared subject by subject.",
    ),
}


def results(
    pub: Publication,
    scope: Scope,
    *,
    subject: str = "",
    year: int | None = None,
    measure: str = "",
    split: str = "",
    compare: Compare | None = None,
) -> Results:
    """The results page of the reader's choices. A choice that does not exist falls back to the first that does."""
    subject = subject if subject in m.SUBJECTS else ""
    offered = OF_SUBJECT if subject else _offered(scope)
    published = [id for id in offered if newest(pub, id) is not None] or [offered[0]]
    what = m.measured(measure if measure in published else published[0], subject)
    split = split if split in m.SPLITS else next(iter(m.SPLITS))
    units, whole = _units(pub, scope, what), _whole(pub, scope, what, split)
    years = sorted({*units.years(measure=what.id), *whole.years(measure=what.id)})
    chosen = year if year in years else (years[-1] if years else 0)
    nation = read_nation(pub, scope, measure=what.id, aspect=NATION, subject=subject)
    subjects = read(pub, scope, measure=m.GRADES, aspect="difference", subject=m.SUBJECTS, level="unit")
    figures = {
        "gap": _gap(pub, scope, whole, what, split, chosen),
        "variance": between_units.variance(pub, nation, what),
        "funnel": _funnel(pub, scope, Found.joined(units, whole, nation), what, chosen),
        "expected": between_units.expected(pub, scope, units, nation, what),
        "heat": between_units.heat(pub, scope, subjects, m.GRADES),
        "programmes": by_programme(pub, scope, units, what, chosen, tuple(scope.units.values())),
    }
    return Results(
        about=Words(f"{scope.name} · {what.name.sv}", f"{scope.name} · {what.name.en}"),
        lead=_lead(pub, figures),
        comparison=comparison(pub, scope, what, units, compare) if compare is not None else None,
        choices=_choices(what, published, years, chosen, split),
        empty={name: _EMPTY[name] for name, figure in figures.items() if figure is None and name in _EMPTY},
        **figures,
    )


def _offered(scope: Scope) -> tuple[str, ...]:
    """The measures that the scope's forms of school have: those of compulsory school first."""
    forms = {form for unit in scope.units.values() for form in unit.forms}
    upper = UPPER if "GY" in forms else ()
    return (*WHOLE, *upper) if not upper or forms & {"GR", "SP", "SAM"} else upper


def _units(pub: Publication, scope: Scope, what: Measured) -> Found:
    """The units' own results in every year, and the newest intakes by which they are compared."""
    groups = None if what.id in UPPER else "all"
    own = read(pub, scope, measure=what.id, aspect=UNITS, subject=what.subject, group=groups, level="unit")
    recent = {year for id in CRITERIA if (year := newest(pub, id)) is not None}
    intake = read(pub, scope, measure=CRITERIA, aspect="observed", level="unit", years=recent)
    return Found.joined(own, intake)


def _whole(pub: Publication, scope: Scope, what: Measured, split: str) -> Found:
    groups = ("all", split, *split.split("-"))
    return read(pub, scope, measure=what.id, aspect=ORGANISER, subject=what.subject, group=groups, level="organiser")


def _gap(pub: Publication, scope: Scope, whole: Found, what: Measured, split: str, until: int) -> Figure | None:
    if scope.organiser is None:
        return None
    return over_time.gap(
        pub,
        whole,
        what,
        split,
        scope.organiser,
        "organiser",
        id="gap",
        question=Words("Blir gapet större?", "Is the gap growing?"),
        place=scope.name,
        until=until,
    )


def _funnel(pub: Publication, scope: Scope, found: Found, what: Measured, year: int) -> Figure | None:
    """The funnel of the year, or of one of the two before it: sources tell the number of pupils later than results."""
    drawn = (between_units.funnel(pub, scope, found, what, year - back) for back in range(3))
    return next((figure for figure in drawn if figure is not None), None)


def _lead(pub: Publication, figures: Mapping[str, Figure | None]) -> tuple[Words, ...]:
    """The gap and the funnel in a sentence each; where neither can be told, how the schools lie to the expected."""
    lead: tuple[Words, ...] = ()
    for name, kind in (("gap", "lead-gap"), ("funnel", "lead-funnel")):
        figure = figures[name]
        if figure is not None:
            lead += marked(kind, figure.facts)
    if not lead and (expected := figures["expected"]) is not None:
        lead = marked("lead-expected", {**expected.facts, "whose": reach(pub).schools})
    return lead


def _choices(what: Measured, published: Iterable[str], years: Iterable[int], year: int, split: str) -> Choices:
    subjects = [("", m.capital(m.subject_name(""))), *((s, m.capital(m.subject_name(s))) for s in m.SUBJECTS)]
    return Choices(
        subjects=tuple(Choice(code, name, code == what.subject) for code, name in subjects),
        years=tuple(
            Choice(str(y), Words(str(what.period(y)), str(what.period(y))), y == year)
            for y in sorted(years, reverse=True)
        ),
        measures=tuple(Choice(id, m.measured(id, what.subject).short, id == what.id) for id in published),
        splits=tuple(Choice(value, words, value == split) for value, words in m.SPLITS.items()),
    )
