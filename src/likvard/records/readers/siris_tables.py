"""From the rows of a SIRIS export to the declared tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from likvard.records.readers import sayings, tables
from likvard.records.readers.findings import Findings
from likvard.records.readers.naming import organiser_group, organiser_kind, school_form_of_title, slug
from likvard.records.readers.siris_reports import COUNT, SEXES, SHARE, TEST_SUBJECTS, Meant
from likvard.records.readers.siris_rows import Layout, Rows
from likvard.records.readers.symbols import SIRIS, Floats, Parsed, counts, parse
from likvard.terms import Level, OrganiserKind, SchoolForm

Period = tuple[str, int]

LAST_YEAR_OF_16 = 2013  # spring 2014; from spring 2015 Skolverket publishes the merit value over 17 subjects


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: what it means, its cells parsed, and how many each rests on (nan: not said)."""

    meant: Meant
    parsed: Parsed
    base: Floats | None


def make(
    layout: Layout, rows: Rows, title: str, period: Period, about: str, extract: str, findings: Findings
) -> Mapping[str, pa.Table]:
    """The tables of one export: `statistic` and `measure`, and for school units also `unit` and `organiser`."""
    form = school_form_of_title(title)
    found = _columns(layout, rows, findings)
    subjects = _subjects(layout, rows, title, findings)
    parts = [part for column in found for part in _statistics(layout, rows, column, subjects, form, period)]
    _check_sums(found, rows, findings)
    made = {"statistic": tables.join("statistic", parts), "measure": _measures(parts, found, layout, about, extract)}
    if layout.units:
        made |= _register(layout, rows, form, period, findings)
    return made


def _columns(layout: Layout, rows: Rows, findings: Findings) -> list[Column]:
    first = {at: parse(rows.columns[at], SIRIS) for at in layout.measures}
    known = {
        (meant.measure, meant.group): counts(first[at])
        for at, meant in layout.measures.items()
        if meant.rule and meant.rule.kind != SHARE
    }
    found: dict[tuple[str, str], Column] = {}
    for at, meant in layout.measures.items():
        base = known.get((meant.base, meant.group))
        share = meant.rule is not None and meant.rule.kind == SHARE
        parsed = parse(rows.columns[at], SIRIS, scale=-2, base=base) if share else first[at]
        if _is_kept(meant, parsed, rows, findings):
            if (meant.measure, meant.group) in found:
                findings.add(sayings.SAME_COLUMN_TWICE.at(column=meant.title, name=meant.title))
            found[meant.measure, meant.group] = Column(meant, parsed, base)
    return list(found.values())


def _is_kept(meant: Meant, parsed: Parsed, rows: Rows, findings: Findings) -> bool:
    """Whether a column can be kept; tells of cells that cannot be read and of values that cannot be."""
    if meant.rule is None:
        if parsed.unreadable:
            findings.add(sayings.LEFT_COLUMN.at(column=meant.title, name=meant.title))
            return False
        findings.add(sayings.UNKNOWN_COLUMN.at(column=meant.title, name=meant.title, measure=meant.measure))
        return True
    for row in parsed.unreadable:
        cell = parsed.raw[row].as_py()[:40]
        findings.add(sayings.UNREADABLE_CELL.at(rows.numbers[row], meant.title, cell=cell))
    _check_range(meant, parsed, rows, findings)
    return True


def _check_range(meant: Meant, parsed: Parsed, rows: Rows, findings: Findings) -> None:
    if meant.rule is None:
        return
    share = meant.rule.kind == SHARE
    most = min(meant.rule.most, 1.0) if share and meant.rule.most > 10 else meant.rule.most
    values = counts(parsed)
    outside = (values < meant.rule.least) | (values > most)
    if meant.rule.kind == COUNT:
        outside |= np.nan_to_num(values) != np.floor(np.nan_to_num(values))
    for row in np.flatnonzero(outside):
        scale = 100 if share else 1
        cell = parsed.raw[int(row)].as_py()
        findings.add(
            sayings.OUT_OF_RANGE.at(
                rows.numbers[row], meant.title, cell=cell, least=meant.rule.least * scale, most=most * scale
            )
        )


def _check_sums(found: Sequence[Column], rows: Rows, findings: Findings) -> None:
    """In every unit with a total, the years of study add up to it; a year without pupils is a point."""
    years = [c.parsed for c in found if c.meant.measure.startswith("pupils_year_") and c.meant.group == "all"]
    totals = [c.parsed for c in found if c.meant.measure == "pupils" and c.meant.group == "all"]
    if len(years) < 9 or not totals:
        return
    total = counts(totals[0])
    added = np.sum([np.nan_to_num(counts(year)) for year in years], axis=0)
    hidden = np.any([np.array(pc.equal(year.status, "few").to_pylist(), dtype=bool) for year in years], axis=0)
    for row in np.flatnonzero(~np.isnan(total) & ~hidden & (added != total)):
        findings.add(sayings.SUM_DIFFERS.at(rows.numbers[row], got=added[row], total=total[row]))


def _statistics(
    layout: Layout, rows: Rows, column: Column, subjects: Mapping[str, np.ndarray], form: SchoolForm, period: Period
) -> list[pa.Table]:
    meant, parsed, base = column.meant, column.parsed, column.base
    kind, year = period
    whole = tables.statistic(
        _by_year(meant.measure, period),
        parsed,
        level=Level.UNIT if layout.units else Level.MUNICIPALITY,
        area_code=rows.columns[layout.code],
        school_form=(meant.rule.form if meant.rule and meant.rule.form else form).value,
        group=_groups(layout, rows, meant.group),
        period_kind=kind,
        year=year,
        n=None if base is None else tables.whole(base),
        _line=rows.numbers,
    )
    if "{subject}" not in meant.measure:
        return [whole]
    return [
        tables.replace(whole.filter(pa.array(chosen)), "measure", meant.measure.replace("{subject}", subject))
        for subject, chosen in subjects.items()
    ]


