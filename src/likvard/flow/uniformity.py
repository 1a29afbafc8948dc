"""Do departments and inspectors judge alike? Findings per decision and time to close, after case mix (RiR 2019:6).

Two models of means, fitted from moments alone by `models.multilevel`. Departments are compared as fixed contrasts with
inspectors (and decisions) as random groups inside them, because an authority has few departments and a spread that is
estimated as zero must not hide them; inspectors are compared by their predicted effects, drawn toward the whole by how little
is known of each. All comparisons share one budget for false alarms, and the intervals are widened to it: an interval clears
zero exactly when the comparison survives (Benjamini & Yekutieli 2005, JASA 100: 71). Small groups are in the models but not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtri

from likvard.models.alarms import RATE, budget_of_p, two_sided_p
from likvard.models.multilevel import Effect, Fit, Model, fit
from likvard.models.multilevel_effects import effects
from likvard.models.restricted_mean import pseudo_values
from likvard.moments.columns import ONE, Column, Factor, identifier, number
from likvard.moments.gather import gather
from likvard.terms import ModelError, Words

Floats = NDArray[np.float64]

LEAST_IN_DEPARTMENT = 20
LEAST_INSPECTORS = 3
LEAST_BY_INSPECTOR = 10
LEAST_IN_ALL = 60
"""Fewest decisions (or findings) of a department, inspectors in one, decisions of an inspector, and in all."""

LEAST_OF_A_KIND = 10
"""A kind of case that is rarer is counted among the others."""

HORIZON = 365
"""Days up to which the time to close is counted; what takes longer counts as this long."""

_SIZES = ((200, "-199"), (500, "200-499"))


@dataclass(frozen=True, slots=True)
class Decided:
    """A first decision: who led the case and where, what kind of case it was, and how many findings it made.

    `department` and `inspector` are keys. `forms` are school forms by code, `pupils` how many the unit or organiser has.
    """

    case: str
    department: str
    inspector: str
    type: str
    level: str
    organiser_kind: str
    decided: date
    findings: int
    forms: tuple[str, ...] = ()
    pupils: int | None = None

    def __post_init__(self) -> None:
        if self.findings < 0:
            raise ModelError(f"The decision in {self.case} has {self.findings} findings.", "Count again.")


@dataclass(frozen=True, slots=True)
class Followed:
    """A finding that is followed up: its area and instrument, and when it was closed, if it has been."""

    case: str
    area: str
    instrument: str
    decided: date
    closed: date | None = None

    def __post_init__(self) -> None:
        if self.closed is not None and self.closed < self.decided:
            raise ModelError(f"A finding in {self.case} was closed before it was made.", "Check the days.")


@dataclass(frozen=True, slots=True)
class Compared:
    """One department or inspector: how far from the expected after case mix, per decision or in days.

    `instead` says why there is no comparison; then the numbers are nan. `mean` is as observed, `n` what it rests on.
    """

    key: str
    n: int
    mean: float = float("nan")
    difference: float = float("nan")
    se: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    survives: bool = False
    instead: Words | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One outcome: departments and inspectors compared, the mean of all, the spread that is left, how many it rests on."""

    departments: tuple[Compared, ...]
    inspectors: tuple[Compared, ...]
    mean: float
    n: int
    spread_inspectors: float


@dataclass(frozen=True, slots=True)
class Monitor:
    """Both questions, or why there is no answer; `tests` comparisons were made, `alarms` of them survive the budget."""

    on: date
    findings: Question | None
    days: Question | None
    tests: int
    alarms: int
    level: float
    homes: Mapping[str, str]
    why: Words | None = None

    @property
    def false_alarms(self) -> float:
        """How many of the alarms are expected to be false at most."""
        return RATE * self.alarms


TOO_FEW = Words(
    f"Det behövs minst {LEAST_IN_ALL} beslut från minst två avdelningar för att jämföra.",
    f"It takes at least {LEAST_IN_ALL} decisions of at least two departments to compare.",
)
FEW_IN_DEPARTMENT = Words(
    f"visas inte: färre än {LEAST_IN_DEPARTMENT} att räkna på eller färre än {LEAST_INSPECTORS} inspektörer",
    f"not shown: fewer than {LEAST_IN_DEPARTMENT} to count, or fewer than {LEAST_INSPECTORS} inspectors",
)
FEW_BY_INSPECTOR = Words(
    f"visas inte: färre än {LEAST_BY_INSPECTOR} att räkna på", f"not shown: fewer than {LEAST_BY_INSPECTOR} to count"
)
ONLY_ITS_OWN = Words(
    "går inte att jämföra: har bara ärenden av ett slag som ingen annan har",
    "cannot be compared: has only cases of a kind that nobody else has",
)
NO_SPREAD = Words(
    "ingen skillnad utöver vad slumpen ger mellan inspektörerna",
    "no difference between the inspectors beyond what chance gives",
)


