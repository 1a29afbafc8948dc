"""Rounds for a demonstration: this year's decided, with what the money is used for; next year's out for views; a draft for preschool class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from likvard.allocation.round import Rule
from likvard.disclosure.publication import Publication
from likvard.flow.allocate_units import NEED
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.access import memberships
from likvard.site.people.models import Organiser, User
from likvard.site.people.roles import Role
from likvard.site.resources import actions
from likvard.site.resources.actions.using import Plan
from likvard.site.resources.basis import MEASURES, Taken, look, take
from likvard.site.resources.models import Round
from likvard.terms import SchoolForm

DAY = timedelta(days=1)
BODY = "Barn- och utbildningsnämnden"
GROWTH = 1.02
"""How much the frame grows a year for the same pupils: about as much as wages do."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who prepares, who decides, and whose school has something to say."""

    organiser_head: User
    quality_manager: User
    principal: User


def fill(crew: Crew, *, organiser: Organiser, publication: Publication | None, at: datetime) -> list[Round]:
    """Make the rounds, unless there are some or the figures hold no need to share by."""
    if publication is None or Round.objects.exists():
        return []
    with transaction.atomic():
        made = _decided(crew, organiser, publication, at)
        return made and [*made, *_heard(crew, organiser, publication, at), *_draft(crew, organiser, publication, at)]


def _taken(
    publication: Publication, organiser: Organiser, year: int, form: SchoolForm, until: int = 9999
) -> Taken | None:
    try:
        found = take(publication, organiser, year, form, until=until)
    except CaseError:
        return None
    return found if any(unit.need for unit in found.units) else None


def _frame(taken: Taken) -> int:
    """Last year's money for this year's pupils, a little more, in whole hundred thousands."""
    known = [(unit.last_per_pupil, unit.pupils) for unit in taken.units if unit.last_per_pupil]
    mean = sum(money * pupils for money, pupils in known) / sum(pupils for _, pupils in known) if known else 90_000.0
    return round(GROWTH * mean * sum(unit.pupils for unit in taken.units) / 100_000) * 100_000


def _open(
    crew: Crew, organiser: Organiser, year: int, form: SchoolForm, taken: Taken, share: float, at: datetime
) -> Round:
    rule = Rule(frame=_frame(taken), share=share, cap=0.04 if any(u.last for u in taken.units) else None)
    return actions.open_round(
        organiser=organiser, year=year, form=form, body=BODY, rule=rule, taken=taken, by=crew.quality_manager, at=at,
        planned_on=day_of(at + 45 * DAY),
    )  # fmt: skip


def _decided(crew: Crew, organiser: Organiser, publication: Publication, at: datetime) -> list[Round]:
    begun, taken = at - 362 * DAY, _taken(publication, organiser, at.year, SchoolForm.COMPULSORY)
    if taken is None:
        return []
    if taken.published_on is not None:  # a decision does not rest on what was published after it
        taken = replace(taken, published_on=min(taken.published_on, day_of(begun)))
    made = _open(crew, organiser, at.year, SchoolForm.COMPULSORY, taken, 0.08, begun)
    made = actions.send_out(round=made, until=day_of(begun + 9 * DAY), by=crew.quality_manager, at=begun + DAY)
    reason = (
        "Pengarna ska följa elevernas behov. Nämnden vill gå fram i små steg, så att ingen skola tappar mer än den hinner ställa "
        "om för. Beslutet är påhittat."
    )
    made = actions.decide(round=made, reason=reason, by=crew.organiser_head, at=begun + 11 * DAY)
    _use(crew, made, publication, begun + 60 * DAY, at)
    return [made]


def _use(crew: Crew, round: Round, publication: Publication, begun: datetime, at: datetime) -> None:
    """Two uses of the money at the schools that get most by need: one looked at too early to tell, one to come."""
    shares = list(
        round.newest.shares.select_related("unit")
        .filter(unit__organiser_id=round.organiser_id)
        .order_by("-by_need")[:2]
    )
    told = (
        ("Två speciallärare i årskurs 4–6", "fler elever hänger med", at - 15 * DAY),
        ("Studiehandledning på modersmålet", "fler elever når målen", at + 200 * DAY),
    )
    for share, (what, expected, look_on) in zip(shares, told, strict=False):
        found = {id: look(publication, id, share.unit_id) for id in MEASURES}
        measure = next((id for id, seen in found.items() if seen.value is not None), MEASURES[0])
        crowns = max(min(share.by_need, share.crowns) // 3, 1)
        plan = Plan(share.unit, crowns, what, measure, "up", expected, day_of(look_on))
        use = actions.plan(round=round, plan=plan, baseline=found[measure], by=crew.quality_manager, at=begun)
        if look_on <= at:
            why = "Inga nyare siffror har kommit sedan åtgärden började."
            again_on = day_of(at + 210 * DAY)
            actions.look_again(
                use=use, why=why, again_on=again_on, seen=found[measure], by=crew.quality_manager, at=look_on + DAY
            )


def _heard(crew: Crew, organiser: Organiser, publication: Publication, at: datetime) -> list[Round]:
    begun, taken = at - 30 * DAY, _taken(publication, organiser, at.year + 1, SchoolForm.COMPULSORY)
    if taken is None:
        return []
    made = _open(crew, organiser, at.year + 1, SchoolForm.COMPULSORY, taken, 0.1, begun)
    rule = Rule(frame=_frame(taken), share=0.15, cap=0.03)
    why = "Nämnden vill att mer följer behoven, men inte fortare än tre procent om året."
    actions.make_version(round=made, rule=rule, taken=taken, why=why, by=crew.quality_manager, at=begun + 9 * DAY)
    made = actions.send_out(round=made, until=day_of(at + 12 * DAY), by=crew.quality_manager, at=at - 6 * DAY)
    _view(crew, made, at)
    return [made]


def _view(crew: Crew, round: Round, at: datetime) -> None:
    mine = [m.unit for m in memberships(crew.principal, day_of(at)) if m.role == Role.PRINCIPAL and m.unit is not None]
    unit = next((u for u in mine if round.newest.shares.filter(unit=u).exists()), None)
    if unit is not None:
        text = "Vi har fått fler nyanlända elever sedan oktober. Räknar ni med dem?"
        actions.give_view(round=round, unit=unit, text=text, by=crew.principal, at=at - 2 * DAY)


def _draft(crew: Crew, organiser: Organiser, publication: Publication, at: datetime) -> list[Round]:
    """A draft on the figures of the year before the newest, so that one sees what newer ones would change."""
    newest = int(publication.facts.get("newest", {}).get(NEED, 9999))
    taken = _taken(publication, organiser, at.year + 1, SchoolForm.PRESCHOOL_CLASS, newest - 1)
    if taken is None:
        return []
    try:
        return [_open(crew, organiser, at.year + 1, SchoolForm.PRESCHOOL_CLASS, taken, 0.1, at - 5 * DAY)]
    except CaseError:
        return []  # a lake with very uneven money: a limit of four per cent cannot be kept
