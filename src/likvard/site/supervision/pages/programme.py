"""The programme: how far it has come on a map and in lists, and the making of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.figures import formats
from likvard.figures.insight.measured import measured
from likvard.site import published
from likvard.site.cases.pages.visit import moment, today
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Organiser, User
from likvard.site.supervision import candidates, coverage
from likvard.site.supervision.actions import programme as actions
from likvard.site.supervision.coverage import Progress, Reached, Sought, badge
from likvard.site.supervision.forms.programme import ListFilters, NewProgramme, form_names
from likvard.site.supervision.models import Programme, ProgrammeUnit
from likvard.site.supervision.permissions import programme as permissions
from likvard.site.supervision.protocol import measure_name
from likvard.site.supervision.tiles import tiles
from likvard.site.ui.components import Cell, Column, Label, Row, Table
from likvard.site.ui.language import current

PER_PAGE = 50


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return formats.number(value, 0, current())


def crumbs(programme: Programme | None = None, here: str = "") -> list[tuple[str, str]]:
    """Where a page of the programme lies."""
    found = [(_("Programme"), reverse("supervision_programmes"))]
    if programme is not None:
        found.append((programme.name, reverse("supervision_programme", args=[programme.pk])))
    return [*found, (here, "")] if here else found


def fetch(request: HttpRequest, pk: int) -> Programme:
    """The programme of an address, for whoever may read it."""
    permissions.check_can_see(request.user, on=today(request))
    return get_object_or_404(Programme.objects.select_related("decided_by", "made_by"), pk=pk)


def leader(request: HttpRequest) -> User:
    """Who asks, a lead inspector. Raises `Denied` for others."""
    permissions.check_can_lead(request.user, on=today(request))
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Every programme, the newest period first."""
    permissions.check_can_see(request.user, on=today(request))
    context = {
        "programmes": Programme.objects.all(),
        "may_lead": permissions.can_lead(request.user, on=today(request)),
        "breadcrumbs": crumbs()[:1],
    }
    return render(request, "supervision/programmes.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Make a programme: the basis is taken from the publication that the site shows."""
    by, publication = leader(request), published.current()
    if publication is None:
        raise Http404(_("No figures have been published yet: a programme selects from published figures."))
    choices = [(id, measured(id).name[current()]) for id in candidates.measures(publication)]
    form = NewProgramme(request.POST or None, measures=choices)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_programme(**form.cleaned_data, publication=publication, by=by, at=moment(request))
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            return redirect("supervision_programme_rule", made.pk)
    context = {"form": form, "breadcrumbs": crumbs(here=_("Make a programme"))}
    return render(request, "supervision/programme_new.html", context)


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a programme has come: a map of areas with its table, by school form and by kind of organiser."""
    found = fetch(request, pk)
    reached = coverage.progress(found)
    county = request.GET.get("lan", "")
    areas = coverage.areas(found, reached, county)
    context = {
        "programme": found,
        "lead": _lead(found, reached),
        "measure": measure_name(found),
        "county": coverage.county_names().get(county, county),
        "tiles": tiles(areas, county=county, of=found.pk),
        "legend": [badge(state) for state in Reached],
        "table": _areas_table(found, areas, county),
        "forms": _by(_("School form"), coverage.by_form(found, reached), dict(form_names(today(request))), _("units")),
        "kinds": _by(_("Organiser"), coverage.by_kind(found, reached), dict(Organiser.Kind.choices), _("organisers")),
        "may_lead": permissions.can_lead(request.user, on=today(request)),
        "breadcrumbs": [*crumbs()[:1], (found.name, "")],
    }
    return render(request, "supervision/programme.html", context)


def _lead(programme: Programme, reached: Progress) -> str:
    units, organisers = programme.units.count(), coverage.organisers_of(programme).count()
    words = {
        "units": len(reached.units), "of_units": units, "organisers": len(reached.organisers), "of_organisers": organisers,
    }  # fmt: skip
    return _(
        "**%(organisers)s of %(of_organisers)s organisers** and **%(units)s of %(of_units)s units** are reached so far."
    ) % {name: number(n) for name, n in words.items()}


def _areas_table(programme: Programme, areas: Iterable[coverage.Area], county: str) -> Table:
    states = tuple(state for state in Reached if state is not Reached.NONE)
    counts: tuple[Label, ...] = (_("Organisers"), _("Units"), *(state.label for state in states))
    columns = (Column(_("Area")), Column(_("How far")), *(Column(label, numeric=True) for label in counts))
    of = "kommun" if county else "lan"
    rows = tuple(
        Row(
            Cell(area.name, href=f"{reverse('supervision_programme_list', args=[programme.pk])}?visa=enheter&{of}={area.code}"),
            (
                Cell(state=area.badge), Cell(number(area.organisers)), Cell(number(area.units)),
                *(Cell(number(area.states.get(state, 0))) for state in states),
            ),
        )
        for area in areas
    )  # fmt: skip
    return Table(_("The same as a table: units by how far they have come"), columns, rows)


def _by(head: str, rows: Iterable[tuple[str, int, Any]], names: dict[str, Any], what: str) -> Table:
    states = tuple(state for state in Reached if state is not Reached.NONE)
    columns = (Column(head), Column(what.capitalize(), numeric=True), *(Column(s.label, numeric=True) for s in states))
    made = tuple(
        Row(Cell(names.get(code, code or _("no school form told"))), (Cell(number(n)), *(Cell(number(had.get(s, 0))) for s in states)))
        for code, n, had in rows
    )  # fmt: skip
    return Table(head, columns, made)


@require_safe
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisers, or the units, with how far each has come; by place and name, never by result."""
    found = fetch(request, pk)
    reached = coverage.progress(found)
    names, counties = coverage.municipality_names(found), coverage.county_names()
    form = _filters(request, found, names, counties)
    asked = {name: request.GET.get(name, "") for name in ("q", "lan", "kommun", "form", "slag", "lage")}
    sought = Sought(*asked.values())
    of_units = request.GET.get("visa") == "enheter"
    asks_for = request.GET.get("sida")
    if of_units:
        units = Paginator(coverage.units(found, sought, reached), PER_PAGE).get_page(asks_for)
        page: Page[Any] = units
        table = _units(units, reached, names)
    else:
        organisers = Paginator(coverage.organisers(found, sought, reached), PER_PAGE).get_page(asks_for)
        page, table = organisers, _organisers(found, organisers, reached)
    context = {
        "programme": found, "form": form, "page": page, "table": table, "of_units": of_units,
        "breadcrumbs": crumbs(found, _("List")),
    }  # fmt: skip
    return render(request, "supervision/programme_list.html", context)


def _filters(
    request: HttpRequest, programme: Programme, names: dict[str, str], counties: dict[str, str]
) -> ListFilters:
    places = programme.units.values_list("county", "municipality").distinct().order_by("municipality")
    chosen = request.GET.get("lan", "")
    had = [(county, code) for county, code in places if code]
    municipalities = [(code, names.get(code, code)) for county, code in had if not chosen or county == chosen]
    return ListFilters(
        request.GET, on=today(request), municipalities=municipalities,
        counties=[(code, counties.get(code, code)) for code in sorted({county for county, _code in had})],
    )  # fmt: skip


def _units(rows: Iterable[ProgrammeUnit], reached: Progress, names: dict[str, str]) -> Table:
    columns = (Column(_("Unit")), Column(_("Municipality")), Column(_("Organiser")), Column(_("How far")))
    made = tuple(
        Row(
            Cell(str(row.unit), href=f"/skolor/{row.unit_id}/", note=_by_whom(row)),
            (
                Cell(names.get(row.municipality, row.municipality)),
                Cell(str(row.organiser or "–")),
                Cell(state=badge(reached.units.get(row.unit_id, Reached.NONE))),
            ),
        )
        for row in rows
    )
    return Table(_("Units by county, municipality and name"), columns, made)


def _by_whom(row: ProgrammeUnit) -> str:
    return _("The municipality supervises it (26 kap. 4 § skollagen).") if row.by_municipality else ""


def _organisers(programme: Programme, rows: Iterable[Organiser], reached: Progress) -> Table:
    shown = list(rows)
    owned = programme.units.filter(organiser__in=shown).values_list("organiser_id", "unit_id")
    units: dict[str, list[str]] = {row.pk: [] for row in shown}
    for organiser, unit in owned:
        units[organiser].append(unit)
    columns = (Column(_("Organiser")), Column(_("Kind")), Column(_("Units"), numeric=True), Column(_("Reached"), numeric=True), Column(_("How far")))  # fmt: skip
    made = tuple(
        Row(
            Cell(row.name, href=f"?visa=enheter&q={row.number}"),
            (
                Cell(row.get_kind_display()),
                Cell(number(len(units[row.pk]))),
                Cell(number(sum(code in reached.units for code in units[row.pk]))),
                Cell(state=badge(reached.organisers.get(row.pk, Reached.NONE))),
            ),
        )
        for row in shown
    )
    return Table(_("Organisers by name"), columns, made)
