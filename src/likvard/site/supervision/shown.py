"""Inspections as the components of a page: how they stand, their findings with the law as it was worded, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from likvard.figures import formats
from likvard.site.cases import shown as of_cases
from likvard.site.cases.access import CaseGrant
from likvard.site.cases.models import SETTLED, Case, PointState
from likvard.site.cases.states import Owner
from likvard.site.cases.timing import Standing, day_of
from likvard.site.people.models import User
from likvard.site.supervision.composing.parts import Wording, area_name, badge, wordings
from likvard.site.supervision.facts import current_decision, finding_facts, organiser_of
from likvard.site.supervision.models import Decision, Finding, Inspection, Risk, RiskJudgement
from likvard.site.supervision.rules.scope import form_names, types
from likvard.site.ui.components import Cell, Column, Row, State, Table, Task
from likvard.site.ui.language import current
from likvard.terms import Words

STATES = {
    PointState.OPEN: "late",
    PointState.REPORTED: "document",
    PointState.PARTLY: "ongoing",
    PointState.REMAINS: "late",
    PointState.REMEDIED: "done",
    PointState.ENDED: "plain",
}
"""The shape and colour of each state of a finding."""

RISKS = {Risk.LOW: "done", Risk.MEDIUM: "soon", Risk.HIGH: "late", Risk.VERY_HIGH: "late"}
DIRECTIONS = {"better": "better", "same": "plain", "worse": "worse", "unknown": "plain"}


def day(when: date | None) -> str:
    """A day in the page's language."""
    return formats.day(when, current()) if when else ""


