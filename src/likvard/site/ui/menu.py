"""The menu of each role: at most six words, the same order everywhere, only addresses that exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Item:
    """A word in the menu. `href` may hold `{organiser}` and `{unit}`; `counted` names the count that belongs to it."""

    label: Label
    href: str
    counted: str = ""
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, as far as the frame of the page tells it. Without values: the public.

    `role` is a key of MENUS, `name` stands in the link to the account, `place` is the organisation in at most two
    lines, `organiser` and `unit` fill the addresses of the menu, `counts` tells what waits for this reader.
    """

    role: str = ""
    name: str = ""
    place: tuple[str, ...] = ()
    organiser: str = ""
    unit: str = ""
    counts: Mapping[str, int] | None = None


_OVERVIEW = Item(_("Overview"), "/oversikt/{organiser}/")
_UNITS = Item(_("Schools"), "/skolor/")
_OWN_UNIT = Item(_("My school"), "/skolor/{unit}/")
_RESULTS = Item(_("Results"), "/resultat/{organiser}/")
_CASES = Item(_("Matters"), "/arenden/", "cases")
_OWN_CASES = Item(_("My cases"), "/arenden/", "cases")
_INDICATORS = Item(_("Indicators"), "/matt/")
_DATA = Item(_("Data"), "/data/")
_ABOUT = Item(_("About the figures"), "/om/siffror/")
_ACCESS = Item(_("Accounts and access"), "/administration/")
_DECISIONS = Item(_("Decisions"), "/beslut/")
_RELEASES = Item(_("Press releases"), "/pressmeddelanden/")
_DESK = Item(_("Newsroom"), "/redaktion/")
_ANSWERS = Item(_("Supervision"), "/svar/")
_INSPECTIONS = Item(_("My cases"), "/tillsyn/", "cases")
_PROGRAMME = Item(_("Programme"), "/tillsyn/program/")
_CLOCKS = Item(_("Clocks"), "/tillsyn/klockor/")
_UNIFORMITY = Item(_("Uniformity"), "/tillsyn/enhetlighet/")
_RESOURCES = Item(_("Resources"), "/resurser/{organiser}/")
_RATINGS = Item(_("Assessment"), "/bedomning/")
_REPORT = Item(_("National report"), "/nationell-rapport/")

_ORGANISER = (_OVERVIEW, _UNITS, _RESULTS, _CASES, _ANSWERS, _RESOURCES)
_OFFICER = (_OWN_CASES, _UNITS, _DECISIONS, _INDICATORS, _DATA)

MENUS: Mapping[str, tuple[Item, ...]] = {
    "": (_UNITS, _DECISIONS, _REPORT, _INDICATORS, _DATA, _ABOUT),
    "staff": (_OWN_UNIT, _UNITS, _DECISIONS, _INDICATORS, _ABOUT),
    "principal": (_OWN_UNIT, _RESULTS, _CASES, _ANSWERS, _UNITS, _INDICATORS),
    "pupil_health": (_CASES, _OWN_UNIT, _INDICATORS),
    "organiser_head": _ORGANISER,
    "quality_manager": _ORGANISER,
    "analyst": (_OVERVIEW, _UNITS, _RESULTS, _RESOURCES, _INDICATORS, _DATA),
    "inspector": (_INSPECTIONS, _PROGRAMME, _CLOCKS, _RATINGS, _UNITS, _CASES),
    "lead_inspector": (_INSPECTIONS, _PROGRAMME, _CLOCKS, _RATINGS, _DESK, _UNIFORMITY),
    "beo_officer": _OFFICER,
    "licence_officer": _OFFICER,
    "press_officer": (_DESK, _DECISIONS, _RELEASES, _UNITS, _DATA),
    "administrator": (_ACCESS, _DATA),
}
"""Words of the menu by role (`people.roles.Role`); the empty role is the public."""


def menu(reader: Reader, path: str) -> tuple[Item, ...]:
    """The reader's menu: addresses filled in, counts set, and at most one item marked as where the reader is."""
    items = tuple(_filled(item, reader) for item in MENUS.get(reader.role, MENUS[""]) if _reachable(item, reader))
    here = max((item.href for item in items if path.startswith(item.href)), key=len, default="")
    return tuple(replace(item, current=item.href == here) for item in items)


def _reachable(item: Item, reader: Reader) -> bool:
    return ("{organiser}" not in item.href or bool(reader.organiser)) and (
        "{unit}" not in item.href or bool(reader.unit)
    )


def _filled(item: Item, reader: Reader) -> Item:
    href = item.href.format(organiser=reader.organiser, unit=reader.unit)
    return replace(item, href=href, count=(reader.counts or {}).get(item.counted))
