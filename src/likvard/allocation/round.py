"""A round of allocation as values: the units, the rule that shares the money, what it all rests on.

Every value is whole from birth: what cannot be right is refused here, so that the arithmetic below need not ask again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Literal

from likvard.terms import LikvardError, OrganiserKind, SchoolForm, Words

MOST_BY_NEED = 0.4
"""The largest share of a frame that may be shared by need. The Swedish municipalities that have a model share 1 to 20 per cent."""

Source = Literal["model", "stated"]


class AllocationError(LikvardError):
    """Money that cannot be shared as asked: what is impossible, by how much, and what to do, in both languages."""

    exit_code = 9

    def __init__(self, said: Words, instead: Words) -> None:
        super().__init__(said.en, instead.en)
        self.said = said
        self.instead = instead


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A school that shares in the frame, whoever runs it.

    `need` is an index on a scale with zero (200 is twice 100); the frame's own pupil-weighted mean is set to 100 when money is
    shared. `need_low` and `need_high` are its 95 per cent interval, `unseen` the share of pupils it does not see. `stated` is
    the same kind of index read from the statistics office. `last` is crowns last year, for `last_pupils` pupils.
    """

    code: str
    name: str
    pupils: float
    need: float | None
    organiser_kind: OrganiserKind = OrganiserKind.MUNICIPAL
    form: SchoolForm = SchoolForm.COMPULSORY
    need_low: float | None = None
    need_high: float | None = None
    unseen: float | None = None
    stated: float | None = None
    last: int | None = None
    last_pupils: float | None = None

    def __post_init__(self) -> None:
        if not self.code:
            raise _wrong("En skola saknar kod.", "A school has no code.", "Ge varje skola en kod.", "Give each a code.")
        if not 0.001 <= self.pupils < 1e7:
            raise _wrong(
                f"{self.name} har {self.pupils:g} elever.",
                f"{self.name} has {self.pupils:g} pupils.",
                "Ta bort skolan ur omgången eller rätta antalet.",
                "Leave the school out of the round, or correct the number.",
            )
        for need in (self.need, self.need_low, self.need_high, self.stated):
            if need is not None and not 0 <= need < 1e5:
                raise _wrong(
                    f"{self.name} har behovsindex {need:g}.",
                    f"{self.name} has the need index {need:g}.",
                    "Ange ett tal från 0, eller lämna tomt om det är okänt.",
                    "Give a number from 0, or leave it empty if it is unknown.",
                )
        if (self.last is None) != (self.last_pupils is None):
            raise _wrong(
                f"{self.name} har bara det ena av förra årets kronor och elever.",
                f"{self.name} has only one of last year's crowns and pupils.",
                "Ange båda eller inget av dem.",
                "Give both or neither.",
            )
        if self.last is not None and self.last_pupils is not None and not (self.last >= 0 and self.last_pupils > 0):
            raise _wrong(
                f"{self.name} hade {self.last} kronor för {self.last_pupils:g} elever.",
                f"{self.name} had {self.last} crowns for {self.last_pupils:g} pupils.",
                "Rätta uppgifterna om förra året.",
                "Correct last year's figures.",
            )

    @property
    def last_per_pupil(self) -> float | None:
        """Crowns a pupil last year; None for a school that was not there."""
        return None if self.last is None or self.last_pupils is None else self.last / self.last_pupils


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How the money is shared.

    Exactly one of `frame` (crowns in all) and `base` (crowns that follow every pupil alike; then the frame is base times
    pupils divided by what the need leaves, 1 − share). `share` of the frame is shared by need times pupils, the rest by
    pupils. `floor` and `ceiling` are crowns a pupil. `cap` is the highest change of crowns a pupil against last year, both
    ways, as a share (0.03 is 3 per cent). `source` says which index is used, `of_year` the year its records are from.
    """

    share: float
    frame: int | None = None
    base: int | None = None
    floor: int | None = None
    ceiling: int | None = None
    cap: float | None = None
    source: Source = "model"
    of_year: int | None = None

    def __post_init__(self) -> None:
        if (self.frame is None) == (self.base is None):
            raise _wrong(
                "Regeln ska ha antingen en ram eller ett grundbelopp.",
                "The rule takes either a frame or a base amount.",
                "Ange det ena.",
                "Give one of them.",
            )
        amounts = {"ramen": self.frame, "grundbeloppet": self.base, "taket": self.ceiling}
        english = {"ramen": "frame", "grundbeloppet": "base amount", "taket": "ceiling"}
        for name, amount in amounts.items():
            if amount is not None and not 0 < amount < 10**13:
                raise _wrong(
                    f"{name.capitalize()} är {amount} kronor.",
                    f"The {english[name]} is {amount} crowns.",
                    "Ange ett belopp över noll.",
                    "Give an amount above zero.",
                )
        if not 0 <= self.share <= MOST_BY_NEED:
            raise _wrong(
                f"Andelen efter behov är {self.share:g}.",
                f"The share by need is {self.share:g}.",
                f"Ange en andel mellan 0 och {MOST_BY_NEED:g}.",
                f"Give a share between 0 and {MOST_BY_NEED:g}.",
            )
        if self.floor is not None and not 0 <= self.floor <= (self.ceiling or 10**9):
            raise _wrong(
                f"Golvet är {self.floor} kronor per elev och taket {self.ceiling}.",
                f"The floor is {self.floor} crowns a pupil and the ceiling {self.ceiling}.",
                "Låt golvet ligga mellan noll och taket.",
                "Let the floor lie between zero and the ceiling.",
            )
        if self.cap is not None and not (isfinite(self.cap) and 0 <= self.cap <= 10):
            raise _wrong(
                f"Högsta ändring per år är {self.cap:g}.",
                f"The highest change a year is {self.cap:g}.",
                "Ange en andel från 0, till exempel 0,03 för 3 procent.",
                "Give a share from 0, for example 0.03 for 3 per cent.",
            )
        if self.source not in ("model", "stated"):
            raise _wrong(
                f"Källan {self.source!r} finns inte.",
                f"There is no source {self.source!r}.",
                "Välj model eller stated.",
                "Choose model or stated.",
            )


@dataclass(frozen=True, slots=True)
class Input:
    """Something the round rests on, and the day or the year it is of."""

    name: Words
    of: date | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Units to be taken from the lake: those of an organiser's municipality (or its own alone) in a form and school year."""

    form: SchoolForm = SchoolForm.COMPULSORY
    year: int | None = None
    own_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """An allocation round: what it is called, whose it is, its rule and what it rests on.

    Either `units` are written in it, or `selection` says which to take from the lake.
    """

    name: Words
    calendar_year: int
    organiser: str
    rule: Rule
    units: tuple[Unit, ...] = ()
    selection: Selection | None = None
    inputs: tuple[Input, ...] = field(default=())

    def __post_init__(self) -> None:
        if not 2000 <= self.calendar_year <= 2100:
            raise _wrong(
                f"Kalenderåret är {self.calendar_year}.",
                f"The calendar year is {self.calendar_year}.",
                "Ange ett år mellan 2000 och 2100.",
                "Give a year between 2000 and 2100.",
            )
        if bool(self.units) == (self.selection is not None):
            raise _wrong(
                "Omgången ska ha antingen skolor eller ett urval ur sjön.",
                "The round takes either units or a selection from the lake.",
                "Skriv units eller lake.",
                "Write units or lake.",
            )


def need_of(unit: Unit, rule: Rule) -> float | None:
    """The index that the rule's source gives the unit; None where it has none."""
    return unit.stated if rule.source == "stated" else unit.need


def _wrong(sv: str, en: str, gör: str, do: str) -> AllocationError:
    return AllocationError(Words(sv, en), Words(gör, do))