@dataclass(frozen=True, slots=True)
class ShownWording:
    """A provision on the card of a finding: where it stands, what it asks in short, of which day, and whether it has changed since."""

    wording: Wording
    on: date
    changed: date | None

    @property
    def about(self) -> str:
        """What it asks, in the page's language."""
        return self.wording.about[current()]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as its card shows it. `lines` are further facts (label and text); `href` leads to its own page, if there is one.

    `state` is None in a draft. What comes after the decision (answers, measured effect, gate) is added to `lines`.
    """

    finding: Finding
    heading: str
    badge: Words
    state: State | None
    wordings: tuple[ShownWording, ...]
    measures: tuple[str, ...]
    due: date | None
    href: str = ""
    responsible: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()


def finding_card(
    finding: Finding,
    today: date,
    *,
    href: str = "",
    responsible: str = "",
    lines: Sequence[tuple[str, str]] = (),
    faults: Sequence[str] = (),
) -> ShownFinding:
    """The card of a finding, with its provisions as they were worded on the day of the event."""
    name = area_name(finding.area, finding.event_on)[current()]
    known = finding_facts(finding, finding.decision.inspection, finding.decision.decided_on)
    if finding.instrument == "refrain" and finding.assessment.strip():
        lines = [*lines, (_("Why:"), finding.assessment.strip())]
    words = {"number": finding.number, "area": name}
    in_audit = finding.judgement is not None
    return ShownFinding(
        finding=finding,
        heading=name if in_audit else _("Finding %(number)s. %(area)s") % words,
        badge=badge(finding),
        state=point_state(finding) if finding.decision.is_signed else None,
        wordings=tuple(_worded(one, finding.event_on, today) for one in wordings(finding)),
        measures=tuple(row.text for row in finding.measures.all()),
        due=(finding.due or finding.decision.report_due) if known.is_followed_up else None,
        href=href, responsible=responsible, lines=tuple(lines), faults=tuple(faults),
    )  # fmt: skip


def _worded(wording: Wording, on: date, today: date) -> ShownWording:
    changed = wording.until if wording.until and wording.until < today else None
    return ShownWording(wording, on, changed)


def point_state(finding: Finding) -> State:
    """How a finding stands, with the day it was closed."""
    state = PointState(finding.state)
    if state is PointState.REMEDIED and finding.state_since:
        return State("done", _("remedied %(day)s") % {"day": day(finding.state_since)})
    if state is PointState.ENDED and finding.state_since:
        return State("plain", _("ended %(day)s") % {"day": day(finding.state_since)})
    return State(STATES[state], state.label)


@dataclass(frozen=True, slots=True)
class ShownRisk:
    """The risk that holds, and what is behind it."""

    judgement: RiskJudgement
    risk: State
    direction: State
    before: str
    count: int


def risk(inspection: Inspection) -> ShownRisk | None:
    """The judgement of the risk that holds, with what stood before it; None until the first."""
    found = list(inspection.judgements.all())
    if not found:
        return None
    newest, before = found[0], found[1] if len(found) > 1 else None
    return ShownRisk(
        judgement=newest,
        risk=State(RISKS[Risk(newest.risk)], newest.get_risk_display()),
        direction=State(DIRECTIONS[newest.direction], newest.get_direction_display()),
        before=before.get_risk_display() if before and before.risk != newest.risk else "",
        count=len(found),
    )


def sort_of(inspection: Inspection) -> str:
    """What kind of inspection it is, under the name of the day it was opened."""
    return types(inspection.opened_on)[inspection.type].name[current()]


def about(inspection: Inspection) -> str:
    """What it is about: the school forms of a unit, by their names of the day; else the level, and of which forms if chosen."""
    names = ", ".join(form_names(inspection.forms, inspection.opened_on, current()))
    if names and inspection.case.unit_id is not None:
        return names
    level = str(inspection.get_level_display())
    return f"{level}: {names}" if names else level


def findings_tag(findings: Sequence[Finding]) -> str:
    """How many findings there are, and how many are settled: `3 findings, 1 closed`."""
    count, settled = len(findings), sum(PointState(one.state) in SETTLED for one in findings if one.decision.is_signed)
    text = ngettext("%(count)s finding", "%(count)s findings", count) % {"count": count}
    closed = ngettext("%(count)s closed", "%(count)s closed", settled) % {"count": settled}
    return f"{text}, {closed}" if settled else text


def tasks(inspection: Inspection) -> list[Task]:
    """The steps of the case, each with its day or how far it has come, and a link to its page."""
    found = []
    for number, task in enumerate(of_cases.tasks(inspection.case)):
        note = _note(inspection, number) or task.note
        href = _href(inspection, number) if task.state.kind != "locked" else ""
        found.append(Task(task.label, task.state, href=href, note=note))
    return found


PAGES = ("", "basis", "visits", "draft", "draft", "", "")
"""The page of each step, in the order of `kinds.SUPERVISION.steps`."""


def _href(inspection: Inspection, step: int) -> str:
    name = PAGES[step]
    if name == "draft":
        decision = current_decision(inspection)
        args = {"slug": inspection.case.slug, "number": decision.number} if decision else None
        return reverse("supervision_draft", kwargs=args) if args else ""
    return reverse(f"supervision_{name}", args=[inspection.case.slug]) if name else ""


def _note(inspection: Inspection, step: int) -> str:
    if step == 1:
        items = list(inspection.basis.all())
        words = {"done": sum(item.is_settled for item in items), "count": len(items)}
        return _("%(done)s of %(count)s have come in") % words if items else ""
    if step == 2:
        return ", ".join(day(visit.first_day) for visit in inspection.visits.all() if not visit.cancelled)
    if step == 4:
        decision = current_decision(inspection)
        return day(decision.decided_on) if decision and decision.is_signed else ""
    return ""


NEXT: dict[str, str | Promise] = {
    "planned": gettext_lazy("Share out the inspection"),
    "assigned": gettext_lazy("Tell the organiser"),
    "noticed": gettext_lazy("Ask for documents"),
    "basis": gettext_lazy("Read the basis and plan the visits"),
    "visiting": gettext_lazy("Visit, and write what is seen"),
    "drafting": gettext_lazy("Write the draft"),
    "fact_check": gettext_lazy("Check the facts"),
    "proposed": gettext_lazy("Read and sign the decision"),
    "awaiting": gettext_lazy("Report back"),
    "follow_up": gettext_lazy("Judge what has been remedied"),
}
"""What comes next in each state, for whoever moves next."""


@dataclass(frozen=True, slots=True)
class Next:
    """The next step: what, who, and by when."""

    what: str
    who: str
    by_when: str


def next_step(inspection: Inspection, today: date) -> Next:
    """What comes next, who does it, and the day of the clock that it is measured by."""
    case = inspection.case
    what = str(NEXT.get(case.state_code, case.state.label))
    due = _due(case, today)
    return Next(what, who_moves(case), _("by %(day)s") % {"day": day(due)} if due else "")


def _due(case: Case, today: date) -> date | None:
    """The day of the report-back while one is waited for, else that of the clock that presses most."""
    going = [clock for clock in case.clocks.all() if clock.is_going]
    if case.state_code == "awaiting":
        days = [clock.value.due(today) for clock in going if clock.duty == "report_back"]
        return min((found for found in days if found), default=None)
    urgent = of_cases.most_urgent(case, today)
    return urgent.value.due(today) if urgent else None


def who_moves(case: Case) -> str:
    """Who moves next, by name: the organiser where it was asked."""
    organiser = organiser_of(case)
    return organiser.name if case.state.owner is Owner.PARTY and organiser else of_cases.owner(case)


def rows(cases: Sequence[Case], on: date, caption: str) -> Table:
    """Inspections as rows: what, where, how it stands, whose turn it is and which clock presses most."""
    columns = (
        Column(_("Inspection")), Column(_("About")), Column(_("Risk")), Column(_("State")), Column(_("Who moves next")),
        Column(_("Clock")),
    )  # fmt: skip
    return Table(caption, columns, tuple(_row(case, on) for case in cases))


def _row(case: Case, on: date) -> Row:
    urgent = of_cases.most_urgent(case, on)
    clock = of_cases.badge(urgent, on) if urgent else None
    inspection = getattr(case, "inspection", None)
    known = risk(inspection) if inspection else None
    return Row(
        head=Cell(
            case.dnr.replace(" ", "\u00a0"),
            href=of_cases.address(case),
            note=sort_of(inspection) if inspection else case.title,
        ),
        cells=(
            Cell(str(case.place), note=str(case.organiser) if case.unit_id and case.organiser else ""),
            Cell(state=known.risk) if known else Cell("–"),
            Cell(case.state.label),
            Cell(who_moves(case)),
            Cell(state=clock.state, note=clock.what) if clock else Cell("–"),
        ),
    )


def is_late(case: Case, on: date) -> bool:
    """Whether a clock of the case has run out."""
    return any(clock.is_going and clock.value.standing(on) is Standing.LATE for clock in case.clocks.all())


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """A decision in the list of a case: what it is, when, and where it is read or written."""

    decision: Decision
    title: str
    href: str
    pdf: str


def decisions(inspection: Inspection, grant: CaseGrant, user: User) -> list[ShownDecision]:
    """The decisions of a case, the newest first."""
    found = []
    for decision in inspection.decisions.select_related("issued__document").order_by("-number"):
        args = [inspection.case.slug, decision.number]
        title = (
            decision.issued.title
            if decision.issued
            else _("Draft of a %(kind)s") % {"kind": decision.get_kind_display()}
        )
        page = "reading" if decision.is_signed else "draft"
        found.append(
            ShownDecision(
                decision, title, reverse(f"supervision_{page}", args=args), reverse("supervision_pdf", args=args)
            )
        )
    return found


def set_on(judgement: RiskJudgement) -> str:
    """The day a risk was judged."""
    return day(day_of(judgement.at))
