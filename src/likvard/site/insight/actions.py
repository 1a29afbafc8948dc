"""Keep, change and take away a group to compare with; note that figures that are not public were read or taken out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from likvard.site.audit import events
from likvard.site.insight.models import ComparisonGroup
from likvard.site.people.access import Grant
from likvard.site.people.models import Unit, User


@transaction.atomic
def keep_group(*, owner: User, name: str, codes: Collection[str], at: datetime) -> ComparisonGroup:
    """Keep a group under a name. The caller has checked that the name is free and that the codes are of units."""
    group = ComparisonGroup.objects.create(owner=owner, name=name, made_at=at)
    group.units.set(Unit.objects.filter(code__in=codes))
    events.record(at=at, actor=owner, what="group.kept", subject=group.audit_subject, data=_told(name, codes))
    return group


@transaction.atomic
def change_group(*, group: ComparisonGroup, name: str, codes: Collection[str], by: User, at: datetime) -> None:
    """Give a group another name and other units."""
    group.name = name
    group.save(update_fields=["name"])
    group.units.set(Unit.objects.filter(code__in=codes))
    events.record(at=at, actor=by, what="group.changed", subject=group.audit_subject, data=_told(name, codes))


@transaction.atomic
def end_group(*, group: ComparisonGroup, by: User, at: datetime) -> None:
    """Take a group away from its owner's list."""
    group.ended_at = at
    group.save(update_fields=["ended_at"])
    events.record(at=at, actor=by, what="group.ended", subject=group.audit_subject)


@transaction.atomic
def note_figures_read(*, by: User, grant: Grant, subject: str, unit: str, publication: str, at: datetime) -> None:
    """Note that somebody read figures that are not public, by which right and of which publication."""
    data = {"publication": publication}
    events.record(at=at, actor=by, what="figures.read", subject=subject, unit=unit, reason=grant.reason, data=data)


@transaction.atomic
def note_figures_taken(
    *, by: User, grant: Grant, subject: str, unit: str, publication: str, figure: str, kind: str, at: datetime
) -> None:
    """Note that somebody took out a figure that is not public, as a file."""
    data = {"publication": publication, "figure": figure, "kind": kind}
    events.record(at=at, actor=by, what="figures.taken", subject=subject, unit=unit, reason=grant.reason, data=data)


def _told(name: str, codes: Collection[str]) -> dict[str, object]:
    return {"name": name, "units": sorted(codes)}
