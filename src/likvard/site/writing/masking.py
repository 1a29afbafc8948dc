"""Masking: hide a text for good. What is masked is gone from the value, and so from every form that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from likvard.site.writing.text import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Picture,
    Place,
    Quote,
    Reason,
    Run,
    Table,
    Terms,
    WritingError,
    Written,
    bar,
    items,
    places,
    tidy,
)

_HEAVIEST = {reason: number for number, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True, order=True)
class Mask:
    """Hide the characters from `start` up to `end` of the text at `place` (an address of `text.places`)."""

    place: str
    start: int
    end: int
    reason: Reason

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise WritingError(f"A mask from {self.start} to {self.end} hides nothing.", "Mark at least one character.")
        object.__setattr__(self, "reason", Reason(self.reason))


def mask(written: Written, masks: Iterable[Mask]) -> Written:
    """The document without what is masked; a bar with the reason stands in its place.

    Masks that overlap or touch become one, with the heaviest of their reasons: otherwise the number of bars would tell where one
    word ends. A line that is not made of runs (title, heading, addressee, signature) gets the reason in brackets. Addresses are
    those of `written`, so all masks are given at once. A picture in which anything is masked is hidden whole. Raises `WritingError`
    for a place or a span that is not there.
    """
    known = {place.address: place for place in places(written)}
    wanted: dict[str, list[Mask]] = {}
    for one in masks:
        _check(one, known)
        wanted.setdefault(one.place, []).append(one)
    return _applied(written, {place: merged(found) for place, found in wanted.items()})


def _check(one: Mask, known: Mapping[str, Place]) -> None:
    place = known.get(one.place)
    if place is None:
        raise WritingError(f"There is no text at {one.place!r} to mask.", "Mark it in the document as it is now.")
    if one.end > len(place.text):
        raise WritingError(
            f"The text at {one.place} has {len(place.text)} characters; the mask ends at {one.end}.",
            "Mark it in the document as it is now.",
        )


def merged(masks: Iterable[Mask]) -> tuple[Mask, ...]:
    """Masks of one place in order, those that overlap or touch made one, with the heaviest reason."""
    found: list[Mask] = []
    for one in sorted(masks):
        if found and one.start <= found[-1].end:
            last = found.pop()
            reason = min(last.reason, one.reason, key=_HEAVIEST.__getitem__)
            one = Mask(one.place, last.start, max(last.end, one.end), reason)
        found.append(one)
    return tuple(found)


def _applied(written: Written, masks: Mapping[str, tuple[Mask, ...]]) -> Written:
    def line(address: str, text: str) -> str:
        return _bracketed(text, masks.get(address, ()), written.language)

    return replace(
        written,
        title=line("title", written.title),
        kicker=line("kicker", written.kicker),
        addressee=tuple(line(f"addressee.{n}", text) for n, text in enumerate(written.addressee)),
        signatures=tuple((role, line(f"signature.{n}", name)) for n, (role, name) in enumerate(written.signatures)),
        blocks=tuple(_block(n, block, masks, written.language) for n, block in enumerate(written.blocks)),
    )


def _block(number: int, block: Block, masks: Mapping[str, tuple[Mask, ...]], language: str) -> Block:
    if isinstance(block, Heading):
        return replace(block, text=_bracketed(block.text, masks.get(f"{number}.0.0", ()), language))
    changed = tuple(
        _together(part for n, run in enumerate(runs) for part in _cut(run, masks.get(f"{number}.{item}.{n}", ())))
        for item, runs in enumerate(items(block))
    )
    if isinstance(block, Picture):
        return _whole(number, block, masks)
    if isinstance(block, Bullets):
        return Bullets(changed)
    if isinstance(block, Terms):
        return Terms(tuple((label, runs) for (label, _), runs in zip(block.rows, changed, strict=True)))
    if isinstance(block, Table):
        wide = len(block.columns)
        return replace(block, rows=tuple(changed[n : n + wide] for n in range(0, len(changed), wide)))
    return Quote(changed[0], block.source) if isinstance(block, Quote) else Paragraph(changed[0])


def _whole(number: int, block: Picture, masks: Mapping[str, tuple[Mask, ...]]) -> Block:
    """A picture in which anything is masked is hidden whole: what is taken out of a drawing could be read from the rest of it."""
    found = masks.get(f"{number}.0.0", ())
    if not found:
        return block
    return Paragraph((Run(masked=min((one.reason for one in found), key=_HEAVIEST.__getitem__)),))


def _cut(run: Run, masks: tuple[Mask, ...]) -> list[Run]:
    """The run in pieces, with a bar for each mask."""
    if not masks:
        return [run]
    kept = _kept(run.text, masks)
    found = [Run(kept[0], run.strong)]
    for one, text in zip(masks, kept[1:], strict=True):
        found += [Run(masked=one.reason), Run(text, run.strong)]
    return [piece for piece in found if piece.text or piece.masked]


def _together(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Bars that touch across runs become one: their number says nothing of what was in bold."""
    found: list[Run] = []
    for run in runs:
        if found and run.masked and found[-1].masked:
            last = found.pop()
            run = Run(masked=min(Reason(last.masked), Reason(run.masked), key=_HEAVIEST.__getitem__))
        found.append(run)
    return tuple(found)


def _bracketed(text: str, masks: tuple[Mask, ...], language: str) -> str:
    kept = _kept(text, masks)
    bars = [f"[{bar(one.reason, language)}]" for one in masks]
    return "".join(part for pair in zip(kept, [*bars, ""], strict=True) for part in pair)


def _kept(text: str, masks: tuple[Mask, ...]) -> list[str]:
    """What is left before, between and after the masks: one piece more than there are masks."""
    ends = [0, *(one.end for one in masks)]
    starts = [*(one.start for one in masks), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def found_at(written: Written, words: str, reason: Reason) -> tuple[Mask, ...]:
    """A mask for every place where these words stand, as whole words, whatever the case. To hide a name everywhere at once.

    Words that a change of bold or a line break parts are not found: read the result.
    """
    sought = tidy(words).strip()
    if not sought:
        raise WritingError("There are no words to look for.", "Mark some.")
    pattern = re.compile(rf"(?<!\w){re.escape(sought)}s?(?!\w)", re.IGNORECASE)
    return tuple(
        Mask(place.address, hit.start(), hit.end(), reason)
        for place in places(written)
        for hit in pattern.finditer(place.text)
    )


def bars(written: Written) -> int:
    """How many bars the text has."""
    return sum(bool(run.masked) for block in written.blocks for runs in items(block) for run in runs)
