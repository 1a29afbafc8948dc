"""Charts as data: what is shown, never how.

Every number is a `Released` value. Schools stand by area and name, whatever the order given, never by result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, pairwise

from likvard.disclosure.cells import Released
from likvard.figures.charts_circle import CircleDiagram, DomainProfile
from likvard.figures.charts_intervals import Intervals
from likvard.figures.charts_map import MunicipalityMap
from likvard.figures.charts_need import NeedOfAll
from likvard.figures.measures import FigureError, Period, Scale, position, swedish_order
from likvard.terms import Words


class Status(StrEnum):
    """Where a result stands to what was expected. Shown as shape, word and colour, always all three."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


def status(difference: Released) -> Status | None:
    """Below or above only when the whole interval clears zero; None where the difference is hidden."""
    if difference.value is None:
        return None
    if difference.low is None or difference.high is None:
        return Status.WITHIN
    if difference.high < 0:
        return Status.BELOW
    return Status.ABOVE if difference.low > 0 else Status.WITHIN


def _increasing(periods: tuple[Period, ...]) -> None:
    if not periods:
        raise FigureError("The chart has no period.", "Give at least one school year, or no chart.")
    if any(position(a) >= position(b) for a, b in pairwise(periods)):
        raise FigureError(f"The periods {', '.join(map(str, periods))} do not follow on.", "Sort them by time.")


def _as_long(periods: tuple[Period, ...], points: tuple[Released | None, ...], what: str) -> None:
    if len(points) != len(periods):
        raise FigureError(
            f"{what} has {len(points)} values for {len(periods)} periods.",
            "Give one released cell per period; a missing one is a cell with its reason.",
        )


@dataclass(frozen=True, slots=True)
class Break:
    """The measure changed: lines are cut between `before` and the period ahead of it, and the reason is written."""

    before: Period
    reason: Words


@dataclass(frozen=True, slots=True)
class MeasureTaken:
    """A measure (åtgärd) drawn as a numbered band. The texts say what was expected beforehand and what came out.

    `indicator` is the one in which it was expected to be seen: it is drawn in the curves of that one; empty, in every curve.
    """

    name: Words
    start: date
    end: date | None
    expected: Words
    outcome: Words
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """A unit in a chart. `area` groups and orders; `instead` says why a unit has no value of this kind at all."""

    name: str
    area: str = ""
    code: str = ""
    instead: Words | None = None

    @property
    def order(self) -> tuple[tuple[str, str], ...]:
        """Area, name, code, in Swedish order."""
        return swedish_order(self.area), swedish_order(self.name), swedish_order(self.code)


@dataclass(frozen=True, slots=True)
class Line:
    """One group or comparison over time: a cell per period of its chart."""

    label: Words
    points: tuple[Released, ...]


Edges = tuple[tuple[Released, Released] | None, ...]
"""The lower and the upper edge of where a result is expected, per period, each a released cell; None: not known."""


def between(edges: Edges, i: int) -> tuple[float, float] | None:
    """The two edges of a period as numbers; None where that is not known or not shown."""
    pair = edges[i]
    if pair is None or pair[0].value is None or pair[1].value is None:
        return None
    return pair[0].value, pair[1].value


# 1 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spread:
    """All schools of one period. `own` are marked by shape and named; `rest` are dots.

    `mean` is the weighted mean; `lower` and `upper` are the edges of the band between schools.
    """

    period: Period
    own: tuple[tuple[School, Released], ...]
    rest: tuple[Released, ...] = ()
    mean: Released | None = None
    lower: Released | None = None
    upper: Released | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "own", tuple(sorted(self.own, key=lambda pair: pair[0].order)))


@dataclass(frozen=True, slots=True)
class Distribution:
    """How schools lie, year by year, with the weighted mean and the band between schools."""

    scale: Scale
    spreads: tuple[Spread, ...]
    own: Words
    rest: Words
    mean: Words
    band: Words
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        _increasing(tuple(s.period for s in self.spreads))


# 2 ---------------------------------------------------------------------------------------------------------


SCHOOL, PUPILS = Words("Skola", "School"), Words("Elever", "Pupils")


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """One school: distance from what is expected with its interval; result and expected result beside it."""

    school: School
    difference: Released | None
    result: Released | None = None
    expected: Released | None = None

    def __post_init__(self) -> None:
        if self.difference is None and self.school.instead is None:
            raise FigureError(
                f"{self.school.name} has neither a difference nor a reason.", "Give `instead` in words, or a cell."
            )


