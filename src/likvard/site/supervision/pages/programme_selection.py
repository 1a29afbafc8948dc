"""Who is selected, by what: the protocol as page and file; additions by hand; the decision; the cases."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.cases import shown
from likvard.site.cases.pages.visit import moment, place_of, today
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.supervision import candidates, paper, protocol
from likvard.site.supervision.actions import programme as actions
from likvard.site.supervision.forms.programme import AddByHand, Decide, Plan
from likvard.site.supervision.models import Programme, Selected
from likvard.site.supervision.pages.programme import crumbs, fetch, leader
from likvard.site.supervision.permissions import programme as permissions
from likvard.site.ui.components import Cell, Column, Row, Table
from likvard.site.writing.pdf import pdf

PER_PAGE = 100
DAY_COLUMN = ("unit", "organiser", "form", "difference", "missing", "complaints", "visited_on", "by_municipality")


@require_safe
def selection(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol: who was selected by what, by area and name. Before the decision a proposal, for leads only."""
    programme = fetch(request, pk)
    leads = permissions.can_lead(request.user, on=today(request))
    if not programme.is_decided and not leads:
        raise Denied(_("The selection is shown when the programme has been decided."))
    rows = list(programme.selected.all().standing().by_place()) if programme.is_decided else _proposed(programme)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("sida"))
    standing = programme.rule
    context = {
        "programme": programme,
        "standing": standing,
        "facts": protocol.rule_facts(programme, standing.value) if standing else (),
        "page": page,
        "table": _table(programme, page.object_list, leads=leads),
        "waiting": sum(row.case_id is None for row in rows),
        "lead": _lead(rows),
        "by_hand": programme.selected.all().standing().filter(route="hand") if not programme.is_decided else (),
        "may_change": permissions.can_change(request.user, programme, on=today(request)),
        "may_plan": permissions.can_plan(request.user, programme, on=today(request)),
        "leads": leads,
        "breadcrumbs": crumbs(programme, _("Selection")),
    }
    return render(request, "supervision/programme_selection.html", context)


def _proposed(programme: Programme) -> list[Selected]:
    standing = programme.rule
    if standing is None:
        return list(programme.selected.all().standing().by_place())
    return protocol.proposed(programme, candidates.outcome(programme, standing.value))


def _lead(rows: Iterable[Selected]) -> str:
    found = list(rows)
    units = sum(row.unit_id is not None for row in found)
    return _("**%(units)s units** and **%(organisers)s organisers**, by area and name.") % {
        "units": units,
        "organisers": len(found) - units,
    }


def _table(programme: Programme, rows: Iterable[Selected], *, leads: bool) -> Table:
    columns = (Column(_("Place")), Column(_("Area")), Column(_("Selected")), Column(_("By what")), Column(_("Matter")))
    made = tuple(
        Row(
            Cell(line.name, note=f"{line.organiser} · {line.number}"),
            (Cell(line.area), Cell(line.route), Cell(line.why), _case(line.row, leads=leads)),
        )
        for line in protocol.lines(programme, rows)
    )
    return Table(_("Protocol of the selection"), columns, made)


def _case(row: Selected, *, leads: bool) -> Cell:
    """The matter, as a link for whoever keeps the register."""
    if row.case is None:
        return Cell("–")
    return Cell(row.case.dnr, href=shown.address(row.case) if leads else "", note=str(row.case.state.label))


@require_safe
def protocol_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The protocol as CSV, each line with the rule, the seed and the publication that make it possible to redo."""
    programme = fetch(request, pk)
    if not programme.is_decided:
        raise Denied(_("The protocol is there when the programme has been decided."))
    return _csv(protocol.csv_rows(programme), f"protokoll-{programme.pk}.csv")


@require_safe
def protocol_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol as PDF, in the language of the page."""
    programme = fetch(request, pk)
    standing = programme.rule
    if not programme.is_decided or standing is None:
        raise Denied(_("The protocol is there when the programme has been decided."))
    response = HttpResponse(pdf(paper.written(programme, standing)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="protokoll-{programme.pk}.pdf"'
    return response


@require_safe
def basis_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The basis as CSV, for leads: what the selection was made from, as its fingerprint seals it."""
    programme = fetch(request, pk)
    leader(request)
    return _csv(_basis(programme), f"underlag-{programme.pk}.csv")


def _basis(programme: Programme) -> Iterator[tuple[object, ...]]:
    yield DAY_COLUMN
    yield from candidates.lines(programme)


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def _csv(rows: Iterable[tuple[object, ...]], name: str) -> StreamingHttpResponse:
    """Rows as a CSV file: semicolons and UTF-8 with its mark, as Swedish spreadsheets read it; no cell can begin a formula."""
    writer = csv.writer(_Echo(), delimiter=";")
    lines = (writer.writerow([_plain(cell) for cell in row]) for row in rows)
    response = StreamingHttpResponse(_marked(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _marked(lines: Iterable[str]) -> Iterator[str]:
    yield "\ufeff"
    yield from lines


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a unit or an organiser by hand, with the reason."""
    programme, by = fetch(request, pk), leader(request)
    form = AddByHand(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            place = place_of(form.cleaned_data["place"], running=True)
            actions.add_by_hand(
                programme=programme, place=place, reason=form.cleaned_data["reason"], by=by, at=moment(request)
            )
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(place)s was added by hand.") % {"place": place})
            return redirect("supervision_programme_selection", programme.pk)
    return _form(request, programme, form, _("Add by hand"), _("Add"))


def _form(request: HttpRequest, programme: Programme, form: object, heading: str, submit: str, lead: str = "") -> HttpResponse:  # fmt: skip
    context = {"programme": programme, "form": form, "heading": heading, "submit": submit, "lead": lead}
    return render(request, "supervision/programme_form.html", {**context, "breadcrumbs": crumbs(programme, heading)})


def withdraw(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take back an addition by hand."""
    programme, by = fetch(request, pk), leader(request)
    selected = get_object_or_404(Selected, pk=row, programme=programme)
    form = Plan(request.POST or None)
    if request.method == "POST":
        try:
            actions.withdraw(selected=selected, by=by, at=moment(request))
        except CaseError as error:
            messages.error(request, str(error))
        return redirect("supervision_programme_selection", programme.pk)
    return _form(request, programme, form, _("Take back %(place)s") % {"place": selected}, _("Take back"))


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide the programme. After that nothing in it is changed."""
    programme, by = fetch(request, pk), leader(request)
    form = Decide(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(programme=programme, decision=form.cleaned_data["decision"], by=by, at=moment(request))
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The programme is decided."))
            return redirect("supervision_programme_selection", programme.pk)
    lead = _("What the rule selects is written down with its points. After that nothing in the programme is changed.")
    return _form(request, programme, form, _("Decide the programme"), _("Decide"), lead)


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the cases of those selected that have none, some at a time."""
    programme, by = fetch(request, pk), leader(request)
    waiting = list(programme.selected.all().standing().filter(case__isnull=True).by_place())
    waiting.sort(key=lambda row: row.unit_id is not None)
    if request.method == "POST":
        try:
            made = actions.plan_cases(programme=programme, selected=waiting, by=by, at=moment(request))
        except CaseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(n)s matters were opened. They wait to be shared out.") % {"n": len(made)})
        return redirect("supervision_programme_selection", programme.pk)
    lead = _("%(n)s places wait for a matter. %(some)s are opened at a time, organisers first.") % {
        "n": len(waiting),
        "some": min(len(waiting), actions.AT_ONCE),
    }
    return _form(request, programme, Plan(), _("Open matters"), _("Open matters"), lead)
