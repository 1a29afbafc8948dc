"""Write down what the money is used for and what is expected of it, and what was seen when the day came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.site.cases.actions import begin_measure, put_off_measure, settle_measure
from likvard.site.cases.models import Case, Measure
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Membership, Unit, User
from likvard.site.resources import permissions
from likvard.site.resources.actions.holding import hold, tell
from likvard.site.resources.basis import Seen
from likvard.site.resources.models import Look, Round, Use
from likvard.site.ui.language import current


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done for the money, what is expected, when it begins (today if nothing is said) and when to look."""

    unit: Unit
    crowns: int
    what: str
    measure: str
    direction: str
    expected: str
    look_on: date
    case: Case | None = None
    begins_on: date | None = None


@transaction.atomic
def plan(*, round: Round, plan: Plan, baseline: Seen, by: User, at: datetime) -> Use:
    """Write down a use of the money at one of the organiser's schools in the round; the school's curves mark when it begins."""
    round = hold(round)
    held = permissions.check_can_plan(by, round, on=day_of(at))
    plan = replace(plan, begins_on=plan.begins_on or day_of(at))
    _check(round, plan, at)
    told = _told(round, plan, by, at)
    made = Use.objects.create(
        round=round, unit=plan.unit, crowns=plan.crowns, what=plan.what.strip(), measure=plan.measure,
        direction=plan.direction, expected=plan.expected.strip(), look_on=plan.look_on, case=plan.case, begins_on=told.started, told=told,
        baseline=baseline.value, baseline_low=baseline.low, baseline_high=baseline.high, baseline_year=baseline.year,
        at=at, by=by,
    )  # fmt: skip
    data = {"use": made.pk, "crowns": made.crowns, "measure": made.measure, "look_on": made.look_on}
    tell("use_planned", round, by=by, held=held, at=at, unit=plan.unit.code, data=data)
    return made


def _told(round: Round, plan: Plan, by: User, at: datetime) -> Measure:
    """The measure as the unit's page marks it, in the curve of its indicator."""
    return begin_measure(
        unit=plan.unit, name=plan.what.strip(), indicator=plan.measure, expected=plan.expected.strip(),
        started=plan.begins_on or day_of(at), look_on=plan.look_on, href=round.href("uses"), by=by, at=at,
    )  # fmt: skip


def _check(round: Round, plan: Plan, at: datetime) -> None:
    """The money is an own school's by this round, not promised twice, and used after the decision; the day to look is to come."""
    if plan.unit.organiser_id != round.organiser_id:
        raise CaseError(
            _("The school has another organiser, which decides what its money is used for."), _("Choose an own school.")
        )
    if round.decided_at and plan.begins_on and plan.begins_on < day_of(round.decided_at):
        raise CaseError(_("The measure begins before the money was decided."), _("Choose a later day."))
    share = round.newest.shares.filter(unit=plan.unit).first()
    if share is None:
        raise CaseError(_("The school is not in the round."), _("Choose one that is."))
    # A round that follows on a decided one shares the same year's money again: what is promised of either is promised.
    same = Use.objects.filter(round__organiser=round.organiser_id, round__year=round.year, round__form=round.form)
    used = sum(same.filter(unit=plan.unit).values_list("crowns", flat=True))
    if used + plan.crowns > share.crowns:
        raise CaseError(
            _("The school gets %(crowns)s crowns, of which %(used)s are written down already.")
            % {"crowns": formats.number(share.crowns, 0, current()), "used": formats.number(used, 0, current())},
            _("Write down less."),
        )
    if plan.look_on <= day_of(at):
        raise CaseError(_("The day to look must be a day to come."), _("Choose a later day."))


@transaction.atomic
def settle(*, use: Use, outcome: str, why: str, seen: Seen, by: User, at: datetime, no_more: str = "") -> Use:
    """Say what came of a use, with the figure as it stands now beside the one before.

    Where it cannot be told, `no_more` says why nobody looks again; `look_again` is for a new day.
    """
    use, held = _hold(use, "settle", by, at)
    if outcome not in Use.Outcome.values or not why.strip():
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    told = outcome != Use.Outcome.UNCLEAR
    if told == bool(no_more.strip()):
        raise _no_new_day_where_told() if told else _no_new_day_without_why()
    use.outcome, use.outcome_why, use.settled_at, use.settled_by = outcome, why.strip(), at, by
    use.no_more = no_more.strip()
    use.seen, use.seen_low, use.seen_high, use.seen_year = seen.value, seen.low, seen.high, seen.year
    use.save()
    settle_measure(measure=use.told, outcome=outcome, on=day_of(at))
    data = {"use": use.pk, "outcome": outcome}
    tell("use_settled", use.round, by=by, held=held, at=at, unit=use.unit_id, reason=use.no_more, data=data)
    return use


@transaction.atomic
def look_again(*, use: Use, why: str, again_on: date, seen: Seen, by: User, at: datetime) -> Use:
    """Say that it cannot be told yet what came of a use, and name a new day to look. What was seen now is kept."""
    use, held = _hold(use, "look_again", by, at)
    if not why.strip():
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    if again_on <= day_of(at):
        raise CaseError(_("The day to look must be a day to come."), _("Choose a later day."))
    Look.objects.create(
        use=use, due_on=use.look_on, again_on=again_on, why=why.strip(), at=at, by=by,
        seen=seen.value, seen_low=seen.low, seen_high=seen.high, seen_year=seen.year,
    )  # fmt: skip
    use.look_on = again_on
    use.save(update_fields=["look_on"])
    put_off_measure(measure=use.told, look_on=again_on)
    data = {"use": use.pk, "look_on": again_on}
    tell("use_looked_at", use.round, by=by, held=held, at=at, unit=use.unit_id, data=data)
    return use


def _hold(use: Use, code: str, by: User, at: datetime) -> tuple[Use, Membership]:
    """The use as it is now, locked with its round, and the membership by which the person may take it this way."""
    hold(use.round)
    use = Use.objects.select_for_update(of=("self",)).select_related("round__organiser", "told").get(pk=use.pk)
    _move, held = permissions.check_can_look(by, use, code, on=day_of(at))
    return use, held


def _no_new_day_where_told() -> CaseError:
    return CaseError(
        _("Why nobody looks again is said only where it cannot be told how it went."), _("Leave it empty.")
    )


def _no_new_day_without_why() -> CaseError:
    return CaseError(_("It cannot be told how it went."), _("Name a new day to look, or say why nobody looks again."))
