"""Who is selected for a programme, by an open rule. Pure: the same basis, rule and seed give the same selection everywhere.

Two routes, as in the Norwegian Directorate's scheme for follow-up (*oppfølgingsordningen*), which takes 30 municipalities by level and
10 by spread: *units* come in by level (with complaints and time since the last visit), *organisers* by the spread between their
units. The Norwegian draw has no chance in it; here chance draws first. So the sample drawn is one of the whole country, with a known
chance for each unit, and not of what the other criteria left. A unit without figures is neither good nor bad: such units are a
stratum of their own, of which a stated part of the places is drawn, shared among school forms so that none falls out.

Ties are broken by the draw number, never by name. All points are whole numbers, so no machine rounds differently.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.states import CaseError

FULL = 1000
"""Points of a criterion at or beyond its limit; a weight multiplies them."""

FORMS = ("GR", "GRAN", "SP", "SAM", "GY", "GYAN", "VUX", "SFI", "FSK", "FKLASS", "FTH")
"""Which form a unit with several stands for in the draw: the first of these that it has."""


class Route(TextChoices):
    """By what something came in."""

    RANDOM = "random", _("by chance")
    UNKNOWN = "unknown", _("by chance, among those without figures")
    LEVEL = "level", _("by level")
    SPREAD = "spread", _("by spread")
    HAND = "hand", _("by hand")


class Candidate(NamedTuple):
    """A unit as the rule sees it. `difference`: result minus expected; None where no figure is released. `months` since the last
    visit; None where none is known of. `complaints`: None where nobody has counted."""

    code: str
    organiser: str
    form: str = ""
    difference: float | None = None
    complaints: int | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule. Weights are whole numbers from 0 to 10, shares per cent of `places`, limits where a criterion gives full points.

    `places`: units to select. `random`, `unknown`: shares drawn by chance among units with and without figures; the rest by points.
    `organisers`: organisers to select by spread; each has at least `units_needed` units with figures, and one of them among the
    lowest `lowest` per cent of the country. `level_limit`: how far below the expected, in the measure's own unit, is full points.
    """

    seed: str
    places: int = 150
    random: int = 20
    unknown: int = 20
    organisers: int = 10
    units_needed: int = 3
    lowest: int = 25
    level: int = 6
    complaints: int = 2
    time: int = 2
    level_limit: float = 25.0
    complaints_limit: int = 5
    months_limit: int = 72

    def __post_init__(self) -> None:
        if not self.seed.strip():
            raise CaseError("A draw without a stated seed cannot be done again.", "State the seed.")
        if not all(0 <= weight <= 10 for weight in (self.level, self.complaints, self.time)):
            raise CaseError("A weight lies outside 0 to 10.", "Give whole numbers from 0 to 10.")
        if self.random < 0 or self.unknown < 0 or self.random + self.unknown > 100:
            raise CaseError("The shares drawn by chance are more than the whole.", "Let them be 100 per cent at most.")
        if self.places < 0 or self.organisers < 0 or not 1 <= self.lowest <= 100:
            raise CaseError("A number of places is less than nothing.", "Give whole numbers from 0.")
        if self.units_needed < 2 or min(self.level_limit, self.complaints_limit, self.months_limit) <= 0:
            raise CaseError("A limit is too small.", "Spread needs two units; a limit is more than nothing.")

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Rule:
        """The rule as `as_data` wrote it. Raises `CaseError` for a field that no rule has."""
        known = {field.name for field in fields(cls)}
        if not data.keys() <= known:
            raise CaseError("The rule was written by another version.", "Set the rule again.")
        return cls(**data)

    def as_data(self) -> dict[str, Any]:
        """The rule as plain data."""
        return asdict(self)

    @property
    def by_chance(self) -> tuple[int, int]:
        """Places drawn among units with and without figures; a half is rounded up."""
        return (self.places * self.random + 50) // 100, (self.places * self.unknown + 50) // 100


