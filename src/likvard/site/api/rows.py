"""From released cells and rows of the register to what is answered, and to CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from likvard.disclosure.publication import FigureKey, Published, SourceRow
from likvard.figures.document import rounded
from likvard.figures.insight.measured import indicator_id
from likvard.indicators import Indicator, PeriodKind
from likvard.indicators import load as load_indicator
from likvard.site.people.models import Lineage, Organiser, Unit
from likvard.terms import SchoolYear, UsageError, Words

Row = dict[str, Any]

FIGURE_COLUMNS = (
    "synthetic", "publication", *FigureKey._fields, "period", "indicator", "kind", "value", "low", "high", "n", "missing",
    "reason_sv", "reason_en", "kept", "source",
)  # fmt: skip
"""The columns of figures as CSV. The first says whether they are invented."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def words(texts: Words) -> dict[str, str]:
    """A text in both languages."""
    return {"sv": texts.sv, "en": texts.en}


def figure(published: Published) -> Row:
    """One figure. A hidden value is null beside the code and the words of its reason."""
    cell = published.cell
    key = FigureKey(*cell.key)
    return {
        **key._asdict(),
        "year": int(key.year) if key.year else None,
        "period": period(defined_by(key.measure, key.subject), key.year),
        "indicator": defined_by(key.measure, key.subject),
        "kind": cell.kind.value,
        "value": rounded(cell.value),
        "low": rounded(cell.low),
        "high": rounded(cell.high),
        "n": cell.n,
        "missing": None if cell.missing is None else cell.missing.value,
        "reason": None if cell.missing is None else words(cell.reason),
        "kept": published.kept,
        "source": cell.source,
    }


@lru_cache(maxsize=1024)
def defined_by(measure: str, subject: str) -> str | None:
    """The id of the indicator that defines a measure, perhaps of one subject; None where there is none."""
    try:
        return load_indicator(indicator_id(measure, subject)).id
    except UsageError:
        return None


@lru_cache(maxsize=4096)
def period(indicator: str | None, year: str) -> str:
    """A year as it is written: `2023/24` where the indicator's year is a school year."""
    of_school = indicator is not None and load_indicator(indicator).period is PeriodKind.SCHOOL_YEAR
    return str(SchoolYear(int(year))) if year and of_school else year


def source(row: SourceRow) -> Row:
    """A source of figures."""
    return {"name": {"sv": row.name_sv, "en": row.name_en}, "vintage": row.vintage, "deliveries": list(row.deliveries)}


def indicator(one: Indicator) -> Row:
    """An indicator and its definition."""
    return {
        "id": one.id,
        "name": words(one.name),
        "unit": words(one.unit),
        "kind": one.kind.value,
        "decimals": one.decimals,
        "direction": one.direction.value,
        "domain": one.domain.value,
        "why": words(one.why),
        "definition": words(one.definition),
        "care": words(one.care),
        "law": list(one.law),
        "source": words(one.source),
        "forms": [form.value for form in one.forms],
        "levels": [level.value for level in one.levels],
        "period": one.period.value,
        "breaks": [{"first": b.first, "about": words(b.about)} for b in one.breaks],
        "checked": {"role": words(one.checked_by.role), "day": one.checked_by.day.isoformat()},
        "next_review": one.next_review.isoformat(),
    }


def organiser(one: Organiser) -> Row:
    """An organiser."""
    return {
        "number": one.number,
        "name": one.name,
        "kind": one.kind,
        "municipality": one.municipality_code,
        "closed": None if one.closed is None else one.closed.isoformat(),
    }


def unit(one: Unit) -> Row:
    """A unit."""
    return {
        "code": one.code,
        "name": one.name,
        "organiser": one.organiser_id,
        "municipality": one.municipality_code,
        "area": one.area,
        "forms": list(one.forms),
        "grades": one.grades,
        "status": one.status,
        "first_year": one.first_year,
        "last_year": one.last_year,
    }


def history(one: Unit) -> Row:
    """A unit's names over the years, and what it continues or is continued by."""
    return {
        "names": [
            {"name": n.name, "from": n.start.isoformat(), "to": None if n.end is None else n.end.isoformat()}
            for n in one.names.all()
        ],
        "continues": [_lineage(tie, tie.predecessor) for tie in one.continues.select_related("predecessor")],
        "continued_by": [_lineage(tie, tie.successor) for tie in one.continued_by.select_related("successor")],
    }


def _lineage(tie: Lineage, other: Unit) -> Row:
    return {
        "unit": other.code,
        "name": other.name,
        "kind": tie.kind,
        "day": None if tie.day is None else tie.day.isoformat(),
        "source": tie.source,
    }


def flat(row: Mapping[str, Any]) -> Row:
    """A row for CSV: texts in two languages become two columns, lists one with spaces, nothing an empty field."""
    found: Row = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{name}_{part}": text for part, text in value.items()}
        elif isinstance(value, list):
            found[name] = " ".join(str(part) for part in value)
        else:
            found[name] = value
    return found


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_field(row.get(column)) for column in columns])
    return out.getvalue()


def _field(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(_FORMULA) else text
