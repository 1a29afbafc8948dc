"""One unit: where it stands, the facts around it, and the six questions that are the same for every school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import FigureKey, Publication
from likvard.figures import formats
from likvard.figures.charts import MeasureTaken
from likvard.figures.facts import Fact
from likvard.figures.figure import Figure
from likvard.figures.insight import between_units, over_time
from likvard.figures.insight import measured as m
from likvard.figures.insight.circle import profile
from likvard.figures.insight.needs import INDEX, why_not_compared
from likvard.figures.insight.needs_of_all import need_scale
from likvard.figures.insight.over_time import Told
from likvard.figures.insight.pages import KeyFact, Question, UnitPage
from likvard.figures.insight.programmes import of_unit
from likvard.figures.insight.reach import reach
from likvard.figures.insight.reading import Found, cell, newest, pooled, read, read_nation
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.measures import Scale, Unit
from likvard.figures.sentences import marked
from likvard.terms import Audience, Language, SchoolYear, UsageError, Words

TITLES = {
    "results": Words("Hur går det?", "How is it going?"),
    "groups": Words("För vem?", "For whom?"),
    "calm": Words("Är det tryggt och lugnt?", "Is it safe and calm?"),
    "presence": Words("Är eleverna här?", "Are the pupils here?"),
    "measures": Words("Vad gör vi, och hjälper det?", "What do we do, and does it help?"),
    "open": Words("Vad är öppet?", "What is open?"),
}
_EMPTY = {
    "groups": Words(
        "Grupperna är för små för att visas var för sig, eller så finns inga uppgifter om dem.",
        "The groups are too small to be shown one by one, or there are no data on them.",
    ),
    "calm": Words(
        "Skolan har inte haft enkäten två gånger med samma frågor, eller så har för få svarat.",
        "The school has not had the survey twice with the same questions, or too few answered.",
    ),
    "presence": Words(
        "Frånvaron har inte lämnats in för två läsår än.", "Absence has not been delivered for two school years yet."
    ),
    "measures": Words("Inga åtgärder är inlagda än.", "No measures have been entered yet."),
}
_NOT_PUBLIC = Words(
    "Åtgärder visas för skolans och huvudmannens egen personal.",
    "Measures are shown to the school's and the organiser's own people.",
)
FACTS = (m.PUPILS, INDEX, m.TERTIARY, m.TEACHERS, m.TURNOVER, m.CROWNS)
CURVES = (
    m.MERIT,
    m.ALL_SUBJECTS,
    m.ALL_SUBJECTS_6,
    m.SAFETY,
    m.CALM,
    m.SAFETY_5,
    m.CALM_5,
    m.SAFETY_UPPER,
    m.CALM_UPPER,
    m.DIPLOMA,
    m.DIPLOMA_POINTS,
    m.ABSENT,
    m.ABSENCE,
    m.UNAUTHORISED,
    m.REPORTS,
    *FACTS,
)
SURVEYS = (
    ((m.SAFETY, m.CALM), Words("årskurs 8", "year 8")),
    ((m.SAFETY_5, m.CALM_5), Words("årskurs 5", "year 5")),
    ((m.SAFETY_UPPER, m.CALM_UPPER), Words("gymnasiets år 2", "upper secondary year 2")),
)
"""Who is asked about safety and calm: the first that the unit has."""
ASPECTS = ("observed", "change", "expected_low", "expected_high", "difference", "gap", "gap_change")


def unit(pub: Publication, scope: Scope, code: str, *, measures_taken: Sequence[MeasureTaken] = ()) -> UnitPage:
    """The page of one of the scope's units. Raises `UsageError` if the scope has no such unit."""
    if code not in scope.units:
        raise UsageError(f"There is no unit {code} here.", "Choose one of the units that you may see.")
    one = scope.units[code]
    own = replace(scope, organiser=None, units={code: one})
    found = read(pub, own, measure=CURVES, aspect=ASPECTS, group=None, level="unit")
    subjects = read(pub, own, measure=m.GRADES, aspect="difference", subject=m.SUBJECTS, level="unit")
    nation = read_nation(pub, scope, measure=(m.MERIT, m.DIPLOMA), aspect="mean", group="all")
    drawn = {
        "results": (
            *_results(pub, one, found, nation, measures_taken),
            *_subjects(pub, own, subjects),
            *_upper(pub, one, found, nation, measures_taken),
        ),
        "groups": _groups(pub, one, found, measures_taken),
        "calm": _calm(pub, one, found, measures_taken),
        "presence": _presence(pub, one, found, measures_taken),
        "measures": (),
        "open": (),
    }
    return UnitPage(
        one,
        _lead(pub, one, found),
        _facts(pub, scope, one, found),
        tuple(
            Question(id, TITLES[id], figures, None if figures else _empty(id, one, scope, measures_taken))
            for id, figures in drawn.items()
        ),
        profile(pub, own, one),
    )


