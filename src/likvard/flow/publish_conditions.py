"""The conditions of units, from the organisers' own records: attendance, intake, principals, money and matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
from scipy.special import gammaincinv

from likvard.disclosure.cells import Cell, CellKind, Key, Relation
from likvard.disclosure.publication import FigureKey
from likvard.flow import pupils_measured
from likvard.flow.publish_results import Measured, luck_of
from likvard.flow.publish_sheet import Sheet, estimate
from likvard.flow.publish_sums import Layout, Numbers, Sums
from likvard.records.questions import conditions as question
from likvard.records.questions import pupils as answers
from likvard.records.questions.columns import Columns
from likvard.terms import Level

STAFF = "siris_staff"
"""The rule for figures on principals, who are no pupils: those that teachers' figures follow."""

AREAS = {
    "Trygghet": "trygghet",
    "Studiero": "studiero",
    "Stöd": "stod",
    "Stimulans": "stimulans",
    "Elevhälsa": "elevhalsa",
    "Inflytande": "inflytande",
    "Förhindra kränkningar": "forhindra_krankningar",
}
"""Areas of the survey, and how their measures' ids end."""

RESPONDENTS = {"pupils-GR-8": ("", "GR"), "pupils-GR-5": ("_pupils_gr_5", "GR"), "pupils-GY-2": ("_pupils_gy_2", "GY")}
"""Who answers, what it adds to the id of a measure, and the form."""

Place = tuple[str, str, int]
"""A unit, a form of schooling and a year."""


@dataclass(frozen=True, eq=False)
class Counted:
    """Matters of one kind and form by organiser: unit, year, how many, and the pupils they are told against."""

    measure: str
    form: str
    rows: Mapping[str, Sequence[tuple[str, int, float, float]]]


@dataclass(frozen=True, eq=False)
class Conditions:
    """What there is to ask for: sums over pupils, matters, and cells that no sum ties, by organiser."""

    sums: tuple[Measured, ...] = ()
    counted: tuple[Counted, ...] = ()
    plain: Mapping[str, Sequence[Cell]] = field(default_factory=dict)

    def ask(self, sheet: Sheet) -> None:
        """Add matters and plain cells of the sheet's organiser."""
        for counted in self.counted:
            _matters(sheet, counted)
        sheet.cells += self.plain.get(sheet.organiser, ())


def conditions(con: duckdb.DuckDBPyConnection, owner: Mapping[str, str], published: frozenset[str]) -> Conditions:
    """Ask the lake for everything it holds of units' conditions. What is `published` of intake and survey is left out."""
    intake = question.intake(con)
    places = zip(intake["unit"], intake["form"], intake["year"], intake["pupils"], strict=True)
    pupils = {(str(u), str(f), int(y)): float(n) for u, f, y, n in places}
    plain: dict[str, list[Cell]] = defaultdict(list)
    for number, cell in (*_principals(con, owner), *_money(con, owner, pupils), *_survey(con, owner, published)):
        plain[number].append(cell)
    sums = (*_attendance(con, owner), *_intake(intake, owner, published), *_plans(con, owner, pupils))
    return Conditions(sums, tuple(_counted(con, owner, pupils)), plain)


def _by_form(rows: Columns) -> Iterator[tuple[str, Columns]]:
    for form in np.unique(rows["form"].astype(str)).tolist():
        here = rows["form"] == form
        yield form, {name: column[here] for name, column in rows.items()}


def _sums(
    rows: Columns,
    owner: Mapping[str, str],
    measure: str,
    form: str,
    kind: CellKind,
    make: Callable[[Layout], tuple[Numbers, Numbers, Numbers]],
) -> Measured:
    layout = Layout.of(rows, owner)
    ceiling = 1.0 if kind is CellKind.MEAN else None
    sums = Sums(
        measure, "", form, kind, ceiling, layout.unit, layout.years, *make(layout), layout.places, by_group=False
    )
    return Measured(sums, luck_of(sums))


def _attendance(con: duckdb.DuckDBPyConnection, owner: Mapping[str, str]) -> Iterator[Measured]:
    """Pupils who miss much, and how much is missed. The organiser's mean weighs each unit by its pupils."""
    for form, rows in _by_form(question.attendance(con)):

        def absent(layout: Layout, rows: Columns = rows) -> tuple[Numbers, Numbers, Numbers]:
            n, total = layout.dense(rows, "n", "absent")
            return n, total, total

        yield _sums(rows, owner, "share_absent", form, CellKind.SHARE, absent)
        for measure, column in (("absence_share", "missed"), ("absence_unauthorised_share", "unauthorised")):

            def missed(layout: Layout, rows: Columns = rows, column: str = column) -> tuple[Numbers, Numbers, Numbers]:
                n, value, spread = layout.dense(rows, "n", column, f"{column}_spread")
                return n, n * value, n * value**2 + spread

            yield _sums(rows, owner, measure, form, CellKind.MEAN, missed)


INTAKE = {
    "share_parents_tertiary": "tertiary",
    "share_foreign_background": "foreign",
    "share_girls": "girls",
}


def _intake(rows: Columns, owner: Mapping[str, str], published: frozenset[str]) -> Iterator[Measured]:
    """Shares of pupils by background, where no source publishes them."""
    for form, every in _by_form(rows):
        for measure, column in INTAKE.items():
            here = every[f"{column}_n"] > 0
            known = {name: values[here] for name, values in every.items()}
            if measure in published or not here.any() or form not in ("GR", "GY"):
                continue

            def reached(
                layout: Layout, rows: Columns = known, column: str = column
            ) -> tuple[Numbers, Numbers, Numbers]:
                n, total = layout.dense(rows, f"{column}_n", f"{column}_total")
                return n, total, total

            yield _sums(known, owner, measure, form, CellKind.SHARE, reached)


