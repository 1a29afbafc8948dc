"""The invented programme of a demo: this school year's is decided and begun, next year's is being prepared."""

from __future__ import annotations

from datetime import date, datetime

from likvard.disclosure.publication import Publication
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision import candidates, protocol
from likvard.site.supervision.actions import programme as actions
from likvard.site.supervision.models import Programme
from likvard.site.supervision.selection import Rule

PLACES, ORGANISERS, BEGUN = 15, 2, 4
SEED_FROM = "Påhittad: numren i en lottodragning"


def fill(lead: User, *, publication: Publication | None, at: datetime) -> list[Programme]:
    """Make the programmes; none if there are some already, or no published result to select by."""
    measures = candidates.measures(publication) if publication else ()
    if publication is None or not measures or Programme.objects.exists():
        return []
    measure = "merit_value" if "merit_value" in measures else measures[0]
    first = day_of(at).year - (day_of(at).month < 7)
    made = [_make(year, measure, lead, publication, at) for year in (first, first + 1)]
    actions.decide(programme=made[0], decision="Programmet följer regeln.", by=lead, at=at)
    rows = list(made[0].selected.all().standing().by_place())
    actions.plan_cases(programme=made[0], selected=rows[:BEGUN], by=lead, at=at)
    return made


def _make(year: int, measure: str, lead: User, publication: Publication, at: datetime) -> Programme:
    programme = actions.make_programme(
        name=f"Tillsyn {year}/{(year + 1) % 100:02}", start=date(year, 7, 1), end=date(year + 1, 6, 30), measure=measure,
        publication=publication, by=lead, at=at,
    )  # fmt: skip
    limit = protocol.first_rule(programme).level_limit
    rule = Rule(seed=f"4 9 17 22 30 31 35, {year}", places=PLACES, organisers=ORGANISERS, level_limit=limit)
    reason = "Nivå väger tyngst. Var femte enhet lottas, så att det går att skatta hur det ser ut i hela landet."
    actions.set_rule(programme=programme, rule=rule, seed_from=SEED_FROM, reason=reason, by=lead, at=at)
    return programme
