"""The organiser's side: its own rating with grounds and evidence, its reply criterion by criterion, the answer and the class."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied, memberships
from likvard.site.ratings import permissions, shown, states
from likvard.site.ratings.actions import reply as actions
from likvard.site.ratings.forms import Say
from likvard.site.ratings.models import Evidence, Rating, ReplyPoint
from likvard.site.ratings.pages.rating import outcome_of
from likvard.site.ratings.pages.visit import carried_out, marked_by, moment, person, today
from likvard.site.ratings.rubrics import asked, changed_by_audit, open_to_reply, rubric_of, versions
from likvard.site.ratings.shown import Level
from likvard.site.ratings.states import BLIND, Part
from likvard.site.ui.components import Cell, Column, Row, State, Table, Task


def fetch(request: HttpRequest, pk: int) -> Rating:
    """The rating of an address, for whoever answers for its organiser, once it was sent. `Denied` in the same words for none."""
    found = Rating.objects.select_related("round", "organiser", "framed").filter(pk=pk).first()
    permissions.check_can_read_own(request.user, found, on=today(request))
    if found is None:
        raise Denied(_("There is no rating here that is open to you."))
    return found


def crumbs(rating: Rating | None = None, *steps: str) -> list[tuple[str, str]]:
    """Where a page of the organiser's side lies."""
    found = [(_("The Inspectorate's ratings of you"), reverse("rating_replies") if rating else "")]
    if rating is not None:
        found.append((rating.round.name, reverse("rating_reply", args=[rating.pk]) if steps else ""))
    return found + [(step, "") for step in steps]


@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """Every rating of the reader's organiser that was sent to it, what waits for a reply first."""
    user, on = person(request), today(request)
    if not permissions.replies_somewhere(user, on=on):
        raise Denied(_("Here organisers reply to their ratings: their heads and quality managers."))
    own = {held.organiser_id for held in memberships(user, on) if held.role in permissions.REPLIES}
    rows = Rating.objects.filter(organiser__in=own, state__in=states.SEEN_BY_ORGANISER).select_related(
        "round", "organiser"
    )
    found = sorted(rows, key=lambda row: (row.state != "reply", -row.pk))
    context = {
        "table": _listed(found), "waiting": sum(row.state == "reply" for row in found), "breadcrumbs": crumbs(),
    }  # fmt: skip
    return render(request, "ratings/replies.html", context)


def _listed(found: list[Rating]) -> Table:
    columns = (Column(_("Round")), Column(_("Organiser")), Column(_("How far")), Column(_("Reply")))
    rows = tuple(
        Row(
            Cell(row.round.name, href=reverse("rating_reply", args=[row.pk])),
            (
                Cell(row.organiser.name), Cell(state=shown.badge(row)),
                Cell(_("by %(day)s") % {"day": shown.day(row.reply_due)} if row.state == "reply" else ""),
            ),
        )
        for row in found
    )  # fmt: skip
    return Table(_("Ratings"), columns, rows)


@require_safe
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The own rating: each level with its grounds and evidence, the reply so far, and at the end the class with its doubt."""
    found = fetch(request, pk)
    open_to = permissions.can_reply(request.user, found, on=today(request))
    context = {
        "rating": found, "round": found.round, "rubric": rubric_of(found.round), "levels": _levels(found),
        "rubric_day": _rubric_day(found), "open": open_to, "tasks": _tasks(found) if open_to else [],
        "left": len(actions.left(found)), "badge": shown.badge(found), "classed": outcome_of(found),
        "receipts": found.replies.filter(handed_in_at__isnull=False).select_related("handed_in_by").order_by("handed_in_at"),
        "changed": len(changed_by_audit(found)), "breadcrumbs": crumbs(found),
    }  # fmt: skip
    return render(request, "ratings/reply.html", context)


def _levels(rating: Rating) -> list[tuple[Level, list[Evidence]]]:
    """Each level with what it rests on."""
    evidence = evidence_of(rating)
    return [(one, evidence[one.code]) for one in shown.levels(rating)]


def _rubric_day(rating: Rating) -> str:
    """The first day of the rubric's version, as its page takes it."""
    day = rating.round.rubric_on
    return next((one.valid_from.isoformat() for one in versions() if one.covers(day)), "")


