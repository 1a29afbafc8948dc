"""What may be shown of what was found: short, and never a personal number."""

from __future__ import annotations

import re
from dataclasses import replace

from likvard.records.reading import Finding
from likvard.terms import Words

LONGEST = 60
HIDDEN = "••••••••-••••"

_DATE = r"(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
_LAST = r"[-+ ]?(?:\d{4}|[A-Z]\d{3}|[A-Z]{2}\d{2})"
_STANDING = re.compile(rf"(?<![0-9A-Za-z-]){_DATE}{_LAST}(?![0-9A-Za-z-])")
_ANYWHERE = re.compile(_DATE + _LAST)
"""A personal or coordination number: a date (the latter with 60 added to the day) and four more characters, which in
temporary numbers begin with letters. An organisation number never matches: its third digit is at least 2. It is told
only where it stands by itself, so that no part of a keyed hash is taken for one; it is struck out anywhere."""


_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Control characters and turns of direction: a file must not be able to steer the terminal that tells of it."""


def holds_personal_number(text: str) -> bool:
    """Whether something in the text reads as a personal number."""
    return _STANDING.search(text) is not None


def mask(text: str) -> str:
    """The text with personal numbers struck out, and a space for what steers a terminal."""
    return _ANYWHERE.sub(HIDDEN, _UNSEEN.sub(" ", text))


def shown(value: object) -> str:
    """A value as a finding may quote it."""
    text = mask(str(value))
    return text[:LONGEST] + "…" if len(text) > LONGEST else text


def masked(finding: Finding) -> Finding:
    """The finding with personal numbers struck out of every text."""
    return replace(
        finding, found=_masked(finding.found), expected=_masked(finding.expected), remedy=_masked(finding.remedy)
    )


def _masked(text: str | Words) -> str | Words:
    return mask(text) if isinstance(text, str) else Words(mask(text.sv), mask(text.en))
