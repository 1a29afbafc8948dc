"""The memorandum of a round as a document: what was decided, by whom, on what grounds, school by school. In both languages.

What schools wrote stays with the organiser: it may speak of people, and is handed out after a look at secrecy. The answers stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from likvard.allocation import memo
from likvard.allocation.round import Round as Grounds
from likvard.figures import formats
from likvard.site.people.roles import Role
from likvard.site.resources import drift, weighed
from likvard.site.resources.basis import LEFT_OUT, money_year
from likvard.site.resources.models import Round, Version, View
from likvard.site.resources.shown import sources, subtitle
from likvard.site.resources.weighed import Weighed
from likvard.site.ui.language import current
from likvard.site.writing.pictured import pictured
from likvard.site.writing.text import SYNTHETIC, Block, Heading, Paragraph, Run, Table, Terms, Written, paragraphs
from likvard.terms import Language, OrganiserKind, Words

_GETS = ("School", "Pupils", "Need", "Crowns", "A pupil", "Change")
_PARTS = ("School", "Alike", "By need", "Set apart", "By limits", "Crowns", "Limit")
"""The columns of the table of schools as two tables that fit a sheet: what each gets, and what it is made of."""
_MADE_OF = Words("Vad beloppet består av", "What the amount is made of")


def written(round: Round, version: Version, language: Language) -> Written:
    """The document of a version in a language: the decision's if the round is decided, else a draft."""
    with translation.override(language.value):
        decided = timezone.localtime(round.decided_at).date() if round.decided_at else None
        on = decided or timezone.localtime(version.at).date()
        signer = str(round.decided_by) if round.decided_by else ""
        return Written(
            title=_("Allocation for %(year)s: %(form)s") % {"year": round.year, "form": round.form_name},
            kicker=_("Decision") if decided else _("Proposal"),
            language=language.value, register_number="", dated=decided, authority=round.organiser.name, addressee=(),
            blocks=(*_decision(round), *_content(round, version, on, language), *_answers(round)),
            signatures=((_role(round), signer),) if decided else (),
            notice=SYNTHETIC if version.synthetic or settings.DEMO else "", draft=decided is None,
        )  # fmt: skip


def _role(round: Round) -> str:
    return f"{Role.ORGANISER_HEAD.label}, {round.body}"


def _decision(round: Round) -> Iterator[Block]:
    if not round.is_decided:
        return
    yield Heading(2, _("The decision"))
    yield from paragraphs(round.reason)
    yield Terms(
        (
            (_("Decides"), (Run(round.body),)),
            (_("Decided by"), (Run(str(round.decided_by)),)),
            (_("Seal (SHA-256)"), (Run(grouped(round.fingerprint)),)),
        )
    )


def grouped(seal: str) -> str:
    """A seal in groups of sixteen signs, so that a line can end between them."""
    return " ".join(seal[n : n + 16] for n in range(0, len(seal), 16))


def _content(round: Round, version: Version, on: date, language: Language) -> Iterator[Block]:
    found = weighed.of_version(version)
    grounds = Grounds(
        name=Words(str(round), str(round)), calendar_year=round.year, organiser=round.organiser_id, rule=found.rule,
        units=found.units, inputs=version.inputs, last_year=money_year(version.inputs),
    )  # fmt: skip
    schools = memo.schools(found.outcome)
    named = replace(schools, rows=tuple(map(_named, schools.rows)))
    if left := version.facts.get(LEFT_OUT):
        yield Paragraph(
            (
                Run(
                    _("Not in the round, for nobody may see how many pupils they have: %(schools)s.")
                    % {"schools": formats.listed(tuple(left), current())}
                ),
            )
        )
    for block in memo.content(
        grounds, found.outcome, on, sensitivity=weighed.how_much_moves(found, version), decided=round.is_decided,
        calibration=drift.calibration(version.facts.get("calibration")),
    ):  # fmt: skip
        if block == schools:
            yield from _picture(round, version, found, on, language)
            yield _table(_columns(named, _GETS, schools.caption), language)
            yield _table(_columns(schools, _PARTS, _MADE_OF), language)
        elif isinstance(block, memo.Heading):
            yield Heading(block.level, block.text[language])
        elif isinstance(block, memo.Paragraph):
            yield Paragraph((Run(block.text[language]),))
        else:
            yield _table(block, language)


def _picture(round: Round, version: Version, found: Weighed, on: date, language: Language) -> Iterator[Block]:
    """Crowns a pupil against need at every school, as on the page; none where no school's need is known."""
    if all(row.need is None for row in found.outcome.rows):
        return
    figure = weighed.figure(
        found, on=on, sources=sources(version), subtitle=subtitle(round, found), decided=round.is_decided,
        before=money_year(version.inputs),
    )  # fmt: skip
    yield from pictured(figure, language)


def _named(row: tuple[memo.Value, ...]) -> tuple[memo.Value, ...]:
    """The row with who runs the school said after its name, where it is not the municipality."""
    name, kind, *rest = row
    if kind == memo.KINDS[OrganiserKind.MUNICIPAL] or not isinstance(kind, Words):
        return row
    return (Words(f"{name}, {kind.sv}", f"{name}, {kind.en}"), kind, *rest)


def _columns(table: memo.Table, names: tuple[str, ...], caption: Words) -> memo.Table:
    kept = [n for n, column in enumerate(table.columns) if column.heading.en in names]

    def only(row: tuple[memo.Value, ...]) -> tuple[memo.Value, ...]:
        return tuple(row[n] for n in kept)

    columns = tuple(table.columns[n] for n in kept)
    return replace(table, caption=caption, columns=columns, rows=tuple(map(only, table.rows)), total=only(table.total))


def _table(table: memo.Table, language: Language) -> Table:
    every = (*table.rows, *((table.total,) if table.total else ()))
    last = len(every) - 1 if table.total else -1
    rows = tuple(
        tuple(
            (Run(memo.written(value, column, language), strong=n == last),)
            for value, column in zip(row, table.columns, strict=True)
        )
        for n, row in enumerate(every)
    )
    words = next((n for n, column in enumerate(table.columns) if column.places is not None), len(table.columns))
    headings = tuple(column.heading[language] for column in table.columns)
    texts = tuple(n for n, column in enumerate(table.columns) if column.places is None and n >= words)
    return Table(table.caption[language], headings, rows, words, texts)


def _answers(round: Round) -> Iterator[Block]:
    views = list(View.objects.filter(version__round=round).select_related("unit"))
    if not views:
        return
    yield Heading(2, _("What the schools said, and the answers"))
    count = formats.count(len(views), current())
    yield Paragraph((Run(_("Views that came in: %(count)s. Each has an answer.") % {"count": count}),))
    yield Terms(tuple((view.unit.name, (Run(view.answer or _("Not answered yet.")),)) for view in views))
