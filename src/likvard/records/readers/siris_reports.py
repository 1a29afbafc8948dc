"""SIRIS reports and their columns: which column of which report is which measure, however its name has drifted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from likvard.records.readers.naming import slug
from likvard.terms import SchoolForm

SHARE, COUNT, NUMBER = "share", "count", "number"

_GIRLS, _BOYS, _ALL = "girls", "boys", "all"
SEXES = {
    "flickor": _GIRLS,
    "kvinnor": _GIRLS,
    "pojkar": _BOYS,
    "män": _BOYS,
    "totalt": _ALL,
    "samtliga": _ALL,
    "båda": _ALL,
}
TEST_SUBJECTS = {"svenska": "sve", "svenska som andraspråk": "sva", "engelska": "eng", "matematik": "ma"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One measure and the column names that mean it: `pattern` must match the whole normalised name.

    `kind` says what the numbers are: a share in per cent, a count, or another number up to `most`. `base` is the
    measure that a share or mean rests on. A measure may hold `{year}`, `{subject}` and groups of the pattern.
    """

    pattern: str
    measure: str
    kind: str
    base: str = ""
    most: float = 1e9
    least: float = 0.0
    form: SchoolForm | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A SIRIS report: its stable name, the titles that announce it, whether its year is the spring's, its columns."""

    name: str
    title: str
    spring: bool
    rules: tuple[Rule, ...] = ()


_TAKERS = "test_takers_{subject}_year_{year}"
_GRADED = "pupils_final_grades_year_9"
_FINAL = (
    Rule(r"antal elever( i årskurs 9)?", _GRADED, COUNT),
    Rule(r"andel .*(alla ämnen|kunskapskraven).*", "share_all_subjects_year_9", SHARE, _GRADED),
    Rule(
        r"andel .*behörig.* till yrkesprog.*|andel .*behörig.* yrkesprog.*", "share_eligible_vocational", SHARE, _GRADED
    ),
    Rule(r"genomsnittligt meritvärde ?\(?16.*", "merit_value_16", NUMBER, _GRADED, 320),
    Rule(r"genomsnittligt meritvärde ?\(?17.*", "merit_value", NUMBER, _GRADED, 340),
    Rule(r"genomsnittligt meritvärde", "merit_value_by_year", NUMBER, _GRADED, 340),
)
_ELIGIBILITY = (
    Rule(r"antal elever", _GRADED, COUNT),
    Rule(r"andel .*behörig.* yrkesprog.*", "share_eligible_vocational", SHARE, _GRADED),
    Rule(r"andel .*behörig.* estetisk.*", "share_eligible_arts", SHARE, _GRADED),
    Rule(r"andel .*behörig.* ekonomi.*", "share_eligible_social", SHARE, _GRADED),
    Rule(r"andel .*behörig.* naturvet.*", "share_eligible_science", SHARE, _GRADED),
)
_TESTS = (
    Rule(r"antal elever med provbetyg.*", _TAKERS, COUNT),
    Rule(r"andel .*provbetyg a-e.*", "test_share_passed_{subject}_year_{year}", SHARE, _TAKERS),
    Rule(r"genomsnittlig (prov)?betygspoäng.*", "test_mean_{subject}_year_{year}", NUMBER, _TAKERS, 20),
    Rule(r"andel .*deltagit.*", "test_share_taken_{subject}_year_{year}", SHARE),
)
_SIX = "pupils_graded_year_6"
_YEAR_6 = (
    Rule(r"antal elever", _SIX, COUNT),
    Rule(r"antal ämnesbetyg.*", "grades_per_pupil_year_6", NUMBER, _SIX, 30),
    Rule(r"andel .*ej fått godkänt betyg i ett ämne.*", "share_failed_one_subject_year_6", SHARE, _SIX),
    Rule(r"andel .*ej fått godkänt betyg i (fler|alla).*", "share_failed_several_subjects_year_6", SHARE, _SIX),
    Rule(r"andel .*alla ämnen.*", "share_all_subjects_year_6", SHARE, _SIX),
)
_PASSED, _MERIT = r"andel .*(uppn|uppfyll|kunskapskrav|betygskrit).*", r".*meritvärde.*"
_SALSA = (
    Rule(r".*föräldrarnas genomsnittliga utb.*", "salsa_parents_education", NUMBER, most=3),
    Rule(r".*andel nyinvandrade.*", "salsa_share_newly_arrived", SHARE),
    Rule(r".*andel pojkar.*", "salsa_share_boys", SHARE),
    Rule(rf"{_PASSED} faktiskt värde.*", "salsa_share_all_subjects_actual", SHARE),
    Rule(rf"{_PASSED} modell- ?beräknat.*", "salsa_share_all_subjects_expected", SHARE, most=1.5, least=-0.5),
    Rule(rf"{_PASSED} residual.*", "salsa_share_all_subjects_residual", SHARE, most=1, least=-1),
    Rule(rf"{_MERIT} faktiskt värde.*", "salsa_merit_value_actual", NUMBER, most=340),
    Rule(rf"{_MERIT} modell- ?beräknat.*", "salsa_merit_value_expected", NUMBER, most=400),
    Rule(rf"{_MERIT} residual.*", "salsa_merit_value_residual", NUMBER, most=340, least=-340),
)
_PRE = SchoolForm.PRESCHOOL_CLASS
_PUPILS = (
    Rule(r"elever, förskoleklass", "pupils_preschool_class", COUNT, form=_PRE),
    Rule(r"andel flickor, förskoleklass", "share_girls_preschool_class", SHARE, "pupils_preschool_class", form=_PRE),
    Rule(r"elever, årskurs 1-(9|10)", "pupils", COUNT),
    Rule(r"andel flickor, årskurs 1-(9|10)", "share_girls", SHARE, "pupils"),
    Rule(r"andel elever med utländsk bakgrund, åk 1-(9|10)", "share_foreign_background", SHARE, "pupils"),
    Rule(r"andel elever med föräldrar med eftergymnasial utb.*", "share_parents_tertiary", SHARE, "pupils"),
    Rule(r"elever, årskurs (\d|10)", r"pupils_year_\1", COUNT),
)
_FULL_TIME, _SERVING = r"#?heltidstjänster", r"#?tjänstgörande lärare"
_STAFF = (
    Rule(rf"{_FULL_TIME} totalt antal", "teachers_full_time", NUMBER),
    Rule(rf"{_FULL_TIME} antal med lärarlegitimation.*", "teachers_full_time_certified", NUMBER),
    Rule(rf"{_FULL_TIME} andel med lärarlegitimation.*", "share_certified_teachers", SHARE),
    Rule(rf"{_FULL_TIME} förstelärare", "first_teachers_full_time", NUMBER),
    Rule(rf"{_SERVING} totalt antal", "teachers", COUNT),
    Rule(rf"{_SERVING} antal med lärarlegitimation.*", "teachers_certified_any_subject", COUNT),
    Rule(rf"{_SERVING} andel med lärarlegitimation.*", "share_certified_any_subject", SHARE),
    Rule(rf"{_SERVING} förstelärare", "first_teachers", COUNT),
    Rule(r"antal elever per lärare.*", "pupils_per_teacher", NUMBER),
)

