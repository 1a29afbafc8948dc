"""Find the passage that somebody wants hidden, and what looks as if it should be. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.site.cases.states import CaseError
from likvard.site.writing.masking import Mask
from likvard.site.writing.text import Place, Reason, Written, places, tidy


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph, a point of a list or a line of the head: its runs in order, and their text as one."""

    key: str
    runs: tuple[Place, ...]

    @property
    def text(self) -> str:
        """The whole text of it."""
        return "".join(run.text for run in self.runs)

    def masks(self, start: int, end: int, reason: Reason) -> Iterator[Mask]:
        """Masks for the characters from start up to end, one in each run that they touch."""
        at = 0
        for run in self.runs:
            first, last = max(start - at, 0), min(end - at, len(run.text))
            if first < last:
                yield Mask(run.address, first, last, reason)
            at += len(run.text)


def stretches(written: Written) -> tuple[Stretch, ...]:
    """The document in the pieces that a person sees as one text each, in the order of reading.

    Runs that are parted by a bar stay apart: a passage is never found across what is hidden already.
    """
    found: dict[str, list[Place]] = {}
    for place in places(written):
        parts = place.address.split(".")
        found.setdefault(".".join(parts[:2]) if len(parts) == 3 else place.address, []).append(place)
    return tuple(Stretch(key, tuple(runs)) for key, runs in found.items())


def masks_for(written: Written, words: str, reason: Reason, *, within: str = "") -> tuple[Mask, ...]:
    """A mask for every place where the words stand, as whole words, whatever the case and however they are spaced.

    A name is found with its genitive too: what is left of `Annas` would be a letter that tells. `within` is the key of one
    stretch. Raises `CaseError` if the words are not there.
    """
    pattern = _pattern(words)
    chosen = [stretch for stretch in stretches(written) if within in ("", stretch.key)]
    made = [
        mask
        for stretch in chosen
        for hit in pattern.finditer(stretch.text)
        for mask in stretch.masks(*hit.span(), reason)
    ]
    return tuple(made)


def whole(written: Written, key: str, reason: Reason) -> tuple[Mask, ...]:
    """Masks that hide a whole stretch. Raises `CaseError` if there is none of the key."""
    for stretch in stretches(written):
        if stretch.key == key:
            return tuple(stretch.masks(0, len(stretch.text), reason))
    raise CaseError(_("There is no such paragraph in the document."), _("Choose one that is there."))


def _pattern(words: str) -> re.Pattern[str]:
    wanted = tidy(words).split()
    if not wanted:
        raise CaseError(_("There are no words to hide."), _("Copy them from the text."))
    row = r"\s+".join(map(re.escape, wanted))
    left = r"(?<!\w)" if wanted[0][0].isalnum() else ""
    right = r"s?(?!\w)" if wanted[-1][-1].isalnum() else ""
    return re.compile(f"{left}{row}{right}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something in a text that looks as if it should be hidden, and what it looks like. A rule found it; a person decides."""

    key: str
    words: str
    what: str | Promise
    reason: Reason


_NAME = r"[A-ZÅÄÖÉ][a-zåäöéü]+(?:-[A-ZÅÄÖÉ][a-zåäöéü]+)?"
_PERSON = r"(?:[Ee]lev(?:en|ens|erna)?|[Bb]arnet|[Bb]arnets|[Ss]onen|[Dd]ottern|[Pp]ojken|[Ff]lickan|[Vv]årdnadshavaren|[Mm]amman|[Pp]appan)"
_LOOKS: tuple[tuple[re.Pattern[str], str | Promise, Reason], ...] = (
    (
        re.compile(
            r"(?<![\d:-])(?:19|20)?\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01])[-+ ]?[\dTX]\d{2}[\dX](?!\d)"
        ),
        gettext_lazy("looks like a personal identity number"),
        Reason.PUPIL,
    ),
    (
        re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        gettext_lazy("looks like an e-mail address"),
        Reason.OTHER,
    ),
    (
        re.compile(r"(?<![\d:.-])(?:\+46[ -]?|0)\d{1,3}[ -/]{1,2}\d{2,3}(?:[ -]?\d{2,3}){1,3}(?![\d:])"),
        gettext_lazy("looks like a phone number"),
        Reason.OTHER,
    ),
    (
        re.compile(rf"{_PERSON}\s+((?:{_NAME})(?:\s+{_NAME})?)"),
        gettext_lazy("looks like the name of a pupil or of somebody close to one"),
        Reason.PUPIL,
    ),
    (
        re.compile(r"(?i)\b(?:adhd|autism\w*|asperger\w*|dyslexi\w*|depression\w*|diagnos\w*|självskad\w*)"),
        gettext_lazy("may tell of somebody's health"),
        Reason.HEALTH,
    ),
    (
        re.compile(
            r"(?i)\b(?:skyddad(?:e|es)? (?:identitet|personuppgift\w*|folkbokföring)|sekretessmarker\w*|skyddat boende)"
        ),
        gettext_lazy("may tell of somebody who lives under protection"),
        Reason.PROTECTED,
    ),
)


def hints(written: Written) -> tuple[Hint, ...]:
    """What in a document looks as if it should be hidden: numbers of persons, addresses, phones, names after `eleven`, health.

    Finds what is written in the usual ways, and misses what is not: it is a help to whoever reads, never a decision.
    """
    return tuple(hint for stretch in stretches(written) for hint in hints_in(stretch.text, stretch.key))


def hints_in(text: str, key: str = "") -> Iterator[Hint]:
    """The same in one text."""
    seen = set()
    for pattern, what, reason in _LOOKS:
        for hit in pattern.finditer(text):
            words = hit[1] if pattern.groups else hit[0]
            if words not in seen:
                seen.add(words)
                yield Hint(key, words, what, reason)


def texts_left(written: Written, words: Iterable[str]) -> tuple[str, ...]:
    """Which of these words still stand somewhere in a document: a check after masking."""
    told = " ".join(stretch.text for stretch in stretches(written)).casefold()
    return tuple(word for word in words if word.casefold() in told)
