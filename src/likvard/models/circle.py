"""What the links of a panel make together: how much of a weakness stays in the circle, by which ways, and what a broken
link would change over years.

All of it is arithmetic on estimated links: it says what goes with what over time, given the model, not what causes it.
Errors come from the links' covariance: for a broken link by the delta method; for a cycle, which is a product and far from
normal near zero (MacKinnon, Lockwood & Williams 2004, Multivar. Behav. Res. 39: 99), and for the gain, whose slope has
no limit where two eigenvalues meet, by draws.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from scipy.special import ndtri

from likvard.models.alarms import AlarmBudget, alarm_budget
from likvard.models.fay_herriot import Floats
from likvard.models.panel import PanelFit
from likvard.terms import ModelError

REACH = float(ndtri(0.975))
DRAWS = 4000
AHEAD = 5
"""Years over which a broken link is followed."""

STRONGEST = 6
"""Most cycles that are told."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one variable to another a year later, in standard deviations of both.

    `survives` the budget for false alarms over all links; `placebo` is the same link turned round in time.
    """

    source: str
    target: str
    strength: Estimate
    placebo: Estimate
    survives: bool


@dataclass(frozen=True, slots=True)
class Cycle:
    """A way round: the variables in order, and the product of its links. Above zero it feeds itself."""

    through: tuple[str, ...]
    product: Estimate


@dataclass(frozen=True, slots=True)
class Broken:
    """What a broken link would change in an outcome, in its own unit, 1 to `AHEAD` years later.

    Of a unit in which every variable of the circle but the counted ones lies one standard deviation on the bad side.
    """

    source: str
    target: str
    outcome: str
    years: tuple[Estimate, ...]


@dataclass(frozen=True, eq=False)
class Circle:
    """The circle: its links, how much of a weakness is left after a year (`gain`), and what it would be without links.

    `gain` is the spectral radius of the links among the variables of the circle, `alone` the longest memory of any of
    them by itself; `budget` is over all links between two variables, `placebo_alarms` how many of the links turned
    round in time survive a budget of their own.
    """

    links: tuple[Link, ...]
    gain: Estimate
    alone: Estimate
    cycles: tuple[Cycle, ...]
    broken: tuple[Broken, ...]
    budget: AlarmBudget
    placebo_alarms: int
    placebo_tests: int


def circle(
    found: PanelFit, *, outcomes: Collection[str], counted: Collection[str] = (), named: Sequence[Sequence[str]] = ()
) -> Circle:
    """Work the circle out from a fitted panel.

    `outcomes` stand outside the circle; `counted` are in it but not weak at the start of what is followed; `named`
    cycles are told whatever their strength, others only where each of their links survives the budget. Raises
    `ModelError` for a name that is no variable of the panel.
    """
    for name in (*outcomes, *counted, *(one for way in named for one in way)):
        if name not in found.variables:
            raise ModelError(f"{name!r} is no variable of the panel.", f"Choose among {', '.join(found.variables)}.")
    inside = [i for i, name in enumerate(found.variables) if name not in outcomes]
    links, budget, false_alarms, tests = _links(found, outcomes)
    alive = {(one.source, one.target) for one in links if one.survives}
    followed = [*outcomes, *counted]
    start = [0.0 if name in followed else -1.0 for name in found.variables]
    draws = _draws(found)
    return Circle(
        links,
        _drawn(_radius(found.links[np.ix_(inside, inside)]), _radius(draws[:, inside][:, :, inside])),
        _drawn(_longest(found.links, inside), _longest(draws, inside)),
        tuple(_cycles(found, [found.variables[i] for i in inside], alive, named, draws)),
        tuple(_broken(found, one, outcome, np.array(start)) for outcome in followed for one in links),
        budget,
        false_alarms,
        tests,
    )


def _links(found: PanelFit, outcomes: Collection[str]) -> tuple[tuple[Link, ...], AlarmBudget, int, int]:
    names, se = found.variables, found.se
    at = [(i, j) for j in range(len(names)) for i in range(len(names)) if i != j and se[i, j] > 0]
    at = [(i, j) for i, j in at if names[j] not in outcomes]
    budget = alarm_budget([found.links[i, j] for i, j in at], [se[i, j] for i, j in at])
    turned = alarm_budget([found.placebo[i, j] for i, j in at], [found.placebo_se[i, j] for i, j in at])
    links = tuple(
        Link(
            names[j],
            names[i],
            _normal(found.links[i, j], se[i, j]),
            _normal(found.placebo[i, j], found.placebo_se[i, j]),
            bool(survives),
        )
        for (i, j), survives in zip(at, budget.survives, strict=True)
    )
    return links, budget, turned.alarms, turned.tests


def _normal(value: float, se: float) -> Estimate:
    return Estimate(float(value), float(value - REACH * se), float(value + REACH * se))


def _radius(links: Floats) -> Floats:
    """The largest absolute eigenvalue of one matrix of links or of each of many."""
    return np.asarray(np.abs(np.linalg.eigvals(links)).max(axis=-1), dtype=np.float64)


def _longest(links: Floats, inside: list[int]) -> Floats:
    """The longest memory of any variable by itself."""
    return np.asarray(np.diagonal(links, axis1=-2, axis2=-1)[..., inside].max(axis=-1), dtype=np.float64)


def _drawn(value: Floats, drawn: Floats) -> Estimate:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high))


def _delta(found: PanelFit, of: Callable[[Floats], float], step: float = 1e-5) -> Estimate:
    """A function of the links with its interval by the delta method, its derivatives by central differences."""
    slope = np.zeros(found.links.size)
    for k in np.flatnonzero(np.diag(found.covariance) > 0):
        moved = np.zeros_like(found.links)
        moved.flat[k] = step
        slope[k] = (of(found.links + moved) - of(found.links - moved)) / (2 * step)
    return _normal(of(found.links), max(float(slope @ found.covariance @ slope), 0.0) ** 0.5)


def _cycles(
    found: PanelFit,
    inside: Sequence[str],
    alive: Collection[tuple[str, str]],
    named: Sequence[Sequence[str]],
    draws: Floats,
) -> Iterator[Cycle]:
    """The named cycles, then the strongest of those in which every link survives and which feed themselves."""
    told = [tuple(one) for one in named]
    others = [way for way in _ways(inside) if all(pair in alive for pair in _pairs(way)) and way not in told]
    made = [Cycle(way, _product(found, way, draws)) for way in others]
    strongest = sorted(
        (one for one in made if one.product.value > 0), key=lambda one: (-one.product.value, one.through)
    )
    yield from (Cycle(way, _product(found, way, draws)) for way in told)
    yield from strongest[:STRONGEST]


def _ways(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every simple cycle among the names, once each: begun at its first name in their order."""
    for length in range(2, len(names) + 1):
        for first in range(len(names) - length + 1):
            for rest in permutations(names[first + 1 :], length - 1):
                yield names[first], *rest


