"""The case: how serious, which way, what next; the findings with the law as it was worded; clocks, steps and events."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from likvard.site.cases.access import CaseGrant, ReasonNeededError
from likvard.site.cases.forms import Reason
from likvard.site.cases.models import SETTLED, PointState
from likvard.site.cases.pages.case import ask, context_of
from likvard.site.people.models import User
from likvard.site.supervision import shown
from likvard.site.supervision.actions import opening
from likvard.site.supervision.composing.parts import area_name
from likvard.site.supervision.facts import current_decision, organiser_kind, organiser_of
from likvard.site.supervision.forms.inspection import Areas, JudgeRisk, Notify
from likvard.site.supervision.models import Inspection
from likvard.site.supervision.pages.cards import card, gate_of
from likvard.site.supervision.pages.visit import crumbs, deed, fetch, here, moment, person, today
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.rules import scope
from likvard.site.ui.language import current


def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The case page of an inspection."""
    try:
        inspection, grant = fetch(request, slug)
    except ReasonNeededError:
        return ask(request, slug)
    if request.method == "POST":
        return redirect("supervision_case", slug=slug)
    user, on = person(request), today(request)
    context = {**context_of(inspection.case, grant, user, on), **_context(inspection, grant, user, on)}
    return render(request, "supervision/case.html", context)


def _context(inspection: Inspection, grant: CaseGrant, user: User, on: date) -> dict[str, Any]:
    decision = current_decision(inspection)
    signed = inspection.decisions.exclude(issued=None).order_by("number")
    cards = [card(finding, on) for one in signed or ([decision] if decision else []) for finding in one.findings.all()]
    return {
        "inspection": inspection,
        "sort": shown.sort_of(inspection),
        "about": shown.about(inspection),
        "next": shown.next_step(inspection, on),
        "organiser": organiser_of(inspection.case),
        "risk": shown.risk(inspection),
        "tasks": shown.tasks(inspection),
        "cards": cards,
        "findings_tag": shown.findings_tag([one.finding for one in cards]) if cards else "",
        "open_findings": sum(PointState(one.finding.state) not in SETTLED for one in cards),
        "decision": decision,
        "decisions": shown.decisions(inspection, grant, user),
        "next_by": _next_by(inspection),
        **gate_of(inspection, user, on),
        "begins": permissions.can_begin(user, inspection, on=on),
        "breadcrumbs": crumbs(inspection.case),
    }


def _next_by(inspection: Inspection) -> str:
    """The page where the work of the stage is done, as its address; empty where there is none."""
    state, decision = inspection.case.state_code, current_decision(inspection)
    if state in ("noticed", "basis"):
        return here(inspection, "basis")
    if state == "visiting":
        return here(inspection, "visits")
    if state in ("drafting", "proposed") and decision:
        return here(inspection, "draft", number=decision.number)
    return here(inspection, "checks") if state == "fact_check" else ""


def risk_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Judge the risk anew; the earlier judgements stand below."""
    inspection, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    newest = inspection.judgements.first()
    names = ("risk", "rationale", "direction", "numbers", "lowered_when")
    initial = {name: getattr(newest, name) for name in names} if newest else None
    return deed(
        request, inspection,
        title=_("Judge the risk"), submit=_("Keep the judgement"),
        lead=_("It stands first on the page of the case. Earlier judgements are kept."),
        form=JudgeRisk(request.POST or None, initial=initial),
        check=lambda: None if request.method != "POST" else permissions.check_can_work(user, inspection, on=today(request)),
        act=lambda asked: opening.judge_risk(inspection=inspection, by=user, at=at, **asked),
        done=_("The risk has been judged."), back=here(inspection), template="supervision/risk.html",
        more={"judgements": inspection.judgements.select_related("by"), "works": permissions.can_work(user, inspection, on=today(request))},
    )  # fmt: skip


def areas_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose which areas are examined."""
    inspection, _grant = fetch(request, slug)
    user, at, case = person(request), moment(request), inspection.case
    known = scope.areas(
        inspection.type, of_unit=case.unit_id is not None, organiser_kind=organiser_kind(case), on=inspection.opened_on
    )
    form = Areas(
        request.POST or None, known=[(key, area.name[current()]) for key, area in known.items()],
        initial={"areas": list(inspection.areas.values_list("area", flat=True))},
    )  # fmt: skip
    return deed(
        request, inspection, title=_("Areas that are examined"), submit=_("Choose"), form=form,
        check=lambda: permissions.check_can_work(user, inspection, on=today(request)),
        act=lambda asked: opening.choose_areas(inspection=inspection, by=user, at=at, **asked),
        done=_("The areas have been chosen."), back=here(inspection),
    )  # fmt: skip


def notice_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the organiser."""
    inspection, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    return deed(
        request, inspection, title=_("Tell the organiser"), submit=_("Send the notice"),
        form=Notify(request.POST or None, initial={"text": _notice(inspection)}),
        check=lambda: permissions.check_can_work(user, inspection, on=today(request)),
        act=lambda asked: opening.notify(inspection=inspection, by=user, at=at, **asked),
        done=_("The organiser has been told."), back=here(inspection),
    )  # fmt: skip


def _notice(inspection: Inspection) -> str:
    """A notice to begin with, in Swedish: the letter is an authority's."""
    names = [area_name(row.area, inspection.opened_on).sv for row in inspection.areas.all()]
    sort = scope.types(inspection.opened_on)[inspection.type].name.sv
    lines = [
        f"Skolinspektionen har öppnat {sort} av {inspection.case.place}.",
        "Vi granskar de här områdena:\n" + "\n".join(f"- {name}" for name in names),
        "Ni får veta vilka handlingar vi behöver, när vi kommer på besök och vilka vi vill träffa. "
        "Bara handlingar som redan finns behöver skickas (26 kap. 7 § skollagen).",
    ]
    return "\n\n".join(lines)


def step_out_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Step out of the case: a conflict of interest. Afterwards the case is not open to the reader any more."""
    inspection, _grant = fetch(request, slug)
    user, at = person(request), moment(request)
    return deed(
        request, inspection, title=_("Step out of the case"), submit=_("Step out"),
        lead=_("For a conflict of interest. You will see nothing of the case any more, whatever your role."),
        form=Reason(request.POST or None),
        check=lambda: permissions.check_can_work(user, inspection, on=today(request)),
        act=lambda asked: opening.step_out(inspection=inspection, by=user, at=at, reason=asked["reason"]),
        done=_("You have stepped out of the case."),
        back=here(inspection) if request.method == "GET" else "/tillsyn/",
    )  # fmt: skip
