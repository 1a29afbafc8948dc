"""Does the circle find what was planted, and which estimator should? Panels with the simulated country's own circle.

Every panel follows `likvard.simulate.climate`: five domains and principals that move one another with a year's lag around
what a unit keeps, seen through proxies with the simulated country's noise, surveys every second year. Five estimators are
held against the truth on the same panels; then the chosen one's intervals, its placebo and what it says of the loop. Then
panels of the country's size, and semopy beside where it can be installed. `benchmarks.circle_bias` takes chance out and adds what
the simulated country has one thing at a time; `benchmarks.circle_two_steps` works out what errors leave out. docs/circle.md has the tables.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from benchmarks.processes import ROOT, WORK, peer_python
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from likvard.flow.domains import DOMAINS, RESULTS, TURNOVER
from likvard.models.alarms import alarm_budget
from likvard.models.circle import circle
from likvard.models.panel import Panel, Proxy, Scores
from likvard.models.panel_covariance import Dynamics, covariance, derivatives
from likvard.models.panel_fit import fit_scores
from likvard.models.panel_likelihood import slopes
from likvard.models.panel_scores import scores
from likvard.simulate.climate import matrix
from likvard.simulate.settings import Circle

Floats = npt.NDArray[np.float64]
VARIABLES = (*DOMAINS, TURNOVER, RESULTS)
PLANTED = Circle()
BURN_IN = 12
YEARS = 10
NATION = 5900
"""Units of compulsory and upper secondary school in the country."""

SIZES: Mapping[int, int] = {150: 80, 600: 60, NATION: 20}
"""Units in a panel, and how many panels."""

COMPARED: Mapping[int, int] = {150: 20, 600: 10, NATION: 0}
"""On how many of them the other estimators are tried too."""

PATIENCE = 120
"""Seconds that a peer is waited for."""

REACH = 1.96


@dataclass(frozen=True, slots=True)
class World:
    """What is behind a panel: domains (N, T, 5), new principals less the expected, results."""

    domains: Floats
    turnover: Floats
    results: Floats


def world(rng: np.random.Generator, units: int, years: int, planted: Circle = PLANTED) -> World:
    """Units moved as the simulated country's are."""
    links, from_turnover = matrix(planted)
    pull, on_results = np.zeros(5), np.zeros(5)
    for name, value in planted.turnover_links:
        pull[DOMAINS.index(name)] = value
    for name, value in planted.result_links:
        on_results[DOMAINS.index(name)] = value
    common, own = rng.normal(size=(units, 1)), rng.normal(size=(units, 5))
    share = planted.trait_correlation
    trait = planted.trait * (np.sqrt(share) * common + np.sqrt(1 - share) * own)
    rate = np.where(rng.random(units) < 0.17, planted.turnover_independent, planted.turnover_municipal)
    lift = np.exp(sum(c * c for _, c in planted.turnover_links) * (1.3 * planted.innovation) ** 2 / 2)
    level = 10 * rng.normal(size=units)
    moved, centred = np.zeros((units, 5)), np.zeros(units)
    found = World(np.empty((units, years, 5)), np.empty((units, years)), np.empty((units, years)))
    for t in range(-BURN_IN, years):
        before, reached = moved, trait + moved
        moved = before @ links.T + np.outer(centred, from_turnover) + planted.innovation * rng.normal(size=(units, 5))
        centred = rng.poisson(rate * np.exp(np.clip(before @ pull, -2, 2)) / lift) - rate
        if t >= 0:
            found.domains[:, t], found.turnover[:, t] = trait + moved, centred
            found.results[:, t] = level + reached @ on_results + 3 * rng.normal(size=units)
    return found


def planted_links() -> Floats:
    """The planted links in the variables' own units: a year's step of each (row) by every variable (column)."""
    planted = np.zeros((7, 7))
    planted[:5, :5], planted[:5, 5] = matrix(PLANTED)
    rate = 0.83 * PLANTED.turnover_municipal + 0.17 * PLANTED.turnover_independent
    for name, value in PLANTED.turnover_links:
        planted[5, DOMAINS.index(name)] = rate * value
    for name, value in PLANTED.result_links:
        planted[6, DOMAINS.index(name)] = value
    return planted


