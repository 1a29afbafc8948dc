"""Everything that readers say about files, in one list, so that the manual can print it and a test can count it."""

from __future__ import annotations

from likvard.records.readers.findings import error, note, warning

_AGAIN = ("Exportera filen på nytt.", "Export the file again.")
_WHOLE = ("en hel fil", "a whole file")
_NOTHING = ("Inget behöver göras.", "Nothing needs to be done.")

TEXT_CUT = error(
    "text.cut", ("filen slutar mitt i en bokstav", "the file ends in the middle of a letter"), _WHOLE, _AGAIN
)
TEXT_ENCODED_TWICE = error(
    "text.encoded_twice",
    ("tecken som Ã¥ i stället för å", "letters such as Ã¥ in place of å"),
    ("text i UTF-8", "text in UTF-8"),
    (
        "Exportera på nytt som UTF-8, utan att öppna och spara däremellan.",
        "Export again as UTF-8, without opening and saving in between.",
    ),
)
TEXT_ENCODING = warning(
    "text.encoding",
    ("teckenkodningen Windows-1252", "the encoding Windows-1252"),
    ("UTF-8", "UTF-8"),
    ("Kontrollera att å, ä och ö ser rätt ut.", "Check that å, ä and ö look right."),
)
LOST_ZERO = error(
    "code.lost_zero",
    ("en kod med {got} siffror: {code}", "a code of {got} digits: {code}"),
    ("{digits} siffror", "{digits} digits"),
    (
        "Den inledande nollan har försvunnit, som när ett kalkylblad läser koder som tal. Exportera på "
        "nytt, med koderna som text.",
        "The leading zero was lost, as when a spreadsheet reads codes as numbers. Export again, with codes as text.",
    ),
)
BAD_CODE = error(
    "code.form",
    ("{code!r} där koden ska stå", "{code!r} where the code should be"),
    ("en kod med {digits} siffror", "a code of {digits} digits"),
    ("Kontrollera att kolumnerna inte har bytt plats.", "Check that no columns have been swapped."),
)
UNREADABLE_CELL = error(
    "cell.unreadable",
    (
        "{cell!r}, som varken är ett tal eller en känd symbol",
        "{cell!r}, which is neither a number nor a known symbol",
    ),
    ("ett tal, eller en symbol som .. eller ~100", "a number, or a symbol such as .. or ~100"),
    (
        "Kontrollera att kolumnerna inte har bytt plats och att inget har ändrats för hand.",
        "Check that no columns have been swapped and nothing was changed by hand.",
    ),
)
OUT_OF_RANGE = error(
    "cell.range",
    ("{cell}", "{cell}"),
    ("ett värde mellan {least:g} och {most:g}", "a value between {least:g} and {most:g}"),
    ("Kontrollera att kolumnerna inte har bytt plats.", "Check that no columns have been swapped."),
)
ROW_WIDTH = error(
    "row.width",
    ("en rad med {got} celler", "a row of {got} cells"),
    ("{width} celler, som i rubrikraden", "{width} cells, as in the header row"),
    (
        "Filen är avkortad eller ändrad. Exportera på nytt.",
        "The file is cut or was changed. Export it again.",
    ),
)
SECOND_HEADER = error(
    "row.second_header",
    ("rubrikraden en gång till", "the header row once more"),
    ("en enda rubrikrad", "one header row"),
    (
        "Läs in filerna en och en i stället för ihopklistrade.",
        "Import the files one by one instead of pasted together.",
    ),
)
UNKNOWN_COLUMN = warning(
    "column.unknown",
    ("kolumnen ”{name}”, som läsaren inte känner", "the column “{name}”, which the reader does not know"),
    ("en känd kolumn", "a known column"),
    (
        "Värdena sparas som måttet {measure}, i källans egen enhet.",
        "The values are kept as the measure {measure}, in the source's own unit.",
    ),
)
LEFT_COLUMN = warning(
    "column.left",
    ("kolumnen ”{name}”, som läsaren inte känner", "the column “{name}”, which the reader does not know"),
    ("en känd kolumn", "a known column"),
    (
        "Kolumnen läses inte. Kontrollera stavningen om den behövs.",
        "The column is not read. Check its spelling if it is needed.",
    ),
)
SAME_COLUMN_TWICE = error(
    "column.twice",
    ("två kolumner som betyder detsamma: {name}", "two columns that mean the same: {name}"),
    ("en kolumn per mått", "one column per measure"),
    ("Kontrollera rubrikraden.", "Check the header row."),
)
SHOWN_YEAR_DIFFERS = warning(
    "file.year",
    ("året {named} i filnamnet", "the year {named} in the file name"),
    ("{expected}, enligt raden Valt läsår", "{expected}, by the line Valt läsår"),
    (
        "Raden i filen gäller. Kontrollera att filen har rätt innehåll.",
        "The line in the file is believed. Check that the file has its own content.",
    ),
)
NO_DESCRIPTION = warning(
    "file.no_description",
    ("ingen rapportbeskrivning efter uppgifterna", "no report description after the data"),
    ("beskrivningen som avslutar exporten", "the description that ends the export"),
    ("Kontrollera att filen är hel.", "Check that the file is whole."),
)
SUM_DIFFERS = warning(
    "row.sum",
    ("{got:g} elever i årskurserna", "{got:g} pupils in the years of study"),
    ("{total:g}, som i summakolumnen", "{total:g}, as in the column of the total"),
    ("Kontrollera att inget har ändrats för hand.", "Check that nothing was changed by hand."),
)
INTERNATIONAL = note(
    "unit.international",
    (
        "skolor märkta med * i namnet: internationella skolor",
        "schools marked with * in the name: international schools",
    ),
)
UNKNOWN_SUBJECT = warning(
    "row.subject",
    ("ämnet {subject!r}", "the subject {subject!r}"),
    (
        "ett av proven i svenska, svenska som andraspråk, engelska och matematik",
        "one of the tests in Swedish, Swedish as a second language, English and mathematics",
    ),
    ("Raderna sparas under ämnets eget namn.", "The rows are kept under the subject's own name."),
)
UNKNOWN_KIND = warning(
    "unit.kind",
    ("huvudmannatypen {kind!r}", "the kind of organiser {kind!r}"),
    ("Kommunal, Enskild, Region eller Statlig", "Kommunal, Enskild, Region or Statlig"),
    ("Typen lämnas tom.", "The kind is left empty."),
)
LATEST_KNOWN = note(
    "unit.latest_known",
    (
        "kommun och huvudmannatyp är de senast kända, inte årets",
        "municipality and kind of organiser are the latest known, not those of the year",
    ),
)
PROVENANCE = note(
    "value.provenance",
    ("{n} meritvärden kommer från {source}", "{n} merit values come from {source}"),
)
UNDATED = warning(
    "row.undated",
    ("rader utan läsår", "rows without a school year"),
    ("ett läsår som 2023/24", "a school year such as 2023/24"),
    (
        "Raderna sparas som odaterade och används inte i serier.",
        "The rows are kept as undated and not used in series.",
    ),
)
PARSED_DIFFERS = note(
    "value.parsed_ignored",
    (
        "kolumnen value läses inte: den säger 100 där value_raw säger ~100",
        "the column value is not read: it says 100 where value_raw says ~100",
    ),
)
TYPE_DIFFERS = error(
    "cell.value_type",
    ("{cell!r} av typen {type}", "{cell!r} of the type {type}"),
    ("ett värde som stämmer med sin typ", "a value that agrees with its type"),
    ("Kontrollera att kolumnerna inte har bytt plats.", "Check that no columns have been swapped."),
)
UNKNOWN_TYPE = error(
    "cell.unknown_type",
    ("värdetypen {type!r}", "the value type {type!r}"),
    ("en av typerna i Skolverkets api v4", "one of the types of Skolverket's API v4"),
    _AGAIN,
)
UNKNOWN_METRIC = warning(
    "metric.unknown",
    ("måttet {name}, som läsaren inte känner", "the metric {name}, which the reader does not know"),
    ("ett känt mått", "a known metric"),
    (
        "Värdena sparas som {measure}, i källans egen enhet.",
        "The values are kept as {measure}, in the source's own unit.",
    ),
)
BAD_YEAR = error(
    "row.year",
    ("{year!r}", "{year!r}"),
    ("ett år mellan 1990 och 2060", "a year between 1990 and 2060"),
    ("Kontrollera året i filen.", "Check the year in the file."),
)
MORE_PAGES = warning(
    "file.more_pages",
    ("ett svar med fler sidor", "an answer with more pages"),
    ("alla sidor", "all pages"),
    ("Hämta också de följande sidorna.", "Fetch the following pages, too."),
)
UNKNOWN_MUNICIPALITY = error(
    "area.unknown",
    ("kommunen {name!r}", "the municipality {name!r}"),
    ("en av de 290 kommunerna", "one of the 290 municipalities"),
    ("Kontrollera stavningen.", "Check the spelling."),
)
NAME_DIFFERS = warning(
    "area.differs",
    ("{got} för kod {code}", "{got} for code {code}"),
    ("{expected}", "{expected}"),
    (
        "Kontrollera om kommunindelningen har ändrats.",
        "Check whether the division into municipalities has changed.",
    ),
)
NAMES_AGREE = note(
    "area.agrees",
    (
        "{n} kommuner, samma som i regelboken; {regions} regioner, riket medräknat",
        "{n} municipalities, the same as in the rulebook; {regions} regions, the nation included",
    ),
)
UNKNOWN_STATUS = error(
    "row.status",
    ("statusen {status!r}", "the status {status!r}"),
    ("tom, Missing, Privacy eller Not applicable", "empty, Missing, Privacy or Not applicable"),
    _AGAIN,
)
VALUE_WITH_STATUS = error(
    "row.value_with_status",
    (
        "ett värde och statusen {status!r} på samma rad, eller inget av dem",
        "a value and the status {status!r} in one row, or neither",
    ),
    ("antingen ett värde eller en status", "either a value or a status"),
    _AGAIN,
)
UNKNOWN_GROUP = error(
    "row.group",
    ("gruppen {group!r}", "the group {group!r}"),
    ("T, K eller M (Alla, Flicka eller Pojke)", "T, K or M (Alla, Flicka or Pojke)"),
    _AGAIN,
)
FORMULAS = warning(
    "workbook.formulas",
    ("celler med formler i bladet {sheet}", "cells with formulas in the sheet {sheet}"),
    ("värden", "values"),
    (
        "Det senast beräknade värdet läses. Klistra in som värden om det är fel.",
        "The value last calculated is read. Paste as values if it is wrong.",
    ),
)
BAD_SHAPE = error(
    "shape.geometry",
    ("en yta som inte kan läsas", "an area that cannot be read"),
    ("polygoner i WGS84, longitud före latitud", "polygons in WGS84, longitude before latitude"),
    _AGAIN,
)
PLACE_LEFT_EMPTY = warning(
    "area.left_empty",
    ("kommunen {name!r}", "the municipality {name!r}"),
    ("en av de 290 kommunerna", "one of the 290 municipalities"),
    ("Skolans kommun lämnas tom.", "The school's municipality is left empty."),
)
KOLADA_UNIT = warning(
    "row.kolada_unit",
    ("enheter med Koladas egna nummer", "units with Kolada's own numbers"),
    ("kommuner", "municipalities"),
    (
        "Värdena läses inte: numren är inte skolenhetskoder.",
        "The values are not read: the numbers are no school unit codes.",
    ),
)
BAD_KPI = error(
    "row.kpi",
    ("nyckeltalet {kpi!r}", "the KPI {kpi!r}"),
    ("ett nummer som N15428", "a number such as N15428"),
    _AGAIN,
)
NO_METRICS = warning(
    "unit.no_metrics",
    ("en skolenhet utan mått", "a school unit without metrics"),
    ("mått", "metrics"),
    ("Hämta svaret på nytt om skolan borde ha mått.", "Fetch the answer again if the school should have metrics."),
)
BAD_PERSONAL_NUMBER = error(
    "pupil.number",
    ("något annat än ett personnummer", "something else than a personal number"),
    (
        "tolv tecken: personnummer, samordningsnummer eller tillfälligt nummer",
        "twelve places: a personal, coordination or temporary number",
    ),
    ("Rätta numret i elevregistret och exportera på nytt.", "Correct the number in the register and export again."),
)
CHECK_DIGIT = warning(
    "pupil.check_digit",
    ("personnummer med fel kontrollsiffra", "personal numbers with a wrong check digit"),
    ("rätt kontrollsiffra", "the right check digit"),
    ("Kontrollera numren i elevregistret.", "Check the numbers in the register."),
)
TEMPORARY = note(
    "pupil.temporary",
    (
        "elever med tillfälligt nummer behandlas som om de hade skyddad identitet",
        "pupils with a temporary number are treated as if their identity were protected",
    ),
)
DUPLICATE_PUPIL = error(
    "pupil.duplicate",
    ("samma elev en gång till vid samma skola", "the same pupil once more at the same school"),
    ("en rad per elev och skola", "one row per pupil and school"),
    ("Ta bort den rad som inte gäller.", "Remove the row that does not hold."),
)
TWO_SCHOOLS = warning(
    "pupil.two_schools",
    ("elever med rader vid två skolor", "pupils with rows at two schools"),
    ("en skola per elev", "one school per pupil"),
    ("Kontrollera vid vilken skola betygen är satta.", "Check at which school the grades were set."),
)
HIDDEN_CODE = error(
    "code.form",
    ("något annat än en skolenhetskod", "something else than a school unit code"),
    ("en kod med {digits} siffror", "a code of {digits} digits"),
    ("Kontrollera att kolumnerna inte har bytt plats.", "Check that no columns have been swapped."),
)
BAD_GRADE = error(
    "grade.unknown",
    ("{cell}, som inte är ett betyg", "{cell}, which is no grade"),
    ("ett av {grades} eller koderna {codes}", "one of {grades} or the codes {codes}"),
    ("Rätta betyget och exportera på nytt.", "Correct the grade and export again."),
)
NO_GRADE = note("grade.empty", ("tomma betygsceller, som inte ger någon rad", "empty grade cells, which give no row"))
BOTH_SWEDISH = error(
    "grade.swedish_twice",
    ("betyg i både svenska och svenska som andraspråk", "grades in both Swedish and Swedish as a second language"),
    ("betyg i ett av dem", "a grade in one of them"),
    ("Ta bort det betyg som inte gäller.", "Remove the grade that does not hold."),
)
NO_SWEDISH = warning(
    "grade.no_swedish",
    (
        "elever utan uppgift om betyg i svenska eller svenska som andraspråk",
        "pupils without a word on a grade in Swedish or Swedish as a second language",
    ),
    ("kod 2 i det ena bara om det andra har ett betyg", "code 2 in the one only if the other has a grade"),
    ("Kontrollera eleverna.", "Check the pupils."),
)
BAD_DATE = error(
    "file.date",
    ("ett datum som inte kan stämma", "a date that cannot be right"),
    (
        "ett datum som 2026-06-12, samma läsår i hela filen",
        "a date such as 2026-06-12, the same school year in all rows",
    ),
    _AGAIN,
)
BAD_TEST_CODE = warning(
    "test.unknown_code",
    ("koden {cell} som läsaren inte känner", "the code {cell}, which the reader does not know"),
    ("ett betyg, ett tal eller en av koderna 88 och 99", "a grade, a number or one of the codes 88 and 99"),
    ("Koden sparas som status.", "The code is kept as the status."),
)
EXAMPLE_ROW = note(
    "row.example", ("mallens exempelrad, som inte läses", "the template's example row, which is not read")
)
EMPTY_CELL = error(
    "cell.empty",
    ("en tom cell", "an empty cell"),
    ("ett värde", "a value"),
    ("Fyll i cellen, eller ta bort raden.", "Fill in the cell, or remove the row."),
)
WRONG_CELL = error(
    "cell.form",
    ("{cell}", "{cell}"),
    ("{sv}", "{en}"),
    ("Rätta cellen.", "Correct the cell."),
)
FORMULA_CELL = error(
    "cell.formula",
    ("en cell som ett kalkylblad räknar på", "a cell that a spreadsheet would calculate"),
    ("ett värde", "a value"),
    ("Klistra in som värden och spara igen.", "Paste as values and save again."),
)
PUPIL_DIFFERS = error(
    "pupil.differs",
    (
        "samma elev och läsår med olika bakgrund på olika rader",
        "the same pupil and school year with different background in different rows",
    ),
    ("samma bakgrund på alla elevens rader", "the same background in all of the pupil's rows"),
    ("Rätta raderna så att de stämmer överens.", "Correct the rows so that they agree."),
)
SEX_DIFFERS = error(
    "pupil.sex",
    ("ett kön som inte stämmer med personnumret", "a sex that does not agree with the personal number"),
    ("samma kön, eller en tom cell", "the same sex, or an empty cell"),
    ("Rätta cellen eller personnumret.", "Correct the cell or the personal number."),
)
MORE_ABSENCE = error(
    "row.absence",
    ("mer frånvaro än schemalagd tid", "more absence than scheduled time"),
    ("frånvaro inom den schemalagda tiden", "absence within the scheduled time"),
    ("Rätta minuterna.", "Correct the minutes."),
)
ENDS_BEFORE = error(
    "row.days",
    ("en sista dag före den första", "a last day before the first"),
    ("en sista dag efter den första", "a last day after the first"),
    ("Rätta dagarna.", "Correct the days."),
)
OWN_GRADE = error(
    "grade.form",
    ("{cell}, som inte är ett betyg där", "{cell}, which is no grade there"),
    ("ett av {grades}, ett streck, eller ”ej betygsatt”", "one of {grades}, a dash, or “not graded”"),
    ("Rätta betyget.", "Correct the grade."),
)
OWN_SUBJECT = error(
    "subject.unknown",
    ("ämnet {cell}", "the subject {cell}"),
    ("en ämneskod eller ett ämnesnamn", "a subject code or a subject's name"),
    ("Rätta ämnet.", "Correct the subject."),
)
OWN_IDS = note(
    "pupil.own_id",
    (
        "elever med egna beteckningar; de kan inte knytas till filer med personnummer",
        "pupils with ids of your own; they cannot be joined with files of personal numbers",
    ),
)

