"""Schools and organisers by name: what the public start and the list of schools look in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from likvard.figures.measures import swedish_order
from likvard.site.insight import register
from likvard.site.insight.visits import places
from likvard.site.people.models import Organiser, Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """One school or organiser to be found. `told` is everything that a search looks in, in small letters.

    `within` is the organiser's name, for a unit. A unit that is closed has `closed`; one that shares
    its name with another in the same municipality is `alike`, and its number is what tells them apart.
    """

    number: str
    name: str
    kind: str
    within: str
    organiser: str
    municipality: str
    forms: tuple[str, ...]
    grades: str
    closed: bool
    told: str
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What a reader looks for: words, a school form, a municipality, a kind of organiser, and whether closed ones too."""

    words: str = ""
    form: str = ""
    municipality: str = ""
    kind: str = ""
    closed: bool = False

    def finds(self, entry: Entry) -> bool:
        """Whether all of it fits: every word stands somewhere in name, organiser, municipality or number."""
        return (
            (self.closed or not entry.closed)
            and self.form in ("", *entry.forms)
            and self.municipality in ("", entry.municipality)
            and self.kind in ("", entry.kind)
            and all(word in entry.told for word in self.words.casefold().split())
        )


def schools() -> tuple[Entry, ...]:
    """Every school unit, by name as a Swedish reader expects. Never in an order by result."""
    return register.kept("schools", register.version(), _schools)


def organisers() -> tuple[Entry, ...]:
    """Every organiser, by name."""
    return register.kept("organisers", register.version(), _organisers)


def _schools() -> tuple[Entry, ...]:
    rows = list(
        Unit.objects.values_list(
            *("code", "name", "organiser__kind", "organiser__name", "organiser_id", "municipality_code"),
            *("form_codes", "grades", "status"),
        ).order_by()
    )
    names = places(row[5] for row in rows)
    return _sorted(
        Entry(
            code,
            name,
            kind,
            within,
            organiser,
            names.get(municipality, ""),
            tuple(form for form in forms.split("|") if form),
            grades.replace("-", "–"),
            status == Unit.Status.CLOSED,
            f"{name} {within} {names.get(municipality, '')} {code}".casefold(),
        )
        for code, name, kind, within, organiser, municipality, forms, grades, status in rows
    )


def _organisers() -> tuple[Entry, ...]:
    rows = list(Organiser.objects.values_list("number", "name", "kind", "municipality_code", "closed").order_by())
    names = places(row[3] for row in rows)
    return _sorted(
        Entry(
            *(number, name, kind, "", number, names.get(municipality, ""), (), ""),
            closed=closed is not None,
            told=f"{name} {names.get(municipality, '')} {number}".casefold(),
        )
        for number, name, kind, municipality, closed in rows
    )


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    ordered = sorted(entries, key=lambda entry: (swedish_order(entry.name), entry.number))
    named = Counter((entry.name, entry.municipality) for entry in ordered)
    return tuple(
        replace(entry, alike=True) if named[entry.name, entry.municipality] > 1 else entry for entry in ordered
    )