def truth() -> Floats:
    """The planted links in standard deviations of the variables, as the panel states them."""
    behind = world(np.random.default_rng(99), 100_000, 5)
    parts = [*np.moveaxis(behind.domains, -1, 0), behind.turnover, behind.results]
    sd = np.array([part.std() for part in parts])
    return planted_links() * sd[None, :] / sd[:, None]


def panel(rng: np.random.Generator, units: int, years: int) -> Panel:
    """What is seen of a world: counts, shares and surveys with the simulated country's noise."""
    behind = world(rng, units, years)
    steering, teaching, calm, support, health = np.moveaxis(behind.domains, -1, 0)
    size = np.exp(rng.normal(np.log(230), 0.6, units))[:, None]
    asked = (np.arange(units)[:, None] + np.arange(years)) % 2 == 0
    answers = np.maximum(size / 9 * 0.8, 5)
    lessons, teachers = size * 1000, size / 12
    plans = rng.binomial(size.astype(int), 0.062, (units, years))

    def rate(expected: float, slope: float, domain: Floats) -> Floats:
        return -np.sqrt((rng.poisson(expected * size * np.exp(slope * domain)) + 0.375) / size)

    def share(of: Floats | float, chance: Floats) -> Floats:
        return -np.arcsin(np.sqrt((rng.binomial(np.asarray(of, dtype=int), chance) + 0.375) / (of + 0.75)))

    def survey(slope: float, domain: Floats, areas: int) -> tuple[Floats, Floats]:
        error = 0.5 / answers / areas
        noise = np.sqrt(0.08**2 / areas + error) * rng.normal(size=domain.shape)
        return np.where(asked, slope * domain + noise, np.nan), error

    expected = 0.105 * size * np.exp(-0.35 * calm)
    reports = rng.negative_binomial(1.8, 1.8 / (1.8 + expected))
    silent = rng.poisson(0.004 * np.exp(-0.5 * steering) * lessons)
    qualified = 0.06 * teaching + np.sqrt(0.07**2 + 0.21 / teachers) * rng.normal(size=teaching.shape)
    seen: list[tuple[str, str, Floats, Floats | float]] = [
        ("steps", "steering", share(6.0, ndtr(-1.0 - 0.6 * steering)), 1 / 26),
        ("unreported", "steering", -np.log((silent + 0.5) / lessons), 1 / (silent + 0.5)),
        ("teachers", "teaching", qualified, 0.21 / teachers),
        ("survey_teaching", "teaching", *survey(0.22, teaching, 2)),
        ("survey_calm", "calm", *survey(0.20, calm, 3)),
        ("abuse", "calm", -np.sqrt((reports + 0.375) / size), 1 / (4 * size)),
        ("disciplinary", "calm", rate(0.02, -0.5, calm), 1 / (4 * size)),
        ("survey_support", "support", *survey(0.22, support, 1)),
        (
            "overdue",
            "support",
            np.where(plans > 0, share(plans, ndtr(-0.9 - 0.5 * support)), np.nan),
            1 / (4 * plans + 2),
        ),
        ("survey_health", "health", *survey(0.22, health, 1)),
        ("waiting", "health", rate(0.015, -0.45, health), 1 / (4 * size)),
    ]
    chance = 64**2 / np.maximum(size / 4, 15)
    merit = behind.results + np.sqrt(chance) * rng.normal(size=behind.results.shape)
    merit = np.where(rng.random((units, 1)) < 0.4, merit, np.nan)
    exact: list[tuple[str, str, Floats, Floats | float]] = [
        ("principals", TURNOVER, behind.turnover, 0.0),
        ("merit", RESULTS, merit, chance),
    ]
    proxies = [Proxy(name, of, _centred(v), e * np.ones_like(v)) for name, of, v, e in seen]
    proxies += [Proxy(name, of, _centred(v), e * np.ones_like(v), exact=True) for name, of, v, e in exact]
    return Panel(tuple(map(str, range(units))), tuple(range(2015, 2015 + years)), VARIABLES, tuple(proxies))


