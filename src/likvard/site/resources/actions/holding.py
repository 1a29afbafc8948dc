"""What every action does: hold the round, and write the event in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from likvard.site.audit import events
from likvard.site.cases.access import Acting
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Membership, User
from likvard.site.resources.models import Round


def hold(round: Round) -> Round:
    """The round as it is now, locked until the transaction ends."""
    return Round.objects.select_for_update(of=("self",)).select_related("organiser").get(pk=round.pk)


def check_shown(round: Round, number: int | None) -> None:
    """That nobody has made a newer version than the one a page showed; None where no page did. Raises `CaseError`."""
    if number is not None and number != round.newest.number:
        raise CaseError(
            _("Somebody has made a newer draft since you opened this page. Nothing is done."),
            _("Open the round again and read it first."),
        )


def tell(
    what: str, round: Round, *, by: User, held: Membership, at: datetime, reason: str = "", unit: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Record what was done to a round. It comes last in the transaction."""
    told = {"organiser": round.organiser_id, "round": round.slug, **(data or {})}
    events.record(
        at=at, actor=Acting(by, held.role), what=f"allocation.{what}", subject=round.subject, unit=unit, reason=reason, data=told
    )  # fmt: skip
