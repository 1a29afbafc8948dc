"""A written document as HTML for a page. The page gives the title; this gives what stands under it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from likvard.site.ui.templatetags.likvard import masked
from likvard.site.writing.binding import bound
from likvard.site.writing.text import Block, Bullets, Heading, Picture, Quote, Run, Table, Terms, Written, bar


def body(written: Written, *, deeper: int = 0, anchor: str = "") -> SafeString:
    """The blocks as `h2`, `h3`, `p`, `ul`, `dl`, `table`, `blockquote` and `img`, in a box with the language of the document.

    `deeper` moves headings down that many levels, for a document inside a section of a page. With an `anchor`, headings get
    the ids `anchor-1`, `anchor-2` … in their order. Everything is escaped; hidden text is a bar with its reason.
    """
    parts: list[SafeString] = []
    headings = 0
    for block in written.blocks:
        if isinstance(block, Heading):
            headings += 1
            parts.append(_heading(block, deeper, f"{anchor}-{headings}" if anchor else ""))
        else:
            parts.append(_block(block, written.language))
    return format_html('<div class="text written" lang="{}">{}</div>', written.language, _all(parts))


def signatures(written: Written) -> SafeString:
    """Who signed, and as what, as a list of terms; empty for a document without signatures."""
    if not written.signatures:
        return SafeString("")
    rows = format_html_join("", '<div class="pair"><dt>{}</dt><dd>{}</dd></div>', written.signatures)
    return format_html('<dl class="kv" lang="{}">{}</dl>', written.language, rows)


def contents(written: Written, *, anchor: str) -> tuple[tuple[str, str], ...]:
    """The headings of level 2 as pairs of text and address on the page, for a list of contents beside `body`."""
    headings = [block for block in written.blocks if isinstance(block, Heading)]
    return tuple((h.text, f"#{anchor}-{n}") for n, h in enumerate(headings, start=1) if h.level == 2)


def _all(parts: list[SafeString]) -> SafeString:
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _heading(block: Heading, deeper: int, anchor: str) -> SafeString:
    level = min(6, block.level + deeper)
    name = format_html(' id="{}"', anchor) if anchor else ""
    return format_html("<h{}{}>{}</h{}>", level, name, bound(block.text), level)


def _block(block: Block, language: str) -> SafeString:
    def said(runs: tuple[Run, ...]) -> SafeString:
        return format_html_join("", "{}", ((_run(run, language),) for run in runs))

    if isinstance(block, Bullets):
        return format_html("<ul>{}</ul>", _each("<li>{}</li>", [(said(item),) for item in block.items]))
    if isinstance(block, Terms):
        rows = [(label, said(runs)) for label, runs in block.rows]
        return format_html('<dl class="kv">{}</dl>', _each('<div class="pair"><dt>{}</dt><dd>{}</dd></div>', rows))
    if isinstance(block, Table):
        return _table(block, said)
    if isinstance(block, Quote):
        return _quote(block, said)
    if isinstance(block, Picture):
        return picture(block)
    return format_html("<p>{}</p>", said(block.runs)) if not isinstance(block, Heading) else _heading(block, 0, "")


def _table(block: Table, said: Callable[[tuple[Run, ...]], SafeString]) -> SafeString:
    sides = ["" if block.is_text(n) else SafeString(' class="n"') for n in range(len(block.columns))]
    head = _each(
        '<th scope="col"{}>{}</th>', [(side, bound(name)) for side, name in zip(sides, block.columns, strict=True)]
    )
    rows = [_table_row([said(runs) for runs in row], sides) for row in block.rows]
    body = _each("<tr>{}</tr>", [(row,) for row in rows])
    form = '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    return format_html(form, block.caption, bound(block.caption), head, body)


def _table_row(cells: list[SafeString], sides: list[str]) -> SafeString:
    first = format_html('<th scope="row">{}</th>', cells[0])
    return first + _each("<td{}>{}</td>", list(zip(sides[1:], cells[1:], strict=True)))


def _each(form: str, rows: Sequence[tuple[str, ...]]) -> SafeString:
    return format_html_join("", form, rows)


def picture(block: Picture) -> SafeString:
    """The picture on its own light ground, as data: a page's rules of colour stay outside it, and nothing in it can run."""
    data = b64encode(block.svg.encode()).decode()
    wide, high = block.size
    form = '<p class="picture"><img src="data:image/svg+xml;base64,{}" alt="{}" width="{}" height="{}"></p>'
    return format_html(form, data, block.alt, round(wide), round(high))


def _quote(block: Quote, said: Callable[[tuple[Run, ...]], SafeString]) -> SafeString:
    source = format_html('<footer class="meta">{}</footer>', bound(block.source)) if block.source else ""
    return format_html("<blockquote><p>{}</p>{}</blockquote>", said(block.runs), source)


def _run(run: Run, language: str) -> SafeString:
    if run.masked:
        return masked(bar(run.masked, language))
    return format_html("<strong>{}</strong>" if run.strong else "{}", bound(run.text))
