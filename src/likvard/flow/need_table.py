"""The index of need of one organiser's units, as a reader may see it: from the lake to a table and its files."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from likvard.disclosure.cells import Key, Released
from likvard.disclosure.gate import NOTHING_OUT
from likvard.disclosure.publication import FigureKey
from likvard.flow import need, register
from likvard.flow.publish_need import INDEX, MEASURES, PROBABILITY, UNSEEN, Need, published_need
from likvard.flow.publish_sheet import Sheet, released
from likvard.records.lake import Lake
from likvard.terms import Audience, Language, Level, SchoolYear, UsageError, Words

SOME = 8
"""Organisers that are named where another is asked for than the lake has."""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A unit, or the organiser itself (last): its index with interval, its chance of missing the goal, and who is unseen."""

    code: str
    name: str
    level: Level
    index: Released
    probability: Released | None
    unseen: Released | None


@dataclass(frozen=True, slots=True, eq=False)
class NeedTable:
    """The index of an organiser's units of one form in one school year, by name; `facts` are those of the publication.

    `without` says why the form has no index; there are then no rows.
    """

    organiser: str
    name: str
    form: str
    year: int | None
    audience: Audience
    on: date
    rows: tuple[NeedRow, ...]
    facts: Mapping[str, Any]
    without: Words | None = None


def need_table(
    lake: Path,
    organiser: str,
    *,
    form: str,
    year: int | None,
    audience: Audience,
    on: date,
    unit_effect: bool = False,
) -> NeedTable:
    """The index of need of an organiser's units, for a reader, by the rules of a day; the newest year if none is given.

    `unit_effect` fits with an effect of each unit, integrated out (docs/need.md). Raises `UsageError` for an organiser,
    form or year that the lake does not have.
    """
    without = need.why_not(form)
    con = Lake.open(lake).connect()
    try:
        known = register.read(con)
        name = _name(known, organiser)
        made = published_need(con, unit_effect=unit_effect) if without is None else Need()
    finally:
        con.close()
    if without is not None:
        return NeedTable(organiser, name, form, None, audience, on, (), {}, without)
    chosen = _year(made, form, year)
    names = {unit.code: unit.name for unit in known.units if unit.organiser == organiser}
    sheet = Sheet(organiser)
    made.ask(sheet, names)
    rows = _rows(sheet, {**names, organiser: name}, form, chosen, audience, on)
    return NeedTable(organiser, name, form, chosen, audience, on, rows, made.facts_of(form, chosen))


def _name(known: register.Register, organiser: str) -> str:
    names = {row.number: row.name for row in known.organisers}
    if organiser in names:
        return names[organiser]
    having = {unit.organiser for unit in known.units}
    some = [f"{number} {name}" for number, name in sorted(names.items()) if number in having]
    more = f" and {len(some) - SOME} more" if len(some) > SOME else ""
    has = f" It has {', '.join(some[:SOME])}{more}." if some else ""
    raise UsageError(f"The lake knows no organiser {organiser!r}.{has}", "Write an organiser's ten digits.")


def _year(made: Need, form: str, year: int | None) -> int:
    years = [one.year for one in made.years if one.form == form]
    if not years:
        raise UsageError(
            f"The lake has no index of need for {form}: it lacks pupils' background or results of two hundred pupils.",
            "Import pupils and grades, or read the statistics office's index.",
        )
    if year is not None and year not in years:
        raise UsageError(
            f"There is no index of the school year {SchoolYear(year)}.",
            f"Give the year that it begins in, {min(years)} to {max(years)}.",
        )
    return max(years) if year is None else year


def _rows(
    sheet: Sheet, names: Mapping[str, str], form: str, year: int, audience: Audience, on: date
) -> tuple[NeedRow, ...]:
    shown: dict[Key, Released] = {}
    for made in released(sheet, on, NOTHING_OUT):
        if made.audience is audience:
            shown |= made.cells
    found = {key: cell for key, cell in shown.items() if key[0] in MEASURES and (key[6], key[7]) == (form, str(year))}
    rows = (
        NeedRow(
            area,
            names[area],
            Level(level),
            cell,
            found.get((PROBABILITY, *key[1:])),
            found.get((UNSEEN, *key[1:])),
        )
        for key, cell in found.items()
        if key[0] == INDEX
        for level, area in [(FigureKey(*key).level, FigureKey(*key).area)]
    )
    return tuple(sorted(rows, key=lambda row: (row.level is not Level.UNIT, row.name, row.code)))


def as_dict(table: NeedTable) -> dict[str, Any]:
    """The table as plain data, with full precision."""
    return {
        "organiser": {"number": table.organiser, "name": table.name},
        "form": table.form,
        "year": table.year,
        "audience": table.audience.value,
        "on": table.on.isoformat(),
        "without": None if table.without is None else {"sv": table.without.sv, "en": table.without.en},
        "units": [_row(row) for row in table.rows if row.level is Level.UNIT],
        "whole": next((_row(row) for row in table.rows if row.level is not Level.UNIT), None),
        "model": dict(table.facts),
    }


def _row(row: NeedRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "index": row.index.value,
        "low": row.index.low,
        "high": row.index.high,
        "pupils": row.index.n,
        "probability": _value(row.probability),
        "unseen": _value(row.unseen),
        "reason": None if row.index.missing is None else {"sv": row.index.reason.sv, "en": row.index.reason.en},
    }


def _value(cell: Released | None) -> float | None:
    return None if cell is None else cell.value


HEAD = {
    Language.SV: ("kod", "enhet", "index", "lägst", "högst", "elever", "risk", "andel som inte ses", "skäl"),
    Language.EN: ("code", "unit", "index", "low", "high", "pupils", "chance", "share unseen", "reason"),
}


def write(table: NeedTable, out: Path) -> tuple[Path, ...]:
    """Write the table as CSV in both languages and as JSON into the folder `out`; return the files' paths."""
    out.mkdir(parents=True, exist_ok=True)
    stem = f"need-{table.organiser}-{table.form}-{table.year or 'none'}"
    paths = []
    for language, head in HEAD.items():
        text = StringIO(newline="")
        rows = csv.writer(text, delimiter=";", lineterminator="\n")
        rows.writerow(head)
        for row in table.rows:
            told = _row(row)
            told["reason"] = "" if told["reason"] is None else told["reason"][language.value]
            rows.writerow([_written(value, language) for value in told.values()])
        path = out / f"{stem}-{language.value}.csv"
        path.write_text(text.getvalue(), encoding="utf-8-sig")
        paths.append(path)
    data = out / f"{stem}.json"
    data.write_text(json.dumps(as_dict(table), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return (*paths, data)


def _written(value: float | str | None, language: Language) -> str:
    """A cell of a table: numbers with the language's decimal sign. A name that begins like a formula is kept from being one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value
    text = f"{value:.4g}" if abs(value) < 1 else f"{value:.1f}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if language is Language.SV else text
