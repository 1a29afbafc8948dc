"""The national report as files: a page and a workbook in each language, the whole as JSON, and each table as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from likvard.figures.document import json as report_json
from likvard.figures.page import html
from likvard.figures.report import file_name
from likvard.figures.workbook import xlsx
from likvard.flow import national_columns, national_figures
from likvard.flow.national_lake import Round
from likvard.flow.national_rows import Estimate, National, Together
from likvard.terms import Language

Row = Mapping[str, object]


def files(found: Round, folder: Path) -> tuple[Path, ...]:
    """Write the report into a folder, made if it is not there; return the files. The same round gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    report = national_figures.report(
        found.national,
        found.rubric,
        found.made,
        synthetic=found.synthetic,
        deliveries=found.deliveries,
        after=found.after,
        segregation=found.segregation,
    )
    paths = []
    for language in Language:
        page = folder / file_name(report, language, "html")
        page.write_text(html(report, language), encoding="utf-8")
        book = folder / file_name(report, language, "xlsx")
        xlsx(report, book, language)
        paths += [page, book]
    data = folder / f"{report.id}.json"
    data.write_text(report_json(report), encoding="utf-8")
    return (*paths, data, *_tables(_public(found), folder, report.id))


def _public(found: Round) -> National:
    return national_figures.public(found.national, found.made.on)


def _tables(found: National, folder: Path, id: str) -> Iterator[Path]:
    made = tables(found)
    described = national_columns.described({name: rows[0] for name, rows in made.items()})
    for name, rows in (*made.items(), ("columns", described)):
        path = folder / f"{id}-{name}.csv"
        path.write_text(as_csv(rows), encoding="utf-8")
        yield path


def as_csv(rows: tuple[Row, ...]) -> str:
    """Rows as CSV with a heading; empty where a number is not there."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def tables(found: National) -> Mapping[str, tuple[Row, ...]]:
    """Every table of the report as rows. No organiser is in any of them."""
    made: dict[str, tuple[Row, ...]] = {
        "shares": tuple(
            {"class": one.cls, "weights": name, **_numbers(value)}
            for one in found.shares
            for name, value in (("corrected", one.weighted), ("as_marked", one.unweighted))
        ),
        "kinds": tuple(
            {"kind": kind, "class": cls, **_numbers(value)}
            for kind, shares in sorted(found.kinds.items())
            for cls, value in shares.items()
        ),
        "levels": tuple(
            {"criterion": one.criterion, "level": one.level, **_numbers(one.share)} for one in found.levels
        ),
        "agreement": tuple(
            {
                "criterion": one.criterion or "all",
                **_numbers(one.alpha, "alpha"),
                "kappa": _finite(one.kappa.value),
                "same": _finite(one.same),
                "error": _finite(found.marker_error.get(one.criterion, math.nan)),
                "pairs": one.pairs,
                "organisers": one.organisers,
            }
            for one in (found.overall, *found.agreement)
        ),
        "sensitivity": tuple(
            {"weights": one.key, "class": cls, **_numbers(value), "effective": _finite(one.effective)}
            for one in found.sensitivity
            for cls, value in one.shares.items()
        ),
        "statements": tuple(
            {
                "statement": one.key,
                "claim": one.claim,
                "from": one.low,
                "to": one.high,
                **_numbers(one.estimate),
                "probability": _finite(one.probability),
                "verdict": one.verdict,
            }
            for one in found.statements
        ),
        "weak_together": _pairs(found.weak_together),
        "findings_together": _pairs(found.findings_together),
        "later": _later(found),
    }
    return {name: rows for name, rows in made.items() if rows}


def _pairs(found: Together | None) -> tuple[Row, ...]:
    return tuple(
        {
            "first": one.first,
            "second": one.second,
            "both": one.both,
            "by_chance": _finite(one.expected),
            **_numbers(one.odds, "odds"),
            **_numbers(one.beyond, "beyond"),
            "clear": one.survives,
            "clear_beyond": one.beyond_survives,
        }
        for one in (found.pairs if found is not None else ())
    )


def _later(found: National) -> tuple[Row, ...]:
    one = found.prediction
    if one is None:
        return ()
    sides = (("after", one.differences), ("placebo", one.placebo))
    return tuple(
        {"side": side, "class": cls, **_numbers(value), "organisers": one.n, "p": _finite(one.p)}
        for side, values in sides
        for cls, value in values.items()
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _numbers(one: Estimate, name: str = "value") -> dict[str, float | None]:
    prefix = "" if name == "value" else f"{name}_"
    return {
        name: _finite(one.value),
        f"{prefix}se": _finite(one.se),
        f"{prefix}low": _finite(one.low),
        f"{prefix}high": _finite(one.high),
    }


def as_data(found: Round) -> dict[str, object]:
    """The whole estimate as plain data for machines: the tables, what they rest on, and the cautions. No organiser is in it."""
    national = _public(found)
    return {
        "round": national.round,
        "rubric": national.rubric,
        "classes": list(national.classes),
        "population": national.population,
        "marked": national.marked,
        "doubled": national.doubled,
        "after": found.after,
        "synthetic": found.synthetic,
        "lake": found.made.lake,
        "software": found.made.software,
        "on": found.made.on.isoformat(),
        "warnings": [{"key": one.key, "sv": one.words.sv, "en": one.words.en} for one in national.warnings],
        "columns": {name: {"sv": words.sv, "en": words.en} for name, words in national_columns.COLUMNS.items()},
        "tables": {name: list(rows) for name, rows in tables(national).items()},
    }
