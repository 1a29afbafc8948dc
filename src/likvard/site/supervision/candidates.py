"""What a programme selects from: every unit of the country with its released figure, complaints and last visit."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from threading import Lock

from django.db.models import Count, Max

from likvard.disclosure.publication import Publication, Published
from likvard.site.cases.kinds import kinds
from likvard.site.cases.models import Case
from likvard.site.people.models import Organiser, Unit
from likvard.site.supervision.models import Programme, ProgrammeUnit, Visit
from likvard.site.supervision.selection import Candidate, Outcome, Rule, main_form, select
from likvard.terms import Audience

COUNTED_YEARS = 3
"""Complaints are counted over so many years before the first day of the programme."""

NO_RESULTS = "none"
"""Why there is no figure where the publication says nothing: the measure is not worked out for the unit."""

BY_MUNICIPALITY = frozenset({"FSK", "FTH"})
"""Forms that the municipality supervises where the organiser is independent (26 kap. 4 § skollagen)."""

_KEPT = 8


def measures(publication: Publication) -> tuple[str, ...]:
    """The measures that a programme may take results against the expected from: those with a difference for whole units."""
    return publication.values(Audience.PUBLIC, "measure", aspect="difference", subject="", group="all", level="unit")


def rows_of(programme: Programme, publication: Publication) -> Iterator[ProgrammeUnit]:
    """The basis of a programme, not saved: one row for each running unit, with the public's figures.

    The public release is taken, so that anybody can do the selection again.
    """
    figures = _differences(publication, programme.measure)
    counted, visited = complaints(programme.start), visits()
    units = Unit.objects.active().select_related("organiser").order_by("code")
    for unit in units.iterator(chunk_size=2000):
        yield ProgrammeUnit(
            programme=programme,
            unit=unit,
            organiser=unit.organiser,
            county=unit.municipality_code[:2],
            municipality=unit.municipality_code,
            form=main_form(unit.forms),
            complaints=None if counted is None else counted.get(unit.code, 0),
            visited_on=visited.get(unit.code),
            by_municipality=_by_municipality(unit),
            **_figure(figures.get(unit.code)),
        )


def _differences(publication: Publication, measure: str) -> Mapping[str, Published]:
    found = publication.cells(
        Audience.PUBLIC, measure=measure, aspect="difference", subject="", group="all", level="unit"
    )
    return {key.area: cell for key, cell in sorted(found.items(), key=lambda item: item[0].year)}


def _figure(published: Published | None) -> dict[str, float | int | str | None]:
    """The columns of a released figure; one that is not there says why."""
    cell = published.cell if published else None
    if cell is None or cell.value is None:
        return {"missing": cell.missing.value if cell and cell.missing else NO_RESULTS}
    return {"difference": cell.value, "low": cell.low, "high": cell.high, "pupils": cell.n}


def _by_municipality(unit: Unit) -> bool:
    independent = unit.organiser is not None and unit.organiser.kind == Organiser.Kind.INDEPENDENT
    return independent and bool(unit.forms) and BY_MUNICIPALITY.issuperset(unit.forms)


def complaints(before: date) -> Mapping[str, int] | None:
    """Complaints by unit over `COUNTED_YEARS`, from the register of complaints; None where the site keeps no such register."""
    codes = [kind.code for kind in kinds().values() if kind.register == "complaints"]
    if not codes:
        return None
    since = date(before.year - COUNTED_YEARS, before.month, min(before.day, 28))
    found = Case.objects.filter(kind_code__in=codes, unit__isnull=False, opened_at__date__gte=since)
    counted = found.filter(opened_at__date__lt=before).values_list("unit").annotate(n=Count("pk")).order_by()
    return dict(counted)


def visits() -> Mapping[str, date]:
    """The last visit of each unit that this site knows of."""
    done = Visit.objects.filter(done_on__isnull=False)
    of_case = done.filter(unit__isnull=True, inspection__case__unit__isnull=False)
    found = dict(of_case.values_list("inspection__case__unit").annotate(day=Max("done_on")).order_by())
    for code, day in done.filter(unit__isnull=False).values_list("unit").annotate(day=Max("done_on")).order_by():
        found[code] = max(day, found.get(code, day))
    return found


def fingerprint(programme: Programme) -> str:
    """A SHA-256 over the basis: one line for each unit in order of code, as the file of the basis has it."""
    seal = hashlib.sha256()
    for row in lines(programme):
        seal.update((";".join("" if part is None else str(part) for part in row) + "\n").encode())
    return seal.hexdigest()


def lines(programme: Programme) -> Iterator[tuple[object, ...]]:
    """The basis as plain rows: code, organiser, form, difference, why it is missing, complaints, last visit, by municipality."""
    names = ("unit_id", "organiser_id", "form", "difference", "missing", "complaints", "visited_on", "by_municipality")
    return programme.units.order_by("unit_id").values_list(*names).iterator(chunk_size=5000)


_READ: OrderedDict[tuple[int, str], tuple[Candidate, ...]] = OrderedDict()
_LOCK = Lock()


def candidates(programme: Programme) -> tuple[Candidate, ...]:
    """What the rule selects from. Read once per process for each state of the basis, which its fingerprint tells."""
    key = (programme.pk, programme.fingerprint)
    with _LOCK:
        found = _READ.get(key)
    if found is None:
        found = tuple(_candidates(programme))
        with _LOCK:
            _READ[key] = found
            while len(_READ) > _KEPT:
                _READ.popitem(last=False)
    return found


def _candidates(programme: Programme) -> Iterator[Candidate]:
    start = programme.start.year * 12 + programme.start.month
    for code, organiser, form, difference, _missing, counted, visited, excepted in lines(programme):
        if not excepted:
            months = None if visited is None else max(0, start - visited.year * 12 - visited.month)  # type: ignore[attr-defined]
            yield Candidate(code, organiser or "", form, difference, counted, months)  # type: ignore[arg-type]


def outcome(programme: Programme, rule: Rule) -> Outcome:
    """What a rule gives in a programme; kept while the basis is the same."""
    return _outcome(candidates(programme), programme.fingerprint, rule)


@lru_cache(maxsize=32)
def _outcome(found: tuple[Candidate, ...], seal: str, rule: Rule) -> Outcome:
    return select(found, rule)
