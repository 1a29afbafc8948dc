"""A multilevel model fitted in rounds, without anyone's records: organisers answer with sums, the search asks on.

With organisers as the top level (or one with no level above), what the likelihood and its first two derivatives need
is a sum over organisers of a few small matrices and scalars: [X y]' V^-1 [X y] and log |V| at one theta. Each
organiser sweeps its own tree; the sums are added; the search is that of a fit of pooled records, so that the result
is too. The columns are swept as the moments hold them, and laid out in working units afterwards: sweeping is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from likvard.models.multilevel import Fit, report
from likvard.models.multilevel_covariance import Layout
from likvard.models.multilevel_criterion import Swept
from likvard.models.multilevel_problem import Grouping, Model, Problem, check_groups, lay_fixed
from likvard.models.multilevel_search import criterion_at, search
from likvard.models.nested import Tree
from likvard.models.nested_intercepts import intercepts
from likvard.models.newton import newton_step
from likvard.models.packed import pack, unpack
from likvard.models.remembered import Remembered, Unanswered
from likvard.moments.columns import Column
from likvard.moments.moments import Moments, add_up
from likvard.terms import ModelError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

START = 0.3
"""Relative standard deviation at which the search begins at the finest level; half of it at each level above."""

_REACH = 2.5  # by which factor a relative standard deviation may change from one of the first rounds to the next
_NEAR = 0.2  # a step relatively this short: what is left is for Newton's method
_SMALL = 0.01  # a relative standard deviation that may be zero: what is left needs care
_FIRST = 6  # such rounds at most


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of an answer: m columns, k levels of random intercepts."""

    m: int
    k: int

    @property
    def triangle(self) -> int:
        """Numbers in a symmetric m x m matrix."""
        return self.m * (self.m + 1) // 2

    @property
    def matrices(self) -> int:
        """Matrices of an answer: the value, its first and its second derivatives."""
        return 1 + self.k + self.k * (self.k + 1) // 2

    @property
    def opening(self) -> int:
        """Length of an opening: rows, groups per level, the total."""
        return 1 + self.k + self.triangle

    @property
    def answer(self) -> int:
        """Length of an answer: its matrices, and as many scalars."""
        return self.matrices * (self.triangle + 1)


@dataclass(frozen=True, eq=False)
class Opened:
    """The first sums: rows, groups per level (finest first), and W'W (m x m) of all columns over all rows."""

    n: int
    groups: tuple[int, ...]
    total: Floats


def shape_of(columns: Sequence[Column], model: Model) -> Shape:
    """The shape of the answers about a model over columns. Raises `ModelError` for effects other than intercepts."""
    if not model.has_only_intercepts:
        raise ModelError("Only random intercepts can be fitted in rounds.", "Leave out the random slopes.")
    return Shape(len(columns), len(model.effects))


def opening(moments: Moments, model: Model) -> Floats:
    """An organiser's first answer: rows, groups per level and the total, as `read_opening` reads it."""
    groups = [float(len(moments.code(effect.group)[1][0])) for effect in model.effects]
    return np.array([float(moments.nobs), *groups, *pack(moments.total)])


def answer(moments: Moments, model: Model, theta: Floats) -> Floats:
    """An organiser's answer at theta: its share of the swept matrices and scalars, as `read_answer` reads it.

    `model.effects` are intercepts, finest first, each within the next; the moments know only the sums of the groups.
    """
    layout = Layout(tuple((1,) for _ in model.effects))
    return flatten(intercepts(_nodes(moments, model)[0]).sweep(layout.directions(theta), layout.size))


