"""Where the next page begins, as a text that nobody need understand; and the name of an answer's version."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from likvard.terms import Words

LONGEST = 1000
"""Longest cursor that is read, in characters."""

_DIGEST = 8


class CursorError(ValueError):
    """A text that is no cursor of ours, or one of another question or publication. `words` say which."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


NO_CURSOR = Words("Det här är ingen markör.", "This is not a cursor.")
ANOTHER = Words("Markören hör till en annan fråga.", "The cursor belongs to another question.")
ANEW = Words(
    "Siffrorna har publicerats på nytt sedan markören gavs.",
    "The figures have been published anew since the cursor was given.",
)


def digest(*parts: object, length: int = 32) -> str:
    """A hash of texts and of what JSON can write, in hexadecimal; the same on every machine."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


@dataclass(frozen=True, slots=True)
class Question:
    """What is paged through: where, of which version of the data, with which filters."""

    path: str
    version: str
    filters: Mapping[str, Sequence[str]]

    @property
    def name(self) -> str:
        """The question as a short hash, without the version."""
        return digest(self.path, dict(self.filters), length=_DIGEST)

    def cursor(self, after: Sequence[str]) -> str:
        """The cursor of the page that comes after this key."""
        text = json.dumps([self.version, self.name, *after], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")

    def after(self, cursor: str, parts: int) -> tuple[str, ...]:
        """The key of `parts` texts after which the page begins.

        Raises `CursorError` with the reason if the cursor is not one of this question and of this version.
        """
        version, name, *key = _read(cursor)
        if name != self.name or len(key) != parts:
            raise CursorError(ANOTHER)
        if version != self.version:
            raise CursorError(ANEW)
        return tuple(key)


def _read(cursor: str) -> list[str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        read = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        read = None
    if not isinstance(read, list) or len(read) < 2 or not all(isinstance(part, str) for part in read):
        raise CursorError(NO_CURSOR)
    return read


def etag(*parts: object) -> str:
    """A strong validator for HTTP, with its quotation marks."""
    return f'"{digest(*parts)}"'
