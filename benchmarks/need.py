"""Does the index of need find what was planted, and how fast is a whole country?

`python -m benchmarks.need` for all; `python -m benchmarks.need recovery` or `speed` for a part.

Recovery, for the planted chance and for one of the model's own form. Countries of the simulation get results drawn from the planted chance (`simulate.money.need`, a probit of education,
origin, arrival and sex), so that the true index of every unit is known. The model is fitted to three cohorts of year 9 and
applied to all pupils of the units, as `flow.need` does it. Held against the truth are: the index of the pupils who are there
(the interval's part for the model), and the index of the unit when pupils are drawn anew from those who have gone there (the
whole interval). False alarms: how often surroundings, which have no part in the planted chance, seem to have one, and how
often a model that has not aged seems to have.

Speed. A country of 1.06 million pupils in 4,700 units of compulsory school, three cohorts of 110,000 with results: the fit on
patterns, standard errors, the index of every unit with its interval, and the same with an effect of each unit integrated out;
beside R's `glm` on the same pupils and a plain IRLS on pupils one by one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit

from likvard.models import need as model
from likvard.models.logistic import Patterns, clustered, fit
from likvard.models.logistic_unit import fit_unit
from likvard.models.need import NeedModel, Pupils
from likvard.records.questions.background import VARIABLES
from likvard.simulate.money import need as planted
from likvard.simulate.people import TERTIARY, cohort
from likvard.simulate.pupils import unknown_education
from likvard.simulate.results import newcomer
from likvard.simulate.rolls import Roll, compulsory_roll, together
from likvard.simulate.settings import Settings
from likvard.simulate.units import plan
from likvard.simulate.years import final_roll
from likvard.terms import SchoolForm

LEVELS = tuple((v.name, v.levels) for v in VARIABLES)
UNKNOWN = [v.levels.index("unknown") if "unknown" in v.levels else -2 for v in VARIABLES]
YEAR = 2024
SEEDS = range(2001, 2041)
MUNICIPALITIES = 20
COHORTS = 3
EDUCATION = 1  # where parents' education stands among the variables


Truth = Callable[[Roll], np.ndarray]
"""The chance of missing the goal of every pupil of a roll."""


# --- Recovery of what was planted ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """What one country gave: per unit the index, the truth of its pupils and of pupils drawn anew, and the errors."""

    estimate: np.ndarray
    truth: np.ndarray
    redrawn: np.ndarray
    truth_redrawn: np.ndarray
    model_half: np.ndarray
    low: np.ndarray
    high: np.ndarray
    surroundings: bool
    aged: bool
    slope: float


def rows(roll: Roll, units: np.ndarray, known: bool) -> Pupils:
    """The pupils of a roll one by one, coded as the lake's question codes them; `units` numbers the plan's units.

    Unless all is `known`, the register lacks some guardians' education, as in the simulation.
    """
    education = np.where(unknown_education(roll) & (not known), 3, np.array([2, 1, 0])[roll.education])
    here = roll.here
    arrived = np.where((here >= 0) & (here <= 4), 1, np.where((here > 4) & (here <= 9), 2, 0))
    levels = np.stack([roll.girl.astype(np.int64), education, roll.foreign.astype(np.int64), arrived], axis=1)
    unit = units[roll.unit]
    return Pupils(levels.astype(np.int64), around(levels, unit), np.ones(len(roll)), unit)


def around(levels: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """The share of tertiary-educated guardians at each pupil's unit, among those known."""
    known = levels[:, EDUCATION] != UNKNOWN[EDUCATION]
    behind, high = np.bincount(unit, known), np.bincount(unit, levels[:, EDUCATION] == 0)
    return (high / np.where(behind > 0, behind, np.nan))[unit]


def put_together(parts: list[Pupils]) -> Pupils:
    """Rows of several pupils."""
    joined = (np.concatenate([getattr(p, name) for p in parts]) for name in ("levels", "around", "n", "unit"))
    return Pupils(*joined)


def of_the_models_form(roll: Roll) -> np.ndarray:
    """About the same chances as the planted ones, but additive in logits as the model has them."""
    education = 1.0 * (roll.education < TERTIARY) + 0.8 * (roll.education == 0)
    return expit(-2.6 + education + 1.5 * newcomer(roll) + 0.3 * roll.foreign - 0.35 * roll.girl)


