"""A case: its head, steps, clocks, documents, messages and what has happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.audit import events
from likvard.site.cases import permissions, shown
from likvard.site.cases.access import CaseGrant, ReasonNeededError, hides_title, own_cases
from likvard.site.cases.forms import Reason
from likvard.site.cases.models import Case, CaseLink, Clock, Document, LinkType, clocks_by_urgency
from likvard.site.cases.pages.visit import crumbs, fetch, number, person, state, today
from likvard.site.cases.states import CaseError, Move
from likvard.site.cases.timeline import happenings
from likvard.site.people.access import Denied, memberships
from likvard.site.people.models import User
from likvard.site.ui import components

RECENT, PER_PAGE = 40, 100
POINTS = 8


def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The case; to whom it is open only with a reason, the question of it first."""
    try:
        case, grant = fetch(request, slug)
    except ReasonNeededError:
        return ask(request, slug)
    if request.method == "POST":
        return redirect("cases_case", slug=slug)  # it is open already: no reason is needed
    context = context_of(case, grant, person(request), today(request))
    return render(request, "cases/case.html", context)


def context_of(case: Case, grant: CaseGrant, user: User, on: date) -> dict[str, Any]:
    """Everything that the partials of a case need; a subject's own page adds to it."""
    recent = list(events.about(case.subject).order_by("-seq")[:RECENT])
    return {
        "case": case,
        "grant": grant,
        "head": shown.head(case, on),
        "tasks": shown.tasks(case),
        "clocks": _clocks(case, user, on),
        "steps": _steps(case, user, on),
        "papers": shown.papers(_documents(case)),
        "letters": shown.letters(case.messages.select_related("author").prefetch_related("to"), user),
        "links": _links(case, user, on),
        "people": case.participants.all().in_force(on).select_related("user"),
        "excluded": case.exclusions.all().in_force().select_related("user"),
        "happenings": happenings(recent, case.kind, leads=grant.leads)[:POINTS],
        "works": grant.works and not case.is_closed,
        "leads": grant.leads and not case.is_closed,
        "breadcrumbs": crumbs(case),
    }


def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask why the reader needs to see the matter; keep the reason for the day."""
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        state(request, slug, form.cleaned_data["reason"])
        return redirect("cases_case", slug=slug)
    context = {"form": form, "dnr": number(slug), "breadcrumbs": crumbs(number(slug))}
    return render(request, "cases/reason.html", context)


def _documents(case: Case) -> list[Document]:
    own = Document.objects.filter(links__case=case, links__type=LinkType.OWN)
    return list(own.prefetch_related("versions__uploaded_by"))


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with its badge and what can be done to it: pairs of address and verb."""

    clock: Clock
    badge: components.Clock
    deeds: tuple[tuple[str, str], ...]


def _clocks(case: Case, user: User, on: date) -> list[ShownClock]:
    """The clocks of the case, the late first."""
    works = permissions.can_work(user, case, on=on)
    return [
        ShownClock(clock, shown.badge(clock, on), _deeds(clock, case, on) if works and clock.is_going else ())
        for clock in clocks_by_urgency(case.clocks.all(), on)
    ]


def _deeds(clock: Clock, case: Case, on: date) -> tuple[tuple[str, str], ...]:
    paused = clock.value.paused_since is not None
    late = (left := clock.value.left(on)) is not None and left < 0
    verbs = [("klar", _("It is done"))]
    verbs += [("fortsatt", _("Let it go on"))] if paused else [] if late else [("pausa", _("Pause"))]
    verbs += [("stoppa", _("Stop it"))]
    return tuple((reverse("cases_clock_deed", args=[case.slug, clock.pk, deed]), verb) for deed, verb in verbs)


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A way on from here: its address, or why it cannot be gone yet."""

    label: str
    href: str = ""
    why_not: str = ""


def _steps(case: Case, user: User, on: date) -> list[ShownMove]:
    """What can be done next by this reader; what cannot yet says what is missing."""
    found = []
    for way in case.kind.table.moves_from(case.state_code):
        try:
            permissions.check_can_move(user, case, way.code, on=on)
        except CaseError as error:
            found.append(ShownMove(str(way.label), why_not=str(error)))
        except Denied:
            continue
        else:
            found.append(ShownMove(str(way.label), href=reverse("cases_move", args=[case.slug, way.code])))
    return found


def way_of(case: Case, code: str) -> Move:
    """The move of a code from the case's state. Raises `CaseError` if it does not lead from here."""
    return case.kind.table.move(case.state_code, code)


@dataclass(frozen=True, slots=True)
class ShownLink:
    """What the case hangs together with: how, and where it is. A title that the reader may not see is not there."""

    how: str
    text: str
    href: str = ""
    title: str = ""


def _links(case: Case, user: User, on: date) -> list[ShownLink]:
    """Ties in both directions; numbers are shown, titles only of what the reader sees anyway."""
    ties = case.links.exclude(type=LinkType.OWN).select_related("to_case__unit", "to_case__organiser", "document")
    back = CaseLink.objects.filter(to_case=case).select_related("case__unit", "case__organiser")
    linked = [tie.to_case_id for tie in ties if tie.to_case_id] + [tie.case_id for tie in back]
    own = set(own_cases(user, on).filter(pk__in=linked).values_list("pk", flat=True))
    held = memberships(user, on)

    def other(how: str, linked: Case) -> ShownLink:
        seen = linked.pk in own or not hides_title(held, linked)
        return ShownLink(how, linked.dnr, shown.address(linked), linked.title if seen else "")

    found = [other(tie.get_type_display(), tie.to_case) for tie in ties if tie.to_case]
    found += [ShownLink(tie.get_type_display(), tie.quoted) for tie in ties if tie.quoted]
    found += [ShownLink(tie.get_type_display(), str(tie.document)) for tie in ties if tie.document]
    return found + [
        other(_("is followed by") if tie.type == LinkType.FOLLOWS else _("mentions this"), tie.case) for tie in back
    ]


@require_safe
def event_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that has happened in a case, the newest first."""
    case, grant = fetch(request, slug)
    page = Paginator(events.about(case.subject).order_by("-seq"), PER_PAGE).get_page(request.GET.get("sida"))
    context: dict[str, Any] = {
        "case": case,
        "page": page,
        "happenings": happenings(page, case.kind, leads=grant.leads),
        "breadcrumbs": crumbs(case, _("Everything that has happened")),
    }
    return render(request, "cases/events.html", context)
