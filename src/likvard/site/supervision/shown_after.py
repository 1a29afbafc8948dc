"""What comes after the decision, as the components of a page: answers, evidence, the gate, the ladder, what happens next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.figures import formats
from likvard.rulebook.clocks import due as due_by_rule
from likvard.rulebook.kinds.supervision import EVIDENCE
from likvard.site.cases import shown as of_cases
from likvard.site.cases.models import Clock, DocumentVersion, IssuedHappening
from likvard.site.supervision import standing
from likvard.site.supervision.actions.answers import lacking
from likvard.site.supervision.models import Answer, Assessment, Decision, Evidence, Extension, Finding, Rung
from likvard.site.supervision.rules import gate as closing
from likvard.site.supervision.rules.gate import Met, Missing
from likvard.site.supervision.rules.ladder import Ending, Step
from likvard.site.supervision.shown import day, point_state
from likvard.site.ui import components
from likvard.site.ui.components import Fact, Happening, State, Task
from likvard.site.ui.language import current

_MET = {Met.YES: "done", Met.PARTLY: "ongoing", Met.NO: "failed"}
_LOOKS = {"remedied": "done", "partly": "ongoing", "remains": "late"}


def crowns(sum_: int) -> str:
    """A sum of money in the page's language."""
    return _("%(sum)s kronor") % {"sum": formats.number(sum_, 0, current())}


def finding_slug(finding: Finding) -> str:
    """A finding as it stands in an address: `2`, or `2-1` for the first finding of the second decision."""
    return str(finding.number) if finding.decision.number == 1 else f"{finding.decision.number}-{finding.number}"


def finding_address(finding: Finding, page: str = "supervision_finding") -> str:
    """The inspector's page of a finding."""
    return reverse(page, args=[standing.case_of(finding).slug, finding_slug(finding)])


def portal_address(decision: Decision, page: str = "portal_decision", **more: object) -> str:
    """The organiser's page of a decision."""
    number = decision.issued.number if decision.issued else 0
    return reverse(page, kwargs={"slug": decision.inspection.case.slug, "n": number, **more})


def met_state(met: Met) -> State:
    """How far a condition is met, as shape and word."""
    words = {Met.YES: _("met"), Met.PARTLY: _("partly met"), Met.NO: _("not met")}
    return State(_MET[met], words[met])


_WHERE = {
    Missing.EVIDENCE: "finding_evidence",
    Missing.ASSESS: "finding_assess",
    Missing.VISIT: "finding_assess",
    Missing.REASON: "finding_propose",
    Missing.APPROVE: "finding_second",
}


def gate_lines(finding: Finding, gate: closing.Gate, *, links: bool) -> list[Task]:
    """The three conditions; where `links`, what is missing leads to where it is done."""
    found = []
    for line in gate.lines:
        href = finding_address(finding, _WHERE[line.missing]) if links and line.missing else ""
        found.append(Task(f"**{line.what}**", met_state(line.met), href=href, note=line.note))
    return found


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """A piece of evidence: its kind, its own day, and the file if there is one that may be fetched."""

    evidence: Evidence
    version: DocumentVersion | None

    @property
    def fetchable(self) -> bool:
        """Whether there is a file that the scanner lets out."""
        return self.version is not None and self.version.may_be_fetched


def evidence(rows: Iterable[Evidence]) -> list[ShownEvidence]:
    """Evidence by its own day, the newest first."""
    found = [ShownEvidence(row, row.document.newest if row.document else None) for row in rows]
    return sorted(found, key=lambda one: (one.evidence.dated, one.evidence.pk), reverse=True)


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with its evidence. `lacking` says what a draft still needs."""

    answer: Answer
    evidence: list[ShownEvidence]
    lacking: tuple[str, ...]


def answer(row: Answer) -> ShownAnswer:
    """An answer as a page shows it."""
    return ShownAnswer(row, evidence(row.evidence.filter(withdrawn_at=None).select_related("document")), lacking(row))


def answers(finding: Finding, *, drafts: bool) -> list[ShownAnswer]:
    """The answers to a finding, the newest first; without the draft for an inspector."""
    rows = finding.answers.select_related("report_back__by", "changed_by").order_by("-number")
    return [answer(row) for row in rows if drafts or not row.is_draft]


def answer_state(finding: Finding, draft: Answer | None) -> State:
    """How the organiser's answer to a finding stands."""
    if not standing.is_followed_up(finding):
        return State("plain", _("nothing to answer"))
    if draft is not None:
        return State("done", _("ready to hand in")) if not lacking(draft) else State("ongoing", _("draft"))
    if standing.awaits_answer(finding):
        return State("soon", _("to be answered"))
    return point_state(finding)


def closes_by(finding: Finding) -> tuple[str, str]:
    """What it takes to close the finding: the kinds of evidence, and why these."""
    rule = standing.closure_of(finding)
    kinds = formats.listed(tuple(EVIDENCE[kind][current()] for kind in rule.evidence), current())
    return kinds, rule.why[current()]


def facts(finding: Finding, today: date) -> list[Fact]:
    """What counts about a finding: how often it came back and was opened again, and until when it is to be remedied."""
    due, again = standing.due_of(finding), standing.earlier_findings(finding)
    found = [Fact(_("To be remedied by"), day(due))] if due else []
    if finding.fine:
        found.append(Fact(_("Fine (vite)"), crowns(finding.fine)))
    if again:
        times = _("time number %(number)s") % {"number": len(again) + 1}
        found.append(
            Fact(_("The same deficiency here"), times, note=_("first %(day)s") % {"day": day(_decided(again[0]))})
        )
    if finding.reopened:
        text = ngettext("%(count)d time", "%(count)d times", finding.reopened) % {"count": finding.reopened}
        found.append(Fact(_("Opened again"), text))
    since = finding.state_since
    if since:
        days = ngettext("%(count)d day", "%(count)d days", (today - since).days) % {"count": (today - since).days}
        found.append(Fact(_("Stands so since"), day(since), note=days))
    return found