def _centred(value: Floats) -> Floats:
    return np.asarray(value - np.nanmean(value, axis=0), dtype=np.float64)


# The estimators ---------------------------------------------------------------------------------------------


def filled(seen: Scores) -> Floats:
    """Scores as if they were the variables: each in its own standard deviations, NaN where nothing is seen."""
    value = np.where(seen.precision > 0, seen.value, np.nan)
    return np.asarray((value - np.nanmean(value, axis=(0, 1))) / np.nanstd(value, axis=(0, 1)), dtype=np.float64)


def least_squares(value: Floats, *, within: bool) -> Floats:
    """Links by least squares, each year's variables on those of the year before; `within` takes out every unit's mean."""
    y, x = value[:, 1:], value[:, :-1]
    whole = np.isfinite(y).all(-1) & np.isfinite(x).all(-1)
    if within:
        y, x = (part - _unit_means(part, whole) for part in (y, x))
    return np.asarray(np.linalg.lstsq(x[whole], y[whole], rcond=None)[0].T, dtype=np.float64)


def _unit_means(part: Floats, whole: npt.NDArray[np.bool_]) -> Floats:
    count = np.maximum(whole.sum(axis=1), 1)[:, None]
    return np.asarray(np.where(whole[..., None], part, 0).sum(axis=1) / count, dtype=np.float64)[:, None]


def jackknifed(value: Floats) -> Floats:
    """The half-panel jackknife of the within estimator (Dhaene & Jochmans 2015, Rev. Econ. Stud. 82: 991)."""
    half = value.shape[1] // 2
    halves = [least_squares(part, within=True) for part in (value[:, :half], value[:, half:])]
    return np.asarray(2 * least_squares(value, within=True) - sum(halves) / 2, dtype=np.float64)


def without_measurement(seen: Scores) -> Floats:
    """The same maximum likelihood with unit effects, the scores taken for the variables themselves."""
    there = seen.precision > 0
    value = np.where(there, np.nan_to_num(filled(seen)), 0)
    naive = Scores(value, np.where(there, 1000.0, 0), seen.scale, seen.loadings)
    return fit_scores(VARIABLES, naive, ends=[RESULTS]).links


def compared(seen: Scores) -> dict[str, Floats]:
    """What the other estimators make of the same scores."""
    complete = filled(seen)
    return {
        "pooled least squares": least_squares(complete, within=False),
        "within (Nickell)": least_squares(complete, within=True),
        "within, half-panel jackknife": jackknifed(complete),
        NAIVE: without_measurement(seen),
    }


@dataclass(frozen=True, slots=True)
class Trial:
    """One panel: links by estimator, and the chosen one's errors, placebo, gain and seconds of one processor."""

    links: Mapping[str, Floats]
    se: Floats
    placebo: Floats
    placebo_se: Floats
    gain: tuple[float, float, float]
    way: tuple[float, float, float]
    profile: float
    seconds: float


CHOSEN = "unit effects + measurement, ML"
NAIVE = "unit effects, ML, no measurement"


