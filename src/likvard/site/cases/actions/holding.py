"""What every action does: hold the case, and write the event in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from likvard.site.audit import events
from likvard.site.cases.access import Acting
from likvard.site.cases.models import Case
from likvard.site.people.models import User
from likvard.site.people.roles import Role


def hold(case: Case) -> Case:
    """The case as it is now, locked until the transaction ends. Locked before anything else of it is read or written."""
    return Case.objects.select_for_update().get(pk=case.pk)


def tell(
    what: str,
    case: Case,
    *,
    by: User | None,
    role: str,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record an event about the case; without a person it is the system's own deed. It comes last in the transaction."""
    actor = Acting(by, Role(role).value if role else "") if by else None
    events.record(
        at=at, actor=actor, what=what, subject=case.subject, unit=case.unit_id or "", reason=reason, data=data
    )