INDEX_NO_PLACE = note(
    "index.no_place",
    ("rader utan kod för skola, huvudman eller kommun", "rows without the code of a school, organiser or municipality"),
    remedy=("De läses inte: det är summor och rubriker.", "They are not read: they are totals and headings."),
)
INDEX_YEAR = note(
    "index.year",
    ("året {year}, som ett kalenderår", "the year {year}, as a calendar year"),
    ("ett läsår som 2025/26", "a school year such as 2025/26"),
    (
        "Det läses som läsåret som börjar det året. Skriv läsåret i filen om det är ett annat.",
        "It is read as the school year that begins in it. Write the school year in the file if it is another.",
    ),
)
INDEX_SCALE = warning(
    "index.scale",
    ("index kring {middle:g}", "an index around {middle:g}"),
    ("index kring 100", "an index around 100"),
    (
        "Det läses gånger 100, så att 100 är genomsnittet. Kontrollera att kolumnen är indexet.",
        "It is read times 100, so that 100 is the average. Check that the column is the index.",
    ),
)
INDEX_FORM = note(
    "index.form",
    ("ingen kolumn för skolform", "no column for the school form"),
    ("skolformen på varje rad", "the school form on every row"),
    (
        "Indexet läses som grundskolans. Lägg till kolumnen Skolform om det gäller en annan.",
        "The index is read as compulsory school's. Add the column Skolform if it is about another.",
    ),
)
