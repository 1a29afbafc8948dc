"""From sums to the next point or the fit, for each kind of study, and the file that tells of the fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation import sense
from likvard.flow.federation.check import Block
from likvard.flow.federation.envelope import Kind, seal
from likvard.flow.federation.keys import Keys
from likvard.flow.federation.rounds import Round
from likvard.flow.federation.study import SHARES, Study, Way
from likvard.flow.pupils import SCALE
from likvard.models import federated, federated_logistic, multilevel
from likvard.models.logistic import Logistic
from likvard.models.multilevel import Fit
from likvard.models.packed import unpack
from likvard.moments.moments import Moments
from likvard.terms import Words

Floats = NDArray[np.float64]
ByBlock = Mapping[int, Sequence[tuple[Floats, Floats]]]


@dataclass(frozen=True, eq=False)
class Found:
    """Where the search stands: the next point, or the fit; blocks that do not look like the others; how many reached."""

    at: Floats | None = None
    fit: Fit | Logistic | None = None
    stands_out: tuple[sense.StandsOut, ...] = ()
    reached: float = 0.0


def faults(study: Study, block: Block, first: Floats, answer: Floats | None, at: Floats) -> tuple[Words, ...]:
    """What is impossible in a block's sums: `first` of round 0, `answer` of a later one."""
    if study.is_goal:
        k = len(study.design)
        counted = federated_logistic.read_opening(first, k)
        if answer is None:
            return sense.counted_faults(study, counted, block)
        return sense.score_faults(counted, federated_logistic.read_answer(answer, k))
    if study.way is Way.ONCE:
        m = _pools(study, first)
        return sense.opening_faults(study, federated.Opened(m.nobs, (len(m.n),), m.total), block)
    opened = federated.read_opening(first, study.shape)
    if answer is None:
        return sense.opening_faults(study, opened, block)
    return sense.answer_faults(opened, at, federated.read_answer(answer, study.shape))


def proceed(opened: Round, sums: ByBlock) -> Found:
    """The next point of the search, or the fit, from the blocks' sums of all rounds so far."""
    study = opened.study
    if study.way is Way.ONCE:
        return Found(fit=_fit_pools(study, sums))
    rounds = len(next(iter(sums.values())))
    added = [
        (next(iter(sums.values()))[r][0], np.sum([of[r][1] for of in sums.values()], axis=0)) for r in range(rounds)
    ]
    if study.is_goal:
        return _proceed_goal(study, added)
    shape, columns = study.shape, (*study.design, study.target)
    first = federated.read_opening(added[0][1], shape)
    found = federated.proceed(
        columns, study.model, first, [(at, federated.read_answer(v, shape)) for at, v in added[1:]]
    )
    if not isinstance(found, Fit):
        return Found(at=found)
    C = found.problem.fixed.columns
    parts = [(i, C.T @ federated.read_answer(of[-1][1], shape).Q @ C) for i, of in sums.items()]
    scale = found.problem.fixed.y_scale**2
    return Found(fit=found, stands_out=sense.standing_out(parts, found.sigma2 / scale) if len(parts) > 1 else ())


def _proceed_goal(study: Study, added: Sequence[tuple[Floats, Floats]]) -> Found:
    names = [c.name for c in study.design]
    counted = federated_logistic.read_opening(added[0][1], len(names))
    rounds = [(at, federated_logistic.read_answer(v, len(names))) for at, v in added[1:]]
    found = federated_logistic.proceed(names, counted, rounds)
    return Found(fit=found, reached=float(counted.reached[0])) if isinstance(found, Logistic) else Found(at=found)


def _pools(study: Study, numbers: Floats) -> Moments:
    m = len(study.design) + 1
    size = (len(numbers) - m * (m + 1) // 2) // m
    products = numbers[: size * m].reshape(size, 1, m)
    n = np.round(products[:, 0, 0]).astype(np.int64)
    keys = (np.arange(size),)
    columns = (*study.design, study.target)
    return Moments(("unit",), keys, columns, (0,), n, products, unpack(numbers[size * m :], m))


def _fit_pools(study: Study, sums: ByBlock) -> Fit:
    """Fit the pools of all organisers as if each were a unit; the organisers are groups above if the study says so."""
    each = [_pools(study, of[0][1]) for of in sums.values()]
    organiser = np.repeat(np.arange(len(each)), [len(m.n) for m in each])
    whole = Moments(
        groups=("organiser", "unit"),
        keys=(organiser, np.arange(len(organiser))),
        columns=each[0].columns,
        rows=(0,),
        n=np.concatenate([m.n for m in each]),
        products=np.concatenate([m.products for m in each]),
        total=np.sum([m.total for m in each], axis=0),
    )
    return multilevel.fit(whole, study.model)


def fit_file(
    found: Found, opened: Round, used: Sequence[int], left_out: Mapping[int, Words], rounds: int, keys: Keys
) -> bytes:
    """The fit as a signed file: estimates, what they rest on, who was left out, and what organisers need for their own units."""
    study, fit = opened.study, found.fit
    body: dict[str, Any] = {
        "id": opened.id,
        "name": study.name,
        "method": str(study.method),
        "way": str(study.way),
        "exact": study.way is not Way.ONCE,
        "rounds": rounds,
        "organisers": sum(len(opened.blocks[i].cards) for i in used),
        "left_out": [
            {"organisers": [c.organiser for c in opened.blocks[i].cards], "why": {"sv": w.sv, "en": w.en}}
            for i, w in sorted(left_out.items())
        ],
        "stands_out": [
            {"organisers": [c.organiser for c in opened.blocks[s.block].cards], "chance": s.chance}
            for s in found.stands_out
        ],
        **(_told(fit, found.reached) if fit is not None else {}),
    }
    if isinstance(fit, Fit) and study.way is not Way.ONCE:
        told = federated.common(fit)
        body["common"] = {
            "theta": told.theta.tolist(),
            "sigma2": told.sigma2,
            "residual": told.residual.tolist(),
            "doubt": told.doubt.tolist(),
        }
    return seal(Kind.FIT, body, keys.signing)


def _told(fit: Fit | Logistic, reached: float) -> dict[str, Any]:
    """The estimates, and what they rest on; variances for a multilevel model, how many reached the goal for a logistic one.

    Results are in points and shares from 0 to 1, although sums are of whole half points and thousandths. The criterion is
    that of the sums.
    """
    points = 1.0 if isinstance(fit, Logistic) else SCALE
    times = np.array([1000.0 if name in SHARES else 1.0 for name in fit.names]) / points
    both = {
        "names": list(fit.names),
        "beta": (fit.beta * times).tolist(),
        "vcov": (fit.vcov * np.outer(times, times)).tolist(),
        "se": (fit.se * times).tolist(),
        "aliased": list(fit.aliased),
        "gradient": fit.gradient,
    }
    if isinstance(fit, Logistic):
        return both | {"loglik": fit.loglik, "n": int(fit.pupils), "reached": reached}
    parts = [
        {"name": c.name, "variance": float(c.covariance[0, 0]) / SCALE**2, "groups": c.groups} for c in fit.components
    ]
    return both | {"sigma2": fit.sigma2 / SCALE**2, "components": parts, "criterion": fit.criterion, "n": fit.nobs}