def _nodes(moments: Moments, model: Model) -> tuple[Tree, tuple[Whole, ...]]:
    """The tree of an organiser's own groups, over the columns of the moments as they are, and which group a node is."""
    codes = [moments.code(effect.group)[0] for effect in model.effects]
    size = int(codes[0].max()) + 1
    above = [np.zeros(size, dtype=np.int64) for _ in codes]
    for to, code in zip(above, codes, strict=True):
        to[codes[0]] = code
        if not (to[codes[0]] == code).all():
            raise ModelError("The groups do not nest.", "Put the finest grouping first, each within the next.")
    at = np.lexsort(above)
    sums = add_up(moments.products[:, :1, :], codes[0], size)[at]
    starts: list[Whole] = []
    order: list[Whole] = [above[0][at]]
    for code in above[1:]:
        first = np.flatnonzero(np.r_[True, np.diff(code[at]) != 0])
        at = at[first]
        starts.append(first)
        order.append(code[at])
    starts.append(np.zeros(1, dtype=np.int64))
    m = len(moments.columns)
    products = np.concatenate([sums, sums[:, :, :1]], axis=2)  # the constant once more, as the random column
    total = np.pad(moments.total, (0, 1))
    columns = tuple(np.ones((1, 1)) for _ in codes)
    return Tree(products, np.array([m]), total, tuple(starts), columns, m), tuple(order)


def read_opening(numbers: Floats, shape: Shape) -> Opened:
    """Read the sum of openings."""
    groups = tuple(round(float(g)) for g in numbers[1 : 1 + shape.k])
    return Opened(round(float(numbers[0])), groups, unpack(numbers[1 + shape.k :], shape.m))


def read_answer(numbers: Floats, shape: Shape) -> Swept:
    """Read the sum of answers: the swept matrices over the moments' columns."""
    m, k, t = shape.m, shape.k, shape.triangle
    matrices = [unpack(numbers[i * t : (i + 1) * t], m) for i in range(shape.matrices)]
    scalars = numbers[shape.matrices * t :]
    Q2, d2 = np.zeros((k, k, m, m)), np.zeros((k, k))
    for i, (a, b) in enumerate(_pairs(k)):
        Q2[a, b] = Q2[b, a] = matrices[1 + k + i]
        d2[a, b] = d2[b, a] = scalars[1 + k + i]
    Q1 = np.array(matrices[1 : 1 + k]).reshape(k, m, m)
    return Swept(matrices[0], Q1, Q2, float(scalars[0]), np.array(scalars[1 : 1 + k]), d2)


def flatten(swept: Swept) -> Floats:
    """Write swept matrices and scalars as one row of numbers."""
    pairs = _pairs(len(swept.Q1))
    matrices = [swept.Q, *swept.Q1, *(swept.Q2[a, b] for a, b in pairs)]
    scalars = [swept.logdet, *swept.dlogdet, *(swept.d2logdet[a, b] for a, b in pairs)]
    return np.concatenate([*(pack(x) for x in matrices), np.array(scalars)])


def proceed(
    columns: Sequence[Column], model: Model, opened: Opened, rounds: Sequence[tuple[Floats, Swept]]
) -> Fit | Floats:
    """Take the search as far as the answers go: the fit, or the theta of the next round.

    `rounds` are the thetas asked so far with the sums of the answers. Raises `ModelError` in words for what cannot be
    fitted, as `multilevel.fit` does.
    """
    for effect, size in zip(model.effects, opened.groups, strict=True):
        check_groups(opened.n, effect, size)
    problem = _problem(columns, model, opened, rounds)
    try:
        return report(problem, search(problem, _approach(problem, rounds)))
    except Unanswered as asked:
        return asked.at


def _approach(problem: Problem, rounds: Sequence[tuple[Floats, Swept]]) -> Floats:
    """Come near the solution by Newton steps that change no standard deviation by more than a factor: rounds are dear.

    From afar the step of a small variance points beyond zero or far away, and halving it costs a round each time.
    """
    theta = _best(problem, rounds)
    for _ in range(_FIRST):
        here = criterion_at(problem, theta)
        if not np.isfinite(here.value):
            break
        there = np.clip(theta + newton_step(here), theta / _REACH, theta * _REACH)
        if np.abs(there / theta - 1).max() < _NEAR or theta.min() < _SMALL:
            break
        theta = there
    return theta


