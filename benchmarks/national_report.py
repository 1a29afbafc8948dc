"""Is the national report right? Planted nations: organisers with a quality, levels and a class, drawn by risk, read by markers who err.

For each setting: how far the shares by class are off with the spread of quality estimated, with a normal one, with latent
classes, and without correction for selection (against the same organisers with their true classes, so that the chance of who is drawn
is not in it); how often 95 % intervals hold
the truth; whether a class said to have probability p holds in p of the cases (slope 1); statements confirmed, and those confirmed or
dismissed wrongly; worlds where a pair of criteria is said to go together beyond severity (none is planted to); how often the
planted link to later results is found (or, with no link, is a false alarm), its coverage, and alarms of the placebo.
Then peers on the same marks: alpha (krippendorff), latent classes (stepmix), a graded model (girth), where they can be installed.
`python -m benchmarks national_report`; `python -m benchmarks.national_report 24` for so many nations a line, `spreads` for more nations
of three sizes with the spread of estimates beside their standard errors, `peers` for the packages alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from benchmarks.processes import ROOT, WORK, peer_python

from likvard.flow.national import Frame, Later, Mark, National, estimate
from likvard.models import graded
from likvard.models.agreement import krippendorff
from likvard.models.classes import latent_classes
from likvard.rulebook import rule
from likvard.rulebook.kinds.rubric import Rubric
from likvard.simulate.ratings import read, true_levels

RUBRIC: Rubric = rule("rubric", date(2026, 11, 1)).value
YEAR = 2026
RISKS = {"high": (0.55, 0.60), "middle": (-0.45, 0.32), "low": (-np.inf, 0.15)}
LINK = -4.0
"""What the weakest class is planted to do to later results against the strongest, in points; the middle does half of it."""


@dataclass(frozen=True)
class Setting:
    """One kind of nation. `lift` multiplies the shares drawn, `by_risk` is how much risk goes with weak quality."""

    name: str
    organisers: int = 400
    by_risk: float = 0.6
    error: float = 0.15
    lift: float = 1.0
    markers: int = 2
    shape: str = "normal"
    link: float = LINK


SETTINGS = (
    Setting("drawn by risk"),
    Setting("drawn evenly", by_risk=0.0),
    Setting("one marker", markers=1),
    Setting("markers err more", error=0.30),
    Setting("two camps of quality", shape="camps"),
    Setting("skewed quality", shape="skewed"),
    Setting("small round", organisers=150),
    Setting("the whole country", organisers=1100),
    Setting("everybody marked", lift=10.0),
    Setting("no link to results", link=0.0),
)


@dataclass(frozen=True)
class World:
    """One planted nation: the frame, the marks, each organiser's class and results."""

    frame: tuple[Frame, ...]
    marks: tuple[Mark, ...]
    classes: tuple[str, ...]
    later: tuple[Later, ...]

    def share(self, key: str) -> float:
        """The true share of a class among all organisers."""
        return self.classes.count(key) / len(self.classes)


def world(setting: Setting, seed: int) -> World:
    """Draw a nation, choose organisers by risk, and let markers read them."""
    random = np.random.default_rng([seed, 77])
    n = setting.organisers
    quality = random.normal(size=n)
    if setting.shape == "camps":
        quality = np.where(random.random(n) < 0.5, -0.9, 0.9) + 0.45 * random.normal(size=n)
    if setting.shape == "skewed":
        quality = (random.gamma(2.0, 1.0, n) - 2.0) / np.sqrt(2.0)
    kinds = [("municipal", "independent")[int(one)] for one in random.random(n) < 0.7]
    units = np.where(random.random(n) < 0.5, 1, random.integers(2, 30, n))
    risk = -setting.by_risk * quality + np.sqrt(1 - setting.by_risk**2) * random.normal(size=n)
    stratum = ["high" if one >= 0.55 else "middle" if one >= -0.45 else "low" for one in risk]
    frame, chosen = _drawn(setting, random, stratum, kinds, units, quality)
    applies = np.array([[RUBRIC.applies(key, row.kinds) for key in RUBRIC.criteria] for row in frame])
    levels = np.where(applies, true_levels(random, quality, applies.shape[1]), -1)
    classes = tuple(str(RUBRIC.of_levels([int(z) for z in row if z >= 0])) for row in levels)
    said = [read(random, levels, setting.error) for _ in range(setting.markers)]
    marks = [
        Mark(frame[i].organiser, f"m{m}", key, int(said[m][i, k]), YEAR)
        for i in chosen
        for k, key in enumerate(RUBRIC.criteria)
        if levels[i, k] >= 0
        for m in range(setting.markers)
    ]
    return World(frame, tuple(marks), classes, _later(setting, random, frame, classes, quality))