def country(
    seed: int, municipalities: int, truth: Truth, known: bool
) -> tuple[list[tuple[Pupils, np.ndarray]], Pupils, np.ndarray]:
    """Leavers of four years and their planted chances; everybody in compulsory school in the last, and theirs."""
    settings = Settings(seed=seed, municipalities=municipalities, first_year=YEAR - COHORTS, years=COHORTS + 1)
    leavers: list[list[tuple[Pupils, np.ndarray]]] = [[] for _ in range(COHORTS + 1)]
    there: list[tuple[Pupils, np.ndarray]] = []
    base = 0
    for index in range(municipalities):
        schools = plan(settings, index)
        numbers = base + np.arange(len(schools.units))
        base += len(schools.units)
        for ago in range(COHORTS + 1):
            year = YEAR - COHORTS + ago
            roll = final_roll(schools, cohort(settings, schools, year - 15), year)
            if len(roll):
                leavers[ago].append((rows(roll, numbers, known), truth(roll)))
        roll = together([compulsory_roll(schools, cohort(settings, schools, YEAR - a), YEAR) for a in range(7, 16)])
        roll = roll.of(SchoolForm.COMPULSORY)
        there.append((rows(roll, numbers, known), truth(roll)))
    by_year = [(put_together([p for p, _ in part]), np.concatenate([c for _, c in part])) for part in leavers]
    return by_year, put_together([p for p, _ in there]), np.concatenate([c for _, c in there])


def index_of(found: NeedModel, pupils: Pupils) -> tuple[model.Index, np.ndarray]:
    """The index of every unit, and all its pupils."""
    places = int(pupils.unit.max()) + 1
    added = model.sums(found, pupils, places, UNKNOWN)
    return model.index(added, added.together(), found.vcov), np.bincount(pupils.unit, minlength=places)


def true_index(pupils: Pupils, chance: np.ndarray) -> np.ndarray:
    """100 times each unit's mean planted chance through everybody's."""
    n = np.bincount(pupils.unit)
    return 100 * np.bincount(pupils.unit, chance) / np.where(n > 0, n, np.nan) / chance.mean()


def trial(
    seed: int, municipalities: int = MUNICIPALITIES, truth: Truth = planted, known: bool = False, least: int = 10
) -> Trial:
    """One country: results drawn, the model fitted and applied, and held against what was planted."""
    rng = np.random.default_rng(seed)
    by_year, pupils, chance = country(seed, municipalities, truth, known)
    drawn = [(p, (rng.random(len(c)) < c).astype(float)) for p, c in by_year]
    fitted = put_together([p for p, _ in drawn[:COHORTS]])
    missed = np.concatenate([m for _, m in drawn[:COHORTS]])
    found = model.fit_need(LEVELS, fitted, missed)
    checked = model.check(found, *drawn[COHORTS])
    told, n = index_of(found, pupils)
    new, true_new = redraw(pupils, chance, rng)
    newly, _ = index_of(found, new)
    here = n >= least
    at = found.names.index(model.SURROUNDINGS)
    return Trial(
        told.value[here],
        true_index(pupils, chance)[here],
        newly.value[here],
        true_new[here],
        1.96 * told.se_model[here],
        newly.low[here],
        newly.high[here],
        bool(abs(found.beta[at]) > 1.96 * found.se[at]),
        not checked.low <= 1 <= checked.high,
        checked.slope,
    )


def redraw(pupils: Pupils, chance: np.ndarray, rng: np.random.Generator) -> tuple[Pupils, np.ndarray]:
    """As many pupils drawn with replacement from each unit's own, and the true index of the units they were drawn from."""
    order = np.argsort(pupils.unit, kind="stable")
    start = np.searchsorted(pupils.unit[order], np.arange(int(pupils.unit.max()) + 1))
    n = np.bincount(pupils.unit)
    mine = pupils.unit[order]
    picked = order[start[mine] + (rng.random(len(mine)) * n[mine]).astype(np.int64)]
    levels = pupils.levels[picked]
    drawn = Pupils(levels, around(levels, pupils.unit[picked]), np.ones(len(picked)), pupils.unit[picked])
    return drawn, true_index(pupils, chance)


