"""A written document as PDF: PDF/UA-1 for those who listen, PDF/A-2a for the archive. The same document gives the same bytes.

Set by Typst, which refuses a file without language, title or headings in order. The typeface is the one of this package; letters
that it lacks (other scripts, signs) come from the typefaces inside Typst, never from the machine.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final

import typst

from likvard.figures import formats
from likvard.site.writing.binding import bound
from likvard.site.writing.text import Heading, Picture, Run, WritingError, Written, as_data, bar
from likvard.terms import Language, Words

STANDARDS: Final = ("a-2a", "ua-1")
UNDATED: Final = ("ua-1",)
"""A draft without a day is nothing for an archive, and PDF/A asks for a day."""
TALLEST: Final = 205 / 140
"""Height of a picture in widths of the column: it and its heading have room on one page."""
FONTS = ["Likvard Sans", "Libertinus Serif", "DejaVu Sans Mono"]

_PAGES = Words("Sida {page} av {pages}", "Page {page} of {pages}")
_NUMBER = Words("Dnr", "Ref.")
_WATERMARK = Words("UTKAST", "DRAFT")
_DRAFT = Words("Utkast. Inget är beslutat.", "Draft. Nothing has been decided.")
_DOCUMENT = Words("dokument", "document")
_SIGNED = Words("Beslutet är undertecknat av", "Signed by")
_TO_SIGN = Words("Ska undertecknas av", "To be signed by")
_UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""What a draft without a day is dated inside the file: any fixed moment does, for the bytes must not change."""


def pdf(written: Written) -> bytes:
    """The document as one PDF file, tagged, with bookmarks, page numbers, its notice on every page.

    Raises `WritingError` if it has a character that no typeface here can show.
    """
    try:
        made = typst.compile(
            _template(),
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(_data(written), ensure_ascii=False)},
            pdf_standards=[*STANDARDS] if written.dated else [*UNDATED],
            timestamp=_moment(written),
        )
    except typst.TypstError as error:
        raise _refused(error) from error
    return bytes(made)


def _refused(error: typst.TypstError) -> WritingError:
    unshown = _UNSHOWN.search(error.message)
    if unshown is None:
        return WritingError(f"The document cannot be set as PDF: {error.message}.", "Change the text.")
    return WritingError(f"The character {unshown[1]} cannot be shown in a PDF.", "Write it in letters.")


def filename(written: Written) -> str:
    """A name for the file that every system takes: `beslut-syn-2026-17.pdf`."""
    kind = written.kicker.split(" ")[0] or _DOCUMENT[Language(written.language)]
    plain = (
        unicodedata.normalize("NFKD", f"{kind} {written.register_number}").encode("ascii", "ignore").decode().lower()
    )
    return "-".join(re.findall(r"[a-z0-9]+", plain)) + ".pdf"


def _moment(written: Written) -> datetime:
    day = written.dated
    return _UNDATED if day is None else datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _data(written: Written) -> dict[str, Any]:
    """What the template shows: every text as it is to be read, nothing that it must work out."""
    language = Language(written.language)
    day = written.dated
    data = as_data(written)
    number = (
        f"{_NUMBER[language]} {written.register_number}".replace(" ", formats.NBSP) if written.register_number else ""
    )
    return {
        "title": bound(written.title),
        "authority": written.authority,
        "kicker": written.kicker,
        "running": f"{written.authority} · {written.kicker}".strip(" ·"),
        "language": written.language,
        "region": "SE" if language is Language.SV else "GB",
        "keywords": [text for text in (written.kicker, written.register_number, written.notice) if text],
        "day": [day.year, day.month, day.day] if day else None,
        "dated": formats.day(day, language) if day else "",
        "number": number,
        "addressee": [bound(line) for line in written.addressee],
        "notice": written.notice,
        "draft": _DRAFT[language] if written.draft else "",
        "watermark": _WATERMARK[language] if written.draft else "",
        "pages": _PAGES[language],
        "signed": (_TO_SIGN if written.draft else _SIGNED)[language],
        "signatures": data["signatures"],
        "fonts": FONTS,
        "blocks": [_laid_out(block, written.language) for block in data["blocks"]],
        "end": _end(written),
    }


def _end(written: Written) -> int:
    """How many blocks there are before the first appendix, where the signatures stand."""
    breaks = (n for n, block in enumerate(written.blocks) if isinstance(block, Heading) and block.new_page)
    return next(breaks, len(written.blocks))


def _laid_out(value: Any, language: str) -> Any:
    """The data of a block with no-break blanks in its texts, and the words of each bar in place of its code."""
    if isinstance(value, list):
        return [_laid_out(one, language) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {key: _laid_out(one, language) for key, one in value.items()}
    if value.get("kind") == "picture":
        return {**value, "share": _share(Picture(value["svg"], value["alt"]))}
    changed |= {key: bound(changed[key]) for key in ("text", "label", "source", "caption") if key in changed}
    if changed.get("masked"):
        changed["masked"] = bar(Run(masked=changed["masked"]).masked, language)
    return changed


def _share(picture: Picture) -> float:
    """How much of the column's width the picture takes, so that none is higher than its page."""
    wide, high = picture.size
    return min(1.0, TALLEST * wide / high)


@cache
def _template() -> bytes:
    return files("likvard.site.writing").joinpath("document.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """The package's own typeface and those inside Typst, never the machine's; read once."""
    with as_file(files("likvard.figures").joinpath("assets")) as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
