"""The domains of the vicious circle (Appendix B of the handbook's domain chapter), and what is seen of each.

Every proxy is turned so that more is better, laid on a scale where chance is even, and freed from year and intake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import duckdb
import numpy as np
import numpy.typing as npt

from likvard.flow import pupils_measured
from likvard.models.fay_herriot import Floats
from likvard.models.panel import Proxy
from likvard.records.questions import conditions, domains, published
from likvard.records.questions import pupils as answers
from likvard.records.questions.columns import Columns
from likvard.terms import Words

STEERING, TEACHING, CALM, SUPPORT, HEALTH = "steering", "teaching", "calm", "support", "health"
TURNOVER, RESULTS = "turnover", "results"
DOMAINS = (STEERING, TEACHING, CALM, SUPPORT, HEALTH)

NAMES: Mapping[str, Words] = {
    STEERING: Words("Styrning", "Steering"),
    TEACHING: Words("Undervisning", "Teaching"),
    CALM: Words("Studiero", "Calm"),
    SUPPORT: Words("Särskilt stöd", "Special support"),
    HEALTH: Words("Elevhälsa", "Pupil health"),
    TURNOVER: Words("Rektorsbyten", "New principals"),
    RESULTS: Words("Resultat", "Results"),
}

PROXIES: Mapping[str, tuple[str, Words]] = {
    "steps": (STEERING, Words("dokumenterade steg i kvalitetsarbetet", "documented steps of the quality work")),
    "complaints": (STEERING, Words("klagomål", "complaints")),
    "unreported": (STEERING, Words("lektioner där ingen rapporterat närvaro", "lessons that nobody reported")),
    "survey_teaching": (
        TEACHING,
        Words("enkätens stimulans och inflytande", "the survey on stimulation and influence"),
    ),
    "teachers": (TEACHING, Words("lärare med legitimation och behörighet", "registered and qualified teachers")),
    "survey_calm": (
        CALM,
        Words("enkätens studiero, trygghet och kränkningar", "the survey on calm, safety and abuse"),
    ),
    "abuse": (CALM, Words("anmälda kränkningar", "reports of abuse")),
    "disciplinary": (CALM, Words("disciplinära åtgärder", "disciplinary measures")),
    "survey_support": (SUPPORT, Words("enkätens stöd", "the survey on support")),
    "overdue": (SUPPORT, Words("åtgärdsprogram som inte följts upp i tid", "support plans overdue")),
    "survey_health": (HEALTH, Words("enkätens elevhälsa", "the survey on pupil health")),
    "waiting": (HEALTH, Words("elever som väntar på elevhälsan", "pupils waiting for pupil health")),
    "principals": (TURNOVER, Words("rektorer som har tillträtt", "principals who have begun")),
    "merit": (RESULTS, Words("meritvärde i årskurs 9", "merit value in year 9")),
}

_AREAS = {
    TEACHING: ("Stimulans", "Inflytande"),
    CALM: ("Studiero", "Trygghet", "Förhindra kränkningar"),
    SUPPORT: ("Stöd",),
    HEALTH: ("Elevhälsa",),
}
_SURVEY = {"Stöd": "stod", "Elevhälsa": "elevhalsa", "Förhindra kränkningar": "forhindra_krankningar"}
_RESPONDENTS = {"pupils-GR-8": "", "pupils-GR-5": "_pupils_gr_5", "pupils-GY-2": "_pupils_gy_2"}

STEPS = 6.0
"""Steps of the quality work that are documented in a year."""

ANSWER_SD = 3.0
"""Standard deviation between pupils on an index from 0 to 10, with two questions or more behind it."""

MERIT_SD = 64.0
LESSON = 60.0

_LEAST_PUPILS = 10
"""Fewest pupils of a unit that a rate is made from."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The units and years of a panel, their pupils and what is known of their intake (N, T), and where they lie."""

    units: tuple[str, ...]
    years: tuple[int, ...]
    organisers: tuple[str, ...]
    forms: npt.NDArray[np.str_]
    there: npt.NDArray[np.bool_]
    pupils: Floats
    intake: Floats
    place: Mapping[str, int] = field(default_factory=dict)

    def lay(self, rows: Columns, *names: str) -> tuple[Floats, ...]:
        """Columns of rows with unit and year as units by years, NaN where there is no row. A form must be the unit's."""
        found = tuple(np.full(self.there.shape, np.nan) for _ in names)
        at = np.array([self.place.get(str(u), -1) for u in rows["unit"]], dtype=np.intp)
        year = np.asarray(rows["year"], dtype=np.intp) - self.years[0]
        fits = (at >= 0) & (year >= 0) & (year < len(self.years))
        if "form" in rows:
            fits &= rows["form"].astype(str) == self.forms[at]
        for out, name in zip(found, names, strict=True):
            out[at[fits], year[fits]] = np.asarray(rows[name], dtype=np.float64)[fits]
        return found


