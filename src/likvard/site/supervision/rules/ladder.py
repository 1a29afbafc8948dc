"""The ladder: what the Inspectorate can do about a finding that remains, step by step, and what the law does not allow. Pure.

Considered → injunction (26 kap. 10 § skollagen) → injunction with a fine (27 §) → application to the administrative court that the
fine be imposed (lagen 1985:206 om viten, 6 §) → a sanction on its own terms (13–18 §§). Limits in law are the rulebook's
(`legality`); the order of the steps, and what must have happened before each, is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.rulebook.kinds.supervision import Instrument, Kind
from likvard.rulebook.legality import faults
from likvard.rulebook.lookup import rule
from likvard.site.ui.language import current
from likvard.terms import OrganiserKind


class Step(TextChoices):
    """Steps of the ladder, from the lowest."""

    CONSIDERED = "considered", gettext_lazy("the next step is being considered")
    INJUNCTION = "injunction", gettext_lazy("injunction")
    FINE = "fine", gettext_lazy("injunction with a fine")
    COURT = "court", gettext_lazy("application to the court that the fine be imposed")
    SANCTION = "sanction", gettext_lazy("sanction")


class Ending(TextChoices):
    """How a step came to its end."""

    MET = "met", gettext_lazy("met: its conditions hold")
    LIFTED = "lifted", gettext_lazy("lifted")
    REPLACED = "replaced", gettext_lazy("replaced by the next step")
    OVERTURNED = "overturned", gettext_lazy("overturned or refused by a court")
    CARRIED_OUT = "carried_out", gettext_lazy("carried out")


NEXT: dict[str, tuple[Step, ...]] = {
    "": (Step.CONSIDERED, Step.INJUNCTION, Step.FINE),
    Step.CONSIDERED: (Step.INJUNCTION, Step.FINE, Step.SANCTION),
    Step.INJUNCTION: (Step.CONSIDERED, Step.FINE, Step.SANCTION),
    Step.FINE: (Step.CONSIDERED, Step.FINE, Step.COURT, Step.SANCTION),
    Step.COURT: (Step.CONSIDERED, Step.FINE, Step.SANCTION),
    Step.SANCTION: (Step.SANCTION,),
}
"""What can follow on what. A new fine can follow on a fine; a temporary prohibition is followed by what it waits for."""

BY_DECISION = frozenset({Step.INJUNCTION, Step.FINE, Step.SANCTION})
"""Steps that take a signed decision. To consider is a note; an application to the court is a letter of the case."""

REPLACES: dict[Step, frozenset[Step]] = {
    Step.CONSIDERED: frozenset({Step.CONSIDERED}),
    Step.INJUNCTION: frozenset({Step.CONSIDERED, Step.INJUNCTION}),
    Step.FINE: frozenset({Step.CONSIDERED, Step.INJUNCTION, Step.FINE}),
    Step.COURT: frozenset({Step.CONSIDERED}),
    Step.SANCTION: frozenset({Step.CONSIDERED, Step.SANCTION}),
}
"""What a new step puts in the place of. A fine stands while the court has it."""

INJUNCTION = "injunction"


@dataclass(frozen=True, slots=True)
class Rung:
    """A step that stands: since when, by when it was to be followed, with which fine, and whether it is appealed."""

    step: Step
    since: date
    due: date | None = None
    fine: int | None = None
    appealed: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where a finding stands on the ladder on a day.

    `standing` are the steps that have not ended, `not_followed` whether the newest assessment, made after the day in the
    injunction, says that the deficiency is there. `type` is a key of the rulebook's inspections.
    """

    on: date
    organiser_kind: OrganiserKind
    type: str
    serious: bool = False
    settled: bool = False
    not_followed: bool = False
    standing: tuple[Rung, ...] = ()

    def last(self, *steps: Step) -> Rung | None:
        """The newest of the standing steps of these kinds."""
        return max((rung for rung in self.standing if rung.step in steps), key=lambda rung: rung.since, default=None)

    @property
    def top(self) -> str:
        """The highest standing step above considering; empty if there is none."""
        order = list(Step)
        steps = [rung.step for rung in self.standing if rung.step is not Step.CONSIDERED]
        return max(steps, key=order.index, default="")

    @property
    def considered(self) -> bool:
        """Whether the next step is being considered."""
        return any(rung.step is Step.CONSIDERED for rung in self.standing)


