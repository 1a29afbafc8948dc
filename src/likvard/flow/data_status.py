"""What was delivered when, what screening found, and what is late: the data page's content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from likvard.flow.schedule import SCHEDULE, late, period_of
from likvard.records.catalogue import NAME
from likvard.records.delivery import Delivery
from likvard.records.lake import Lake
from likvard.records.masking import mask
from likvard.records.reading import Finding, said
from likvard.records.screening import where
from likvard.terms import Language, Words

CONTENT: tuple[tuple[str, Words], ...] = (
    ("history", Words("Skolornas historia och rektorer", "The schools' history and principals")),
    ("register", Words("Skolor och huvudmän", "Schools and organisers")),
    ("units", Words("Skolor och huvudmän", "Schools and organisers")),
    ("merit", Words("Meritvärden", "Merit values")),
    ("siris-pupils", Words("Elever, per skola", "Pupils, by school")),
    ("pupils", Words("Elever", "Pupils")),
    ("grades", Words("Betyg", "Grades")),
    ("tests", Words("Nationella prov", "National tests")),
    ("attendance", Words("Närvaro och frånvaro", "Attendance and absence")),
    ("skolenkaten", Words("Skolenkäten", "The school survey (Skolenkäten)")),
    ("survey", Words("Enkäter", "Surveys")),
    ("money", Words("Kostnader", "Costs")),
    ("matters", Words("Antal ärenden", "Number of matters")),
    ("principals", Words("Rektorer", "Principals")),
    ("kolada", Words("Nyckeltal ur Kolada", "Key figures from Kolada")),
    ("v4", Words("Öppna data om skolor", "Open data on schools")),
    ("shapes", Words("Kommungränser", "Municipal borders")),
    ("statistics", Words("Publicerad statistik", "Published statistics")),
    ("siris", Words("Publicerad statistik, per skola", "Published statistics, by school")),
)
"""What a source holds, by a part of its name; the first that fits."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One delivery: what it holds, of which period, whose, how old, when it came, and what became of it.

    `whose` is the number of the organiser or unit that the file is of, `""` where it is of all. `rows` are rows over
    all tables. `state` is `active`, `replaced` or `withdrawn`. `warnings` is what screening warned of.
    """

    id: str
    source: str
    name: Words
    period: str
    whose: str
    vintage: str
    file: str
    at: datetime
    rows: int
    state: str
    reason: str
    warnings: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of screening, in both languages; personal numbers are struck out. `where` may be empty."""

    severity: str
    where: Words
    found: Words
    expected: Words
    remedy: Words


@dataclass(frozen=True, slots=True)
class Overdue:
    """A delivery that is late: what it holds, of which period, whose, since when and for how many days."""

    name: Words
    period: str
    whose: str
    due: date
    days: int


@dataclass(frozen=True, slots=True)
class DataStatus:
    """Every delivery, newest first, what is late, and the rules by which it is."""

    arrived: tuple[Arrived, ...]
    late: tuple[Overdue, ...]
    rules: tuple[Words, ...]

    def of(self, organisers: frozenset[str], units: frozenset[str]) -> DataStatus:
        """What some organisers may see: deliveries that are of all, their own, and their units' own."""
        own = organisers | units | {""}
        return DataStatus(
            tuple(one for one in self.arrived if one.whose in own),
            tuple(one for one in self.late if one.whose in own),
            self.rules,
        )


def data_status(lake: Path, *, on: date) -> DataStatus:
    """What lies in a lake on a day and what should; nothing where no lake has been made yet."""
    every = Lake.open(lake).deliveries(withdrawn=True) if (lake / NAME).exists() else ()
    active = [(d.source, d.scope) for d in every if str(d.state) == "active"]
    rules = tuple(dict.fromkeys(due.rule for due in SCHEDULE))
    overdue = (Overdue(content_of(one.source), one.period, one.whose, one.due, one.days) for one in late(active, on=on))
    return DataStatus(tuple(_arrived(d) for d in reversed(every)), tuple(overdue), rules)


def content_of(source: str) -> Words:
    """What a source holds, in words; its own name where we do not know it."""
    return next((words for part, words in CONTENT if part in source), Words(source, source))


def findings(lake: Path, delivery: str) -> tuple[Found, ...]:
    """What screening found when a delivery came. Raises `UsageError` if there is no such delivery."""
    return tuple(_found(finding) for finding in Lake.open(lake).findings(delivery))


def _arrived(delivery: Delivery) -> Arrived:
    period, rest = period_of(delivery.scope)
    whose = rest if rest.isdigit() and len(rest) in (8, 10) else ""
    return Arrived(
        delivery.id,
        delivery.source,
        content_of(delivery.source),
        " ".join(filter(None, (period, "" if whose else rest))),
        whose,
        delivery.vintage,
        mask(delivery.file),
        delivery.delivered_at,
        sum(delivery.rows.values()),
        str(delivery.state),
        delivery.withdrawn_reason,
        delivery.warnings,
        delivery.synthetic,
    )


def _found(finding: Finding) -> Found:
    return Found(
        str(finding.severity),
        Words(where(finding, Language.SV), where(finding, Language.EN)),
        _both(finding.found),
        _both(finding.expected),
        _both(finding.remedy),
    )


def _both(text: str | Words) -> Words:
    return Words(said(text, Language.SV), said(text, Language.EN))
