"""Rounds: the list of what waits, the making of one, how far it has come, and its steps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from likvard.figures.insight.measured import measured
from likvard.site import published
from likvard.site.cases.permissions import asks
from likvard.site.people.models import Membership, User
from likvard.site.ratings import frames, permissions, shown
from likvard.site.ratings.actions import closing, rounds
from likvard.site.ratings.forms import NewRound, Reasoned, ShareOut
from likvard.site.ratings.models import Round
from likvard.site.ratings.pages.visit import carried_out, crumbs, do, form_page, moment, person, round_of, today
from likvard.site.ratings.rubrics import rubric_of
from likvard.site.ui.components import Cell, Column, Fact, Row, Table
from likvard.site.ui.language import current


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and every round."""
    user = person(request)
    permissions.check_can_enter(user, on=today(request))
    own = shown.own_ratings(user)
    waiting = sum(sheet.handed_in_at is None for _rating, sheet in own)
    context = {
        "table": _own(own), "waiting": waiting, "rounds": [(one, shown.badge(one)) for one in Round.objects.all()],
        "may_lead": permissions.can_lead(user, on=today(request)), "breadcrumbs": crumbs(),
    }  # fmt: skip
    return render(request, "ratings/mine.html", context)


def _own(own: Any) -> Table:
    columns = (Column(_("Organiser")), Column(_("Round")), Column(_("Your part")), Column(_("How far")))
    rows = tuple(
        Row(
            Cell(rating.organiser.name, href=reverse("rating", args=[rating.pk])),
            (
                Cell(rating.round.name),
                Cell(sheet.get_part_display(), note="" if sheet.handed_in_at else _("waits for your marks")),
                Cell(state=shown.badge(rating)),
            ),
        )
        for rating, sheet in own
    )
    return Table(_("Organisers that you rate"), columns, rows)


