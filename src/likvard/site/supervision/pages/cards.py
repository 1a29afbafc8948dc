"""The card of a finding, as every page of an inspection shows it: one place where it is made."""

from __future__ import annotations

from datetime import date

from likvard.site.supervision.facts import finding_facts
from likvard.site.supervision.models import Finding
from likvard.site.supervision.rules.drafting import finding_faults
from likvard.site.supervision.shown import ShownFinding, finding_card


def card(finding: Finding, today: date, *, href: str = "") -> ShownFinding:
    """The card of a finding: of a draft with what it lacks, of a signed decision with how it stands."""
    if finding.decision.is_signed:
        return finding_card(finding, today, href=href)
    faults = finding_faults(finding_facts(finding, finding.decision.inspection, today))
    return finding_card(finding, today, href=href, faults=faults)
