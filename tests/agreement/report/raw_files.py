"""The open data read a second time: csv, json, a workbook and a Parquet file, one figure at a time, nothing shared.

A figure is known by (measure, unit, first calendar year of the school year). What several files say of the same figure
is kept side by side, and only `said` chooses: what one of them hides is hidden.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet
from python_calamine import CalamineWorkbook

SYMBOLS = {
    ".": "unavailable",
    "..": "few",
    "~100": "near_all",
    "*": "excluded",
    "-": "rule_not_met",
    "": "empty",
}
HIDES = ("few", "rule_not_met", "privacy")

SIRIS = {
    "Elever, årskurs 6": "pupils_year_6",
    "Elever, årskurs 9": "pupils_year_9",
    "Elever, årskurs 1-9": "pupils",
    "Andel (%) flickor, årskurs 1-9": "share_girls",
    "Andel (%) elever med utländsk bakgrund, åk 1-9": "share_foreign_background",
    "Andel (%) elever med föräldrar med eftergymnasial utb., åk 1-9": "share_parents_tertiary",
}
SERIES = {
    "meritvarde": "merit_value",
    "elever_ak9": "pupils_year_9",
    "elever_1_9": "pupils",
    "andel_flickor_1_9": "share_girls",
    "andel_utl_bakgrund_1_9": "share_foreign_background",
    "andel_foraldrar_eftergymn_1_9": "share_parents_tertiary",
}
API = {
    "averageGradesMeritRating9thGrade": "merit_value",
    "ratioOfPupilsIn9thGradeWithAllSubjectsPassed": "share_all_subjects_year_9",
    "ratioOfPupils9thGradeEligibleForNationalProgramYR": "share_eligible_vocational",
    "certifiedTeachersQuota": "share_certified_teachers",
    **{
        f"averageResultNationalTestsSubject{subject}{year}thGrade": f"test_mean_{subject.lower()}_year_{year}"
        for subject in ("SVE", "SVA", "ENG", "MA")
        for year in (6, 9)
    },
}
SURVEY = {
    "Trygghet": "survey_index_trygghet",
    "Studiero": "survey_index_studiero",
    "Förhindra kränkningar": "survey_index_forhindra_krankningar",
}
NEAREST_THE_AUTHORITY = ("siris", "api", "series", "survey")


class Said(NamedTuple):
    """What one file says of one figure. `base` is how many pupils a share is about, where the file tells."""

    source: str
    raw: str
    value: float | None
    status: str
    base: float | None

    @property
    def near_all(self) -> tuple[float, float] | None:
        """~100: one to four of the base did not reach."""
        known = self.status == "near_all" and self.base is not None
        return ((self.base - 4) / self.base, (self.base - 1) / self.base) if known else None


class Unit(NamedTuple):
    """What one file says of a school unit in one school year."""

    year: int
    name: str
    municipality: str
    organiser: str


class Open:
    """Everything read: `figures` by key, `units` by code, `eligible` (Kolada), `outlines` by municipality."""

    def __init__(self, folder: Path):
        self.figures: dict[tuple[str, str, int], list[Said]] = defaultdict(list)
        self.units: dict[str, list[Unit]] = defaultdict(list)
        self.outlines = outlines(folder / "kommuner.geojson")
        self.eligible = eligible(folder / "kolada" / "2024-12-12_KOLADA_data_raw.parquet")
        for file in sorted((folder / "siris").glob("*.csv")):
            self.siris(file)
        self.series(folder / "merit_per_school_2014_2025.csv")
        self.api(folder / "v4_gr_statistics_long.csv")
        self.survey(folder / "skolenkaten" / "excelrapport-elever-grundskola-ak-8-2022.xlsx")

    def add(self, source, measure, unit, year, text, base=None):
        value = known(text)
        if value is not None and measure.startswith("share_"):
            value /= 100
        self.figures[measure, unit, year].append(Said(source, text, value, SYMBOLS.get(text, ""), base))

    def siris(self, path: Path):
        year = int(re.search(r"(\d{4}) Skolenhet", path.name)[1])
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        header = next(line for line in lines if line.startswith("Skola;"))
        for line in lines[lines.index(header) + 1 :]:
            row = dict(zip(header.split(";"), (cell.strip() for cell in line.split(";")), strict=False))
            code = row.get("Skol-enhetskod", "")
            if not re.fullmatch(r"\d{8}", code):
                continue
            base = known(row["Elever, årskurs 1-9"])
            for column, measure in SIRIS.items():
                self.add("siris", measure, code, year, row[column], base if measure.startswith("share") else None)
            name = row["Skola"].rstrip("* ")
            self.units[code].append(Unit(year, name, row["Kommun-kod"], row["Huvudman orgnr"]))

    def series(self, path: Path):
        for row in rows_of(path):
            code, year = row["skolenhetskod"], int(row["varterminsar"]) - 1
            base = known(row["elever_1_9"])
            for column, measure in SERIES.items():
                self.add("series", measure, code, year, row[column], base if measure.startswith("share") else None)
            self.units[code].append(Unit(year, row["skola"].strip(), row["kommunkod"], ""))

    def api(self, path: Path):
        rows = rows_of(path)
        today = max(int(row["lasar"][:4]) for row in rows if row["lasar"])
        for row in rows:
            if row["metric"] in API and row["lasar"]:
                year = int(row["lasar"][:4])
                self.add("api", API[row["metric"]], row["skolenhetskod"], year, row["value_raw"])
        for code, name, place in {(r["skolenhetskod"], r["namn"].strip(), r["kommunkod"]) for r in rows}:
            self.units[code].append(Unit(today, name, place, ""))

    def survey(self, path: Path):
        places = {name.casefold(): code for code, (name, _) in self.outlines.items()}
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        first, second, third = rows[:3]
        at = {text: i for i, text in reversed(list(enumerate(second))) if text}
        index = {
            measure: next(
                i for i, top in enumerate(first) if re.match(rf"\d+\. {area}\b", str(top)) and third[i] == "Index"
            )
            for area, measure in SURVEY.items()
        }
        for row in rows[3:]:
            if row[at["Skolenhetskod"]] in ("", "-"):
                continue
            code = str(int(row[at["Skolenhetskod"]])).zfill(8)
            for measure, column in {**index, "survey_answers": at["Antal"]}.items():
                self.add("survey", measure, code, 2022, str(row[column]))
            organiser = str(int(row[at["Orgnummer"]]))
            place = places.get(str(row[at["Kommun"]]).casefold(), "")
            self.units[code].append(Unit(2021, str(row[at["Skolenhet"]]).strip(), place, organiser))

    def said(self, measure: str, unit: str, year: int) -> Said | None:
        """The strictest of what the files say: hidden, then ~100, then a number, then nothing known."""
        found = self.figures.get((measure, unit, year), [])
        return min(found, key=strictness, default=None)

    def hidden(self, measure: str, unit: str, year: int) -> bool:
        """Whether any file hides the figure."""
        return any(said.status in HIDES for said in self.figures.get((measure, unit, year), []))

    def newest(self, unit: str, what: str) -> set[str]:
        """The unit's name, municipality or organiser by the newest description that tells it; several if they tie."""
        told = [(u.year, getattr(u, what)) for u in self.units[unit] if getattr(u, what)]
        last = max((year for year, _ in told), default=None)
        return {text for year, text in told if year == last}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def strictness(said: Said) -> tuple[int, int]:
    order = 0 if said.status in HIDES else {"near_all": 1, "": 2}.get(said.status, 4)
    return order, NEAREST_THE_AUTHORITY.index(said.source)


@cache
def known(text: str) -> float | None:
    """The number that a cell writes, with decimal comma and spaces between thousands; none for a symbol."""
    return None if text in SYMBOLS else float(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))


def eligible(path: Path) -> dict[tuple[str, int, str], tuple[float | None, str]]:
    """Kolada N15428 by municipality, calendar year and sex (K girls, M boys): value and status."""
    columns = ("kpi", "municipality_id", "year", "gender", "value", "status")
    table = pyarrow.parquet.read_table(path, columns=list(columns)).to_pydict()
    return {
        (place, int(year), sex): (value, status)
        for kpi, place, year, sex, value, status in zip(*(table[c] for c in columns), strict=True)
        if kpi == "N15428"
    }


def outlines(path: Path) -> dict[str, tuple[str, list[list[list[float]]]]]:
    """Name and outer rings of every municipality."""
    found = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        found[feature["properties"]["id"]] = (feature["properties"]["kom_namn"], [p[0] for p in polygons])
    return found
