"""Send a round out to the schools, take their views, answer them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Unit, User
from likvard.site.resources import permissions
from likvard.site.resources.actions.holding import check_shown, hold, tell
from likvard.site.resources.actions.reminding import ask_for_views
from likvard.site.resources.models import Round, View

FEWEST_DAYS = 7
"""Schools get at least a week for their views: fewer is no hearing."""


@transaction.atomic
def send_out(
    *, round: Round, until: date, by: User, at: datetime, address: str = "", shown: int | None = None
) -> Round:
    """Open the newest version to every school in it, independent ones too, for views until a day, and write to them.

    `address` is the site's; `shown` the version that the sender saw.
    """
    round = hold(round)
    way, held = permissions.check_can_move(by, round, "hear", on=day_of(at))
    check_shown(round, shown)
    if (until - day_of(at)).days < FEWEST_DAYS:
        raise CaseError(
            _("Schools get at least %(days)d days for their views.") % {"days": FEWEST_DAYS}, _("Choose a later day.")
        )
    round.state, round.views_until = way.to, until
    round.save()
    letters = ask_for_views(round, at=at, address=address)
    data = {"version": round.newest.number, "until": until, "letters": letters}
    tell("sent_out", round, by=by, held=held, at=at, data=data)
    return round


@transaction.atomic
def give_view(*, round: Round, unit: Unit, text: str, by: User, at: datetime) -> View:
    """Take what a school says of the version that is out."""
    round = hold(round)
    held = permissions.check_can_give_view(by, round, unit, on=day_of(at))
    if not text.strip():
        raise CaseError(_("There is nothing written."), _("Write what the school thinks."))
    made = View.objects.create(version=round.newest, unit=unit, text=text.strip(), at=at, by=by)
    tell("viewed", round, by=by, held=held, at=at, unit=unit.code, data={"view": made.pk})
    return made


@transaction.atomic
def answer(*, view: View, text: str, by: User, at: datetime) -> View:
    """Answer what a school said. The answer stands beside it in the memorandum."""
    round = hold(view.version.round)
    view = View.objects.select_for_update(of=("self",)).select_related("version__round__organiser").get(pk=view.pk)
    held = permissions.check_can_answer(by, view, on=day_of(at))
    if not text.strip():
        raise CaseError(_("There is nothing written."), _("Write what is done about it, or why nothing is."))
    view.answer, view.answered_at, view.answered_by = text.strip(), at, by
    view.save()
    tell("view_answered", round, by=by, held=held, at=at, unit=view.unit_id, data={"view": view.pk})
    return view
