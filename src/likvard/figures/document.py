"""The report as JSON: every figure, every cell, every missing value with its kind; sorted keys, the same bytes twice."""

from __future__ import annotations

import json as standard_json
from typing import Any

from likvard.disclosure.cells import Released
from likvard.disclosure.reasons import LEGEND
from likvard.figures import formats
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.report import Report
from likvard.figures.sentences import verdict
from likvard.figures.table import Column, Entry, Kind, Row
from likvard.terms import Words

DECIMALS = 6
"""Values are written with this many decimals: more than is known, few enough to be the same on every machine."""


def json(report: Report) -> str:
    """The whole report in both languages. A hidden value is null beside the code and the words of its reason."""
    content = {
        "id": report.id,
        "title": _words(report.title),
        "about": _words(report.about),
        "lead": [_words(_plain(w)) for w in report.lead],
        "audience": report.audience.value,
        "synthetic": report.synthetic,
        "made": {
            "lake": report.made.lake,
            "deliveries": list(report.made.deliveries),
            "software": report.made.software,
            "on": report.made.on.isoformat(),
        },
        "sections": [
            {
                "id": s.id,
                "title": _words(s.title),
                "lead": [_words(_plain(w)) for w in s.lead],
                "figures": [f.id for f in s.figures],
            }
            for s in report.sections
        ],
        "figures": [_figure(figure) for figure in report.figures],
        "missing": _explained(report.missing),
        "methods": _explained(report.methods),
        "sources": [_source(s) for s in report.sources],
        "symbols": {m.value: {"symbol": sign, **_words(words)} for m, (sign, words) in LEGEND.items()},
    }
    return standard_json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _words(words: Words) -> dict[str, str]:
    return {"sv": words.sv, "en": words.en}


def _plain(words: Words) -> Words:
    return Words(words.sv.replace("**", ""), words.en.replace("**", ""))


def _explained(items: tuple[Explanation, ...]) -> list[dict[str, Any]]:
    return [{"term": _words(item.term), "text": _words(item.text)} for item in items]


def _source(source: Source) -> dict[str, Any]:
    return {"name": _words(source.name), "vintage": source.vintage, "deliveries": list(source.deliveries)}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "kind": figure.kind,
        "indicator": figure.indicator,
        "question": _words(figure.question),
        "subtitle": _words(figure.subtitle),
        "sentences": [_words(w) for w in verdict(figure.kind, figure.facts)],
        "n": None if figure.n is None else cell_json(figure.n),
        "sources": [_source(s) for s in figure.sources],
        "method": _explained(figure.method),
        "notes": [_words(note) for note in figure.notes],
        "table": {
            "caption": _words(figure.table.caption),
            "head": _words(figure.table.head),
            "columns": [_column(column) for column in figure.table.columns],
            "rows": [_row(row, figure.table.columns) for row in figure.table.rows],
        },
    }


def _column(column: Column) -> dict[str, Any]:
    unit = None if column.scale is None else column.scale.unit.value
    return {"heading": _words(column.heading), "kind": column.kind.value, "unit": unit}


def _row(row: Row, columns: tuple[Column, ...]) -> dict[str, Any]:
    return {
        "head": _words(row.head),
        "group": None if row.group is None else _words(row.group),
        "code": row.code,
        "kept": sorted(row.kept),
        "cells": [_entry(entry, column) for entry, column in zip(row.entries, columns, strict=True)],
    }


def _entry(entry: Entry, column: Column) -> dict[str, Any] | str | None:
    if isinstance(entry, Words):
        return _words(entry)
    if not isinstance(entry, Released):
        return None if entry is None else entry.value
    if column.kind is Kind.INTERVAL:
        return {"low": rounded(entry.low), "high": rounded(entry.high)}
    return {"n": entry.n} if column.kind is Kind.PUPILS else cell_json(entry)


def cell_json(cell: Released) -> dict[str, Any]:
    """A released cell with everything a machine needs: value, range, n, and the kind of missing value."""
    return {
        "key": list(cell.key),
        "value": rounded(cell.value),
        "low": rounded(cell.low),
        "high": rounded(cell.high),
        "n": cell.n,
        "missing": None if cell.missing is None else cell.missing.value,
        "reason": _words(formats.why(cell)) if cell.missing is not None else None,
        "source": cell.source,
    }


def rounded(value: float | None) -> float | None:
    """A value with at most six decimals, never a minus zero."""
    return None if value is None else round(value, DECIMALS) + 0.0
