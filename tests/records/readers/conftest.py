"""Small files of every format, with invented values, and the key that pseudonyms are made with in tests."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from likvard.records import template
from likvard.records.readers import READERS
from likvard.records.reading import ReadContext, Reading
from likvard.records.template_tables import templates
from likvard.terms import Language

KEY = bytes(range(32))

Read = Callable[[str, str | bytes], Reading]


@pytest.fixture(scope="session")
def context() -> ReadContext:
    return ReadContext(KEY)


@pytest.fixture
def read(tmp_path: Path, context: ReadContext) -> Read:
    """Write a file under a name and read it with the one reader that recognises it."""

    def write_and_read(name: str, content: str | bytes) -> Reading:
        path = tmp_path / name
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(raw)
        readers = [reader for reader in READERS if reader.recognises(path, raw[:65_536])]
        assert [reader.name for reader in readers] == [readers[0].name], "exactly one reader is for a file"
        return readers[0].read(path, context)

    return write_and_read


SUBJECTS_9 = "Bl;En;Hkk;Idh;Ma;M1 (språk);M1 (betyg);M2 (språk);M2 (betyg);ML (språk);ML (betyg);Mu;Bi;Fy;Ke;Ge;Hi;Re;Sh;Sl;Sv;Sva;Tn;Tk;OVR"
HEADER_9 = f"System;Datum;Version;PersonNr;Skolenhetskod;Klass;Fornamn;Efternamn;{SUBJECTS_9}"


def personal_number(number: int) -> str:
    """An invented personal number with a right check digit; never one of a real person's day and serial."""
    day = f"2010{1 + number % 12:02d}{1 + number // 12 % 28:02d}"
    serial = f"{number // 336 % 1000:03d}"
    digits = [int(digit) for digit in day[2:] + serial]
    total = sum(sum(divmod(2 * digit, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits))
    return day + serial + str(-total % 10)


def final_grades(pupils: int, schools: int = 40, seed: int = 1) -> str:
    """A file of final grades in year 9 without a header row, as student-record systems write it."""
    chance = np.random.default_rng(seed)
    letters = np.array(list("ABCDEF"))[chance.integers(0, 6, (pupils, 16))].tolist()
    swedish = np.where(chance.random(pupils) < 0.1, 1, 0).tolist()
    rows = []
    for number, own in enumerate(letters):
        second = [own[14], "2"][:: -1 if swedish[number] else 1]
        cells = [
            *("Elevsystem", "2026-06-12", "1.0", personal_number(number), f"{10_000_001 + number % schools}", "9A"),
            *("Förnamn", "Efternamn", *own[:5], "FRE", own[13], "", "2", "", "2", *own[5:13], own[15]),
            *(*second, "2", own[12], ""),
        ]
        rows.append(";".join(cells))
    return "\n".join(rows) + "\n"


def small_siris() -> bytes:
    names = ["Elever, årskurs 1-9", "Andel (%) flickor, årskurs 1-9", *(f"Elever, årskurs {y}" for y in range(1, 10))]
    return (
        "\ufeffStatistik från Skolverket, https://www.skolverket.se\n\nGrundskola - Antal elever per årskurs\n"
        "Valt läsår: 2023/24\n\nSkola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;"
        + ";".join(names)
        + ";\nNorra skolan;10000001;Ale;1440;Kommunal;Ale kommun;2120001439;1 090;~100;"
        + "10;" * 8
        + "1 010;\nSödra skolan*;20000002;Ale;1440;Enskild;Södra AB;5560000000;.;..;"
        + ".;" * 9
        + "\nRapportbeskrivning och definitioner etc.\nDubbelprickas under 10 elever.\n"
    ).encode()


def small_merit() -> bytes:
    return (
        "skolenhetskod,skola,kommun,kommunkod,huvudmannatyp,varterminsar,meritvarde,kalla,elever_ak9,elever_1_9,"
        "andel_flickor_1_9,andel_utl_bakgrund_1_9,andel_foraldrar_eftergymn_1_9\n"
        "10000001,Norra skolan,Ale,1440,Enskild,2014,248.5,kopia,60,340,54,..,~100\n"
        "10000001,Norra skolan,Ale,1440,Fristående,2015,259.1,kopia,.,,,,\n"
    ).encode()


def small_v4_long() -> bytes:
    return (
        b"skolenhetskod,namn,kommunkod,huvudmannatyp,metric,lasar,value_raw,value_type,value\n"
        b'10000001,Norra skolan,1440,Kommunal,averageGradesMeritRating9thGrade,2023/24,"205,1",EXISTS,205.1\n'
        b"10000001,Norra skolan,1440,Kommunal,ratioOfPupils9thGradeEligibleForNationalProgramYR,2023/24,~100,"
        b"ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE,100.0\n"
        b"10000001,Norra skolan,1440,Kommunal,totalNumberOfPupils,2024/25,cirka 130,EXISTS,130\n"
        b"10000001,Norra skolan,1440,Kommunal,certifiedTeachersQuota,2023/24,*,"
        b"TEACHERS_EXCLUDED_DUE_TO_NO_REQUIRED_LEGITIMATION,\n"
        b"10000001,Norra skolan,1440,Kommunal,ratioOfPupilsIn6thGradeWithAllSubjectsPassed,,,MISSING,\n"
    )


def small_v4_json() -> bytes:
    few = "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS"
    body = {
        "schoolUnit": "10000001",
        "averageGradesMeritRating9thGrade": [
            {"value": "205,1", "valueType": "EXISTS", "timePeriod": "2024/25"},
            {"value": "..", "valueType": few, "timePeriod": "2023/24"},
        ],
        "totalNumberOfPupils": [{"value": "cirka 450", "valueType": "EXISTS", "timePeriod": "2025/26"}],
        "docLinks": None,
        "_links": {"self": {"href": "https://api.skolverket.se/planned-educations/v3/school-units/1/statistics/gr"}},
    }
    answer = {"status": "OK", "message": "Success", "body": body}
    return json.dumps({"generatedAt": "2026-04-21T10:23:37Z", "url": "x", "json": answer}).encode()


def small_survey_json() -> bytes:
    theme = {
        "average": "7,6",
        "ratioFully": "44%",
        "ratioPartly": "-",
        "ratioNotAtAll": None,
        "questionDescription": "Känner du dig trygg i skolan?",
    }
    group = {
        "schoolUnitCode": "10000001",
        "semester": "VT26",
        "schoolYear": "ak8",
        "noOfAnswers": "36",
        "noInGroup": "40",
        "answeringFrequency": "90%",
        "securityMetrics": theme,
    }
    return json.dumps({"status": "OK", "message": "", "body": {"schoolYearMetrics": [group]}}).encode()


def small_kolada_json() -> bytes:
    values = [
        {"gender": "T", "count": 1, "status": "", "value": 84.02},
        {"gender": "K", "count": 1, "status": "Privacy", "value": None},
        {"gender": "M", "count": 1, "status": "Missing", "value": None},
    ]
    items = [
        {"kpi": "N15428", "municipality": "0127", "period": 2023, "values": values},
        {"kpi": "N15428", "municipality": "0000", "period": 2023, "values": values[:1]},
    ]
    return json.dumps({"count": 2, "next_page": None, "values": items}).encode()


def small_shapes() -> bytes:
    ring = [[17.0, 59.0], [18.0, 59.0], [18.0, 60.0], [17.0, 59.0]]
    hole = [[17.5, 59.2], [17.6, 59.2], [17.6, 59.3], [17.5, 59.2]]
    properties = {"id": "0127", "kom_namn": "Botkyrka", "lan_code": "01", "geo_point_2d": [59.2, 17.8]}
    feature = {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring, hole], [ring]]},
        "properties": properties,
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


