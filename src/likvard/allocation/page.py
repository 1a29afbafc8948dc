"""A memo as one HTML file in a language: no network, no script, a strict content policy, ready for print."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from likvard.allocation.memo import Block, Column, Heading, Paragraph, Table, Value, written
from likvard.figures.interface import LANGUAGE_NAMES, TEXTS, other
from likvard.terms import Language, Words

_STYLE = """\
:root{color-scheme:light dark;--bg:#fff;--ink:#16242b;--ink2:#46555d;--line:#d3dbde;--act:#0a5566;--tint:#f3f6f7}
@media(prefers-color-scheme:dark){:root{--bg:#10191d;--ink:#e8eff1;--ink2:#b3c1c7;--line:#31434b;--act:#7fcddb;--tint:#18252b}}
body{background:var(--bg);color:var(--ink);font:1.125rem/1.5 "Source Sans 3",system-ui,sans-serif;max-width:73rem;margin:0 auto;padding:1rem}
h1{font-size:2rem;line-height:1.15}h2{font-size:1.5rem;line-height:1.25;margin-top:3rem;border-top:2px solid var(--ink);padding-top:.75rem}
h3{font-size:1.1875rem;margin:1.5rem 0 .25rem}p{max-width:42rem;margin:.5rem 0}a{color:var(--act)}
.meta,caption{color:var(--ink2);font-size:.9375rem;text-align:left}.synthetic{background:var(--tint);padding:.5rem 1rem;max-width:none}
.picture{max-width:none}.picture img{max-width:100%;height:auto;background:#fff}
.scroll{overflow-x:auto}.scroll:focus-visible{outline:3px solid var(--act)}
table{border-collapse:collapse;font-size:1rem;line-height:1.4;margin:1rem 0}caption{padding-bottom:.5rem}
th,td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top;text-align:left;font-weight:400}
thead th,tfoot td,tfoot th{font-weight:600;border-bottom-color:var(--ink)}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
@media print{.scroll{overflow:visible}table{font-size:.7rem}h2,h3{break-after:avoid}tr,p{break-inside:avoid}.twin{display:none}}
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture among the blocks: an SVG that is whole in itself, in each language, and what it shows in words."""

    svg: Words
    alt: Words


def html(
    title: Words,
    about: Words,
    blocks: Sequence[Block | Picture],
    language: Language,
    *,
    synthetic: bool,
    twin: str = "",
) -> str:
    """The memo as a page. `about` stands under the title; `twin` is the address of the page in the other language."""
    style = Markup("<style>{}</style>").format(Markup(_STYLE))  # noqa: S704 - our own stylesheet
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    banner = Markup('<p class="synthetic"><b>{}</b> {}</p>').format(
        TEXTS["synthetic"][language], TEXTS["synthetic_text"][language]
    )
    other_language = other(language)
    link = Markup('<p class="meta twin"><a href="{}" lang="{}" hreflang="{}">{}</a></p>').format(
        twin, other_language, other_language, LANGUAGE_NAMES[other_language]
    )
    page = Markup(
        '<!doctype html>\n<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; img-src data:\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
        '<title>{}</title>\n{}\n</head>\n<body>\n<header>{}{}</header>\n<main>\n<h1>{}</h1>\n<p class="meta">{}</p>\n{}</main>\n</body>\n</html>\n'
    )
    return page.format(
        language,
        digest,
        title[language],
        style,
        banner if synthetic else "",
        link if twin else "",
        title[language],
        about[language],
        Markup("").join(_block(block, language) for block in blocks),
    )


def _block(block: Block | Picture, language: Language) -> Markup:
    if isinstance(block, Picture):
        data = base64.b64encode(block.svg[language].encode()).decode()
        return Markup('<p class="picture"><img src="data:image/svg+xml;base64,{}" alt="{}"></p>\n').format(
            data, block.alt[language]
        )
    if isinstance(block, Heading):
        return Markup("<h{}>{}</h{}>\n").format(block.level, block.text[language], block.level)
    if isinstance(block, Paragraph):
        return Markup("<p>{}</p>\n").format(block.text[language])
    return _table(block, language)


def _table(table: Table, language: Language) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_right(column), column.heading[language]) for column in table.columns
    )
    body = Markup("\n").join(_row(row, table.columns, language) for row in table.rows)
    foot = Markup("<tfoot>{}</tfoot>").format(_row(table.total, table.columns, language)) if table.total else ""
    caption = table.caption[language]
    return Markup(
        '<div class="scroll" role="region" aria-label="{}" tabindex="0">\n<table><caption>{}</caption>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>{}</tbody>{}</table>\n</div>\n"
    ).format(caption, caption, head, body, foot)


def _row(row: Sequence[Value], columns: Sequence[Column], language: Language) -> Markup:
    first, *rest = (
        (_right(column), written(value, column, language)) for value, column in zip(row, columns, strict=True)
    )
    cells = Markup("").join(Markup("<td{}>{}</td>").format(*cell) for cell in rest)
    return Markup('<tr><th scope="row"{}>{}</th>{}</tr>').format(*first, cells)


def _right(column: Column) -> Markup:
    return Markup("") if column.places is None else Markup(' class="n"')
