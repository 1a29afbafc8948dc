"""Statutes and their provisions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from likvard.terms import Words

_NUMBER = re.compile(r"\d{4}:\d+")
_BILL = re.compile(r"prop\. \d{4}/\d{2}:\d+")


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change: its number in the statute book (SFS) or, where that is not known, of the bill; and what it changed."""

    sfs: str
    about: Words

    def __post_init__(self) -> None:
        if not (_NUMBER.fullmatch(self.sfs) or _BILL.fullmatch(self.sfs)):
            raise ValueError(f"{self.sfs!r} is neither a number of the statute book nor a bill")


@dataclass(frozen=True, slots=True)
class Statute:
    """A statute in one of its wordings. `short` is how it is cited; `sfs` its number in the statute book.

    `amendments` are the changes that came into force with this wording, as far as the rulebook follows them.
    """

    name: Words
    short: str
    sfs: str
    amendments: tuple[Amendment, ...] = ()

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.sfs):
            raise ValueError(f"{self.sfs!r} is not a number of the statute book such as 2010:800")


_SECTION = r"\d+( [a-z])?"
_PLACE = re.compile(rf"({_SECTION} kap\.)?( ?{_SECTION}(–{_SECTION})? §§?)?")


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision as it stands at a time.

    `statute` is a key of the rule `statutes`; `place` is chapter and section as Swedish law cites them
    ("6 kap. 10 §", or "44 §" in a statute without chapters). `about` says in short what it asks.
    """

    statute: str
    place: str
    about: Words

    def __post_init__(self) -> None:
        if not _PLACE.fullmatch(self.place):
            raise ValueError(f"{self.place!r} is not a chapter and section such as '6 kap. 10 §'")
