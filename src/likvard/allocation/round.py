"""A round of allocation as values: the units, the rule that shares the money, what it all rests on.

Every value is whole from birth: what cannot be right is refused here, so that the arithmetic below need not ask again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from likvard.allocation import saying
from likvard.allocation.errors import AllocationError
from likvard.allocation.reading import read
from likvard.allocation.saying import EN, SV
from likvard.terms import Language, OrganiserKind, SchoolForm, Words

__all__ = ["AllocationError", "Input", "Round", "Rule", "Selection", "Source", "Unit", "from_yaml", "need_of"]

MOST_BY_NEED = 0.4
"""The largest share of a frame that may be shared by need. Swedish municipalities with a model share 1 to 20 per cent."""

Source = Literal["model", "stated"]

_ORGANISER = re.compile("[0-9]{10}")
"""An organiser's number. It is also in the names of the files that a round is written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A school that shares in the frame, whoever runs it.

    `need` is an index on a scale with zero (200 is twice 100); the frame's own pupil-weighted mean is set to 100 when money is
    shared. `need_low` and `need_high` are its 95 per cent interval, `unseen` the share of pupils it does not see. `stated` is
    the same kind of index read from the statistics office. `last` is crowns the year before, for `last_pupils` pupils.
    `set_apart` is crowns of the frame that are the unit's before the rest is shared, such as a structural grant to a small
    school, which is no compensation for need; floor, ceiling and cap look at all its crowns together.
    """

    code: str
    name: str
    pupils: float
    need: float | None = None
    organiser_kind: OrganiserKind = OrganiserKind.MUNICIPAL
    form: SchoolForm = SchoolForm.COMPULSORY
    need_low: float | None = None
    need_high: float | None = None
    unseen: float | None = None
    stated: float | None = None
    last: int | None = None
    last_pupils: float | None = None
    set_apart: int = 0

    def __post_init__(self) -> None:
        if not (self.code and self.name):
            raise _refused("En skola saknar kod eller namn.", "A school has no code or no name.")
        if not 0.001 <= self.pupils < 1e7:
            raise _refused(
                f"{self.name} har {self.pupils:g} elever.", f"{self.name} has {self.pupils:g} pupils.", _LEAVE
            )
        indices = (self.need, self.need_low, self.need_high, self.stated)
        wrong = [need for need in indices if need is not None and not 0 <= need < 1e5]
        if wrong:
            raise _refused(
                f"{self.name} har behovsindex {wrong[0]:g}.", f"{self.name} has the need index {wrong[0]:g}.", _INDEX
            )
        if not _interval(self.need_low, self.need, self.need_high):
            raise _refused(
                f"Behovsindex för {self.name} ligger utanför sitt eget intervall.",
                f"The need index of {self.name} lies outside its own interval.",
            )
        if self.unseen is not None and not 0 <= self.unseen <= 1:
            raise _refused(
                f"{self.name} har andelen {self.unseen:g} osedda elever; en andel ligger mellan 0 och 1.",
                f"{self.name} has the share {self.unseen:g} of unseen pupils; a share lies between 0 and 1.",
            )
        if not 0 <= self.set_apart < 10**13:
            raise _refused(
                f"{self.name} har {self.set_apart} kronor avsatta.",
                f"{self.name} has {self.set_apart} crowns set apart.",
            )
        if (self.last is None) != (self.last_pupils is None):
            raise _refused(
                f"{self.name} har bara det ena av kronor och elever för året före.",
                f"{self.name} has only one of crowns and pupils of the year before.",
                Words("Ange båda eller inget av dem.", "Give both or neither."),
            )
        if not (
            0 <= (self.last or 0) < 10**13 and 0.001 <= (1 if self.last_pupils is None else self.last_pupils) < 1e7
        ):
            raise _refused(
                f"{self.name} hade {self.last} kronor för {self.last_pupils} elever.",
                f"{self.name} had {self.last} crowns for {self.last_pupils} pupils.",
            )

    @property
    def last_per_pupil(self) -> float | None:
        """Crowns a pupil the year before; None for a school that was not there."""
        return None if self.last is None or self.last_pupils is None else self.last / self.last_pupils


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How the money is shared.

    Exactly one of `frame` (crowns in all) and `base` (crowns that follow every pupil alike; then the frame is base times
    pupils divided by what the need leaves, 1 − share, and what is set apart). `share` of what is not set apart is shared by
    need times pupils, the rest by pupils. `floor` and `ceiling` are crowns a pupil. `cap` is the highest change of crowns a pupil against the year before, both
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
            raise _refused(
                "Regeln ska ha antingen en ram eller ett grundbelopp.",
                "The rule takes either a frame or a base amount.",
                Words("Ange det ena.", "Give one of them."),
            )
        named = ((self.frame, "Ramen", "frame"), (self.base, "Grundbeloppet", "base amount"))
        for amount, sv, en in (*named, (self.ceiling, "Taket", "ceiling")):
            if amount is not None and not 0 < amount < 10**13:
                raise _refused(f"{sv} är {amount} kronor.", f"The {en} is {amount} crowns.", _ABOVE_ZERO)
        if not 0 <= self.share <= MOST_BY_NEED:
            raise _refused(
                f"Andelen efter behov är {self.share:g}.",
                f"The share by need is {self.share:g}.",
                Words(f"Ange en andel mellan 0 och {MOST_BY_NEED:g}.", f"Give a share between 0 and {MOST_BY_NEED:g}."),
            )
        if self.floor is not None and not 0 <= self.floor <= (self.ceiling or 10**9):
            raise _refused(
                f"Golvet är {saying.crowns(self.floor, SV)} per elev{_but(self.ceiling, SV)}.",
                f"The floor is {saying.crowns(self.floor, EN)} a pupil{_but(self.ceiling, EN)}.",
                Words("Låt golvet ligga mellan noll och taket.", "Let the floor lie between zero and the ceiling."),
            )
        if self.cap is not None and not 0 <= self.cap <= 10:
            raise _refused(
                f"Högsta ändring per år är {self.cap:g}.",
                f"The highest change a year is {self.cap:g}.",
                Words("Ange en andel från 0: 0.03 är 3 procent.", "Give a share from 0: 0.03 is 3 per cent."),
            )
        if self.source not in ("model", "stated"):
            raise _refused(f"Källan {self.source!r} finns inte.", f"There is no source {self.source!r}.", _SOURCE)


@dataclass(frozen=True, slots=True)
class Input:
    """Something the round rests on, and the day or the year it is of; None is never: nobody has done it."""

    name: Words
    of: date | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Units to be taken from the lake: a form and a school year (the newest if none is said).

    All schools in the organiser's municipality take part, independent ones on the same grounds; `own_only` leaves those out.
    """

    form: SchoolForm = SchoolForm.COMPULSORY
    year: int | None = None
    own_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """An allocation round: what it is called, whose it is, its rule and what it rests on.

    Either `units` are written in it, or `lake` says which to take from the lake. `last_year` is the year that the units' `last` is
    of; left out, it is the calendar year before.
    """

    name: Words
    calendar_year: int
    organiser: str
    rule: Rule
    units: tuple[Unit, ...] = ()
    lake: Selection | None = None
    inputs: tuple[Input, ...] = ()
    last_year: int | None = None

    @property
    def compared_with(self) -> int:
        """The year whose money the round is held against."""
        return self.last_year or self.calendar_year - 1

    def __post_init__(self) -> None:
        if not _ORGANISER.fullmatch(self.organiser):
            raise _refused(
                f"{self.organiser!r} är inget organisationsnummer.",
                f"{self.organiser!r} is no organiser's number.",
                Words("Ange dess tio siffror, utan bindestreck.", "Give its ten digits, without a hyphen."),
            )
        if self.last_year is not None and not 2000 <= self.last_year < self.calendar_year:
            raise _refused(
                f"Förra årets pengar är från {self.last_year}, men omgången gäller {self.calendar_year}.",
                f"Last year's money is of {self.last_year}, but the round is for {self.calendar_year}.",
                Words("Ange ett tidigare år, eller lämna tomt.", "Give an earlier year, or leave it out."),
            )
        if not 2000 <= self.calendar_year <= 2100:
            raise _refused(
                f"Kalenderåret är {self.calendar_year}.",
                f"The calendar year is {self.calendar_year}.",
                Words("Ange ett år mellan 2000 och 2100.", "Give a year between 2000 and 2100."),
            )
        if bool(self.units) == (self.lake is not None):
            raise _refused(
                "Omgången ska ha antingen skolor (units) eller ett urval ur sjön (lake).",
                "The round takes either units or a selection from the lake.",
                Words("Skriv det ena.", "Write one of them."),
            )