def _decided(finding: Finding) -> date | None:
    return finding.decision.decided_on


@dataclass(frozen=True, slots=True)
class ShownEarlier:
    """An earlier finding in the same area: where and when, and how it ended."""

    finding: Finding
    place: str
    day: str
    state: State


def earlier(finding: Finding) -> list[ShownEarlier]:
    """The findings that this one repeats, the newest first."""
    found = reversed(standing.earlier_findings(finding))
    return [ShownEarlier(one, str(standing.case_of(one).place), day(_decided(one)), point_state(one)) for one in found]


@dataclass(frozen=True, slots=True)
class ShownRung:
    """A step of the ladder: what it is and how it stands. `href` leads to where it is ended, if the reader may."""

    name: str
    state: State
    since: str
    by: str = ""
    reason: str = ""
    conditions: str = ""
    due: str = ""
    fine: str = ""
    ended: str = ""
    href: str = ""
    row: Rung | None = None


def rungs(finding: Finding, *, may_end: Sequence[Rung] = ()) -> list[ShownRung]:
    """Every step about a finding in order of time, the one that it began with first."""
    found = []
    first = standing.first_rung(finding)
    if first is not None:
        begun = standing.begins_the_ladder(finding)
        found.append(
            ShownRung(
                str(first.step.label), State("info", _("stands")) if begun else State("plain", _("gone further")),
                day(first.since), by=str(finding.decision.decided_by), due=day(first.due),
                fine=crowns(first.fine) if first.fine else "", reason=_("By the decision."),
            )
        )  # fmt: skip
    open_ = {rung.pk for rung in may_end}
    rows = finding.rungs.select_related("by", "ended_by", "decision")
    return found + [_rung(row, row.pk in open_) for row in rows]


def _rung(row: Rung, may_end: bool) -> ShownRung:
    finding = row.finding
    ended = ""
    if row.ended_on:
        words = {
            "how": Ending(row.ending).label,
            "day": day(row.ended_on),
            "who": row.ended_by,
            "why": row.ending_reason,
        }
        ended = _("%(how)s %(day)s, by %(who)s: %(why)s") % words
    href = ""
    if may_end:
        href = reverse("finding_step_end", args=[standing.case_of(finding).slug, finding_slug(finding), row.pk])
    return ShownRung(
        name=str(Step(row.step).label), state=State("plain", Ending(row.ending).label) if row.ending else State("info", _("stands")),
        since=day(row.since), by=str(row.by), reason=row.reason, conditions=row.conditions, due=day(row.due),
        fine=crowns(row.fine) if row.fine else "", ended=ended, href=href, row=row,
    )  # fmt: skip


def assessments(finding: Finding) -> list[tuple[Assessment, State, str]]:
    """The assessments of a finding, the newest first: each with its state, and how it was seen."""
    found = []
    for row in finding.assessments.select_related("by").prefetch_related("rests_on").order_by("-at", "-pk"):
        words = {"how": row.get_seen_display(), "day": day(row.seen_on), "who": row.by}
        found.append(
            (row, State(_LOOKS[row.outcome], row.get_outcome_display()), _("seen %(how)s %(day)s by %(who)s") % words)
        )
    return found


def happened(rows: Iterable[IssuedHappening]) -> list[Happening]:
    """What has happened to a decision or a finding, the newest first."""
    found = []
    for row in rows:
        what = f"**{row.get_what_display().capitalize()}**"
        if row.point is not None:
            what = _("Finding %(number)s: %(what)s") % {
                "number": row.point.number,
                "what": f"**{row.get_what_display()}**",
            }
        found.append(Happening(what, row.day, note=row.text))
    return found[::-1]


def next_for_organiser(decision: Decision, today: date) -> list[Happening]:
    """What comes next after the report-back, with its days: who reads it, until when, and what can follow."""
    case = decision.inspection.case
    follow = case.clocks.all().going().filter(duty="follow_up").prefetch_related("pauses").last()
    due = follow.value.due(today) if follow else due_by_rule("follow_up", today)
    who = str(case.responsible) if case.responsible else _("The Inspectorate")
    return [
        Happening(_("**%(who)s reads your answer** and judges each finding.") % {"who": who}, due, done=False),
        Happening(
            _("**You are written to** when a finding has been judged: remedied, partly remedied, or remaining."),
            None, note=_("On this page stands what is missing and by when."), done=False,
        ),
        Happening(
            _("**A finding is closed** when the result shows that the deficiency is gone. What remains can be taken further."),
            None, done=False,
        ),
    ]  # fmt: skip


def clock_badges(clocks: Iterable[Clock], today: date) -> list[components.Clock]:
    """Clocks as their badges."""
    return [of_cases.badge(clock, today) for clock in clocks]


def extension_state(row: Extension) -> State:
    """How a request for more time stands."""
    looks = {"asked": "info", "granted": "done", "refused": "plain", "overtaken": "plain"}
    return State(looks[row.state], row.get_state_display())


def soonest(decision: Decision, today: date) -> date | None:
    """The day by which the organiser must report back next."""
    going = standing.report_clocks(decision.inspection.case)
    days = [due for clock in going if (due := clock.value.due(today)) is not None]
    return min(days, default=None)
