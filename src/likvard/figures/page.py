"""The report as one self-contained HTML file: no network, no script, a strict content policy, ready for print."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from likvard.figures import formats
from likvard.figures.interface import AUDIENCES, LANGUAGE_NAMES, TEXTS, other, texts
from likvard.figures.rendering import FigureView, bold, explained, figure_view, plain, source_text, template
from likvard.figures.report import Report, Section, file_name
from likvard.figures.views import legend
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
    return template("report.html.j2").render(
        ui=texts(language),
        language=str(language),
        style=Markup(style),  # noqa: S704 - our own stylesheet
        style_hash=_hash(style),
        title=report.title[language],
        about=report.about[language],
        description=" ".join(plain(w[language]) for w in report.lead),
        kicker=_kicker(report, language),
        lead=tuple(bold(words[language]) for words in report.lead),
        audience=AUDIENCES[report.audience][language],
        synthetic=report.synthetic,
        sections=sections,
        ends=_ends(report, language),
        missing=explained(report.missing, language),
        methods=explained(report.methods, language),
        legend=legend(language),
        sources=tuple(source_text(s, language) for s in report.sources),
        made=_made(report, language),
        twin_file=file_name(report, other(language), "html"),
        twin_language=str(other(language)),
        twin_name=LANGUAGE_NAMES[other(language)],
    )


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


def _section(section: Section, language: Language) -> SectionView:
    lead = tuple(bold(words[language]) for words in section.lead)
    return SectionView(
        section.id, section.title[language], lead, tuple(figure_view(figure, language) for figure in section.figures)
    )


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
