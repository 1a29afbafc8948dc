"""What a decision says of itself: names, provisions as worded on the day, headings of the day. From rows to Swedish text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from likvard.figures import formats
from likvard.rulebook import rule
from likvard.rulebook.kinds.supervision import AssessmentArea
from likvard.rulebook.kinds.texts import Provision, Statute
from likvard.rulebook.legality import AUDIT
from likvard.rulebook.naming import school_form_names
from likvard.site.supervision.composing import phrases
from likvard.site.supervision.facts import draft_facts, organiser_of
from likvard.site.supervision.kinds import INVENTED
from likvard.site.supervision.models import Decision, Finding
from likvard.site.supervision.rules.drafting import DraftFacts, FindingFacts
from likvard.site.supervision.rules.scope import types
from likvard.terms import Language, SchoolForm, Words

SV = Language.SV


@dataclass(frozen=True)
class Parts:
    """A decision with everything that its texts need, read once. `decided` is the day of the decision, None in a draft."""

    decision: Decision
    facts: DraftFacts
    findings: tuple[Finding, ...]
    decided: date | None
    signer: str = ""

    @classmethod
    def of(cls, decision: Decision, *, decided: date | None = None, signer: str = "") -> Parts:
        """Read a decision: a draft, or as it is when it is signed on a day."""
        day = decided or decision.decided_on
        name = signer or (str(decision.decided_by) if decision.decided_by else "")
        return cls(decision, draft_facts(decision, day), tuple(decision.findings.all()), day, name)

    @property
    def who(self) -> str:
        """The addressee by name: always the organiser."""
        organiser = organiser_of(self.decision.inspection.case)
        return organiser.name if organiser else str(self.decision.inspection.case.place)

    @property
    def what(self) -> str:
        """What the inspection is about, by name."""
        unit = self.decision.inspection.case.unit
        return unit.name if unit else "verksamheten"

    @property
    def in_audit(self) -> bool:
        """Whether it judges quality and not legality."""
        return self.decision.inspection.type == AUDIT

    @property
    def is_follow_up(self) -> bool:
        """Whether it is a decision after follow-up: it is about what was found before, and what comes now."""
        return self.decision.kind == Decision.Kind.FOLLOW_UP

    @cached_property
    def earlier(self) -> tuple[Finding, ...]:
        """In a decision after follow-up, the findings of the decisions before it; what needed no follow-up is left out."""
        if not self.is_follow_up:
            return ()
        before = Finding.objects.filter(
            decision__inspection=self.decision.inspection, decision__decided_on__isnull=False
        )
        found = before.filter(decision__number__lt=self.decision.number).select_related("decision")
        return tuple(row for row in found.order_by("decision__number", "number") if row.instrument != "refrain")

    @property
    def number(self) -> str:
        """Its register number."""
        return self.decision.inspection.case.dnr

    @property
    def notice(self) -> str:
        """What a document of an invented series says in its head."""
        return INVENTED.get(self.decision.inspection.case.series, "")

    def of_finding(self, finding: Finding) -> FindingFacts:
        """A finding as the rules see it."""
        return next(one for one in self.facts.findings if one.number == finding.number)

    def due(self, finding: Finding) -> date | None:
        """The day by which a finding is to be remedied: its own, else that of the decision."""
        return finding.due or self.decision.report_due

    @property
    def appealable(self) -> tuple[int, ...]:
        """The numbers of the findings against which there is an appeal."""
        return tuple(one.number for one in self.facts.findings if one.may_be_appealed)


def day(when: date | None) -> str:
    """A day in Swedish words."""
    return formats.day(when, SV) if when else "–"


def crowns(amount: int) -> str:
    """A sum of crowns with spaces between thousands."""
    return formats.number(amount, 0, SV)


def area_name(key: str, on: date) -> Words:
    """The heading of an area on a day; the key itself if it had none."""
    known = rule("assessment_areas", on).value
    if key not in known:
        return Words(key, key)
    found: AssessmentArea = known[key]
    return found.name


def judgement_words(finding: Finding) -> Words | None:
    """The step of the area's scale that an audit came to, in words."""
    known = rule("assessment_areas", finding.event_on).value
    if finding.judgement is None or finding.area not in known:
        return None
    scale = known[finding.area].judgements
    return scale[finding.judgement] if finding.judgement < len(scale) else None


