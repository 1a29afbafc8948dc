"""Do we judge alike? Departments and inspectors after case mix, for leads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.figures.card import PANES, card
from likvard.figures.figure import Figure
from likvard.flow.uniformity import LEAST_IN_ALL, Decided, Followed, Monitor, monitor
from likvard.flow.uniformity_figures import figures
from likvard.site.cases.pages.visit import moment, today
from likvard.site.people.models import User
from likvard.site.supervision import exports
from likvard.site.supervision.actions import uniformity as actions
from likvard.site.supervision.invented import comparison
from likvard.site.supervision.permissions import programme as permissions
from likvard.site.ui.language import current as language

YEARS = 5
"""How many years of decisions are compared."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What is compared, and what it is called. `invented`: a demonstration whose own inspections are too few."""

    decided: tuple[Decided, ...]
    followed: tuple[Followed, ...]
    names: Mapping[str, str]
    invented: bool = False


@require_safe
def uniformity(request: HttpRequest) -> HttpResponse:
    """The comparison as of today; that it was read is noted."""
    on = today(request)
    permissions.check_can_lead(request.user, on=on)
    since = on.replace(year=on.year - YEARS, day=min(on.day, 28))
    rows = _rows(since, on)
    if isinstance(request.user, User):
        actions.read(by=request.user, at=moment(request), rows=len(rows.decided))
    found = _compared(rows.decided, rows.followed, on)
    context = {
        "cards": [_card(request, figure) for figure in figures(found, rows.names)],
        "why": found.why,
        "since": since,
        "rows": rows,
        "outside": exports.without_department(since, on),
        "breadcrumbs": [(_("Supervision"), reverse("supervision_mine")), (_("Do we judge alike?"), "")],
    }
    return render(request, "supervision/uniformity.html", context)


def _rows(since: date, on: date) -> Rows:
    own = Rows(tuple(exports.decided(since, on)), tuple(exports.followed(since, on)), exports.names())
    if not settings.DEMO or len(own.decided) >= LEAST_IN_ALL:
        return own
    return Rows(*comparison.rows(on), comparison.names(), invented=True)


@lru_cache(maxsize=4)
def _compared(decided: tuple[Decided, ...], followed: tuple[Followed, ...], on: date) -> Monitor:
    """Kept by the rows themselves: as long as nothing has been signed or closed, the day has one answer."""
    return monitor(decided, followed, on=on)


def _card(request: HttpRequest, figure: Figure) -> SafeString:
    asked = request.GET.get(figure.id, "")

    def href(pane: str) -> str:
        query = request.GET.copy()
        query[figure.id] = pane
        return f"?{query.urlencode()}#{figure.id}"

    drawn = card(figure, language(), pane=asked if asked in PANES else PANES[0], href=href)
    return mark_safe(drawn)  # noqa: S308 - written by figures, escaped there
