"""Begin a decision, write it and its findings, and let the organiser check the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from likvard.site.cases import actions as of_cases
from likvard.site.cases import outbox
from likvard.site.cases.access import CaseGrant
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision.composing import decision_text
from likvard.site.supervision.facts import draft_facts
from likvard.site.supervision.kinds import WORDS
from likvard.site.supervision.models import (
    Decision,
    FactCheck,
    Finding,
    Inspection,
    Observation,
    Remark,
    RequiredMeasure,
)
from likvard.site.supervision.party import people
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.rules.drafting import draft_faults
from likvard.site.writing.text import as_data

WORDS |= {
    "supervision.decision_begun": gettext_lazy("A decision was begun"),
    "supervision.decision_written": gettext_lazy("The draft of the decision was changed"),
    "supervision.finding_written": gettext_lazy("Finding %(number)s was written"),
    "supervision.finding_dropped": gettext_lazy("Finding %(number)s was taken out of the draft"),
    "supervision.draft_sent": gettext_lazy("The draft was sent for a check of facts, to be answered by **%(due)s**"),
    "supervision.remarked": gettext_lazy("The organiser remarked on the draft"),
    "supervision.remark_dropped": gettext_lazy("The organiser took a remark back"),
    "supervision.check_answered": gettext_lazy("The organiser answered: **%(remarks)s** remarks"),
    "supervision.remark_judged": gettext_lazy("A remark was judged: **%(label)s**"),
    "supervision.check_ended": gettext_lazy("The check of facts ended"),
}


@transaction.atomic
def start_decision(*, inspection: Inspection, by: User, at: datetime, kind: str = Decision.Kind.FIRST) -> Decision:
    """Begin a decision. There is one first decision of an inspection; further ones come after follow-up."""
    inspection.case = hold(inspection.case)
    grant = permissions.check_can_begin(by, inspection, kind, on=day_of(at))
    number = (inspection.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Decision.objects.create(
        inspection=inspection, number=number, kind=kind, presenter=by, made_at=at, made_by=by
    )
    tell("supervision.decision_begun", inspection.case, by=by, role=grant.role, at=at, data={"decision": number})
    return made


WRITTEN = ("background", "in_short", "report_due", "presenter", "took_part")
"""What is written of a decision besides its findings."""


def held(decision: Decision, by: User, at: datetime) -> tuple[Decision, CaseGrant]:
    """Lock the case and return the draft as it is now, with the grant of a person who may change it."""
    case = hold(decision.inspection.case)
    decision = Decision.objects.select_related("inspection__case").get(pk=decision.pk)
    decision.inspection.case = case
    return decision, permissions.check_can_write(by, decision, on=day_of(at))


@transaction.atomic
def write_decision(*, decision: Decision, by: User, at: datetime, **texts: Any) -> Decision:
    """Change the draft: its background, what it comes to, the day to report back, who presents it and who took part."""
    decision, grant = held(decision, by, at)
    unknown = sorted(set(texts) - set(WRITTEN))
    if unknown:
        raise CaseError(f"A decision has no {', '.join(unknown)}.", f"It has {', '.join(WRITTEN)}.")
    due = texts.get("report_due")
    if due is not None and due < day_of(at):
        raise CaseError(_("The day has passed already."), _("Give the organiser time."))
    presenter = texts.get("presenter")
    if presenter is not None and decision.inspection.case.exclusions.all().in_force().filter(user=presenter).exists():
        raise CaseError(
            _("%(person)s is excluded from this matter.") % {"person": presenter}, _("Choose somebody else.")
        )
    for name, value in texts.items():
        setattr(decision, name, value.strip() if isinstance(value, str) else value)
    decision.save(update_fields=list(texts))
    data = {"decision": decision.number, "changed": sorted(texts)}
    tell("supervision.decision_written", decision.inspection.case, by=by, role=grant.role, at=at, data=data)
    return decision


FIELDS = frozenset(
    {
        "area", "instrument", "judgement", "provisions", "event_on", "serious", "refrain", "fine", "no_fine_reason",
        "hinders_goals", "until", "observed", "assessment", "due", "recurs",
    }
)  # fmt: skip
"""What is written of a finding, besides its measures and what it rests on."""


@transaction.atomic
def write_finding(
    *,
    decision: Decision,
    by: User,
    at: datetime,
    finding: Finding | None = None,
    measures: Sequence[str] | None = None,
    observations: Sequence[Observation] | None = None,
    **fields: Any,
) -> Finding:
    """Write a finding, or change one of the draft. What it lacks is told before it is sent (`rules.drafting`), not here.

    What no draft may hold even for a moment (a remark with a fine) is refused at once.
    """
    decision, grant = held(decision, by, at)
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise CaseError(f"A finding has no {', '.join(unknown)}.", f"It has {', '.join(sorted(FIELDS))}.")
    number = (decision.findings.aggregate(last=Max("number"))["last"] or 0) + 1
    row = finding or Finding(decision=decision, number=number, event_on=day_of(at))
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _check_finding(row, decision.inspection, day_of(at))
    row.provisions = list(row.provisions)
    row.save()
    if measures is not None:
        set_measures(row, measures)
    if observations is not None:
        row.observations.set([one for one in observations if one.inspection_id == decision.inspection_id])
    renumber(decision)
    row.refresh_from_db(fields=["number"])
    data = {"decision": decision.number, "number": row.number, "area": row.area, "instrument": row.instrument}
    tell("supervision.finding_written", decision.inspection.case, by=by, role=grant.role, at=at, data=data)
    return row


def _check_finding(row: Finding, inspection: Inspection, today: date) -> None:
    if not inspection.areas.filter(area=row.area).exists():
        raise CaseError(_("The inspection does not examine this area."), _("Choose one of its areas."))
    if row.event_on > today:
        raise CaseError(_("The event has not come yet."), _("Check the day."))
    if bool(row.instrument) == (row.judgement is not None):
        raise CaseError(_("A finding has an instrument, or in an audit a judgement."), _("Choose one of them."))
    if row.fine is not None and row.instrument not in ("injunction", "information_order", "audit_information_order"):
        raise CaseError(
            _("Only an injunction can carry a fine: a remark never does (26 kap. 27 § skollagen)."),
            _("Take the fine away, or choose an injunction."),
        )
    if row.refrain and row.instrument != "refrain":
        raise CaseError(_("A point of 26 kap. 12 § belongs to refraining."), _("Leave it empty."))
    if row.until and row.instrument != "temporary_prohibition":
        raise CaseError(_("Only a temporary prohibition has a last day."), _("Leave it empty."))


def set_measures(finding: Finding, measures: Sequence[str]) -> None:
    """Replace what the organiser must do about a finding of a draft. The caller holds the case and tells of it."""
    finding.measures.all().delete()
    texts = [text.strip() for text in measures if text.strip()]
    for number, text in enumerate(texts, start=1):
        RequiredMeasure.objects.create(finding=finding, number=number, text=text)


def renumber(decision: Decision) -> None:
    """Number the findings of a draft in the order of the areas, as the decision lists them, without gaps."""
    areas = list(decision.inspection.areas.values_list("area", flat=True))
    rows = sorted(decision.findings.all(), key=lambda row: (areas.index(row.area), row.pk))
    if [row.number for row in rows] == list(range(1, len(rows) + 1)):
        return
    for start in (len(rows) + max(row.number for row in rows), 0):  # two times: a number is never there twice
        for number, row in enumerate(rows, start=start + 1):
            Finding.objects.filter(pk=row.pk).update(number=number)


@transaction.atomic
def drop_finding(*, finding: Finding, reason: str, by: User, at: datetime) -> None:
    """Take a finding out of a draft, with a reason. What it was stays in the record; the numbers after it close up."""
    decision, grant = held(finding.decision, by, at)
    if not reason.strip():
        raise CaseError(_("Say why."), _("The reason is kept and shown in the record."))
    data = {
        "decision": decision.number,
        "number": finding.number,
        "area": finding.area,
        "instrument": finding.instrument,
    }
    finding.observations.clear()
    finding.measures.all().delete()
    finding.delete()
    renumber(decision)
    tell(
        "supervision.finding_dropped", decision.inspection.case, by=by, role=grant.role, at=at, reason=reason, data=data
    )


@transaction.atomic
def send_draft(*, decision: Decision, due: date, by: User, at: datetime) -> FactCheck:
    """Send the draft to the organiser for a check of facts (25 § förvaltningslagen): as it stands now, to be answered by a day."""
    decision, grant = held(decision, by, at)
    missing = draft_faults(draft_facts(decision, day_of(at)))
    if missing:
        raise CaseError(missing[0], " ".join(missing[1:]))
    if due <= day_of(at):
        raise CaseError(_("The organiser needs time to answer."), _("Choose a later day."))
    number = decision.checks.count() + 1
    content = as_data(decision_text(decision, draft=True))
    case = decision.inspection.case
    clock = of_cases.start_clock(case=case, name=_("Check of facts by the organiser"), due=due, by=by, at=at)
    made = FactCheck.objects.create(
        decision=decision, number=number, content=content, due=due, clock=clock, sent_at=at, sent_by=by
    )
    _write_to_party(decision, at, due)
    data = {"decision": decision.number, "check": number, "due": due}
    tell("supervision.draft_sent", case, by=by, role=grant.role, at=at, data=data)
    if case.state_code == "drafting":
        of_cases.move(case=case, code="send_draft", by=by, at=at)
    return made


def _write_to_party(decision: Decision, at: datetime, due: date) -> None:
    case = decision.inspection.case
    address = f"{settings.BASE_URL}/svar/{case.slug}/faktagranskning/"
    for to in people(case, day_of(at)):
        with override(to.language):
            words = {"dnr": case.dnr, "due": due, "address": address}
            subject = _("%(dnr)s: check the facts by %(due)s") % words
            body = (
                _(
                    "There is a draft of a decision for you to check in %(dnr)s. It is not a decision yet.\n\n"
                    "Read it and answer by %(due)s: %(address)s\n"
                )
                % words
            )
        outbox.post(to=to.email, subject=subject, body=body, at=at, case=case)


def _of(check: FactCheck) -> FactCheck:
    """The check as it is now, its case locked."""
    case = hold(check.decision.inspection.case)
    check = FactCheck.objects.select_related("decision__inspection__case").get(pk=check.pk)
    check.decision.inspection.case = case
    return check


@transaction.atomic
def remark(*, check: FactCheck, place: int, text: str, by: User, at: datetime) -> Remark | None:
    """Write what the organiser remarks on one part of the draft; an empty text takes a remark back. Drafts are changed freely."""
    check = _of(check)
    held_by = permissions.check_can_remark(by, check, on=day_of(at))
    if not 0 <= place < len(check.content.get("blocks", [])):
        raise CaseError(_("The draft has no such part."), _("Choose a part of the draft."))
    before = check.remarks.filter(place=place).first()
    case, data = check.decision.inspection.case, {"check": check.number, "place": place}
    if not text.strip():
        if before is not None:
            before.delete()
            tell("supervision.remark_dropped", case, by=by, role=held_by.role, at=at, data=data)
        return None
    if before is not None and before.text == text.strip():
        return before
    made = before or Remark(
        check_of=check, number=(check.remarks.aggregate(last=Max("number"))["last"] or 0) + 1, place=place
    )
    made.text, made.made_at, made.made_by = text.strip(), at, by
    made.save()
    tell("supervision.remarked", case, by=by, role=held_by.role, at=at, data=data)
    return made


def remark_on(*, check: FactCheck, texts: Mapping[int, str], by: User, at: datetime) -> int:
    """Write several remarks at once, by the part that each is about; return how many there are now."""
    with transaction.atomic():
        for place, text in texts.items():
            remark(check=check, place=place, text=text, by=by, at=at)
        return check.remarks.count()


@transaction.atomic
def answer_check(*, check: FactCheck, by: User, at: datetime) -> FactCheck:
    """Give the organiser's answer: the remarks as they stand, or, if there are none, that there is nothing to remark."""
    check = _of(check)
    held_by = permissions.check_can_answer(by, check, on=day_of(at))
    check.answered_at, check.answered_by = at, by
    check.nothing = not check.remarks.exists()
    check.save(update_fields=["answered_at", "answered_by", "nothing"])
    case = check.decision.inspection.case
    data = {"check": check.number, "remarks": check.remarks.count()}
    tell("supervision.check_answered", case, by=by, role=held_by.role, at=at, data=data)
    if case.responsible is not None:
        _tell_responsible(check, case.responsible, at)
    return check