@dataclass(frozen=True, slots=True)
class Expected:
    """Result against expected, a row per school, ordered by area and name whatever the order given.

    `head` is what a row is, `counted` what its `n` counts, where that is not a school and its pupils; `doubt` says what the
    intervals are, where they are not the usual ones. Without `beside` only the distance is told, not the result and the expected.
    """

    rows: tuple[ExpectedRow, ...]
    difference: Scale
    result: Scale
    head: Words = SCHOOL
    counted: Words = PUPILS
    doubt: Words | None = None
    beside: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(sorted(self.rows, key=lambda row: row.school.order)))


# 3 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FunnelLimit:
    """One pair of control limits as a function of size; computed from the released centre, so it hides nothing."""

    coverage: float
    size: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.size) == len(self.low) == len(self.high) >= 2:
            raise FigureError("A funnel limit needs as many low and high values as sizes, at least two.")


@dataclass(frozen=True, slots=True)
class Funnel:
    """Result against size, with limits for chance. Only schools outside the outer limit are named.

    Each point is a school and its cell; the cell's `n` is the size. `outside` are the codes (or, without a code,
    the names) outside the outer limit, as the model decided. `by_chance` is how many chance alone would put there.
    """

    scale: Scale
    size: Words
    points: tuple[tuple[School, Released], ...]
    centre: Released
    centre_label: Words
    limits: tuple[FunnelLimit, ...]
    outside: frozenset[str] = frozenset()
    by_chance: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(sorted(self.points, key=lambda pair: pair[0].order)))
        unknown = self.outside - {key_of(school) for school, _ in self.points}
        if unknown:
            raise FigureError(f"Outside the limit, but not in the funnel: {', '.join(sorted(unknown))}.")


NAMED = 8
"""More schools than this outside the limit are named in the table only: more names do not fit in the picture."""


def key_of(school: School) -> str:
    """What a school is called in `outside`: its code, or its name where it has none."""
    return school.code or school.name


# 4 and 9 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GapTrend:
    """Two or three groups over time, and below them the gap by itself, from zero."""

    scale: Scale
    gap_scale: Scale
    periods: tuple[Period, ...]
    groups: tuple[Line, ...]
    gap: Line
    breaks: tuple[Break, ...] = ()
    measures: tuple[MeasureTaken, ...] = ()

    def __post_init__(self) -> None:
        _increasing(self.periods)
        if not 2 <= len(self.groups) <= 3:
            raise FigureError(f"A gap trend shows two or three groups, not {len(self.groups)}.", "Use small multiples.")
        for line in chain(self.groups, (self.gap,)):
            _as_long(self.periods, line.points, line.label.en)


@dataclass(frozen=True, slots=True)
class Trend:
    """One to three lines with intervals over time, and dashed comparison lines without.

    `edges` is the band in which the first line is expected to lie.
    """

    scale: Scale
    periods: tuple[Period, ...]
    lines: tuple[Line, ...]
    comparisons: tuple[Line, ...] = ()
    breaks: tuple[Break, ...] = ()
    measures: tuple[MeasureTaken, ...] = ()
    edges: Edges = ()

    def __post_init__(self) -> None:
        _increasing(self.periods)
        if len(self.edges) not in (0, len(self.periods)):
            raise FigureError(
                f"A band of {len(self.edges)} edges for {len(self.periods)} periods.", "Give all or none."
            )
        if not 1 <= len(self.lines) <= 3 or len(self.comparisons) > 2:
            raise FigureError("A trend shows one to three lines and at most two comparisons.", "Use small multiples.")
        for line in chain(self.lines, self.comparisons):
            _as_long(self.periods, line.points, line.label.en)


