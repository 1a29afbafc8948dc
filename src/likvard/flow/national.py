"""The national report: how well organisers work against segregation, from marks by the rubric to shares of the nation.

`estimate` reads as the flow: who was marked, the model of levels and markers, classes with probability, shares corrected for
selection by risk, and what is held against them. The arithmetic is in `models`; docs/national.md says how it was tried on a
planted truth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import nan
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from likvard.flow.national_rows import (
    AUDIT,
    SETTLED,
    Agreement,
    Caution,
    Classed,
    Estimate,
    Fit,
    Found,
    Frame,
    Later,
    Level,
    Mark,
    National,
    Pair,
    Prediction,
    Scheme,
    Share,
    Statement,
    Together,
)
from likvard.flow.national_sample import Sample, checked, sample_of
from likvard.flow.national_told import STATEMENTS, cautions, scheme_name, statement
from likvard.models import agreement as markers
from likvard.models import cooccurrence, graded, later_results
from likvard.models.classes import likeliest
from likvard.models.design_weights import (
    Design,
    Estimated,
    calibrated,
    design,
    interval_of_share,
    mean,
    trimmed,
)
from likvard.models.graded_shares import Classes, Shared, Values, moved, shares, values, without_design
from likvard.rulebook.kinds.rubric import Rubric
from likvard.terms import ModelError

__all__ = [
    "AUDIT",
    "SETTLED",
    "Agreement",
    "Caution",
    "Classed",
    "Estimate",
    "Fit",
    "Found",
    "Frame",
    "Later",
    "Level",
    "Mark",
    "National",
    "Pair",
    "Prediction",
    "Scheme",
    "Share",
    "Statement",
    "Together",
    "estimate",
    "follow_up",
]

Floats = NDArray[np.float64]

LATENT = (2, 3, 4)
"""Numbers of latent classes that are tried, as many as there are organisers for."""
LEAST_LATENT = 20
LEAST_OF_A_KIND = 10
"""Fewest marked organisers of a kind for shares of its own."""


def estimate(
    marks: Sequence[Mark],
    frame: Sequence[Frame],
    rubric: Rubric,
    *,
    seed: int,
    later: Iterable[Later] = (),
    findings: Iterable[Found] = (),
) -> National:
    """Everything that the report tells of one marking round, as values. The seed is that of the intervals of alpha.

    Raises `InputError` where marks, frame and rubric contradict one another, `ModelError` where fewer than ten organisers
    are marked on enough criteria.
    """
    round_ = checked(marks, frame, rubric)
    sample = sample_of(marks, frame, rubric)
    drawn = _design(sample.rows, frame)
    rule = class_table(rubric)
    found = graded.fit(sample.readings, drawn.weights)
    normal = graded.fit(sample.readings, drawn.weights, form=graded.NORMAL, start=found.untilted)
    domains, kinds = _domains(sample)
    each = values(found, rule)
    national = shares(found, drawn, rule, domains, each)
    plain = _by_other_weights(found, without_design(drawn), rule, each)
    agreed = _agreement(marks, rubric, seed)
    schemes = (
        *_schemes(sample, frame, drawn, (found, rule, each), national, plain, rubric),
        *_other_models(sample, drawn, (found, rule, each), normal, rubric),
    )
    order = rubric.order
    error = found.parameters.error
    return National(
        round=round_,
        rubric=rubric.version,
        classes=order,
        organisers=_classed(sample, national.probability, rubric),
        shares=_shares(national, plain, drawn, sample, rubric),
        levels=_levels(national, drawn, sample, rubric),
        agreement=agreed[1:],
        overall=agreed[0],
        marker_error=MappingProxyType(dict(zip(rubric.criteria, error.tolist(), strict=True))),
        sensitivity=schemes,
        statements=tuple(
            statement(one, rubric, _combined(national, drawn, rubric, one.classes(order))) for one in STATEMENTS
        ),
        weak_together=_weak_together(sample, rubric),
        findings_together=_findings_together(tuple(findings)),
        prediction=_prediction(sample.rows, drawn, national.probability, tuple(later), order),
        population=len(frame),
        marked=len(sample.rows),
        doubled=_doubled(marks),
        warnings=cautions(marks, frame, {row.organiser for row in sample.rows}, rubric, agreed[0].alpha.value),
        kinds=_by_kind(national, kinds, drawn, order),
        fit=Fit(found.criterion, normal.criterion),
    )


def follow_up(found: National, frame: Sequence[Frame], later: Sequence[Later]) -> Prediction | None:
    """Whether the classes of a round that was worked out before foretell results that have come since; None without enough of them."""
    classed = {one.organiser: one for one in found.organisers}
    rows = tuple(sorted((row for row in frame if row.organiser in classed), key=lambda row: row.organiser))
    if not rows:
        return None
    probability = np.array([[classed[row.organiser].probability[key] for key in found.classes] for row in rows])
    return _prediction(rows, _design(rows, frame), probability, later, found.classes)


def class_table(rubric: Rubric) -> Classes:
    """The rubric's arithmetic as a table for the model: class by number of criteria, on the lowest and on the highest."""
    k = len(rubric.criteria)
    place = {key: i for i, key in enumerate(rubric.order)}
    table = np.zeros((k + 1, k + 1, k + 1), dtype=np.int64)
    for a in range(1, k + 1):
        for b in range(a + 1):
            for t in range(a + 1 - b):
                table[a, b, t] = place[str(rubric.of_shares(b / a, t / a))]
    return Classes(table, len(place))


