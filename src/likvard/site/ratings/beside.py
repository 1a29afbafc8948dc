"""The organiser's figures beside the marking form, and what was said of it last time. Only what everybody may read."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.disclosure.publication import FigureKey, Publication, Published
from likvard.figures import formats
from likvard.figures.insight.measured import measured
from likvard.rulebook import school_form_names
from likvard.site.people.models import Organiser
from likvard.site.ratings.models import Rating, Standing
from likvard.site.ui.components import Cell, Column, Row, Table
from likvard.site.ui.language import current
from likvard.terms import Audience, SchoolForm

SHOWN = (
    "need_index", "crowns_per_pupil", "merit_value", "share_all_subjects_year_9", "share_eligible_vocational", "share_absent",
    "abuse_reports_per_1000", "support_plan_share", "principal_turnover",
)  # fmt: skip
"""Measures of a whole organiser that stand beside the form, in this order, where they have been published."""


_FORMS = ("", *SchoolForm)


def figures(organiser: Organiser, publication: Publication | None) -> Table | None:
    """The newest published figures of an organiser, or None where there are none."""
    if publication is None:
        return None
    cells = publication.cells(
        Audience.PUBLIC, measure=SHOWN, aspect="observed", subject="", group="all", level="organiser", areas=(organiser.pk,)
    )  # fmt: skip
    newest: dict[tuple[int, int], tuple[FigureKey, Published]] = {}
    for key, found in sorted(cells.items(), key=lambda item: item[0].year):
        newest[SHOWN.index(key.measure), _FORMS.index(key.form)] = key, found
    rows = tuple(_row(*newest[place], publication.on) for place in sorted(newest))
    columns = (Column(_("Indicator")), Column(_("Year")), Column(_("Figure"), numeric=True))
    return Table(_("Published figures of the organiser"), columns, rows) if rows else None


def _row(key: FigureKey, found: Published, on: date) -> Row:
    """A figure with its school form: organisers have one for each, and they are no sum."""
    known = measured(key.measure)
    shown = formats.cell(found.cell, known.scale, current())
    form = school_form_names(SchoolForm(key.form), on).name[current()] if key.form else ""
    return Row(Cell(known.name[current()], href=f"/matt/{key.measure}/", note=form), (Cell(key.year), Cell(shown)))


def earlier(rating: Rating, criterion: str) -> Standing | None:
    """The level that stood for the same organiser and criterion when the last closed round before this one was closed."""
    before = Standing.objects.filter(
        rating__organiser=rating.organiser_id, rating__state="closed", criterion=criterion,
        rating__round__made_at__lt=rating.round.made_at,
    )  # fmt: skip
    return before.select_related("rating__round").order_by("rating__round__made_at", "pk").last()