SCENARIOS = (
    ("planted", planted, False),
    ("logit", of_the_models_form, False),
    ("logit, all known", of_the_models_form, True),
)
"""The truth, and whether the register knows everybody's parents' education."""


def recovery(
    seeds: range = SEEDS, municipalities: int = MUNICIPALITIES, truth: Truth = planted, known: bool = False
) -> dict[str, tuple[float, float]]:
    """Each figure with its Monte Carlo error, over countries."""
    trials = [trial(seed, municipalities, truth, known) for seed in seeds]

    def over(of: Callable[[Trial], float]) -> tuple[float, float]:
        each = np.array([of(t) for t in trials])
        return float(each.mean()), float(each.std(ddof=1) / len(each) ** 0.5)

    def part_covers(t: Trial) -> float:
        middle = t.estimate
        return float((np.abs(middle - t.truth) <= t.model_half).mean())

    return {
        "units": (float(sum(len(t.truth) for t in trials)), 0.0),
        "bias of the index": over(lambda t: float((t.estimate - t.truth).mean())),
        "root mean square error": over(lambda t: float(np.sqrt(((t.estimate - t.truth) ** 2).mean()))),
        "slope of the index on the truth": over(lambda t: float(np.polyfit(t.truth, t.estimate, 1)[0])),
        "interval of the model alone covers, %": over(lambda t: 100 * part_covers(t)),
        "whole interval covers, pupils drawn anew, %": over(
            lambda t: 100 * float(((t.low <= t.truth_redrawn) & (t.truth_redrawn <= t.high)).mean())
        ),
        "calibration slope on the next cohort": over(lambda t: t.slope),
        "false alarms: surroundings, %": over(lambda t: 100.0 * t.surroundings),
        "false alarms: the model has aged, %": over(lambda t: 100.0 * t.aged),
    }


# --- Speed -----------------------------------------------------------------------------------------------------------


