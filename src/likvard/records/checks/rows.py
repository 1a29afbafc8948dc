"""Rules on the cells of a row: empty ones, numbers out of bounds, days, and cells that contradict one another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pyarrow as pa

from likvard.records import parquet
from likvard.records.checks.content import NUMBER, Content
from likvard.records.checks.rule import Hit, Rule, at_row, over_rows
from likvard.records.reading import Severity
from likvard.records.schema import DAY, TABLES
from likvard.rulebook import rules
from likvard.terms import Missing, Words

_EITHER = (Missing.EXCLUDED,)
_WITH_VALUE = ("", Missing.APPROXIMATE)
_TOP = (
    "case when measure = 'merit_value' then 340 when measure = 'merit_value_16' then 320"
    " when starts_with(measure, 'test_mean_') then 20"
    " when starts_with(measure, 'survey_index_') or starts_with(measure, 'survey_mean_') then 10 end"
)
"""The top of a measure's scale; empty for measures without one, some of which are differences and may be negative."""
_SHARE = "(starts_with(measure, 'share_') or measure = 'survey_response_rate')"


def _in(codes: tuple[str, ...]) -> str:
    return "(" + ", ".join(parquet.text(code) for code in codes) + ")"


def _xor(filled: str) -> str:
    """A status that promises a value without one, or one that tells why there is none beside a value."""
    without = f"status in {_in(_WITH_VALUE)} and not ({filled})"
    return f"({without}) or (status not in {_in((*_WITH_VALUE, *_EITHER))} and ({filled}))"


def _everywhere(type: pa.DataType, condition: str) -> dict[str, str]:
    """A condition on every declared column of a type; `{}` stands for the column."""
    columns = ((t.name, c.name) for t in TABLES.values() for c in t.columns if c.type == type)
    return {f"{table}.{column}": condition.format(parquet.name(column)) for table, column in columns}


def _empty(content: Content) -> Iterator[Hit]:
    for column in content.declared.columns:
        if not column.nullable and content.rows.column(column.name).null_count:
            times, first = content.count(f"{parquet.name(column.name)} is null")
            yield Hit(column.name, at_row(content, column.name, first), times, first)


@cache
def _scale_points() -> frozenset[tuple[str, float]]:
    """Each grade with its points, by any scale of the rulebook."""
    scales = [scale for rule in rules("grade_scale") for scale in rule.value.values()]
    return frozenset((step.grade, float(step.points)) for scale in scales for step in scale.steps)


def _points(content: Content) -> Iterator[Hit]:
    if content.declared.name != "grade":
        return
    query = (
        f"select grade, points, count(*), min({NUMBER}) from content where points is not null group by all order by 4"
    )
    pairs = content.con.execute(query).fetchall()
    wrong = [row for row in pairs if (row[0], row[1]) not in _scale_points()]
    if wrong:
        grade, points, _, first = wrong[0]
        found = Words(f"betyg {grade or 'saknas'}, {points} poäng", f"grade {grade or 'missing'}, {points} points")
        yield Hit("points", found, sum(row[2] for row in wrong), first)


def _future(content: Content) -> Iterator[Hit]:
    if content.on is None:
        return
    last = {"school_year": content.on.year, "year": content.on.year + 1}
    for column, year in last.items():
        if column in content.declared.arrow.names:
            times, first = content.count(f"{column} > {year} and {column} <= 2098")
            if times:
                yield Hit(column, at_row(content, column, first), times, first)