# 5 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """A column of the heat table: the name in full and a short one of at most eight letters."""

    name: Words
    short: Words


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One school: a cell per subject. `kept` are the positions of differences that survive the false-alarm budget."""

    school: School
    cells: tuple[Released, ...]
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Heat:
    """Unit by subject. `tests` differences were tested; `rate` is the expected share of false alarms among the kept."""

    scale: Scale
    subjects: tuple[Subject, ...]
    rows: tuple[HeatRow, ...]
    tests: int
    rate: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(sorted(self.rows, key=lambda row: row.school.order)))
        for row in self.rows:
            width = len(row.cells) or len(self.subjects) * (row.school.instead is not None)
            if width != len(self.subjects) or any(not 0 <= k < len(row.cells) for k in row.kept):
                raise FigureError(
                    f"{row.school.name} has {len(row.cells)} cells for {len(self.subjects)} subjects.",
                    "Give one released cell per subject, or none and `instead`.",
                )
            if any(row.cells[k].value is None for k in row.kept):
                raise FigureError(
                    f"{row.school.name} has a hidden cell among those kept.", "A hidden cell has no tint."
                )


# 6 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Panel:
    """One school of the small multiples. A year before it opened, or after it closed, has no cell.

    `expected` gives the band (its low and high) or a line (its value).

    `edges` gives the band where its two sides are cells of their own. `difference` is the last year's distance from
    expected with its interval; without it the mark stays grey.
    """

    school: School
    own: tuple[Released | None, ...]
    expected: tuple[Released, ...] = ()
    difference: Released | None = None
    edges: Edges = ()

    def band(self, i: int) -> tuple[float, float] | None:
        """Where the result of a period is expected to lie; None where that is not known or not shown."""
        if self.edges:
            return between(self.edges, i)
        low, high = (self.expected[i].low, self.expected[i].high) if self.expected else (None, None)
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True, slots=True)
class SmallMultiples:
    """The same axes for every school, stated once; the interval stands on the last year only."""

    scale: Scale
    periods: tuple[Period, ...]
    panels: tuple[Panel, ...]
    breaks: tuple[Break, ...] = ()

    def __post_init__(self) -> None:
        _increasing(self.periods)
        object.__setattr__(self, "panels", tuple(sorted(self.panels, key=lambda panel: panel.school.order)))
        for panel in self.panels:
            for points in filter(None, (panel.own, panel.expected, tuple(pair and pair[0] for pair in panel.edges))):
                _as_long(self.periods, points, panel.school.name)


# 8 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SharesBar:
    """One stacked bar: a share (0-1) with interval per level."""

    label: Words
    shares: tuple[Released, ...]


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """How much of all differences lies between organisers, schools, classes and pupils; before and after intake.

    `focus` is the position of the level that the sentence is about: the one above pupils, if not given.
    """

    levels: tuple[Words, ...]
    bars: tuple[SharesBar, ...]
    focus: int = -2

    def __post_init__(self) -> None:
        for bar in self.bars:
            if len(bar.shares) != len(self.levels) or not 2 <= len(self.levels) <= 4:
                raise FigureError(f"The bar {bar.label.en!r} needs one share per level, two to four levels.")
        if not -len(self.levels) <= self.focus < len(self.levels):
            raise FigureError(f"There is no level {self.focus} to speak of.", "Count from nought.")


# 10 --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MoneyPoint:
    """One school: its need, the crowns a pupil that it has now, and what a proposal gives it."""

    school: School
    need: Released
    now: Released | None = None
    proposed: Released | None = None


TODAY = Words("i dag", "now")
"""What money is called that schools get now."""


@dataclass(frozen=True, slots=True)
class MoneyAgainstNeed:
    """Crowns a pupil against need: a ring for now and a diamond for the proposal, joined.

    `full` is what need alone would give, as crowns a pupil at need 0 and per index point; it follows from the rule, so it hides
    nothing. `named` are the codes of the schools to name. `decided` says that the proposal has become a decision, `tried` that it is
    somebody's attempt, `before` what the rings are called: today, or the year that they are of.
    """

    money: Scale
    need: Scale
    points: tuple[MoneyPoint, ...]
    full: tuple[float, float] | None = None
    named: frozenset[str] = frozenset()
    decided: bool = False
    before: Words = TODAY
    tried: bool = False

    @property
    def given(self) -> Words:
        """What the money of the diamonds is called."""
        if self.tried:
            return Words("med försöket", "with the attempt")
        return (
            Words("enligt beslutet", "by the decision") if self.decided else Words("med förslaget", "with the proposal")
        )

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(sorted(self.points, key=lambda point: point.school.order)))


Chart = (
    Distribution
    | Expected
    | Funnel
    | GapTrend
    | Trend
    | Heat
    | SmallMultiples
    | MunicipalityMap
    | VarianceShares
    | MoneyAgainstNeed
    | CircleDiagram
    | DomainProfile
    | NeedOfAll
    | Intervals
)
