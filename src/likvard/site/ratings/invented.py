"""An invented marking round for a demonstration: everybody drawn, marked by two who may err, replied to, audited and reported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from django.db import transaction
from django.utils.translation import override

from likvard.disclosure.publication import Publication
from likvard.site.cases.models import Outgoing
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Membership, User
from likvard.site.people.roles import Role
from likvard.site.ratings import drawing, frames, frozen
from likvard.site.ratings.actions import closing, marking, reply, reporting, rounds, settling
from likvard.site.ratings.actions.marking import Given
from likvard.site.ratings.drawing import Rule, number
from likvard.site.ratings.models import Outcome, Rating, Report, Round
from likvard.site.ratings.rubrics import asked, rubric_of
from likvard.site.ratings.shares import between, per_cent
from likvard.site.ratings.states import Part
from likvard.terms import Language, Words

DAY = timedelta(days=1)
MOST = 40
"""How many organisers are drawn at the most: each is some fifty rows and as many events."""

LEAST = 12
"""Fewest organisers with a school that a round is invented for."""

LATER = 6
"""How many are drawn for the round that is under way."""

RISK = 0.2
"""How much weaker those of high risk are: so that without recounting it looks worse than it is."""

GROUNDS = (
    "Underlaget visar att behoven inte är kända på alla enheter. Påhittat.",
    "Arbetet finns på flera enheter men inte i alla skolformer. Påhittat.",
    "Arbetet finns på alla enheter och följs upp varje år. Påhittat.",
)
CANNOT = "Underlaget räcker inte för att bedöma det här. Påhittat."
PAPERS = ("Kvalitetsrapport", "Beslut om resursfördelning", "Protokoll från nämnden", "Plan för elevhälsan")
SETTLED = "Vi läste underlaget igen tillsammans. Den nya rutinen har inte använts ett helt läsår. Påhittat."
DISAGREES = "Vi har en ny modell för resurser sedan i våras. Den syns inte i ert underlag. Påhittat."
ANSWER = "Modellen är beslutad men har inte använts än. Nivån står kvar, och vi skriver att den är på väg. Påhittat."
COLLEAGUES = {
    Role.INSPECTOR: ("tredje-bedomaren@demo.example", "Tredje bedömaren (påhittad)"),
    Role.LEAD_INSPECTOR: ("andra-ledaren@demo.example", "Andra ledaren (påhittad)"),
}
"""A third inspector, and a second lead who settles the audits of what the first one marked."""

TITLE, TITLE_EN = (
    "Hur väl motverkar huvudmännen skolsegregationens följder?",
    "How well do organisers counteract the effects of school segregation?",
)
LEAD = Words(
    "%(high)s av huvudmännen gör det i hög utsträckning (osäkerhet %(high_between)s) och %(low)s i låg (%(low_between)s). "
    "Svagast är %(weakest)s.",
    "%(high)s of the organisers do so to a high degree (uncertainty %(high_between)s) and %(low)s to a low (%(low_between)s). "
    "Weakest is %(weakest)s.",
)
BODY = Words(
    "Vi har bedömt hur huvudmännen arbetar för elever med sämre förutsättningar. Allt i rapporten är påhittat.\n\n"
    "Huvudmännen har fått svara innan något lagts fast. En tredje person har granskat en del av bedömningarna.",
    "We have rated how organisers work for pupils with weaker conditions. Everything in this report is invented.\n\n"
    "Organisers have replied before anything was settled. A third person has audited some of the ratings.",
)
FIRST_REASON = "Omgången följer planen för året. Påhittat."


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is in the invented round: each holds the role of the name."""

    lead_inspector: User
    inspector: User
    press_officer: User
    organiser_head: User


def fill(
    crew: Crew, *, publication: Publication | None, at: datetime, seed: str = "7 12 19 23 28 31 34"
) -> list[Round]:
    """Make a round that is closed and reported, and one that is under way; nothing if there are any rounds.

    It ends with the letters dropped: invented people have no letter boxes.
    """
    if Round.objects.exists() or len(frames.units_of()) < LEAST:
        return []
    waiting = list(Outgoing.objects.values_list("pk", flat=True))
    with transaction.atomic():
        closed = _closed(crew, publication, at, seed)
        made = [closed, _under_way(crew, publication, at, seed)]
        Outgoing.objects.exclude(pk__in=waiting).filter(state=Outgoing.State.QUEUED).update(
            state=Outgoing.State.DROPPED
        )
    return made


def _round(crew: Crew, publication: Publication | None, at: datetime, name: str, rule: Rule) -> Round:
    known = frames.measures(publication)
    return rounds.make_round(
        name=name, rubric_on_day=day_of(at), rule=rule, seed_from="Påhittad: numren i en lottodragning",
        measure=known[0] if known else "", publication=publication, by=crew.lead_inspector, at=at, reply_days=21,
        audit_share=15,
    )  # fmt: skip


