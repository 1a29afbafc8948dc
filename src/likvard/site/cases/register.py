"""Register numbers (diarienummer): our own, and those that a text quotes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from likvard.site.cases.states import CaseError

_OWN = re.compile(r"([A-Z]{2,4}) ((?:19|20)\d{2}):([1-9]\d{0,8})")
_SLUG = re.compile(r"([A-Z]{2,4})-((?:19|20)\d{2})-([1-9]\d{0,8})")
_QUOTED = re.compile(r"(?<![\w:/.-])(?:([A-ZÅÄÖ]{2,4})\s+|(\d{2,3})-)?(20\d{2}):(\d{1,6})(?![\w:]|\.\d)")
# What looks like a number but is a law, a report or a bill: `skollagen (2010:800)`, `RiR 2019:6`, `SFS 2018:49`.
_OTHER_SERIES = frozenset({"SFS", "SOU", "DS", "RIR", "JO", "HFD", "NJA", "EU", "AD", "RA"})
_BEFORE_A_LAW = re.compile(
    r"(?:\b(?:SKOLFS|MDFFS|HSLF-FS|TSFS|RiR|Ds|[Pp]rop\.?|[Bb]et\.?|[Dd]ir\.?|nr)|\w*(?:lag|lagen|lags|lagens|balk|balken|"
    r"förordning|förordningen|föreskrifter|föreskrifterna|kungörelse|kungörelsen|instruktion)(?:,|\s+om\s[\w\s]{1,60})?)"
    r"\s*\(?$"
)


@dataclass(frozen=True, order=True, slots=True)
class RegisterNumber:
    """A number of our own register: `SI 2026:4573`."""

    series: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.series} {self.year}:{self.number}"

    @property
    def slug(self) -> str:
        """As it stands in an address: `SI-2026-4573`."""
        return f"{self.series}-{self.year}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> RegisterNumber:
        """Read `SI 2026:4573`, however it is spaced and in small letters too. Raises `CaseError` for anything else."""
        return cls._of(_OWN.fullmatch(" ".join(text.upper().split())), text)

    @classmethod
    def from_slug(cls, slug: str) -> RegisterNumber:
        """Read a number from an address. Raises `CaseError` for anything else."""
        return cls._of(_SLUG.fullmatch(slug), slug)

    @classmethod
    def _of(cls, match: re.Match[str] | None, text: str) -> RegisterNumber:
        if match is None:
            raise CaseError(f"{text[:60]!r} is not a register number.", "Write it as SI 2026:4573.")
        return cls(match[1], int(match[2]), int(match[3]))


@dataclass(frozen=True, slots=True)
class Quoted:
    """A register number as a text quotes it: three forms, `SI 2022:4573`, `400-2011:6497` and `2018:7409`.

    `series` is empty in the two older forms, `prefix` (the old code of the case's type) in the others.
    """

    series: str
    prefix: str
    year: int
    number: int

    def __str__(self) -> str:
        head = f"{self.series} " if self.series else f"{self.prefix}-" if self.prefix else ""
        return f"{head}{self.year}:{self.number}"


def quoted(text: str) -> tuple[Quoted, ...]:
    """Every register number that a text quotes, in order, once each. Numbers of laws, bills and reports are left out."""
    found: dict[Quoted, None] = {}
    for match in _QUOTED.finditer(text):
        if not _is_of_a_law(text, match):
            found[Quoted(match[1] or "", match[2] or "", int(match[3]), int(match[4]))] = None
    return tuple(found)


def _is_of_a_law(text: str, match: re.Match[str]) -> bool:
    if match[1]:
        return match[1].upper() in _OTHER_SERIES
    return not match[2] and _BEFORE_A_LAW.search(text[max(0, match.start() - 90) : match.start()]) is not None


def gaps(numbers: list[int]) -> list[int]:
    """Numbers of a series' year that were never given: from 1 to the last one. There are none unless rows were lost."""
    return sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