def _tell_responsible(check: FactCheck, to: User, at: datetime) -> None:
    case = check.decision.inspection.case
    with override(to.language):
        words = {"dnr": case.dnr, "address": f"{settings.BASE_URL}/tillsyn/{case.slug}/faktagranskning/"}
        subject = _("%(dnr)s: the organiser has checked the facts") % words
        body = _("The organiser has answered in %(dnr)s.\n\nRead it here: %(address)s\n") % words
    outbox.post(to=to.email, subject=subject, body=body, at=at, case=case)


@transaction.atomic
def judge_remark(*, remark: Remark, outcome: str, by: User, at: datetime, reply: str = "") -> Remark:
    """Say what comes of a remark: the text is changed, changed in part, or stands; a text that stands needs a reason."""
    check = _of(remark.check_of)
    grant = permissions.check_can_work(by, check.decision.inspection, on=day_of(at))
    if check.is_open:
        raise CaseError(_("The organiser has not answered yet."), _("Wait for the answer, or end the check."))
    if outcome not in Remark.Outcome.values or (outcome != Remark.Outcome.TAKEN and not reply.strip()):
        raise CaseError(_("Say what comes of the remark, and why if the text stands."), _("Fill in both."))
    remark.outcome, remark.reply, remark.judged_at, remark.judged_by = outcome, reply.strip(), at, by
    remark.save(update_fields=["outcome", "reply", "judged_at", "judged_by"])
    data = {"check": check.number, "number": remark.number, "outcome": outcome}
    data["label"] = str(Remark.Outcome(outcome).label)
    tell(
        "supervision.remark_judged",
        check.decision.inspection.case,
        by=by,
        role=grant.role,
        at=at,
        reason=reply,
        data=data,
    )
    return remark


