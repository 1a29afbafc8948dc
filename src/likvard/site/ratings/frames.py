"""The frame of a round: every organiser of the country with its risk, pupils and units, and the rows that the estimate takes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from likvard.disclosure.publication import Publication
from likvard.flow.national import Frame
from likvard.site.people.models import Organiser, Unit
from likvard.site.ratings.drawing import Candidate
from likvard.site.ratings.models import Framed, Round
from likvard.terms import Audience

MEASURES: Mapping[str, int] = {
    "need_index": 1,
    "share_absent": 1,
    "merit_value": -1,
    "share_all_subjects_year_9": -1,
    "share_eligible_vocational": -1,
}
"""Measures that a round may be drawn by, and whether a higher value is more (1) or less (-1) reason to look."""

COUNTED = "pupils"


def measures(publication: Publication | None) -> tuple[str, ...]:
    """The measures of organisers that the publication has and a round may be drawn by."""
    if publication is None:
        return ()
    had = publication.values(Audience.PUBLIC, "measure", aspect="observed", level="organiser", group="all", subject="")
    return tuple(measure for measure in MEASURES if measure in had)


def candidates(publication: Publication | None, measure: str) -> list[Candidate]:
    """Every running organiser with a school, with the public's newest figure of it as risk. None: nothing is known of it.

    An organiser of several school forms has a figure for each: its risk is their mean over the pupils that they rest on.
    """
    figures = _newest(publication, measure, "organiser") if publication and measure else {}
    risk = {number: _over_forms(of_forms) for number, of_forms in figures.items()}
    pupils, sign = pupils_of(publication), MEASURES.get(measure, 1)
    running = Organiser.objects.filter(closed__isnull=True, pk__in=units_of()).order_by("number")
    return [
        Candidate(one.number, one.kind, sign * risk[one.number] if one.number in risk else None, pupils.get(one.number))
        for one in running
    ]


def units_of() -> Mapping[str, int]:
    """How many running units each organiser has."""
    return Counter(Unit.objects.active().exclude(organiser=None).values_list("organiser_id", flat=True))


def pupils_of(publication: Publication | None) -> Mapping[str, int]:
    """Pupils of each organiser, from the newest released figures of its units; organisers without any are not there."""
    if publication is None:
        return {}
    owners = dict(Unit.objects.exclude(organiser=None).values_list("code", "organiser_id"))
    found: Counter[str] = Counter()
    for code, of_forms in _newest(publication, COUNTED, "unit").items():
        if code in owners:
            found[owners[code]] += round(sum(value for value, _n in of_forms))
    return found


def _newest(publication: Publication, measure: str, level: str) -> dict[str, list[tuple[float, int]]]:
    """The figures of each place in the newest year that it has any, one for each of its school forms, with what they rest on."""
    cells = publication.cells(Audience.PUBLIC, measure=measure, aspect="observed", subject="", group="all", level=level)
    found: dict[str, dict[str, list[tuple[float, int]]]] = {}
    for key, shown in cells.items():
        if shown.cell.value is not None:
            found.setdefault(key.area, {}).setdefault(key.year, []).append((shown.cell.value, shown.cell.n or 1))
    return {area: of_years[max(of_years)] for area, of_years in found.items()}


def _over_forms(figures: Sequence[tuple[float, int]]) -> float:
    return sum(value * n for value, n in figures) / sum(n for _value, n in figures)


def fingerprint(round: Round) -> str:
    """A SHA-256 over the frame: one line for each organiser in order of number."""
    names = ("organiser_id", "kind", "risk", "pupils", "units", "stratum", "probability", "selected")
    rows = Framed.objects.filter(round=round).order_by("organiser_id").values_list(*names)
    lines = (";".join("" if part is None else str(part) for part in row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def frame_of(round: Round) -> list[Frame]:
    """The frame of a round as the estimate takes it. An organiser whose pupils are not known counts as the middle of its kind."""
    rows = list(Framed.objects.filter(round=round).order_by("organiser_id"))
    known: dict[str, list[int]] = {}
    for row in rows:
        known.setdefault(row.kind, []).extend([row.pupils] if row.pupils is not None else [])
    middle = {kind: round_half(median(found)) if found else 0 for kind, found in known.items()}
    return [
        Frame(
            row.organiser_id, row.stratum, row.probability, row.pupils if row.pupils is not None else middle[row.kind],
            row.kind, row.units,
        )
        for row in rows
    ]  # fmt: skip


def round_half(value: float) -> int:
    """The nearest whole number, halves up."""
    return int(value + 0.5)
