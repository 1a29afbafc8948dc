"""The decision in plain words, by rule from its findings and what the inspector wrote of it in short; and its bare facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from likvard.rulebook import clocks, rule
from likvard.site.supervision.composing import phrases
from likvard.site.supervision.composing.parts import (
    Parts,
    area_name,
    crowns,
    day,
    instrument_name,
    joined,
    judgement_words,
    kicker,
    title,
    wordings,
)
from likvard.site.supervision.facts import organiser_of
from likvard.site.supervision.models import Finding
from likvard.site.supervision.rules.drafting import areas_without_findings
from likvard.site.writing.text import Block, Bullets, Heading, Paragraph, Run, Terms, Written, paragraphs

SCHEMA = 1


def plain_text(parts: Parts) -> Written:
    """The plain-language twin of a decision: what is wrong, what must be done, what happens now, what the words mean."""
    blocks = (*_came_to(parts), *_wrong(parts), *_now(parts), *_appeal(parts), *_words(parts))
    return Written(
        title=title(parts), kicker=f"{kicker(parts, draft=False)} i korthet", language="sv",
        register_number=parts.number, dated=parts.decided, authority=phrases.AUTHORITY, addressee=(parts.who,),
        blocks=blocks, notice=parts.notice, draft=parts.decided is None,
    )  # fmt: skip


def _said(text: str, *, strong: str = "") -> Paragraph:
    return Paragraph((Run(strong, strong=True), Run(f" {text}"))) if strong else Paragraph((Run(text),))


def _came_to(parts: Parts) -> Iterator[Block]:
    yield Heading(2, "Vad kom Skolinspektionen fram till?")
    yield from paragraphs(parts.decision.in_short)
    clear = areas_without_findings(parts.facts.areas, parts.facts.findings)
    if clear and not parts.in_audit and not parts.is_follow_up:
        names = [area_name(area, parts.decision.inspection.opened_on).sv.lower() for area in clear]
        yield _said(phrases.PLAIN_NOTHING.format(areas="; ".join(names)))


def _wrong(parts: Parts) -> Iterator[Block]:
    shown = [finding for finding in parts.findings if finding.instrument != "no_action"]
    if not shown:
        return
    yield Heading(2, "Hur bra fungerar det?" if parts.in_audit else "Vad är fel?")
    for finding in shown:
        name = area_name(finding.area, finding.event_on).sv
        head = f"{name}." if parts.in_audit else f"Brist {finding.number}. {name}."
        yield _said(_instrument(parts, finding), strong=head)
        measures = [row.text for row in finding.measures.all()]
        if measures:
            yield _said("Det här ska göras:")
            yield Bullets(tuple((Run(text),) for text in measures))


def _instrument(parts: Parts, finding: Finding) -> str:
    if parts.in_audit:
        return phrases.PLAIN_AUDIT.get(finding.judgement or 0, "")
    key = finding.instrument
    if key == "injunction" and finding.fine:
        key = "injunction_with_fine"
    if key == "refrain":
        key = f"refrain_{finding.refrain}"
    words = {
        "who": parts.who,
        "due": day(parts.due(finding)),
        "fine": crowns(finding.fine or 0),
        "until": day(finding.until),
    }
    if key in phrases.PLAIN:
        return phrases.PLAIN[key].format(**words)
    about = rule(f"instruments:{finding.instrument}", finding.event_on).value.about.sv
    return phrases.PLAIN_OTHER.format(name=instrument_name(finding.instrument, finding.event_on).sv, about=about)


def _now(parts: Parts) -> Iterator[Block]:
    yield Heading(2, "Vad händer nu?")
    if not parts.facts.is_followed_up:
        yield _said(phrases.PLAIN_CLOSED)
        return
    yield _said(phrases.PLAIN_REPORT.format(who=parts.who, due=day(parts.decision.report_due)))
    yield _said(phrases.PLAIN_CHECK)


def _appeal(parts: Parts) -> Iterator[Block]:
    if parts.in_audit:
        return
    yield Heading(2, "Kan beslutet överklagas?")
    numbers = parts.appealable
    if not numbers:
        yield _said(phrases.PLAIN_NO_APPEAL)
    elif len(numbers) == len(parts.findings):
        yield _said(phrases.PLAIN_APPEAL)
    else:
        yield _said(phrases.PLAIN_APPEAL_PART.format(numbers=joined(numbers)))


def _words(parts: Parts) -> Iterator[Block]:
    used = {one.instrument: one.event_on for one in parts.findings if one.instrument and one.instrument != "no_action"}
    if not used:
        return
    yield Heading(2, "Vad betyder orden?")
    found = [rule(f"instruments:{key}", on).value for key, on in used.items()]
    rows = [(f"{one.name.sv[:1].upper()}{one.name.sv[1:]}", (Run(one.about.sv),)) for one in found]
    rows.append(
        ("Huvudman", (Run("Den som driver skolan: en kommun, en region, staten eller en fristående huvudman."),))
    )
    yield Terms(tuple(rows))


def facts(parts: Parts) -> dict[str, Any]:
    """The decision as structured data without any free text, for the public register and open data."""
    decision, inspection = parts.decision, parts.decision.inspection
    organiser, unit = organiser_of(inspection.case), inspection.case.unit
    until = clocks.appeal_until(parts.decided, parts.decided) if parts.decided and parts.appealable else None
    return {
        "schema": SCHEMA,
        "register_number": parts.number,
        "type": inspection.type,
        "level": inspection.level,
        "forms": list(inspection.forms),
        "organiser": {"number": organiser.number, "name": organiser.name, "kind": organiser.kind}
        if organiser
        else None,
        "unit": {"code": unit.code, "name": unit.name} if unit else None,
        "decided_on": _iso(parts.decided),
        "report_due": _iso(decision.report_due if parts.facts.is_followed_up else None),
        "appeal": {"can": bool(parts.appealable), "until": _iso(until)},
        "points": [_point(parts, finding) for finding in parts.findings],
        "areas_without_findings": [] if parts.is_follow_up else _clear(parts),
        "synthetic": bool(parts.notice),
    }


def _clear(parts: Parts) -> list[str]:
    return list(areas_without_findings(parts.facts.areas, parts.facts.findings))


def _iso(when: Any) -> str | None:
    return when.isoformat() if when else None


def _point(parts: Parts, finding: Finding) -> dict[str, Any]:
    area, step = area_name(finding.area, finding.event_on), judgement_words(finding)
    name = instrument_name(finding.instrument, finding.event_on) if finding.instrument else None
    section = phrases.SECTIONS.get(finding.instrument, "")
    return {
        "number": finding.number,
        "area": finding.area,
        "area_name": {"sv": area.sv, "en": area.en},
        "instrument": finding.instrument,
        "instrument_name": {"sv": name.sv, "en": name.en} if name else None,
        "section": section,
        "provisions": [{"key": one.key, "place": one.place, "statute": one.statute} for one in wordings(finding)],
        "serious": finding.serious,
        "fine": finding.fine,
        "due": _iso(parts.due(finding) if parts.of_finding(finding).is_followed_up else None),
        "judgement": {"step": finding.judgement, "sv": step.sv, "en": step.en} if step else None,
        "event_on": _iso(finding.event_on),
    }
