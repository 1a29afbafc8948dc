"""Close a round: from its marks and its frame to classes with probability and shares of the nation, frozen with their seal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from likvard import __version__
from likvard.flow.national import AUDIT, SETTLED, Found, Mark, National, estimate
from likvard.site.cases.models import IssuedKind, IssuedPoint
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.ratings import drawing, frozen, permissions, states
from likvard.site.ratings.actions.holding import hold_round, needed, tell
from likvard.site.ratings.frames import frame_of
from likvard.site.ratings.models import Mark as Row
from likvard.site.ratings.models import Outcome, Round, Standing
from likvard.site.ratings.rubrics import rubric_of
from likvard.site.ratings.states import BLIND, Part
from likvard.terms import LikvardError


def marks_of(round: Round) -> list[Mark]:
    """The readings of a round as the estimate takes them: two blind markers, what stands after all, and the audit's."""
    return [*_blind(round), *_audit(round), *_settled(round)]


def _rows(round: Round, parts: Iterable[str]) -> Iterator[tuple[str, int, str, int | None]]:
    found = Row.objects.filter(
        sheet__rating__round=round, sheet__part__in=parts, sheet__withdrawn_at__isnull=True, sheet__handed_in_at__isnull=False
    )  # fmt: skip
    names = ("sheet__rating__organiser_id", "sheet_id", "criterion", "level", "sheet__marker_id")
    order = found.order_by("sheet__rating__organiser_id", "sheet_id", "criterion")
    for organiser, _sheet, criterion, level, marker in order.values_list(*names):
        yield organiser, marker, criterion, level


def _blind(round: Round) -> Iterator[Mark]:
    for organiser, marker, criterion, level in _rows(round, BLIND):
        yield Mark(organiser, str(marker), criterion, level, round.rubric_on.year)


def _audit(round: Round) -> Iterator[Mark]:
    for organiser, _marker, criterion, level in _rows(round, (Part.AUDIT,)):
        yield Mark(organiser, AUDIT, criterion, level, round.rubric_on.year, blind=False)


def _settled(round: Round) -> Iterator[Mark]:
    stands: dict[tuple[str, str], int | None] = {}
    rows = Standing.objects.filter(rating__round=round).order_by("pk")
    for organiser, criterion, level in rows.values_list("rating__organiser_id", "criterion", "level"):
        stands[organiser, criterion] = level
    for (organiser, criterion), level in sorted(stands.items()):
        yield Mark(organiser, SETTLED, criterion, level, round.rubric_on.year, blind=False)


def findings_until(day: date) -> list[Found]:
    """The areas that first decisions of supervision found wanting, up to a day. Follow-ups repeat what was found and are left out."""
    points = IssuedPoint.objects.filter(issued__kind=IssuedKind.DECISION, issued__dated__lte=day)
    rows = points.exclude(area="").exclude(instrument="").order_by("issued_id", "area")
    return [Found(str(decision), area) for decision, area in rows.values_list("issued_id", "area").distinct()]


def worked_out(round: Round, day: date) -> tuple[National, str]:
    """The outcome of a round on a day and the seal (SHA-256) of the marks that it rests on. Raises `CaseError` where there are too few."""
    marks = marks_of(round)
    seal = sha256("\n".join(repr(one) for one in marks).encode()).hexdigest()
    seed = drawing.number(round.drawing.seed, "estimate") % 2**31
    try:
        rubric = rubric_of(round)
        return estimate(marks, frame_of(round), rubric, seed=seed, findings=findings_until(day)), seal
    except LikvardError as error:
        raise CaseError(
            _("The round cannot be worked out: %(why)s") % {"why": error}, _("Mark more organisers, or mend the marks.")
        ) from error


@transaction.atomic
def close(*, round: Round, reason: str, by: User, at: datetime) -> Outcome:
    """Close a round: its ratings are closed, and what they come to is worked out and frozen."""
    round = hold_round(round)
    role = permissions.check_can_close(by, round, on=day_of(at))
    round.state, round.closed_at, round.closed_by, round.closed_reason = "closed", at, by, needed(reason)
    round.save(update_fields=["state", "closed_at", "closed_by", "closed_reason"])
    found, seal = worked_out(round, day_of(at))
    round.ratings.filter(state="ready").update(state=states.RATING.move("ready", "close").to)
    made = Outcome.objects.create(
        round=round, data=frozen.as_data(found), marks=seal, software=f"likvard {__version__}", at=at, by=by
    )
    data = {"marks": seal, "frame": round.fingerprint, "marked": found.marked}
    tell("round.closed", round, by=by, role=role, at=at, reason=reason, data=data)
    return made
