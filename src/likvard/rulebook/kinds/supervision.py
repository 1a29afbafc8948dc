"""Supervision: assessment areas, instruments and clocks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