@dataclass(frozen=True, slots=True)
class Wording:
    """A provision as it was worded on a day: `place` and statute, what it asks in short, and since when it is worded so."""

    key: str
    cite: str
    place: str
    statute: str
    about: Words
    since: date
    until: date | None


def wording(key: str, on: date) -> Wording:
    """A provision as it was worded on the day. Raises `RuleError` if it had no wording."""
    found = rule(f"provisions:{key}", on)
    provision: Provision = found.value
    statute: Statute = rule(f"statutes:{provision.statute}", on).value
    return Wording(
        key, f"{provision.place} {statute.short}".strip(), provision.place, statute.short, provision.about,
        found.valid_from, found.valid_to,
    )  # fmt: skip


def wordings(finding: Finding) -> tuple[Wording, ...]:
    """The provisions of a finding as worded on the day of the event; those without a wording then are left out."""
    known = rule("provisions", finding.event_on).value
    return tuple(wording(key, finding.event_on) for key in finding.provisions if key in known)


def cites(found: Sequence[Wording]) -> str:
    """The provisions as a text cites them: `3 kap. 5 § och 3 kap. 7 § skollagen`."""
    groups: dict[str, list[str]] = {}
    for one in found:
        groups.setdefault(one.statute, []).append(one.place)
    texts = [f"{_and(places)} {statute}".strip() for statute, places in groups.items()]
    return _and(texts)


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} och {parts[-1]}" if parts else ""


def joined(parts: Sequence[object]) -> str:
    """Parts in a sentence: `1, 2 och 3`."""
    return _and([str(part) for part in parts])


def instrument_name(key: str, on: date) -> Words:
    """What an instrument is called on a day."""
    found: Words = rule(f"instruments:{key}", on).value.name
    return found


def badge(finding: Finding) -> Words:
    """What a finding's badge says: the instrument and its section, or the step of an audit's scale."""
    if not finding.instrument:
        return judgement_words(finding) or Words("bedömning", "judgement")
    name, section = instrument_name(finding.instrument, finding.event_on), phrases.SECTIONS.get(finding.instrument, "")
    point = {"minor": " 1", "rectified": " 2", "special": " 3"}.get(finding.refrain, "")
    tail = f", {section}{point}" if section else ""
    return Words(f"{name.sv[:1].upper()}{name.sv[1:]}{tail}", f"{name.en[:1].upper()}{name.en[1:]}{tail}")


def title(parts: Parts) -> str:
    """The title of a decision: for whom, after what, where."""
    inspection = parts.decision.inspection
    sort = types(inspection.opened_on)[inspection.type].name.sv
    kind = kicker(parts, draft=False)
    unit = inspection.case.unit
    where = f"{unit.name}, {parts.who}" if unit else parts.who
    about = _about(parts)
    return f"{kind} för {about} efter {sort} i {where}"


def _about(parts: Parts) -> str:
    inspection = parts.decision.inspection
    if inspection.level in ("organiser", "oversight") or not inspection.case.unit_id:
        return "huvudman"
    on = parts.decided or inspection.opened_on
    forms = [school_form_names(SchoolForm(code), on).name.sv for code in inspection.forms if code in set(SchoolForm)]
    return joined([form.lower() for form in forms]) or "skolenhet"


def kicker(parts: Parts, *, draft: bool) -> str:
    """What kind of document it is."""
    if draft:
        return "Utkast för faktagranskning"
    if parts.decision.kind == Decision.Kind.FOLLOW_UP:
        return "Uppföljningsbeslut"
    return "Granskningsbeslut" if parts.in_audit else "Beslut"


def addressee(parts: Parts) -> tuple[str, ...]:
    """To whom a decision goes: the organiser with its number, and the unit that it is about."""
    case = parts.decision.inspection.case
    organiser, unit = organiser_of(case), case.unit
    lines = [parts.who]
    if organiser:
        lines.append(f"Org.nr {organiser.number[:6]}-{organiser.number[6:]}")
    if unit:
        lines.append(f"{unit.name}, skolenhetskod {unit.code}")
    return tuple(lines)
