"""From a sheet of Skolenkäten to the declared tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from likvard.records.readers import sayings, tables
from likvard.records.readers.codes import bad_code, is_code
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import municipality_code, slug
from likvard.records.readers.symbols import SURVEY, SURVEY_OPTION, Parsed, counts, parse
from likvard.records.readers.workbook import Cell, Grid, as_text, column_texts
from likvard.terms import NATION, InputError, Level, SchoolForm

INDEX, MEAN, COUNT, SHARE = "Index", "Medelvärde", "Antal", "Andel"
PLAIN_RESPONDENTS = "pupils-GR-8"  # measures of all other respondents carry these as an ending

_IDENTITY = {
    "orgnummer": "number",
    "organisationsnummer": "number",
    "huvudman": "organiser",
    "kommun": "place",
    "lägeskommun": "place",
    "skolenhetskod": "unit",
    "skolenhet": "name",
    "skola": "name",
    "antal i gruppen": "survey_group_size",
    "antal": "survey_answers",
    "svarsfrekvens": "survey_response_rate",
}
_GROUPS = {
    "totalt": "all",
    "flicka": "girls",
    "kvinna": "girls",
    "pojke": "boys",
    "man": "boys",
    "har annan könsidentitet": "other_identity",
    "vill inte ange": "not_stated",
}
_SIZES = {
    "survey_group_size": "Antal i gruppen",
    "survey_answers": "Antal svar",
    "survey_response_rate": "Svarsfrekvens",
}


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the survey: its calendar year, who answered, and the form of their schools."""

    year: int
    respondents: str
    form: SchoolForm

    def measure(self, stem: str) -> str:
        """The measure's id; respondents other than pupils in year 8 are named in it."""
        return stem if self.respondents == PLAIN_RESPONDENTS else f"{stem}_{slug(self.respondents)}"


@dataclass(frozen=True, slots=True)
class Head:
    """What a column of results holds: its kind, its area and question, its option and the option's place."""

    kind: str
    area: str
    question: str
    option: str
    order: int


@dataclass(frozen=True, slots=True)
class Areas:
    """Which level, code and group each row is about, and its line in the sheet."""

    level: list[str]
    code: list[str]
    group: list[str]
    line: list[int]


def make(grid: Grid, at: int, asked: Round, about: str, findings: Findings) -> Mapping[str, pa.Table]:
    """The tables of one sheet whose middle header row is number `at` (from 0)."""
    if at + 1 >= len(grid):
        raise InputError("A sheet ends in its header rows.", "Download the Excel report again.")
    identity, heads = _heads(grid, at)
    rows, areas = _areas(grid, at, identity, findings)
    known: dict[Cell, str] = {}
    made: dict[str, list[pa.Table]] = {"statistic": [], "survey_answer": []}
    titles: dict[str, str] = {}
    for what, title in _SIZES.items():
        if what in identity:
            titles[asked.measure(what)] = title
            cells = column_texts(rows, identity[what], known)
            made["statistic"].append(_statistic(asked.measure(what), cells, areas, asked, findings, title))
    for place, head in heads.items():
        cells = column_texts(rows, place, known)
        if head.kind in (INDEX, MEAN):
            measure, title = _measure(head, asked)
            titles[measure] = title
            made["statistic"].append(_statistic(measure, cells, _for_group(areas, head), asked, findings, title))
        elif head.kind == COUNT:
            shares = column_texts(rows, place + 1, known) if _has_share(heads, place) else [""] * len(rows)
            made["survey_answer"].append(_answers(head, cells, shares, areas, asked, findings))
    return {
        **{name: tables.join(name, parts) for name, parts in made.items()},
        "unit": _units(rows, areas, identity, asked, findings),
        "measure": _measures(titles, about, split="Könsuppdelat" in about or any(g != "all" for g in areas.group)),
    }