REQUIRED = Rule(
    "required",
    Severity.ERROR,
    Words("Om celler som måste fyllas i är tomma.", "Whether cells that must be filled in are empty."),
    Words("Ett värde i varje rad.", "A value in every row."),
    Words("Fyll i cellerna, eller ta bort raderna.", "Fill in the cells, or take the rows out."),
    _empty,
)
FINITE = Rule(
    "finite",
    Severity.ERROR,
    Words("Om ett tal är oändligt eller inte ett tal.", "Whether a number is infinite or not a number."),
    Words("Ett vanligt tal, eller en tom cell.", "An ordinary number, or an empty cell."),
    Words("Lämna cellen tom där talet saknas.", "Leave the cell empty where there is no number."),
    over_rows(_everywhere(pa.float64(), "not isfinite({})")),
)
YEAR = Rule(
    "year",
    Severity.ERROR,
    Words("Om året ligger mellan 1990 och 2098.", "Whether the year is between 1990 and 2098."),
    Words(
        "Ett år mellan 1990 och 2098; 0 bara för odaterad statistik.", "A year from 1990 to 2098; 0 only if undated."
    ),
    Words("Kontrollera årtalet i filen.", "Check the year in the file."),
    over_rows(
        {
            f"{t.name}.school_year": "school_year not between 1990 and 2098"
            for t in TABLES.values()
            if "school_year" in t.arrow.names
        }
        | {
            "statistic.year": "if(period_kind = 'undated', year <> 0, year not between 1990 and 2098)",
            "survey_answer.year": "year not between 1990 and 2098",
            "money.year": "year not between 1990 and 2098",
            "organiser_frame.year": "year not between 1990 and 2098",
            "organiser_mark.year": "year not between 1990 and 2098",
            "pupil.birth_year": "birth_year not between 1900 and 2098",
        }
    ),
)
DATE = Rule(
    "date",
    Severity.ERROR,
    Words("Om dagen ligger mellan 1990 och 2098.", "Whether the day is between 1990 and 2098."),
    Words("En dag från 1990-01-01 till 2098-12-31.", "A day from 1990-01-01 to 2098-12-31."),
    Words("Kontrollera datumet. Lämna slutdagen tom medan något pågår.", "Check the date. Leave an open end empty."),
    over_rows(_everywhere(DAY, "{} not between date '1990-01-01' and date '2098-12-31'")),
)
FUTURE = Rule(
    "future",
    Severity.WARNING,
    Words("Om året ännu inte har börjat när filen läses in.", "Whether the year has not begun when the file is read."),
    Words("Ett läsår som har börjat, eller högst nästa kalenderår.", "A school year that has begun, or next year."),
    Words("Kontrollera årtalet om siffrorna inte är en prognos.", "Check the year unless the figures are a forecast."),
    _future,
)
ORDER = Rule(
    "order",
    Severity.ERROR,
    Words("Om något slutar innan det börjar.", "Whether something ends before it begins."),
    Words("En sista dag som inte ligger före den första.", "A last day not before the first."),
    Words("Rätta dagarna.", "Mend the days."),
    over_rows({"principal_spell.end": '"end" < start', "enrolment.end": '"end" < start'}),
)
MONTH = Rule(
    "month",
    Severity.ERROR,
    Words("Om månader och årskurser finns.", "Whether months and grade years exist."),
    Words(
        "Månad 1–12, den första dagen i månaden, årskurs 0–10.", "Month 1–12, first day of the month, grade year 0–10."
    ),
    Words("Rätta värdet.", "Mend the value."),
    over_rows(
        {"pupil.birth_month": "birth_month not between 1 and 12", "attendance.month": "day(month) <> 1"}
        | {
            f"{t.name}.grade_year": "grade_year not between 0 and 10"
            for t in TABLES.values()
            if "grade_year" in t.arrow.names
        }
    ),
)
SHARE = Rule(
    "share",
    Severity.ERROR,
    Words("Om andelar ligger mellan 0 och 1.", "Whether shares are between 0 and 1."),
    Words("En andel mellan 0 och 1.", "A share from 0 to 1."),
    Words("Skriv 61 procent som 0,61.", "Write 61 per cent as 0.61."),
    over_rows(
        {
            "statistic.value": f"{_SHARE} and value not between 0 and 1",
            "statistic.low": f"{_SHARE} and low not between 0 and 1",
            "statistic.high": f"{_SHARE} and high not between 0 and 1",
            "survey_answer.share": "share not between 0 and 1",
        }
    ),
)
SCALE = Rule(
    "scale",
    Severity.ERROR,
    Words(
        "Om meritvärden, betygspoäng och enkätindex ligger inom sin skala.",
        "Whether merit values, grade points and survey indexes are within their scale.",
    ),
    Words(
        "Meritvärde 0–340 (0–320 med 16 ämnen), medelpoäng på prov 0–20, enkätindex 0–10.",
        "Merit value 0–340 (0–320 over 16 subjects), mean test points 0–20, survey index 0–10.",
    ),
    Words("Kontrollera decimaltecknet och att kolumnen är rätt.", "Check the decimal sign and that it is the column."),
    over_rows(
        {
            "statistic.value": f"{_TOP} is not null and value not between 0 and {_TOP}",
        }
    ),
)
POINTS = Rule(
    "points",
    Severity.ERROR,
    Words("Om poängen är betygets enligt någon skala.", "Whether the points are the grade's by some scale."),
    Words("Betygets poäng enligt regelboken: A 20 till E 10, F 0.", "The points of the rulebook: A 20 to E 10, F 0."),
    Words("Rätta betyget, eller lämna poängen tom.", "Mend the grade, or leave the points empty."),
    _points,
)
COUNT = Rule(
    "count",
    Severity.ERROR,
    Words("Om antal är noll eller mer.", "Whether counts are nought or more."),
    Words("Noll eller mer.", "Nought or more."),
    Words("Rätta talet.", "Mend the number."),
    over_rows(
        {
            "statistic.value": "value < 0 and (starts_with(measure, 'pupils') or measure in "
            "('survey_answers', 'survey_group_size', 'special_teacher_positions'))",
            "statistic.n": "n < 0",
            "survey_answer.n": "n < 0",
            "survey_answer.option_order": "option_order < 0",
            "matter_count.n": "n < 0",
            "national_test.points": "points < 0",
            "pupil.years_in_sweden": "years_in_sweden < 0",
            "attendance.scheduled_minutes": "scheduled_minutes < 0",
            "attendance.authorised_minutes": "authorised_minutes < 0",
            "attendance.unauthorised_minutes": "unauthorised_minutes < 0",
            "attendance.unreported_minutes": "unreported_minutes < 0",
        }
    ),
)
ABSENCE = Rule(
    "absence",
    Severity.WARNING,
    Words("Om frånvaron är längre än undervisningen.", "Whether absence is longer than teaching."),
    Words("Frånvaro och orapporterad tid som ryms i schemat.", "Absence and unreported time within the schedule."),
    Words("Kontrollera minuterna i frånvarosystemet.", "Check the minutes in the attendance system."),
    over_rows(
        {
            "attendance.scheduled_minutes": "authorised_minutes + unauthorised_minutes "
            "+ coalesce(unreported_minutes, 0) > scheduled_minutes"
        }
    ),
)
STATUS = Rule(
    "status",
    Severity.ERROR,
    Words(
        "Om en rad har antingen ett värde eller skälet till att det saknas, aldrig båda eller ingetdera.",
        "Whether a row has either a value or the reason why there is none, never both or neither.",
    ),
    Words(
        "Ett värde när status är tom eller ”approximate”, annars inget värde.",
        "A value when the status is empty or “approximate”, otherwise no value.",
    ),
    Words("Ta bort värdet, eller rätta status.", "Take the value out, or mend the status."),
    over_rows(
        {
            "statistic.status": _xor("value is not null"),
            "survey_answer.status": _xor("n is not null or share is not null"),
            "matter_count.status": _xor("n is not null"),
            "national_test.status": _xor("grade is not null or points is not null"),
            "grade.status": "if(status = '', grade is null, points is not null)",
        }
    ),
)
RANGE = Rule(
    "range",
    Severity.ERROR,
    Words("Om ett intervall är vänt eller inte rymmer värdet.", "Whether a range is reversed or misses its value."),
    Words("Nedre gräns ≤ värde ≤ övre gräns.", "Lower end ≤ value ≤ upper end."),
    Words("Rätta gränserna.", "Mend the ends."),
    over_rows({"statistic.low": "low > high or value < low or value > high"}),
)
RULES = (
    REQUIRED, FINITE, YEAR, DATE, FUTURE, ORDER, MONTH, SHARE, SCALE, POINTS, COUNT, ABSENCE, STATUS, RANGE,
)  # fmt: skip