def national(
    units: int = 4_700, leaving: int = 330_000, pupils: int = 1_060_000, seed: int = 1
) -> tuple[Pupils, np.ndarray, Pupils]:
    """Leavers of three cohorts with results and everybody in school, by unit and pattern, as the lake's question gives them."""
    rng = np.random.default_rng(seed)
    status, ours = rng.normal(0, 1, units), rng.normal(0, 0.35, units)
    found = []
    for size, only in ((leaving, units // 3), (pupils, units)):
        unit = np.sort(rng.integers(0, only, size))
        low = rng.random(size) < expit(-0.6 - 0.8 * status[unit])
        education = np.where(rng.random(size) < 0.02, 3, np.where(low, np.where(rng.random(size) < 0.16, 2, 1), 0))
        foreign = rng.random(size) < expit(-1.2 - 0.6 * status[unit])
        arrived = np.where(foreign & (rng.random(size) < 0.12), 1, np.where(foreign & (rng.random(size) < 0.25), 2, 0))
        levels = np.stack([rng.integers(0, 2, size), education, foreign.astype(np.int64), arrived], axis=1)
        found.append((levels, unit))
    (levels, unit), (all_levels, all_unit) = found
    share = around(levels, unit)
    eta = -1.9 + np.array([0, 1.0, 1.6, 1.0])[levels[:, 1]] + 0.3 * levels[:, 2] + np.array([0, 1.3, 0])[levels[:, 3]]
    missed = rng.random(len(unit)) < expit(eta - 0.4 * levels[:, 0] - 1.5 * (share - 0.6) + ours[unit])
    return (*grouped(levels, share, unit, missed), grouped(all_levels, around(all_levels, all_unit), all_unit)[0])


def grouped(
    levels: np.ndarray, share: np.ndarray, unit: np.ndarray, missed: np.ndarray | None = None
) -> tuple[Pupils, np.ndarray]:
    """Pupils one by one taken together by unit and pattern."""
    width = np.cumprod([1, *(len(v.levels) for v in VARIABLES)])
    key = unit * width[-1] + levels @ width[:-1]
    kept, at, place = np.unique(key, return_index=True, return_inverse=True)
    n = np.bincount(place).astype(float)
    came = np.bincount(place, missed) if missed is not None else np.zeros(len(kept))
    return Pupils(levels[at], share[at], n, unit[at]), came


def one_by_one(pupils: Pupils, missed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The design and outcome of every pupil."""
    names = [n for n in model.names_of(LEVELS) if not n.endswith("=unknown") or n.startswith("parents")]
    x = model.design(LEVELS, pupils, names)
    n, came = pupils.n.astype(int), missed.astype(int)
    y = np.concatenate([np.repeat([1.0, 0.0], [m, k - m]) for k, m in zip(n, came, strict=True)])
    return np.repeat(x, n, axis=0), y


def plain_irls(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The textbook's iteration on pupils one by one."""
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        p = expit(x @ beta)
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x, x.T @ (y - p))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    return beta


def timed(what: Callable[[], object], times: int = 5) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        found.append(time.perf_counter() - start)
    return min(found)


_R = """
rows <- read.csv(commandArgs(TRUE)[1], header = FALSE)
x <- as.matrix(rows[, -1]); y <- rows[, 1]
seconds <- min(sapply(1:2, function(i) system.time(f <<- glm.fit(x, y, family = binomial(), control = list(epsilon = 1e-12)))[["elapsed"]]))
cat(seconds, format(unname(f$coefficients), digits = 17))
"""


def r_glm(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray] | None:
    """R's glm on the same pupils: seconds and coefficients; None without R."""
    with tempfile.TemporaryDirectory() as folder:
        script, data = Path(folder) / "glm.R", Path(folder) / "rows.csv"
        script.write_text(_R)
        np.savetxt(data, np.column_stack([y, x]), delimiter=",", fmt="%.17g")
        try:
            done = subprocess.run(["Rscript", str(script), str(data)], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
    seconds, *beta = (float(word) for word in done.stdout.split())
    return seconds, np.array(beta)


def speed() -> dict[str, float]:
    """Seconds of each step, the peers', and how far the coefficients lie apart."""
    leavers, missed, everybody = national()
    found = model.fit_need(LEVELS, leavers, missed)
    names = tuple(n for n in model.names_of(LEVELS) if not n.endswith("=unknown") or n.startswith("parents"))
    national_patterns = Patterns(model.design(LEVELS, leavers, names), leavers.n, missed, names)
    kept, place = np.unique(national_patterns.x[:, :-1], axis=0, return_inverse=True)
    folded = Patterns.of(kept, np.bincount(place, leavers.n), np.bincount(place, missed), names[:-1])
    plain = fit(national_patterns)
    x, y = one_by_one(leavers, missed)
    peer = r_glm(x, y)
    ours = timed(lambda: fit(national_patterns))
    told = {
        "pupils with results": float(leavers.n.sum()),
        "rows by unit and pattern": float(len(leavers.n)),
        "national patterns": float(len(folded.n)),
        "fit by national patterns, s": timed(lambda: fit(folded)),
        "fit by unit and pattern, s": ours,
        "covariance by units, s": timed(lambda: clustered(national_patterns, plain, leavers.unit)),
        "fit_need in all, s": timed(lambda: model.fit_need(LEVELS, leavers, missed)),
        "index of every unit, s": timed(lambda: index_of(found, everybody)),
        "plain IRLS on pupils, s": timed(lambda: plain_irls(x, y), 2),
        "with an effect of each unit (9 points), s": timed(
            lambda: fit_unit(national_patterns, leavers.unit, points=9), 1
        ),
        "largest difference from plain IRLS": float(np.abs(plain.beta - plain_irls(x, y)).max()),
    }
    if peer is not None:
        told["R glm.fit on pupils, s"] = peer[0]
        told["largest difference from R"] = float(np.abs(plain.beta - peer[1]).max())
        told["times faster than R"] = peer[0] / ours
    return told


def run(part: str = "") -> None:
    """Print both tables."""
    if part in ("", "recovery"):
        found = [recovery(truth=truth, known=known) for _, truth, known in SCENARIOS]
        print(f"{'':<48}" + "".join(f"{name:>22}" for name, _, _ in SCENARIOS))
        for name in found[0]:
            told = (f"{value:14.2f} ± {error:5.2f}" for value, error in (one[name] for one in found))
            print(f"{name:<48}" + " ".join(told))
    if part in ("", "speed"):
        for name, value in speed().items():
            print(f"{name:<48} {value:12.4g}")


if __name__ == "__main__":
    run(*sys.argv[1:])
