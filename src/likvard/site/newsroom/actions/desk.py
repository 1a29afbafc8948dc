"""Prepare a decision, let it be read again, publish it, correct it, withdraw it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.rulebook import municipalities
from likvard.site.cases.models import Issued
from likvard.site.cases.states import CaseError, Move
from likvard.site.cases.timing import day_of
from likvard.site.newsroom import composing, permissions, rules, search
from likvard.site.newsroom.actions import telling
from likvard.site.newsroom.actions.holding import hold, tell
from likvard.site.newsroom.actions.tagging import propose, settle, tag
from likvard.site.newsroom.models import Address, Publication, Step, Version
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.people.roles import Role


@transaction.atomic
def prepare(*, issued: Issued, by: User, at: datetime, title: str = "", slug: str = "") -> Publication:
    """Begin to prepare an issued document. Title, address and tags are proposed from it; nothing is public yet."""
    role = permissions.check_can_prepare(by, issued, on=day_of(at))
    Issued.objects.select_for_update().get(pk=issued.pk)
    if Publication.objects.filter(issued=issued).exists():
        raise CaseError(_("Somebody has begun to prepare it already."), _("Look at it in the list."))
    facts = _facts(issued)
    made = Publication.objects.create(
        issued=issued, title=title or issued.title, prepared_at=at, prepared_by=by, **facts,
        slug=rules.check_slug(slug) if slug else _proposed(facts, issued),
    )  # fmt: skip
    Address.objects.create(slug=made.slug, publication=made, since=at)
    areas = issued.points.values_list("area", flat=True)
    made.tags.set([tag(name) for area in areas for name in rules.TAGS.get(area, ())])
    _step(made, "prepare", by, at)
    tell("newsroom.prepared", made, by=by, role=role, at=at, data={"slug": made.slug})
    return made


def _facts(issued: Issued) -> dict[str, Any]:
    """What lists and filters need, copied from the document and its case."""
    case, facts = issued.case, issued.content.get("facts", {})
    unit: Unit | None = case.unit
    organiser: Organiser | None = case.organiser or (unit.organiser if unit else None)
    named = facts.get("organiser") or {}
    return {
        "register_number": case.dnr,
        "kind": issued.kind,
        "about": issued.about,
        "level": issued.level,
        "organiser": organiser,
        "organiser_name": named.get("name") or (organiser.name if organiser else ""),
        "unit": unit,
        "unit_name": (facts.get("unit") or {}).get("name") or (unit.name if unit else ""),
        "municipality_code": (unit.municipality_code if unit else "")
        or (organiser.municipality_code if organiser else ""),
        "decided_on": issued.dated,
        "synthetic": bool(facts.get("synthetic")),
    }


def _proposed(facts: dict[str, Any], issued: Issued) -> str:
    """An address after the school, the municipality or the organiser."""
    organiser: Organiser | None = facts["organiser"]
    is_municipal = organiser is not None and organiser.kind == Organiser.Kind.MUNICIPAL
    known = municipalities().get(facts["municipality_code"], "") if is_municipal else ""
    place = facts["unit_name"] or known or facts["organiser_name"] or issued.title
    return rules.proposed_slug(place, issued.dated, lambda slug: Address.objects.filter(slug=slug).exists())


@transaction.atomic
def describe(
    *, publication: Publication, title: str, slug: str, tags: Sequence[str], by: User, at: datetime
) -> Publication:
    """Give it another title, address or tags. A former address leads on to the new one for ever.

    While a correction is prepared, title and tags are read by nobody before it is published; the address changes at once.
    """
    publication = hold(publication)
    role = permissions.check_can_change(by, publication, on=day_of(at))
    rules.check_slug(slug)
    if slug != publication.slug:
        _take_address(publication, slug, at)
    before = {"title": publication.title, "slug": publication.slug}
    publication.title, publication.slug = title.strip(), slug
    publication.save(update_fields=["title", "slug"])
    propose(publication, tags)
    data = {"title": publication.title, "slug": slug, "before": before, "tags": list(tags)}
    tell("newsroom.described", publication, by=by, role=role, at=at, data=data)
    return publication


def _take_address(publication: Publication, slug: str, at: datetime) -> None:
    known = Address.objects.filter(slug=slug).first()
    if known is not None and known.publication_id != publication.pk:
        raise CaseError(
            _("The address belongs to another decision."), _("Choose another, perhaps with a number at its end.")
        )
    if known is None:
        Address.objects.create(slug=slug, publication=publication, since=at)


@transaction.atomic
def move(*, publication: Publication, code: str, by: User, at: datetime, reason: str = "") -> Publication:
    """Take it along the state table: to a second reader, back, out to everybody, to a correction, away.

    Raises `CaseError` where its state does not allow it or a reason lacks, `Denied` where the person may not.
    """
    publication = hold(publication)
    way, role = permissions.check_can_move(by, publication, code, on=day_of(at))
    reason = reason.strip()
    if way.reasoned and not reason:
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    _arrive(publication, way, by, at, reason)
    publication.state, publication.shown = way.to, way.to in rules.SHOWN
    publication.save()
    _step(publication, code, by, at, reason)
    telling.tell_move(publication=publication, code=code, at=at)
    data = {"to": way.to, "version": publication.version}
    tell(_EVENTS[code], publication, by=by, role=role, at=at, reason=reason, data=data)
    return publication


def _arrive(publication: Publication, way: Move, by: User, at: datetime, reason: str) -> None:
    """What else a move changes."""
    match way.code:
        case "ask":
            publication.asked_by = by
        case "publish":
            _publish(publication, by, at)
        case "drop":
            settle(publication, published=False)
        case "withdraw":
            settle(publication, published=False)
            publication.withdrawn_at, publication.withdrawn_by, publication.withdrawn_reason = at, by, reason
            publication.changed_at = at
            search.take_out(publication.pk)
        case _:
            pass


def _publish(publication: Publication, by: User, at: datetime) -> None:
    why = _why_corrected(publication)
    settle(publication, published=True)
    publication.version += 1
    made = Version.objects.create(
        publication=publication, number=publication.version, title=publication.title, at=at,
        content=composing.to_publish(publication), why=why, prepared_by=publication.asked_by, read_by=by,
    )  # fmt: skip
    publication.published_at, publication.changed_at = publication.published_at or at, at
    publication.withdrawn_at = publication.withdrawn_by = None
    publication.withdrawn_reason = ""
    index(publication, made)


def _why_corrected(publication: Publication) -> str:
    """The reason given when the correction, or the publication anew, was begun; nothing for the first."""
    if not publication.version:
        return ""
    begun = publication.steps.filter(move__in=["correct", "again"]).order_by("-at", "-id").first()
    return begun.reason if begun else _("It was withdrawn, and is published again.")


def index(publication: Publication, version: Version) -> None:
    """Let it be found by what everybody reads of it: the masked version, and the words about happenings that are released."""
    released = publication.issued.happenings.filter(released__isnull=False).values_list("released__runs", flat=True)
    said = ["".join(run["text"] for run in runs) for runs in released]
    search.put(publication.pk, *composing.indexed(publication, version.title, composing.texts_of(version), said))


def _step(publication: Publication, code: str, by: User, at: datetime, reason: str = "") -> None:
    Step.objects.create(publication=publication, move=code, reason=reason, at=at, by=by)


_EVENTS = {
    "ask": "newsroom.asked",
    "refuse": "newsroom.refused",
    "send_back": "newsroom.sent_back",
    "publish": "newsroom.published",
    "correct": "newsroom.correcting",
    "drop": "newsroom.correction_dropped",
    "withdraw": "newsroom.withdrawn",
    "again": "newsroom.preparing_again",
}


@transaction.atomic
def note_original_read(*, issued: Issued, by: User, at: datetime) -> Role:
    """Record that somebody at the desk read what a document says before anything in it is hidden; return the role."""
    role = permissions.check_can_read_original(by, issued, on=day_of(at))
    publication = Publication.objects.filter(issued=issued).first()
    if publication is not None:
        tell("newsroom.original_read", publication, by=by, role=role, at=at)
    return role
