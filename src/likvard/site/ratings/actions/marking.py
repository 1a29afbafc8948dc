"""Mark: one criterion at a time on one's own sheet, with grounds and evidence; then hand the sheet in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.ratings import permissions, states
from likvard.site.ratings.actions.holding import hold, tell
from likvard.site.ratings.models import Evidence, Mark, Rating, Sheet, Standing
from likvard.site.ratings.rubrics import asked, criterion_of, rubric_of
from likvard.site.ratings.states import BLIND, How, Part


@transaction.atomic
def mark(
    *, rating: Rating, criterion: str, level: int | None, grounds: str, by: User, at: datetime, private: str = ""
) -> Mark:
    """Save what the marker thinks of one criterion, on their own sheet. It may be changed until the sheet is handed in."""
    rating = hold(rating)
    sheet, role = permissions.check_can_mark(by, rating, on=day_of(at))
    criterion_of(rating, criterion)
    check_level(rating, level)
    known = {"level": level, "grounds": grounds.strip(), "private": private.strip(), "saved_at": at}
    made, _new = Mark.objects.update_or_create(sheet=sheet, criterion=criterion, defaults=known)
    tell("rating.marked", rating, by=by, role=role, at=at, data={"sheet": sheet.pk, "criterion": criterion})
    return made


def check_level(rating: Rating, level: int | None) -> None:
    """Raise `CaseError` for a level that the rubric does not have."""
    if level is not None and not 0 <= level < len(rubric_of(rating.round).levels):
        raise CaseError(_("The rubric has no such level."), _("Choose one of those shown."))


@dataclass(frozen=True, slots=True)
class Given:
    """What a marker thinks of one criterion, with the evidence as pairs of document and place in it."""

    level: int | None
    grounds: str
    private: str = ""
    evidence: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def fill_in(*, rating: Rating, given: Mapping[str, Given], by: User, at: datetime) -> Sheet:
    """Save several marks at once on one's own sheet, each with its evidence in place of what was there: one event for all."""
    rating = hold(rating)
    sheet, role = permissions.check_can_mark(by, rating, on=day_of(at))
    if not given.keys() <= asked(rating).keys():
        raise CaseError(_("The organiser is not marked by this criterion."), _("Look at the rubric."))
    for one in given.values():
        check_level(rating, one.level)
    Evidence.objects.filter(mark__sheet=sheet, mark__criterion__in=given).delete()
    Mark.objects.filter(sheet=sheet, criterion__in=given).delete()
    made = Mark.objects.bulk_create(
        Mark(sheet=sheet, criterion=code, level=one.level, grounds=one.grounds.strip(), private=one.private.strip(), saved_at=at)
        for code, one in given.items()
    )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(mark=row, title=title, place=place, at=at)
        for row in made
        for title, place in given[row.criterion].evidence
    )
    tell("rating.marked", rating, by=by, role=role, at=at, data={"sheet": sheet.pk, "criteria": sorted(given)})
    return sheet


@transaction.atomic
def add_evidence(
    *, rating: Rating, criterion: str, title: str, by: User, at: datetime, place: str = "", dated: date | None = None,
    url: str = "",
) -> Evidence:  # fmt: skip
    """Note what a mark rests on. The criterion must have been marked, if only as one that cannot be judged."""
    rating = hold(rating)
    sheet, role = permissions.check_can_mark(by, rating, on=day_of(at))
    found = sheet.marks.filter(criterion=criterion).first()
    if found is None or not title.strip():
        raise CaseError(_("Evidence belongs to a mark."), _("Save the level first, then say what shows it."))
    made = Evidence.objects.create(
        mark=found, title=title.strip(), place=place.strip(), dated=dated, url=url.strip(), at=at
    )
    tell("rating.evidence_added", rating, by=by, role=role, at=at, data={"criterion": criterion})
    return made


@transaction.atomic
def drop_evidence(*, rating: Rating, pk: int, by: User, at: datetime) -> None:
    """Take a piece of evidence off one's own sheet before it is handed in."""
    rating = hold(rating)
    sheet, role = permissions.check_can_mark(by, rating, on=day_of(at))
    found = Evidence.objects.filter(pk=pk, mark__sheet=sheet).select_related("mark").first()
    if found is None:
        raise CaseError(_("There is no such evidence on your sheet."), _("Look at the list."))
    data = {"criterion": found.mark.criterion, "title": found.title}
    found.delete()
    tell("rating.evidence_dropped", rating, by=by, role=role, at=at, data=data)


def lacking(sheet: Sheet) -> list[str]:
    """The criteria that keep a sheet from being handed in: not marked, or without grounds or, where a level is set, evidence."""
    marks = {one.criterion: one for one in sheet.marks.prefetch_related("evidence")}
    return [code for code in asked(sheet.rating) if not _is_whole(marks.get(code))]


def _is_whole(mark: Mark | None) -> bool:
    return mark is not None and bool(mark.grounds) and (mark.level is None or len(mark.evidence.all()) > 0)


@transaction.atomic
def hand_in(*, rating: Rating, by: User, at: datetime) -> Sheet:
    """Hand in one's own sheet: it is never changed again. With the second of the two the sheets are opened to one another."""
    rating = hold(rating)
    sheet, role = permissions.check_can_mark(by, rating, on=day_of(at))
    left = lacking(sheet)
    if left:
        raise CaseError(
            _("%(count)s criteria lack a level, grounds or evidence.") % {"count": len(left)}, _("Fill them in first.")
        )
    sheet.handed_in_at = at
    sheet.save(update_fields=["handed_in_at"])
    both = Sheet.objects.handed_in().filter(rating=rating, part__in=BLIND).count() == len(BLIND)
    if sheet.part != Part.AUDIT and both:
        rating.state = states.RATING.move(rating.state, "both_marked").to
        rating.save(update_fields=["state"])
        _agree(rating, at)
    tell("rating.handed_in", rating, by=by, role=role, at=at, data={"sheet": sheet.pk, "part": sheet.part})
    return sheet


def _agree(rating: Rating, at: datetime) -> None:
    """Where both chose the same level it stands, with the grounds of both."""
    for code, (first, second) in pairs(rating).items():
        if first.level == second.level:
            grounds = "\n\n".join(dict.fromkeys((first.grounds, second.grounds)))[:4000]
            Standing.objects.create(
                rating=rating, criterion=code, level=first.level, how=How.AGREED, grounds=grounds, at=at
            )


def pairs(rating: Rating) -> dict[str, tuple[Mark, Mark]]:
    """The marks of the two first markers by criterion, where both have handed in."""
    rows = Mark.objects.filter(
        sheet__rating=rating, sheet__part__in=BLIND, sheet__withdrawn_at__isnull=True, sheet__handed_in_at__isnull=False
    ).select_related("sheet__marker")
    by_part = {(row.criterion, row.sheet.part): row for row in rows}
    first, second = BLIND
    codes = [code for code in asked(rating) if {(code, first.value), (code, second.value)} <= by_part.keys()]
    return {code: (by_part[code, first.value], by_part[code, second.value]) for code in codes}
