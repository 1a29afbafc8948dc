"""One's own sheet: a criterion at a time, with the organiser's figures and what was said last time beside; then handed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from likvard.rulebook.kinds.rubric import Criterion
from likvard.site import published
from likvard.site.cases.states import CaseError
from likvard.site.ratings import beside, permissions, shown
from likvard.site.ratings.actions import marking
from likvard.site.ratings.forms import AddEvidence, WriteMark, levels
from likvard.site.ratings.models import Mark, Rating, Sheet
from likvard.site.ratings.pages.visit import (
    carried_out,
    crumbs,
    do,
    fetch,
    form_page,
    here,
    marked_by,
    moment,
    person,
    today,
)
from likvard.site.ratings.rubrics import asked, level_name, rubric_of
from likvard.site.ratings.states import choice_of


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The criteria of one's own sheet, each with whether it is whole, and the button that hands it in."""
    found = fetch(request, pk)
    own = permissions.own_sheet(person(request), found)
    if own is None:
        return redirect(here(found))
    context = {
        "rating": found, "sheet": own, "tasks": shown.sheet_tasks(own), "left": len(marking.lacking(own)),
        "figures": beside.figures(found.organiser, published.current()), "rubric": rubric_of(found.round),
        "open": own.handed_in_at is None and found.round.state == "open", "breadcrumbs": crumbs(found, _("Your sheet")),
    }  # fmt: skip
    return render(request, "ratings/sheet.html", context)


def mark(request: HttpRequest, pk: int, criterion: str) -> HttpResponse:
    """Mark a criterion: what is asked and what each level looks like, the form, and beside it figures and the earlier answer."""
    found, user = fetch(request, pk), person(request)
    one = marked_by(found, criterion)
    own = _open_sheet(request, found)
    if own is None:
        return redirect(here(found))
    saved = own.marks.filter(criterion=criterion).first()
    form = WriteMark(request.POST or None, choices=levels(rubric_of(found.round), one), initial=_initial(saved))

    def act(said: dict[str, Any]) -> object:
        return marking.mark(rating=found, criterion=criterion, by=user, at=moment(request), **said)

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        messages.success(request, _("Your mark is saved. Nobody else sees it before both have handed in."))
        return redirect(_next(found, criterion) if "next" in request.POST else here(found, "mark", criterion=criterion))
    return render(request, "ratings/mark.html", _beside(found, criterion, one, saved) | {"form": form})


def _beside(found: Rating, code: str, one: Criterion, saved: Mark | None) -> dict[str, Any]:
    """What stands around the form: what is asked, evidence so far, what was said last time, the organiser's figures."""
    before, codes = beside.earlier(found, code), list(asked(found))
    return {
        "rating": found, "criterion": one, "code": code, "saved": saved, "rubric": rubric_of(found.round),
        "questions": one.asked_of(found.framed.kinds), "before": before,
        "before_level": level_name(rubric_of(before.rating.round), before.level) if before else "",
        "evidence": saved.evidence.all() if saved else [], "number": codes.index(code) + 1, "count": len(codes),
        "figures": beside.figures(found.organiser, published.current()),
        "breadcrumbs": [*crumbs(found, "")[:-1], (_("Your sheet"), here(found, "sheet")), (shown.criterion_name(one), "")],
    }  # fmt: skip


def _open_sheet(request: HttpRequest, found: Rating) -> Sheet | None:
    """The own sheet, if it may be written on; otherwise why not is said on the page that one is sent to."""
    try:
        return permissions.check_can_mark(request.user, found, on=today(request))[0]
    except CaseError as error:
        messages.error(request, str(error))
        return None


def _initial(saved: Mark | None) -> dict[str, Any]:
    if saved is None:
        return {}
    return {"level": choice_of(saved.level), "grounds": saved.grounds, "private": saved.private}


def _next(found: Rating, criterion: str) -> str:
    codes = list(asked(found))
    after = codes[codes.index(criterion) + 1 :]
    return reverse("rating_mark", args=[found.pk, after[0]]) if after else here(found, "sheet")


def evidence(request: HttpRequest, pk: int, criterion: str) -> HttpResponse:
    """Note what a mark rests on."""
    found, user = fetch(request, pk), person(request)
    one = marked_by(found, criterion)
    return form_page(
        request, title=_("Add evidence"), submit=_("Add"), form=AddEvidence(request.POST or None),
        act=lambda said: marking.add_evidence(rating=found, criterion=criterion, by=user, at=moment(request), **said),
        done=_("The evidence is noted."), back=here(found, "mark", criterion=criterion),
        trail=crumbs(found, shown.criterion_name(one), _("Add evidence")),
        check=lambda: permissions.check_can_mark(user, found, on=today(request)),
        lead=_("What counts here: %(what)s") % {"what": " ".join(shown.said(line) for line in one.evidence)},
    )  # fmt: skip


@require_POST
def drop(request: HttpRequest, pk: int, criterion: str, evidence: int) -> HttpResponse:
    """Take a piece of evidence off."""
    found, user = fetch(request, pk), person(request)
    marked_by(found, criterion)
    back = here(found, "mark", criterion=criterion)
    done = _("The evidence is taken off.")
    return do(
        request, lambda: marking.drop_evidence(rating=found, pk=evidence, by=user, at=moment(request)), done, back
    )


@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in one's own sheet."""
    found, user = fetch(request, pk), person(request)
    done = _("Your sheet is handed in. It is not changed any more.")
    return do(request, lambda: marking.hand_in(rating=found, by=user, at=moment(request)), done, here(found))
