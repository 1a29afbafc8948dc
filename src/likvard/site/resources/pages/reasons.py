"""Why each school gets what it gets: the same words rule for all, open to all schools; and what a school thinks of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.people.models import Unit
from likvard.site.resources import actions, permissions, shown
from likvard.site.resources.forms import Answer, GiveView
from likvard.site.resources.models import View
from likvard.site.resources.pages.visit import crumbs, deed, fetch, moment, person, today
from likvard.site.ui.language import current


@require_safe
def reasons(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """The reason of every school, by area and name; the reader's own first."""
    found, on = fetch(request, number, slug), today(request)
    version = found.newest
    mine = {unit.code for unit in permissions.concerned(request.user, found, on=on)}
    rows = [
        (share, getattr(share, f"reason_{current().value}"), shown.kind_words(share.kind), share.unit_id in mine)
        for share in version.shares.select_related("unit")
    ]
    own = [row for row in rows if row[3]]
    context = {
        "round": found, "version": version, "own": own, "rows": [row for row in rows if not row[3]],
        "kicker": shown.kicker(found, version), "stage": shown.stage(found),
        "answering": {s.unit_id for s, *_rest in own if permissions.can_give_view(request.user, found, s.unit, on=on)},
        "given": View.objects.filter(version=version, unit__in=mine), "breadcrumbs": crumbs(found, _("Reasons")),
    }  # fmt: skip
    return render(request, "resources/reasons.html", context)


def give_view(request: HttpRequest, number: str, slug: str, code: str) -> HttpResponse:
    """Say what a school thinks of the round."""
    found, on = fetch(request, number, slug), today(request)
    unit = get_object_or_404(Unit, pk=code)
    share = found.newest.shares.filter(unit=unit).first()
    if share is None:
        raise Http404(_("The school is not in the round."))
    return deed(
        request, found, title=_("What does %(school)s think?") % {"school": unit}, submit=_("Send"),
        form=GiveView(request.POST or None), lead=getattr(share, f"reason_{current().value}"),
        check=lambda: permissions.check_can_give_view(request.user, found, unit, on=on),
        act=lambda asked: actions.give_view(round=found, unit=unit, by=person(request), at=moment(request), **asked),
        done=_("The organiser has your view and answers it before the decision."), back=found.href("reasons"),
    )  # fmt: skip


@require_safe
def views(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """What schools said of every version, and what was answered: for the organiser's own people."""
    found, on = fetch(request, number, slug), today(request)
    permissions.check_can_follow(request.user, found, on=on)
    rows = View.objects.filter(version__round=found).select_related("unit", "by", "answered_by", "version")
    context = {
        "round": found, "rows": rows.order_by("-version__number", "at"), "waiting": rows.unanswered().count(),
        "may_answer": found.is_open and permissions.can_write(request.user, found.organiser, on=on),
        "breadcrumbs": crumbs(found, _("Views")),
    }  # fmt: skip
    return render(request, "resources/views.html", context)


def answer(request: HttpRequest, number: str, slug: str, pk: int) -> HttpResponse:
    """Answer what a school said."""
    found, on = fetch(request, number, slug), today(request)
    permissions.check_can_write(request.user, found.organiser, on=on)
    rows = View.objects.filter(version__round=found).select_related("unit", "version__round__organiser")
    view = get_object_or_404(rows, pk=pk)
    return deed(
        request, found, title=_("Answer to %(school)s") % {"school": view.unit}, submit=_("Save the answer"),
        form=Answer(request.POST or None, initial={"text": view.answer}), lead=view.text,
        check=lambda: permissions.check_can_answer(request.user, view, on=on),
        act=lambda asked: actions.answer(view=view, by=person(request), at=moment(request), **asked),
        done=_("The answer is kept. It stands in the memorandum."), back=found.href("views"),
    )  # fmt: skip