def _by_year(measure: str, period: Period) -> str:
    """The merit value by the rule of its year, where the column does not say over how many subjects it is."""
    if measure.startswith("merit_value_by_year"):
        return measure.replace("_by_year", "_16" if period[1] <= LAST_YEAR_OF_16 else "")
    return measure


def _groups(layout: Layout, rows: Rows, group: str) -> list[str] | str:
    """The group of each row: the kind of organiser (municipality grain) and the sex, joined by a stroke."""
    kinds = None if layout.units else layout.identity.get("kind")
    sex = layout.identity.get("sex")
    if kinds is None and sex is None:
        return group
    wide = [organiser_group(k) for k in rows.columns[kinds]] if kinds is not None else ["all"] * len(rows.numbers)
    fine = [SEXES.get(s.lower(), slug(s)) for s in rows.columns[sex]] if sex is not None else [group] * len(wide)
    return ["/".join(part for part in pair if part != "all") or "all" for pair in zip(wide, fine, strict=True)]


def _subjects(layout: Layout, rows: Rows, title: str, findings: Findings) -> dict[str, np.ndarray]:
    """For each subject of the tests, which rows are about it: by the column Ämne, or else by the report's title."""
    at = layout.identity.get("subject")
    if at is None:
        named = [code for name, code in TEST_SUBJECTS.items() if title.lower().endswith(f"- {name}")]
        return {named[0] if named else "all": np.ones(len(rows.numbers), dtype=bool)}
    names = np.array(rows.columns[at], dtype=object)
    for row, name in enumerate(rows.columns[at]):
        if name.lower() not in TEST_SUBJECTS:
            findings.add(sayings.UNKNOWN_SUBJECT.at(rows.numbers[row], "Ämne", subject=name[:40]))
    return {TEST_SUBJECTS.get(name.lower(), slug(name)): names == name for name in dict.fromkeys(names)}


def _measures(parts: Sequence[pa.Table], found: Sequence[Column], layout: Layout, about: str, extract: str) -> pa.Table:
    """One row per measure: its column's name as title, and the report's own description."""
    ids = list(dict.fromkeys(part["measure"][0].as_py() for part in parts if part.num_rows))
    stems = {c.meant.measure.partition("{")[0]: c.meant.title for c in reversed(found)}
    split = any(c.meant.group != "all" for c in found) or "sex" in layout.identity
    titles = [next((title for stem, title in stems.items() if i.startswith(stem)), i) for i in ids]
    exact = {c.meant.measure: c.meant.title for c in reversed(found)}
    return tables.fill(
        "measure",
        len(ids),
        {
            "measure": ids,
            "title": [exact.get(i, title) for i, title in zip(ids, titles, strict=True)],
            "about": about,
            "sex_split": split,
            "unit_level": layout.units,
            "published": extract or None,
        },
    )


def _register(layout: Layout, rows: Rows, form: SchoolForm, period: Period, findings: Findings) -> dict[str, pa.Table]:
    def cells(what: str) -> list[str | None]:
        at = layout.identity.get(what)
        return [None] * len(rows.numbers) if at is None else [cell or None for cell in rows.columns[at]]

    names = [name or "" for name in cells("name")]
    if starred := sum(name.endswith("*") for name in names):
        findings.add(sayings.INTERNATIONAL.at(times=starred))
    kinds = [organiser_kind(kind or "") for kind in cells("kind")]
    for row, (kind, given) in enumerate(zip(kinds, cells("kind"), strict=True)):
        if kind is None and given:
            findings.add(sayings.UNKNOWN_KIND.at(rows.numbers[row], "Typ av huvudman", kind=given[:40]))
    units = {
        "unit_code": rows.columns[layout.code],
        "school_year": period[1],
        "name": [name.rstrip("* ") for name in names],
        "school_form": form.value,
        "municipality_code": cells("municipality"),
        "organiser_number": cells("number"),
        "organiser_name": cells("organiser"),
        "organiser_kind": kinds,
    }
    made = tables.fill("unit", len(names), units | {"_line": rows.numbers})
    return {"unit": made, "organiser": _organisers(made, period)}


def _organisers(units: pa.Table, period: Period) -> pa.Table:
    """One row per organisation number. A municipal organiser's own municipality is where most of its units lie."""
    seen: dict[str, tuple[str, str]] = {}
    places: dict[str, Counter[str]] = {}
    for unit in units.select(["organiser_number", "organiser_name", "organiser_kind", "municipality_code"]).to_pylist():
        number, kind = unit["organiser_number"], unit["organiser_kind"]
        if number and kind:
            seen.setdefault(number, (unit["organiser_name"] or number, kind))
            places.setdefault(number, Counter())[unit["municipality_code"] or ""] += 1
    own = [
        places[number].most_common(1)[0][0] or None if kind == OrganiserKind.MUNICIPAL else None
        for number, (_, kind) in seen.items()
    ]
    columns: dict[str, tables.Cells] = {
        "organiser_number": list(seen),
        "school_year": period[1],
        "name": [name for name, _ in seen.values()],
        "kind": [kind for _, kind in seen.values()],
        "municipality_code": own,
    }
    return tables.fill("organiser", len(seen), columns)