def evidence_of(rating: Rating) -> dict[str, list[Evidence]]:
    """What the markers noted as evidence, and the auditor where the audit changed the level, by criterion. Never their notes to
    colleagues, never who wrote what."""
    audited = Q(mark__sheet__part=Part.AUDIT, mark__criterion__in=changed_by_audit(rating))
    rows = Evidence.objects.filter(
        Q(mark__sheet__part__in=BLIND) | audited, mark__sheet__rating=rating, mark__sheet__withdrawn_at__isnull=True
    ).select_related("mark")
    found: dict[str, list[Evidence]] = {code: [] for code in asked(rating)}
    for row in rows:
        if not any(row.title == one.title and row.place == one.place for one in found[row.mark.criterion]):
            found[row.mark.criterion].append(row)
    return found


def _tasks(rating: Rating) -> list[Task]:
    said = {one.criterion: one for one in ReplyPoint.objects.all().of_turn(rating)}
    words = {True: State("done", _("you agree")), False: State("info", _("you do not agree")), None: State("plain", _("not begun"))}  # fmt: skip
    return [
        Task(
            one.name, words[said[code].agrees if code in said else None], reverse("rating_say", args=[rating.pk, code])
        )
        for code, one in open_to_reply(rating).items()
    ]


def say(request: HttpRequest, pk: int, criterion: str) -> HttpResponse:
    """Say of one criterion whether one agrees, why not, and what shows it."""
    found, user = fetch(request, pk), person(request)
    one, back = marked_by(found, criterion), reverse("rating_reply", args=[pk])
    if not permissions.can_reply(user, found, on=today(request)):
        messages.error(request, _("The time to reply is over, or the reply is in."))
        return redirect(back)
    saved = ReplyPoint.objects.all().of_turn(found).filter(criterion=criterion).first()
    form = Say(request.POST or None, initial=_initial(saved))

    def act(said: dict[str, Any]) -> object:
        return actions.say(rating=found, criterion=criterion, by=user, at=moment(request), **said)

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        messages.success(request, _("Saved. Nobody at the Inspectorate sees it before you hand it in."))
        return redirect(back)
    context = {
        "rating": found, "one": next(row for row in shown.levels(found) if row.code == criterion), "form": form,
        "evidence": evidence_of(found)[criterion], "rubric": rubric_of(found.round), "back": back,
        "anchors": list(zip(rubric_of(found.round).levels, one.anchors, strict=True)),
        "breadcrumbs": crumbs(found, shown.criterion_name(one)),
    }  # fmt: skip
    return render(request, "ratings/say.html", context)


def _initial(saved: ReplyPoint | None) -> dict[str, Any]:
    if saved is None:
        return {}
    return {"agrees": "ja" if saved.agrees else "nej", "text": saved.text, "evidence": saved.evidence}


def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Read through the reply and hand it in."""
    found, user, back = fetch(request, pk), person(request), reverse("rating_reply", args=[pk])
    if request.method == "POST":
        try:
            actions.hand_in(rating=found, by=user, at=moment(request))
        except CaseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Your reply is handed in. The receipt stands on this page."))
        return redirect(back)
    points = {one.criterion: one for one in ReplyPoint.objects.all().of_turn(found)}
    context = {
        "rating": found, "rows": [(one, points[one.code]) for one in shown.levels(found) if one.code in points],
        "left": len(actions.left(found)), "back": back, "breadcrumbs": crumbs(found, _("Hand in")),
    }  # fmt: skip
    return render(request, "ratings/hand_in.html", context)