@dataclass(frozen=True, slots=True)
class Asked:
    """The step that somebody wants to take. `instrument` is the sanction's key; `measures` how many the decision states."""

    step: Step
    instrument: str = ""
    fine: int | None = None
    due: date | None = None
    until: date | None = None
    measures: int = 0


def base(instrument: str, *, fine: int | None, decided: date, due: date | None, followed_up: bool) -> Rung | None:
    """The step on which a finding begins by its own instrument; None for what is no step (a remark, an area to develop)."""
    if instrument == INJUNCTION:
        return Rung(Step.FINE if fine else Step.INJUNCTION, decided, due, fine)
    if not instrument or not followed_up:
        return None
    found: Instrument = rule(f"instruments:{instrument}", decided).value
    return Rung(Step.SANCTION, decided, due) if found.kind is Kind.SANCTION else None


def steps_from(position: Position) -> tuple[Step, ...]:
    """What can come next by the order of the ladder alone."""
    if position.settled:
        return ()
    ahead = NEXT[position.top]
    return tuple(step for step in ahead if not (step is Step.CONSIDERED and position.considered))


def refusals(position: Position, asked: Asked) -> tuple[str, ...]:
    """Why this step cannot be taken now; empty if nothing stands against it. The reasons are for a person to read."""
    if position.settled:
        return (_("The finding is settled: nothing is left to take further. Open it again first."),)
    if asked.step not in steps_from(position):
        here = Step(position.top).label if position.top else _("no step yet")
        return (
            _("From “%(here)s” the ladder does not lead to “%(there)s”.") % {"here": here, "there": asked.step.label},
        )
    match asked.step:
        case Step.COURT:
            return tuple(_court(position))
        case Step.SANCTION:
            return _sanction(position, asked)
        case Step.INJUNCTION | Step.FINE:
            return _injunction(position, asked)
        case _:
            return ()


def _injunction(position: Position, asked: Asked) -> tuple[str, ...]:
    found = []
    if asked.step is Step.FINE and not asked.fine:
        found.append(_("State the fine in whole crowns."))
    if asked.step is Step.INJUNCTION and asked.fine:
        found.append(_("An injunction with a fine is a step of its own."))
    wrong = faults(
        INJUNCTION, on=position.on, organiser_kind=position.organiser_kind, inspection_type=position.type,
        serious=position.serious, measures=asked.measures, fine=asked.fine, due=asked.due, decided=position.on,
    )  # fmt: skip
    return (*found, *(text[current()] for text in wrong))


def _court(position: Position) -> Iterable[str]:
    fined = position.last(Step.FINE)
    if fined is None:
        yield _("It takes an injunction with a fine that stands.")
        return
    if fined.due is None or position.on <= fined.due:
        yield _("The day in the injunction has not passed.")
    if not position.not_followed:
        yield _("It takes an assessment, after that day, that the deficiency remains.")
    if fined.appealed:
        yield _("The injunction is appealed: the court that has the appeal decides first.")


def _sanction(position: Position, asked: Asked) -> tuple[str, ...]:
    if not asked.instrument:
        return (_("Choose which sanction."),)
    ordered = position.last(Step.INJUNCTION, Step.FINE)
    wrong = faults(
        asked.instrument, on=position.on, organiser_kind=position.organiser_kind, inspection_type=position.type,
        serious=position.serious, measures=asked.measures, until=asked.until, decided=position.on,
        earlier_injunction_on=ordered.since if ordered else None, earlier_serious=position.serious,
        earlier_not_followed=position.not_followed,
    )  # fmt: skip
    return tuple(text[current()] for text in wrong)


def sanctions(on: date, organiser_kind: OrganiserKind) -> tuple[tuple[str, str], ...]:
    """The sanctions of the rulebook that exist against such an organiser on a day: key and name."""
    known = rule("instruments", on).value
    return tuple(
        (key, found.name[current()])
        for key, found in known.items()
        if found.kind is Kind.SANCTION and organiser_kind in found.organisers
    )