class Parts(NamedTuple):
    """The points of a unit by criterion, each the weight times 0 to 1,000. None: nothing is known, and nothing is given."""

    level: int | None
    complaints: int | None
    time: int | None

    @property
    def total(self) -> int:
        """The points in all."""
        return sum(part for part in self if part is not None)


class Chosen(NamedTuple):
    """A unit or an organiser that the rule selects: by which route, its draw number, and what stands in the protocol."""

    code: str
    route: Route
    draw: str
    parts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule gives: units and organisers selected, and the sizes of what they were selected from."""

    units: tuple[Chosen, ...]
    organisers: tuple[Chosen, ...]
    with_figures: int
    without_figures: int
    strata: Mapping[str, tuple[int, int]]

    @property
    def routes(self) -> Mapping[str, int]:
        """How many came in by each route."""
        return Counter(one.route.value for one in (*self.units, *self.organisers))


@dataclass(frozen=True, slots=True)
class Change:
    """How another rule would select instead: codes that would come in, go out, and stay."""

    came: frozenset[str]
    went: frozenset[str]
    stayed: int


def draw_number(seed: str, code: str) -> str:
    """The number of a unit in the draw: the first 16 signs of the SHA-256 of `seed:code`. The lowest are drawn.

    Anybody can redo it: `printf '%s' 'seed:code' | sha256sum`.
    """
    return sha256(f"{seed}:{code}".encode()).hexdigest()[:16]


def points(value: float, limit: float) -> int:
    """0 to 1,000: nothing at 0 or below, all at the limit or beyond, evenly between."""
    return max(0, min(FULL, math.floor(FULL * value / limit + 0.5)))


def parts_of(one: Candidate, rule: Rule) -> Parts:
    """The points of a unit. A unit that nobody is known to have visited has all points for time."""
    months = rule.months_limit if one.months is None else one.months
    return Parts(
        None if one.difference is None else rule.level * points(-one.difference, rule.level_limit),
        None if one.complaints is None else rule.complaints * points(one.complaints, rule.complaints_limit),
        rule.time * points(months, rule.months_limit),
    )


def main_form(forms: Iterable[str]) -> str:
    """The form that a unit stands for in the draw; empty where it has none."""
    had = set(forms)
    return next((form for form in FORMS if form in had), min(had, default=""))


def select(candidates: Sequence[Candidate], rule: Rule) -> Outcome:
    """Who is selected: by chance first, then by points, and organisers by spread. Places that nobody fills go to chance."""
    numbers = {one.code: draw_number(rule.seed, one.code) for one in candidates}
    known = sorted((one for one in candidates if one.difference is not None), key=lambda one: numbers[one.code])
    unknown = sorted((one for one in candidates if one.difference is None), key=lambda one: numbers[one.code])
    chance, blind = rule.by_chance
    quota = share_out(min(blind, len(unknown)), Counter(one.form for one in unknown), rule.seed)
    drawn = _first_of_each(unknown, quota)
    taken = known[:chance]
    scored = _by_points(known[chance:], rule, rule.places - chance - blind)
    found = [_by_chance(one, Route.RANDOM, numbers, (chance, len(known))) for one in taken]
    sizes = Counter(one.form for one in unknown)
    found += [_by_chance(one, Route.UNKNOWN, numbers, (quota[one.form], sizes[one.form])) for one in drawn]
    found += [Chosen(one.code, Route.LEVEL, numbers[one.code], _told(one, parts)) for one, parts in scored]
    found += _spare((*known, *unknown), found, rule.places - len(found), numbers)
    strata = {form: (quota[form], size) for form, size in sorted(sizes.items())}
    return Outcome(tuple(found), by_spread(candidates, rule), len(known), len(unknown), strata)


def _by_points(rest: Sequence[Candidate], rule: Rule, places: int) -> list[tuple[Candidate, Parts]]:
    """Those with most points, of those that have any. `rest` stands in the order of the draw, which breaks ties."""
    told = [(one, parts) for one in rest if (parts := parts_of(one, rule)).total > 0]
    told.sort(key=lambda pair: -pair[1].total)
    return told[: max(places, 0)]


def _told(one: Candidate, parts: Parts) -> dict[str, Any]:
    known = {"difference": one.difference, "counted": one.complaints, "months": one.months}
    return {**parts._asdict(), "total": parts.total, **known}


def _by_chance(one: Candidate, route: Route, numbers: Mapping[str, str], drawn: tuple[int, int]) -> Chosen:
    places, of = drawn
    return Chosen(one.code, route, numbers[one.code], {"places": min(places, of), "of": of, "form": one.form})


def _spare(
    everybody: Sequence[Candidate], found: Sequence[Chosen], places: int, numbers: Mapping[str, str]
) -> list[Chosen]:
    """Places that the rest left empty: by chance among all that are left."""
    if places <= 0:
        return []
    had = {one.code for one in found}
    left = sorted((one for one in everybody if one.code not in had), key=lambda one: numbers[one.code])
    route = {True: Route.UNKNOWN, False: Route.RANDOM}
    return [_by_chance(one, route[one.difference is None], numbers, (places, len(left))) for one in left[:places]]


def _first_of_each(ordered: Iterable[Candidate], quota: Mapping[str, int]) -> list[Candidate]:
    left = dict(quota)
    found = []
    for one in ordered:
        if left[one.form] > 0:
            left[one.form] -= 1
            found.append(one)
    return found


def share_out(places: int, sizes: Mapping[str, int], seed: str) -> dict[str, int]:
    """Places by school form: one for each form as far as they go, the rest in proportion, none more than it has units.

    Largest remainders; what is equal is ordered by the form's own draw number.
    """
    order = sorted(sizes, key=lambda form: draw_number(seed, form))
    quota = {form: 1 if n < places else 0 for n, form in enumerate(order)}
    while (left := min(places, sum(sizes.values())) - sum(quota.values())) > 0:
        open_to = [form for form in order if quota[form] < sizes[form]]
        total = sum(sizes[form] - quota[form] for form in open_to)
        exact = {form: left * (sizes[form] - quota[form]) / total for form in open_to}
        for form in open_to:
            quota[form] += math.floor(exact[form])
        rest = min(places, sum(sizes.values())) - sum(quota.values())
        for form in sorted(open_to, key=lambda form: math.floor(exact[form]) - exact[form])[:rest]:
            quota[form] += 1
    return quota


def by_spread(candidates: Sequence[Candidate], rule: Rule) -> tuple[Chosen, ...]:
    """The organisers with the widest spread (standard deviation) of their units' distance from the expected, widest first."""
    limit = lowest_limit(candidates, rule)
    values: dict[str, list[float]] = defaultdict(list)
    for one in candidates:
        if one.difference is not None and one.organiser:
            values[one.organiser].append(one.difference)
    told = [
        Chosen(organiser, Route.SPREAD, draw_number(rule.seed, organiser), _spread(own, limit))
        for organiser, own in values.items()
        if len(own) >= rule.units_needed and limit is not None and min(own) <= limit
    ]
    told.sort(key=lambda one: (-one.parts["spread"], one.draw))
    return tuple(told[: rule.organisers])


def lowest_limit(candidates: Iterable[Candidate], rule: Rule) -> float | None:
    """The distance from the expected at or below which a unit is among the lowest per cent of the country; None without any."""
    values = sorted(one.difference for one in candidates if one.difference is not None)
    return values[max(0, math.ceil(len(values) * rule.lowest / 100) - 1)] if values else None


def _spread(values: Sequence[float], limit: float) -> dict[str, Any]:
    mean = math.fsum(values) / len(values)
    variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    low = sum(value <= limit for value in values)
    return {"spread": round(math.sqrt(variance), 6), "units": len(values), "low": low, "limit": limit}


def compare(before: Iterable[Chosen], after: Iterable[Chosen]) -> Change:
    """What changes from one selection to another."""
    old, new = ({one.code for one in chosen} for chosen in (before, after))
    return Change(frozenset(new - old), frozenset(old - new), len(old & new))
