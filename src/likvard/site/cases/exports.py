"""Rows for the lake: how many matters of each kind a unit had in a school year, in the shape of the table `matter_count`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from likvard.site.cases.models import Case
from likvard.site.cases.timing import day_of

SUMMER = 7
"""The school year is counted from 1 July, so that what comes in during the summer belongs to the autumn."""


@dataclass(frozen=True, slots=True)
class MatterCount:
    """A row of `matter_count`. `status` is empty: the count is exact, and small counts are hidden by the gate, not here."""

    unit_code: str
    school_form: str
    school_year: int
    kind: str
    n: int
    status: str = ""


def matter_counts(cases: Iterable[tuple[str, str, datetime, str]]) -> Iterator[MatterCount]:
    """Count cases, given as unit, school form, time of opening and kind, in the order of their keys. Pure.

    A unit without any case of a kind gets no row: the site does not know whether it keeps that register elsewhere.
    """
    counts = Counter((unit, form, _school_year(opened), kind) for unit, form, opened, kind in cases)
    for (unit, form, year, kind), n in sorted(counts.items()):
        yield MatterCount(unit, form, year, kind, n)


def _school_year(opened: datetime) -> int:
    day = day_of(opened)
    return day.year if day.month >= SUMMER else day.year - 1


def rows() -> Iterator[MatterCount]:
    """The site's own counts. Cases about an organiser as a whole, or of an unknown school form, belong to no row."""
    known = Case.objects.filter(unit__isnull=False).exclude(school_form="")
    return matter_counts(
        known.values_list("unit_id", "school_form", "opened_at", "kind_code").iterator(chunk_size=2000)
    )