def _drawn(
    setting: Setting,
    random: np.random.Generator,
    stratum: list[str],
    kinds: list[str],
    units: np.ndarray,
    quality: np.ndarray,
) -> tuple[tuple[Frame, ...], list[int]]:
    chosen: list[int] = []
    probability = {}
    for name, (_, share) in RISKS.items():
        here = [i for i, one in enumerate(stratum) if one == name]
        many = max(2, round(min(1.0, share * setting.lift) * len(here)))
        chosen += random.choice(here, many, replace=False).tolist()
        probability[name] = many / len(here)
    pupils = (units * random.lognormal(5.3, 0.5, len(units))).astype(int)
    frame = tuple(
        Frame(f"{i:05d}", stratum[i], probability[stratum[i]], int(pupils[i]), kinds[i], int(units[i]))
        for i in range(len(quality))
    )
    return frame, sorted(chosen)


def _later(
    setting: Setting,
    random: np.random.Generator,
    frame: tuple[Frame, ...],
    classes: tuple[str, ...],
    quality: np.ndarray,
) -> tuple[Later, ...]:
    """Results that go with quality all along, and move after the marking by the planted link."""
    stable = 2.0 * quality + 5.0 * random.normal(size=len(frame))
    push = {"high": 0.0, "several": setting.link / 2, "low": setting.link}
    noise = random.normal(size=(3, len(frame))) * 0.3
    return tuple(
        Later(row.organiser, s + b, s + a + push[c] + 4.0 * e, s + p)
        for row, s, c, p, b, a, e in zip(frame, stable, classes, *noise, random.normal(size=len(frame)), strict=True)
    )


@dataclass
class Tally:
    """What is counted over worlds."""

    bias: list[list[float]]
    normal: list[list[float]]
    latent: list[list[float]]
    unweighted: list[list[float]]
    covered: list[list[bool]]
    naive: list[list[bool]]
    half: list[float]
    said: list[float]
    true: list[float]
    confirmed_wrong: list[bool]
    confirmed: list[bool]
    beyond: list[bool]
    linked: list[bool]
    link_covered: list[bool]
    placebo: list[bool]
    seconds: list[float]


def trial(setting: Setting, seed: int, tally: Tally) -> None:
    """One world: make it, estimate, compare."""
    made = world(setting, seed)
    start = time.perf_counter()
    found = estimate(made.marks, made.frame, RUBRIC, seed=seed, later=made.later)
    tally.seconds.append(time.perf_counter() - start)
    truth = [made.share(one.cls) for one in found.shares]
    drawn, ways = _drawn_truth(made, found), {one.key: one.shares for one in found.sensitivity}
    tally.bias.append([one.weighted.value - drawn[one.cls] for one in found.shares])
    for kept, way in ((tally.normal, "normal"), (tally.latent, "latent")):
        kept.append([ways[way][one.cls].value - drawn[one.cls] for one in found.shares])
    tally.unweighted.append([one.unweighted.value - t for one, t in zip(found.shares, truth, strict=True)])
    tally.covered.append([_holds(one.weighted, t) for one, t in zip(found.shares, truth, strict=True)])
    tally.naive.append([_holds(one.unweighted, t) for one, t in zip(found.shares, truth, strict=True)])
    tally.half.append(float(np.mean([(one.weighted.high - one.weighted.low) / 2 for one in found.shares])))
    _organisers(made, found, tally)
    for one in found.statements:
        right = one.low <= sum(made.share(key) for key in one.classes) <= one.high
        tally.confirmed.append(one.verdict == "holds")
        tally.confirmed_wrong.append((one.verdict == "holds" and not right) or (one.verdict == "fails" and right))
    tally.beyond.append(any(pair.beyond_survives for pair in found.weak_together.pairs))
    if found.prediction is not None:
        tally.linked.append(found.prediction.p < 0.05)
        tally.link_covered += [_holds(found.prediction.differences["low"], setting.link)]
        tally.placebo += [not (one.low <= 0 <= one.high) for one in found.prediction.placebo.values()]