@transaction.atomic
def end_check(*, check: FactCheck, by: User, at: datetime, reason: str = "") -> FactCheck:
    """End a check of facts and go back to the draft: when the answer has come, when the day has passed, else with a reason."""
    check = _of(check)
    inspection = check.decision.inspection
    grant = permissions.check_can_work(by, inspection, on=day_of(at))
    if check.ended_at is not None:
        raise CaseError(_("The check has ended already."), _("Nothing needs to be done."))
    if check.answered_at is None and check.due >= day_of(at) and not reason.strip():
        raise CaseError(_("The organiser has time until %(due)s.") % {"due": check.due}, _("Wait, or say why not."))
    check.ended_at, check.ended_by, check.ended_early = at, by, reason.strip()
    check.save(update_fields=["ended_at", "ended_by", "ended_early"])
    data = {"check": check.number, "answered": check.answered_at is not None}
    tell("supervision.check_ended", inspection.case, by=by, role=grant.role, at=at, reason=reason, data=data)
    _end_clock(check, by, at)
    if inspection.case.state_code == "fact_check":
        of_cases.move(case=inspection.case, code="back", by=by, at=at)
    return check


def _end_clock(check: FactCheck, by: User, at: datetime) -> None:
    """The clock of the check is met if the answer has come, and stopped if it was not waited for."""
    clock = check.clock
    if not clock.is_going:
        return
    if check.answered_at is not None:
        of_cases.meet_clock(clock=clock, by=by, at=at, on=day_of(check.answered_at))
    else:
        why = check.ended_early or _("The organiser did not answer in time.")
        of_cases.stop_clock(clock=clock, reason=why, by=by, at=at)
