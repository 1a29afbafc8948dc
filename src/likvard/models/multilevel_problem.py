"""A model laid over moments: groups coded, columns chosen and scaled, aliased columns dropped, the structure found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from likvard.models.crossed import Cross, cross
from likvard.models.multilevel_basis import express, express_all
from likvard.models.multilevel_covariance import Layout
from likvard.models.multilevel_products import tall
from likvard.models.nested import Tree
from likvard.models.nested_intercepts import Intercepts, intercepts
from likvard.models.remembered import Remembered
from likvard.moments.columns import ONE, Column
from likvard.moments.moments import Moments, add_up
from likvard.terms import ModelError, UsageError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Structure = Tree | Intercepts | Cross | Remembered

# A column is aliased when what earlier columns leave of its square is below this share. lme4 uses (1e-7)^2 on the
# rows themselves; cross-products in double precision cannot tell less than about 1e-12.
_ALIASED = 1e-11


@dataclass(frozen=True)
class Effect:
    """Random effects of the columns `columns` (as named in the moments' rows) over the groups of `group`.

    `name` is lme4's name of the term's group. The columns' effects are correlated; independent ones are two Effects.
    """

    name: str
    group: tuple[str, ...]
    columns: tuple[Column, ...] = (ONE,)


@dataclass(frozen=True)
class Model:
    """A linear mixed model: outcome ~ fixed + effects, by REML or ML."""

    outcome: Column
    fixed: tuple[Column, ...]
    effects: tuple[Effect, ...]
    reml: bool = True

    @property
    def has_only_intercepts(self) -> bool:
        """Whether every random effect is an intercept."""
        return all(column.is_constant for effect in self.effects for column in effect.columns)


@dataclass(frozen=True, eq=False)
class Fixed:
    """The fixed part in working units: [X y] = W `columns`, with what brings the estimates back.

    beta = `back` b + `offset`, where b are the working estimates; the criterion of the outcome in its own units is
    the working one plus `df log_y2` (and `log_x2` under REML).
    """

    names: tuple[str, ...]
    aliased: tuple[str, ...]
    columns: Floats
    back: Floats
    offset: Floats
    y_scale: float
    log_x2: float


@dataclass(frozen=True, eq=False)
class Grouping:
    """Effects that share a partition into groups: the group of each of the moments' cells, and their random columns.

    `rows` (q x r) writes the working random columns in the moments' rows; per effect, `back` brings its working
    effects to their own units.
    """

    code: Whole
    labels: tuple[tuple[NDArray[np.generic], ...], ...]
    size: int
    effects: tuple[int, ...]
    rows: Floats
    back: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything a fit needs: the model, its working fixed part, its groupings finest first, and their structure."""

    model: Model
    nobs: int
    log_weight: float
    fixed: Fixed
    groupings: tuple[Grouping, ...]
    layout: Layout
    structure: Structure
    order: tuple[Whole, ...]


def lay(moments: Moments, model: Model) -> Problem:
    """Lay a model over moments. Raises `ModelError` in words for what cannot be fitted."""
    _check(moments, model)
    fixed = lay_fixed(moments, model)
    groupings = _groupings(moments, model)
    layout = Layout(tuple(tuple(len(model.effects[e].columns) for e in g.effects) for g in groupings))
    structure, order = (_tree if _is_chain(groupings) else _cross)(moments, fixed, groupings)
    return Problem(model, moments.nobs, moments.log_weight, fixed, groupings, layout, structure, order)


def _check(moments: Moments, model: Model) -> None:
    if moments.nobs == 0:
        raise ModelError("No row has a value in every column of the model.", "Check the columns for missing values.")
    if not model.effects:
        raise ModelError("The model has no random effect.", "Add a term such as (1 | school).")


def _find(moments: Moments, column: Column) -> int:
    if (place := moments.places.get(column.content)) is not None:
        return place
    raise UsageError(f"The moments have no column {column.name!r}.", f"They have: {', '.join(moments.names)}.")


def lay_fixed(moments: Moments, model: Model) -> Fixed:
    """Lay out the fixed part over the total of the moments: scaled columns, without those that follow from others."""
    y = _find(moments, model.outcome)
    at = [_find(moments, c) for c in model.fixed]
    own = [moments.columns[i] for i in at]
    *T, one = express_all((*model.fixed, ONE), own)
    y_shift = float(moments.shift[y])
    m = len(moments.columns)
    if all(t is not None for t in T) and (one is not None or y_shift == 0):
        X = np.zeros((m, len(at)))
        X[at, range(len(at))] = 1.0
        to_own = np.array(T, dtype=float).reshape(len(at), len(at)).T
        constant = np.zeros(len(at)) if one is None else one * y_shift
        outcome = np.eye(m)[y]
    else:
        X = np.array([_in_moments(moments, c) for c in model.fixed]).reshape(len(at), m).T
        to_own, constant = np.eye(len(at)), np.zeros(len(at))
        outcome = _in_moments(moments, model.outcome)
    return _scale(moments, model, X, outcome, to_own, constant)


def _in_moments(moments: Moments, column: Column) -> Floats:
    found = express(column, moments.columns)
    if found is None:
        raise ModelError(f"The moments do not hold {column.name!r}.", "Gather the moments for this model.")
    return found


def _scale(moments: Moments, model: Model, X: Floats, y: Floats, to_own: Floats, constant: Floats) -> Fixed:
    """Scale the columns to mean square one, leave out the aliased ones, and keep the way back."""
    names = tuple(c.name for c in model.fixed)
    squares = np.einsum("ij,ik,kj->j", X, moments.total, X) / moments.nobs
    scale = np.sqrt(np.where(squares > 0, squares, 1.0))
    y_square = float(y @ moments.total @ y) / moments.nobs
    if not y_square > 0:
        raise ModelError(
            f"The outcome {model.outcome.name!r} has the same value in every row.", "Choose an outcome that varies."
        )
    gram = (X / scale).T @ moments.total @ (X / scale) / moments.nobs
    kept, aliased = independent(gram)
    through = np.linalg.solve(gram[np.ix_(kept, kept)], gram[np.ix_(kept, aliased)]) * (
        scale[aliased][None, :] / scale[kept][:, None]
    )
    narrow = to_own[np.ix_(kept, kept)] + through @ to_own[np.ix_(aliased, kept)]
    back = np.linalg.inv(narrow)
    offset = back @ (constant[kept] + through @ constant[aliased])
    y_scale = float(np.sqrt(y_square))
    return Fixed(
        names=tuple(names[i] for i in kept),
        aliased=tuple(names[i] for i in aliased),
        columns=np.column_stack([X[:, kept] / scale[kept], y / y_scale]),
        back=back * (y_scale / scale[kept])[None, :],
        offset=offset,
        y_scale=y_scale,
        log_x2=2 * float(np.log(scale[kept]).sum()),
    )


def independent(gram: Floats) -> tuple[list[int], list[int]]:
    """Split columns into those that add something to the ones before them and those that do not."""
    scale = np.sqrt(np.maximum(np.diag(gram), 1e-300))
    with suppress(np.linalg.LinAlgError):
        if not len(gram) or (np.diag(np.linalg.cholesky(gram / np.outer(scale, scale))) ** 2 > 10 * _ALIASED).all():
            return list(range(len(gram))), []
    kept: list[int] = []
    aliased: list[int] = []
    for j in range(len(gram)):
        left = gram[j, j]
        if kept and left > 0:
            left = left - gram[j, kept] @ np.linalg.solve(gram[np.ix_(kept, kept)], gram[kept, j])
        (kept if left > _ALIASED * max(gram[j, j], 1e-300) else aliased).append(j)
    return kept, aliased


def _groupings(moments: Moments, model: Model) -> tuple[Grouping, ...]:
    """Code every effect's groups, put effects of the same partition together, and order the partitions finest first."""
    coded = [moments.code(effect.group) for effect in model.effects]
    for effect, (code, _) in zip(model.effects, coded, strict=True):
        check_groups(moments.nobs, effect, int(code.max()) + 1)
    together: list[list[int]] = []
    for e, (code, _) in enumerate(coded):
        for members in together:
            if _same(code, coded[members[0]][0]):
                members.append(e)
                break
        else:
            together.append([e])
    groupings = [_grouping(moments, model, members, coded) for members in together]
    return tuple(sorted(groupings, key=lambda g: -g.size))


def check_groups(nobs: int, effect: Effect, size: int) -> None:
    """Raise `ModelError` unless there are groups enough, and fewer effects than rows."""
    if size < 2:
        raise ModelError(
            f"{effect.name!r} has only one group: no variance between groups can be estimated.",
            f"Leave out the term of {effect.name!r}.",
        )
    if size * len(effect.columns) >= nobs:
        raise ModelError(
            f"{effect.name!r} has {size} groups with {len(effect.columns)} effects each, and there are only "
            f"{nobs} rows: they cannot be told from the residuals.",
            "Use a coarser grouping, or leave out the slope.",
        )


def _same(a: Whole, b: Whole) -> bool:
    """Whether two codings are the same partition."""
    return _nests(a, b) and _nests(b, a)


def _grouping(
    moments: Moments,
    model: Model,
    members: Sequence[int],
    coded: Sequence[tuple[Whole, tuple[NDArray[np.generic], ...]]],
) -> Grouping:
    code, first_labels = coded[members[0]]
    size = len(first_labels[0])
    labels = [first_labels]
    for e in members[1:]:
        at = np.zeros(size, dtype=np.int64)
        at[code] = coded[e][0]
        labels.append(tuple(key[at] for key in coded[e][1]))
    parts = [_random(moments, model.effects[e]) for e in members]
    return Grouping(
        code, tuple(labels), size, tuple(members), np.vstack([rows for rows, _ in parts]), tuple(b for _, b in parts)
    )


def _random(moments: Moments, effect: Effect) -> tuple[Floats, Floats]:
    """The working random columns in the moments' rows (q x r), and the matrix back to the effects' own units.

    Correlated effects of columns that are closed under the shift may be fitted shifted, which keeps their digits;
    others are written out in their own units.
    """
    own = [moments.columns[_find(moments, c)] for c in effect.columns]
    held = [moments.columns[i] for i in moments.rows]
    T = [express(c, own) for c in effect.columns]
    if all(t is not None for t in T):
        rows = np.array([[float(c is h) for h in held] for c in own])
        to_own = np.array(T, dtype=float).T
    else:
        written = [express(c, held) for c in effect.columns]
        rows = np.array([np.zeros(len(held)) if w is None else w for w in written], dtype=float)
        to_own = np.eye(len(own))
    if not rows.any(axis=1).all():
        raise ModelError(f"The moments lack rows for {effect.name!r}.", "Gather the moments for this model.")
    among = list(moments.rows)
    square = np.einsum("qi,ij,qj->q", rows, moments.total[np.ix_(among, among)], rows) / moments.nobs
    if not np.all(square > 0):
        raise ModelError(
            f"A random column of {effect.name!r} is 0 in every row.", f"Leave it out of the term of {effect.name!r}."
        )
    scale = np.sqrt(square)
    return rows / scale[:, None], np.linalg.inv(to_own) / scale[None, :]


def _is_chain(groupings: Sequence[Grouping]) -> bool:
    """Whether each grouping lies within the next."""
    return all(_nests(fine.code, coarse.code) for fine, coarse in pairwise(groupings))


def _nests(fine: Whole, coarse: Whole) -> bool:
    above = np.empty(int(fine.max()) + 1, dtype=np.int64)
    above[fine] = coarse
    return bool((above[fine] == coarse).all())


def _tree(moments: Moments, fixed: Fixed, groupings: Sequence[Grouping]) -> tuple[Structure, tuple[Whole, ...]]:
    """Add the cells up to the finest groups and lay them in tree order; `order` says which group each node is."""
    finest = groupings[0]
    products = add_up(moments.products, finest.code, finest.size)
    codes = [np.zeros(finest.size, dtype=np.int64) for _ in groupings]
    for code, grouping in zip(codes, groupings, strict=True):
        code[finest.code] = grouping.code
    sorting = np.lexsort(codes)
    starts: list[Whole] = []
    order: list[Whole] = []
    nodes = np.arange(finest.size)[sorting]
    for code in codes[1:]:
        order.append(codes[len(order)][nodes])
        above = code[nodes]
        first = np.flatnonzero(np.r_[True, above[1:] != above[:-1]])
        starts.append(first)
        nodes = nodes[first]
    order.append(codes[-1][nodes])
    starts.append(np.zeros(1, dtype=np.int64))
    working, rows = _working(moments, fixed)
    tree = Tree(
        products=tall(products.reshape(-1, products.shape[2]), working).reshape(*products.shape[:2], -1)[sorting],
        rows=rows,
        total=working.T @ moments.total @ working,
        starts=tuple(starts),
        columns=tuple(g.rows for g in groupings),
        width=fixed.columns.shape[1],
    )
    alone = products.shape[1] == 1 and all(len(g.rows) == 1 for g in groupings)
    return intercepts(tree) if alone else tree, tuple(order)


def _working(moments: Moments, fixed: Fixed) -> tuple[Floats, Whole]:
    """The working columns [X y rows] in the moments' columns, and where the rows are among them."""
    rows = np.eye(len(moments.columns))[:, list(moments.rows)]
    p1 = fixed.columns.shape[1]
    return np.column_stack([fixed.columns, rows]), np.arange(p1, p1 + len(moments.rows))


def _cross(moments: Moments, fixed: Fixed, groupings: Sequence[Grouping]) -> tuple[Structure, tuple[Whole, ...]]:
    working, rows = _working(moments, fixed)
    structure = cross(
        products=tall(moments.products.reshape(-1, len(working)), working).reshape(*moments.products.shape[:2], -1),
        rows=rows,
        total=working.T @ moments.total @ working,
        codes=tuple(g.code for g in groupings),
        columns=tuple(g.rows for g in groupings),
        width=fixed.columns.shape[1],
    )
    return structure, tuple(np.arange(g.size) for g in groupings)
