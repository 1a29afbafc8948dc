"""Organisers of every kind, with numbers that no real organiser has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likvard.simulate import names
from likvard.simulate.places import COUNTIES, Municipality
from likvard.terms import OrganiserKind

CHAINS = 40
_CHAIN_SHARE = 0.35  # of independent schools; in 2022, 560 organisers had 845 of them


@dataclass(frozen=True, slots=True)
class Organiser:
    """An organiser: ten digits that begin with 99, name, kind, and its own municipality if it is one."""

    number: str
    name: str
    kind: OrganiserKind
    municipality_code: str | None = None


def number(group: int, index: int) -> str:
    """Ten digits with a valid check digit. The third is at least 2, so that it cannot be a personal number."""
    body = f"99{group:02d}{index:05d}"
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(body)]
    return f"{body}{-sum(d // 10 + d % 10 for d in doubled) % 10}"


def municipal(place: Municipality) -> Organiser:
    """The municipality as organiser."""
    name = f"{names.of(place.name)} kommun"
    return Organiser(number(20, place.index), name, OrganiserKind.MUNICIPAL, place.code)


def regional(place: Municipality) -> Organiser:
    """The region of the municipality's county, called after one of its municipalities."""
    county = place.index % COUNTIES
    return Organiser(number(21, county), f"Region {names.town(county + COUNTIES * 30)}", OrganiserKind.REGIONAL)


def state() -> Organiser:
    """The state, for special and Sami schools."""
    return Organiser(number(22, 1), "Staten (påhittad skolmyndighet)", OrganiserKind.STATE)


def independent(rng: np.random.Generator, place: Municipality, running: int, *, chain_only: bool = False) -> Organiser:
    """One of the chains, which work in many municipalities, or an organiser with a single unit here."""
    if rng.random() < _CHAIN_SHARE or chain_only:
        chain = int((8 if chain_only else CHAINS) * rng.random() ** 2.2)  # a few large, many small
        return Organiser(number(40, chain), names.company(500 + 11 * chain), OrganiserKind.INDEPENDENT)
    index = place.index * 300 + running
    return Organiser(number(30, index), names.company(index), OrganiserKind.INDEPENDENT)