def _best(problem: Problem, rounds: Sequence[tuple[Floats, Swept]]) -> Floats:
    """Where to start: the best point answered so far, which may have been asked when others took part."""
    begin = problem.layout.start(START) * 0.5 ** np.arange(problem.layout.size)
    return min((theta for theta, _ in rounds), key=lambda at: criterion_at(problem, at).value, default=begin)


def _problem(
    columns: Sequence[Column], model: Model, opened: Opened, rounds: Sequence[tuple[Floats, Swept]]
) -> Problem:
    """The pooled problem, as far as it is known: its fixed part from the total, its structure from the rounds."""
    none = np.zeros(0, dtype=np.int64)
    total = opened.total[None, :1, :]
    whole = Moments((), (), tuple(columns), (0,), np.array([opened.n]), total, opened.total)
    fixed = lay_fixed(whole, model)
    groupings = tuple(
        Grouping(none, (), size, (e,), np.ones((1, 1)), (np.ones((1, 1)),)) for e, size in enumerate(opened.groups)
    )
    working = tuple((theta, _in_working(swept, fixed.columns)) for theta, swept in rounds)
    layout = Layout(tuple((1,) for _ in model.effects))
    return Problem(model, opened.n, 0.0, fixed, groupings, layout, Remembered(working), ())


def _in_working(swept: Swept, C: Floats) -> Swept:
    Q1 = np.einsum("im,aij,jn->amn", C, swept.Q1, C)
    Q2 = np.einsum("im,abij,jn->abmn", C, swept.Q2, C)
    return Swept(C.T @ swept.Q @ C, Q1, Q2, swept.logdet, swept.dlogdet, swept.d2logdet)


@dataclass(frozen=True, eq=False)
class Common:
    """What an organiser needs of the fit to know its own groups' effects; nothing in it is about one organiser.

    `residual` (m) writes outcome less expected in the moments' columns; `doubt` (m x m) is its uncertainty from beta's.
    """

    theta: Floats
    sigma2: float
    residual: Floats
    doubt: Floats


@dataclass(frozen=True, eq=False)
class OwnEffects:
    """Effects of an organiser's own groups of one level: keys, mode, and standard deviation of the prediction error."""

    name: str
    keys: tuple[NDArray[np.generic], ...]
    mode: Floats
    sd: Floats


def common(fit: Fit) -> Common:
    """What every organiser is told of a fit, so that it can place its own groups."""
    fixed = fit.problem.fixed
    working = np.linalg.solve(fixed.back, fit.beta - fixed.offset)
    half = fixed.columns[:, :-1] @ np.linalg.inv(fixed.back) * fixed.y_scale
    residual = fixed.columns @ np.append(-working, 1.0) * fixed.y_scale
    return Common(fit.theta, fit.sigma2, residual, half @ fit.vcov @ half.T)


def own_effects(moments: Moments, model: Model, fit: Common) -> tuple[OwnEffects, ...]:
    """An organiser's own groups' effects from a fit made with others: nothing of this need leave.

    The same as `multilevel_effects.effects` gives for these groups in the pooled fit.
    """
    layout = Layout(tuple((1,) for _ in model.effects))
    tree, order = _nodes(moments, model)
    levels = tree.effects(layout.directions(fit.theta), np.zeros(tree.width - 1))
    found = []
    for effect, level, at in zip(model.effects, levels, order, strict=True):
        drawn = np.column_stack([level.slope[:, 0, :], level.mode[:, 0]])
        variance = level.spread[:, 0, 0] * fit.sigma2 + np.einsum("ji,ik,jk->j", drawn, fit.doubt, drawn)
        keys = tuple(key[at] for key in moments.code(effect.group)[1])
        found.append(OwnEffects(effect.name, keys, drawn @ fit.residual, np.sqrt(variance)))
    return tuple(found)


def _pairs(k: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(k) for b in range(a, k)]
