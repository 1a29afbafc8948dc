"""The desk's press releases: write, let another read, publish, correct, withdraw; and whom journalists call."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.states import CaseError
from likvard.site.newsroom import actions, permissions, rules
from likvard.site.newsroom.actions import Text
from likvard.site.newsroom.forms import Contact, Plain, Reasoned, WriteRelease
from likvard.site.newsroom.models import PressContact, PressRelease
from likvard.site.newsroom.pages.press import content
from likvard.site.newsroom.pages.visit import crumbs, deed, moment, person, today
from likvard.site.people.models import User


def write(request: HttpRequest) -> HttpResponse:
    """Begin a press release."""
    user = person(request)
    permissions.check_can_keep(user, on=today(request))
    if not PressContact.objects.filter(closed__isnull=True).exists():
        return redirect("newsroom_contact_new")
    return deed(
        request,
        title=_("Write a press release"), submit=_("Save"), form=WriteRelease(request.POST or None, on=today(request)),
        act=lambda asked: actions.write(text=Text(**asked), by=user, at=moment(request)),
        done=_("The press release is kept. Nothing is public yet."), back=reverse("newsroom_desk"),
        trail=crumbs(_("Write a press release")),
    )  # fmt: skip


def release(request: HttpRequest, pk: int) -> HttpResponse:
    """A press release at the desk, as it would be read, and what to do next."""
    user, found = person(request), get_object_or_404(PressRelease.objects.select_related("contact"), pk=pk)
    on = today(request)
    ways = rules.TABLE.moves_from(found.state)
    changes = permissions.can_change_release(user, found, on=on)
    context = {
        **content(found, _as_said(found)),
        "words": found.words,
        "changes": changes,
        "moves": [way for way in ways if permissions.can_move_release(user, found, way.code, on=on)],
        "steps": found.steps.select_related("by"),
        "breadcrumbs": crumbs(found.title),
    }
    return render(request, "newsroom/release_desk.html", context)


def _as_said(found: PressRelease) -> dict[str, Any]:
    """What everybody would read."""
    return {
        "title": found.title,
        "lead": found.lead,
        "body": found.body,
        "links": [{"title": link.title, "url": link.url} for link in found.links.all()],
        "decisions": list(found.decisions.values_list("pk", flat=True)),
    }


def rewrite(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a press release."""
    user, found = person(request), get_object_or_404(PressRelease, pk=pk)
    return deed(
        request,
        title=_("Change the press release"), submit=_("Save"),
        form=WriteRelease.of(found, request.POST or None, today(request)),
        check=lambda: permissions.check_can_change_release(user, found, on=today(request)),
        act=lambda asked: actions.rewrite(release=found, text=Text(**asked), by=user, at=moment(request)),
        done=_("Saved."), back=_home(found), trail=crumbs(_("Change the press release")),
    )  # fmt: skip


def move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take a press release on to another state."""
    user, found = person(request), get_object_or_404(PressRelease, pk=pk)
    try:
        way = rules.TABLE.move(found.state, code)
    except CaseError as error:
        raise Http404(str(error)) from error
    asks = Reasoned if way.reasoned else Plain
    return deed(
        request,
        title=str(way.label), submit=str(way.label), form=asks(request.POST if request.method == "POST" else None),
        check=lambda: permissions.check_can_move_release(user, found, code, on=today(request)),
        act=lambda asked: actions.move_release(
            release=found, code=code, by=user, at=moment(request), reason=asked.get("reason", "")
        ),
        done=_("Done: %(state)s.") % {"state": rules.TABLE.state(way.to).label},
        back=_home(found), trail=crumbs(str(way.label)),
    )  # fmt: skip


def new_contact(request: HttpRequest) -> HttpResponse:
    """Add whom journalists call."""
    return _contact(request, person(request), None)


def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Change whom journalists call."""
    return _contact(request, person(request), get_object_or_404(PressContact, pk=pk))


def _contact(request: HttpRequest, user: User, known: PressContact | None) -> HttpResponse:
    permissions.check_can_keep(user, on=today(request))
    return deed(
        request,
        title=_("Whom journalists call"), submit=_("Save"), form=Contact(request.POST or None, instance=known),
        act=lambda asked: actions.keep_contact(contact=known, by=user, at=moment(request), **asked),
        done=_("Saved."), back=reverse("newsroom_desk"), trail=crumbs(_("Whom journalists call")),
    )  # fmt: skip


def _home(found: PressRelease) -> str:
    return reverse("newsroom_release", args=[found.pk])