def trial(asked: tuple[int, int]) -> Trial:
    """Make a panel and fit it; on the first panels of a size, by the other estimators too."""
    units, seed = asked
    rng = np.random.default_rng([7, units, seed])
    made = panel(rng, units, YEARS)
    start = time.process_time()
    seen = scores(made)
    found = fit_scores(VARIABLES, seen, ends=[RESULTS])
    told = circle(found, outcomes=[RESULTS], counted=[TURNOVER], named=[("teaching", "calm")])
    seconds = time.process_time() - start
    behind = world(np.random.default_rng([7, units, seed]), units, YEARS).domains
    behind = (behind - behind.mean(axis=(0, 1))) / behind.std(axis=(0, 1))
    inside = np.abs(behind - found.level[..., :5]) < REACH * found.sd[..., :5]
    others = compared(seen) if seed < COMPARED[units] else {}
    gain, way = told.gain, told.cycles[0].product
    return Trial(
        others | {CHOSEN: found.links},
        found.se,
        found.placebo,
        found.placebo_se,
        (gain.value, gain.low, gain.high),
        (way.value, way.low, way.high),
        float(inside.mean()),
        seconds,
    )


# What comes out ---------------------------------------------------------------------------------------------


def report(units: int, trials: list[Trial]) -> None:
    """Print the table of one size."""
    true = truth()
    inside = np.zeros((7, 7), dtype=bool)
    inside[:, :6] = ~np.eye(7, dtype=bool)[:, :6]
    planted, placebo = inside & (true != 0), inside & (true == 0)
    own = np.eye(7, dtype=bool)
    own[5:] = False
    print(
        f"\n{len(trials)} panels of {units} units in {YEARS} years; one fit {np.median([t.seconds for t in trials]):.1f} s"
    )
    print(f"{'estimator':36}{'planted: bias':>14}{'RMSE':>8}{'own memory: bias':>18}{'zero links: bias, RMSE':>26}")
    for name in trials[0].links:
        off = np.array([t.links[name] - true for t in trials if name in t.links])
        signed = off * np.sign(true)
        print(
            f"{name:34}{len(off):2}{signed[:, planted].mean():14.3f}{_rms(off[:, planted]):8.3f}{off[:, own].mean():18.3f}"
            f"{off[:, placebo].mean():16.3f}{_rms(off[:, placebo]):10.3f}"
        )
    off = np.array([(t.links[CHOSEN] - true) / np.where(t.se > 0, t.se, np.nan) for t in trials])
    turned = np.array([t.placebo / t.placebo_se for t in trials])
    print(
        f"coverage: planted {_covered(off[:, planted])}, own memory {_covered(off[:, own])}, zero {_covered(off[:, placebo])}"
    )
    print(f"turned round in time: {_covered(turned[:, inside])} hold zero")
    alarms = [_alarms(t, inside, placebo) for t in trials]
    found, false, turned_alarms = (float(np.mean(part)) for part in zip(*alarms, strict=True))
    print(
        f"within the budget: {found:.1f} of {int(planted.sum())} planted found, {false:.2f} of {int(placebo.sum())} zero links,"
    )
    print(f"  {turned_alarms:.2f} of {int(inside.sum())} turned round")
    radius = float(np.abs(np.linalg.eigvals(true[:6, :6])).max())
    _told("gain", radius, [t.gain for t in trials])
    _told("teaching > calm > teaching", float(true[2, 1] * true[1, 2]), [t.way for t in trials])
    print(f"units' levels: 95 % intervals cover {100 * np.mean([t.profile for t in trials]):.1f} %")


def _rms(off: Floats) -> float:
    return float(np.sqrt(np.mean(off**2)))


def _covered(z: Floats) -> str:
    """How many intervals cover, with a standard error from how panels (rows) differ, and errors in standard errors."""
    each = 100 * (np.abs(z) < REACH).mean(axis=1)
    return f"{each.mean():.1f} +- {each.std(ddof=1) / len(each) ** 0.5:.1f} % (errors {_rms(z):.2f})"


def _alarms(one: Trial, inside: npt.NDArray[np.bool_], placebo: npt.NDArray[np.bool_]) -> tuple[int, int, int]:
    kept = np.zeros_like(inside)
    kept[inside] = alarm_budget(one.links[CHOSEN][inside], one.se[inside]).survives
    turned = alarm_budget(one.placebo[inside], one.placebo_se[inside]).alarms
    return int((kept & ~placebo).sum()), int((kept & placebo).sum()), turned


