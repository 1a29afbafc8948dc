"""The open list of trigger sentences: the rules with their limits, and what they say of a school."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site import published
from likvard.site.people.models import Unit
from likvard.site.supervision.composing.parts import area_name
from likvard.site.supervision.pages.visit import today
from likvard.site.supervision.triggers import signals, triggers
from likvard.site.ui.components import Cell, Column, Row, Table
from likvard.site.ui.language import current


@require_safe
def signals_page(request: HttpRequest) -> HttpResponse:
    """Every rule of the list, open to everybody; with a unit's code, what they say of it today."""
    code = request.GET.get("enhet", "").strip()
    unit = Unit.objects.filter(code=code).first() if code else None
    publication = published.current()
    found = signals(publication, unit.code) if unit and publication else ()
    context = {
        "table": _rules(today(request)),
        "unit": unit,
        "code": code,
        "signals": found,
        "publication": publication,
        "breadcrumbs": [(_("What the figures may ask"), "")],
    }
    return render(request, "supervision/signals.html", context)


def _rules(on: date) -> Table:
    columns = (Column(_("What is said")), Column(_("Area")), Column(_("Why it is worth asking")))
    rows = tuple(
        Row(Cell(rule.about), (Cell(area_name(rule.area, on)[current()]), Cell(rule.why))) for rule in triggers()
    )
    return Table(_("The list"), columns, rows)
