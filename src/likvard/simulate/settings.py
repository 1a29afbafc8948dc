"""What the synthetic Sweden is made from: size, years, seed, and every number that it is calibrated with."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

from likvard.terms import UsageError

GENERATION = 1
"""Raised whenever the same settings would give other bytes, so that a delivery of an older generation is replaced."""

MOST_MUNICIPALITIES = 290
FIRST_YEAR, LAST_YEAR = 2014, 2027
"""School years that can be simulated: from the first with a merit value over 17 subjects (spring 2015) to the last in
which years 1-9 exist under that name and are graded A-F throughout (spring 2028)."""

SIZES = MappingProxyType({"municipality": 1, "demo": 8, "country": MOST_MUNICIPALITIES})
"""Presets: how many municipalities, each with its own schools and the independent schools that lie in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Who lives where and goes to which school. Shares are 0-1; `spread` is in standard deviations of a pupil's status.

    Calibrated on domain.md 10.1 and on the pupil files of 2022 (1,548 schools with year 9: share of parents with
    post-secondary education 0.61, SD 0.158; foreign background 0.27, SD 0.19, right-skewed).
    """

    cohort_median: float = 225.0  # pupils of one age in the median municipality; log SD below: 290 give about 120,000
    cohort_spread: float = 1.13
    area_pupils: float = 94.0  # pupils of one age for each public school with year 9
    tertiary: float = 0.61
    compulsory: float = 0.07
    foreign: float = 0.25
    born_abroad: float = 0.45  # of those with foreign background
    municipality_spread: float = 0.20
    area_spread: float = 0.38  # between areas of a municipality of ordinary size; grows with size
    drift: float = 0.18  # SD of how much an area's status moves in ten years
    foreign_spread: float = 0.42
    foreign_tail: float = 0.50  # mean of the exponential part: a few areas with very many
    foreign_status: float = -0.40  # status of families with foreign background against others of the same area
    independent_choice: float = 0.38  # how much status decides who goes to an independent school
    public_choice: float = 0.08  # share who choose another public school than the nearest from year 7
    elsewhere: float = 0.04  # share who live in another municipality than the school's
    adapted: float = 0.013
    protected: float = 0.0015
    preschool: float = 0.88


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Grades in year 9. Effects are in merit points (340 scale); domain.md 10.2.

    A pupil's latent result is 229 + effects + ability; each subject adds its own noise of 1 on a scale where
    `points_per_unit` merit points are 1, and thresholds make A-F of it.
    """

    mean: float = 229.0
    points_per_unit: float = 37.0
    girls: float = 31.0  # girls minus boys, first year
    girls_trend: float = -0.5  # a year
    tertiary: float = 34.0  # against upper secondary
    tertiary_trend: float = 0.4
    compulsory: float = -27.0
    foreign: float = -8.0
    newcomer: float = -50.0  # at most four years in Sweden
    month: float = -0.9  # for each month later in the year
    context: float = 78.0  # for 1.0 in the share of tertiary-educated among the pupils of the unit and year
    ability: float = 51.5
    persistence: float = 0.72  # share of ability's variance that a pupil keeps from year 6 to year 9
    organiser: float = 4.5  # SD between organisers
    unit: float = 12.0  # SD between units, stable
    unit_year: float = 4.0  # SD between the years of a unit
    group: float = 5.0  # SD between classes
    slope: float = 6.0  # SD between units of the effect of tertiary-educated parents
    slope_correlation: float = -0.2
    subject: float = 0.13  # SD of a unit's own strength in a subject, in latent units
    shock: float = -28.0  # planted: what a few units lose in a year and the next
    shock_share: float = 0.06
    absence: float = -0.45  # correlation between ability and the tendency to be absent
    no_basis: float = 0.006
    reduced_studies: float = 0.014
    cancelled_tests: tuple[int, ...] = (2019, 2020)  # school years without national tests (the pandemic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The vicious circle, planted: five domains of a unit and its principals, each moved by the others a year later.

    `links` are (from, to, coefficient): what one unit more of `from` this year adds to `to` next year. A pair that
    is not named has no link: the placebo. `turnover` is principals who began, minus the expected number.
    """

    links: tuple[tuple[str, str, float], ...] = (
        ("steering", "steering", 0.45),
        ("teaching", "teaching", 0.40),
        ("calm", "calm", 0.35),
        ("support", "support", 0.40),
        ("health", "health", 0.45),
        ("turnover", "steering", -0.35),
        ("steering", "teaching", 0.22),
        ("teaching", "calm", 0.25),
        ("calm", "support", 0.15),
        ("steering", "support", 0.15),
        ("support", "health", 0.22),
        ("health", "calm", 0.12),
        ("calm", "teaching", 0.15),
    )
    turnover_links: tuple[tuple[str, float], ...] = (("steering", -0.35), ("support", -0.20))  # log rate
    result_links: tuple[tuple[str, float], ...] = (("teaching", 3.0), ("calm", 2.5), ("support", 1.0))  # merit points
    trait: float = 0.60  # SD of what a unit keeps
    trait_correlation: float = 0.40
    innovation: float = 0.65
    turnover_municipal: float = 0.23  # new principals a year (domain.md 10.3)
    turnover_independent: float = 0.175


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Absence: mean about 8 %, one in seven at 15 % or more, rising with the year of study (domain.md 10.3)."""

    median: float = 0.053  # of the scheduled time, in year 5
    spread: float = 0.86  # of its logarithm between pupils
    by_year: float = 0.085  # of the logarithm, for each year of study
    calm: float = -0.10
    shape: float = 0.9  # of the months of a pupil: many without, a few with much
    lesson: int = 40  # minutes
    unauthorised: float = 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Answers to a pupil survey. Centre of an area on a normal scale with four options, and what moves it."""

    response: float = 0.79
    unsure: float = 0.03
    calm_on_order: float = 0.23
    calm_on_safety: float = 0.18
    others: float = 0.22  # teaching, support and health on their own areas
    unit: float = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Crowns a pupil and year, in the first year; and how the socio-economic share is dealt out (domain.md 6)."""

    base: int = 78_000
    base_preschool_class: int = 52_000
    base_upper_secondary: int = 96_000
    rise: float = 0.028
    socioeconomic: float = 0.08  # share of the organiser's frame
    structural: int = 900_000  # for a small municipal school
    additional: int = 160_000  # for each pupil with extraordinary support
    stale: float = 0.45  # share of organisers that never renewed the index behind the socio-economic share


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that decides the data. Equal settings give equal bytes.

    `municipalities` of the 290 are simulated, each from random streams of its own: a municipality's schools and pupils
    are the same at every size. Raises `UsageError` for a size or years outside what the rules allow.
    """

    seed: int = 1
    municipalities: int = SIZES["demo"]
    first_year: int = 2015
    years: int = 10
    population: Population = field(default_factory=Population)
    results: Results = field(default_factory=Results)
    circle: Circle = field(default_factory=Circle)
    attendance: Attendance = field(default_factory=Attendance)
    survey: Survey = field(default_factory=Survey)
    money: Money = field(default_factory=Money)

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise UsageError(f"The seed {self.seed} is below 0.", "Give a whole number from 0.")
        if not 1 <= self.municipalities <= MOST_MUNICIPALITIES:
            raise UsageError(
                f"{self.municipalities} municipalities cannot be simulated.", f"Give 1 to {MOST_MUNICIPALITIES}."
            )
        if self.years < 1 or self.first_year < FIRST_YEAR or self.last_year > LAST_YEAR:
            raise UsageError(
                f"The school years {self.first_year} to {self.last_year} cannot be simulated.",
                f"Stay between {FIRST_YEAR} and {LAST_YEAR}: other rules for grades hold outside.",
            )

    @property
    def last_year(self) -> int:
        """The last school year, by the calendar year in which it begins."""
        return self.first_year + self.years - 1

    @property
    def school_years(self) -> range:
        """Every school year, by the calendar year in which it begins."""
        return range(self.first_year, self.last_year + 1)


def sized(size: str, *, seed: int = 1, first_year: int = 2015, years: int = 10) -> Settings:
    """Return the settings of a preset of `SIZES`. Raises `UsageError` for another word."""
    if size not in SIZES:
        raise UsageError(f"There is no size {size!r}.", f"Choose one of {', '.join(SIZES)}.")
    return Settings(seed=seed, municipalities=SIZES[size], first_year=first_year, years=years)
