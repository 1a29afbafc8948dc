"""From the columns a model is written in to the shifted columns its moments are kept in, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import comb

import numpy as np
from numpy.typing import NDArray

from likvard.moments.columns import ONE, Column, Factor

Floats = NDArray[np.float64]
Marks = frozenset[tuple[str, int]]
Powers = frozenset[tuple[str, int]]


def express(target: Column, columns: Sequence[Column]) -> Floats | None:
    """Write a column in its own units as a combination of shifted columns; None if they do not span it.

    Powers are expanded about the shifts. An indicator that is not among the columns is written as one minus the
    other levels, and a missing whole as the sum over all levels of a factor.
    """
    return express_all((target,), columns)[0]


def express_all(targets: Sequence[Column], columns: Sequence[Column]) -> list[Floats | None]:
    """As `express`, for several columns."""
    factors = {f.name: f for c in (*columns, *targets) for f, _ in c.marks}
    span = _Span({c.content: i for i, c in enumerate(columns)}, factors, {})
    return [_in_span(target, span, len(columns)) for target in targets]


def _in_span(target: Column, span: _Span, size: int) -> Floats | None:
    found, marks = np.zeros(size), target.content[0]
    for powers, weight in _expand(target):
        part = span.place(marks, powers)
        if part is None:
            return None
        for i, share in part.items():
            found[i] += weight * share
    return found


def spans_constant(columns: Sequence[Column]) -> bool:
    """Whether some combination of the columns is 1 in every row, by their structure."""
    return express(ONE, columns) is not None


def _expand(column: Column) -> list[tuple[Powers, float]]:
    """Expand the product of (shifted + shift)^power into powers of the shifted numbers with their weights."""
    choices = [
        [(x.name, j, comb(k, j) * x.shift ** (k - j)) for j in range(k, -1, -1) if j == k or x.shift != 0]
        for x, k in column.powers
    ]
    return [
        (frozenset((name, j) for name, j, _ in choice if j), float(np.prod([weight for *_, weight in choice])))
        for choice in product(*choices)
    ]


@dataclass(frozen=True)
class _Span:
    """The columns by content, the factors by name, and what has been looked for already (None while it lasts)."""

    places: dict[tuple[Marks, Powers], int]
    factors: dict[str, Factor]
    known: dict[tuple[Marks, Powers], dict[int, float] | None]

    def place(self, marks: Marks, powers: Powers) -> dict[int, float] | None:
        if (marks, powers) in self.places:
            return {self.places[marks, powers]: 1.0}
        if (marks, powers) not in self.known:
            self.known[marks, powers] = None
            self.known[marks, powers] = self._by_other_levels(marks, powers) or self._by_all_levels(marks, powers)
        return self.known[marks, powers]

    def _by_other_levels(self, marks: Marks, powers: Powers) -> dict[int, float] | None:
        for name, level in sorted(marks):
            rest = marks - {(name, level)}
            others = [i for i in range(len(self.factors[name].levels)) if i != level]
            parts = [(rest, 1.0), *((rest | {(name, i)}, -1.0) for i in others)]
            if found := self._combine(parts, powers):
                return found
        return None

    def _by_all_levels(self, marks: Marks, powers: Powers) -> dict[int, float] | None:
        for name in sorted(set(self.factors) - {name for name, _ in marks}):
            levels = range(len(self.factors[name].levels))
            if all((marks | {(name, i)}, powers) in self.places for i in levels):
                return self._combine([(marks | {(name, i)}, 1.0) for i in levels], powers)
        return None

    def _combine(self, parts: Sequence[tuple[Marks, float]], powers: Powers) -> dict[int, float] | None:
        total: dict[int, float] = {}
        for marks, weight in parts:
            share = self.place(marks, powers)
            if share is None:
                return None
            for i, value in share.items():
                total[i] = total.get(i, 0.0) + weight * value
        return total
