"""Write press releases, let them be read again, publish, correct and withdraw them; keep whom journalists call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.audit import events
from likvard.site.cases.access import Acting
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.newsroom import permissions, rules
from likvard.site.newsroom.actions import telling
from likvard.site.newsroom.actions.holding import hold_release, tell
from likvard.site.newsroom.actions.tagging import propose, settle
from likvard.site.newsroom.models import PressContact, PressRelease, Publication, ReleaseLink, ReleaseStep
from likvard.site.people.models import User


@dataclass(frozen=True, slots=True)
class Text:
    """What a press release holds."""

    title: str
    lead: str
    body: str
    contact: PressContact
    tags: tuple[str, ...] = ()
    decisions: tuple[Publication, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def write(*, text: Text, by: User, at: datetime) -> PressRelease:
    """Begin a press release. Its address is made from the title and the year."""
    role = permissions.check_can_keep(by, on=day_of(at))
    slug = rules.proposed_slug(text.title[:60], day_of(at), lambda s: PressRelease.objects.filter(slug=s).exists())
    made = PressRelease.objects.create(
        slug=slug, title=text.title, lead=text.lead, body=text.body, contact=text.contact, made_at=at, made_by=by
    )
    _attach(made, text)
    tell("newsroom.release_written", made, by=by, role=role, at=at)
    return made


@transaction.atomic
def rewrite(*, release: PressRelease, text: Text, by: User, at: datetime) -> PressRelease:
    """Change a press release that is being written or corrected. Everybody reads the last published text meanwhile."""
    release = hold_release(release)
    role = permissions.check_can_change_release(by, release, on=day_of(at))
    release.title, release.lead, release.body, release.contact = text.title, text.lead, text.body, text.contact
    release.save()
    _attach(release, text)
    tell("newsroom.release_rewritten", release, by=by, role=role, at=at)
    return release


def _attach(release: PressRelease, text: Text) -> None:
    propose(release, text.tags)
    release.decisions.set(text.decisions)
    release.links.all().delete()
    ReleaseLink.objects.bulk_create([ReleaseLink(release=release, title=name, url=url) for name, url in text.links])


@transaction.atomic
def move_release(*, release: PressRelease, code: str, by: User, at: datetime, reason: str = "") -> PressRelease:
    """Take a press release along the same state table as a decision."""
    release = hold_release(release)
    way, role = permissions.check_can_move_release(by, release, code, on=day_of(at))
    reason = reason.strip()
    if way.reasoned and not reason:
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    if code == "ask":
        release.asked_by = by
    if code in ("publish", "drop", "withdraw"):
        settle(release, published=code == "publish")
    if code == "publish":
        release.content = _to_publish(release)
        release.published_at, release.changed_at = release.published_at or at, at
        release.withdrawn_at = release.withdrawn_by = None
    if code == "withdraw":
        release.withdrawn_at, release.withdrawn_by, release.withdrawn_reason = at, by, reason
        release.changed_at = at
    release.state, release.shown = way.to, way.to in rules.SHOWN
    release.save()
    ReleaseStep.objects.create(release=release, move=code, reason=reason, at=at, by=by)
    telling.tell_release(release=release, code=code, at=at)
    tell(_EVENTS[code], release, by=by, role=role, at=at, reason=reason)
    return release


_EVENTS = {
    "ask": "newsroom.release_asked",
    "refuse": "newsroom.release_refused",
    "send_back": "newsroom.release_sent_back",
    "publish": "newsroom.release_published",
    "correct": "newsroom.release_correcting",
    "drop": "newsroom.release_correction_dropped",
    "withdraw": "newsroom.release_withdrawn",
    "again": "newsroom.release_preparing_again",
}


def _to_publish(release: PressRelease) -> dict[str, Any]:
    """What everybody reads from now on, whatever is written in the release meanwhile."""
    return {
        "title": release.title,
        "lead": release.lead,
        "body": release.body,
        "links": [{"title": link.title, "url": link.url} for link in release.links.all()],
        "decisions": list(release.decisions.values_list("pk", flat=True)),
    }


@transaction.atomic
def keep_contact(
    *,
    name: str,
    phone: str,
    email: str,
    by: User,
    at: datetime,
    title: str = "",
    contact: PressContact | None = None,
    closed: date | None = None,
) -> PressContact:
    """Add whom journalists call, or change it."""
    role = permissions.check_can_keep(by, on=day_of(at))
    kept = contact or PressContact()
    kept.name, kept.title, kept.phone, kept.email, kept.closed = (
        name.strip(),
        title.strip(),
        phone.strip(),
        email,
        closed,
    )
    kept.full_clean()
    kept.save()
    data = {"name": kept.name, "closed": kept.closed}
    events.record(
        at=at, actor=Acting(by, role.value), what="newsroom.contact_kept", subject=f"contact:{kept.pk}", data=data
    )
    return kept
