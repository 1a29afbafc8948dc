"""Examples of the addresses of rounds: Ekvik's that is out for views, its decided one, Lärkan's draft, and none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from likvard.allocation.round import Rule
from likvard.allocation.round import Unit as Basis
from likvard.site.resources import actions
from likvard.site.resources.actions.using import Plan
from likvard.site.resources.basis import Seen, Taken
from likvard.site.resources.models import Round
from likvard.terms import OrganiserKind

Variants = Mapping[str, Mapping[str, Any]]
AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
RULE = Rule(frame=40_000_000, share=0.1)


def _taken(*units: Any) -> Taken:
    kinds = {"municipal": OrganiserKind.MUNICIPAL, "independent": OrganiserKind.INDEPENDENT}
    basis = tuple(
        Basis(code=u.code, name=u.name, pupils=200.0 + n, need=90.0 + 10 * n, organiser_kind=kinds[u.organiser.kind])
        for n, u in enumerate(units)
    )
    return Taken(basis, (), {}, "", None, synthetic=True, of_year=2024)


def _round(organiser: Any, year: int, by: Any, at: datetime, taken: Taken) -> Round:
    return actions.open_round(
        organiser=organiser, year=year, form="GR", body="Nämnden", rule=RULE, taken=taken, by=by, at=at
    )


def _rounds(cast: Any, places: Any) -> dict[str, Round]:
    """The three rounds, made once."""
    known = {round.slug + round.organiser_id: round for round in Round.objects.all()}
    if not known:
        taken = _taken(places.björk, places.gran, places.lärkskolan)
        own = _round(places.ekvik, 2026, cast.kim, AT, taken)
        actions.send_out(round=own, until=date(2099, 1, 1), by=cast.kim, at=AT)
        actions.give_view(round=own, unit=places.björk, text="Mer", by=cast.rut, at=AT)
        past = _round(places.ekvik, 2025, cast.kim, AT - 60 * DAY, taken)
        past = actions.send_out(round=past, until=(AT - 40 * DAY).date(), by=cast.kim, at=AT - 50 * DAY)
        past = actions.decide(round=past, reason="Ja", by=cast.harald, at=AT - 30 * DAY)
        plan = Plan(places.björk, 9, "Lärare", "merit_value", "up", "Mer", (AT - 9 * DAY).date())
        actions.plan(round=past, plan=plan, baseline=Seen(), by=cast.kim, at=AT - 20 * DAY)
        _round(places.lärkan, 2026, cast.other_harald, AT, _taken(places.lärkskolan))
        known = {round.slug + round.organiser_id: round for round in Round.objects.all()}
    return {
        "own": known["2026" + places.ekvik.number],
        "decided": known["2025" + places.ekvik.number],
        "other": known["2026" + places.lärkan.number],
    }


def a_round(**more: Any) -> Callable[[Any, Any], Variants]:
    """A page of a round: out for views, decided, another organiser's draft, none."""

    def make(cast: Any, places: Any) -> Variants:
        found = {
            name: {"number": round.organiser_id, "slug": round.slug, **more}
            for name, round in _rounds(cast, places).items()
        }
        return {**found, "none": {"number": places.ekvik.number, "slug": "1999", **more}}

    return make


def of_unit(cast: Any, places: Any) -> Variants:
    """The view of a school in the round that is out: Björkskolan, the independent one, and one that is not in it."""
    round = _rounds(cast, places)["own"]
    codes = {"own": places.björk.code, "other": places.lärkskolan.code, "none": "99999999"}
    return {name: {"number": round.organiser_id, "slug": round.slug, "code": code} for name, code in codes.items()}


def a_view(cast: Any, places: Any) -> Variants:
    """A view to answer, and none."""
    round = _rounds(cast, places)["own"]
    here = {"number": round.organiser_id, "slug": round.slug}
    return {"own": {**here, "pk": round.newest.views.get().pk}, "none": {**here, "pk": 0}}


def a_use(cast: Any, places: Any) -> Variants:
    """A use to look at, and none."""
    round = _rounds(cast, places)["decided"]
    here = {"number": round.organiser_id, "slug": round.slug}
    return {"own": {**here, "pk": round.uses.get().pk}, "none": {**here, "pk": 0}}


def an_organiser(cast: Any, places: Any) -> Variants:
    """An organiser's rounds."""
    numbers = {"own": places.ekvik.number, "other": places.lärkan.number, "none": "0000000000"}
    return {variant: {"number": number} for variant, number in numbers.items()}


_PAGES = (
    "round", "try", "refresh", "grounds", "reasons", "views", "hear", "rework", "drop", "decide", "uses", "plan", "pdf", "csv",
    "json",
)  # fmt: skip

EXAMPLES: Mapping[str, Callable[[Any, Any], Variants]] = {
    "resources_rounds": lambda _cast, _places: {"": {}},
    "resources_home": an_organiser,
    "resources_new": an_organiser,
    **{f"resources_{name}": a_round() for name in _PAGES},
    "resources_version": a_round(version=1),
    "resources_give_view": of_unit,
    "resources_answer": a_view,
    "resources_settle": a_use,
}
