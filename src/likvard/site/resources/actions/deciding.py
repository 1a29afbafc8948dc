"""Decide a round: by a named person, with a reason, and frozen with its memorandum."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.resources import memo, permissions, rules
from likvard.site.resources.actions.holding import check_shown, hold, tell
from likvard.site.resources.models import Round, Version
from likvard.site.writing.text import as_data
from likvard.terms import Language


def fingerprint(version: Version) -> str:
    """The seal of a version: SHA-256 over its rule, its grounds and what every school gets."""
    rows = [
        {**rules.unit_data(share.basis), "crowns": share.crowns, "by_need": share.by_need, "limit": share.limit}
        for share in version.shares.order_by("unit_id")
    ]
    return rules.seal({"rule": version.data, "inputs": version.inputs_data, "frame": version.frame, "rows": rows})


@transaction.atomic
def decide(*, round: Round, reason: str, by: User, at: datetime, shown: int | None = None) -> Round:
    """Decide the version that has been out for views, and was `shown`. From here on nothing in it changes, and everybody may read it."""
    round = hold(round)
    held = permissions.check_can_decide(by, round, on=day_of(at))
    check_shown(round, shown)
    if not reason.strip():
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    version = round.newest
    round.state, round.decided_at, round.decided_by, round.reason = "decided", at, by, reason.strip()
    round.fingerprint = fingerprint(version)
    round.memo = {one.value: as_data(memo.written(round, version, one)) for one in Language}
    round.save()
    tell(
        "decided", round, by=by, held=held, at=at, reason=round.reason,
        data={"version": version.number, "frame": version.frame, "fingerprint": round.fingerprint},
    )  # fmt: skip
    return round