def _drawn_truth(made: World, found: National) -> dict[str, float]:
    """The shares that those marked would give if their classes were known: unbiased, so that only the model's part is left."""
    truth = {row.organiser: cls for row, cls in zip(made.frame, made.classes, strict=True)}
    size, marked = Counter(row.stratum for row in made.frame), {one.organiser for one in found.organisers}
    seen = Counter(row.stratum for row in made.frame if row.organiser in marked)
    weight = {row.organiser: size[row.stratum] / seen[row.stratum] for row in made.frame if row.organiser in marked}
    whole = sum(weight.values())
    return {key: sum(w for one, w in weight.items() if truth[one] == key) / whole for key in found.classes}


def _holds(one: object, truth: float) -> bool:
    return bool(one.low <= truth <= one.high)  # type: ignore[attr-defined]


def _organisers(made: World, found: National, tally: Tally) -> None:
    place = {row.organiser: i for i, row in enumerate(made.frame)}
    for one in found.organisers:
        for key, p in one.probability.items():
            tally.said.append(p)
            tally.true.append(float(made.classes[place[one.organiser]] == key))


def calibration(said: np.ndarray, true: np.ndarray) -> float:
    """Slope of truth on what is said over all organisers and classes: 1 where probabilities are what they say."""
    return float(np.cov(said, true)[0, 1] / said.var(ddof=1))


def study(setting: Setting, rounds: int) -> str:
    """One line of the table."""
    tally = Tally(*([] for _ in range(16)))
    for seed in range(rounds):
        trial(setting, seed, tally)
    bias, normal, latent, plain = (
        np.mean(one, axis=0) * 100 for one in (tally.bias, tally.normal, tally.latent, tally.unweighted)
    )
    slope = calibration(np.array(tally.said), np.array(tally.true))
    return (
        f"{setting.name:22} {bias[0]:+5.1f} {bias[1]:+5.1f} {bias[2]:+5.1f}  {normal[0]:+5.1f} {normal[1]:+5.1f} {normal[2]:+5.1f}"
        f"  {latent[0]:+5.1f} {latent[1]:+5.1f} {latent[2]:+5.1f}  {plain[0]:+5.1f} {plain[2]:+5.1f}"
        f" {np.mean(tally.covered):7.1%} {np.mean(tally.naive):7.1%} {np.mean(tally.half) * 100:6.1f} {slope:6.2f}"
        f" {np.mean(tally.confirmed):7.1%} {np.mean(tally.confirmed_wrong):6.1%}"
        f" {np.mean(tally.beyond):7.1%}"
        f" {np.mean(tally.linked):7.1%} {np.mean(tally.link_covered):7.1%} {np.mean(tally.placebo):7.1%}"
        f" {np.mean(tally.seconds):6.2f}"
    )