def _told(name: str, true: float, found: list[tuple[float, float, float]]) -> None:
    value, low, high = np.array(found).T
    covered = 100 * float(((low < true) & (true < high)).mean())
    print(
        f"{name}: true {true:.3f}, mean {value.mean():.3f}, interval covers {covered:.0f} %, width {np.mean(high - low):.3f}"
    )


def peer() -> None:
    """The same links by semopy, where it can be installed: three variables seen without error, then with holes."""
    python = peer_python("semopy")
    if python is None:
        print("semopy: cannot be installed here")
        return
    behind = world(np.random.default_rng(3), 600, 6).domains[..., :3]
    whole = (behind - behind.mean(axis=0)) / behind.std(axis=(0, 1))
    holes = np.where(np.random.default_rng(1).random(whole.shape) < 0.3, np.nan, whole)
    for name, value in (("without holes", whole), ("three of ten not seen", holes)):
        file = WORK / "circle_peer.json"
        file.write_text(json.dumps([[[None if np.isnan(x) else x for x in y] for y in u] for u in value.tolist()]))
        own, there = time.process_time(), np.isfinite(value)
        seen = Scores(np.nan_to_num(value), np.where(there, 1000.0, 0.0), np.ones(3), ())
        ours = fit_scores(("one", "two", "three"), seen)
        own = time.process_time() - own
        try:
            ran = subprocess.run(
                [str(python), str(ROOT / "benchmarks" / "circle_peer.py"), str(file)],
                capture_output=True, text=True, check=True, timeout=PATIENCE,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            print(f"semopy, {name}: not done in {PATIENCE} s; ours {own:.2f} s")
            continue
        theirs = json.loads(ran.stdout.strip().splitlines()[-1])
        apart = np.abs(ours.links - np.array(theirs["links"])).max() / ours.se.max()
        print(
            f"semopy, {name}: {theirs['seconds']:.2f} s, ours {own:.2f} s; links at most {apart:.2f} standard errors apart"
        )


def plainly(latent: Floats, value: Floats, precision: Floats) -> float:
    """The log likelihood as a textbook has it: a normal density for what is seen of each unit."""
    total = 0.0
    for y, k in zip(value, precision, strict=True):
        at = np.flatnonzero(k)
        whole = latent[np.ix_(at, at)] + np.diag(1 / k[at])
        total += float(multivariate_normal(np.zeros(len(at)), whole).logpdf(y[at]))
        total += len(at) / 2 * float(np.log(2 * np.pi)) - float(np.log(k[at]).sum()) / 2
    return total


def speed(units: int = 300) -> None:
    """One derivative by every parameter: from sums over units, and by differences of plain densities."""
    seen = scores(panel(np.random.default_rng(6), units, YEARS))
    value, precision = seen.value.reshape(units, -1), seen.precision.reshape(units, -1)
    size = len(VARIABLES)
    model = Dynamics(0.4 * np.eye(size), 0.7 * np.eye(size), 0.5 * np.eye(size))
    start = time.process_time()
    by = derivatives(model, YEARS)
    best, slope = slopes(covariance(model, YEARS), value, precision)
    np.einsum("pij,ij->p", by, slope)
    ours = time.process_time() - start
    start = time.process_time()
    same = plainly(covariance(model, YEARS), value, precision)
    plain = (time.process_time() - start) * 2 * len(by)
    print(
        f"\none derivative, {units} units, {len(by)} parameters: {1000 * ours:.0f} ms; by differences of plain densities"
    )
    print(
        f"  {plain:.0f} s (from one density), {plain / ours:.0f} times; the same log likelihood to {abs(best - same):.1e}"
    )


def run() -> None:
    """Speed, every size on two processes, and the peer."""
    speed()
    with ProcessPoolExecutor(2) as pool:
        for units, panels in SIZES.items():
            report(units, list(pool.map(trial, [(units, seed) for seed in range(panels)])))
    peer()


if __name__ == "__main__":
    run()
