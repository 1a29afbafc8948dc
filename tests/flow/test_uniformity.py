"""Whether departments and inspectors judge alike: a planted truth is found, a naive second computation agrees, chance is not shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from likvard.figures.sentences import verdict
from likvard.flow.uniformity import (
    FEW_BY_INSPECTOR,
    FEW_IN_DEPARTMENT,
    NO_SPREAD,
    ONLY_ITS_OWN,
    TOO_FEW,
    Decided,
    Followed,
    Monitor,
    monitor,
)
from likvard.flow.uniformity_figures import figures
from likvard.models.alarms import two_sided_p
from likvard.terms import ModelError

ON = date(2026, 11, 22)
Rows = tuple[list[Decided], list[Followed]]


@pytest.fixture(scope="module")
def world() -> Callable[..., Rows]:
    """An authority of six departments with seven inspectors each: odd departments get the easier cases."""

    def make(
        seed: int, more: Sequence[float] = (0,) * 6, slower: Sequence[float] = (0,) * 6, spread: float = 0.0
    ) -> Rows:
        random = np.random.default_rng(seed)
        people = [(d, i, random.normal(0, spread)) for d in range(6) for i in range(7)]
        decided = [
            _decided(random, f"{d}-{i}-{c}", d, i, more[d] + own)
            for d, i, own in people
            for c in range(int(random.integers(12, 22)))
        ]
        return decided, [one for row in decided for one in _followed(random, row, slower[int(row.department[1])])]

    return make


def _decided(random: np.random.Generator, key: str, department: int, inspector: int, more: float) -> Decided:
    level = "organiser" if random.random() < (0.2 if department % 2 else 0.7) else "unit"
    mean = max(0.3, 2 + 1.5 * (level == "organiser") + more)
    day = date(2023, 1, 1) + timedelta(days=int(random.integers(0, 1300)))
    return Decided(
        key, f"D{department}", f"D{department}I{inspector}", "planned", level, "municipal", day,
        int(random.poisson(mean)), ("GR",), 300,
    )  # fmt: skip


def _followed(random: np.random.Generator, row: Decided, slower: float) -> list[Followed]:
    days = [int(random.gamma(4, (150 + slower) / 4)) for _ in range(row.findings)]
    ends = [row.decided + timedelta(days=d) for d in days]
    return [Followed(row.case, "unit.safety", "injunction", row.decided, end if end <= ON else None) for end in ends]


@pytest.fixture(scope="module")
def planted(world: Callable[..., Rows]) -> Monitor:
    """Department 0 finds 1.2 more in the same cases, department 5 takes 80 days more."""
    return monitor(*world(3, more=(1.2, 0, 0, 0, 0, 0), slower=(0, 0, 0, 0, 0, 80)), on=ON)


def test_the_department_that_finds_more_is_found_and_no_other(planted: Monitor) -> None:
    assert planted.findings is not None
    assert [one.key for one in planted.findings.departments if one.survives] == ["D0"]
    assert planted.findings.departments[0].difference == pytest.approx(1.0, abs=0.4)


def test_the_department_that_is_slow_is_found(planted: Monitor) -> None:
    assert planted.days is not None
    slow = planted.days.departments[5]
    assert slow.survives
    assert slow.difference == pytest.approx(60, abs=20)  # 80 days, less its own part of the mean and the horizon


def test_easier_cases_are_not_taken_for_milder_judgement(planted: Monitor) -> None:
    assert planted.findings is not None
    plain, even = planted.findings.departments[1], planted.findings.departments[2]
    assert plain.mean < even.mean - 0.4
    assert not plain.survives
    assert not even.survives


def test_a_dense_computation_by_hand_gives_the_same_differences(world: Callable[..., Rows]) -> None:
    every, _ = world(4, more=(0.8, 0, 0, -0.5, 0, 0), spread=0.6)
    decided = [row for row in every if row.inspector[-1] in "012"]
    found = monitor(decided, [], on=ON)
    assert found.findings is not None
    wanted, se = _by_hand(decided)
    assert [one.difference for one in found.findings.departments] == pytest.approx(wanted, abs=1e-4)
    assert [one.se for one in found.findings.departments] == pytest.approx(se, rel=1e-4)


def _by_hand(decided: Sequence[Decided]) -> tuple[list[float], list[float]]:
    """Restricted maximum likelihood with the whole covariance written out, its one ratio found by search."""
    y = np.array([float(row.findings) for row in decided])
    who = np.array([row.inspector for row in decided])
    same, X = (who[:, None] == who[None, :]).astype(float), _design(decided)

    def at(ratio: float) -> tuple[float, np.ndarray, np.ndarray]:
        weighted = np.linalg.solve(ratio * same + np.eye(len(y)), np.column_stack([X, y]))
        cross = X.T @ weighted[:, :-1]
        beta = np.linalg.solve(cross, X.T @ weighted[:, -1])
        df = len(y) - X.shape[1]
        sigma2 = float(y @ weighted[:, -1] - beta @ X.T @ weighted[:, -1]) / df
        dets = np.linalg.slogdet(ratio * same + np.eye(len(y)))[1] + np.linalg.slogdet(cross)[1]
        return float(dets + df * np.log(sigma2)), beta, sigma2 * np.linalg.inv(cross)

    best = minimize_scalar(lambda ratio: at(ratio)[0], bounds=(0, 1), method="bounded", options={"xatol": 1e-9})
    _, beta, covariance = at(float(best.x))
    share = np.array([np.mean([row.department == f"D{d}" for row in decided]) for d in range(6)])
    contrast = np.zeros((6, X.shape[1]))
    contrast[1:, -5:] = np.eye(5)
    contrast -= share @ contrast
    return (contrast @ beta).tolist(), np.sqrt(np.diag(contrast @ covariance @ contrast.T)).tolist()


def _design(decided: Sequence[Decided]) -> np.ndarray:
    """One, an indicator of the level, of the years and of the departments."""
    years = sorted({row.decided.year for row in decided})[1:]
    kinds = [[1.0, float(row.level == "unit"), *(float(row.decided.year == year) for year in years)] for row in decided]
    places = [[float(row.department == f"D{d}") for d in range(1, 6)] for row in decided]
    return np.column_stack([np.array(kinds), np.array(places)])


def test_without_any_difference_alarms_are_rare(world: Callable[..., Rows]) -> None:
    alarms = [monitor(*world(50 + seed), on=ON).alarms for seed in range(4)]
    assert sum(alarms) <= 1


def test_an_interval_clears_zero_exactly_when_the_comparison_survives_the_budget(planted: Monitor) -> None:
    assert planted.findings is not None
    assert planted.days is not None
    every = [
        one for q in (planted.findings, planted.days) for one in (*q.departments, *q.inspectors) if one.instead is None
    ]
    p = np.sort(two_sided_p([one.difference for one in every], [one.se for one in every]))
    by_hand = max((k for k in range(1, len(p) + 1) if p[k - 1] <= 0.05 * k / len(p)), default=0)
    assert planted.tests == len(every)
    assert sum(one.survives for one in every) == planted.alarms == by_hand
    assert planted.false_alarms == pytest.approx(0.05 * by_hand)


def test_small_departments_and_inspectors_with_few_cases_are_withheld_with_the_reason(
    world: Callable[..., Rows],
) -> None:
    decided, followed = world(5)
    small = [replace(row, department="D9", inspector=f"D9I{i % 2}", case=f"x{i}") for i, row in enumerate(decided[:24])]
    found = monitor([*decided, *small, replace(decided[0], case="y", inspector="new")], followed, on=ON)
    assert found.findings is not None
    last = found.findings.departments[-1]
    assert (last.key, last.n, last.instead) == ("D9", 24, FEW_IN_DEPARTMENT)
    assert next(one for one in found.findings.inspectors if one.key == "new").instead == FEW_BY_INSPECTOR


def test_a_department_with_cases_of_a_kind_that_nobody_else_has_cannot_be_compared(world: Callable[..., Rows]) -> None:
    decided, followed = world(6)
    own = [replace(row, type="first_year") if row.department == "D2" else row for row in decided]
    found = monitor(own, followed, on=ON)
    assert found.findings is not None
    assert found.findings.departments[2].instead == ONLY_ITS_OWN


def test_inspectors_who_differ_by_chance_only_are_said_to_do_so(world: Callable[..., Rows]) -> None:
    decided, _ = world(7)
    alike = [replace(row, findings=2 + (i % 2)) for i, row in enumerate(decided)]
    found = monitor(alike, [], on=ON)
    assert found.findings is not None
    assert {one.instead for one in found.findings.inspectors} <= {NO_SPREAD, FEW_BY_INSPECTOR}
    assert found.days is None


def test_too_few_decisions_give_no_comparison_but_the_reason(world: Callable[..., Rows]) -> None:
    decided, followed = world(8)
    found = monitor(decided[:59], followed, on=ON)
    assert (found.findings, found.why) == (None, TOO_FEW)
    assert figures(found, {}) == ()
    assert monitor([row for row in decided if row.department == "D0"], followed, on=ON).why == TOO_FEW


def test_rows_that_contradict_are_refused(world: Callable[..., Rows]) -> None:
    decided, followed = world(8)
    with pytest.raises(ModelError, match="comes twice"):
        monitor([*decided, decided[0]], followed, on=ON)
    with pytest.raises(ModelError, match="findings"):
        replace(decided[0], findings=-1)
    with pytest.raises(ModelError, match="closed before"):
        Followed("x", "unit.safety", "remark", ON, ON - timedelta(days=1))


def test_the_figures_show_departments_by_name_with_interval_and_reason(planted: Monitor) -> None:
    made = figures(planted, {"D0": "Umeå", "D1": "Lund"})
    assert [figure.id for figure in made] == [
        "uniformity-findings-departments", "uniformity-findings-inspectors",
        "uniformity-days-departments", "uniformity-days-inspectors",
    ]  # fmt: skip
    heads = [row.head.sv for row in made[0].table.rows]
    assert heads == sorted(heads)
    assert made[0].table.head.sv == "Avdelning"
    assert made[1].table.rows[0].group is not None
    assert [len(figure.table.columns) for figure in made] == [6, 4, 6, 4]


def test_the_sentence_says_who_differs_and_how_many_marks_may_be_false(planted: Monitor) -> None:
    made = figures(planted, {})
    said = " ".join(words.sv for words in verdict(made[0].kind, made[0].facts))
    assert said.startswith("En avdelning ligger över det väntade")
    assert f"{planted.tests} jämförelser på sidan" in said
    assert "högst en av 20" in said