# The order matters: the first title that matches names the report.
REPORTS: tuple[Report, ...] = (
    Report("pupils", r"antal elever per årskurs", False, _PUPILS),
    Report("salsa", r"salsa", True, _SALSA),
    Report("eligibility", r"behörighet till gymnasie", True, _ELIGIBILITY),
    Report("tests", r"nationella prov(en)? (i )?(årskurs|åk) ?(?P<year>[369])", True, _TESTS),
    Report("grades-year-6", r"betyg (i )?årskurs 6", True, _YEAR_6),
    Report("final-grades", r"slutbetyg (i )?årskurs 9", True, _FINAL),
    Report("staff", r"personalstatistik", False, _STAFF),
)


def report_of(title: str) -> tuple[Report, str]:
    """The report that a title announces, and the årskurs it names if any; an unknown title is a report of its own."""
    lowered = title.lower()
    for report in REPORTS:
        match = re.search(report.title, lowered)
        if match is not None:
            return report, match.groupdict().get("year") or ""
    return Report(slug(title, "-"), "", False), ""


def normalise(name: str) -> str:
    """A column name in lower case without "(%)", doubled spaces and footnote marks."""
    plain = re.sub(r"\(\s*%\s*\)", " ", name.replace("\u00a0", " ").lower())
    return re.sub(r"\s+", " ", plain).strip(" *")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a column means: the measure, the group it is for, the rule that said so (None: unknown), what it rests on.

    A measure still holds `{subject}` where another column of the file tells the subject.
    """

    measure: str
    group: str
    rule: Rule | None
    base: str
    title: str


def meaning(report: Report, category: str, name: str, year: str) -> Meant:
    """What a column means in a report. A sex in the category row or the name makes the group, a test's subject its measure.

    Columns that leave out pupils of unknown background get the ending `_known_background`. A column that no rule
    knows becomes `siris:<its name>`, with the source's own unit.
    """
    parts = [normalise(part) for part in (category, name) if part]
    group = next((SEXES[part] for part in parts if part in SEXES), _ALL)
    subject = next((TEST_SUBJECTS[part] for part in parts if part in TEST_SUBJECTS), "{subject}")
    said = [part for part in parts if part not in SEXES and part not in TEST_SUBJECTS]
    plain = " ".join(re.sub(r"\(?(?:inkl|exkl)\b.*", "", part).strip() for part in said).strip()
    title = " – ".join(part for part in (category, name) if part)
    for rule in report.rules:
        match = re.fullmatch(rule.pattern, plain)
        if match is not None:
            measure = match.expand(_filled(rule.measure, year, subject))
            known = "_known_background" if any("exkl" in part for part in said) else ""
            return Meant(measure + known, group, rule, _filled(rule.base, year, subject), title)
    return Meant("siris:" + slug(" ".join(said)), group, None, "", title)


def _filled(measure: str, year: str, subject: str) -> str:
    return measure.replace("{year}", year).replace("{subject}", subject)
