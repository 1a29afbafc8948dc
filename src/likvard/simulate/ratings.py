"""A marking round with a known truth: every organiser's quality, levels and class, and what two markers made of some.

Organisers are chosen by risk, which goes with weak quality: those marked are worse than the nation, and only the known
probabilities of selection can mend that. Each organiser has streams of its own, so that it is the same in a larger country;
strata are cut at fixed risks for the same reason, and only the numbers drawn follow the country's size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from likvard.rulebook import rule
from likvard.rulebook.kinds.rubric import Rubric
from likvard.simulate.climate import STEERING, climate, organiser_draw
from likvard.simulate.organisers import Organiser
from likvard.simulate.seats import Role
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Floats, Topic, Whole, stream
from likvard.simulate.tables import declared, empty, same
from likvard.simulate.units import plan
from likvard.simulate.years import Year

SLOPE = 1.9
STEPS = (1.55, -1.35)
"""Logits of at least level 1, and of level 2, at ordinary quality; with the spread below about a quarter of organisers are of
the strongest class and a quarter of the weakest."""
SPREAD = (0.3, 0.1, -0.2, -0.4, 0.2, -0.5)
"""How much easier than the others each criterion is: allocation and follow-up are the hardest."""
ERROR, FAR = 0.15, 0.10
"""Share of marks that are not the true level, and of those the share that are two levels off where they can be."""
SETTLED_RIGHT = 0.8
AUDITED = 0.1
RISKS = {"high": 0.55, "middle": -0.45, "low": -np.inf}
DRAWN = {"high": 0.60, "middle": 0.32, "low": 0.15}
LEAST_DRAWN = 30
"""Strata by least risk, the share drawn of each, and how many are drawn at least where the country is small."""
MARKERS = 12
_OWN, _STEERED = 0.6, 0.5
_LEFT_OUT = (Role.PRESCHOOL, Role.ADULT)


@dataclass(frozen=True, slots=True)
class Planted:
    """One organiser as it truly is: units with schooling, quality, level by criterion (-1 where none applies), and class."""

    organiser: Organiser
    units: int
    quality: float
    levels: tuple[int, ...]
    cls: str
    stratum: str
    turn: float

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of organiser in the rubric's sense."""
        return (str(self.organiser.kind), "single_unit") if self.units == 1 else (str(self.organiser.kind),)


def marked_year(settings: Settings) -> int:
    """The school year in whose autumn the round is held: the one before the last, so that results come after it."""
    return max(settings.last_year - 1, settings.first_year)


def rubric(settings: Settings) -> Rubric:
    """The version of the rubric in force when the round is held."""
    found: Rubric = rule("rubric", date(marked_year(settings), 11, 1)).value
    return found


def planted(settings: Settings) -> tuple[Planted, ...]:
    """Every organiser with a school in the year of the round, by number."""
    asked = rubric(settings)
    return tuple(_planted(settings, asked, organiser, steering) for organiser, steering in _organisers(settings))


def _organisers(settings: Settings) -> list[tuple[Organiser, list[float]]]:
    """Organisers and the steering of each of their schools. Schools for small children only and for adults are left out."""
    year = marked_year(settings)
    who: dict[str, Organiser] = {}
    steering: dict[str, list[float]] = defaultdict(list)
    for index in range(settings.municipalities):
        schools, around = plan(settings, index), climate(settings, index)
        level = around.at(year)[:, STEERING]
        for seat, unit in enumerate(schools.filled(year)):
            if unit >= 0 and schools.seats[seat].role not in _LEFT_OUT:
                organiser = schools.units[int(unit)].organiser
                who[organiser.number] = organiser
                steering[organiser.number].append(float(level[seat]))
    return [(who[number], steering[number]) for number in sorted(who)]


def _planted(settings: Settings, asked: Rubric, organiser: Organiser, steering: Sequence[float]) -> Planted:
    """Quality goes with what the organiser adds to results and with how its schools are led; the rest is its own."""
    rng = stream(settings.seed, Topic.RATINGS, int(organiser.number))
    own, risk, turn = float(rng.normal()), float(rng.normal()), float(rng.random())
    led = float(np.mean(steering)) * min(len(steering), 4) ** 0.5
    shared = _OWN * float(organiser_draw(settings.seed, organiser, 1)[0]) + _STEERED * led
    quality = shared + float(np.sqrt(1 - _OWN**2 - _STEERED**2)) * own
    drawn = true_levels(rng, np.array([quality]), len(asked.criteria))[0]
    kinds = (str(organiser.kind), "single_unit") if len(steering) == 1 else (str(organiser.kind),)
    applies = [asked.applies(key, kinds) for key in asked.criteria]
    levels = tuple(int(level) if here else -1 for level, here in zip(drawn, applies, strict=True))
    at_risk = -0.6 * quality + 0.8 * risk
    return Planted(
        organiser,
        len(steering),
        quality,
        levels,
        str(asked.of_levels([level for level in levels if level >= 0])),
        next(name for name, least in RISKS.items() if at_risk >= least),
        turn,
    )


def true_levels(rng: np.random.Generator, quality: Floats, criteria: int) -> Whole:
    """Levels 0-2 of every organiser and criterion, by the graded response model."""
    ease = np.array(SPREAD[:criteria])
    height = SLOPE * quality[:, None, None] + np.array(STEPS) + ease[None, :, None]
    found: Whole = (rng.random((len(quality), criteria))[:, :, None] < 1 / (1 + np.exp(-height))).sum(axis=2)
    return found