def _fractions(seed: str) -> Rule:
    """Most of those of high risk and some of the others, so that about `MOST` are drawn in a large country."""
    count = len(frames.units_of())
    share = 100 if count < 2 * LEAST else min(55, max(1, 100 * MOST // count))
    return Rule(seed=seed, high=min(100, 2 * share), rest=share, unknown=share)


def _markers(crew: Crew) -> list[User]:
    """Two invented inspectors more than the demo has, so that a third person can audit."""
    return [crew.inspector, crew.lead_inspector]


def _closed(crew: Crew, publication: Publication | None, at: datetime, seed: str) -> Round:
    begun = at - 200 * DAY
    made = _round(crew, publication, begun, "Kompensatoriskt arbete, första omgången", _fractions(seed))
    third = _colleague(crew, Role.INSPECTOR, begun)
    auditors = cycle((third, crew.inspector, crew.lead_inspector))
    rounds.share_out(round=made, markers=[*_markers(crew), third], by=crew.lead_inspector, at=begun)
    made = rounds.open_round(round=made, reason=FIRST_REASON, by=crew.lead_inspector, at=begun + DAY)
    for rating in made.ratings.all().by_name():
        _rated(rating, crew, begun)
    for rating in rounds.draw_audit(round=made, by=crew.lead_inspector, at=begun + 60 * DAY):
        _audited(rating, next(auditors), [third, *_markers(crew)], crew, begun)
    closing.close(
        round=made,
        reason="Alla har svarat och urvalet är granskat. Påhittat.",
        by=crew.lead_inspector,
        at=begun + 80 * DAY,
    )
    _report(crew, made, begun)
    made.refresh_from_db()
    return made


def _colleague(crew: Crew, role: Role, at: datetime) -> User:
    """One more who marks or leads, for the demo's own are too few: nobody signs in as this one."""
    address, name = COLLEAGUES[role]
    user, is_new = User.objects.get_or_create(email=address, defaults={"name": name, "is_active": True})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        start = day_of(at) - 30 * DAY
        Membership.objects.create(user=user, role=role, start=start, given_at=at, given_by=crew.lead_inspector)
    return user


def _rated(rating: Rating, crew: Crew, begun: datetime) -> None:
    """Mark, settle, send; every third organiser disagrees on its lowest criterion."""
    for sheet in rating.sheets.order_by("pk"):
        _mark_all(rating, sheet.marker, begun + 3 * DAY)
    rating.refresh_from_db()
    by = rating.sheets.order_by("pk")[0].marker
    for code in settling.unsettled(rating):
        first, second = marking.pairs(rating)[code]
        levels = [one.level for one in (first, second) if one.level is not None]
        settling.settle(rating=rating, criterion=code, level=min(levels), grounds=SETTLED, by=by, at=begun + 10 * DAY)
    settling.send(rating=rating, by=by, at=begun + 12 * DAY)
    _replied(rating, crew, by, begun)


def _replied(rating: Rating, crew: Crew, by: User, begun: datetime) -> None:
    """The demo's own organiser replies; the others let the day pass."""
    own = Membership.objects.filter(user=crew.organiser_head).values_list("organiser_id", flat=True).first()
    if rating.organiser_id != own:
        settling.go_on(rating=rating, by=by, at=begun + 40 * DAY)
        return
    codes = list(asked(rating))
    for code in codes:
        agrees = code != codes[-1]
        reply.say(
            rating=rating, criterion=code, agrees=agrees, text="" if agrees else DISAGREES, evidence="" if agrees else PAPERS[1],
            by=crew.organiser_head, at=begun + 20 * DAY,
        )  # fmt: skip
    reply.hand_in(rating=rating, by=crew.organiser_head, at=begun + 21 * DAY)
    level = settling.standing(rating)[codes[-1]].level
    settling.answer_point(rating=rating, criterion=codes[-1], answer=ANSWER, level=level, by=by, at=begun + 30 * DAY)
    settling.answer(rating=rating, by=by, at=begun + 31 * DAY)


def _audited(rating: Rating, auditor: User, people: list[User], crew: Crew, begun: datetime) -> None:
    had = set(rating.sheets.values_list("marker", flat=True))
    auditor = next(one for one in (auditor, *people) if one.pk not in had)
    rounds.hand_out(rating=rating, marker=auditor, part=Part.AUDIT, by=crew.lead_inspector, at=begun + 61 * DAY)
    _mark_all(rating, auditor, begun + 65 * DAY)
    stands, otherwise = settling.standing(rating), settling.audited_otherwise(rating)
    is_apart = crew.lead_inspector.pk not in had | {auditor.pk}
    settler = crew.lead_inspector if is_apart else _colleague(crew, Role.LEAD_INSPECTOR, begun)
    decided = {code: (stands[code].level, SETTLED) for code in otherwise}
    settling.settle_audit(rating=rating, decided=decided, by=settler, at=begun + 70 * DAY)


def _mark_all(rating: Rating, marker: User, at: datetime) -> None:
    """Simulated marks: the organiser's own strength, the criterion's difficulty, and an error of the marker's own."""
    given = {}
    for n, (code, level) in enumerate(simulated(rating, marker)):
        paper = (f"{PAPERS[n % len(PAPERS)]} (påhittad)", f"s. {n + 3}")
        given[code] = Given(
            level, CANNOT if level is None else GROUNDS[level], evidence=() if level is None else (paper,)
        )
    marking.fill_in(rating=rating, given=given, by=marker, at=at)
    marking.hand_in(rating=rating, by=marker, at=at)


def simulated(rating: Rating, marker: User) -> Iterator[tuple[str, int | None]]:
    """The level that a marker gives each criterion: the same for the same round, organiser and marker's place."""
    top = len(rubric_of(rating.round).levels) - 1
    strength = _uniform("organiser", rating.organiser_id) - (RISK if rating.framed.stratum.endswith("high") else 0.0)
    place = rating.sheets.get(marker=marker, withdrawn_at=None).part
    for code in asked(rating):
        own = 0.75 * strength + 0.25 * _uniform(code, rating.organiser_id)
        hard = 0.1 * (_uniform("hard", code) - 0.5)
        level = min(top, max(0, int(3 * (own - hard))))
        error = _uniform(rating.round.name, place, code, rating.organiser_id)
        if error < 0.03:
            yield code, None if place == Part.SECOND else level
        else:
            yield code, min(top, max(0, level + (error > 0.90) - (error < 0.13)))


def _uniform(*parts: str) -> float:
    """A number from 0 to 1 that follows from the words."""
    return number("|".join(parts), "") / 2**64


def _report(crew: Crew, made: Round, begun: datetime) -> Report:
    lead, day = crew.lead_inspector, begun + 85 * DAY
    texts = {"title": TITLE, "title_en": TITLE_EN}
    for language, ending in ((Language.SV, ""), (Language.EN, "_en")):
        texts |= {f"lead{ending}": LEAD[language] % _found(made, language), f"body{ending}": BODY[language]}
    report = reporting.write(round=made, texts=texts, by=lead, at=day)
    reporting.move(report=report, code="ask", by=lead, at=day)
    return reporting.move(report=report, code="publish", by=crew.press_officer, at=day + 2 * DAY)


def _found(made: Round, language: Language) -> dict[str, str]:
    """What the introduction says, from the outcome of the round."""
    found, rubric = frozen.from_data(Outcome.objects.get(round=made).data), rubric_of(made)
    lowest = {one.criterion: one.share.value for one in found.levels if one.level == 0}
    weakest = rubric.criteria[max(lowest, key=lambda code: lowest[code])].name[language]
    with override(language.value):
        first, last = found.shares[0].weighted, found.shares[-1].weighted
        said = {
            "high": per_cent(first.value), "high_between": between(first),
            "low": per_cent(last.value), "low_between": between(last),
        }  # fmt: skip
    return {**said, "weakest": weakest[:1].lower() + weakest[1:]}


def _under_way(crew: Crew, publication: Publication | None, at: datetime, seed: str) -> Round:
    """A round in which the demo's own organiser may reply now, and the demo's inspector has something to mark."""
    begun = at - 15 * DAY
    own = Membership.objects.filter(user=crew.organiser_head).values_list("organiser_id", flat=True).first() or ""
    chosen = next((s for s in (f"{seed} {n}" for n in range(200)) if _draws(s, own, publication)), seed)
    made = _round(crew, publication, begun, "Kompensatoriskt arbete, andra omgången", _few(chosen))
    rounds.share_out(round=made, markers=_markers(crew), by=crew.lead_inspector, at=begun)
    made = rounds.open_round(round=made, reason=FIRST_REASON, by=crew.lead_inspector, at=begun)
    for rating in made.ratings.filter(organiser=own):
        for sheet in rating.sheets.order_by("pk"):
            _mark_all(rating, sheet.marker, begun + 3 * DAY)
        rating.refresh_from_db()
        for code in settling.unsettled(rating):
            settling.settle(
                rating=rating, criterion=code, level=1, grounds=SETTLED, by=crew.inspector, at=begun + 5 * DAY
            )
        settling.send(rating=rating, by=crew.inspector, at=begun + 6 * DAY)
    return made


def _few(seed: str) -> Rule:
    share = max(1, 100 * LATER // max(1, len(frames.units_of())))
    return Rule(seed=seed, high=share, rest=share, unknown=share)


def _draws(seed: str, own: str, publication: Publication | None) -> bool:
    """Whether a seed draws the demo's own organiser."""
    known = frames.measures(publication)
    drawn = drawing.draw(frames.candidates(publication, known[0] if known else ""), _few(seed))
    return any(one.organiser == own and one.selected for one in drawn)