def _plans(
    con: duckdb.DuckDBPyConnection, owner: Mapping[str, str], pupils: Mapping[Place, float]
) -> Iterator[Measured]:
    """Shares of pupils with a support plan."""
    for form, rows in _by_form(question.matters(con, "support_plan")):
        pairs = zip(rows["unit"], rows["year"], strict=True)
        n = np.array([pupils.get((str(u), form, int(y)), 0.0) for u, y in pairs])
        fits = (n > 0) & (rows["n"] <= n)
        if not fits.any():
            continue
        known = {name: column[fits] for name, column in (rows | {"pupils": n}).items()}

        def reached(layout: Layout, rows: Columns = known) -> tuple[Numbers, Numbers, Numbers]:
            pupils, plans = layout.dense(rows, "pupils", "n")
            return pupils, plans, plans

        yield _sums(known, owner, "support_plan_share", form, CellKind.SHARE, reached)


def _principals(con: duckdb.DuckDBPyConnection, owner: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    """Changes of principal in five years, per unit."""
    rows = question.principal_changes(con)
    for unit, year, changes in zip(rows["unit"], rows["year"], rows["changes"], strict=True):
        key = FigureKey("principal_turnover", area=str(unit), form="", year=str(int(year)))
        yield owner.get(unit, ""), Cell(key, CellKind.ESTIMATE, float(changes), source=STAFF)


def _money(
    con: duckdb.DuckDBPyConnection, owner: Mapping[str, str], pupils: Mapping[Place, float]
) -> Iterator[tuple[str, Cell]]:
    """Crowns per pupil of a calendar year, by the pupils of the school year that ends in it; units and organisers."""
    whole: dict[Place, list[float]] = defaultdict(lambda: [0.0, 0.0])
    rows = question.crowns(con)
    for unit, form, year, crowns in zip(rows["unit"], rows["form"], rows["year"], rows["crowns"], strict=True):
        n, number = pupils.get((unit, form, int(year) - 1), 0.0), owner.get(unit, "")
        if n > 0:
            key = FigureKey("crowns_per_pupil", area=unit, form=form, year=str(int(year)))
            yield number, estimate(key, float(crowns) / n, n=n)
            total = whole[number, form, int(year)]
            total[0], total[1] = total[0] + float(crowns), total[1] + n
    for (number, form, year), (crowns, n) in whole.items():
        if number:
            level = Level.ORGANISER.value
            key = FigureKey("crowns_per_pupil", level=level, area=number, form=form, year=str(year))
            yield number, estimate(key, crowns / n, n=n)


def _survey(
    con: duckdb.DuckDBPyConnection, owner: Mapping[str, str], published: frozenset[str]
) -> Iterator[tuple[str, Cell]]:
    """Indexes of a survey whose answers lie in the lake, where no source publishes them."""
    for area, name in AREAS.items():
        for respondents, (ending, form) in RESPONDENTS.items():
            measure = f"survey_index_{name}{ending}"
            if measure in published:
                continue
            rows = pupils_measured.survey_index(answers.survey_answers(con, area, respondents))
            for unit, year, value, n in zip(rows["unit"], rows["year"], rows["value"], rows["n"], strict=True):
                key = FigureKey(measure, area=str(unit), form=form, year=str(int(year)))
                if np.isfinite(value):
                    yield owner.get(str(unit), ""), Cell(key, CellKind.INDEX, float(value), n=round(n), ceiling=10.0)


def _counted(
    con: duckdb.DuckDBPyConnection, owner: Mapping[str, str], pupils: Mapping[Place, float]
) -> Iterator[Counted]:
    for form, rows in _by_form(question.matters(con, "abuse_report")):
        found: dict[str, list[tuple[str, int, float, float]]] = defaultdict(list)
        for unit, year, n in zip(rows["unit"], rows["year"], rows["n"], strict=True):
            behind = pupils.get((unit, form, int(year)), 0.0)
            if behind > 0:
                found[owner.get(unit, "")].append((str(unit), int(year), float(n), behind))
        yield Counted("abuse_reports_per_1000", form, found)


def _matters(sheet: Sheet, counted: Counted) -> None:
    """Add how many matters there were, tied to the organiser's, and the number per 1,000 pupils derived from it."""
    years: dict[int, list[tuple[str, float, float]]] = defaultdict(list)
    for unit, year, n, pupils in counted.rows.get(sheet.organiser, ()):
        years[year].append((unit, n, pupils))
    for year, rows in sorted(years.items()):
        parts = [_rate(sheet, counted, Level.UNIT, unit, year, n, pupils) for unit, n, pupils in rows]
        whole = sum(n for _, n, _ in rows), sum(pupils for _, _, pupils in rows)
        if sheet.organiser:
            total = _rate(sheet, counted, Level.ORGANISER, sheet.organiser, year, *whole)
            sheet.relations.append(Relation(total, tuple(parts)))


def _rate(sheet: Sheet, counted: Counted, level: Level, area: str, year: int, n: float, pupils: float) -> Key:
    key = FigureKey(counted.measure, level=level.value, area=area, form=counted.form, year=str(year))
    base = key._replace(aspect="counted")
    sheet.cells.append(Cell(base, CellKind.COUNT, n, level=level))
    low, high = poisson(n)
    each = 1000 / pupils
    sheet.derive(estimate(key, n * each, n=pupils, low=low * each, high=high * each), base)
    return base


def poisson(n: float, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a count's mean (Garwood 1936, Biometrika 28: 437)."""
    tail = (1 - level) / 2
    return float(gammaincinv(n, tail)) if n > 0 else 0.0, float(gammaincinv(n + 1, 1 - tail))
