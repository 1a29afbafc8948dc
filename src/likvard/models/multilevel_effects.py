"""Predicted effects of every group, with how sure they are: conditional modes, intervals, and chances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from likvard.models.multilevel import Fit
from likvard.models.multilevel_search import solve_at

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupEffects:
    """The effects of one term's J groups, in the outcome's units.

    keys         one array of length J per name in `group`
    mode         J x q: conditional modes (BLUPs)
    covariance   J x q x q: conditional covariance given beta, as lme4's condVar
    comparison   J x q x q: covariance of the prediction error, which adds what beta's uncertainty does
                 (Goldstein 2011, Multilevel Statistical Models, appendix 2.2: comparative standard errors)
    """

    name: str
    group: tuple[str, ...]
    keys: tuple[NDArray[np.generic], ...]
    columns: tuple[str, ...]
    mode: Floats
    covariance: Floats
    comparison: Floats

    @property
    def labels(self) -> tuple[str, ...]:
        """lme4's names of the groups: the keys joined by colons."""
        return tuple(":".join(parts) for parts in zip(*(map(_show, key) for key in self.keys), strict=True))

    @property
    def sd(self) -> Floats:
        """Conditional standard deviations, J x q, as lme4 gives them."""
        return _root(self.covariance)

    @property
    def comparison_sd(self) -> Floats:
        """Standard deviations of the prediction errors, J x q."""
        return _root(self.comparison)

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper ends of the effects' intervals (J x q), by the comparison standard deviation."""
        reach = float(ndtri(0.5 + level / 2)) * self.comparison_sd
        return self.mode - reach, self.mode + reach

    def chance_below(self, line: float) -> Floats:
        """The probability, given the data and the model, that each effect lies below a stated line (J x q)."""
        sd = self.comparison_sd
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(sd > 0, (line - self.mode) / sd, np.where(self.mode < line, np.inf, -np.inf))
        found: Floats = ndtr(z)
        return found


def effects(fit: Fit) -> tuple[GroupEffects, ...]:
    """Predict the effects of every group, in the order of the fit's components."""
    problem = fit.problem
    directions = problem.layout.directions(fit.theta)
    solved = solve_at(problem, fit.theta, problem.model.reml, derivatives=False)
    scale2 = fit.sigma2
    by_effect: dict[int, GroupEffects] = {}
    levels = problem.structure.effects(directions, solved.beta)
    for grouping, order, level in zip(problem.groupings, problem.order, levels, strict=True):
        at = np.argsort(order)
        error = level.spread + level.slope @ solved.inverse @ level.slope.transpose(0, 2, 1)
        begin = 0
        for e, back, keys in zip(grouping.effects, grouping.back, grouping.labels, strict=True):
            own = slice(begin, begin + len(back))
            begin += len(back)
            effect = problem.model.effects[e]
            by_effect[e] = GroupEffects(
                name=effect.name,
                group=effect.group,
                keys=keys,
                columns=tuple(c.name for c in effect.columns),
                mode=level.mode[at][:, own] @ back.T * problem.fixed.y_scale,
                covariance=back @ level.spread[at][:, own, own] @ back.T * scale2,
                comparison=back @ error[at][:, own, own] @ back.T * scale2,
            )
    named = {found.name: found for found in by_effect.values()}
    return tuple(named[c.name] for c in fit.components)


def _root(covariance: Floats) -> Floats:
    found: Floats = np.sqrt(np.maximum(np.einsum("jqq->jq", covariance), 0.0))
    return found


def _show(key: object) -> str:
    """A key as R prints a factor's level."""
    if isinstance(key, float | np.floating):
        return f"{float(key):.15g}"
    return str(key)