def _pairs(way: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(way, (*way[1:], way[0]), strict=True))


def _draws(found: PanelFit) -> Floats:
    """Links drawn from their distribution (DRAWS, V, V), the same every time."""
    rng = np.random.default_rng(1)
    w, turn = np.linalg.eigh(found.covariance)
    noise = rng.normal(size=(DRAWS, len(w))) * np.sqrt(np.maximum(w, 0))
    return np.asarray(found.links + (noise @ turn.T).reshape(DRAWS, *found.links.shape), dtype=np.float64)


def _product(found: PanelFit, way: Sequence[str], draws: Floats) -> Estimate:
    place = {name: i for i, name in enumerate(found.variables)}
    at = [(place[target], place[source]) for source, target in _pairs(way)]
    value = np.asarray(np.prod([found.links[i, j] for i, j in at]), dtype=np.float64)
    return _drawn(value, np.asarray(np.prod([draws[:, i, j] for i, j in at], axis=0), dtype=np.float64))


def _broken(found: PanelFit, link: Link, outcome: str, start: Floats) -> Broken:
    names = list(found.variables)
    i, j, o = names.index(link.target), names.index(link.source), names.index(outcome)
    unit = float(found.scores.scale[o])

    def after(years: int) -> Callable[[Floats], float]:
        def difference(links: Floats) -> float:
            without = links.copy()
            without[i, j] = 0.0
            both = (np.linalg.matrix_power(one, years)[o] @ start for one in (without, links))
            broken, whole = (float(value) for value in both)
            return unit * (broken - whole)

        return difference

    return Broken(link.source, link.target, outcome, tuple(_delta(found, after(k)) for k in range(1, AHEAD + 1)))
