"""The register of organisers and units, as the lake has it, in the site's tables. What is gone is closed, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import models, transaction
from django.utils import timezone

from likvard.flow.register import Register, UnitRow
from likvard.site.audit import events
from likvard.site.people.models import Lineage, Organiser, Unit, UnitName

_BATCH = 200  # rows in one statement: SQLite takes at most 32 766 values


@transaction.atomic
def sync(register: Register, at: datetime) -> dict[str, int]:
    """Take a register into the tables; return how many rows of each kind were added or changed.

    The same register a second time changes nothing and leaves no event. Units and organisers that the register does not
    name any more are closed; lineage that somebody has written stays.
    """
    changed = {
        "organisers": _take(Organiser, "number", _organisers(register)),
        "organisers_closed": _close_organisers(register, timezone.localdate(at)),
        "units": _take(Unit, "code", _units(register)),
        "units_closed": _close_units(register),
        "names": _take_names(register),
        "lineage": _take_lineage(register),
    }
    if any(changed.values()):
        events.record(at=at, actor=None, what="register.synced", data=changed)
    return changed


def _take(model: type[models.Model], key: str, rows: Iterable[models.Model]) -> int:
    fields = [f.attname for f in model._meta.concrete_fields if f.attname not in (key, "area")]
    known = {row.pk: row for row in model._default_manager.all()}
    fresh = [row for row in rows if row.pk not in known or _differs(row, known[row.pk], fields)]
    names = [model._meta.get_field(name).name for name in fields]
    model._default_manager.bulk_create(fresh, _BATCH, update_conflicts=True, unique_fields=[key], update_fields=names)
    return len(fresh)


def _differs(a: models.Model, b: models.Model, fields: Iterable[str]) -> bool:
    return any(getattr(a, name) != getattr(b, name) for name in fields)


def _organisers(register: Register) -> Iterator[Organiser]:
    for row in register.organisers:
        kind = row.kind if row.kind in Organiser.Kind.values else Organiser.Kind.INDEPENDENT
        yield Organiser(number=row.number, name=row.name, kind=kind, municipality_code=row.municipality_code)


def _units(register: Register) -> Iterator[Unit]:
    numbers = {row.number for row in register.organisers}
    for row in register.units:
        unit = Unit(
            code=row.code,
            name=row.name,
            organiser_id=row.organiser if row.organiser in numbers else None,
            municipality_code=row.municipality_code,
            grades=row.grades,
            status=row.status if row.status in Unit.Status.values else Unit.Status.ACTIVE,
            first_year=row.first_year,
            last_year=row.last_year,
        )
        unit.forms = row.forms
        yield unit


def _close_organisers(register: Register, on: date) -> int:
    here = {row.number for row in register.organisers}
    gone = [n for n in Organiser.objects.filter(closed=None).values_list("number", flat=True) if n not in here]
    return Organiser.objects.filter(number__in=gone).update(closed=on)


def _close_units(register: Register) -> int:
    here = {row.code for row in register.units}
    gone = [code for code in Unit.objects.active().values_list("code", flat=True) if code not in here]
    return Unit.objects.filter(code__in=gone).update(status=Unit.Status.CLOSED)


def _take_names(register: Register) -> int:
    """Names are a mirror of the register: those of a unit are written anew if any of them differs."""
    known: dict[str, list[tuple[str, date, date | None]]] = {}
    for row in UnitName.objects.order_by("unit", "start"):
        known.setdefault(row.unit_id, []).append((row.name, row.start, row.end))
    wanted = {row.code: list(_periods(row)) for row in register.units}
    stale = [code for code, names in wanted.items() if names != known.get(code, [])]
    UnitName.objects.filter(unit_id__in=stale).delete()
    rows = [
        UnitName(unit_id=code, name=name, start=start, end=end) for code in stale for name, start, end in wanted[code]
    ]
    UnitName.objects.bulk_create(rows, _BATCH)
    return len(rows)


def _periods(row: UnitRow) -> Iterator[tuple[str, date, date | None]]:
    """Each name with its first and last day; a school year begins on 1 July. The last name of a unit still holds.

    Sources write a name in several ways in the same year: of those that begin together the one that lasted longest counts.
    """
    begun = {name.first_year: name for name in sorted(row.names, key=lambda name: (name.first_year, name.last_year))}
    names = list(begun.values())
    for name, following in zip(names, [*names, None][1:], strict=True):
        end = date(following.first_year, 6, 30) if following else None
        yield name.name, date(name.first_year, 7, 1), end


def _take_lineage(register: Register) -> int:
    codes = set(Unit.objects.values_list("code", flat=True))
    known = {(row.predecessor_id, row.successor_id): row for row in Lineage.objects.all()}
    fresh = []
    for row in register.lineage:
        link = Lineage(
            predecessor_id=row.predecessor, successor_id=row.successor, kind=row.kind, day=row.on, source=row.source
        )
        old = known.get((row.predecessor, row.successor))
        same = old is not None and not _differs(link, old, ("kind", "day", "source"))
        if not same and {row.predecessor, row.successor} <= codes and row.predecessor != row.successor:
            fresh.append(link)
    Lineage.objects.bulk_create(
        fresh,
        _BATCH,
        update_conflicts=True,
        unique_fields=["predecessor", "successor"],
        update_fields=["kind", "day", "source"],
    )
    return len(fresh)
