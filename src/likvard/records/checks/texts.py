"""Rules on the values of text columns. Each different value is judged once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from types import MappingProxyType

from likvard.records.checks import codes
from likvard.records.checks.content import NUMBER, Content, Text
from likvard.records.checks.rule import Hit, Judge, Rule, Verdict, first_of, over_texts
from likvard.records.masking import holds_personal_number
from likvard.records.reading import Severity
from likvard.records.schema import Column
from likvard.rulebook import counties, municipalities, rules
from likvard.terms import Level, Missing, OrganiserKind, SchoolForm, Words

_STATUS = frozenset({"", *Missing})
_NO_GRADE = frozenset({"no_basis", "not_taken", "not_graded", "no_knowledge_grades", "not_taught_yet"})
_NO_TEST = frozenset({"lost", "did_not_take_part", "took_part"})
_FORM = frozenset(SchoolForm)
KNOWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "statistic.status": _STATUS,
        "survey_answer.status": _STATUS,
        "matter_count.status": _STATUS,
        "national_test.status": _STATUS | _NO_GRADE | _NO_TEST,
        "statistic.level": frozenset(Level),
        "survey_answer.level": frozenset(Level),
        "organiser.kind": frozenset(OrganiserKind),
        "unit.organiser_kind": frozenset(OrganiserKind),
        "unit.status": frozenset({"active", "dormant", "closed", "planned"}),
        "unit.school_form": _FORM,
        "enrolment.school_form": _FORM,
        "grade.school_form": _FORM,
        "attendance.school_form": _FORM,
        "money.school_form": _FORM,
        "matter_count.school_form": _FORM,
        "statistic.school_form": _FORM | {""},
    }
)
"""Values of columns whose lists stand in `terms` rather than in the table's declaration."""

_MAY_BE_BLANK = ("status", "school_form")
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]|Ã[\x80-\xbf…„–]|Â[\x80-\xbf]")
"""Control characters, the sign for an unreadable letter, and å, ä, ö in UTF-8 that was read as another encoding."""


def _allowed(table: str, column: Column) -> Judge | None:
    allowed = frozenset(column.allowed) or KNOWN.get(f"{table}.{column.name}", frozenset())
    if not allowed:
        return None
    listed = ", ".join(sorted(word or '""' for word in allowed))
    verdict = Words(f"Något av: {listed}.", f"One of: {listed}."), ALLOWED.remedy
    return lambda value: value not in allowed and verdict


def _code(table: str, column: Column) -> Judge | None:
    return partial(codes.wrong_form, codes.BY_PATTERN[column.pattern]) if column.pattern else None


def _place(table: str, column: Column) -> Judge | None:
    return partial(_absent, Level.MUNICIPALITY) if column.name == "municipality_code" else None


@cache
def _municipalities() -> frozenset[str]:
    return frozenset(municipalities())


@cache
def _counties() -> frozenset[str]:
    return frozenset(counties())


def _absent(level: str, value: str) -> bool:
    if level == Level.MUNICIPALITY:
        return len(value) == codes.MUNICIPALITY.digits and value not in _municipalities()
    return level == Level.COUNTY and len(value) == codes.COUNTY.digits and value not in _counties()


def _blank(table: str, column: Column) -> Judge | None:
    must_say_something = not column.nullable and column.name not in _MAY_BE_BLANK
    return (lambda value: not value.strip()) if must_say_something else None


def _personal(table: str, column: Column) -> Judge | None:
    return holds_personal_number


def _broken(table: str, column: Column) -> Judge | None:
    return lambda value: _BROKEN.search(value) is not None


def _subjects(content: Content) -> Iterator[Hit]:
    """Judge the subjects of compulsory school; upper secondary school has far more than the rulebook."""
    if content.declared.name != "grade":
        return
    known = {code for rule in rules("subjects") for code in rule.value}
    query = f"select subject, count(*), min({NUMBER}) from content where school_form in ('GR', 'SAM', 'SP')"
    found = [Text(*row) for row in content.con.execute(f"{query} group by 1 order by 3").fetchall()]
    yield from first_of(content, "subject", [(text, True) for text in found if text.value not in known])


def _over_areas(judge: Callable[[str, str], Verdict]) -> Callable[[Content], Iterator[Hit]]:
    """Hits for the wrong area codes of each level."""

    def hits(content: Content) -> Iterator[Hit]:
        if "area_code" not in content.declared.arrow.names:
            return
        filled = "level is not null and area_code is not null"
        query = f"select level, area_code, count(*), min({NUMBER}) from content where {filled} group by all order by 4"
        judged = [(row, judge(row[0], row[1])) for row in content.con.execute(query).fetchall()]
        for level in sorted({row[0] for row, verdict in judged if verdict}):
            wrong = [(Text(*row[1:]), verdict) for row, verdict in judged if verdict and row[0] == level]
            yield from first_of(content, "area_code", wrong)

    return hits


