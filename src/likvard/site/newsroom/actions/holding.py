"""What every action of the desk does: hold the row, and write the event in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from likvard.site.audit import events
from likvard.site.cases.access import Acting
from likvard.site.newsroom.models import PressRelease, Publication
from likvard.site.people.models import User
from likvard.site.people.roles import Role


def hold(publication: Publication) -> Publication:
    """The publication as it is now, locked until the transaction ends."""
    held = Publication.objects.select_for_update(of=("self",)).select_related("issued", "issued__case")
    return held.get(pk=publication.pk)


def hold_release(release: PressRelease) -> PressRelease:
    """The press release as it is now, locked until the transaction ends."""
    return PressRelease.objects.select_for_update(of=("self",)).select_related("contact").get(pk=release.pk)


def tell(
    what: str,
    about: Publication | PressRelease,
    *,
    by: User,
    role: Role,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Record what was done at the desk. It comes last in the transaction. What is hidden is never written here."""
    if isinstance(about, Publication):
        subject, unit, named = f"publication:{about.pk}", about.unit_id or "", {"number": about.register_number}
    else:
        subject, unit, named = f"release:{about.pk}", "", {"slug": about.slug}
    told = {**named, **(data or {})}
    events.record(at=at, actor=Acting(by, role.value), what=what, subject=subject, unit=unit, reason=reason, data=told)