def spread(setting: Setting, rounds: int) -> str:
    """A line of the table of more nations: each class off and its coverage, and whether standard errors are what estimates spread by."""
    off, error, se, held = [], [], [], []
    for seed in range(rounds):
        made = world(setting, seed)
        found = estimate(made.marks, made.frame, RUBRIC, seed=seed, later=made.later)
        drawn = _drawn_truth(made, found)
        off.append([one.weighted.value - drawn[one.cls] for one in found.shares])
        error.append([one.weighted.value - made.share(one.cls) for one in found.shares])
        se.append([one.weighted.se for one in found.shares])
        held.append([_holds(one.weighted, made.share(one.cls)) for one in found.shares])
    parts = (("off", np.mean(off, axis=0)), ("SD", np.std(error, axis=0, ddof=1)), ("SE", np.mean(se, axis=0)))
    told = "  ".join(f"{name} {' '.join(f'{100 * one:+.1f}' for one in values)}" for name, values in parts)
    return f"{setting.name:22} {rounds:4} nations  {told}  covers {' '.join(f'{one:.1%}' for one in np.mean(held, axis=0))}"


def spreads() -> None:
    """The sizes of a round, with more nations each."""
    for name, rounds in (("drawn by risk", 120), ("small round", 100), ("the whole country", 30)):
        print(spread(next(one for one in SETTINGS if one.name == name), rounds), flush=True)


HEAD = (
    f"{'':22} {'bias of shares, pp':^17}  {'if normal':^17}  {'latent classes':^17}  {'uncorrected':^11} {'covers':>7} {'naive':>7} {'+/- pp':>6} {'slope':>6}"
    f" {'confirm':>7} {'wrong':>6} {'beyond':>7} {'linked':>7} {'covers':>7} {'placebo':>7} {'sec':>6}"
)


def run(rounds: int = 100) -> None:
    """Print a line for each setting; the errors of percentages over 100 worlds are about two points."""
    print(f"{HEAD}   ({rounds} worlds)")
    for setting in SETTINGS:
        print(study(setting, rounds if setting.organisers < 1000 else max(rounds // 4, 5)), flush=True)
    peers()


def peers() -> None:
    """The same marks of 400 organisers by packages of others: what comes out, and how many times our time they take (processor time)."""
    random = np.random.default_rng(1)
    levels = true_levels(random, random.normal(size=400), 6)
    first, second = (read(random, levels, 0.15) for _ in range(2))
    WORK.mkdir(exist_ok=True)
    file = WORK / "marks.json"
    file.write_text(json.dumps({"first": first.tolist(), "second": second.tolist(), "classes": 3}), encoding="ascii")
    single = graded.Readings(np.eye(3)[first], np.ones(first.shape, dtype=bool))
    pairs = np.stack([first.ravel(), second.ravel()], axis=1)
    form = graded.Form(errs=False, tilted=False)
    ours: dict[str, Callable[[], float]] = {
        "krippendorff": lambda: krippendorff(pairs, 3, rounds=1).value,
        "stepmix": lambda: latent_classes(single, 3, starts=5, tolerance=1e-7).loglik,
        "girth": lambda: float(graded.fit(single, form=form, prior=False).parameters.slope.mean()),
    }
    for package, mine in ours.items():
        mine()
        start = time.process_time()
        value = mine()
        seconds = time.process_time() - start
        python = peer_python(package)
        if python is None:
            print(f"{package}: not installed here, so not compared. Ours: {value:.4f} in {seconds * 1000:.1f} ms")
            continue
        script = str(ROOT / "benchmarks" / "rating_peer.py")
        said = subprocess.run([str(python), script, package, str(file)], capture_output=True, text=True, check=True)
        theirs = json.loads(said.stdout.splitlines()[-1])
        print(
            f"{package}: {theirs['value']:.4f} in {theirs['seconds'] * 1000:.1f} ms. Ours: {value:.4f} in {seconds * 1000:.1f} ms,"
            f" {theirs['seconds'] / seconds:.1f} times as fast",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["peers"]:
        peers()
    elif sys.argv[1:2] == ["spreads"]:
        spreads()
    else:
        run(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
