"""Behind the report: what a closed round came to, the writing, the preview, and the steps to everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from likvard.site import published
from likvard.site.cases.states import Text
from likvard.site.ratings import content, later, permissions, pictures, sections, shown, states
from likvard.site.ratings.actions import reporting
from likvard.site.ratings.forms import Nothing, Reasoned, WriteReport
from likvard.site.ratings.models import Outcome, Report, ReportVersion, Round
from likvard.site.ratings.pages import cards
from likvard.site.ratings.pages import report as public
from likvard.site.ratings.pages.visit import crumbs, form_page, moment, person, round_of, today
from likvard.site.ratings.rubrics import rubric_of
from likvard.site.ratings.shares import classed
from likvard.site.ui.components import Cell, Column, Row, State, Table
from likvard.site.ui.language import current

DONE: dict[str, Text] = {
    "ask": gettext_lazy("The report waits for a second reader."),
    "take_back": gettext_lazy("The report is taken back, and can be written on again."),
    "send_back": gettext_lazy("The report is sent back."),
    "publish": gettext_lazy("The report is published."),
    "correct": gettext_lazy("A correction is being prepared. Everybody reads the last version meanwhile."),
    "withdraw": gettext_lazy("The report is withdrawn."),
}


@require_safe
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What a closed round came to: the parts of the report, and for leads each organiser by name with its class and doubt."""
    found = round_of(request, pk)
    permissions.check_can_lead(request.user, on=today(request))
    get_object_or_404(Outcome, round=found)
    national, user, on = content.with_later(found, published.current()), person(request), today(request)
    said, rubric = {"round": content.about(found)}, rubric_of(found)
    every = sections.figures_of(national, said, on)
    context = {
        "round": found, "table": _organisers(found, national, user, on), "headline": sections.headline(national, rubric),
        "opens": every[0].question[current()], "picture": pictures.classes(national, rubric),
        "cards": cards.cards(request, every[1:]), "cautions": sections.cautions(national),
        "method": sections.method(national, said), "breadcrumbs": crumbs(found, _("What the round came to")),
        "awaited": None if national.prediction else later.awaited(found),
    }  # fmt: skip
    return render(request, "ratings/outcome.html", context)


def _organisers(found: Round, national: Any, user: Any, on: Any) -> Table:
    rubric = rubric_of(found)
    columns = (Column(_("Organiser")), Column(_("Most probable class")), Column(_("How probable"), numeric=True), Column(_("Sure?")))  # fmt: skip
    rows, closed_to = [], permissions.organisers_in_conflict(user, on)
    for one in found.ratings.all().by_name().exclude(organiser__in=closed_to):
        classes = classed(national, one.organiser_id, rubric)
        likeliest = next((row for row in classes.classes if row.likeliest), None) if classes else None
        cells = (
            Cell(classes.name if classes else _("too few criteria")), Cell(likeliest.share if likeliest else "–"),
            Cell((_("yes") if classes.sure else _("unsure")) if classes else ""),
        )  # fmt: skip
        rows.append(Row(Cell(one.organiser.name, href=reverse("rating", args=[one.pk])), cells))
    return Table(_("Organisers by name, with their class"), columns, tuple(rows))


def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report on a closed round, or change its text."""
    found, user = round_of(request, pk), person(request)
    report = Report.objects.filter(round=found).first()
    back = reverse("report_draft", args=[report.pk]) if report else reverse("report_desk")
    initial = {name: getattr(report, name) for name in reporting.TEXTS} if report else {}
    form = WriteReport(request.POST or None, initial=initial)
    return form_page(
        request, title=_("Write the report"), submit=_("Save the text"), form=form,
        act=lambda asked: reporting.write(round=found, texts=asked, by=user, at=moment(request)),
        done=_("The text is saved. Nobody but the desk reads it yet."), back=back,
        trail=crumbs(found, _("Write the report")), check=lambda: _check(request, found, report),
        lead=_("The figures come from the round. Here you write what the Inspectorate says of them."),
    )  # fmt: skip


def _check(request: HttpRequest, found: Round, report: Report | None) -> None:
    permissions.check_can_write(request.user, found, on=today(request))
    if report is not None:
        permissions.check_can_change(request.user, report, on=today(request))


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Every report with its state, for those who write and read again."""
    permissions.check_can_see_draft(request.user, on=today(request))
    rows = [(one, State(shown.KINDS[one.state], one.stage.label)) for one in Report.objects.all()]
    return render(request, "ratings/desk.html", {"rows": rows, "breadcrumbs": [(_("Reports"), "")]})


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report at the desk: as everybody would read it, its versions and steps, and what the reader may do."""
    user, on = person(request), today(request)
    permissions.check_can_see_draft(user, on=on)
    found = get_object_or_404(Report.objects.select_related("round", "round__outcome", "written_by"), pk=pk)
    preview = ReportVersion(
        report=found, number=found.versions.count() + 1, content=content.of(found, on), at=moment(request), by=user
    )
    moves = [
        move for move in states.REPORT.moves_from(found.state) if permissions.can_move(user, found, move.code, on=on)
    ]
    stands = found.versions.last()
    context = {
        **public.shown(request, preview), "came_later": stands is not None and later.is_new(preview.content, stands.content),
        "awaited": None if later.is_told(preview.content) else later.awaited(found.round), "moves": moves, "badge": State(shown.KINDS[found.state], found.stage.label),
        "may_write": permissions.can_change(user, found, on=on), "steps": found.steps.select_related("by"),
        "mine": user.pk in found.writers and found.state in ("reading", "rereading"),
        "breadcrumbs": [(_("Reports"), reverse("report_desk")), (found.title, "")],
    }  # fmt: skip
    return render(request, "ratings/draft.html", context)


def move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take a report further."""
    user, on = person(request), today(request)
    permissions.check_can_see_draft(user, on=on)
    found = get_object_or_404(Report, pk=pk)
    way = next((one for one in states.REPORT.moves if one.code == code and one.start == found.state), None)
    form = (Reasoned if way is not None and way.reasoned else Nothing)(
        request.POST if request.method == "POST" else None
    )
    leads = {"correct": _("Say what is wrong: everybody will read it when the correction is published.")}
    return form_page(
        request, title=str(way.label) if way else _("Reports"), submit=str(way.label) if way else "", form=form,
        act=lambda asked: reporting.move(report=found, code=code, by=user, at=moment(request), **asked),
        done=str(DONE.get(code, "")), back=reverse("report_draft", args=[pk]),
        trail=[(_("Reports"), reverse("report_desk")), (found.title, reverse("report_draft", args=[pk])), (str(way.label) if way else code, "")],
        check=lambda: permissions.check_can_move(user, found, code, on=on), lead=leads.get(code, ""),
    )  # fmt: skip
