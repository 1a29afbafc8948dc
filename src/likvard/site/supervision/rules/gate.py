"""The closure gate: a finding closes when the result shows it, somebody has seen it, and everybody can read why. Pure.

What evidence an area needs, whether somebody must have been there, and whether two must agree, is the rulebook's (`closure`).
Source: Riksrevisionen, RiR 2019:6: do not close before the deficiency is remedied, ask for results, give reasons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.figures import formats
from likvard.rulebook.kinds.supervision import EVIDENCE, Closure, EvidenceKind
from likvard.site.cases.models import Seen
from likvard.site.ui.language import current

ENOUGH_WORDS = 8
"""A public reason with fewer words says no more than that it was closed. Our own limit; RiR 2019:6 gives none."""


class Met(StrEnum):
    """How far a condition is met."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Missing(StrEnum):
    """What a person does next about a condition that is not met; each is a page."""

    EVIDENCE = "evidence"
    ASSESS = "assess"
    VISIT = "visit"
    REASON = "reason"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a finding since it was decided, or since it was last opened again.

    * `offered`: the kinds of all evidence; `rests_on`: of that on which the newest assessment rests.
    * `outcome`: the newest assessment: `remedied`, `partly`, `remains`, or empty.
    * `seen`, `seen_on`: how and when somebody has seen it, by that assessment.
    * `reason`: the public reason as it stands; `proposed_by`, `approved_by`: who wrote it and who else has agreed.
    """

    offered: frozenset[EvidenceKind] = frozenset()
    rests_on: frozenset[EvidenceKind] = frozenset()
    outcome: str = ""
    seen: str = ""
    seen_on: date | None = None
    reason: str = ""
    proposed_by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A condition: how far it is met, what it is, how it stands, and what to do next if it is not met."""

    met: Met
    what: str
    note: str
    missing: Missing | None = None

    def __post_init__(self) -> None:
        if (self.met is Met.YES) != (self.missing is None):
            raise ValueError("a condition says what is missing if and only if it is not met")


@dataclass(frozen=True, slots=True)
class Gate:
    """The three conditions. It is open if all are met, and never otherwise."""

    lines: tuple[Line, Line, Line] = field()

    @property
    def open(self) -> bool:
        """Whether the finding can be closed."""
        return all(line.met is Met.YES for line in self.lines)

    @property
    def met(self) -> int:
        """How many of the conditions are met."""
        return sum(line.met is Met.YES for line in self.lines)

    @property
    def said(self) -> str:
        """The gate in one sentence, with the answer in bold."""
        if self.open:
            return _("**Yes.** All three conditions are met.")
        none, one, two = (
            _("**Not yet.** None of the three conditions is met."),
            _("**Not yet.** One of three conditions is met."),
            _("**Not yet.** Two of three conditions are met."),
        )
        return (none, one, two)[self.met]


def gate(facts: Facts, rule: Closure) -> Gate:
    """The gate of a finding, by what is known and what its area needs."""
    return Gate((_result(facts, rule), _seen(facts, rule), _reason(facts, rule)))


def _result(facts: Facts, rule: Closure) -> Line:
    """Evidence of the kind that the area needs, and an assessment that rests on it and says that the deficiency is gone."""
    what, needed = _("The result shows that the deficiency is gone."), frozenset(rule.evidence)
    wanted = named(rule.evidence)
    if facts.outcome == "remedied" and facts.rests_on & needed:
        note = _("Assessed as remedied, resting on: %(kinds)s.") % {"kinds": named(facts.rests_on & needed)}
        return Line(Met.YES, what, note)
    if not facts.offered & needed:
        if facts.offered:
            note = _("So far: %(kinds)s. Here it takes: %(wanted)s.")
            return Line(Met.NO, what, note % {"kinds": named(facts.offered), "wanted": wanted}, Missing.EVIDENCE)
        return Line(Met.NO, what, _("Missing: %(wanted)s.") % {"wanted": wanted}, Missing.EVIDENCE)
    if facts.outcome in ("partly", "remains"):
        return Line(Met.NO, what, _("The newest assessment says that it is not."), Missing.ASSESS)
    if facts.outcome == "remedied":
        note = _("The assessment does not rest on any of: %(wanted)s.") % {"wanted": wanted}
        return Line(Met.PARTLY, what, note, Missing.ASSESS)
    note = _("There is evidence, not assessed yet: %(kinds)s.") % {"kinds": named(facts.offered & needed)}
    return Line(Met.PARTLY, what, note, Missing.ASSESS)


def _seen(facts: Facts, rule: Closure) -> Line:
    """On a visit where the area needs one, else on a visit or in documents."""
    what = _("Somebody has seen it.")
    if not facts.seen or facts.seen_on is None:
        note = _("Missing: a visit.") if rule.visit else _("Missing: who has seen it, on a visit or in documents.")
        return Line(Met.NO, what, note, Missing.VISIT if rule.visit else Missing.ASSESS)
    day = formats.day(facts.seen_on, current())
    if rule.visit and facts.seen != Seen.VISIT:
        note = _("In documents, %(day)s. In this area it takes a visit.") % {"day": day}
        return Line(Met.PARTLY, what, note, Missing.VISIT)
    how = _("On a visit, %(day)s.") if facts.seen == Seen.VISIT else _("In documents, %(day)s.")
    return Line(Met.YES, what, how % {"day": day})


def _reason(facts: Facts, rule: Closure) -> Line:
    """A public reason, read by a second person where the area needs it."""
    what, words = _("A reason that everybody can read."), len(facts.reason.split())
    if not words:
        return Line(Met.NO, what, _("Not written."), Missing.REASON)
    length = ngettext("%(count)d word", "%(count)d words", words) % {"count": words}
    if words < ENOUGH_WORDS:
        note = _("A draft of %(length)s: too short to say why.") % {"length": length}
        return Line(Met.PARTLY, what, note, Missing.REASON)
    if not rule.second_reader:
        return Line(Met.YES, what, _("Written, %(length)s.") % {"length": length})
    if not facts.approved_by or facts.approved_by == facts.proposed_by:
        note = _("A draft, %(length)s. Not read by a second person yet.") % {"length": length}
        return Line(Met.PARTLY, what, note, Missing.APPROVE)
    return Line(Met.YES, what, _("Written, %(length)s, and read by a second person.") % {"length": length})


def named(kinds: Iterable[EvidenceKind]) -> str:
    """Kinds of evidence in words, in the order of the rulebook."""
    known = frozenset(kinds)
    return ", ".join(EVIDENCE[kind][current()] for kind in EvidenceKind if kind in known)
