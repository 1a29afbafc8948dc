"""The measures that pages show: their scales, names, groups and breaks, taken from the indicators' definitions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from likvard import indicators, rulebook
from likvard.figures import formats
from likvard.figures.charts import Break
from likvard.figures.figure import Explanation
from likvard.figures.measures import Period, Scale, Unit, position
from likvard.indicators import Indicator, PeriodKind
from likvard.terms import Language, SchoolForm, SchoolYear, UsageError, Words

MERIT, ALL_SUBJECTS, GRADES, PASSING = "merit_value", "share_all_subjects_year_9", "grade_points", "share_passing"
ALL_SUBJECTS_6 = "share_all_subjects_year_6"
ELIGIBLE = "share_eligible_vocational"
SAFETY, CALM = "survey_index_trygghet", "survey_index_studiero"
ABSENT, ABSENCE, UNAUTHORISED = "share_absent", "absence_share", "absence_unauthorised_share"
TEACHERS, TURNOVER, CROWNS = "share_certified_teachers", "principal_turnover", "crowns_per_pupil"
DIPLOMA, DIPLOMA_POINTS = "share_diploma", "grade_points_mean"
SAFETY_5, CALM_5 = f"{SAFETY}_pupils_gr_5", f"{CALM}_pupils_gr_5"
SAFETY_UPPER, CALM_UPPER = f"{SAFETY}_pupils_gy_2", f"{CALM}_pupils_gy_2"
TERTIARY, FOREIGN, PUPILS, REPORTS = (
    "share_parents_tertiary",
    "share_foreign_background",
    "pupils",
    "abuse_reports_per_1000",
)

SUBJECTS = ("Bi", "Bl", "En", "Fy", "Ge", "Hi", "Hkk", "Idh", "Ke", "M1", "Ma", "Mu", "Re", "Sh", "Sl", "SvSva", "Tk")

_SHORT = {
    MERIT: Words("Meritvärde", "Merit value"),
    ALL_SUBJECTS: Words("Alla ämnen", "All subjects"),
    ALL_SUBJECTS_6: Words("Alla ämnen", "All subjects"),
    GRADES: Words("Betygspoäng", "Grade points"),
    PASSING: Words("Minst E", "At least E"),
    ELIGIBLE: Words("Behöriga", "Eligible"),
    SAFETY: Words("Trygghet", "Safety"),
    CALM: Words("Studiero", "Calm"),
    SAFETY_5: Words("Trygghet", "Safety"),
    CALM_5: Words("Studiero", "Calm"),
    SAFETY_UPPER: Words("Trygghet", "Safety"),
    CALM_UPPER: Words("Studiero", "Calm"),
    DIPLOMA: Words("Examen", "Diploma"),
    DIPLOMA_POINTS: Words("Betygspoäng", "Grade points"),
    ABSENT: Words("Hög frånvaro", "High absence"),
    ABSENCE: Words("Frånvaro", "Absence"),
    UNAUTHORISED: Words("Ogiltig frånvaro", "Unauthorised absence"),
    TEACHERS: Words("Behöriga lärare", "Certified teachers"),
    TURNOVER: Words("Byten av rektor", "Changes of principal"),
    CROWNS: Words("Kronor per elev", "Crowns per pupil"),
    TERTIARY: Words("Föräldrars utbildning", "Parents' education"),
    FOREIGN: Words("Utländsk bakgrund", "Foreign background"),
    PUPILS: Words("Elever", "Pupils"),
    REPORTS: Words("Anmälningar", "Reports"),
}
_NAMES = {
    SAFETY_5: Words("Trygghet, elever i årskurs 5", "Safety, pupils in year 5"),
    CALM_5: Words("Studiero, elever i årskurs 5", "Calm, pupils in year 5"),
    SAFETY_UPPER: Words("Trygghet, elever i gymnasiets år 2", "Safety, pupils in upper secondary year 2"),
    CALM_UPPER: Words("Studiero, elever i gymnasiets år 2", "Calm, pupils in upper secondary year 2"),
}
"""Names of members of open families, whose definition speaks of them all."""
_DECIMALS = {MERIT: 0, ABSENCE: 0, UNAUTHORISED: 1}
FROM_ZERO = frozenset({ABSENT, ABSENCE, UNAUTHORISED, REPORTS, TURNOVER, PUPILS})
"""Measures whose axis begins at nought."""
_ALIAS = {ABSENT: "share_absent_15"}
_POINTS = {Unit.SHARE: Unit.SHARE_POINTS, Unit.PERCENT: Unit.PERCENT_POINTS}

GROUPS = {
    "all": Words("alla elever", "all pupils"),
    "girls": Words("flickor", "girls"),
    "boys": Words("pojkar", "boys"),
    "tertiary": Words(
        "elever vars föräldrar har eftergymnasial utbildning", "pupils whose parents have post-secondary education"
    ),
    "not_tertiary": Words("övriga elever", "other pupils"),
    "swedish": Words("elever med svensk bakgrund", "pupils with Swedish background"),
    "foreign": Words("elever med utländsk bakgrund", "pupils with foreign background"),
}
SPLITS = {
    "girls-boys": Words("Flickor och pojkar", "Girls and boys"),
    "tertiary-not_tertiary": Words("Föräldrars utbildning", "Parents' education"),
    "swedish-foreign": Words("Svensk och utländsk bakgrund", "Swedish and foreign background"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure as pages show it. `subject` is a code, or empty; `name` is the indicator's name in full."""

    id: str
    subject: str
    indicator: Indicator
    name: Words
    short: Words
    scale: Scale
    difference: Scale
    gap: Scale

    @property
    def calendar(self) -> bool:
        """Whether its years are calendar years."""
        return self.indicator.period is PeriodKind.CALENDAR_YEAR

    def period(self, year: int) -> Period:
        """A year of this measure as charts know it."""
        return year if self.calendar else SchoolYear(year)

    def breaks(self, periods: tuple[Period, ...]) -> tuple[Break, ...]:
        """The breaks in comparability that fall between the first and the last of these periods."""
        cuts = (Break(self.period(b.first), b.about) for b in self.indicator.breaks)
        return tuple(b for b in cuts if position(periods[0]) < position(b.before) <= position(periods[-1]))

    @property
    def method(self) -> tuple[Explanation, ...]:
        """What it is, why it matters, and how to read it with care."""
        found = self.indicator
        return (
            Explanation(self.name, found.definition),
            Explanation(Words("Varför det är viktigt", "Why it matters"), found.why),
            Explanation(Words("Läs med omsorg", "Read with care"), found.care),
        )


