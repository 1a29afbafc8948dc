"""School units over the years: what fills each seat, and how one unit follows another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from likvard.simulate import names, organisers
from likvard.simulate.organisers import Organiser
from likvard.simulate.places import Areas, Municipality, areas, municipality
from likvard.simulate.seats import Role, Seat, seats
from likvard.simulate.settings import MOST_MUNICIPALITIES, Settings
from likvard.simulate.streams import Flags, Topic, Whole, stream
from likvard.terms import OrganiserKind

EVER = 1900
_FIRST_EVENT, _LAST_EVENT = 2015, 2027
_EVENT = 0.26  # share of seats with an event in these thirteen years: two in a hundred a year
_EVENTS = (("name", 0.22), ("renamed", 0.20), ("recoded", 0.10), ("new_organiser", 0.12), ("merged", 0.20))
_OPENED = 0.12  # share of independent seats that opened in these years
_CODES_EACH = 3000  # unit codes set aside for a municipality
FIRST_CODE = 99_000_000


@dataclass(frozen=True, slots=True)
class Unit:
    """What fills a seat from school year `first` to `last`; `last` None: still. The code stays when only the name
    changes."""

    seat: int
    code: str
    name: str
    organiser: Organiser
    first: int = EVER
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One unit that continues another from the autumn of school year `year`, by kinds of `unit_lineage`."""

    predecessor: str
    successor: str
    kind: str
    year: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A municipality's seats and units through all years.

    `seat_of` is the seat of each unit. An heir is the seat that takes over when one closes, in the first years of
    study and in the last; `low` and `high` are each seat's first and last year of study.
    """

    place: Municipality
    areas: Areas
    seats: tuple[Seat, ...]
    units: tuple[Unit, ...]
    links: tuple[Link, ...]
    seat_of: Whole
    heir_early: Whole
    heir_late: Whole
    low: Whole
    high: Whole

    def roles(self, *roles: Role) -> Flags:
        """Which seats have one of the roles."""
        return np.array([seat.role in roles for seat in self.seats])

    def filled(self, year: int) -> Whole:
        """Which unit fills each seat in a school year: an index of `units`, or -1."""
        found = np.full(len(self.seats), -1)
        for index, unit in enumerate(self.units):
            if unit.first <= year and (unit.last is None or year <= unit.last):
                found[unit.seat] = index
        return found

    def closing(self, year: int) -> Iterator[Unit]:
        """The units whose last school year was the one before `year`, and which nothing follows in their seat."""
        seated = self.filled(year)
        return (u for u in self.units if u.last == year - 1 and seated[u.seat] < 0)


@lru_cache(maxsize=2 * MOST_MUNICIPALITIES)
def plan(settings: Settings, index: int) -> Plan:
    """Return the schools of municipality `index` through all years, the same at every size of the country."""
    place = municipality(settings, index)
    lived = areas(settings, place)
    rng = stream(settings.seed, Topic.UNITS, index)
    found = seats(rng, place, lived)
    early, late = _heirs(found)
    units, links = _history(rng, place, found, early)
    low, high = (np.array([getattr(seat, end) for seat in found]) for end in ("low", "high"))
    seat_of = np.array([unit.seat for unit in units])
    return Plan(place, lived, found, tuple(units), tuple(links), seat_of, early, late, low, high)


def _heirs(found: tuple[Seat, ...]) -> tuple[Whole, Whole]:
    """The first seat of the same role and area; for independent schools the public schools of the first area."""
    first: dict[tuple[Role, int], int] = {}
    for i, seat in enumerate(found):
        first.setdefault((seat.role, seat.area), i)
    lower = first[Role.LOWER, 0]
    early = [first[s.role, s.area] if s.role is not Role.CHOICE else first.get((Role.FEEDER, 0), lower) for s in found]
    late = [lower if s.role in (Role.LOWER, Role.CHOICE) else e for s, e in zip(found, early, strict=True)]
    return np.array(early), np.array(late)


def _history(
    rng: np.random.Generator, place: Municipality, found: tuple[Seat, ...], heirs: Whole
) -> tuple[list[Unit], list[Link]]:
    words = iter(names.places(rng, 2 * len(found)))
    codes = iter(range(FIRST_CODE + place.index * _CODES_EACH, FIRST_CODE + (place.index + 1) * _CODES_EACH))
    units: list[Unit] = []
    links: list[Link] = []
    start: dict[int, Unit] = {}
    for i, seat in enumerate(found):
        unit = Unit(i, str(next(codes)), _name(place, seat, next(words)), _organiser(rng, place, seat, i))
        start[i] = unit
        if seat.role is Role.CHOICE and rng.random() < _OPENED:
            units.append(replace(unit, first=int(rng.integers(_FIRST_EVENT, _LAST_EVENT))))
        elif rng.random() < _EVENT and _may_change(seat, i, int(heirs[i])):
            kind, year = _event(rng), int(rng.integers(_FIRST_EVENT, _LAST_EVENT + 1))
            after = _after(rng, place, seat, unit, kind, next(words), str(next(codes)))
            units += [replace(unit, last=year - 1)] + ([replace(after, first=year)] if after else [])
            successor = start[int(heirs[i])] if kind == "merged" else after
            if successor and kind != "name":
                links.append(Link(unit.code, successor.code, kind, year))
        else:
            units.append(unit)
    return units, links


def _may_change(seat: Seat, index: int, heir: int) -> bool:
    """The seats that others fall back on never change, nor do those of which there is one."""
    return index != heir and seat.role in (Role.FEEDER, Role.CHOICE, Role.PRESCHOOL, Role.UPPER)


def _event(rng: np.random.Generator) -> str:
    draw = rng.random() - np.cumsum([share for _, share in _EVENTS])
    return next((kind for (kind, _), left in zip(_EVENTS, draw, strict=True) if left < 0), "closed")


def _after(
    rng: np.random.Generator, place: Municipality, seat: Seat, unit: Unit, kind: str, word: str, code: str
) -> Unit | None:
    """What fills the seat from then on: None if it was merged into another or closed."""
    if kind == "name":
        return replace(unit, name=_name(place, seat, word))
    if kind == "renamed":
        return replace(unit, name=_name(place, seat, word), code=code)
    if kind == "recoded":
        return replace(unit, code=code)
    if kind == "new_organiser":
        return replace(unit, code=code, organiser=organisers.independent(rng, place, 200 + unit.seat % 100))
    return None


_PATTERNS = {
    Role.LOWER: "{place}s skola",
    Role.FEEDER: "{place}s skola",
    Role.CHOICE: "Friskolan {place}",
    Role.PRESCHOOL: "Förskolan {place}",
    Role.UPPER: "{place}s gymnasium",
    Role.ADULT: "{town} vuxenutbildning",
    Role.SPECIAL: "Specialskolan {place}",
    Role.SAMI: "Sameskolan {place}",
}


def _name(place: Municipality, seat: Seat, word: str) -> str:
    pattern = "Waldorfskolan {place}" if seat.waldorf else _PATTERNS[seat.role]
    return pattern.format(place=word, town=names.of(place.name))


def _organiser(rng: np.random.Generator, place: Municipality, seat: Seat, index: int) -> Organiser:
    if seat.kind is OrganiserKind.INDEPENDENT:
        return organisers.independent(rng, place, index % 200, chain_only=seat.role is Role.PRESCHOOL)
    if seat.kind is OrganiserKind.REGIONAL:
        return organisers.regional(place)
    return organisers.state() if seat.kind is OrganiserKind.STATE else organisers.municipal(place)
