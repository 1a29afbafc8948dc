"""Supervision: assessment areas, instruments and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from likvard.terms import OrganiserKind, Words


class AreaLevel(StrEnum):
    """What an assessment area belongs to."""

    UNIT_SUPERVISION = "unit_supervision"
    ORGANISER_SUPERVISION = "organiser_supervision"
    UNIT_AUDIT = "unit_audit"
    ORGANISER_AUDIT = "organiser_audit"


@dataclass(frozen=True, slots=True)
class AssessmentArea:
    """An area that the Schools Inspectorate assesses, under the heading of its time.

    `provisions` are keys of the rule `provisions`. An audit judges quality, not legality: it has none, but a scale of
    `judgements`, best first.
    """

    level: AreaLevel
    name: Words
    provisions: tuple[str, ...] = ()
    judgements: tuple[Words, ...] = ()
    independent_only: bool = False

    def __post_init__(self) -> None:
        audit = self.level in (AreaLevel.UNIT_AUDIT, AreaLevel.ORGANISER_AUDIT)
        if audit == bool(self.provisions) or audit != bool(self.judgements):
            raise ValueError("supervision rests on provisions, an audit on a scale of judgements")


@dataclass(frozen=True, slots=True)
class Inspection:
    """A kind of inspection, under the name of its time. `outcomes` are keys of `instruments`; an audit has none."""

    name: Words
    about: Words
    outcomes: tuple[str, ...] = ()


class Appeal(StrEnum):
    """Whether a decision may be appealed."""

    YES = "yes"
    NO = "no"
    WITH_FINE = "with_fine"  # only if it carries a fine (vite)
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What an instrument does to a case."""

    FINDING = "finding"  # a deficiency was found, and this is what follows
    SANCTION = "sanction"  # what may follow if it is not mended
    INFORMATION = "information"  # to get to know
    NONE = "none"  # nothing was found


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the Inspectorate can decide, with its limits in law.

    * `provisions`: keys of the rule `provisions`.
    * `may_carry_fine`: whether it may be put under penalty of a fine (vite, 26:27).
    * `needs_measures`: whether the decision must state what the organiser shall do.
    * `followed_up`: whether the organiser must mend the deficiency and it is followed up.
    * `immediate`: whether it applies at once.
    * `needs_injunction`, `needs_serious`: whether it takes an injunction that was not followed, a serious
      irregularity (allvarligt missförhållande).
    * `within_months`: how long after an earlier injunction it may be used; None has no such rule.
    * `max_months`: how long it may last; None has no limit.
    * `organisers`: against whom.
    """

    kind: Kind
    name: Words
    about: Words
    provisions: tuple[str, ...]
    appeal: Appeal
    organisers: tuple[OrganiserKind, ...]
    may_carry_fine: bool = False
    needs_measures: bool = False
    followed_up: bool = False
    immediate: bool = False
    needs_injunction: bool = False
    needs_serious: bool = False
    within_months: int | None = None
    max_months: int | None = None

    def __post_init__(self) -> None:
        if self.appeal is Appeal.WITH_FINE and not self.may_carry_fine:
            raise ValueError("what cannot carry a fine cannot be appealed because of it")


class EvidenceKind(StrEnum):
    """What a document or an observation can show about a deficiency. The first two show only what is meant to be done."""

    PLAN = "plan"
    ROUTINE = "routine"
    RECORD = "record"
    RESULT = "result"
    SURVEY = "survey"
    FIGURE = "figure"
    OBSERVATION = "observation"


EVIDENCE: Mapping[EvidenceKind, Words] = MappingProxyType(
    {
        EvidenceKind.PLAN: Words("plan för vad som ska göras", "plan of what will be done"),
        EvidenceKind.ROUTINE: Words("rutin eller riktlinje", "routine or guideline"),
        EvidenceKind.RECORD: Words("handlingar om vad som har gjorts", "records of what has been done"),
        EvidenceKind.RESULT: Words("uppföljning av vad åtgärden har gett", "follow-up of what the measure has led to"),
        EvidenceKind.SURVEY: Words(
            "svar från elever, vårdnadshavare eller personal", "answers from pupils, guardians or staff"
        ),
        EvidenceKind.FIGURE: Words("statistik", "statistics"),
        EvidenceKind.OBSERVATION: Words("iakttagelse på plats", "observation on site"),
    }
)
"""What each kind of evidence is called."""

RESULTS = frozenset(EvidenceKind) - {EvidenceKind.PLAN, EvidenceKind.ROUTINE}
"""Evidence of how things are, and not only of what is meant to be done."""


@dataclass(frozen=True, slots=True)
class Closure:
    """What it takes to close a finding in an area as remedied.

    `evidence`: at least one piece of one of these kinds. `visit`: whether somebody must have been there. `second_reader`:
    whether a second person must approve. A plan or a routine alone closes nothing, so neither may stand here.
    """

    evidence: tuple[EvidenceKind, ...]
    why: Words
    visit: bool = False
    second_reader: bool = False

    def __post_init__(self) -> None:
        if not self.evidence or not RESULTS.issuperset(self.evidence):
            raise ValueError("a finding closes on evidence of results, never on a plan or a routine alone")


class Span(StrEnum):
    """Units of a time limit."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Force(StrEnum):
    """Where a time limit comes from."""

    STATUTE = "statute"
    DECISION = "decision"  # the day stands in the decision
    CUSTOM = "custom"  # nobody is bound by it


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time: `Limit(3, weeks)`. Zero days is the same day."""

    length: int
    span: Span

    def __post_init__(self) -> None:
        if self.length < 0:
            raise ValueError("a time limit is not negative")


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty that runs against time.

    `starts` is the event from which it runs. `limit` is the time given; without it the law says or implies only
    a word, such as *skyndsamt* in `word`, and `due` gives no day.
    """

    duty: Words
    starts: Words
    force: Force
    provisions: tuple[str, ...] = ()
    limit: Limit | None = None
    word: str | None = None

    def __post_init__(self) -> None:
        if self.limit is None and self.word is None:
            raise ValueError("a clock needs a limit or the word that the law uses")
