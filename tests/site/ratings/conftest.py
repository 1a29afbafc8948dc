"""A small country of organisers with a school each, a third inspector and a second lead, and a round that can be played to any state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from likvard.site.people.models import Organiser, Unit, User
from likvard.site.people.roles import Place, Role
from likvard.site.ratings.actions import closing, marking, reply, rounds, settling
from likvard.site.ratings.actions.marking import Given
from likvard.site.ratings.drawing import Rule, number
from likvard.site.ratings.models import Rating, Round, Sheet
from likvard.site.ratings.rubrics import asked
from likvard.site.ratings.states import Part

DAY = timedelta(days=1)
CANARY = "KANARIE"
"""Stands in every ground and note of a marker: where it may not be read it must not be found."""


@dataclass(frozen=True)
class Inspectors:
    """Three who mark and two who lead. `ines` and `ivar` inspect, `lea` and `lars` lead; `ivar` and `lars` are new."""

    ines: User
    ivar: User
    lea: User
    lars: User


@pytest.fixture
def inspectors(cast: Any, member: Callable[..., Any]) -> Inspectors:
    made = {}
    for key, role in (("ivar", Role.INSPECTOR), ("lars", Role.LEAD_INSPECTOR)):
        made[key] = User.objects.create_user(f"{key}@example.se", "ett-par-gröna-stövlar-7", name=key.capitalize())
        member(made[key], role, Place())
    return Inspectors(cast.ines, made["ivar"], cast.lea, made["lars"])


@pytest.fixture
def country(places: Any) -> list[Organiser]:
    """Twelve organisers more than Ekvik and Lärkan, each with two schools."""
    made = []
    for n in range(12):
        kind = "municipal" if n % 2 == 0 else "independent"
        organiser = Organiser.objects.create(number=f"99100000{n:02}", name=f"Huvudman {n:02}", kind=kind)
        for k in range(2):
            unit = Unit(code=f"800{n:02}{k:03}", name=f"Skola {n} {k}", organiser=organiser, municipality_code="9999")
            unit.forms = ("GR",)
            unit.save()
        made.append(organiser)
    return made


@pytest.fixture
def make_round(inspectors: Inspectors, places: Any, now: datetime) -> Callable[..., Round]:
    """Make a round in which everybody is drawn, by Lea."""

    def made(**more: Any) -> Round:
        known = {
            "name": "Omgången", "rubric_on_day": date(2025, 11, 1), "rule": Rule(seed="3 9 17"), "seed_from": "En lottodragning",
            "measure": "", "publication": None, "by": inspectors.lea, "at": now,
        }  # fmt: skip
        return rounds.make_round(**{**known, **more})

    return made


@dataclass(frozen=True)
class Player:
    """Takes ratings along their way. Marks are 1, but `levels` may say otherwise by part and criterion."""

    inspectors: Inspectors
    now: datetime

    def opened(self, made: Round) -> Round:
        markers = [self.inspectors.ines, self.inspectors.ivar]
        rounds.share_out(round=made, markers=markers, by=self.inspectors.lea, at=self.now)
        return rounds.open_round(round=made, reason="Plan", by=self.inspectors.lea, at=self.now)

    def marked(self, sheet: Sheet, levels: dict[str, int | None] | None = None, *, hand_in: bool = True) -> None:
        rating = Rating.objects.get(pk=sheet.rating_id)
        given = {
            code: Given(
                (levels or {}).get(code, 1), f"{CANARY} {sheet.part} {code}", f"{CANARY}-privat {sheet.part}",
                ((f"{CANARY} underlag {sheet.part}", ""),),
            )
            for code in asked(rating)
        }  # fmt: skip
        marking.fill_in(rating=rating, given=given, by=sheet.marker, at=self.now)
        if hand_in:
            marking.hand_in(rating=rating, by=sheet.marker, at=self.now)

    def both(
        self, rating: Rating, first: dict[str, int | None] | None = None, second: dict[str, int | None] | None = None
    ) -> Rating:
        for sheet, levels in zip(rating.sheets.order_by("part"), (first, second), strict=False):
            self.marked(sheet, levels)
        rating.refresh_from_db()
        return rating

    def sent(self, rating: Rating, **levels: Any) -> Rating:
        rating = self.both(rating, **levels)
        by = rating.sheets.order_by("part")[0].marker
        for code in settling.unsettled(rating):
            settling.settle(rating=rating, criterion=code, level=1, grounds="Vi läste igen", by=by, at=self.now)
        return settling.send(rating=rating, by=by, at=self.now)

    def ready(self, rating: Rating, **levels: Any) -> Rating:
        rating = self.sent(rating, **levels)
        by = rating.sheets.order_by("part")[0].marker
        return settling.go_on(rating=rating, by=by, at=self.now + 30 * DAY)

    def replied(self, rating: Rating, by: User, disagrees: tuple[str, ...] = ()) -> Rating:
        for code in asked(rating):
            agrees = code not in disagrees
            text = "" if agrees else f"{CANARY} vi håller inte med"
            reply.say(rating=rating, criterion=code, agrees=agrees, text=text, evidence="", by=by, at=self.now)
        reply.hand_in(rating=rating, by=by, at=self.now)
        rating.refresh_from_db()
        return rating

    def audited(self, rating: Rating) -> Rating:
        given = {"rating": rating, "marker": self.inspectors.lars, "part": Part.AUDIT}
        sheet = rounds.hand_out(**given, by=self.inspectors.lea, at=self.now)
        self.marked(sheet)
        decided = {code: (row.level, "Kvar") for code, row in settling.standing(rating).items() if code in settling.audited_otherwise(rating)}  # fmt: skip
        return settling.settle_audit(rating=rating, decided=decided, by=self.inspectors.lea, at=self.now)

    def closed(self, made: Round) -> Round:
        """Everything, with levels that differ between organisers and some markers who err."""
        made = self.opened(made)
        for rating in made.ratings.all():
            strength = number("s", rating.organiser_id) % 3
            codes = list(asked(rating))
            level = {code: (strength if number(code, rating.organiser_id) % 4 else 1) for code in codes}
            erred = {
                **level,
                codes[0]: (level[codes[0]] + 1) % 3 if number("e", rating.organiser_id) % 3 == 0 else level[codes[0]],
            }
            self.ready(rating, first=level, second=erred)
        for rating in rounds.draw_audit(round=made, by=self.inspectors.lea, at=self.now + 31 * DAY):
            self.audited(rating)
        closing.close(round=made, reason="Klart", by=self.inspectors.lea, at=self.now + 40 * DAY)
        return Round.objects.get(pk=made.pk)


@pytest.fixture
def play(inspectors: Inspectors, now: datetime) -> Player:
    return Player(inspectors, now)
