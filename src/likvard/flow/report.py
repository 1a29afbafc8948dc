"""The equity report of an area: from the lake to one page, one workbook and one data file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from likvard import __version__
from likvard.figures.chapters.report import assemble
from likvard.figures.document import json
from likvard.figures.page import html
from likvard.figures.report import MadeFrom, Report, file_name
from likvard.figures.workbook import xlsx
from likvard.flow import answers_from_pupils, answers_from_statistics, area
from likvard.records.lake import Lake
from likvard.terms import Audience, Language


def report(lake: Path, code: str, *, audience: Audience, on: date) -> Report:
    """The equity report of a municipality (four digits) or an organiser (ten), for a reader, as of a day.

    It is built from pupils' records where the lake has them for the area, else from published statistics. Raises
    `UsageError` where the lake knows no school there.
    """
    opened = Lake.open(lake)
    con = opened.connect()
    frame = area.frame(con, code, audience=audience, on=on)
    build = answers_from_pupils if answers_from_pupils.possible(con, frame) else answers_from_statistics
    answers, missing = build.answers(con, frame)
    made = MadeFrom(opened.version, tuple(d.id for d in opened.deliveries()), f"likvard {__version__}", on)
    return assemble(frame, answers, made, synthetic=area.synthetic(con), missing=missing)


def write(made: Report, out: Path) -> tuple[Path, ...]:
    """Write the report as a page and a workbook per language and one data file; return the files' paths."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for language in Language:
        page = out / file_name(made, language, "html")
        page.write_text(html(made, language), encoding="utf-8")
        book = out / file_name(made, language, "xlsx")
        xlsx(made, book, language)
        paths += [page, book]
    data = out / f"{made.id}.json"
    data.write_text(json(made), encoding="utf-8")
    return (*paths, data)