def _design(rows: Sequence[Frame], frame: Sequence[Frame]) -> Design:
    """Weights 1 / probability, scaled within each stratum to the number of organisers it has.

    The scaling takes up those who were selected and not marked, as if they were like the others of their stratum.
    """
    size: dict[str, int] = defaultdict(int)
    for row in frame:
        size[row.stratum] += 1
    inverse: dict[str, float] = defaultdict(float)
    for row in rows:
        inverse[row.stratum] += 1 / row.probability
    return design(
        [size[row.stratum] / row.probability / inverse[row.stratum] for row in rows],
        stratum=[row.stratum for row in rows],
        population=[size[row.stratum] for row in rows],
    )


def _domains(sample: Sample) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """All, and each kind of organiser of which enough are marked: organisers by domains."""
    kinds = sorted({row.kind for row in sample.rows})
    inside = {kind: np.array([row.kind == kind for row in sample.rows]) for kind in kinds}
    told = tuple(kind for kind in kinds if LEAST_OF_A_KIND <= inside[kind].sum() < len(sample.rows))
    return np.stack([np.ones(len(sample.rows), dtype=bool), *(inside[kind] for kind in told)], axis=1), told


def _by_other_weights(found: graded.Graded, weighted: Design, rule: Classes, each: Values) -> Shared:
    """Shares by class with the model fitted again to other weights."""
    again = graded.refit(found, weighted.weights)
    everybody = np.ones((len(weighted.weights), 1), dtype=bool)
    return shares(again, weighted, rule, everybody, moved(each, again, rule))


def _of(value: float, variance: float, drawn: Design) -> Estimate:
    se = float(np.sqrt(max(variance, 0.0)))
    return Estimate(float(value), se, *interval_of_share(float(value), se, drawn.degrees, units=drawn.effective))


def _of_shares(found: Estimated, start: int, keys: Sequence[str], drawn: Design) -> Mapping[str, Estimate]:
    """Estimates of consecutive shares by key."""
    variance = np.diag(found.covariance)
    return MappingProxyType(
        {key: _of(found.value[start + i], variance[start + i], drawn) for i, key in enumerate(keys)}
    )


def _classed(sample: Sample, probability: Floats, rubric: Rubric) -> tuple[Classed, ...]:
    order = rubric.order
    return tuple(
        Classed(
            row.organiser,
            MappingProxyType(dict(zip(order, p.tolist(), strict=True))),
            order[int(np.argmax(p))],
            rubric.of_levels(list(levels.values())),
            int(sample.readings.counts[i].sum()),
        )
        for i, (row, p, levels) in enumerate(zip(sample.rows, probability, sample.levels, strict=True))
    )


def _shares(national: Shared, plain: Shared, drawn: Design, sample: Sample, rubric: Rubric) -> tuple[Share, ...]:
    weighted = _of_shares(national.classes, 0, rubric.order, drawn)
    unweighted = _of_shares(plain.classes, 0, rubric.order, without_design(drawn))
    likeliest = national.probability.argmax(axis=1)
    return tuple(
        Share(key, weighted[key], unweighted[key], int((likeliest == i).sum())) for i, key in enumerate(rubric.order)
    )


def _levels(national: Shared, drawn: Design, sample: Sample, rubric: Rubric) -> tuple[Level, ...]:
    marked = sample.readings.counts.any(axis=2).sum(axis=0).tolist()
    count = len(rubric.levels)
    keys = [str(level) for level in range(count)]
    return tuple(
        Level(criterion, level, found[str(level)], marked[i])
        for i, criterion in enumerate(rubric.criteria)
        for found in (_of_shares(national.levels, i * count, keys, drawn),)
        for level in range(count)
    )


