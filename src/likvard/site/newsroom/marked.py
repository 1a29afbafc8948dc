"""A document at the desk, before anything in it is hidden: paragraph by paragraph, with what is hidden marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from likvard.site.newsroom import composing
from likvard.site.newsroom.models import Mask
from likvard.site.newsroom.passages import Hint, Stretch, hints_in, stretches
from likvard.site.ui.language import current
from likvard.site.writing.text import REASONS, Heading, Reason, Terms, Written


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph; with a reason it is hidden from everybody."""

    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph at the desk: its number in the order of reading, what it is called in a table of terms, whether it is a heading."""

    number: int
    key: str
    pieces: tuple[Piece, ...]
    label: str = ""
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A form of the document: its code, its name and its paragraphs."""

    code: str
    label: str
    paragraphs: tuple[Paragraph, ...]


def parts(content: Mapping[str, Any], masks: Sequence[Mask]) -> list[Part]:
    """The document as the desk reads it, hidden passages marked by these masks."""
    found = []
    for code, written in composing.originals(content).items():
        own = [mask for mask in masks if mask.part == code]
        shown = tuple(_paragraph(n, written, stretch, own) for n, stretch in enumerate(stretches(written), start=1))
        found.append(Part(code, str(Mask.Part(code).label), shown))
    return found


def _paragraph(number: int, written: Written, stretch: Stretch, masks: Iterable[Mask]) -> Paragraph:
    hidden = _hidden(stretch, masks)
    pieces, text = [], stretch.text
    cuts = sorted({0, len(text), *(end for span in hidden for end in span[:2])})
    for start, end in pairwise(cuts):
        why = next((reason for first, last, reason in hidden if first <= start and end <= last), "")
        pieces.append(Piece(text[start:end], REASONS[Reason(why)][current()] if why else ""))
    return Paragraph(number, stretch.key, tuple(pieces), *_kind(written, stretch.key))


def _kind(written: Written, key: str) -> tuple[str, bool]:
    """The label of a row of terms, and whether it is a heading or the title."""
    first, _dot, item = key.partition(".")
    if not first.isdigit():
        return "", first == "title"
    block = written.blocks[int(first)]
    return (block.rows[int(item)][0] if isinstance(block, Terms) else "", isinstance(block, Heading))


def where(parts: Iterable[Part], mask: Mask) -> str:
    """In which paragraph a mask is: `the decision, paragraph 12`."""
    for part in parts:
        for one in part.paragraphs:
            if (part.code, one.key) == (mask.part, mask.stretch):
                return _("%(part)s, paragraph %(number)s") % {"part": part.label, "number": one.number}
    return mask.get_part_display()


def _hidden(stretch: Stretch, masks: Iterable[Mask]) -> list[tuple[int, int, str]]:
    """The hidden spans of a stretch: start, end and reason."""
    at, offsets = 0, {}
    for run in stretch.runs:
        offsets[run.address] = at
        at += len(run.text)
    return [(offsets[m.place] + m.start, offsets[m.place] + m.end, m.reason) for m in masks if m.place in offsets]


def paragraph(content: Mapping[str, Any], part: str, key: str) -> str:
    """The text of a paragraph; empty if there is none of the key."""
    written = composing.originals(content).get(part)
    return next((one.text for one in stretches(written) if one.key == key), "") if written and key else ""


def words_of(content: Mapping[str, Any], mask: Mask) -> str:
    """The words that a mask hides."""
    written = composing.originals(content)[mask.part]
    runs = (run for stretch in stretches(written) for run in stretch.runs)
    return next((run.text[mask.start : mask.end] for run in runs if run.address == mask.place), "")


@dataclass(frozen=True, slots=True)
class Warned:
    """A hint, and the part of the document that it is in."""

    part: str
    hint: Hint


def hints(texts: Mapping[str, Written]) -> list[Warned]:
    """What still looks as if it should be hidden, in the order of reading; signatures of officials and the head are left out."""
    return [
        Warned(part, hint)
        for part, written in texts.items()
        for stretch in stretches(written)
        if not stretch.key.startswith("signature")
        for hint in hints_in(stretch.text, stretch.key)
    ]