def monitor(decided: Sequence[Decided], followed: Sequence[Followed], *, on: date) -> Monitor:
    """Compare departments and inspectors on both outcomes as of a day. Raises `ModelError` for rows that contradict."""
    by_case = {row.case: row for row in decided}
    if len(by_case) < len(decided):
        raise ModelError("A case comes twice.", "Give one row for each first decision.")
    homes = _homes(decided)
    if len(decided) < LEAST_IN_ALL or len({row.department for row in decided}) < 2:
        return Monitor(on, None, None, 0, 0, 1 - RATE, homes, TOO_FEW)
    known = [row for row in followed if row.case in by_case and row.decided <= on]
    parts = [_findings(decided)]
    if len(known) >= LEAST_IN_ALL and len({by_case[row.case].department for row in known}) > 1:
        parts.append(_days(known, by_case, on))
    return _judged(parts, on, homes)


def _homes(decided: Iterable[Decided]) -> Mapping[str, str]:
    """The department in which each inspector decided most; of two, the first by name."""
    counts: dict[str, Counter[str]] = {}
    for row in decided:
        counts.setdefault(row.inspector, Counter())[row.department] += 1
    return MappingProxyType({who: min(found, key=lambda d: (-found[d], d)) for who, found in counts.items()})


@dataclass(frozen=True)
class _Table:
    """Rows for the models: an outcome, a department, an inspector and a case each, and kinds of case by name."""

    outcome: Floats
    department: NDArray[np.str_]
    inspector: NDArray[np.str_]
    case: NDArray[np.str_]
    mix: Mapping[str, NDArray[np.str_]]


def _findings(decided: Sequence[Decided]) -> tuple[_Table, Question]:
    table = _Table(np.array([float(row.findings) for row in decided]), *_who(decided), _mix(decided))
    return table, _question(table, ())


def _days(followed: Sequence[Followed], by_case: Mapping[str, Decided], on: date) -> tuple[_Table, Question]:
    """Times to close as pseudo-values: those that are open count as far as they have come."""
    cases = [by_case[row.case] for row in followed]
    ends = [row.closed if row.closed is not None and row.closed <= on else None for row in followed]
    days = [((end or on) - row.decided).days for row, end in zip(followed, ends, strict=True)]
    outcome = pseudo_values(days, [end is not None for end in ends], HORIZON)
    mix = _mix(cases) | {
        "area": np.array([row.area for row in followed]),
        "instrument": np.array([row.instrument for row in followed]),
    }
    table = _Table(outcome, *_who(cases), mix)
    return table, _question(table, (Effect("case", ("inspector", "case")),))


def _who(rows: Sequence[Decided]) -> tuple[NDArray[np.str_], NDArray[np.str_], NDArray[np.str_]]:
    return (
        np.array([row.department for row in rows]),
        np.array([row.inspector for row in rows]),
        np.array([row.case for row in rows]),
    )


def _mix(rows: Sequence[Decided]) -> dict[str, NDArray[np.str_]]:
    """What makes cases unlike each other, whoever has them. Forms are taken together as they come in a case."""
    take: Mapping[str, Callable[[Decided], str]] = {
        "type": lambda row: row.type,
        "level": lambda row: row.level,
        "organiser_kind": lambda row: row.organiser_kind,
        "form": lambda row: "+".join(sorted(row.forms)),
        "size": lambda row: _size(row.pupils),
        "year": lambda row: str(row.decided.year),
    }
    return {name: np.array([of(row) for row in rows]) for name, of in take.items()}


def _size(pupils: int | None) -> str:
    if pupils is None:
        return "?"
    return next((name for limit, name in _SIZES if pupils < limit), "500-")


def _question(table: _Table, more: tuple[Effect, ...]) -> Question:
    """Both comparisons of one outcome, not yet judged: intervals come with the budget."""
    inspector = Effect("inspector", ("inspector",))
    mix = [column for name in table.mix for column in _indicators(table, name)]
    places = _contrasts("department", sorted(set(table.department.tolist())))
    by_place = _fit(table, (*mix, *places), (inspector, *more))
    by_person = _fit(table, tuple(mix), (inspector, *more))
    spread = next(float(c.sd[0]) for c in by_person.components if c.name == "inspector")
    return Question(
        departments=_departments(table, by_place, places),
        inspectors=_inspectors(table, by_person),
        mean=float(table.outcome.mean()),
        n=len(table.outcome),
        spread_inspectors=spread,
    )


def _indicators(table: _Table, name: str) -> tuple[Column, ...]:
    """A column for each kind but the commonest; kinds that are too rare are the commonest's."""
    counted = Counter(table.mix[name].tolist())
    kinds = sorted(counted, key=lambda kind: (-counted[kind], kind))
    return _contrasts(name, [kinds[0], *(kind for kind in kinds[1:] if counted[kind] >= LEAST_OF_A_KIND)])