def _empty(id: str, one: UnitInfo, scope: Scope, measures_taken: Sequence[MeasureTaken]) -> Words | None:
    if id == "results":
        return why_not_compared(one)
    if id == "measures" and scope.audience is Audience.PUBLIC:
        return _NOT_PUBLIC
    return None if id == "measures" and measures_taken else _EMPTY.get(id)


def _results(
    pub: Publication, one: UnitInfo, found: Found, nation: Found, measures: Sequence[MeasureTaken]
) -> tuple[Figure, ...]:
    label, country = Words(one.name, one.name), reach(pub).name
    what = m.measured(m.MERIT)
    curve = over_time.trend(
        pub,
        [Told(label, what, found, one.code)],
        id="results",
        question=Words("Hur har resultatet utvecklats?", "How have results developed?"),
        subtitle=Words(f"{what.name.sv}, mot det väntade", f"{what.name.en}, against the expected"),
        comparison=(country, nation, "mean"),
        banded=True,
        measures=measures,
    )
    what = m.measured(m.ALL_SUBJECTS)
    passes = over_time.trend(
        pub,
        [Told(label, what, found, one.code)],
        id="all-subjects",
        question=Words("Hur många når alla ämnen?", "How many reach the goals in all subjects?"),
        subtitle=what.name,
        measures=measures,
    )
    what = m.measured(m.ALL_SUBJECTS_6)
    earlier = over_time.trend(
        pub,
        [Told(label, what, found, one.code)],
        id="all-subjects-year-6",
        question=Words("Hur många når alla ämnen i årskurs 6?", "How many reach the goals in all subjects in year 6?"),
        subtitle=what.name,
        measures=measures,
    )
    return _there(curve, passes, earlier)


def _upper(
    pub: Publication, one: UnitInfo, found: Found, nation: Found, measures: Sequence[MeasureTaken]
) -> tuple[Figure, ...]:
    """Upper secondary school: diplomas over time, and programme by programme in the newest year."""
    what, year = m.measured(m.DIPLOMA), newest(pub, m.DIPLOMA)
    curve = over_time.trend(
        pub,
        [Told(Words(one.name, one.name), what, found, one.code)],
        id="diploma",
        question=Words("Hur många tar examen?", "How many gain a diploma?"),
        subtitle=what.name,
        comparison=(reach(pub).name, nation, "mean"),
        measures=measures,
    )
    return _there(curve, of_unit(pub, found, what, year, one) if year is not None else None)


def _there(*figures: Figure | None) -> tuple[Figure, ...]:
    return tuple(figure for figure in figures if figure is not None)


def _subjects(pub: Publication, own: Scope, found: Found) -> tuple[Figure, ...]:
    question = Words("Hur går det i varje ämne?", "How do pupils do in each subject?")
    return _there(between_units.heat(pub, own, found, m.GRADES, question=question))


def _groups(pub: Publication, one: UnitInfo, found: Found, measures: Sequence[MeasureTaken]) -> tuple[Figure, ...]:
    what = m.measured(m.MERIT)
    return _there(
        *(
            over_time.gap(
                pub,
                found,
                what,
                split,
                one.code,
                "unit",
                id=f"gap-{split.replace('_', '-')}",
                question=words,
                place=one.name,
                measures=measures,
            )
            for split, words in m.SPLITS.items()
        )
    )


def _calm(pub: Publication, one: UnitInfo, found: Found, measures: Sequence[MeasureTaken]) -> tuple[Figure, ...]:
    asked = next((pair for pair, _ in SURVEYS if found.years(measure=pair[0])), SURVEYS[0][0])
    whom = dict(SURVEYS)[asked]
    lines = [Told(m.measured(id).short, m.measured(id), found, one.code) for id in asked]
    index = Scale(Words("Index 0–10", "Index 0–10"), Unit.INDEX, decimals=1)
    what = m.measured(m.REPORTS)
    survey = over_time.trend(
        pub,
        lines,
        id="safety-and-calm",
        question=Words("Vad svarar eleverna?", "What do the pupils answer?"),
        subtitle=Words(f"Enkät till {whom.sv}, index 0–10", f"Survey of {whom.en}, index 0–10"),
        scale=index,
        measures=measures,
    )
    reports = over_time.trend(
        pub,
        [Told(what.short, what, found, one.code)],
        id="abuse-reports",
        question=Words("Hur många kränkningar anmäls?", "How many cases of abuse are reported?"),
        subtitle=what.name,
        measures=measures,
    )
    return _there(survey, reports)