SURVEY_HEAD = [
    ["Skolenkäten 2022 - Elever årskurs 8", *[""] * 7, "9. Trygghet", "Känner du dig trygg?", *[""] * 4],
    [
        "Orgnummer",
        "Huvudman",
        "Lägeskommun",
        "Skolenhetskod",
        "Skolenhet",
        "Antal i gruppen",
        "Antal",
        "Svarsfrekvens",
        "",
        "",
        "Alltid",
        "",
        "Vet inte",
        "",
    ],
    [*[""] * 8, "Index", "Medelvärde", "Antal", "Andel", "Antal", "Andel"],
]
SURVEY_ROWS = [
    ["", "Samtliga deltagande skolor", "", "", "", 100, 80, 0.8, 8.2, 7.9, 70, 0.875, 10, 0.125],
    ["", "Samtliga deltagande skolor - Kvinna", "", "", "", "-", 40, "-", 8.0, 7.8, 35, 0.875, 5, 0.125],
    [2120001439, "Ale kommun", "", "", "", 60, 50, 0.833, 8.1, 7.7, 45, 0.9, 5, 0.1],
    [2120001439, "Ale kommun", "Ale", 1000001, "Norra skolan", 30, 25, 0.833, "-", 7.5, "***", "-", "*", "-"],
]


def small_survey_excel() -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in (("Resultat", SURVEY_HEAD + SURVEY_ROWS), ("Förklaring", [["Minst 5 måste ha svarat"]])):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return content.getvalue()