def grid(con: duckdb.DuckDBPyConnection, most_years: int = 10) -> Grid:
    """The units of the forms that make the panel, in the newest years of which matters or attendance are known."""
    rows, intake = domains.units(con), conditions.intake(con)
    codes = np.unique(rows["unit"].astype(str))
    last = int(rows["year"].max()) if len(codes) else 0
    first = max(int(rows["year"].min()) if len(codes) else 0, last - most_years + 1)
    place = {str(code): i for i, code in enumerate(codes)}
    forms, organisers = np.empty(len(codes), dtype="<U4"), [""] * len(codes)
    there = np.zeros((len(codes), last - first + 1), dtype=np.bool_)
    for unit, form, year, organiser in zip(rows["unit"], rows["form"], rows["year"], rows["organiser"], strict=True):
        i = place[str(unit)]
        forms[i], organisers[i] = str(form), str(organiser or "")
        if year >= first:
            there[i, int(year) - first] = True
    empty = np.full(there.shape, np.nan)
    made = Grid(
        tuple(place), tuple(range(first, last + 1)), tuple(organisers), forms, there, empty, empty[..., None], place
    )
    rows = intake | {
        name: np.divide(
            intake[f"{name}_total"],
            intake[f"{name}_n"],
            out=np.full(len(intake["unit"]), np.nan),
            where=intake[f"{name}_n"] > 0,
        )
        for name in ("tertiary", "foreign")
    }
    pupils, tertiary, foreign = made.lay(rows, "pupils", "tertiary", "foreign")
    known = np.stack([tertiary, foreign, np.log(np.where(pupils > 0, pupils, np.nan))], axis=-1)
    return Grid(made.units, made.years, made.organisers, forms, there, pupils, known, place)


def proxies(con: duckdb.DuckDBPyConnection, on: Grid, merit: Columns | None) -> tuple[Proxy, ...]:
    """Everything that the lake has of the domains. `merit` has unit, year, value and n; None asks published figures.

    What is seen of fewer than two years, or never varies, is left out.
    """
    found = []
    for name, value, error in _seen(con, on, merit):
        seen = np.isfinite(value) & np.isfinite(error) & on.there
        if seen.any(axis=0).sum() >= 2 and float(np.std(value[seen])) > 0:
            value = _without_intake(np.where(seen, value, np.nan), on)
            exact = PROXIES[name][0] in (TURNOVER, RESULTS)
            found.append(Proxy(name, PROXIES[name][0], value, np.where(seen, error, 0.0), exact))
    return tuple(found)


_Seen = tuple[str, Floats, Floats]


def _seen(con: duckdb.DuckDBPyConnection, on: Grid, merit: Columns | None) -> Iterator[_Seen]:
    yield from _of_matters(con, on)
    yield from _of_lessons(con, on)
    yield from _of_survey(con, on)
    stated = published.statistics(con, ("share_certified_teachers", "merit_value"), level="unit")
    yield _of_teachers(stated, on)
    (began,) = on.lay(domains.principals_began(con), "n")
    yield "principals", began, np.zeros_like(began)
    rows = _stated(stated, "merit_value") if merit is None else merit
    value, n = on.lay(rows, "value", "n")
    yield "merit", value, MERIT_SD**2 / np.where(n >= _LEAST_PUPILS, n, np.nan)


def _of_matters(con: duckdb.DuckDBPyConnection, on: Grid) -> Iterator[_Seen]:
    every = domains.matters(con)

    def count(kind: str) -> Floats:
        here = every["kind"] == kind
        return on.lay({name: column[here] for name, column in every.items()}, "n")[0]

    pupils = np.where(on.pupils >= _LEAST_PUPILS, on.pupils, np.nan)
    missing = np.minimum(count("quality_step_missing"), STEPS)
    if _some_of_all(missing, np.full_like(missing, STEPS)):
        yield _share("steps", missing, np.full_like(missing, STEPS))
    for name, kind in (
        ("complaints", "complaint"),
        ("abuse", "abuse_report"),
        ("disciplinary", "disciplinary_measure"),
        ("waiting", "pupil_health_waiting"),
    ):
        found = count(kind)
        if np.nansum(np.where(np.isfinite(pupils), found, np.nan)) > 0:
            yield name, -np.sqrt((found + 0.375) / pupils), 1 / (4 * pupils)
    plans, overdue = count("support_plan"), count("support_plan_overdue")
    plans = np.where(plans >= np.maximum(overdue, 1), plans, np.nan)
    if _some_of_all(overdue, plans):
        yield _share("overdue", overdue, plans)


