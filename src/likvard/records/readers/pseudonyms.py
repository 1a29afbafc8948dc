"""Personal numbers in, pseudonyms out. A number lives only inside these functions: nothing here keeps or tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b, sha256

_PERSONAL = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)[-+]?([0-9A-Z]{4})", re.ASCII)
_LIKE = re.compile(r"(?:19|20)\d{6}[-+]?[0-9A-Z]{3,4}|\d{6}[-+]?(?:\d{4}|[A-Z]{2}\d\d|[A-Z]\d{3})")
_TEMPORARY_SEX = {"TF1": "boy", "TF2": "girl"}  # SCB's instruction: TF10 for a boy, TF20 for a girl
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}
LENGTH = 16  # letters of four bits each: two of two million pupils share a pseudonym once in ten million countries


@dataclass(frozen=True, slots=True)
class Person:
    """What a personal number tells without naming anybody.

    `temporary` numbers have letters; they stand for newcomers and for protected identities. `checked` says that the
    check digit is right, or that there is none.
    """

    pseudonym: str
    birth_year: int
    birth_month: int | None
    sex: str | None
    temporary: bool
    checked: bool


def pseudonym(key: bytes, kind: str, text: str) -> str:
    """A keyed hash in sixteen letters a–p: the same text and key always give the same, and nobody can go back.

    Keyed BLAKE2b (RFC 7693) of 64 bits. Letters alone, so that it can never look like a personal number.
    """
    short = key if len(key) <= blake2b.MAX_KEY_SIZE else sha256(key).digest()
    return blake2b(f"{kind}:{text}".encode(), key=short, digest_size=LENGTH // 2).hexdigest().translate(_LETTERS)


def person(key: bytes, text: str) -> Person | None:
    """Read a personal, coordination (day + 60) or temporary number of twelve places; None if it is none."""
    match = _PERSONAL.fullmatch(text.strip().upper())
    if match is None:
        return None
    year, month, day, last = int(match[1]), int(match[2]), int(match[3]), match[4]
    temporary = not last.isdigit()
    if not _is_day(year, month, day - 60 if day >= 60 else day, unknown=day >= 60):
        return None
    return Person(
        pseudonym=pseudonym(key, "pupil", f"{match[1]}{match[2]}{match[3]}{last}"),
        birth_year=year,
        birth_month=month or None,
        sex=_TEMPORARY_SEX.get(last[:3]) if temporary else "boy" if int(last[2]) % 2 else "girl",
        temporary=temporary,
        checked=temporary or _has_check_digit(f"{match[1][2:]}{match[2]}{match[3]}{last}"),
    )


def people(key: bytes, texts: Iterable[str]) -> list[Person | None]:
    """One person per text, in order; None where a text is no personal number."""
    return [person(key, text) for text in texts]


def own_identity(key: bytes, text: str) -> str:
    """The pseudonym of a pupil who is known by something else than a personal number, such as the organiser's own id."""
    return pseudonym(key, "own", text.strip())


def looks_like_personal_number(text: str) -> bool:
    """Whether a text has the form of a personal number, right or wrong: then it must be read as one."""
    return _LIKE.fullmatch(text.strip().upper()) is not None


def _is_day(year: int, month: int, day: int, *, unknown: bool) -> bool:
    """Whether a date exists; in coordination numbers month and day may be 0, for unknown."""
    if unknown:
        month, day = month or 1, day or 1
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _has_check_digit(ten: str) -> bool:
    """The Luhn check over the last ten digits."""
    total = sum(_DOUBLED[digit] for digit in ten[0::2]) + sum(map(int, ten[1::2]))
    return total % 10 == 0