def read(rng: np.random.Generator, levels: Whole, error: float = ERROR) -> Whole:
    """What one marker makes of true levels 0-2; -1 stays. An error is a level beside, seldom two off."""
    wrong = rng.random(levels.shape) < error
    beside = np.where(levels == 1, 2 * rng.integers(0, 2, levels.shape), 1)
    far = (rng.random(levels.shape) < FAR) & (levels != 1)
    said = np.where(wrong, np.where(far, 2 - levels, beside), levels)
    found: Whole = np.where(levels < 0, -1, said)
    return found


def drawn(everybody: Sequence[Planted]) -> tuple[dict[str, float], frozenset[str]]:
    """The probability of selection in each stratum, and who was drawn: those whose turn came first."""
    size = Counter(one.stratum for one in everybody)
    lift = max(1.0, LEAST_DRAWN / max(sum(DRAWN[name] * n for name, n in size.items()), 1e-9))
    number = {name: min(n, int(np.ceil(min(1.0, lift * DRAWN[name]) * n))) for name, n in size.items()}
    first = sorted(everybody, key=lambda one: (one.turn, one.organiser.number))
    chosen = [one.organiser.number for name in size for one in [o for o in first if o.stratum == name][: number[name]]]
    return {name: number[name] / n for name, n in size.items()}, frozenset(chosen)


def tables(settings: Settings, pupils: dict[str, int]) -> dict[str, pa.Table]:
    """The frame of all organisers, and the marks of those drawn. `pupils` is how many each organiser has."""
    everybody = planted(settings)
    probability, chosen = drawn(everybody)
    asked = tuple(rubric(settings).criteria)
    rows = [row for one in everybody if one.organiser.number in chosen for row in _marks(settings, one, asked)]
    return {
        "organiser_frame": _frame(settings, everybody, probability, pupils),
        "organiser_mark": _mark_table(settings, rows),
    }


def counted(years: Sequence[Year]) -> dict[str, int]:
    """Pupils of each organiser in a school year."""
    found: Counter[str] = Counter()
    for year in years:
        by_unit = np.bincount(year.roll.unit, minlength=len(year.plan.units))
        for unit, n in zip(year.plan.units, by_unit.tolist(), strict=True):
            found[unit.organiser.number] += n
    return dict(found)


_Row = tuple[str, str, str, int, bool]


def _marks(settings: Settings, one: Planted, asked: Sequence[str]) -> list[_Row]:
    """Two blind markers, what they settled on where they differed, and a third reading of some."""
    rng = stream(settings.seed, Topic.RATINGS, int(one.organiser.number), 1)
    truth = np.array(one.levels)
    who = rng.choice(MARKERS, 2, replace=False)
    said = [read(rng, truth) for _ in range(3)]
    right, pick = rng.random(len(truth)) < SETTLED_RIGHT, rng.integers(0, 2, len(truth))
    settled = np.where(right, truth, np.where(pick == 0, said[0], said[1]))
    audited = rng.random() < AUDITED
    number = one.organiser.number
    rows: list[_Row] = []
    for k in np.flatnonzero(truth >= 0).tolist():
        rows += [(number, f"marker-{int(who[m]) + 1:02d}", asked[k], int(said[m][k]), True) for m in range(2)]
        if said[0][k] != said[1][k]:
            rows.append((number, "settled", asked[k], int(settled[k]), False))
        if audited:
            rows.append((number, "audit", asked[k], int(said[2][k]), False))
    return rows


def _frame(
    settings: Settings, everybody: Sequence[Planted], probability: dict[str, float], pupils: dict[str, int]
) -> pa.Table:
    if not everybody:
        return empty("organiser_frame")
    return declared(
        "organiser_frame",
        {
            "organiser_number": pa.array([one.organiser.number for one in everybody]),
            "year": same(marked_year(settings), len(everybody), pa.int16()),
            "stratum": pa.array([one.stratum for one in everybody]),
            "probability": pa.array([probability[one.stratum] for one in everybody], pa.float64()),
            "pupils": pa.array([pupils.get(one.organiser.number, 0) for one in everybody], pa.int32()),
            "kind": pa.array([str(one.organiser.kind) for one in everybody]),
            "units": pa.array([one.units for one in everybody], pa.int32()),
        },
    )


def _mark_table(settings: Settings, rows: Sequence[_Row]) -> pa.Table:
    if not rows:
        return empty("organiser_mark")
    number, marker, criterion, level, blind = zip(*rows, strict=True)
    return declared(
        "organiser_mark",
        {
            "organiser_number": pa.array(number),
            "year": same(marked_year(settings), len(rows), pa.int16()),
            "marker": pa.array(marker),
            "criterion": pa.array(criterion),
            "level": pa.array(level, pa.int8()),
            "blind": pa.array(blind, pa.bool_()),
        },
    )


def truth_table(settings: Settings) -> pa.Table:
    """The truth: each organiser's quality, class, stratum, and how many criteria are on each level."""
    everybody = planted(settings)
    return pa.table(
        {
            "organiser_number": pa.array([one.organiser.number for one in everybody], pa.string()),
            "quality": pa.array([one.quality for one in everybody], pa.float64()),
            "class": pa.array([one.cls for one in everybody], pa.string()),
            "stratum": pa.array([one.stratum for one in everybody], pa.string()),
            **{
                f"on_level_{level}": pa.array([one.levels.count(level) for one in everybody], pa.int8())
                for level in range(3)
            },
        }
    )