def _some_of_all(count: Floats, of: Floats) -> bool:
    """Whether some are counted, and not all: else what is left varies with the unit's size alone."""
    seen = np.isfinite(count) & np.isfinite(of)
    return bool(0 < count[seen].sum() < of[seen].sum())


def _share(name: str, count: Floats, of: Floats) -> _Seen:
    """A share that is better the smaller, with even chance (Anscombe 1948, Biometrika 35: 246): its variance is 1 / (4 n + 2)."""
    return name, -np.arcsin(np.sqrt((count + 0.375) / (of + 0.75))), 1 / (4 * of + 2)


def _of_lessons(con: duckdb.DuckDBPyConnection, on: Grid) -> Iterator[_Seen]:
    scheduled, silent = on.lay(domains.lessons(con), "scheduled", "unreported")
    lessons = silent / LESSON
    if np.nansum(lessons) > 0:
        yield "unreported", -np.log((lessons + 0.5) / scheduled), 1 / (lessons + 0.5)


def _of_teachers(stated: Columns, on: Grid) -> _Seen:
    value, n = on.lay(_stated(stated, "share_certified_teachers"), "value", "n")
    share = np.where(value > 1, value / 100, value)
    mean = float(np.nanmean(share)) if np.isfinite(share).any() else 0.5
    return "teachers", share, mean * (1 - mean) / np.where(n > 0, n, np.nan)


def _stated(rows: Columns, measure: str) -> Columns:
    here = (rows["measure"] == measure) & (rows["status"] == "")
    found = {name: rows[name][here] for name in ("year", "value", "n")}
    return found | {"unit": rows["area_code"][here], "form": rows["school_form"][here]}


def _of_survey(con: duckdb.DuckDBPyConnection, on: Grid) -> Iterator[_Seen]:
    """One proxy a domain: the mean of its areas. What the same pupils' answers share is left to the unknown error."""
    for domain, areas in _AREAS.items():
        found = [_area(con, on, area) for area in areas]
        value = np.mean([v for v, _ in found], axis=0)
        yield f"survey_{domain}", value, np.mean([e for _, e in found], axis=0) / len(found)


def _area(con: duckdb.DuckDBPyConnection, on: Grid, area: str) -> tuple[Floats, Floats]:
    """An area's index from every round, each year's mean of the respondents taken out, weighted by answers."""
    total, weight = np.zeros(on.there.shape), np.zeros(on.there.shape)
    for respondents, ending in _RESPONDENTS.items():
        rows = pupils_measured.survey_index(answers.survey_answers(con, area, respondents))
        if not len(rows["unit"]):
            rows = _published_index(con, f"survey_index_{_SURVEY.get(area, area.lower())}{ending}")
        year = np.asarray(rows["year"], dtype=np.intp) - 1  # a round in spring is of the school year that ends
        value, n = on.lay({"unit": rows["unit"], "year": year, "value": rows["value"], "n": rows["n"]}, "value", "n")
        known = np.isfinite(value) & (n > 0)
        for t in range(value.shape[1]):
            here = known[:, t]
            if here.any():
                total[here, t] += n[here, t] * (value[here, t] - value[here, t].mean())
                weight[here, t] += n[here, t]
    seen = weight > 0
    return (
        np.divide(total, weight, out=np.full(total.shape, np.nan), where=seen),
        np.divide(ANSWER_SD**2 / 2, weight, out=np.full(total.shape, np.nan), where=seen),
    )


def _published_index(con: duckdb.DuckDBPyConnection, measure: str) -> Columns:
    rows = published.statistics(con, (measure,), level="unit", period_kind="calendar_year")
    return _stated(rows, measure)


def _without_intake(value: Floats, on: Grid) -> Floats:
    """What is left when the mean of the form and year, and what goes with the unit's intake, is taken out."""
    seen = np.isfinite(value)
    unit, year = np.nonzero(seen)
    cells = np.char.add(np.char.add(on.forms[unit], "|"), year.astype(str))
    names, cell = np.unique(cells, return_inverse=True)
    known = on.intake[unit, year]
    filled = np.where(np.isfinite(known), known, 0.0)
    design = np.column_stack([filled, ~np.isfinite(known)]).astype(np.float64)
    both = np.column_stack([design, value[unit, year]])
    counts = np.bincount(cell, minlength=len(names))
    for k in range(both.shape[1]):
        both[:, k] -= (np.bincount(cell, both[:, k], minlength=len(names)) / counts)[cell]
    slope = np.linalg.lstsq(both[:, :-1], both[:, -1], rcond=1e-8)[0]
    left = np.full(value.shape, np.nan)
    left[unit, year] = both[:, -1] - both[:, :-1] @ slope
    return left