def small_parquet() -> bytes:
    columns = {
        "kpi": ["N15428", "N15428"],
        "municipality_id": ["0127", "0127"],
        "year": pa.array([2023, 2023], pa.int32()),
        "count": pa.array([1, 1], pa.int32()),
        "gender": ["T", "K"],
        "status": ["", "Privacy"],
        "value": [84.02, None],
    }
    content = BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def small_organiser() -> bytes:
    return (
        "Skolenhetskod;Skolform;Läsår;Slag;Antal;Anmärkning\n10000001;GR;2025/26;klagomål;3;\n10000001;GR;2024/25;klagomål;..;\n"
    ).encode("utf-8-sig")


def small_index() -> bytes:
    return (
        "Statistikmyndigheten;;;\nSocioekonomiskt index, läsåret 2024/25;;;\n\n"
        "Skolenhetskod;Skola;Skolform;Antal elever;Socioekonomiskt index\n"
        "10000001;Norra skolan;Grundskola;412;187,4\n20000002;Södra skolan;Förskoleklass;38;..\n;Hela landet;;;100\n"
    ).encode("utf-8-sig")


# One small valid file per reader, by its name; every value is invented.
SMALL: dict[str, bytes] = {
    "Grundskolan - Antal elever per årskurs 2023 Skolenhet.csv": small_siris(),
    "merit_per_school_2014_2025.csv": small_merit(),
    "v4_gr_statistics_long.csv": small_v4_long(),
    "v4.json": small_v4_json(),
    "survey.json": small_survey_json(),
    "kolada.json": small_kolada_json(),
    "KOLADA_values.parquet": small_parquet(),
    "kommuner.geojson": small_shapes(),
    "excelrapport-elever-grundskola-ak-8-2022.xlsx": small_survey_excel(),
    "slutbetyg.txt": final_grades(3).encode(),
    "likvard-matters.csv": small_organiser(),
    "index.csv": small_index(),
}


@pytest.fixture(scope="session")
def small() -> dict[str, bytes]:
    """One small valid file per reader, by name."""
    return dict(SMALL)


@pytest.fixture(scope="session")
def grades_file() -> Callable[..., str]:
    """A file of final grades in year 9 of so many invented pupils."""
    return final_grades


@pytest.fixture(scope="session")
def number() -> Callable[[int], str]:
    """The n-th invented personal number."""
    return personal_number


# A row or two of every template, as an organiser would write them.
FILLED = {
    "units": [["10000001", "2025/26", "Norra skolan", "Grundskola", "0127", "212000-2882", "Exempel", "kommunal", "aktiv"]],
    "pupils": [
        ["201003151237", "10000001", "GR", "2025/26", "9", "9A", "", "2025-08-18", "", "", "", "gymnasial", "ja", "3", "0127", ""],
        ["elev-7", "10000001", "GRAN", "2025/26", "9", "", "", "", "", "2010", "flicka", "", "", "", "", "ja"],
    ],
    "grades": [
        ["201003151237", "10000001", "GR", "2025/26", "9", "VT", "slutbetyg", "Matematik", "", "", "C"],
        ["201003151237", "10000001", "GR", "2025/26", "9", "VT", "slutbetyg", "En", "", "", "–"],
        ["elev-7", "10000001", "GRAN", "2025/26", "9", "VT", "slutbetyg", "Ma", "", "", "E"],
    ],
    "attendance": [["elev-7", "10000001", "GRAN", "2025-09", "4 800", "300", "60", ""]],
    "survey": [["trivsel", "2026", "elever", "10000001", "", "Trygghet", "Trygg?", "Ja", "1", ".."]],
    "money": [["2120002882", "", "2025", "GR", "grundbelopp", "1 250 000"]],
    "matters": [["10000001", "GR", "2025/26", "klagomål", "0"]],
    "principals": [["10000001", "anst-9", "2023-08-01", ""]],
}  # fmt: skip


def filled_csv(key: str, rows: list[list[str]], language: Language = Language.SV) -> bytes:
    """The template of a table with rows filled in below the example."""
    own = next(t for t in templates() if t.key == key)
    text = StringIO(newline="")
    filled = [template.header(own, language), template.example(own, language), *([*row, ""] for row in rows)]
    csv.writer(text, delimiter=";").writerows(filled)
    return text.getvalue().encode("utf-8-sig")


@pytest.fixture(scope="session")
def filled() -> dict[str, list[list[str]]]:
    """Rows of every template, filled in."""
    return {key: [list(row) for row in rows] for key, rows in FILLED.items()}


@pytest.fixture(scope="session")
def as_csv() -> Callable[..., bytes]:
    """The template of a table with rows filled in below the example."""
    return filled_csv


@pytest.fixture(scope="session")
def templates_filled() -> dict[str, bytes]:
    """Every template filled in, as CSV."""
    return {key: filled_csv(key, rows) for key, rows in FILLED.items()}