def from_yaml(source: str | Path) -> Round:
    """Read a round from a YAML text, or from a file at a path.

    The fields are those of `Round`, `Rule`, `Unit`, `Input` and `Selection`. Raises `AllocationError`, which names the line and
    the field of what is missing, unknown or wrong.
    """
    if isinstance(source, str):
        return read(Round, source)
    if not source.is_file():
        raise _refused(
            f"{source.name} går inte att läsa: det finns ingen sådan fil.",
            f"{source.name} cannot be read: there is no such file.",
            Words("Kontrollera sökvägen.", "Check the path."),
        )
    text = _text(source)
    if not text.strip():
        raise _refused(f"{source.name} är tom.", f"{source.name} is empty.", _WHOLE)
    try:
        return read(Round, text)
    except AllocationError as error:
        said = Words(f"{source.name}: {error.said.sv}", f"{source.name}: {error.said.en}")
        raise AllocationError(said, error.instead) from error


def _text(source: Path) -> str:
    """What a file holds. Raises `AllocationError` with the line that is not UTF-8."""
    try:
        written = source.read_bytes()
    except OSError as error:
        why = _refused(f"{source.name} går inte att läsa.", f"{source.name} cannot be read.", _MAY_READ)
        raise why from error
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise _refused(
            f"{source.name}: Rad {line}: tecknen är inte UTF-8.",
            f"{source.name}: Line {line}: the characters are not UTF-8.",
            Words("Spara filen med kodningen UTF-8.", "Save the file with the encoding UTF-8."),
        ) from error


