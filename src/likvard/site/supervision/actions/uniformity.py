"""Note that somebody read how departments and inspectors compare: it is about colleagues, so reading leaves a trace."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from likvard.site.audit import events
from likvard.site.cases.access import Acting
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision.permissions import programme as permissions


@transaction.atomic
def read(*, by: User, at: datetime, rows: int) -> None:
    """Note that a lead read the comparison. Raises `Denied` for anybody else."""
    role = permissions.check_can_lead(by, on=day_of(at))
    events.record(
        at=at, actor=Acting(by, role), what="uniformity.read", subject="supervision", data={"decisions": rows}
    )
