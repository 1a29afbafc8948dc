"""What the national report is worked out from, and what comes out of it, as values.

`Mark` and `Frame` go in with the rubric; `National` comes out. Organisers and markers are keys: names are no part of the
arithmetic. Numbers here have not passed the gate: `flow.national_figures` releases what a reader may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from likvard.terms import InputError, Words

SETTLED = "settled"
AUDIT = "audit"
"""Markers' keys that are reserved: the level that two markers settled on, and a third person's reading in an audit."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One marker's level of one criterion at one organiser in a round: 0 is the lowest; None says it could not be judged.

    A mark is blind when its marker had not seen another's: agreement is worked out from blind marks alone, while classes
    use every reading. `round` is the calendar year of the marking round.
    """

    organiser: str
    marker: str
    criterion: str
    level: int | None
    round: int
    blind: bool = True

    def __post_init__(self) -> None:
        if self.level is not None and self.level < 0:
            raise InputError(f"The level {self.level} is below 0.", "Levels count from 0, the lowest.")
        if self.blind and self.marker in (SETTLED, AUDIT):
            raise InputError(
                f"A mark by {self.marker!r} of {self.organiser} is given as blind.",
                "Say blind=False for what was settled or audited.",
            )


@dataclass(frozen=True, slots=True)
class Frame:
    """One organiser of the nation, marked or not: in which stratum it lay and with what probability it was to be selected.

    Every organiser that the report speaks for has a row; those with marks are the sample. `pupils` and `kind` are known of
    all, so that weights can be calibrated on them. `units` is how many school units it has; with one, some criteria
    do not apply.
    """

    organiser: str
    stratum: str
    probability: float
    pupils: int
    kind: str
    units: int = 2

    def __post_init__(self) -> None:
        if not 0 < self.probability <= 1:
            raise InputError(
                f"The organiser {self.organiser} has the probability {self.probability} of being selected.",
                "Give a number above 0 and at most 1: what cannot be selected cannot be spoken for.",
            )
        if self.pupils < 0 or self.units < 1:
            raise InputError(
                f"The organiser {self.organiser} has {self.pupils} pupils, {self.units} units.", "Mend it."
            )

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of organiser in the rubric's sense."""
        return (self.kind, "single_unit") if self.units == 1 else (self.kind,)


@dataclass(frozen=True, slots=True)
class Later:
    """An organiser's result before and after the marking, in any unit that is the same for all (difference from expected).

    `earlier` is a result from well before: the change from it to `before` came before the marking, so that the class
    cannot foretell it. It is the test of the test.
    """

    organiser: str
    before: float
    after: float
    earlier: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in an inspection: which inspection (decision) and in which area."""

    inspection: str
    area: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its standard error and interval of `level` (0.95)."""

    value: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Classed:
    """One organiser: the probability of each class (strongest first), and the class that the marks alone point to.

    `likeliest` is the class of highest probability; `by_marks` follows from the median of the readings by the rubric's
    arithmetic, and is None where too few criteria are marked. `readings` is how many marks it rests on.
    """

    organiser: str
    probability: Mapping[str, float]
    likeliest: str
    by_marks: str | None
    readings: int


@dataclass(frozen=True, slots=True)
class Share:
    """The share of the nation's organisers in one class: corrected for how they were selected, and without that."""

    cls: str
    weighted: Estimate
    unweighted: Estimate
    marked: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far blind markers agree on a criterion. `kappa` is Cohen's with quadratic weights over pairs of markers.

    `same` is the share of pairs with the same level. Numbers are nan where there is nothing to compare.
    """

    criterion: str
    alpha: Estimate
    kappa: Estimate
    same: float
    pairs: int
    organisers: int


@dataclass(frozen=True, slots=True)
class Level:
    """The share of the nation's organisers on one level of a criterion, corrected for selection; `organisers` are marked on it."""

    criterion: str
    level: int
    share: Estimate
    organisers: int | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to weigh: its shares by class, and how uneven its weights make the sample (`effective` organisers)."""

    key: str
    name: Words
    shares: Mapping[str, Estimate]
    effective: float


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of shares in quarters, held against the estimate.

    `claim` is the share said, `low`-`high` what the words cover (half a quarter to each side), `estimate` what the
    marks give, `probability` that the share lies within what the words cover. `verdict` is `holds`, `open` or `fails`.
    `instead` is the statement in quarters or tenths that the estimate itself would bear.
    """

    key: str
    words: Words
    classes: tuple[str, ...]
    claim: float
    low: float
    high: float
    estimate: Estimate
    probability: float
    verdict: str
    told: Words
    instead: Words


@dataclass(frozen=True, slots=True)
class Pair:
    """Two kinds of findings (or weak criteria): how often together, against how often by chance.

    `odds` is the odds ratio within strata; `beyond` the odds ratio over what one scale of severity gives, which takes away that
    some are weak in most things. `survives` and `beyond_survives` say whether each stands within the budget of false alarms of all.
    """

    first: str
    second: str
    both: int
    expected: float
    odds: Estimate
    beyond: Estimate
    survives: bool
    beyond_survives: bool


@dataclass(frozen=True, slots=True)
class Together:
    """Every pair of kinds over `n` inspections or organisers, and how many tests shared the budget."""

    pairs: tuple[Pair, ...]
    n: int
    tests: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Prediction:
    """Whether the class foretells later results: difference to the strongest class, results before held equal.

    `differences` by class, in the results' unit; `placebo` is the same for the change before the marking; `p` tests all differences
    together. `n` organisers. The placebo is empty where no earlier results are known. `after` is the school year of the later
    results; `compared` says that results are held against pupils of the same background, not as they are.
    """

    differences: Mapping[str, Estimate]
    placebo: Mapping[str, Estimate]
    p: float
    n: int
    after: int | None = None
    compared: bool = True


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the marks are met: Takeuchi's criterion with the spread of quality estimated, and with a normal one. Lower is better."""

    free: float
    normal: float

    @property
    def normal_enough(self) -> bool:
        """Whether a normal quality meets the marks at least as well."""
        return self.normal <= self.free


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that a reader of the report must know about what it rests on."""

    key: str
    words: Words


@dataclass(frozen=True, slots=True)
class National:
    """Everything that the report tells of one round.

    `organisers` are in the order of their keys, never by result. `reliability` is the share of the spread between
    organisers' marks that is no marker's doing. `marker_error` is by criterion: the probability that a marker's level
    is not the one that markers would settle on.
    """

    round: int
    rubric: str
    classes: tuple[str, ...]
    organisers: tuple[Classed, ...]
    shares: tuple[Share, ...]
    levels: tuple[Level, ...]
    agreement: tuple[Agreement, ...]
    overall: Agreement
    marker_error: Mapping[str, float]
    sensitivity: tuple[Scheme, ...]
    statements: tuple[Statement, ...]
    weak_together: Together
    findings_together: Together | None
    prediction: Prediction | None
    population: int
    marked: int
    doubled: int
    warnings: tuple[Caution, ...]
    kinds: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    fit: Fit | None = None
