"""When a delivery is due, and which are late: one stated rule for every kind of source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from itertools import groupby
from types import MappingProxyType

from likvard.terms import Words


class Every(Enum):
    """How often a source delivers."""

    SCHOOL_YEAR = "school year"
    TERM = "term"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Due:
    """The rule of one kind of source: its delivery for a period is due on a day, `after` years after the period begins.

    `source` is a pattern that the name of the source matches. `spring` is the day of a spring term, where a source
    delivers by the term; `month` and `day` are then the day of the autumn term. `called_off` gives periods without any
    delivery, and why.
    """

    source: str
    every: Every
    after: int
    month: int
    day: int
    rule: Words
    spring: tuple[int, int, int] = (1, 7, 31)
    called_off: Mapping[str, Words] = field(default_factory=lambda: MappingProxyType({}))

    def on(self, period: str) -> date:
        """The last day on which the period's delivery is in time."""
        after, month, day = self.spring if period.endswith("VT") else (self.after, self.month, self.day)
        return date(int(period[:4]) + after, month, day)


_NO_TESTS = Words(
    "De nationella proven ställdes in på grund av pandemin.",
    "The national tests were called off because of the pandemic.",
)
SCHEDULE: tuple[Due, ...] = (
    Due(
        r".*(register|units)",
        Every.SCHOOL_YEAR,
        0,
        11,
        15,
        Words(
            "Skolor och huvudmän: senast den 15 november, en månad efter mätdagen den 15 oktober.",
            "Schools and organisers: by 15 November, a month after the counting day of 15 October.",
        ),
    ),
    Due(
        r".*-pupils|scb-pupils.*|skolverket-siris-pupils.*",
        Every.SCHOOL_YEAR,
        0,
        11,
        15,
        Words(
            "Elever: senast den 15 november, en månad efter mätdagen den 15 oktober.",
            "Pupils: by 15 November, a month after the counting day of 15 October.",
        ),
    ),
    Due(
        r".*-grades.*",
        Every.SCHOOL_YEAR,
        1,
        7,
        31,
        Words(
            "Betyg: senast den 31 juli efter läsåret. Slutbetyg sätts i juni.",
            "Grades: by 31 July after the school year. Final grades are set in June.",
        ),
    ),
    Due(
        r".*-tests.*",
        Every.SCHOOL_YEAR,
        1,
        8,
        31,
        Words(
            "Nationella prov: senast den 31 augusti efter läsåret.",
            "National tests: by 31 August after the school year.",
        ),
        called_off=MappingProxyType({"2019/20": _NO_TESTS, "2020/21": _NO_TESTS}),
    ),
    Due(
        r".*-attendance",
        Every.TERM,
        1,
        1,
        31,
        Words(
            "Frånvaro: senast den 31 januari för höstterminen och den 31 juli för vårterminen.",
            "Absence: by 31 January for the autumn term and 31 July for the spring term.",
        ),
    ),
    Due(
        r".*(-survey|skolenkaten)",
        Every.SCHOOL_YEAR,
        1,
        8,
        31,
        Words("Enkäter: senast den 31 augusti efter läsåret.", "Surveys: by 31 August after the school year."),
    ),
    Due(
        r".*-money",
        Every.YEAR,
        1,
        5,
        31,
        Words(
            "Kostnader: senast den 31 maj året efter, när bokslutet är klart.",
            "Costs: by 31 May of the next year, when the accounts are closed.",
        ),
    ),
    Due(
        r".*-(matters|principals)",
        Every.SCHOOL_YEAR,
        1,
        8,
        31,
        Words(
            "Antal ärenden och rektorer: senast den 31 augusti efter läsåret.",
            "Matters and principals: by 31 August after the school year.",
        ),
    ),
    Due(
        r"(skolverket|synthetic)-(siris|statistics).*",
        Every.SCHOOL_YEAR,
        1,
        12,
        31,
        Words(
            "Publicerad statistik: senast den 31 december efter läsåret.",
            "Published statistics: by 31 December after the school year.",
        ),
    ),
)
"""The first that matches is the rule. A source without a period in its scope is never late: it has only an age."""

ENDED_AFTER = 3
"""Years without a delivery after which a series is taken to have ended, and nothing more is expected."""


@dataclass(frozen=True, slots=True)
class Late:
    """A delivery that was due and has not come: which period, since when, for how many days, and by which rule."""

    source: str
    whose: str
    period: str
    due: date
    days: int
    rule: Words


def rule_of(source: str) -> Due | None:
    """The rule of a source, by its name; None where nothing is expected of it."""
    return next((due for due in SCHEDULE if re.fullmatch(due.source, source)), None)


def period_of(scope: str) -> tuple[str, str]:
    """The last period of a scope (`2023/24`, `2023/24 HT`, `2023`) and whose it is (a number of an organiser or a unit).

    A scope without a year has the period `""`.
    """
    found = re.fullmatch(r"(?:\d{4}(?:/\d\d)?–)?(\d{4}(?:/\d\d)?)(?: (HT|VT))?(?: (.*))?", scope)
    if found is None:
        return "", scope
    return " ".join(filter(None, (found[1], found[2]))), found[3] or ""


def late(delivered: Iterable[tuple[str, str]], *, on: date) -> tuple[Late, ...]:
    """What should have come by the day `on`, from sources and scopes that have come: a series once begun goes on.

    Expected is every period from the first delivered one on whose day has passed. A series without anything for
    `ENDED_AFTER` years has ended. The longest overdue stand first.
    """
    series = sorted((source, *reversed(period_of(scope))) for source, scope in delivered)
    found: list[Late] = []
    for (source, whose), rows in groupby(series, lambda row: row[:2]):
        due, come = rule_of(source), {row[2] for row in rows if row[2]}
        if due is not None and come:
            found += _missing(source, whose, due, come, on)
    return tuple(sorted(found, key=lambda one: (one.due, one.source, one.whose)))


def _missing(source: str, whose: str, due: Due, come: set[str], on: date) -> Iterable[Late]:
    years = {int(period[:4]) for period in come}
    if on.year - max(years) > ENDED_AFTER:
        return
    for year in range(min(years), on.year + 1):
        for period in _periods(due.every, year, come):
            day = due.on(period)
            if day < on and period not in come and period not in due.called_off and period >= min(come):
                yield Late(source, whose, period, day, (on - day) // timedelta(days=1), due.rule)


def _periods(every: Every, year: int, come: set[str]) -> tuple[str, ...]:
    """The periods that begin in a year, written as those that have come: a source may give years for school years."""
    school_year = f"{year}/{(year + 1) % 100:02d}"
    if every is Every.TERM and any(period[-2:] in ("HT", "VT") for period in come):
        return f"{school_year} HT", f"{school_year} VT"
    return (school_year,) if any("/" in period for period in come) else (str(year),)
