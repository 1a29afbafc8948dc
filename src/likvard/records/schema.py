"""Every table that may lie in the lake, declared once: readers fill them, checks read them, the manual lists them."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
WHOLE = pa.int32()
YEAR = pa.int16()
NUMBER = pa.float64()
DAY = pa.date32()
FLAG = pa.bool_()

LINE = "_line"  # a column that readers may add to any table: the line of the file, counted from 1, of each row


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, what it means, whether it may be empty, and which values it may hold."""

    name: str
    type: pa.DataType
    about: str
    nullable: bool = True
    allowed: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the lake. `key` names the columns that identify a row; `order` is how rows lie on disk."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    personal: bool = False

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of the table."""
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])

    def __getitem__(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


def _required(name: str, type: pa.DataType, about: str, **rest: object) -> Column:
    return Column(name, type, about, nullable=False, **rest)  # type: ignore[arg-type]


_UNIT = r"\d{8}"
_ORGANISER = r"\d{10}"
_MUNICIPALITY = r"\d{4}"

_unit = _required("unit_code", TEXT, "School unit code, eight digits, as text.", pattern=_UNIT)
_pupil = _required("pupil_id", TEXT, "Pseudonym of the pupil: a keyed hash, never a personal number.")
_year = _required("school_year", YEAR, "Calendar year in which the school year begins: 2023 is 2023/24.")
_form = _required("school_form", TEXT, "School form by the rulebook's code (GR, GRAN, GY, …).")
_value = (
    Column("value", NUMBER, "The number; empty where `status` says why."),
    Column("low", NUMBER, "Lower end of what the source's symbol allows (for ~100: (n-4)/n), if known."),
    Column("high", NUMBER, "Upper end of what the source's symbol allows, if known."),
    _required("status", TEXT, "Empty text: exact. Otherwise a code of `terms.Missing`."),
    Column("raw", TEXT, "The cell as published."),
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table(
            "organiser",
            "A school organiser (huvudman) in a school year.",
            (
                _required("organiser_number", TEXT, "Organisation number, ten digits.", pattern=_ORGANISER),
                _year,
                _required("name", TEXT, "Name in that year."),
                _required("kind", TEXT, "municipal, independent, regional or state."),
                Column(
                    "municipality_code",
                    TEXT,
                    "Own municipality, for municipal organisers.",
                    pattern=_MUNICIPALITY,
                ),
            ),
            key=("organiser_number", "school_year"),
            order=("organiser_number", "school_year"),
        ),
        Table(
            "unit",
            "A school unit (skolenhet) and form in a school year, as the source of that year described it.",
            (
                _unit,
                _year,
                _required("name", TEXT, "Name in that year."),
                _form,
                Column("municipality_code", TEXT, "Municipality where it lies.", pattern=_MUNICIPALITY),
                Column("organiser_number", TEXT, "Its organiser in that year.", pattern=_ORGANISER),
                Column("organiser_name", TEXT, "The organiser's name in that year."),
                Column("organiser_kind", TEXT, "municipal, independent, regional or state."),
                Column("status", TEXT, "active, dormant, closed or planned, where known."),
            ),
            key=("unit_code", "school_form", "school_year"),
            order=("municipality_code", "unit_code", "school_year"),
        ),
        Table(
            "unit_lineage",
            "A unit that continues another: hand-kept, with its source, because the register has no such links.",
            (
                _required("predecessor", TEXT, "Unit code before.", pattern=_UNIT),
                _required("successor", TEXT, "Unit code after.", pattern=_UNIT),
                _required(
                    "kind",
                    TEXT,
                    "How.",
                    allowed=("renamed", "merged", "split", "moved", "new_organiser", "recoded"),
                ),
                Column("on", DAY, "From which day."),
                _required("confirmed", FLAG, "Whether somebody who knows has confirmed it."),
                _required("source", TEXT, "Where it is known from."),
            ),
            key=("predecessor", "successor"),
            order=("predecessor", "successor"),
        ),
        Table(
            "principal_spell",
            "A principal's time at a unit.",
            (
                _unit,
                _required("principal_id", TEXT, "Pseudonym of the principal."),
                _required("start", DAY, "First day."),
                Column("end", DAY, "Last day; empty while it lasts."),
            ),
            key=("unit_code", "principal_id", "start"),
            order=("unit_code", "start"),
            personal=True,
        ),
        Table(
            "pupil",
            "A pupil's background in a school year.",
            (
                _pupil,
                _year,
                Column("birth_year", YEAR, "Year of birth."),
                Column("birth_month", pa.int8(), "Month of birth."),
                Column("sex", TEXT, "Legal sex.", allowed=("girl", "boy")),
                Column(
                    "parents_education",
                    TEXT,
                    "Highest education of the guardians.",
                    allowed=("compulsory", "upper_secondary", "tertiary"),
                ),
                Column("foreign_background", FLAG, "Born abroad, or both parents born abroad."),
                Column("years_in_sweden", pa.int8(), "Years since immigration; empty if born in Sweden."),
                Column("municipality_code", TEXT, "Municipality where the pupil lives.", pattern=_MUNICIPALITY),
                _required("protected", FLAG, "Protected identity: counted in sums, shown nowhere."),
            ),
            key=("pupil_id", "school_year"),
            order=("school_year", "pupil_id"),
            personal=True,
        ),
        Table(
            "enrolment",
            "Where a pupil went to school in a school year.",
            (
                _pupil,
                _unit,
                _form,
                _year,
                Column("grade_year", pa.int8(), "Årskurs: 0 preschool class, 1-9 (10 from 2028), 1-3 in GY."),
                Column("class_name", TEXT, "Class."),
                Column("programme", TEXT, "Programme code in upper secondary school."),
                Column("start", DAY, "First day."),
                Column("end", DAY, "Last day."),
            ),
            key=("pupil_id", "unit_code", "school_form", "school_year"),
            order=("school_year", "unit_code", "pupil_id"),
            personal=True,
        ),
        Table(
            "grade",
            "A grade, or the reason why there is none. F, no basis (–) and not taken are kept apart.",
            (
                _pupil,
                _unit,
                _form,
                _year,
                Column("grade_year", pa.int8(), "Årskurs."),
                _required("term", TEXT, "Autumn or spring.", allowed=("HT", "VT")),
                _required("kind", TEXT, "Final grade or term grade.", allowed=("final", "term")),
                _required("subject", TEXT, "Subject code of the rulebook (Ma, Sv, Sva, En, M1 …)."),
                Column("language", TEXT, "Language of M1, M2 and ML."),
                Column("course", TEXT, "Course or level in upper secondary and adult education."),
                Column("grade", TEXT, "The grade as set: A-F, or a grade of another scale."),
                Column("points", NUMBER, "Points by the rulebook's scale of that day; empty without a grade."),
                _required(
                    "status",
                    TEXT,
                    "Empty text: graded.",
                    allowed=(
                        "",
                        "no_basis",
                        "not_taken",
                        "not_graded",
                        "no_knowledge_grades",
                        "not_taught_yet",
                    ),
                ),
            ),
            key=(
                "pupil_id",
                "unit_code",
                "school_form",
                "school_year",
                "grade_year",
                "term",
                "kind",
                "subject",
                "course",
            ),
            order=("school_year", "unit_code", "pupil_id", "subject"),
            personal=True,
        ),
        Table(
            "national_test",
            "A national test: a part, or the test grade.",
            (
                _pupil,
                _unit,
                _year,
                Column("grade_year", pa.int8(), "Årskurs."),
                _required("subject", TEXT, "Subject code."),
                _required("part", TEXT, "Part (A, B …) or `test` for the whole test."),
                Column("grade", TEXT, "Test grade A-F."),
                Column("points", NUMBER, "Points."),
                _required("status", TEXT, "Empty text: has a result. Otherwise why not."),
            ),
            key=("pupil_id", "unit_code", "school_year", "grade_year", "subject", "part"),
            order=("school_year", "unit_code", "pupil_id", "subject"),
            personal=True,
        ),
        Table(
            "attendance",
            "A pupil's scheduled and missed minutes in a month.",
            (
                _pupil,
                _unit,
                _form,
                _year,
                _required("month", DAY, "First day of the month."),
                _required("scheduled_minutes", WHOLE, "Scheduled teaching."),
                _required("authorised_minutes", WHOLE, "Authorised (valid) absence."),
                _required("unauthorised_minutes", WHOLE, "Unauthorised (invalid) absence."),
                Column("unreported_minutes", WHOLE, "Lessons that nobody reported."),
            ),
            key=("pupil_id", "unit_code", "month"),
            order=("school_year", "unit_code", "pupil_id", "month"),
            personal=True,
        ),
        Table(
            "survey_answer",
            "How many chose an answer to a question: counts per unit, never a respondent.",
            (
                _required("survey", TEXT, "Survey, for instance skolenkaten."),
                _required("year", YEAR, "Calendar year of the round."),
                _required("respondents", TEXT, "Who answered, for instance pupils-GR-8."),
                _required("level", TEXT, "unit, organiser or nation."),
                _required("area_code", TEXT, "Unit code, organisation number or 00."),
                _required("group", TEXT, "all, girls, boys …"),
                _required("area", TEXT, "Area (index) that the question belongs to."),
                _required("question", TEXT, "The question as asked."),
                _required("option", TEXT, "The answer option."),
                _required("option_order", pa.int8(), "Place of the option, first is 1; 0 for don't know."),
                Column("n", WHOLE, "Respondents who chose it."),
                Column("share", NUMBER, "Share who chose it, 0-1."),
                _required("status", TEXT, "Empty text: exact. Otherwise a code of `terms.Missing`."),
            ),
            key=("survey", "year", "respondents", "level", "area_code", "group", "question", "option"),
            order=("level", "area_code", "question", "option_order"),
        ),
        Table(
            "money",
            "Crowns given to, or used by, a unit in a calendar year.",
            (
                _required("organiser_number", TEXT, "Organiser.", pattern=_ORGANISER),
                Column("unit_code", TEXT, "Unit; empty for what the organiser keeps.", pattern=_UNIT),
                _required("year", YEAR, "Calendar year."),
                _form,
                _required("kind", TEXT, "base, structural, additional, cost …"),
                _required("crowns", pa.int64(), "Swedish crowns."),
            ),
            key=("organiser_number", "unit_code", "year", "school_form", "kind"),
            order=("organiser_number", "unit_code", "year"),
        ),
        Table(
            "matter_count",
            "How many matters of a kind a unit had in a school year.",
            (
                _unit,
                _form,
                _year,
                _required("kind", TEXT, "abuse_report, complaint, absence_inquiry, support_plan …"),
                Column("n", WHOLE, "How many."),
                _required("status", TEXT, "Empty text: exact. Otherwise a code of `terms.Missing`."),
            ),
            key=("unit_code", "school_form", "school_year", "kind"),
            order=("unit_code", "school_year", "kind"),
        ),
        Table(
            "organiser_frame",
            "An organiser that a marking round speaks for, marked or not: how it could come to be selected.",
            (
                _required("organiser_number", TEXT, "Organiser.", pattern=_ORGANISER),
                _required("year", YEAR, "Calendar year of the round."),
                _required("stratum", TEXT, "Group of risk that it was selected from."),
                _required("probability", NUMBER, "Probability of being selected, above 0 and at most 1."),
                _required("pupils", WHOLE, "Pupils at its units."),
                _required("kind", TEXT, "municipal, independent, regional or state."),
                _required("units", WHOLE, "School units that it has."),
            ),
            key=("organiser_number", "year"),
            order=("year", "organiser_number"),
        ),
        Table(
            "organiser_mark",
            "One marker's level of one criterion of the rubric at one organiser.",
            (
                _required("organiser_number", TEXT, "Organiser.", pattern=_ORGANISER),
                _required("year", YEAR, "Calendar year of the round."),
                _required("marker", TEXT, "Pseudonym of the marker; settled or audit for what is no blind mark."),
                _required("criterion", TEXT, "Key of the criterion in the rubric of that year."),
                Column("level", pa.int8(), "Level from 0, the lowest; empty if it could not be judged."),
                _required("blind", FLAG, "Whether the marker had not seen another's mark."),
            ),
            key=("organiser_number", "year", "marker", "criterion"),
            order=("year", "organiser_number", "criterion", "marker"),
            personal=True,
        ),
        Table(
            "statistic",
            "A published statistic: one number, or the reason why it is not there.",
            (
                _required("measure", TEXT, "Measure by its id (merit_value, pupils_year_9, kolada:N15428 …)."),
                _required("level", TEXT, "unit, organiser, municipality, county or nation."),
                _required("area_code", TEXT, "Unit code, organisation number, municipality code, or 00."),
                _required("school_form", TEXT, "School form code; empty text where the source has none."),
                _required("group", TEXT, "all, girls, boys …"),
                _required(
                    "period_kind",
                    TEXT,
                    "What `year` is.",
                    allowed=("school_year", "calendar_year", "undated"),
                ),
                _required("year", YEAR, "School year by its first calendar year, or a calendar year; 0 undated."),
                *_value,
                Column("n", WHOLE, "How many it rests on, if the source says."),
            ),
            key=("measure", "level", "area_code", "school_form", "group", "period_kind", "year"),
            order=("level", "measure", "year", "area_code"),
        ),
        Table(
            "measure",
            "A measure as its source describes it: title, unit, publication dates, report description.",
            (
                _required("measure", TEXT, "Measure id, as in `statistic`."),
                _required("title", TEXT, "Title in the source's words."),
                Column("about", TEXT, "The source's own description and rules, kept with the import."),
                Column("sex_split", FLAG, "Whether it comes by sex."),
                Column("unit_level", FLAG, "Whether it comes per unit."),
                Column("published", TEXT, "Publication date as stated."),
            ),
            key=("measure",),
            order=("measure",),
        ),
        Table(
            "area_shape",
            "The outline of a municipality, for maps only: not for areas, distances or point in polygon.",
            (
                _required("municipality_code", TEXT, "Municipality.", pattern=_MUNICIPALITY),
                _required("name", TEXT, "Name in the source."),
                _required("longitude", NUMBER, "A point inside, degrees east."),
                _required("latitude", NUMBER, "A point inside, degrees north."),
                _required("rings", pa.list_(pa.list_(NUMBER)), "Outer rings, each x1 y1 x2 y2 … in degrees (WGS84)."),
            ),
            key=("municipality_code",),
            order=("municipality_code",),
        ),
    )
}