ALLOWED = Rule(
    "value",
    Severity.ERROR,
    Words("Om värdet är ett av dem som kolumnen kan ha.", "Whether the value is one that the column may hold."),
    Words("Ett av kolumnens värden.", "One of the column's values."),
    Words("Byt till ett av värdena, stavat likadant.", "Change it to one of the values, spelt the same."),
    over_texts(_allowed),
)
_CODE_EXPECTED = Words(
    "Skolenhetskod 8 siffror, organisationsnummer 10, kommunkod 4, länskod 2, riket 00.",
    "School unit code 8 digits, organisation number 10, municipality code 4, county code 2, the nation 00.",
)
_CODE_REMEDY = Words("Rätta koden, och spara kolumnen som text.", "Mend the code, and store the column as text.")
CODE = Rule(
    "code",
    Severity.ERROR,
    Words(
        "Om koder för skolenheter, huvudmän och kommuner har rätt antal siffror. "
        "En kod som saknar en siffra har oftast tappat sin inledande nolla i ett kalkylblad.",
        "Whether codes of school units, organisers and municipalities have the right number of digits. "
        "A code that is one digit short has most often lost its leading zero in a spreadsheet.",
    ),
    _CODE_EXPECTED,
    _CODE_REMEDY,
    over_texts(_code),
)
AREA = Rule(
    "area-code",
    Severity.ERROR,
    Words(
        "Om områdets kod passar nivån: enhet 8 siffror, huvudman 10, kommun 4, län 2, riket 00.",
        "Whether the area's code fits its level: unit 8 digits, organiser 10, municipality 4, county 2, the nation 00.",
    ),
    _CODE_EXPECTED,
    _CODE_REMEDY,
    _over_areas(codes.wrong_area),
)
_PLACE_EXPECTED = Words("En kommun eller ett län i regelboken.", "A municipality or county of the rulebook.")
_PLACE_REMEDY = Words(
    "Rätta koden. Lämna cellen tom om kommunen inte är känd eller ligger utomlands.",
    "Mend the code. Leave the cell empty if the municipality is unknown or abroad.",
)
PLACE = Rule(
    "place",
    Severity.ERROR,
    Words("Om kommunen finns.", "Whether the municipality exists."),
    _PLACE_EXPECTED,
    _PLACE_REMEDY,
    over_texts(_place),
)
AREA_PLACE = Rule(
    "area-place",
    Severity.ERROR,
    Words(
        "Om kommunen eller länet finns, i tabeller med nivå och kod.",
        "Whether the municipality or county exists, in tables with level and code.",
    ),
    _PLACE_EXPECTED,
    _PLACE_REMEDY,
    _over_areas(_absent),
)
BLANK = Rule(
    "blank",
    Severity.ERROR,
    Words("Om en text som måste finnas bara är mellanslag.", "Whether a text that must be there is only blanks."),
    Words("En text.", "A text."),
    Words("Fyll i cellen.", "Fill in the cell."),
    over_texts(_blank),
)
PERSONAL = Rule(
    "personal-number",
    Severity.ERROR,
    Words(
        "Om något värde är ett personnummer, samordningsnummer eller tillfälligt nummer. De visas aldrig.",
        "Whether a value is a personal number, coordination number or temporary number. They are never shown.",
    ),
    Words("Inga personnummer; elever har pseudonymer.", "No personal numbers; pupils have pseudonyms."),
    Words(
        "Läs in filen med en läsare som gör pseudonymer, eller ta bort personnumren ur kolumnen.",
        "Import the file with a reader that makes pseudonyms, or take the personal numbers out of the column.",
    ),
    over_texts(_personal),
)
BROKEN = Rule(
    "broken-text",
    Severity.ERROR,
    Words("Om bokstäver har blivit fel, som när å blir Ã¥.", "Whether letters are broken, as when å becomes Ã¥."),
    Words("Läsbar text.", "Readable text."),
    Words("Spara filen igen i UTF-8 och läs in den på nytt.", "Save the file again in UTF-8 and import it anew."),
    over_texts(_broken),
)
SUBJECT = Rule(
    "subject",
    Severity.WARNING,
    Words("Om regelboken har ämnet.", "Whether the rulebook has the subject."),
    Words("En ämneskod i regelboken.", "A subject code of the rulebook."),
    Words(
        "Kontrollera stavningen. Betyg i ett okänt ämne räknas inte i meritvärdet.",
        "Check the spelling. Grades in an unknown subject do not count in the merit value.",
    ),
    _subjects,
)
REAL_PLACES = (PLACE, AREA_PLACE)
"""Rules that a synthetic reading is spared: its municipalities are invented (codes 91xx-99xx)."""
RULES = (ALLOWED, CODE, AREA, PLACE, AREA_PLACE, BLANK, PERSONAL, BROKEN, SUBJECT)
