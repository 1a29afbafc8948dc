"""Figures as texts ready for a template, and the templates themselves: what the report and the site share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from likvard.figures import formats
from likvard.figures.charts import GapTrend, Trend
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.interface import TEXTS
from likvard.figures.measures import Scale, Unit
from likvard.figures.panes import Picture
from likvard.figures.pictures import picture
from likvard.figures.sentences import marked, verdict
from likvard.figures.views import TableView, table_view
from likvard.terms import Language, Words

_PUPILS = Scale(Words("Elever", "Pupils"), Unit.PUPILS)
MANY = 10
"""A table without a chart that has more columns than this has short headings, where there are any."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure with every text ready in one language. A pane that is not asked for is None."""

    id: str
    question: str
    subtitle: str
    sentences: Markup
    desc: str
    picture: Picture | None
    table: TableView | None
    method: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    source: str


@cache
def _environment() -> Environment:
    loader = PackageLoader("likvard.figures", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, auto_reload=False
    )
    environment.filters["px"] = pixels
    environment.filters["unbroken"] = unbroken
    return environment


@cache
def template(name: str) -> Template:
    """A template of `figures/templates`, compiled once."""
    return _environment().get_template(name)


@lru_cache(maxsize=50_000)
def pixels(value: float) -> str:
    """A coordinate with at most two decimals and no trailing noughts."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def bold(text: str) -> Markup:
    """Text with `**the fact**` in bold and unbroken ranges of numbers; everything else is escaped."""
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", unbroken(str(escape(text)))))  # noqa: S704 - escaped


def unbroken(text: str) -> str:
    """Text whose ranges of numbers are never cut at the end of a line."""
    return re.sub(r"(?<=\d)–(?=\d)", "–\u2060", text)


def plain(text: str) -> str:
    """Text without the marks around its fact."""
    return text.replace("**", "")


def figure_view(figure: Figure, language: Language, *, chart: bool = True, table: bool = True) -> FigureView:
    """The figure in one language, with the panes asked for."""
    return FigureView(
        figure.id,
        figure.question[language],
        figure.subtitle[language],
        Markup(" ").join(bold(words[language]) for words in marked(figure.kind, figure.facts)),
        " ".join(words[language] for words in verdict(figure.kind, figure.facts)) or figure.subtitle[language],
        picture(figure, language) if chart else None,
        table_view(figure.table, language, short=figure.chart is None and len(figure.table.columns) > MANY)
        if table
        else None,
        explained(figure.method, language),
        tuple(words[language] for words in figure.notes),
        foot(figure, language),
    )


def foot(figure: Figure, language: Language) -> str:
    """Source and vintage, and how many pupils the figure rests on."""
    parts = [f"{TEXTS['source'][language]}: " + "; ".join(source_text(s, language) for s in figure.sources) + "."]
    if figure.n is not None:
        known = figure.n.value is not None
        count = formats.number(figure.n.value or 0, 0, language) if known else figure.n.reason[language]
        pupils = Words("elever", "pupils")[language] if known else ""
        parts.append(f"{TEXTS['pupils_behind'][language]} {count}{formats.NBSP}{pupils}".strip() + ".")
    elif (told := _newest(figure, language)) is not None:
        parts.append(f"{TEXTS['pupils_behind'][language]} {told}.")
    return " ".join(parts)


def _newest(figure: Figure, language: Language) -> str | None:
    """Of a curve, how many pupils its newest point rests on (both groups of a gap); None where that is not shown."""
    chart = figure.chart
    if not isinstance(chart, Trend | GapTrend):
        return None
    lines = chart.groups if isinstance(chart, GapTrend) else chart.lines[:1]
    pupils = [line.points[-1].n for line in lines if line.points[-1].value is not None]
    known = [n for n in pupils if n]
    if len(known) < len(lines):
        return None
    when = formats.period_in_full(chart.periods[-1], language)
    return f"{formats.with_unit(sum(known), _PUPILS, language)} {'' if language is Language.SV else 'in '}{when}"


def source_text(source: Source, language: Language) -> str:
    """Authority, table and vintage."""
    return f"{source.name[language]}, {source.vintage}" if source.vintage else source.name[language]


def explained(items: tuple[Explanation, ...], language: Language) -> tuple[tuple[str, str], ...]:
    """Terms and what they mean."""
    return tuple((item.term[language], item.text[language]) for item in items)