def new(request: HttpRequest) -> HttpResponse:
    """Make a round: its frame is taken and drawn at once."""
    user = person(request)
    permissions.check_can_lead(user, on=today(request))
    publication = published.current()
    choices = [(id, measured(id).name[current()]) for id in frames.measures(publication)]
    form = NewRound(request.POST or None, measures=choices, initial={"rubric_on_day": today(request)})

    made: list[Round] = []

    def act(asked: dict[str, Any]) -> None:
        made.append(rounds.make_round(**asked, publication=publication, by=user, at=moment(request)))

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        return redirect("rating_round", made[0].pk)
    context = {
        "form": form, "heading": _("Make a round"), "submit": _("Make the round and draw it"), "back": reverse("ratings"),
        "lead": _("Every organiser in the country has a chance that is known beforehand."),
        "breadcrumbs": crumbs(None, _("Make a round")),
    }  # fmt: skip
    return render(request, "cases/deed.html", context)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a round has come. A marker sees the own organisers; a lead sees all."""
    found, user, on = round_of(request, pk), person(request), today(request)
    lead = permissions.can_lead(user, on=on)
    rows = found.ratings.all().by_name()
    rows = rows if lead else rows.of_marker(user)
    closed_to = permissions.organisers_in_conflict(user, on)
    open_to = [row for row in rows if row.organiser_id not in closed_to]
    context = {
        "round": found, "rubric": rubric_of(found), "badge": shown.badge(found), "progress": shown.progress(found),
        "table": shown.ratings_table(open_to, caption=_("Organisers by name"), lead=lead), "facts": _facts(found),
        "lead": lead, "bare": shown.bare(found), "auditors_missing": shown.auditors_missing(found),
        "may_draw": asks(lambda: permissions.check_can_draw(user, found, on=on)),
        "may_close": asks(lambda: permissions.check_can_close(user, found, on=on)),
        "hidden": len(rows) - len(open_to), "breadcrumbs": crumbs(found),
    }  # fmt: skip
    return render(request, "ratings/round.html", context)


def _facts(found: Round) -> list[Fact]:
    rule, frame = found.drawing, found.frame.count()
    drawn = {"drawn": found.ratings.count(), "all": frame}
    facts = [
        Fact(_("Organisers"), _("%(drawn)s drawn of %(all)s") % drawn),
        Fact(_("Risk by"), measured(found.measure).name if found.measure else _("nothing: all are alike")),
        Fact(
            _("Drawn"),
            _(
                "%(high)s per cent of those of high risk, %(rest)s per cent of the others, %(unknown)s per cent without figures"
            )
            % {"high": rule.high, "rest": rule.rest, "unknown": rule.unknown},
        ),
        Fact(_("Seed"), rule.seed, _("It comes from: %(where)s") % {"where": found.seed_from}),
        Fact(_("Days to reply"), str(found.reply_days)),
        Fact(_("Audited by a third person"), _("%(share)s per cent, drawn") % {"share": found.audit_share}),
        Fact(_("Seal of the frame (SHA-256)"), found.fingerprint),
    ]
    if found.opened_at:
        facts.insert(
            0, Fact(_("Opened"), shown.day(found.opened_at.date()), f"{found.opened_by}. {found.opened_reason}")
        )
    if found.closed_at:
        facts.insert(
            1, Fact(_("Closed on"), shown.day(found.closed_at.date()), f"{found.closed_by}. {found.closed_reason}")
        )
    return facts


def inspectors(on: Any) -> list[User]:
    """Everybody who may mark on the day, by name."""
    held = Membership.objects.in_force(on).filter(role__in=permissions.MARKERS, user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("name", "email"))


def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Share the organisers of a round among markers."""
    found, user = round_of(request, pk), person(request)
    form = ShareOut(request.POST or None, people=inspectors(today(request)))
    return form_page(
        request, title=_("Share out the organisers"), submit=_("Share out"), form=form,
        act=lambda asked: rounds.share_out(round=found, markers=list(asked["markers"]), by=user, at=moment(request)),
        done=_("The organisers are shared out. Look for any that still lacks a marker."),
        back=reverse("rating_round", args=[pk]), trail=crumbs(found, _("Share out the organisers")),
        check=lambda: permissions.check_can_lead(user, on=today(request)),
        lead=_("Each organiser gets two markers, who do not see one another's marks."),
    )  # fmt: skip


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a round."""
    found, user = round_of(request, pk), person(request)
    return form_page(
        request, title=_("Open the round"), submit=_("Open the round"), form=Reasoned(request.POST or None),
        act=lambda asked: rounds.open_round(round=found, by=user, at=moment(request), **asked),
        done=_("The round is open. The markers have been written to."), back=reverse("rating_round", args=[pk]),
        trail=crumbs(found, _("Open the round")), check=lambda: permissions.check_can_open(user, found, on=today(request)),
        lead=_("From now on the frame, the rubric and the rule of the draw are frozen."),
    )  # fmt: skip


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the sample for audit."""
    found, user = round_of(request, pk), person(request)
    permissions.check_can_lead(user, on=today(request))
    done = _("The sample is drawn. Give each of them an auditor who has not marked it.")
    back = reverse("rating_round", args=[pk])
    return do(request, lambda: rounds.draw_audit(round=found, by=user, at=moment(request)), done, back)


def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a round, and work out what it comes to."""
    found, user = round_of(request, pk), person(request)
    return form_page(
        request, title=_("Close the round"), submit=_("Close the round"), form=Reasoned(request.POST or None),
        act=lambda asked: closing.close(round=found, by=user, at=moment(request), **asked),
        done=_("The round is closed. Its classes are worked out and frozen."), back=reverse("rating_round", args=[pk]),
        trail=crumbs(found, _("Close the round")), check=lambda: permissions.check_can_close(user, found, on=today(request)),
        lead=_("The classes are worked out from the marks with their uncertainty. Nothing in the round is changed after this."),
    )  # fmt: skip