def _heads(grid: Grid, at: int) -> tuple[dict[str, int], dict[int, Head]]:
    """Identity columns, and the columns of results with area, question and option carried on from the left."""
    above, middle, below = ([as_text(cell) for cell in grid[row]] for row in (at - 1, at, at + 1))
    identity: dict[str, int] = {}
    heads: dict[int, Head] = {}
    area = question = option = ""
    order = 0
    for place, (top, mid, kind) in enumerate(zip(above, middle, below, strict=True)):
        known = _IDENTITY.get(mid.lower())
        if kind not in (INDEX, MEAN, COUNT, SHARE):
            if known and known not in identity and not heads:
                identity[known] = place
            continue
        if top:
            area, question, order = (_area(top), "", 0) if re.match(r"\d+\.", top) else (area, top, 0)
        if mid:
            option, order = mid, order + 1
        heads[place] = Head(kind, area, question, option if mid or kind == SHARE else "", order)
    return identity, heads


def _area(text: str) -> str:
    """`9. Trygghet` is Trygghet; what stands in brackets is left out."""
    return re.sub(r"\s*\(.*\)", "", re.sub(r"^\d+\.\s*", "", text)).strip()


def _areas(grid: Grid, at: int, identity: Mapping[str, int], findings: Findings) -> tuple[Grid, Areas]:
    """The rows of results and what each is about; rows that are about nothing known are told of."""
    if "unit" not in identity or "number" not in identity:
        raise InputError("A sheet has no columns Orgnummer and Skolenhetskod.", "Download the Excel report again.")
    kept: Grid = []
    areas = Areas([], [], [], [])
    for line, row in enumerate(grid[at + 2 :], start=at + 3):
        if all(cell == "" for cell in row):
            continue
        found = _area_of(row, identity, line, findings)
        if found is not None:
            kept.append(row)
            for values, value in zip((areas.level, areas.code, areas.group, areas.line), (*found, line), strict=True):
                values.append(value)  # type: ignore[attr-defined]
    if not kept:
        raise InputError("A sheet has no rows of results.", "Download the Excel report again.")
    return kept, areas


def _area_of(
    row: list[Cell], identity: Mapping[str, int], line: int, findings: Findings
) -> tuple[str, str, str] | None:
    """Level, code and group of a row. Codes stored as numbers have lost their zeros: they are filled up again."""
    unit, number = code(row[identity["unit"]], 8), code(row[identity["number"]], 10)
    if unit:
        if is_code(unit, 8):
            return Level.UNIT, unit, "all"
        findings.add(bad_code(unit, 8, line, "Skolenhetskod"))
        return None
    if number:
        if is_code(number, 10):
            return Level.ORGANISER, number, "all"
        findings.add(bad_code(number, 10, line, "Orgnummer"))
        return None
    name = as_text(row[identity["organiser"]]) if "organiser" in identity else ""
    if not name.lower().startswith("samtliga"):
        return None
    group = name.partition(" - ")[2].strip().lower()
    return Level.NATION, NATION, _GROUPS.get(group, slug(group)) if group else "all"


def code(cell: Cell, digits: int) -> str:
    """A code as text: a number is filled up with zeros, a text is left as it stands."""
    text = as_text(cell)
    if text == "-":
        return ""
    return text.zfill(digits) if isinstance(cell, int | float) and not isinstance(cell, bool) else text


def _measure(head: Head, asked: Round) -> tuple[str, str]:
    if head.kind == INDEX:
        return asked.measure(f"survey_index_{slug(head.area)}"), f"Index {head.area}, 0–10"
    return asked.measure(f"survey_mean_{slug(head.question)}"), f"{head.question} Medelvärde 0–10"


def _for_group(areas: Areas, head: Head) -> Areas:
    """The areas of a column for one sex: the group of the column stands where the row says all."""
    group = _GROUPS.get(head.option.lower(), "all") if head.option else "all"
    if group == "all":
        return areas
    return Areas(areas.level, areas.code, [group if own == "all" else own for own in areas.group], areas.line)