@cache
def measured(id: str, subject: str = "") -> Measured:
    """The measure of an id and a subject code. Raises `UsageError` if no indicator defines it."""
    found = indicators.load(indicator_id(id, subject))
    unit = Unit.CROWNS if id == CROWNS else Unit(found.kind.value)
    name = Words(f"{_short(id).sv} i {subject_name(subject).sv}", f"{_short(id).en} in {subject_name(subject).en}")
    name = name if subject else _NAMES.get(id, found.name)
    scale = Scale(name, unit, decimals=_DECIMALS.get(id, found.decimals), low=0 if id in FROM_ZERO else None)
    points = _POINTS.get(unit, unit)
    difference = Scale(
        Words("Skillnad från det väntade", "Difference from the expected"), points, scale.decimals, signed=True
    )
    gap = Scale(Words("Gapet", "The gap"), points, scale.decimals, low=0)
    return Measured(id, subject, found, name, _short(id), scale, difference, gap)


def indicator_id(id: str, subject: str = "") -> str:
    """The id under which a measure, perhaps of one subject, is defined.

    Swedish and Swedish as a second language are published as one; the definition of Swedish speaks for both.
    """
    if not subject:
        return _ALIAS.get(id, id)
    return f"{id}_{'sv' if subject == 'SvSva' else subject.lower()}"


def _short(id: str) -> Words:
    if id in _SHORT:
        return _SHORT[id]
    return indicators.load(_ALIAS.get(id, id)).name


def change_scale(found: Measured) -> Scale:
    """The scale of a change from one year to the next."""
    return replace(found.difference, name=Words("Ändring", "Change"))


@cache
def subject_name(code: str) -> Words:
    """The subject as it stands in running text; an empty code is all subjects."""
    if not code:
        return Words("alla ämnen", "all subjects")
    if code == "SvSva":
        return Words("svenska eller svenska som andraspråk", "Swedish or Swedish as a second language")
    known = rulebook.subjects(rulebook.first_day(SchoolYear(2024)))
    if code not in known:
        raise UsageError(f"There is no subject called {code!r}.", f"Choose one of {', '.join(SUBJECTS)}.")
    return Words(known[code].name.sv, known[code].name.en)


def capital(words: Words) -> Words:
    """The words with a capital letter first."""
    return Words(words.sv[:1].upper() + words.sv[1:], words.en[:1].upper() + words.en[1:])


def subject_short(code: str) -> Words:
    """At most eight letters for a narrow column."""
    return Words("Sv", "Sv") if code == "SvSva" else Words(code, code)


def years_text(years: tuple[int, ...]) -> str:
    """`2019/20–2023/24`, or one school year."""
    first, last = SchoolYear(min(years)), SchoolYear(max(years))
    return str(first) if first == last else f"{first}–{last}"


def how_many(count: int, one: Words, many: Words) -> Words:
    """A count with its noun, in figures: `1 skola`, `1 234 skolor`."""
    sv, en = (
        f"{formats.number(count, 0, language)}{formats.NBSP}{(one if count == 1 else many)[language]}"
        for language in Language
    )
    return Words(sv, en)


def schools(count: int) -> Words:
    """How many schools, in words that agree."""
    return how_many(count, Words("skola", "school"), Words("skolor", "schools"))


def units(count: int, after: Words) -> Words:
    """How many units, followed by a verb that agrees in English: `is` or `are` stands before `after`."""
    found = how_many(count, Words("enhet", "unit"), Words("enheter", "units"))
    return Words(f"{found.sv} är {after.sv}", f"{found.en} {'is' if count == 1 else 'are'} {after.en}")


def group_name(group: str) -> Words:
    """A group of pupils as it stands in running text; a programme by its code."""
    if group.startswith("programme:"):
        code = group.partition(":")[2]
        return Words(f"programmet {code}", f"the programme {code}")
    return GROUPS.get(group, Words(group, group))


@cache
def form_name(code: str, on: date) -> Words:
    """What a school form is called on a day, with a capital letter; the code itself where it is none of ours."""
    if code not in set(SchoolForm):
        return Words(code, code)
    return capital(rulebook.school_form_names(SchoolForm(code), on).name)