def _by_kind(
    national: Shared, kinds: Sequence[str], drawn: Design, order: Sequence[str]
) -> Mapping[str, Mapping[str, Estimate]]:
    return MappingProxyType(
        {kind: _of_shares(national.classes, (i + 1) * len(order), order, drawn) for i, kind in enumerate(kinds)}
    )


def _combined(national: Shared, drawn: Design, rubric: Rubric, classes: Sequence[str]) -> Estimate:
    """The share of several classes together."""
    pick = np.array([1.0 if key in classes else 0.0 for key in rubric.order])
    count = len(pick)
    value = float(national.classes.value[:count] @ pick)
    return _of(value, float(pick @ national.classes.covariance[:count, :count] @ pick), drawn)


def _schemes(
    sample: Sample,
    frame: Sequence[Frame],
    drawn: Design,
    model: tuple[graded.Graded, Classes, Values],
    national: Shared,
    plain: Shared,
    rubric: Rubric,
) -> tuple[Scheme, ...]:
    """The same shares by other weights, with the model fitted again to each; and from the marks without any model."""
    found, rule, each = model

    def scheme(key: str, weighted: Design, made: Estimated) -> Scheme:
        return Scheme(key, scheme_name(key), _of_shares(made, 0, rubric.order, weighted), weighted.effective)

    calibrated_ = _calibrated(sample, frame, drawn)
    cut = replace(drawn, weights=trimmed(drawn.weights))
    others = {"trimmed": cut} if calibrated_ is None else {"calibrated": calibrated_, "trimmed": cut}
    by_pupils = replace(drawn, weights=drawn.weights * np.array([max(row.pupils, 1) for row in sample.rows]))
    everybody = np.ones((len(sample.rows), 1), dtype=bool)
    return (
        scheme("design", drawn, national.classes),
        scheme("unweighted", without_design(drawn), plain.classes),
        *(scheme(key, one, _by_other_weights(found, one, rule, each).classes) for key, one in others.items()),
        scheme("pupils", by_pupils, shares(found, by_pupils, rule, everybody, each).classes),
        scheme("marks", drawn, _from_marks(sample, drawn, rubric)),
    )


def _other_models(
    sample: Sample,
    drawn: Design,
    model: tuple[graded.Graded, Classes, Values],
    normal: graded.Graded,
    rubric: Rubric,
) -> Iterator[Scheme]:
    """The same shares if quality is taken to be normal, and by latent classes, which know of no scale at all.

    The latent classes are a second opinion on the numbers: they have no interval of their own, as at the edge of what so few
    marks can tell apart there is none to trust.
    """
    found, rule, each = model
    everybody = np.ones((len(sample.rows), 1), dtype=bool)
    bound = Values(each.each, each.slopes[: len(normal.vector)])
    shared = shares(normal, drawn, rule, everybody, moved(bound, normal, rule))
    of_normal = _of_shares(shared.classes, 0, rubric.order, drawn)
    yield Scheme("normal", scheme_name("normal"), of_normal, drawn.effective)
    if len(sample.rows) < LEAST_LATENT:
        return
    said = graded.confusion(found.parameters, len(rubric.levels))
    kinds = likeliest(sample.readings, LATENT, said=said, weights=drawn.weights)
    chance = graded.classes(kinds.posterior, sample.readings.applies, rule.table, rule.count)
    value = drawn.weights @ chance / drawn.weights.sum()
    alone = {key: Estimate(float(v), nan, nan, nan) for key, v in zip(rubric.order, value, strict=True)}
    yield Scheme("latent", scheme_name("latent"), MappingProxyType(alone), drawn.effective)


def _from_marks(sample: Sample, drawn: Design, rubric: Rubric) -> Estimated:
    """Shares of the classes that the marks point to by the rubric's arithmetic, with no model at all."""
    pointed = [rubric.of_levels(list(levels.values())) for levels in sample.levels]
    return mean(drawn, np.array([[float(one == key) for key in rubric.order] for one in pointed]))


def _calibrated(sample: Sample, frame: Sequence[Frame], drawn: Design) -> Design | None:
    """Weights that also give the nation's organisers of each kind and its pupils; None where no weights do."""
    kinds = sorted({row.kind for row in frame} & {row.kind for row in sample.rows})
    scale = max(float(np.mean([row.pupils for row in frame])), 1.0)

    def columns(rows: Sequence[Frame]) -> Floats:
        return np.array([[*(float(row.kind == kind) for kind in kinds), row.pupils / scale] for row in rows])

    try:
        return calibrated(drawn, columns(sample.rows), columns(frame).sum(axis=0))
    except ModelError:
        return None


