"""Write the report on a round, let another person read it, publish it, correct it visibly, withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.ratings import content, permissions, states
from likvard.site.ratings.actions.holding import hold_report, hold_round, needed, tell
from likvard.site.ratings.models import Report, ReportStep, ReportVersion, Round

TEXTS = ("title", "lead", "body", "title_en", "lead_en", "body_en")


@transaction.atomic
def write(*, round: Round, texts: Mapping[str, str], by: User, at: datetime) -> Report:
    """Begin the report on a closed round, or change its text while it is being written. Everybody reads the last version meanwhile."""
    round = hold_round(round)
    role = permissions.check_can_write(by, round, on=day_of(at))
    report = Report.objects.select_for_update().filter(round=round).first()
    if report is None:
        report = Report(round=round, slug=_slug(texts["title"], day_of(at)))
    else:
        permissions.check_can_change(by, report, on=day_of(at))
    for name in TEXTS:
        setattr(report, name, texts.get(name, "").strip())
    needed(report.title)
    needed(report.lead)
    report.written_at, report.written_by = at, by
    report.save()
    _remember_who_wrote(report, by, at)
    tell("report.written", report, by=by, role=role, at=at)
    return report


def _remember_who_wrote(report: Report, by: User, at: datetime) -> None:
    """A step for whoever writes, once until somebody else does something."""
    last = report.steps.last()
    if last is None or (last.move, last.by_id) != (states.WROTE[0], by.pk):
        ReportStep.objects.create(report=report, move=states.WROTE[0], at=at, by=by)


def _slug(title: str, on: date) -> str:
    plain = title.translate(str.maketrans("åäöÅÄÖé", "aaoAAOe"))
    base = f"{slugify(plain)[:60].strip('-') or 'rapport'}-{on.year}"
    number, slug = 1, base
    while Report.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def move(*, report: Report, code: str, by: User, at: datetime, reason: str = "") -> Report:
    """Take a report further. To publish makes a version; from the second on the reason given for the correction is shown to everybody."""
    report = hold_report(report)
    role = permissions.check_can_move(by, report, code, on=day_of(at))
    way = states.REPORT.move(report.state, code)
    reason = needed(reason) if way.reasoned else reason.strip()
    report.state = way.to
    if code == "publish":
        _publish(report, by, at)
    if code == "withdraw":
        report.withdrawn_at, report.withdrawn_by, report.withdrawn_reason, report.changed_at = at, by, reason[:500], at
    report.save()
    ReportStep.objects.create(report=report, move=code, reason=reason[:500], at=at, by=by)
    tell(_EVENTS[code], report, by=by, role=role, at=at, reason=reason)
    return report


_EVENTS = {
    "ask": "report.ask",
    "take_back": "report.take_back",
    "send_back": "report.send_back",
    "publish": "report.publish",
    "correct": "report.correct",
    "withdraw": "report.withdraw",
}


def _publish(report: Report, by: User, at: datetime) -> None:
    number = report.versions.count() + 1
    asked = report.steps.filter(move="correct").last()
    correction = asked.reason if asked and number > 1 else ""
    if number > 1 and not correction:
        raise CaseError(_("A correction says what is new."), _("Prepare it with a reason."))
    ReportVersion.objects.create(
        report=report, number=number, content=content.of(report, day_of(at)), correction=correction, at=at, by=by
    )
    report.published_at, report.changed_at = report.published_at or at, at
