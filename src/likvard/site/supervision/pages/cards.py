"""The card of a finding, as every page of an inspection shows it: one place where it is made."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from likvard.site.people.models import User
from likvard.site.supervision import shown_after as after
from likvard.site.supervision import standing
from likvard.site.supervision.facts import finding_facts
from likvard.site.supervision.models import Answer, Finding, Inspection
from likvard.site.supervision.permissions import after as permissions
from likvard.site.supervision.rules.drafting import finding_faults
from likvard.site.supervision.shown import ShownFinding, day, finding_card


def card(finding: Finding, today: date, *, href: str = "") -> ShownFinding:
    """The card of a finding: of a draft with what it lacks, of a signed decision with how it stands."""
    if finding.decision.is_signed:
        last = standing.last_handed_in(finding)
        return finding_card(
            finding, today, href=href or after.finding_address(finding), responsible=_responsible(last),
            lines=_since(finding, last),
        )  # fmt: skip
    faults = finding_faults(finding_facts(finding, finding.decision.inspection, today))
    return finding_card(finding, today, href=href, faults=faults)


def _responsible(last: Answer | None) -> str:
    return _("Responsible at the organiser: %(who)s") % {"who": last.responsible} if last else ""


def _since(finding: Finding, last: Answer | None) -> tuple[tuple[str, str], ...]:
    """What has come after the decision: the organiser's measure, the effect it expects, and what the Inspectorate says of it."""
    found = []
    if last is not None:
        effect = _("%(what)s By %(day)s.") % {"what": last.expected_effect, "day": day(last.expected_by)}
        found += [(_("The organiser's measure:"), Truncator(last.measure).words(40)), (_("Expected effect:"), effect)]
    assessed = standing.newest_assessment(finding)
    if assessed is not None:
        found.append((_("Assessed:"), Truncator(assessed.reasons).words(40)))
    if finding.closing_reason:
        found.append((_("Closed because:"), finding.closing_reason))
    return tuple(found)


def gate_of(inspection: Inspection, user: User, on: date) -> dict[str, Any]:
    """The closure gate of the first finding that is left, for the page of the case, and the page of the follow-up."""
    left = [one for one in standing.unsettled(inspection.case) if standing.is_followed_up(one)]
    if not left:
        return {"gate": None}
    finding = left[0]
    gate = standing.gate_of(finding)
    links = permissions.can_assess(user, finding, on=on)
    return {
        "gate": gate,
        "conditions": after.gate_lines(finding, gate, links=links),
        "question": _("Can finding %(number)s be closed?") % {"number": finding.number},
        "follow_up": reverse("supervision_follow_up", args=[inspection.case.slug, finding.decision.number]),
        "left": len(left),
    }
