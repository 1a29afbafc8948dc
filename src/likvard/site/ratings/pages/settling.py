"""Settle what differs between two markers, answer the organiser criterion by criterion, and settle an audit."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from likvard.rulebook.kinds.rubric import Criterion, Rubric
from likvard.site.cases.states import CaseError
from likvard.site.ratings import permissions, shown
from likvard.site.ratings.actions import reading, settling
from likvard.site.ratings.forms import AnswerPoint, Settle, SettleAudit, levels
from likvard.site.ratings.models import Mark, Rating
from likvard.site.ratings.pages.visit import (
    carried_out,
    crumbs,
    fetch,
    form_page,
    here,
    marked_by,
    moment,
    person,
    today,
)
from likvard.site.ratings.rubrics import asked, level_name, rubric_of
from likvard.site.ratings.shown import Level
from likvard.site.ratings.states import choice_of


def level_of(rating: Rating, code: str) -> Level:
    """A criterion of the rating with its level, marks and reply, for whoever may settle or answer. Raises Http404."""
    found = next((one for one in shown.levels(rating, marks=True) if one.code == code), None)
    if found is None:
        raise Http404(_("The organiser is not marked by this criterion."))
    return found


def settle(request: HttpRequest, pk: int, criterion: str) -> HttpResponse:
    """Settle a criterion: both markers' levels and grounds beside one another, and the form."""
    found, user = fetch(request, pk), person(request)
    one, rubric = marked_by(found, criterion), rubric_of(found.round)
    if not permissions.can_settle(user, found, on=today(request)):
        messages.error(request, _("There is nothing to settle now."))
        return redirect(here(found))
    reading.open_sheets(rating=found, by=user, at=moment(request))
    return form_page(
        request, title=_("Settle a difference"), submit=_("Settle"),
        form=Settle(request.POST or None, choices=levels(rubric, one)),
        act=lambda said: settling.settle(rating=found, criterion=criterion, by=user, at=moment(request), **said),
        done=_("The difference is settled."), back=here(found), trail=crumbs(found, _("Settle a difference")),
        template="ratings/settle.html", more={"one": level_of(found, criterion), "rating": found, "rubric": rubric},
    )  # fmt: skip


def answer(request: HttpRequest, pk: int, criterion: str) -> HttpResponse:
    """Answer what the organiser said of a criterion."""
    found, user = fetch(request, pk), person(request)
    one, rubric = marked_by(found, criterion), rubric_of(found.round)
    if not permissions.can_answer(user, found, on=today(request)):
        messages.error(request, _("There is no reply to answer."))
        return redirect(here(found))
    reading.open_sheets(rating=found, by=user, at=moment(request))
    shown_level = level_of(found, criterion)
    initial = {"level": choice_of(shown_level.level)}
    if shown_level.point and shown_level.point.answer:
        initial["answer"] = shown_level.point.answer
    return form_page(
        request, title=_("Answer the organiser"), submit=_("Save the answer"),
        form=AnswerPoint(request.POST or None, choices=levels(rubric, one), initial=initial),
        act=lambda said: settling.answer_point(rating=found, criterion=criterion, by=user, at=moment(request), **said),
        done=_("The answer is saved. The organiser gets it when all are sent."), back=here(found),
        trail=crumbs(found, _("Answer the organiser")), template="ratings/settle.html",
        more={"one": shown_level, "rating": found, "rubric": rubric},
    )  # fmt: skip


def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle an audit: a level and a reason wherever the auditor thought otherwise."""
    found, user = fetch(request, pk), person(request)
    if not _may_audit(request, found):
        return redirect(here(found))
    reading.open_sheets(rating=found, by=user, at=moment(request))
    rubric, marks = rubric_of(found.round), settling.audited_otherwise(found)
    stands = {code: row.level for code, row in settling.standing(found).items()}
    differs = {code: one for code, one in asked(found).items() if code in marks}
    form = SettleAudit(request.POST or None, rubric=rubric, differs=differs, stands=stands)
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form, lambda _said: settling.settle_audit(rating=found, decided=form.decided, by=user, at=moment(request))
        )
    ):
        messages.success(request, _("The audit is settled."))
        return redirect(here(found))
    rows = [_row(one, stands[code], marks[code], rubric) for code, one in differs.items()]
    trail = crumbs(found, _("Settle the audit"))
    words = {"form": form, "rating": found, "rows": rows, "back": here(found), "breadcrumbs": trail}
    return render(request, "ratings/audit.html", words)


def _row(one: Criterion, stood: int | None, mark: Mark, rubric: Rubric) -> tuple[str, str, str, Mark]:
    """A criterion where the auditor thought otherwise: its name, the level that stood, the auditor's, and the mark."""
    return shown.criterion_name(one), level_name(rubric, stood), shown.marked(mark, rubric), mark


def _may_audit(request: HttpRequest, found: Rating) -> bool:
    """Whether the audit may be settled by the reader now; why not is said on the page that one is sent to."""
    try:
        permissions.check_can_settle_audit(request.user, found, on=today(request))
    except CaseError as error:
        messages.error(request, str(error))
        return False
    return True
