"""A decision as a document, in the sections that decisions have: what is decided, why, the background, what follows, who decided.

Least content by law: day, content, who decided, who presented, who took part (31 § förvaltningslagen); reasons with provisions and
decisive circumstances (32 §); how to appeal, only where there is an appeal (33 §).
"""

from __future__ import annotations

from collections.abc import Iterator

from likvard.site.supervision.composing import phrases
from likvard.site.supervision.composing.parts import (
    Parts,
    addressee,
    area_name,
    cites,
    crowns,
    day,
    instrument_name,
    joined,
    judgement_words,
    kicker,
    title,
    wordings,
)
from likvard.site.supervision.models import Decision, Finding
from likvard.site.supervision.rules.drafting import areas_without_findings
from likvard.site.supervision.rules.scope import types
from likvard.site.writing.text import Block, Bullets, Heading, Paragraph, Quote, Run, Terms, Written, paragraphs


def decision_text(decision: Decision, *, draft: bool = False, parts: Parts | None = None) -> Written:
    """The decision as a document: as it is to be signed, or the draft that the organiser checks the facts of."""
    found = parts or Parts.of(decision)
    blocks = (
        *(_draft_lead() if draft else ()),
        *_decided(found, draft=draft),
        *_reasons(found),
        *_background(found),
        *_follow_up(found),
        *(() if draft else _deciders(found)),
        *(() if draft else _how_to_appeal(found)),
    )
    return Written(
        title=title(found), kicker=kicker(found, draft=draft), language="sv", register_number=found.number,
        dated=found.decided, authority=phrases.AUTHORITY, addressee=addressee(found), blocks=blocks,
        signatures=() if draft else _signatures(found), notice=found.notice, draft=draft or found.decided is None,
    )  # fmt: skip


