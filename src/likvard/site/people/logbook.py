"""The administrator's page of the audit chain: who did and saw what. Codes, numbers and reasons; no content of a matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from likvard.site.audit.models import Event, Events
from likvard.site.people import access, actions
from likvard.site.people.access import Content
from likvard.site.people.administration import administrators_only, by, on
from likvard.site.people.forms import LogSearch
from likvard.site.people.models import Invitation, Membership, Organiser, Unit, User
from likvard.site.people.roles import Reach, Role, in_words
from likvard.site.people.words import said

_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """An event in words: what was done in which role, and the name of what it was done to where there is one."""

    event: Event
    what: str
    role: str
    about: str
    unit: str


@administrators_only
def log(request: HttpRequest, *, held: Reach) -> HttpResponse:
    """What was done and seen at the places that the administrator looks after, newest first. Reading it is noted too."""
    open_to = access.reach(by(request), Content.AUDIT, on=on(request))
    search = LogSearch(request.GET or None)
    found = list(_searched(seen_by(open_to), search).order_by("-seq")[: _ON_A_PAGE + 1])
    shown, older = found[:_ON_A_PAGE], found[_ON_A_PAGE:]
    asked = {k: str(v) for k, v in search.cleaned_data.items() if v} if search.is_valid() else {}
    actions.note(actor=by(request), subject="", what="audit.read", at=request.now, data=asked)  # type: ignore[attr-defined]
    context = {"search": search, "rows": _rows(shown), "before": shown[-1].seq if older else None}
    return render(request, "people/log.html", context)


def seen_by(open_to: Reach) -> Events:
    """The events that an administrator may see: of own units, own people, and what own people did anywhere."""
    found = Event.objects.all()
    if open_to.everything:
        return found
    units = Unit.objects.within(open_to).values("code")
    people = [str(pk) for pk in Membership.objects.over(open_to).values_list("user_id", flat=True).distinct()]
    subjects = [f"user:{pk}" for pk in people] + [f"organiser:{number}" for number in open_to.organisers]
    return found.filter(Q(unit__in=units) | Q(subject__in=subjects) | Q(actor__in=people))


def _searched(found: Events, search: LogSearch) -> Events:
    if not search.is_valid():
        return found.none() if search.is_bound else found
    given = search.cleaned_data
    if given["q"]:
        found = found.filter(_about(given["q"]))
    if given["start"]:
        found = found.filter(at__gte=_midnight(given["start"]))
    if given["end"]:
        found = found.filter(at__lt=_midnight(given["end"] + timedelta(days=1)))
    if given["fore"]:
        found = found.filter(seq__lt=given["fore"])
    return found


def _about(text: str) -> Q:
    people = User.objects.filter(Q(name__icontains=text) | Q(email__iexact=text))[:20]
    subjects = [actions.about(user) for user in people]
    return Q(actor_name__icontains=text) | Q(subject__in=subjects) | Q(subject__endswith=f":{text}") | Q(unit=text)


def _midnight(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _rows(events: list[Event]) -> list[Row]:
    names, units = (
        _names(events),
        dict(Unit.objects.filter(code__in={e.unit for e in events}).values_list("code", "name")),
    )
    return [
        Row(
            event,
            said(event.what),
            ", ".join(in_words(Role(role)) if role in Role.values else role for role in event.role.split(", ")),
            names.get(event.subject, event.subject.partition(":")[2]),
            units.get(event.unit, event.unit),
        )
        for event in events
    ]


_KEYS = {
    "user": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "invitation": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "organiser": r"\d{10}",
}


def _key(event: Event, kind: str) -> str:
    """The key in an event's subject, if it is of this kind. The chain keeps any text, also one that is no key."""
    match = re.fullmatch(f"{kind}:({_KEYS[kind]})", event.subject)
    return match[1] if match else ""


def _names(events: list[Event]) -> dict[str, str]:
    """What accounts, invitations and organisers are called, by the subject that the chain keeps."""
    named: dict[str, str] = {}
    for kind, rows in (("user", User.objects), ("invitation", Invitation.objects), ("organiser", Organiser.objects)):
        keys = [key for event in events if (key := _key(event, kind))]
        found = rows.in_bulk(keys) if keys else {}
        named |= {f"{kind}:{key}": row.email if isinstance(row, Invitation) else str(row) for key, row in found.items()}
    return named
