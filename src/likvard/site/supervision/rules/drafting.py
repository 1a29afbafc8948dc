"""When a draft is whole, and when it can be decided. Pure: facts in, what is missing out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from likvard.rulebook import legality, rule
from likvard.rulebook.kinds.supervision import AssessmentArea, Instrument, Kind
from likvard.site.ui.language import current


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """A finding as the rules see it: how its instrument is used, and whether it is written and rests on something."""

    number: int
    area: str
    use: legality.Use
    provisions: tuple[str, ...] = ()
    observed: bool = False
    assessed: bool = False
    observations: int = 0

    @property
    def in_audit(self) -> bool:
        """Whether it judges quality and not legality."""
        return self.use.inspection_type == legality.AUDIT

    @property
    def is_followed_up(self) -> bool:
        """Whether the organiser must do something about it that is followed up; in an audit, whether there is something to develop."""
        if self.in_audit:
            return bool(self.use.judgement)
        return bool(self.use.instrument) and instrument(self.use.instrument, self.use.on).followed_up

    @property
    def may_be_appealed(self) -> bool:
        """Whether a decision on this finding can be appealed (28 kap. 2 and 18 §§ skollagen)."""
        return legality.may_appeal(self.use.instrument, on=self.use.on, fine=self.use.fine) is True


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft as the rules see it. `fact_checked` counts the checks of facts that are over, `open_remarks` those not judged."""

    findings: tuple[FindingFacts, ...]
    areas: tuple[str, ...]
    background: bool = False
    in_short: bool = False
    presenter: bool = False
    report_due: date | None = None
    fact_checked: int = 0
    check_is_open: bool = False
    open_remarks: int = 0
    needs_check: bool = True

    @property
    def is_followed_up(self) -> bool:
        """Whether anything is left to do for the organiser once it is decided."""
        return any(finding.is_followed_up for finding in self.findings)

    @property
    def may_be_appealed(self) -> bool:
        """Whether any part of the decision can be appealed."""
        return any(finding.may_be_appealed for finding in self.findings)


def instrument(key: str, on: date) -> Instrument:
    """An instrument as it is on the day."""
    found: Instrument = rule(f"instruments:{key}", on).value
    return found


def finding_faults(finding: FindingFacts) -> tuple[str, ...]:
    """What is missing or unlawful in a finding, in the language of the page; empty if nothing is."""
    return tuple(_finding_faults(finding))


def _finding_faults(finding: FindingFacts) -> Iterator[str]:
    yield from (fault[current()] for fault in legality.faults_of(finding.use))
    if not finding.observed:
        yield _("Write what was seen.")
    if not finding.assessed:
        yield _("Write the assessment.")
    if not finding.observations:
        yield _("Name at least one observation that it rests on.")
    yield from _provision_faults(finding)


def _provision_faults(finding: FindingFacts) -> Iterator[str]:
    known = rule("assessment_areas", finding.use.on).value
    if finding.area not in known:
        yield _("The area had no heading on the day of the event.")
        return
    area: AssessmentArea = known[finding.area]
    if finding.in_audit and finding.provisions:
        yield _("An audit judges quality, not legality: it names no provisions.")
    if not finding.in_audit and not finding.provisions:
        yield _("Choose the provisions that were not followed.")
    if finding.in_audit and finding.use.judgement is not None and finding.use.judgement >= len(area.judgements):
        yield _("The scale of the area has no such step.")
    if legality.not_in_force(finding.provisions, on=finding.use.on):
        yield _("A provision had no wording on the day of the event.")


def draft_faults(draft: DraftFacts) -> tuple[str, ...]:
    """What is missing before a draft can be sent to the organiser for a check of facts; empty if nothing is."""
    found = [
        _("Finding %(number)s: %(fault)s") % {"number": finding.number, "fault": fault}
        for finding in draft.findings
        for fault in finding_faults(finding)
    ]
    if not draft.background:
        found.append(_("Write the background and how the inspection was done."))
    if draft.is_followed_up and draft.report_due is None:
        found.append(_("Set the day by which the organiser is to report back."))
    if not draft.areas:
        found.append(_("Say which areas are examined."))
    return tuple(found)


def proposal_faults(draft: DraftFacts) -> tuple[str, ...]:
    """What is missing before a draft can be put forward for decision; empty if nothing is."""
    found = list(draft_faults(draft))
    if draft.check_is_open:
        found.append(_("The organiser is still checking the facts."))
    elif draft.needs_check and not draft.fact_checked:
        found.append(_("Let the organiser check the facts first."))
    if draft.open_remarks:
        found.append(_("Judge each remark of the organiser's: %(count)s left.") % {"count": draft.open_remarks})
    if not draft.in_short:
        found.append(_("Write what it comes to in plain words."))
    if not draft.presenter:
        found.append(_("Say who presents the case."))
    return tuple(found)


def is_deficiency(finding: FindingFacts) -> bool:
    """Whether a deficiency was found: to refrain is one too, no action is none."""
    if finding.in_audit:
        return bool(finding.use.judgement)
    return bool(finding.use.instrument) and instrument(finding.use.instrument, finding.use.on).kind is not Kind.NONE


def areas_without_findings(areas: Sequence[str], findings: Sequence[FindingFacts]) -> tuple[str, ...]:
    """The examined areas in which nothing was found, in their order."""
    found = {finding.area for finding in findings if is_deficiency(finding)}
    return tuple(area for area in areas if area not in found)