def _said(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _draft_lead() -> Iterator[Block]:
    yield _said(phrases.DRAFT_LEAD)


def _decided(parts: Parts, *, draft: bool) -> Iterator[Block]:
    yield Heading(2, "Skolinspektionens bedömning" if parts.in_audit else "Skolinspektionens beslut")
    yield from _followed(parts)
    for area in parts.facts.areas:
        own = [finding for finding in parts.findings if finding.area == area]
        if not own and parts.is_follow_up:
            continue
        if not own:
            yield Heading(3, area_name(area, parts.decision.inspection.opened_on).sv)
            yield _said(phrases.NO_DEFICIENCY)
            continue
        yield Heading(3, area_name(area, own[0].event_on).sv)
        for finding in own:
            yield from _judged(parts, finding) if parts.in_audit else _ordered(parts, finding)
    if parts.facts.is_followed_up:
        yield _said(phrases.MUST_REPORT.format(who=parts.who, due=day(parts.decision.report_due)))
    if not draft and not parts.in_audit:
        yield _said(_appeal(parts))


def _followed(parts: Parts) -> Iterator[Block]:
    """How each earlier finding stands, in a decision after follow-up: with the public reason for which it was closed."""
    if not parts.earlier:
        return
    first = parts.earlier[0].decision.decided_on
    yield Heading(3, f"Bristerna i beslutet den {day(first)}")
    for finding in parts.earlier:
        text = f"{phrases.FOLLOWED[finding.state]} {finding.closing_reason}".strip()
        name = area_name(finding.area, finding.event_on).sv
        yield Paragraph((Run(f"Brist {finding.number}. {name}.", strong=True), Run(f" {text}")))
    if not parts.findings and all(finding.state in ("remedied", "ended") for finding in parts.earlier):
        yield _said(phrases.ALL_REMEDIED)


def _ordered(parts: Parts, finding: Finding) -> Iterator[Block]:
    name = instrument_name(finding.instrument, finding.event_on).sv if finding.instrument else ""
    if finding.instrument != "no_action":
        yield Heading(4, f"Brist {finding.number}. {name[:1].upper()}{name[1:]}")
    order = _order(parts, finding)
    measures = [row.text for row in finding.measures.all()]
    yield _said(order)
    if measures:
        yield Bullets(tuple((Run(text),) for text in measures))
    found = wordings(finding)
    if found and finding.instrument != "no_action":
        yield _said(f"Bristen gäller {cites(found)}.")
    if finding.serious:
        yield _said(phrases.SERIOUS)
    if finding.instrument == "injunction":
        yield _said(phrases.AT_ONCE)


def _order(parts: Parts, finding: Finding) -> str:
    if finding.instrument == "refrain":
        return phrases.REFRAINS.get(finding.refrain, phrases.REFRAINS[""])
    key = "injunction_with_fine" if finding.instrument == "injunction" and finding.fine else finding.instrument
    words = {
        "who": parts.who, "what": parts.what, "due": day(parts.due(finding)), "until": day(finding.until),
        "fine": crowns(finding.fine or 0),
    }  # fmt: skip
    template = phrases.ORDERS.get(key)
    if template is None:
        name = instrument_name(finding.instrument, finding.event_on).sv
        return f"Skolinspektionen beslutar om {name} för {parts.who}."
    return template.format(**words)


def _judged(parts: Parts, finding: Finding) -> Iterator[Block]:
    words = judgement_words(finding)
    step = words.sv if words else phrases.AUDIT_STEPS.get(finding.judgement or 0, "")
    yield Paragraph(
        (Run("Skolinspektionen bedömer att verksamheten håller hög kvalitet i "), Run(step, strong=True), Run("."))
    )
    measures = [row.text for row in finding.measures.all()]
    if measures:
        yield Paragraph((Run(phrases.TO_DEVELOP, strong=True),))
        yield Bullets(tuple((Run(text),) for text in measures))


def _appeal(parts: Parts) -> str:
    numbers = parts.appealable
    if not numbers:
        return phrases.CANNOT_APPEAL
    if len(numbers) == len(parts.findings):
        return phrases.CAN_APPEAL
    return phrases.CAN_APPEAL_PART.format(numbers=joined(numbers))


def _reasons(parts: Parts) -> Iterator[Block]:
    shown = [finding for finding in parts.findings if finding.observed.strip() or finding.assessment.strip()]
    if not shown:
        return
    yield Heading(2, "Skäl för beslutet")
    for finding in shown:
        name = area_name(finding.area, finding.event_on).sv
        yield Heading(3, name if parts.in_audit else f"Brist {finding.number}. {name}")
        found = wordings(finding)
        if found:
            yield Heading(4, "Rättslig reglering")
        for one in found:
            source = f"{one.cite}, återgivet i korthet, lydelse den {day(finding.event_on)}"
            yield Quote((Run(one.about.sv),), source)
        yield Heading(4, "Skolinspektionens utredning")
        yield from paragraphs(finding.observed)
        yield Heading(4, "Skolinspektionens bedömning")
        yield from paragraphs(finding.assessment)
        yield from _weight(finding)


def _weight(finding: Finding) -> Iterator[Block]:
    """What the law asks to be reasoned: the fine, or why there is none; and that a deficiency has come back."""
    if finding.hinders_goals and finding.fine:
        yield _said(phrases.FINE_REASON)
    if finding.hinders_goals and not finding.fine and finding.no_fine_reason:
        yield _said(phrases.NO_FINE_REASON.format(reason=finding.no_fine_reason))
    if finding.recurs and finding.recurs.decision.decided_on:
        earlier = finding.recurs.decision
        number = earlier.inspection.case.dnr
        yield _said(phrases.RECURS.format(number=number, day=day(earlier.decided_on)))


def _background(parts: Parts) -> Iterator[Block]:
    yield Heading(2, "Bakgrund och hur tillsynen har gjorts" if not parts.in_audit else "Bakgrund och metod")
    yield Terms(tuple((label, (Run(text),)) for label, text in _rows(parts)))
    yield from paragraphs(parts.decision.background)


def _rows(parts: Parts) -> Iterator[tuple[str, str]]:
    inspection = parts.decision.inspection
    name = types(inspection.opened_on)[inspection.type].name.sv
    yield "Typ", f"{name[:1].upper()}{name[1:]}"
    yield "Öppnat", day(inspection.opened_on)
    visits = [visit for visit in inspection.visits.all() if visit.done_on]
    for visit in visits:
        days = (
            day(visit.first_day)
            if visit.first_day == visit.last_day
            else f"{day(visit.first_day)} – {day(visit.last_day)}"
        )
        yield "Besök", days + ("" if visit.announced else " (oanmält)")
    areas = [area_name(area, inspection.opened_on).sv for area in parts.facts.areas]
    yield "Områden", "; ".join(areas)
    clear = areas_without_findings(parts.facts.areas, parts.facts.findings)
    if clear and not parts.in_audit and not parts.is_follow_up:
        yield "Utan brist", "; ".join(area_name(area, inspection.opened_on).sv for area in clear)


def _follow_up(parts: Parts) -> Iterator[Block]:
    yield Heading(2, "Uppföljning")
    if not parts.facts.is_followed_up:
        yield _said(phrases.NOTHING_TO_FOLLOW_UP)
        return
    yield _said(phrases.MUST_REPORT.format(who=parts.who, due=day(parts.decision.report_due)))
    for text in phrases.FOLLOW_UP_AUDIT if parts.in_audit else phrases.FOLLOW_UP:
        yield _said(text)


def _deciders(parts: Parts) -> Iterator[Block]:
    decision = parts.decision
    yield Heading(2, "Beslutsfattare")
    text = f"Beslutet har fattats av {parts.signer or 'beslutsfattaren'}."
    if decision.presenter:
        text += f" Föredragande har varit {decision.presenter}."
    if decision.took_part:
        text += f" I den slutliga handläggningen har också deltagit {decision.took_part}."
    yield _said(text)


def _signatures(parts: Parts) -> tuple[tuple[str, str], ...]:
    found = [("Beslutsfattare", parts.signer)] if parts.signer else []
    if parts.decision.presenter:
        found.append(("Föredragande", str(parts.decision.presenter)))
    return tuple(found)


def _how_to_appeal(parts: Parts) -> Iterator[Block]:
    if not parts.appealable:
        return
    yield Heading(2, "Hur man överklagar", new_page=True)
    for text in phrases.HOW_TO_APPEAL:
        yield _said(text.format(who=parts.who))
    yield _said("Skriv")
    yield Bullets(tuple((Run(text.format(number=parts.number)),) for text in phrases.APPEAL_SAYS))
