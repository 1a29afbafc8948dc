"""How far a programme has come: for each unit, organiser and area, never coloured or ordered by a result."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from likvard.figures.measures import swedish_order
from likvard.rulebook import counties, municipalities
from likvard.site.people.models import Organiser, Unit
from likvard.site.supervision.models import Inspection, Programme, ProgrammeUnit
from likvard.site.ui import components
from likvard.site.ui.language import current

T = TypeVar("T", bound=Model)

OF_STATE = {
    "planned": "planned",
    "assigned": "planned",
    "awaiting": "done",
    "follow_up": "done",
    "closed": "done",
}
"""How far an inspection in each state has come; those not named here are under way."""


class Reached(TextChoices):
    """How far the Inspectorate has come with a place. Each has a shape, a word and a colour."""

    NONE = "none", _("not selected")
    SELECTED = "selected", _("selected")
    PLANNED = "planned", _("planned")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("inspected")


ORDER = {state: n for n, state in enumerate(Reached)}
_LOOKS = {
    Reached.NONE: "unreached",
    Reached.SELECTED: "document",
    Reached.PLANNED: "planned",
    Reached.UNDER_WAY: "ongoing",
    Reached.DONE: "done",
}


def badge(state: Reached) -> components.State:
    """The state as shape, word and colour."""
    return components.State(_LOOKS[state], state.label)


@dataclass(frozen=True)
class Progress:
    """What has been reached in the period: the furthest state of each unit and of each organiser as a whole.

    `organisers` counts an organiser as reached also by one of its units. `cases`: the register number of the furthest.
    """

    units: Mapping[str, Reached] = field(default_factory=dict)
    organisers: Mapping[str, Reached] = field(default_factory=dict)

    def codes(self, state: Reached, *, of_units: bool) -> list[str]:
        """The units or organisers in a state."""
        found = self.units if of_units else self.organisers
        return [code for code, reached in found.items() if reached is state]


def progress(programme: Programme) -> Progress:
    """How far each place has come: by inspections begun in the period, whatever led to them, and by what was selected."""
    units: dict[str, int] = {}
    organisers: dict[str, int] = {}
    for unit, organiser, step in _stepped(programme):
        if unit and step > units.get(unit, 0):
            units[unit] = step
        if organiser and step > organisers.get(organiser, 0):
            organisers[organiser] = step
    states = tuple(Reached)
    return Progress(
        {code: states[step] for code, step in units.items()}, {code: states[step] for code, step in organisers.items()}
    )


def _stepped(programme: Programme) -> Iterable[tuple[str | None, str | None, int]]:
    """Unit, organiser and how far, as a place in `Reached`: there are more inspections in a period than a page has time to name."""
    found = Inspection.objects.filter(opened_on__gte=programme.start, opened_on__lte=programme.end)
    found = found.exclude(case__state_code="cancelled").exclude(type="individual").order_by()
    # Those alike are made one here: DISTINCT in the database walks its whole register of cases.
    inspected = set(found.values_list("case__unit_id", "case__organiser_id", "case__state_code"))
    known = {state: ORDER[Reached(reached)] for state, reached in OF_STATE.items()}
    under_way = ORDER[Reached.UNDER_WAY]
    yield from ((unit, organiser, known.get(state, under_way)) for unit, organiser, state in inspected)
    if programme.is_decided:
        chosen = programme.selected.all().standing().order_by().values_list("unit_id", "organiser_id")
        yield from ((unit, organiser, ORDER[Reached.SELECTED]) for unit, organiser in chosen)


@dataclass(frozen=True, slots=True)
class Area:
    """A county or a municipality: how many units and organisers it has, and how far they have come."""

    code: str
    name: str
    units: int
    organisers: int
    states: Mapping[Reached, int]

    @property
    def reached(self) -> int:
        """Units that the period has reached in any way."""
        return sum(n for state, n in self.states.items() if state is not Reached.NONE)

    @property
    def state(self) -> Reached:
        """One word for the area: inspected when all that was reached is, under way once anything is, and so on."""
        had = {state for state, n in self.states.items() if n and state is not Reached.NONE}
        if not had:
            return Reached.NONE
        if had == {Reached.DONE}:
            return Reached.DONE
        return Reached.UNDER_WAY if had & {Reached.DONE, Reached.UNDER_WAY} else max(had, key=lambda s: ORDER[s])

    @property
    def badge(self) -> components.State:
        """Its state as shape, word and colour."""
        return badge(self.state)


def areas(programme: Programme, reached: Progress, county: str = "") -> list[Area]:
    """The counties, in the order of their codes; of one county, its municipalities by name."""
    names = municipality_names(programme) if county else county_names()
    key = "municipality" if county else "county"
    rows = programme.units.filter(county=county) if county else programme.units.all()
    sizes = (
        rows.values_list(key).annotate(units=Count("pk"), organisers=Count("organiser", distinct=True)).order_by(key)
    )
    states = _by_area(rows, key, reached)
    found = [
        Area(code, names.get(code, code or "–"), units, organisers, states[code]) for code, units, organisers in sizes
    ]
    return sorted(found, key=lambda area: swedish_order(area.name)) if county else found


def _by_area(rows: QuerySet[ProgrammeUnit], key: str, reached: Progress) -> Mapping[str, Counter[Reached]]:
    states: dict[str, Counter[Reached]] = defaultdict(Counter)
    # Every unit is read: to name the thousands that have been reached takes longer, in the page and in the database.
    for code, area in rows.order_by().values_list("unit_id", key):
        if code in reached.units:
            states[area][reached.units[code]] += 1
    return states


def by_form(programme: Programme, reached: Progress) -> list[tuple[str, int, Counter[Reached]]]:
    """Each school form with its units and how far they have come: none falls out unseen."""
    sizes = dict(programme.units.values_list("form").annotate(n=Count("pk")).order_by("form"))
    states = _by_area(programme.units.all(), "form", reached)
    return [(form, n, states.get(form, Counter())) for form, n in sizes.items()]


def by_kind(programme: Programme, reached: Progress) -> list[tuple[str, int, Counter[Reached]]]:
    """Each kind of organiser with how many there are and how far they have come."""
    had = dict(organisers_of(programme).order_by().values_list("number", "kind"))
    states: dict[str, Counter[Reached]] = defaultdict(Counter)
    for number, kind in had.items():
        states[kind][reached.organisers.get(number, Reached.NONE)] += 1
    return [(kind, sum(states[kind].values()), states[kind]) for kind in Organiser.Kind.values if kind in states]


def organisers_of(programme: Programme) -> QuerySet[Organiser]:
    """The organisers of a programme: those with a unit in its basis."""
    return Organiser.objects.filter(pk__in=programme.units.values("organiser"))


def county_names() -> dict[str, str]:
    """The counties by code, in the language of the page."""
    return {code: words[current()] for code, words in counties().items()}


def municipality_names(programme: Programme) -> dict[str, str]:
    """The municipalities by code. An invented one, that no rulebook knows, has the name of its organiser."""
    known = municipalities()
    held = Organiser.objects.filter(kind=Organiser.Kind.MUNICIPAL).exclude(municipality_code__in=known)
    return {
        **{code: name.removesuffix(" kommun") for code, name in held.values_list("municipality_code", "name") if code},
        **known,
    }


@dataclass(frozen=True, slots=True)
class Sought:
    """What of a programme is listed: words in the name or a number, county, municipality, school form, kind, state."""

    words: str = ""
    county: str = ""
    municipality: str = ""
    form: str = ""
    kind: str = ""
    state: str = ""


def units(programme: Programme, sought: Sought, reached: Progress) -> QuerySet[ProgrammeUnit]:
    """The units that fit, by county, municipality and name."""
    asked = {"county": sought.county, "municipality": sought.municipality, "form": sought.form}
    given = {name: value for name, value in {**asked, "organiser__kind": sought.kind}.items() if value}
    found = programme.units.filter(**given).select_related("unit", "organiser")
    for word in sought.words.split():
        found = found.filter(unit__in=Unit.objects.filter(_named(word)))
    return _in_state(found, "unit", sought.state, reached.units).order_by(
        "county", "municipality", "unit__name", "unit"
    )


def _named(word: str) -> Q:
    return Q(name__icontains=word) | Q(code=word) | Q(organiser=word) | Q(organiser__name__icontains=word)


def organisers(programme: Programme, sought: Sought, reached: Progress) -> QuerySet[Organiser]:
    """The organisers that fit, by name; by place and form if one of their units does."""
    asked = {"county": sought.county, "municipality": sought.municipality, "form": sought.form}
    given = {name: value for name, value in asked.items() if value}
    found = Organiser.objects.filter(pk__in=programme.units.filter(**given).values("organiser"))
    if sought.kind:
        found = found.filter(kind=sought.kind)
    for word in sought.words.split():
        found = found.filter(Q(name__icontains=word) | Q(number=word))
    return _in_state(found, "pk", sought.state, reached.organisers).order_by("name", "number")


def _in_state(found: QuerySet[T], key: str, state: str, reached: Mapping[str, Reached]) -> QuerySet[T]:
    if state not in Reached.values:
        return found
    if state == Reached.NONE:
        return found.exclude(**{f"{key}__in": list(reached)})
    return found.filter(**{f"{key}__in": [code for code, had in reached.items() if had == state]})