def need_of(unit: Unit, rule: Rule) -> float | None:
    """The index that the rule's source gives the unit; None where it has none."""
    return unit.stated if rule.source == "stated" else unit.need


_MEND = Words("Rätta uppgiften.", "Correct it.")
_WHOLE = Words("docs/allocation.md har en hel omgång att kopiera.", "docs/allocation.md has a whole round to copy.")
_MAY_READ = Words("Kontrollera att du får läsa filen.", "Check that you may read the file.")
_LEAVE = Words("Ta bort skolan ur omgången eller rätta antalet.", "Leave the school out, or correct the number.")
_INDEX = Words("Ange ett tal från 0, eller lämna tomt om det är okänt.", "Give a number from 0, or leave it empty.")
_ABOVE_ZERO = Words(
    "Ange ett belopp över noll och under tio biljoner.", "Give an amount above zero and below ten trillion."
)
_SOURCE = Words("Välj model eller stated.", "Choose model or stated.")


def _interval(low: float | None, value: float | None, high: float | None) -> bool:
    """Whether the ends that are known lie on the right sides."""
    known = [end for end in (low, value, high) if end is not None]
    return known == sorted(known)


def _but(ceiling: int | None, language: Language) -> str:
    if ceiling is None:
        return ""
    amount = saying.crowns(ceiling, language)
    return f" men taket {amount}" if language is SV else f" but the ceiling {amount}"


def _refused(sv: str, en: str, instead: Words = _MEND) -> AllocationError:
    return AllocationError(Words(sv, en), instead)
