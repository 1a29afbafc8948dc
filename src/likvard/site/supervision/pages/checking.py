"""The check of facts: the organiser reads the draft and remarks part by part; the inspectors see the remarks beside the draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from likvard.site.cases import permissions as of_cases
from likvard.site.cases.forms import OptionalReason
from likvard.site.cases.models import Case
from likvard.site.cases.pages.visit import number as register_number
from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.supervision.actions import drafting
from likvard.site.supervision.facts import organiser_of
from likvard.site.supervision.forms.inspection import JudgeRemark
from likvard.site.supervision.models import FactCheck, Remark
from likvard.site.supervision.pages.visit import crumbs, deed, fetch, here, moment, person, today
from likvard.site.supervision.permissions import before as permissions
from likvard.site.writing import html
from likvard.site.writing.text import Heading, Written, from_data

FIELD = "block-"
"""What the boxes of the organiser's remarks are called: one for each part of the draft."""


def _parts(check: FactCheck, remarks: dict[int, Remark]) -> list[dict[str, Any]]:
    """The parts of the draft in their order, each with its HTML and its remark. A heading opens a part and takes no remark."""
    written = from_data(check.content)
    return [
        {
            "place": place,
            "html": html.body(_alone(written, place), deeper=block.level - 2 if isinstance(block, Heading) else 0),
            "heading": isinstance(block, Heading),
            "remark": remarks.get(place),
            "name": f"{FIELD}{place}",
        }
        for place, block in enumerate(written.blocks)
    ]


def _alone(written: Written, place: int) -> Written:
    """One block of a document as a document of its own, so that it is shown as in the whole."""
    block = written.blocks[place]
    only = (Heading(2, block.text),) if isinstance(block, Heading) else (block,)
    return Written(
        title=written.title, kicker="", language=written.language, register_number="", dated=None, authority="",
        addressee=(), blocks=only, draft=True,
    )  # fmt: skip


@require_safe
def checks_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The inspectors' view: the draft as it was sent, with what the organiser remarked beside each part."""
    inspection, _grant = fetch(request, slug)
    user, on = person(request), today(request)
    check = FactCheck.objects.filter(decision__inspection=inspection).order_by("-decision__number", "-number").first()
    remarks = {row.place: row for row in check.remarks.select_related("made_by", "judged_by")} if check else {}
    # A remark is the organiser's own until it answers: the inspectors do not read over its shoulder.
    shown = remarks if check and not check.is_open else {}
    context = {
        "case": inspection.case,
        "inspection": inspection,
        "check": check,
        "parts": _parts(check, shown) if check else [],
        "count": len(shown),
        "left": sum(not row.outcome for row in shown.values()),
        "works": permissions.can_work(user, inspection, on=on),
        "breadcrumbs": crumbs(inspection.case, _("Check of facts")),
    }
    return render(request, "supervision/checks.html", context)


def judge_remark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what comes of a remark."""
    inspection, _grant = fetch(request, slug)
    remark = get_object_or_404(Remark, pk=pk, check_of__decision__inspection=inspection)
    user, at, on = person(request), moment(request), today(request)
    if remark.check_of.is_open:
        raise Http404(_("The organiser has not answered yet."))
    return deed(
        request, inspection, title=_("What comes of the remark?"), submit=_("Keep it"), lead=remark.text,
        form=JudgeRemark(request.POST or None, initial={"outcome": remark.outcome, "reply": remark.reply}),
        check=lambda: permissions.check_can_work(user, inspection, on=on),
        act=lambda asked: drafting.judge_remark(remark=remark, by=user, at=at, **asked),
        done=_("The remark is judged."), back=here(inspection, "checks"),
    )  # fmt: skip


def end_check(request: HttpRequest, slug: str) -> HttpResponse:
    """End the check and go back to the draft."""
    inspection, _grant = fetch(request, slug)
    check = FactCheck.objects.filter(decision__inspection=inspection, ended_at=None).first()
    if check is None:
        raise Http404(_("No check of facts is going on."))
    user, at, on = person(request), moment(request), today(request)
    answered = check.answered_at is not None
    return deed(
        request, inspection, title=_("Go back to the draft"), submit=_("Go back to the draft"),
        lead="" if answered else _("The organiser has not answered. Say why you do not wait."),
        form=OptionalReason(request.POST if request.method == "POST" else None),
        check=lambda: permissions.check_can_work(user, inspection, on=on),
        act=lambda asked: drafting.end_check(check=check, by=user, at=at, reason=asked["reason"]),
        done=_("The draft can be changed again."), back=here(inspection, "draft", number=check.decision.number),
    )  # fmt: skip


def check_for(request: HttpRequest, slug: str) -> FactCheck:
    """The draft that was sent last in a case, for somebody at the organiser. Raises `Denied`, the same whether there is none."""
    user, on = person(request), today(request)
    try:
        case = Case.objects.numbered(RegisterNumber.parse(register_number(slug))).first()
    except CaseError:
        case = None
    found = FactCheck.objects.filter(decision__inspection__case=case).order_by("-decision__number", "-number").first()
    if case is None or found is None:
        raise Denied(_("There is no draft here that is open to you."))
    permissions.check_can_see_check(user, found, on=on)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def party_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The organiser's view: the draft part by part, a box for a remark at each, what is kept, and the answer."""
    check = check_for(request, slug)
    if request.method == "POST":
        return _remark(request, check)
    user, on = person(request), today(request)
    case = check.decision.inspection.case
    remarks = {row.place: row for row in check.remarks.select_related("made_by")}
    context = {
        "case": case,
        "check": check,
        "organiser": organiser_of(case),
        "written": from_data(check.content),
        "parts": _parts(check, remarks),
        "count": len(remarks),
        "remarks": check.is_open and of_cases.asks(lambda: permissions.check_can_remark(user, check, on=on)),
        "answers": permissions.can_answer(user, check, on=on),
        "late": check.due < on,
        "breadcrumbs": [(_("Answers"), "/svar/"), (case.dnr, ""), (_("Check of facts"), "")],
    }
    return render(request, "supervision/party_check.html", context)


def _remark(request: HttpRequest, check: FactCheck) -> HttpResponse:
    """Keep the remarks as they stand; with the button for it, give the answer too."""
    user, at = person(request), moment(request)
    sent = {
        int(name.removeprefix(FIELD)): text
        for name, text in request.POST.items()
        if name.startswith(FIELD) and name.removeprefix(FIELD).isdecimal()
    }
    texts = {place: str(text)[:5000] for place, text in sent.items()}
    try:
        drafting.remark_on(check=check, texts=texts, by=user, at=at)
        if "answer" in request.POST:
            drafting.answer_check(check=check, by=user, at=at)
            messages.success(request, _("Your answer has been given. You can read it here."))
        else:
            messages.success(
                request, _("Your remarks are kept. Nobody at the Inspectorate reads them before you answer.")
            )
    except CaseError as error:
        messages.error(request, str(error))
    return redirect(request.path)
