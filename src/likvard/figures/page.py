"""The report as one self-contained HTML file: no network, no script, a strict content policy, ready for print."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from likvard.figures import formats
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.interface import AUDIENCES, LANGUAGE_NAMES, TEXTS, other, texts
from likvard.figures.pictures import Picture, picture
from likvard.figures.report import Report, Section, file_name
from likvard.figures.sentences import marked, verdict
from likvard.figures.views import TableView, legend, table_view
from likvard.terms import Language, Words

_FONTS = (
    (
        "source-sans-3-latin-ext-wght-normal.woff2",
        "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F",
    ),
    (
        "source-sans-3-latin-wght-normal.woff2",
        "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2212,U+2215",
    ),
)


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure with every text ready in one language."""

    id: str
    question: str
    subtitle: str
    sentences: Markup
    desc: str
    picture: Picture | None
    table: TableView
    method: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with every text ready in one language."""

    id: str
    title: str
    lead: tuple[Markup, ...]
    figures: tuple[FigureView, ...]


def html(report: Report, language: Language) -> str:
    """The whole report in one language as a page that needs nothing but itself. Same report, same bytes."""
    style = _style()
    sections = tuple(_section(section, language) for section in report.sections)
    return _template().render(
        ui=texts(language),
        language=str(language),
        style=Markup(style),  # noqa: S704 - our own stylesheet
        style_hash=_hash(style),
        title=report.title[language],
        about=report.about[language],
        description=" ".join(_plain(w[language]) for w in report.lead),
        kicker=_kicker(report, language),
        lead=tuple(_bold(words[language]) for words in report.lead),
        audience=AUDIENCES[report.audience][language],
        synthetic=report.synthetic,
        sections=sections,
        ends=_ends(report, language),
        missing=_explained(report.missing, language),
        methods=_explained(report.methods, language),
        legend=legend(language),
        sources=tuple(_source(s, language) for s in report.sources),
        made=_made(report, language),
        twin_file=file_name(report, other(language), "html"),
        twin_language=str(other(language)),
        twin_name=LANGUAGE_NAMES[other(language)],
    )


@cache
def _template() -> Template:
    loader = PackageLoader("likvard.figures", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["px"] = pixels
    return environment.get_template("report.html.j2")


def pixels(value: float) -> str:
    """A coordinate with at most two decimals and no trailing noughts."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


@cache
def _style() -> str:
    assets = files("likvard.figures").joinpath("assets")
    css = re.sub(r"/\*.*?\*/\s*", "", assets.joinpath("report.css").read_text("utf-8"), flags=re.DOTALL)
    faces = []
    for name, letters in _FONTS:
        data = base64.b64encode(assets.joinpath(name).read_bytes()).decode("ascii")
        faces.append(
            '@font-face{font-family:"Source Sans 3";font-weight:200 900;font-display:swap;'
            f'src:url(data:font/woff2;base64,{data}) format("woff2");unicode-range:{letters}}}'
        )
    return "\n".join([*faces, css.strip()])


def _hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")


def _bold(text: str) -> Markup:
    """Text with `**the fact**` in bold and unbroken ranges of numbers; everything else is escaped."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(text)))
    return Markup(re.sub(r"(?<=\d)–(?=\d)", "–\u2060", bold))  # noqa: S704 - escaped above


def _plain(text: str) -> str:
    return text.replace("**", "")


def _section(section: Section, language: Language) -> SectionView:
    lead = tuple(_bold(words[language]) for words in section.lead)
    return SectionView(
        section.id, section.title[language], lead, tuple(_figure(figure, language) for figure in section.figures)
    )


def _figure(figure: Figure, language: Language) -> FigureView:
    return FigureView(
        figure.id,
        figure.question[language],
        figure.subtitle[language],
        Markup(" ").join(_bold(words[language]) for words in marked(figure.kind, figure.facts)),
        " ".join(words[language] for words in verdict(figure.kind, figure.facts)) or figure.subtitle[language],
        picture(figure, language),
        table_view(figure.table, language),
        _explained(figure.method, language),
        tuple(words[language] for words in figure.notes),
        _foot(figure, language),
    )


def _foot(figure: Figure, language: Language) -> str:
    """Source and vintage, and how many pupils the figure rests on."""
    parts = [f"{TEXTS['source'][language]}: " + "; ".join(_source(s, language) for s in figure.sources) + "."]
    if figure.n is not None:
        known = figure.n.value is not None
        count = formats.number(figure.n.value or 0, 0, language) if known else figure.n.reason[language]
        pupils = Words("elever", "pupils")[language] if known else ""
        parts.append(f"{TEXTS['pupils_behind'][language]} {count}{formats.NBSP}{pupils}".strip() + ".")
    return " ".join(parts)


def _source(source: Source, language: Language) -> str:
    return f"{source.name[language]}, {source.vintage}" if source.vintage else source.name[language]


def _explained(items: tuple[Explanation, ...], language: Language) -> tuple[tuple[str, str], ...]:
    return tuple((item.term[language], item.text[language]) for item in items)


def _ends(report: Report, language: Language) -> tuple[tuple[str, str], ...]:
    present = {"missing": bool(report.missing), "methods": bool(report.methods), "symbols": True, "sources": True}
    return tuple((name, TEXTS[name][language]) for name, there in present.items() if there)


def _kicker(report: Report, language: Language) -> str:
    made = Words("Rapport om likvärdighet, gjord den", "Equity report, made on")[language]
    return f"{made} {formats.day(report.made.on, language)}"


def _made(report: Report, language: Language) -> str:
    made, count = report.made, len(report.made.deliveries)
    deliveries = ", ".join(made.deliveries)
    return Words(
        f"Gjord den {formats.day(made.on, language)} med {made.software} ur datasjön {made.lake[:12]}, "
        f"{count} leveranser: {deliveries}.",
        f"Made on {formats.day(made.on, language)} with {made.software} from the lake {made.lake[:12]}, "
        f"{count} deliveries: {deliveries}.",
    )[language]
