"""Which published means may be compared, and how large the chance in them is: the definitions, in plain loops."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

import numpy as np

INTAKE = ("share_parents_tertiary", "share_foreign_background", "share_girls")
LEAST_PUPILS = 15
DEFAULT_MERIT = (64.0, 62.0, 68.0)
Z = 1.959963984540054


@dataclass(frozen=True)
class Mean:
    """A published mean of a school in a school year: its value or its symbol, its pupils, its intake where known."""

    unit: str
    year: int
    value: float | None
    status: str
    pupils: float | None
    intake: tuple[float, ...] | None

    @property
    def left_out(self) -> str:
        """Why it cannot be compared; empty where it can. The first reason that holds counts."""
        if self.value is None:
            return "result"
        if self.pupils is None:
            return "pupils"
        if self.pupils < LEAST_PUPILS:
            return "few"
        return "" if self.intake is not None else "intake"


def means(opened, measure, year_of_study):
    """Every school's mean of a measure, by unit and year."""
    keys = sorted((unit, year) for name, unit, year in opened.figures if name == measure)
    found = []
    for unit, year in keys:
        said = opened.said(measure, unit, year)
        pupils = opened.said(f"pupils_year_{year_of_study}", unit, year)
        found.append(
            Mean(unit, year, said.value, said.status, pupils.value if pupils else None, intake(opened, unit, year))
        )
    return found


def intake(opened, unit, year):
    """Three shares. Hidden for fewer than ten: the middle of 0 to 9 pupils; ~100: the middle of its range."""
    shares = []
    for measure in INTAKE:
        said = opened.said(measure, unit, year)
        if said is None:
            return None
        if said.status == "few":
            pupils = opened.said("pupils", unit, year).value
            shares.append(None if pupils is None else 4.5 / pupils)
        elif said.near_all:
            shares.append(sum(said.near_all) / 2)
        else:
            shares.append(said.value)
    return None if None in shares else tuple(shares)


def comparable(found):
    return [mean for mean in found if not mean.left_out]


def left_out(found):
    return Counter(mean.left_out for mean in found if mean.left_out)


def matrix(found):
    """Result, pupils and the design: ones and intake, for each year by itself."""
    years = sorted({mean.year for mean in found})
    wide = 1 + len(INTAKE)
    X = np.zeros((len(found), wide * len(years)))
    for row, mean in enumerate(found):
        at = wide * years.index(mean.year)
        X[row, at : at + wide] = (1.0, *mean.intake)
    return np.array([m.value for m in found]), np.array([m.pupils for m in found]), X


def within_sd(found, breaks, default):
    """The pupils' standard deviation, from how much more small schools' means move between two years.

    The default stands where fewer than 100 changes are known, or the 95 % interval is wider than a quarter either way.
    """
    changes = moves(found, breaks)
    if len(changes) < 100:
        return default[0]
    units, squares, sizes = squared_rest(changes)
    line, covariance = line_of(units, squares, sizes)
    slope = max(line[1], 1e-300)
    reach = Z * math.sqrt(covariance[1, 1]) / (2 * slope)
    return default[0] if reach > math.log(1.25) else math.sqrt(slope)


def moves(found, breaks):
    """Neighbouring years of one school: unit, later year, change of result, change of intake, sum of inverse sizes."""
    by_key = {(mean.unit, mean.year): mean for mean in found}
    changes = []
    for (unit, year), now in sorted(by_key.items()):
        before = by_key.get((unit, year - 1))
        if before is None or year in breaks:
            continue
        moved = [b - a for a, b in zip(before.intake, now.intake, strict=True)]
        changes.append((unit, year, now.value - before.value, moved, 1 / now.pupils + 1 / before.pupils))
    return changes


def squared_rest(changes):
    """Squares of what is left of the changes once the nation's movement and the school's own intake are taken out."""
    years = sorted({year for _, year, _, _, _ in changes})
    sizes = np.array([size for *_, size in changes])
    middle = median(sizes.tolist())
    X = np.array([[float(year == y) for y in years] + moved for _, year, _, moved, _ in changes])
    y = np.array([change for _, _, change, _, _ in changes])
    weight = 1 / (sizes + middle)
    b = np.linalg.solve((X * weight[:, None]).T @ X, X.T @ (weight * y))
    return [unit for unit, *_ in changes], (y - X @ b) ** 2, sizes


def line_of(units, squares, sizes):
    """Weighted line of squares on sizes, weights 1/fitted^2 until they settle, and its covariance by school."""
    H = np.column_stack([np.ones(len(sizes)), sizes])
    floor, fitted = 0.05 * squares.mean(), np.full(len(sizes), squares.mean())
    for _ in range(500):
        weight = 1 / fitted**2
        line = np.linalg.solve((H * weight[:, None]).T @ H, H.T @ (weight * squares))
        fitted = np.maximum(H @ line, floor)
    bread = np.linalg.inv((H / fitted[:, None] ** 2).T @ H)
    scores = defaultdict(lambda: np.zeros(2))
    for unit, row, off, fit in zip(units, H, squares - H @ line, fitted, strict=True):
        scores[unit] += row * off / fit**2
    meat = sum(np.outer(score, score) for score in scores.values())
    return line, bread @ meat @ bread
