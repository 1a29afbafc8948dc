"""The protocol of a selection as a document, for the archive and the committee's table: the same words as the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext as _

from likvard.figures import formats
from likvard.site.cases.timing import day_of
from likvard.site.supervision import protocol
from likvard.site.supervision.composing.phrases import AUTHORITY
from likvard.site.supervision.coverage import county_names
from likvard.site.supervision.models import Programme, ProgrammeRule
from likvard.site.ui.language import current
from likvard.site.writing.text import SYNTHETIC, Block, Heading, Paragraph, Run, Terms, Written, paragraphs


def written(programme: Programme, rule: ProgrammeRule) -> Written:
    """The protocol of a decided programme: the decision, the rule, what it was made from, and who was selected, county by county."""
    decided = day_of(programme.decided_at) if programme.decided_at else None
    return Written(
        title=f"{_('Protocol of the selection')}: {programme.name}",
        kicker=_("Programme of supervision"),
        language=current().value,
        register_number="",
        dated=decided,
        authority=AUTHORITY,
        addressee=(),
        blocks=(*_decision(programme, rule), *_rule(programme, rule), *_selected(programme)),
        signatures=((_("Decided by"), str(programme.decided_by or "")),),
        notice=SYNTHETIC if settings.DEMO else "",
        draft=not programme.is_decided,
    )


def _text(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _decision(programme: Programme, rule: ProgrammeRule) -> Iterator[Block]:
    days = {"start": formats.day(programme.start, current()), "end": formats.day(programme.end, current())}
    yield Heading(2, _("The decision"))
    yield from paragraphs(programme.decision)
    if programme.decided_at:
        who = {"who": programme.decided_by, "when": formats.day(day_of(programme.decided_at), current())}
        yield _text(_("Decided by %(who)s on %(when)s. Nothing in it is changed any more.") % who)
    yield _text(_("The programme holds from %(start)s to %(end)s.") % days)
    yield Heading(2, _("What is it made from?"))
    yield Terms(
        (
            (_("Results"), (Run(protocol.measure_name(programme)),)),
            (_("Publication"), (Run(f"{programme.publication}, {formats.day(programme.published_on, current())}"),)),
            (_("Seal of the basis (SHA-256):").rstrip(":"), (Run(programme.fingerprint),)),
            (_("Seed"), (Run(rule.value.seed),)),
            (_("The seed comes from"), (Run(rule.seed_from),)),
        )
    )


def _rule(programme: Programme, rule: ProgrammeRule) -> Iterator[Block]:
    yield Heading(2, _("The rule in words"))
    yield from paragraphs(rule.reason)
    facts = protocol.rule_facts(programme, rule.value)
    yield Terms(tuple((str(one.term), (Run(f"{one.value}. {one.note}"),)) for one in facts))


def _selected(programme: Programme) -> Iterator[Block]:
    yield Heading(2, _("Selected, by area and name"))
    counties = county_names()
    rows = list(programme.selected.all().standing().by_place())
    for county, group in groupby(rows, key=lambda row: row.county):
        yield Heading(3, counties.get(county, county or "–"))
        lines = protocol.lines(programme, list(group))
        yield Terms(tuple((f"{line.name} ({line.number})", _why(line)) for line in lines))


def _why(line: protocol.Line) -> tuple[Run, ...]:
    return Run(f"{line.organiser}. "), Run(line.route, strong=True), Run(f". {line.why}")