def _presence(pub: Publication, one: UnitInfo, found: Found, measures: Sequence[MeasureTaken]) -> tuple[Figure, ...]:
    high = m.measured(m.ABSENT)
    shares = [Told(m.measured(id).short, m.measured(id), found, one.code) for id in (m.ABSENCE, m.UNAUTHORISED)]
    many = over_time.trend(
        pub,
        [Told(high.short, high, found, one.code)],
        id="high-absence",
        question=Words("Hur många är borta mycket?", "How many are away a lot?"),
        subtitle=high.name,
        measures=measures,
    )
    much = over_time.trend(
        pub,
        shares,
        id="absence",
        question=Words("Hur mycket frånvaro är ogiltig?", "How much of the absence is unauthorised?"),
        subtitle=m.measured(m.ABSENCE).name,
        scale=Scale(m.measured(m.ABSENCE).name, Unit.SHARE, decimals=1, low=0),
        measures=measures,
    )
    return _there(many, much)


def _lead(pub: Publication, one: UnitInfo, found: Found) -> tuple[Words, ...]:
    difference = cell(found.of(m.MERIT, "difference", one.code, max(pooled(pub), default=0)))
    kept = [place for place, p in found.places() if place.aspect == "change" and p.kept]
    facts: dict[str, Fact] = {"scale": m.measured(m.MERIT).difference, "changes": len(kept)}
    if difference is not None:
        facts["difference"] = difference
    else:
        facts["instead"] = why_not_compared(one)
    return marked("lead-unit", facts)


def _facts(pub: Publication, scope: Scope, one: UnitInfo, found: Found) -> tuple[KeyFact, ...]:
    """The newest values of the measures that say what kind of school it is, beside the organiser's."""
    around = _organisers(pub, scope)
    facts = []
    for id in FACTS:
        if id == INDEX:
            facts += _need(pub, one, found)
            continue
        year, what = newest(pub, id), m.measured(id)
        published = found.of(id, "observed", one.code, year) if year is not None else None
        if year is None or published is None:
            continue
        form = FigureKey(*published.cell.key).form
        when = str(what.period(year))
        facts.append(
            KeyFact(
                what.short,
                published.cell,
                what.scale,
                Words(
                    *(
                        _remark(scope.name, around.get((id, form, year)), what.scale, when, language)
                        for language in Language
                    )
                ),
            )
        )
    return tuple(facts)


def _organisers(pub: Publication, scope: Scope) -> dict[tuple[str, str, int], Released]:
    """The organiser's own values by measure, form of school and year: a school is held beside its own form only."""
    if not scope.organiser:
        return {}
    cells = pub.cells(
        scope.audience,
        measure=FACTS,
        aspect="observed",
        subject="",
        group="all",
        level="organiser",
        areas=(scope.organiser,),
        organiser=scope.organiser,
    )
    return {(key.measure, key.form, int(key.year)): one.cell for key, one in cells.items()}


def _need(pub: Publication, one: UnitInfo, found: Found) -> list[KeyFact]:
    """The unit's need with whose pupils are 100, and how sure it is; nothing where it has none."""
    year, everybody = newest(pub, INDEX), reach(pub)
    need = cell(found.of(INDEX, "observed", one.code, year)) if year is not None else None
    if year is None or need is None:
        return []
    scale = need_scale(everybody)

    def told(language: Language) -> str:
        parts = [str(SchoolYear(year)), f"100 = {everybody.base[language]}"]
        if need.low is not None and need.high is not None:
            doubt = "osäkerhet" if language is Language.SV else "uncertainty"
            parts.append(f"{doubt} {formats.interval(need.low, need.high, scale, language)}")
        return " · ".join(parts)

    return [KeyFact(Words("Behov", "Need"), need, scale, Words(told(Language.SV), told(Language.EN)))]


def _remark(name: str, beside: Released | None, scale: Scale, when: str, language: Language) -> str:
    if beside is None or beside.value is None or scale.unit is Unit.PUPILS:
        return when
    return f"{when} · {name} {formats.with_unit(beside.value, scale, language)}"