def _statistic(measure: str, cells: list[str], areas: Areas, asked: Round, findings: Findings, title: str) -> pa.Table:
    parsed = parse(cells, SURVEY)
    _tell(parsed, areas, title, findings)
    most = {"survey_group_size": 1e6, "survey_answers": 1e6, "survey_response_rate": 1.0}
    _check(parsed, areas, title, next((top for stem, top in most.items() if measure.startswith(stem)), 10.0), findings)
    return tables.statistic(
        measure,
        parsed,
        level=areas.level,
        area_code=areas.code,
        school_form=asked.form.value,
        group=areas.group,
        period_kind="calendar_year",
        year=asked.year,
        _line=areas.line,
    )


def _has_share(heads: Mapping[int, Head], place: int) -> bool:
    following = heads.get(place + 1)
    return following is not None and following.kind == SHARE


def _answers(
    head: Head, cells: list[str], shares: list[str], areas: Areas, asked: Round, findings: Findings
) -> pa.Table:
    parsed, share = parse(cells, SURVEY_OPTION), parse(shares, SURVEY_OPTION)
    title = f"{head.question} {head.option}"
    for column, most in ((parsed, 1e6), (share, 1.0)):
        _tell(column, areas, title, findings)
        _check(column, areas, title, most, findings)
    unknown = head.option.lower().startswith(("vet inte", "vet ej"))
    columns: dict[str, tables.Cells] = {
        "survey": "skolenkaten",
        "year": asked.year,
        "respondents": asked.respondents,
        "level": areas.level,
        "area_code": areas.code,
        "group": areas.group,
        "area": head.area,
        "question": head.question,
        "option": head.option,
        "option_order": 0 if unknown else min(head.order, 100),
        "n": tables.whole(counts(parsed)),
        "share": share.value,
        "status": parsed.status,
        "_line": areas.line,
    }
    return tables.fill("survey_answer", len(cells), columns)


def _tell(parsed: Parsed, areas: Areas, title: str, findings: Findings) -> None:
    for row in parsed.unreadable:
        cell = parsed.raw[row].as_py()[:40]
        findings.add(sayings.UNREADABLE_CELL.at(areas.line[row], title, cell=cell))


def _check(parsed: Parsed, areas: Areas, title: str, most: float, findings: Findings) -> None:
    values = counts(parsed)
    for row in np.flatnonzero((values < 0) | (values > most)).tolist():
        cell = parsed.raw[row].as_py()
        findings.add(sayings.OUT_OF_RANGE.at(areas.line[row], title, cell=cell, least=0, most=most))


def _units(rows: Grid, areas: Areas, identity: Mapping[str, int], asked: Round, findings: Findings) -> pa.Table:
    """The schools that took part, in the school year of the round's spring."""
    schools = list(_of_units(rows, areas))

    def column(what: str) -> list[str]:
        return [as_text(row[identity[what]]) if what in identity else "" for row, _, _ in schools]

    places = [municipality_code(name) for name in column("place")]
    for place, name, (_, _, line) in zip(places, column("place"), schools, strict=True):
        if place is None and name:
            findings.add(sayings.PLACE_LEFT_EMPTY.at(line, "Kommun", name=name[:40]))
    columns: dict[str, tables.Cells] = {
        "unit_code": [unit for _, unit, _ in schools],
        "school_year": asked.year - 1,
        "name": column("name"),
        "school_form": asked.form.value,
        "municipality_code": places,
        "organiser_number": [code(row[identity["number"]], 10) or None for row, _, _ in schools],
        "organiser_name": [name or None for name in column("organiser")],
        "_line": [line for _, _, line in schools],
    }
    return tables.fill("unit", len(schools), columns)


def _of_units(rows: Grid, areas: Areas) -> Iterator[tuple[list[Cell], str, int]]:
    for row, level, unit, line in zip(rows, areas.level, areas.code, areas.line, strict=True):
        if level == Level.UNIT:
            yield row, unit, line


def _measures(titles: Mapping[str, str], about: str, *, split: bool) -> pa.Table:
    columns: dict[str, tables.Cells] = {
        "measure": list(titles),
        "title": list(titles.values()),
        "about": about or None,
        "sex_split": split,
        "unit_level": True,
    }
    return tables.fill("measure", len(titles), columns)