def _agreement(marks: Sequence[Mark], rubric: Rubric, seed: int) -> tuple[Agreement, ...]:
    """Agreement over all criteria together, then of each."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for mark in marks:
        if mark.blind and mark.level is not None:
            rows[mark.organiser, mark.criterion].append(mark.level)
    levels = len(rubric.levels)
    return tuple(
        _agreed(key, {place: m for place, m in sorted(rows.items()) if key in ("", place[1])}, levels, seed)
        for key in ("", *rubric.criteria)
    )


def _agreed(criterion: str, rows: Mapping[tuple[str, str], Sequence[int]], levels: int, seed: int) -> Agreement:
    """Agreement on one criterion, or on all; organisers are drawn whole for the intervals."""
    width = max((len(row) for row in rows.values()), default=1)
    laid = np.full((len(rows), width), markers.MISSING)
    for i, row in enumerate(rows.values()):
        laid[i, : len(row)] = row
    who = [organiser for organiser, _ in rows]
    table = markers.pair_table(laid, levels)
    alpha = markers.krippendorff(laid, levels, cluster=who, seed=seed)
    kappa = markers.paired_kappa(laid, levels, cluster=who, seed=seed)
    pairs = float(table.sum())
    return Agreement(
        criterion=criterion,
        alpha=Estimate(alpha.value, alpha.se, alpha.low, alpha.high),
        kappa=Estimate(kappa.value, kappa.se, kappa.low, kappa.high),
        same=float(np.trace(table)) / pairs if pairs else float("nan"),
        pairs=round(pairs),
        organisers=alpha.n,
    )


def _doubled(marks: Sequence[Mark]) -> int:
    """Organisers that two or more have marked blind."""
    who: dict[str, set[str]] = defaultdict(set)
    for mark in marks:
        if mark.blind and mark.level is not None:
            who[mark.organiser].add(mark.marker)
    return sum(len(one) > 1 for one in who.values())


def _weak_together(sample: Sample, rubric: Rubric) -> Together:
    """Which criteria are on the lowest level at the same organisers, within strata of selection."""
    keys = tuple(rubric.criteria)
    weak = np.array([[levels.get(key) == 0 for key in keys] for levels in sample.levels])
    asked = np.array([[key in levels for key in keys] for levels in sample.levels])
    return _together(keys, weak, asked, [row.stratum for row in sample.rows])


def _findings_together(findings: Sequence[Found]) -> Together | None:
    """Which areas are found wanting in the same inspections."""
    if not findings:
        return None
    areas = sorted({one.area for one in findings})
    row = {name: i for i, name in enumerate(sorted({one.inspection for one in findings}))}
    column = {area: i for i, area in enumerate(areas)}
    there = np.zeros((len(row), len(areas)), dtype=bool)
    for one in findings:
        there[row[one.inspection], column[one.area]] = True
    return _together(tuple(areas), there, np.ones_like(there), None)


def _together(
    keys: Sequence[str], there: NDArray[np.bool_], asked: NDArray[np.bool_], stratum: Sequence[str] | None
) -> Together:
    found = cooccurrence.pairs(there, asked=asked, stratum=stratum)
    told = tuple(
        Pair(
            keys[one.first],
            keys[one.second],
            one.both,
            one.expected,
            Estimate(one.odds.value, one.odds.se, one.odds.low, one.odds.high),
            Estimate(one.beyond.value, one.beyond.se, one.beyond.low, one.beyond.high),
            one.survives,
            one.beyond_survives,
        )
        for one in found
    )
    counts = (there & asked).sum(axis=0).tolist()
    return Together(told, len(there), len(told), MappingProxyType(dict(zip(keys, counts, strict=True))))


def _prediction(
    rows: Sequence[Frame], drawn: Design, probability: Floats, later: Sequence[Later], order: Sequence[str]
) -> Prediction | None:
    """Whether the class foretells later results; None without enough of them."""
    by_key = {one.organiser: one for one in later}
    here = np.array([row.organiser in by_key for row in rows])
    if here.sum() < later_results.LEAST:
        return None
    known = [by_key[row.organiser] for row in rows if row.organiser in by_key]
    found = later_results.foretold(drawn, here, probability[:, 1:], [(r.earlier, r.before, r.after) for r in known])
    weaker = order[1:]

    def told(values: Sequence[later_results.Difference]) -> Mapping[str, Estimate]:
        return MappingProxyType(
            {key: Estimate(v.value, v.se, v.low, v.high) for key, v in zip(weaker, values, strict=True)}
            if values
            else {}
        )

    return Prediction(told(found.after), told(found.placebo), found.p, int(here.sum()))