def _contrasts(name: str, levels: Sequence[str]) -> tuple[Column, ...]:
    factor = Factor(name, f"coalesce(nullif({identifier(name)}, ''), '-')", tuple(level or "-" for level in levels))
    return tuple(Column(f"{name}={level}", marks=((factor, i),)) for i, level in enumerate(levels) if i)


def _fit(table: _Table, fixed: tuple[Column, ...], terms: tuple[Effect, ...]) -> Fit:
    outcome = number("outcome", float(np.round(table.outcome.mean())))
    rows = {"outcome": table.outcome, "department": table.department, "inspector": table.inspector, "case": table.case}
    groups = tuple(dict.fromkeys(group for term in terms for group in term.group))
    with duckdb.connect() as con:
        con.register("rows_", pa.table({**rows, **table.mix}))
        moments = gather(con, "rows_", groups, (ONE, *fixed, outcome))
    return fit(moments, Model(outcome, (ONE, *fixed), terms))


def _departments(table: _Table, found: Fit, columns: Sequence[Column]) -> tuple[Compared, ...]:
    """Each department's distance from the mean of all decisions, as a contrast of the fixed effects."""
    names = sorted(set(table.department.tolist()))
    weight = np.array([(table.department == name).mean() for name in names])
    place = {name: i for i, name in enumerate(found.names)}
    rows = np.zeros((len(names), len(found.names)))
    for i, column in enumerate(columns, start=1):
        if column.name in place:
            rows[i, place[column.name]] = 1.0
    contrast = rows - weight @ rows
    difference = contrast @ found.beta
    se = np.sqrt(np.einsum("dp,pq,dq->d", contrast, found.vcov, contrast))
    lost = {column.name.removeprefix("department=") for column in columns} & {
        name.removeprefix("department=") for name in found.aliased
    }
    return tuple(
        _department(table, name, float(d), float(s), name in lost)
        for name, d, s in zip(names, difference, se, strict=True)
    )


def _department(table: _Table, name: str, difference: float, se: float, lost: bool) -> Compared:
    here = table.department == name
    n, people = int(here.sum()), len(set(table.inspector[here].tolist()))
    if n < LEAST_IN_DEPARTMENT or people < LEAST_INSPECTORS:
        return Compared(name, n, instead=FEW_IN_DEPARTMENT)
    if lost or not se > 0:
        return Compared(name, n, instead=ONLY_ITS_OWN)
    return Compared(name, n, float(table.outcome[here].mean()), difference, se)


def _inspectors(table: _Table, found: Fit) -> tuple[Compared, ...]:
    part = next(one for one in effects(found) if one.name == "inspector")
    counted = Counter(table.inspector.tolist())
    return tuple(
        _inspector(str(who), counted[str(who)], float(mode), float(sd))
        for who, mode, sd in zip(part.keys[0], part.mode[:, 0], part.comparison_sd[:, 0], strict=True)
    )


def _inspector(who: str, n: int, difference: float, se: float) -> Compared:
    if n < LEAST_BY_INSPECTOR:
        return Compared(who, n, instead=FEW_BY_INSPECTOR)
    if not se > 0:
        return Compared(who, n, instead=NO_SPREAD)
    return Compared(who, n, difference=difference, se=se)


def _judged(parts: Sequence[tuple[_Table, Question]], on: date, homes: Mapping[str, str]) -> Monitor:
    """All comparisons in one budget, and intervals at the level at which the last survivor clears zero."""
    questions = [question for _, question in parts]
    told = [one for q in questions for one in (*q.departments, *q.inspectors) if one.instead is None]
    budget = budget_of_p(two_sided_p([one.difference for one in told], [one.se for one in told]))
    line = budget.rate * max(budget.alarms, 1) / max(budget.tests, 1)
    reach = float(-ndtri(line / 2))
    judged = iter(_with_interval(one, reach) for one in told)
    answers = [_filled(question, judged) for question in questions]
    return Monitor(
        on, answers[0], answers[1] if len(answers) > 1 else None, budget.tests, budget.alarms, 1 - line, homes
    )


def _with_interval(one: Compared, reach: float) -> Compared:
    low, high = one.difference - reach * one.se, one.difference + reach * one.se
    return Compared(one.key, one.n, one.mean, one.difference, one.se, low, high, survives=low > 0 or high < 0)


def _filled(question: Question, judged: Iterable[Compared]) -> Question:
    """The question with its comparisons judged, those that are not shown left as they are."""
    told = iter(judged)

    def fill(rows: tuple[Compared, ...]) -> tuple[Compared, ...]:
        return tuple(next(told) if one.instead is None else one for one in rows)

    departments = fill(question.departments)
    return Question(departments, fill(question.inspectors), question.mean, question.n, question.spread_inspectors)
