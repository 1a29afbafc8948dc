"""Make a round and draw it, hand organisers to markers, open it, draw the audit, and keep conflicts of interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from likvard.disclosure.publication import Publication
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Organiser, User
from likvard.site.ratings import drawing, frames, permissions, states
from likvard.site.ratings.actions.holding import hold, hold_round, needed, tell, write_to
from likvard.site.ratings.drawing import Rule
from likvard.site.ratings.models import Conflict, Framed, Rating, Round, Sheet, SheetsRead
from likvard.site.ratings.rubrics import rubric_on
from likvard.site.ratings.states import BLIND, Part

_GIVEN = gettext_noop("An organiser waits for your marks")
_GIVEN_BODY = gettext_noop("You are a marker in %(round)s.\n\nYour list is under Ratings on the site.\n")


@transaction.atomic
def make_round(
    *, name: str, rubric_on_day: date, rule: Rule, seed_from: str, measure: str, publication: Publication | None,
    by: User, at: datetime, reply_days: int = 21, audit_share: int = 20,
) -> Round:  # fmt: skip
    """Make a round: take the frame, draw it, and open a rating for each organiser that was drawn. Raises `CaseError`."""
    role = permissions.check_can_lead(by, on=day_of(at))
    rubric = rubric_on(rubric_on_day)
    if not name.strip() or Round.objects.filter(name=name.strip()).exists():
        raise _no_name_of_its_own()
    if measure and measure not in frames.measures(publication):
        raise CaseError(_("Organisers cannot be drawn by this measure."), _("Choose one of those shown."))
    made = Round(
        name=name.strip(), rubric_on=rubric_on_day, rule=asdict(rule), seed_from=needed(seed_from), measure=measure,
        publication=publication.id if publication else "", published_on=publication.on if publication else None,
        reply_days=reply_days, audit_share=audit_share, made_at=at, made_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # somebody was first, or clicked twice
        raise _no_name_of_its_own() from None
    _frame(made, frames.candidates(publication, measure), rule)
    made.fingerprint = frames.fingerprint(made)
    made.save(update_fields=["fingerprint"])
    data = {"rubric": rubric.version, "rule": made.rule, "frame": made.fingerprint, "drawn": made.ratings.count()}
    tell("round.made", made, by=by, role=role, at=at, data=data)
    return made


def _no_name_of_its_own() -> CaseError:
    return CaseError(_("A round has a name of its own."), _("Write another."))


def _frame(round: Round, candidates: Sequence[drawing.Candidate], rule: Rule) -> None:
    known, units = {one.organiser: one for one in candidates}, frames.units_of()
    rows = [
        Framed(
            round=round, organiser_id=one.organiser, kind=known[one.organiser].kind, risk=known[one.organiser].risk,
            pupils=known[one.organiser].pupils, units=units[one.organiser], stratum=one.stratum,
            probability=one.probability, selected=one.selected,
        )
        for one in drawing.draw(candidates, rule)
    ]  # fmt: skip
    if not rows:
        raise CaseError(_("There is no organiser with a school."), _("Bring the register first."))
    Framed.objects.bulk_create(rows)
    drawn = Framed.objects.filter(round=round, selected=True)
    Rating.objects.bulk_create([Rating(round=round, organiser_id=row.organiser_id, framed=row) for row in drawn])


@transaction.atomic
def hand_out(*, rating: Rating, marker: User, part: Part, by: User, at: datetime) -> Sheet:
    """Give an organiser to a marker, who has no conflict of interest, is not its other marker and has not read what was thought of
    it, as marker or as lead. They are told by letter."""
    rating = hold(rating)
    role = permissions.check_can_hand_out(by, rating, on=day_of(at))
    permissions.check_can_enter(marker, on=day_of(at))
    permissions.check_has_no_conflict(marker, rating.organiser, on=day_of(at))
    standing = Sheet.objects.standing().filter(rating=rating)
    if standing.filter(marker=marker).exists() or standing.filter(part=part).exists():
        raise CaseError(
            _("The two first markers and the auditor are three persons, and each place is taken once."),
            _("Choose somebody else, or take the place back first."),
        )
    if permissions.has_read_sheets(marker, rating):
        raise CaseError(
            _("%(person)s has read what the markers thought.") % {"person": marker}, _("Choose somebody else.")
        )
    if (part == Part.AUDIT) != (rating.state == "audit") or rating.state not in ("marking", "audit"):
        raise CaseError(_("No marker is needed for this now."), _("Look at how far the rating has come."))
    made = Sheet.objects.create(rating=rating, marker=marker, part=part, given_at=at, given_by=by)
    if rating.round.state == "open":
        write_to([marker], subject=_GIVEN, body=_GIVEN_BODY, words={"round": rating.round}, at=at)
    data = {"to": marker.pk, "part": part.value}
    tell("rating.handed_out", rating, by=by, role=role, at=at, data=data)
    return made


@transaction.atomic
def share_out(*, round: Round, markers: Sequence[User], by: User, at: datetime) -> int:
    """Give every organiser that lacks a marker to those with fewest, never to one with a conflict; return how many sheets were given.

    Ties follow the draw number of marker and organiser, so that pairs of markers are mixed: agreement can then be estimated.
    """
    round = hold_round(round)
    permissions.check_can_lead(by, on=day_of(at))
    load = {user.pk: Sheet.objects.standing().filter(rating__round=round, marker=user).count() for user in markers}
    people, given = {user.pk: user for user in markers}, 0
    closed_to = {user.pk: permissions.organisers_in_conflict(user, day_of(at)) for user in markers}
    # Whoever handed in and lost the sheet may have read the other's: chance gives them no second one.
    lost = Sheet.objects.filter(rating__round=round, withdrawn_at__isnull=False, handed_in_at__isnull=False)
    read = SheetsRead.objects.filter(rating__round=round)
    been = {*lost.values_list("rating_id", "marker_id"), *read.values_list("rating_id", "user_id")}
    for rating in round.ratings.filter(state="marking").select_related("organiser", "round"):
        taken = dict(Sheet.objects.standing().filter(rating=rating).values_list("part", "marker_id"))
        for part in [part for part in BLIND if part.value not in taken]:
            free = [
                pk for pk in people
                if pk not in taken.values() and rating.organiser_id not in closed_to[pk] and (rating.pk, pk) not in been
            ]  # fmt: skip
            if free:
                chosen = min(free, key=lambda pk: (load[pk], drawing.number(str(pk), rating.organiser_id)))
                hand_out(rating=rating, marker=people[chosen], part=part, by=by, at=at)
                taken[part.value], load[chosen], given = chosen, load[chosen] + 1, given + 1
    return given


@transaction.atomic
def take_back(*, sheet: Sheet, reason: str, by: User, at: datetime) -> Sheet:
    """Take a sheet back from its marker, with the reason. What was marked stays in the record and does not count."""
    rating = hold(sheet.rating)
    role = permissions.check_can_hand_out(by, rating, on=day_of(at))
    return _withdraw(sheet, rating, needed(reason), by, role, at)


_TAKEN_BACK_IN = {Part.FIRST: ("marking", "settling"), Part.SECOND: ("marking", "settling"), Part.AUDIT: ("audit",)}
"""How far a rating may have come when a sheet is taken back: the first two until the organiser is told of what they led to."""


def _withdraw(sheet: Sheet, rating: Rating, reason: str, by: User, role: str, at: datetime) -> Sheet:
    sheet = Sheet.objects.get(pk=sheet.pk)  # as it is under the rating's lock: somebody else may have taken it back
    if sheet.withdrawn_at is not None or rating.state not in _TAKEN_BACK_IN[Part(sheet.part)]:
        raise CaseError(_("The sheet cannot be taken back now."), _("The organiser has been told of the levels."))
    sheet.withdrawn_at, sheet.withdrawn_by, sheet.withdrawn_reason = at, by, reason[:500]
    sheet.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    if rating.state == "settling":
        rating.state = states.RATING.move("settling", "mark_again").to
        rating.save(update_fields=["state"])
        rating.levels.all().delete()  # nothing was sent: the levels were those of a sheet that no longer counts
    data = {"sheet": sheet.pk, "marker": sheet.marker_id}
    tell("rating.taken_back", rating, by=by, role=role, at=at, reason=reason, data=data)
    return sheet


@transaction.atomic
def declare_conflict(*, organiser: Organiser, user: User, reason: str, by: User, at: datetime) -> Conflict:
    """Declare that a person must not rate an organiser: their own, or by a lead. Sheets that are not settled are taken back."""
    on = day_of(at)
    role = permissions.check_can_enter(by, on=on) if user == by else permissions.check_can_lead(by, on=on)
    made, is_new = Conflict.objects.get_or_create(
        organiser=organiser, user=user, ended_at=None,
        defaults={"reason": needed(reason)[:500], "at": at, "declared_by": by},
    )  # fmt: skip
    if not is_new:
        raise CaseError(_("The conflict of interest is declared already."), _("Nothing needs to be done."))
    open_to = Sheet.objects.standing().filter(marker=user, rating__organiser=organiser, rating__round__state__in=("preparing", "open"))  # fmt: skip
    for sheet in open_to.select_related("rating"):
        rating = hold(sheet.rating)
        if rating.state in _TAKEN_BACK_IN[Part(sheet.part)]:
            _withdraw(sheet, rating, made.reason, by, role, at)
    return made


@transaction.atomic
def open_round(*, round: Round, reason: str, by: User, at: datetime) -> Round:
    """Open a round: from now on its frame, rubric and rule are frozen, and its markers are told."""
    round = hold_round(round)
    role = permissions.check_can_open(by, round, on=day_of(at))
    if frames.fingerprint(round) != round.fingerprint:
        raise CaseError(_("The frame is not the one that was sealed."), _("Ask whoever runs the site to look at it."))
    round.state, round.opened_at, round.opened_by, round.opened_reason = "open", at, by, needed(reason)
    round.save(update_fields=["state", "opened_at", "opened_by", "opened_reason"])
    sheets = Sheet.objects.standing().filter(rating__round=round)
    markers = User.objects.filter(pk__in=sheets.values("marker")).order_by("email")
    write_to(markers, subject=_GIVEN, body=_GIVEN_BODY, words={"round": round}, at=at)
    tell("round.opened", round, by=by, role=role, at=at, reason=reason, data={"markers": len(markers)})
    return round


@transaction.atomic
def draw_audit(*, round: Round, by: User, at: datetime) -> list[Rating]:
    """Draw the sample that a third marker reads, by the round's seed: once, when every rating is ready."""
    round = hold_round(round)
    role = permissions.check_can_draw(by, round, on=day_of(at))
    ready = list(round.ratings.filter(state="ready"))
    drawn = drawing.audit_sample(round.drawing.seed, [one.organiser_id for one in ready], round.audit_share)
    chosen = [one for one in ready if one.organiser_id in drawn]
    for rating in chosen:
        rating.state = states.RATING.move(rating.state, "draw").to
        rating.save(update_fields=["state"])
    round.audit_drawn_at = at
    round.save(update_fields=["audit_drawn_at"])
    tell("round.audit_drawn", round, by=by, role=role, at=at, data={"organisers": sorted(drawn)})
    return chosen
