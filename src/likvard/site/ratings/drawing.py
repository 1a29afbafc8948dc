"""Who is drawn: organisers for a round, by risk with known probabilities; and the sample for audit. Pure.

The draw is the order of SHA-256 over seed and number, so anybody can do it again. Within each kind of organiser those with the
highest risk are a stratum, those without a figure another; each stratum has its own fraction. The probability of an organiser is
the number drawn over the number there are, which is what a report weighs by (Horvitz & Thompson 1952).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from django.utils.translation import gettext as _

from likvard.site.cases.states import CaseError

LEAST = 2
"""Fewest drawn from a stratum that has so many: with one, nothing is known of the spread in it."""


class Candidate(NamedTuple):
    """An organiser in the frame. `risk` is higher where there is more reason to look; None where no figure is released."""

    organiser: str
    kind: str
    risk: float | None = None
    pupils: int | None = None


class Drawn(NamedTuple):
    """An organiser after the draw: its stratum, its probability, and whether it was drawn."""

    organiser: str
    stratum: str
    probability: float
    selected: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """How a round is drawn. Fractions are per cent of a stratum; `highest` is the per cent of each kind that counts as high risk."""

    seed: str
    high: int = 100
    rest: int = 100
    unknown: int = 100
    highest: int = 33

    def __post_init__(self) -> None:
        if not self.seed.strip():
            raise CaseError(_("A draw has a seed."), _("Take one that nobody here can choose."))
        if not all(1 <= part <= 100 for part in (self.high, self.rest, self.unknown, self.highest)):
            raise CaseError(_("A fraction is from 1 to 100 per cent."), _("Nobody may have no chance at all."))


def number(seed: str, organiser: str) -> int:
    """The draw number of an organiser; the lowest are taken."""
    return int.from_bytes(sha256(f"{seed.strip()}|{organiser}".encode()).digest()[:8])


def lowest(seed: str, organisers: Iterable[str], count: int) -> frozenset[str]:
    """So many organisers with the lowest draw numbers."""
    return frozenset(sorted(organisers, key=lambda one: (number(seed, one), one))[: max(0, count)])


def draw(candidates: Sequence[Candidate], rule: Rule) -> tuple[Drawn, ...]:
    """Every organiser of the frame with stratum, probability and whether it was drawn, in order of number."""
    strata = _strata(candidates, rule)
    found: list[Drawn] = []
    for stratum, members in strata.items():
        count = _count(len(members), getattr(rule, stratum.rpartition(".")[2]))
        taken = lowest(rule.seed, members, count)
        found += [Drawn(one, stratum, count / len(members), one in taken) for one in members]
    return tuple(sorted(found))


def _count(members: int, per_cent: int) -> int:
    return min(members, max(LEAST, math.ceil(members * per_cent / 100)))


def _strata(candidates: Sequence[Candidate], rule: Rule) -> dict[str, list[str]]:
    by_kind: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        by_kind[one.kind].append(one)
    strata: dict[str, list[str]] = {}
    for kind in sorted(by_kind):
        known = sorted((c for c in by_kind[kind] if c.risk is not None), key=_by_risk)
        cut = math.ceil(len(known) * rule.highest / 100)
        parts = {
            "high": [c.organiser for c in known[:cut]],
            "rest": [c.organiser for c in known[cut:]],
            "unknown": [c.organiser for c in by_kind[kind] if c.risk is None],
        }
        strata |= {f"{kind}.{part}": members for part, members in parts.items() if members}
    return strata


def _by_risk(one: Candidate) -> tuple[float, str]:
    return -(one.risk or 0.0), one.organiser


def audit_sample(seed: str, organisers: Sequence[str], per_cent: int) -> frozenset[str]:
    """The organisers that a third marker reads: so many per cent, at least one."""
    return lowest(f"{seed}|audit", organisers, max(1, math.ceil(len(organisers) * per_cent / 100)))
