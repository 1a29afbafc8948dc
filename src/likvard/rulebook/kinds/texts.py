"""Statutes and their provisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change that is in force: its number, from when, and what it changed."""

    sfs: str
    on: date
    about: Words


@dataclass(frozen=True, slots=True)
class Statute:
    """A statute as it stands at a time. `short` is how it is cited in figures and decisions; `sfs` its number."""

    name: Words
    short: str
    sfs: str
    amendments: tuple[Amendment, ...] = ()

    def __post_init__(self) -> None:
        for number in (self.sfs, *(a.sfs for a in self.amendments)):
            if not re.fullmatch(r"(\d{4}:\d+|prop\. \d{4}/\d{2}:\d+|prop\. \d+)", number):
                raise ValueError(f"{number!r} is neither a number in the statute book nor a bill")


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
        if not re.fullmatch(r"(\d+( [a-z])? kap\.( |$))?(\d+( [a-z])?([–,] ?\d+( [a-z])?)* §§?)?", self.place):
            raise ValueError(f"{self.place!r} is not a chapter and section such as '6 kap. 10 §'")
