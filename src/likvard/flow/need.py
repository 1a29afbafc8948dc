"""The index of need of every unit: from pupils' records to models of who misses the goal, checked on later cohorts.

One model for each goal (eligible for a vocational programme after compulsory school; a diploma from upper secondary school
in three years), fitted to the three newest cohorts whose results are known. Forms whose pupils have not come to a goal yet
are given the chance that the model of compulsory school gives pupils of their background; forms whose pupils have no such
goal have no index, and it is said why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import duckdb
import numpy as np
from numpy.typing import NDArray

from likvard.models import need as model
from likvard.models.calibration import Calibration, stability
from likvard.models.need import Flags, Floats, Index, Ints, NeedModel, Pupils, Sums
from likvard.records.questions import background as question
from likvard.records.questions.columns import Columns
from likvard.terms import ModelError, SchoolForm, Words

Texts = NDArray[np.str_]

VERSION = "1"
"""Raised whenever the same records would give another index."""

COHORTS = 3
"""How many cohorts a model is fitted to, the newest whose results are known."""

YEARS = 5
"""For how many of the newest school years an index is told."""

OLDEST = 5
"""Drift is told for models of at most this age in years."""

LEAST_PUPILS = 200
"""Fewest pupils with known results for a model of the country."""

BANDS = 10


@dataclass(frozen=True, slots=True)
class Goal:
    """What the index is about: its form, how it is called, and the question that tells who missed it.

    `back` is how many years before the result the pupils' background is taken from.
    """

    form: str
    words: Words
    question: Callable[[duckdb.DuckDBPyConnection, int], Columns]
    back: int


GOALS = {
    "GR": Goal(
        "GR",
        Words("behörig till yrkesprogram efter årskurs 9", "eligible for a vocational programme after year 9"),
        question.not_eligible,
        0,
    ),
    "GY": Goal(
        "GY",
        Words("gymnasieexamen inom tre år", "an upper secondary diploma within three years"),
        question.no_diploma,
        2,
    ),
}

APPLIED: Mapping[str, str] = {"GR": "GR", "GY": "GY", "FKLASS": "GR", "FTH": "GR", "FSK": "GR", "SAM": "GR"}
"""Whose goal the pupils of each form are held against."""

BASES: Mapping[str, str] = {"SAM": "GR"}
"""Whose pupils are the 100 of a form that is too small to be a country of its own; of all others the form's own are."""

WITHOUT: Mapping[str, Words] = {
    "GRAN": (
        _adapted := Words(
            "Anpassade skolor har egna kursplaner. Deras elever prövas inte mot målet, och deras behov av stöd är "
            "enskilt: ett index vore missvisande.",
            "Adapted schools have syllabuses of their own. Their pupils are not held against the goal, and their needs are "
            "individual: an index would mislead.",
        )
    ),
    "GYAN": _adapted,
    "SP": Words(
        "Specialskolan är statlig och tar emot elever efter funktionsnedsättning. Den delar inte på en kommuns pengar.",
        "Special schools are the state's and take pupils by disability. They do not share a municipality's money.",
    ),
    "VUX": (
        _adults := Words(
            "Vuxnas mål är deras egna kurser. Föräldrars utbildning säger litet om dem.",
            "Adults' goals are courses of their own. Their parents' education says little of them.",
        )
    ),
    "SFI": _adults,
}
"""Forms without an index, and why."""

_UNKNOWN = [v.levels.index("unknown") if "unknown" in v.levels else -2 for v in question.VARIABLES]
_LEVELS: model.Levels = tuple((v.name, v.levels) for v in question.VARIABLES)
_EDUCATION = [v.name for v in question.VARIABLES].index("parents_education")


@dataclass(frozen=True, eq=False)
class Places:
    """Units of a form in a year, numbered, and their pupils by pattern; `around` is the share of those whose guardians'
    education is known that have post-secondary education, per place (nan where nobody's is known)."""

    unit: Texts
    form: Texts
    year: Ints
    municipality: Texts
    pupils: Pupils

    @cached_property
    def at(self) -> Mapping[tuple[str, str, int], int]:
        """The number of each place by unit, form and year."""
        keys = zip(self.unit.tolist(), self.form.tolist(), self.year.tolist(), strict=True)
        return {key: i for i, key in enumerate(keys)}

    def of(self, form: str, year: int) -> Flags:
        """The places of a form in a year."""
        found: Flags = (self.form == form) & (self.year == year)
        return found


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Pupils whose results are known, by the school year of the result, and how many missed the goal."""

    year: Ints
    pupils: Pupils
    missed: Floats

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The cohorts with enough pupils to say anything."""
        found, place = np.unique(self.year, return_inverse=True)
        n = np.bincount(place, self.pupils.n) if len(found) else np.zeros(0)
        return tuple(int(y) for y, pupils in zip(found, n, strict=True) if pupils >= LEAST_PUPILS / COHORTS)

    def of(self, years: Iterable[int]) -> tuple[Pupils, Floats]:
        """The pupils of some cohorts, and how many missed."""
        chosen = np.isin(self.year, list(years))
        p = self.pupils
        return Pupils(p.levels[chosen], p.around[chosen], p.n[chosen], p.unit[chosen]), self.missed[chosen]

    def until(self, year: int) -> tuple[int, ...]:
        """The newest cohorts up to and with a year."""
        return tuple(y for y in self.years if y <= year)[-COHORTS:]


@dataclass(frozen=True, eq=False)
class YearNeed:
    """One form in one school year: its places (numbers), their index beside the country's, and who it was fitted to.

    `within` is the index by the other form of the model, where it was asked for and could be fitted.
    """

    form: str
    year: int
    cohorts: tuple[int, ...]
    model: NeedModel
    places: Ints
    unit: Texts
    municipality: Texts
    pupils: Floats
    sums: Sums
    whole: Sums
    index: Index
    within: Index | None = None

    @property
    def unseen(self) -> Floats:
        """The share of each place's pupils that the model does not see, or not wholly."""
        return self.sums.unseen / self.pupils

    @cached_property
    def at(self) -> Mapping[str, int]:
        """The row of each unit."""
        return {str(code): i for i, code in enumerate(self.unit.tolist())}

    def together(self, units: Iterable[str]) -> tuple[Index, float, float]:
        """The index of units taken as one, the share of them unseen, and all their pupils."""
        rows = np.array([self.at[code] for code in units], dtype=np.intp)
        found = model.index(self.sums.together(rows), self.whole, self.model.vcov)
        pupils = float(self.pupils[rows].sum())
        return found, float(self.sums.unseen[rows].sum() / pupils), pupils


@dataclass(frozen=True, eq=False)
class FormNeed:
    """What there is to tell of a goal: its models, how earlier ones came true in later cohorts, and how they age.

    `checked` is by cohort, of the model fitted to the cohorts before it. `aged` is by age in years: the model that was the
    newest so long ago, held against the newest cohort.
    """

    goal: Goal
    checked: Mapping[int, Calibration]
    aged: Mapping[int, Calibration]
    between_units: float
    years: Mapping[str, tuple[YearNeed, ...]] = field(default_factory=dict)
    shift: Mapping[tuple[str, int], float] = field(default_factory=dict)

    @property
    def calibration(self) -> Calibration | None:
        """How the newest cohort that could be checked came out; None where there has been one cohort only."""
        return self.checked[max(self.checked)] if self.checked else None


def needs(
    con: duckdb.DuckDBPyConnection, *, unit_effect: bool = False, within: bool = False, years: int = YEARS
) -> tuple[FormNeed, ...]:
    """The index of every unit for each of the newest `years` school years; nothing where the lake has no pupils' records.

    `unit_effect` fits coefficients within units, with the units' effects integrated out (docs/need.md says when to).
    `within` gives the index by that form of the model beside the one that is asked for (`YearNeed.within`).
    """
    span = question.span(con)
    if span is None:
        return ()
    recent = span[1] - years + 1
    first = recent - (COHORTS - 1) - max(goal.back for goal in GOALS.values())
    applied = [form for form in APPLIED if form not in GOALS]
    rows = question.places(con, tuple(GOALS), applied, first, recent)
    if not len(rows["unit"]):
        return ()
    found = _places(rows, question.enrolled(con))
    made = []
    for goal in GOALS.values():
        cohorts = _cohorts(found, goal, goal.question(con, span[0]))
        others = _Models(cohorts, unit_effect=True) if within else None
        made.append(_need(found, goal, _Models(cohorts, unit_effect), others, recent))
    return tuple(one for one in made if one is not None)


def _places(rows: Columns, enrolled: Columns) -> Places:
    place, n = enrolled["place"].astype(np.int64), enrolled["n"].astype(np.float64)
    levels = _levels(enrolled["pattern"])
    around = _around(levels[:, _EDUCATION], n, place, len(rows["unit"]))
    municipality = np.array([code or "" for code in rows["municipality_code"]], dtype=np.str_)
    unit, form = (rows[name].astype(np.str_) for name in ("unit", "form"))
    year = rows["year"].astype(np.int64)
    return Places(unit, form, year, municipality, Pupils(levels, around[place], n, place))


def _levels(pattern: Ints) -> Ints:
    known = pattern >= 0
    return np.where(known[:, None], question.levels(np.maximum(pattern, 0)), -1)


def _around(education: Ints, n: Floats, place: Ints, places: int) -> Floats:
    known = (education >= 0) & (education != _UNKNOWN[_EDUCATION])
    behind = np.bincount(place, np.where(known, n, 0), places)
    high = np.bincount(place, np.where(education == 0, n, 0), places)
    found: Floats = high / np.where(behind > 0, behind, np.nan)
    return found


def _cohorts(places: Places, goal: Goal, rows: Columns) -> Cohorts:
    """The pupils with results, each at the place where the background is taken from; others are left out."""
    around = np.full(len(places.unit), np.nan)
    around[places.pupils.unit] = places.pupils.around
    keys = zip(rows["unit"].tolist(), rows["began"].tolist(), strict=True)
    at = np.array([places.at.get((str(u), goal.form, int(y)), -1) for u, y in keys], dtype=np.int64)
    here = at >= 0
    codes, unit = np.unique(rows["unit"].astype(np.str_), return_inverse=True)
    del codes
    pupils = Pupils(
        _levels(rows["pattern"][here].astype(np.int64)),
        around[at[here]],
        rows["n"][here].astype(np.float64),
        unit[here],
    )
    return Cohorts(rows["year"][here].astype(np.int64), pupils, rows["missed"][here].astype(np.float64))


@dataclass
class _Models:
    """Models by the cohorts that they are fitted to, each fitted once; None where there is nothing to fit."""

    cohorts: Cohorts
    unit_effect: bool
    made: dict[tuple[int, ...], NeedModel | None] = field(default_factory=dict)

    def of(self, years: tuple[int, ...]) -> NeedModel | None:
        if years not in self.made:
            self.made[years] = self._fit(years)
        return self.made[years]

    def _fit(self, years: tuple[int, ...]) -> NeedModel | None:
        pupils, missed = self.cohorts.of(years)
        if pupils.n.sum() < LEAST_PUPILS:
            return None
        try:
            return model.fit_need(_LEVELS, pupils, missed, unit_effect=self.unit_effect)
        except ModelError:
            return None  # nobody or everybody missed the goal: there is no index, as where there are no results


def _need(places: Places, goal: Goal, models: _Models, others: _Models | None, recent: int) -> FormNeed | None:
    cohorts = models.cohorts
    years = {
        form: tuple(_years(places, form, models, others, recent)) for form, of in APPLIED.items() if of == goal.form
    }
    if not any(years.values()):
        return None
    newest = max((y for made in years.values() for y in made), key=lambda y: y.year)
    pupils, missed = cohorts.of(newest.cohorts)
    return FormNeed(
        goal,
        _checked(cohorts, models),
        _aged(cohorts, models),
        model.between_units(newest.model, pupils, missed),
        years,
        {(y.form, y.year): _shift(y, places, pupils) for made in years.values() for y in made},
    )


def _years(places: Places, form: str, models: _Models, others: _Models | None, recent: int) -> Iterable[YearNeed]:
    for year in np.unique(places.year[places.form == form]).tolist():
        fitted = models.cohorts.until(year)
        found = models.of(fitted) if year >= recent and fitted else None
        if found is None:
            continue
        made = _year(places, form, int(year), fitted, found)
        other = None if others is None else others.of(fitted)
        yield made if other is None else replace(made, within=_year(places, form, made.year, fitted, other).index)


def _of(places: Places, form: str, year: int) -> tuple[Ints, Pupils]:
    """The places of a form and year, and their pupils numbered by them. Places lie together: they are sorted so."""
    here = np.flatnonzero(places.of(form, year))
    p = places.pupils
    rows = slice(*np.searchsorted(p.unit, [here[0], here[-1] + 1]).tolist())
    return here, Pupils(p.levels[rows], p.around[rows], p.n[rows], p.unit[rows] - here[0])


def _year(places: Places, form: str, year: int, fitted: tuple[int, ...], found: NeedModel) -> YearNeed:
    here, pupils = _of(places, form, year)
    added = model.sums(found, pupils, len(here), _UNKNOWN)
    whole = _whole(places, form, year, found, added)
    told = model.index(added, whole, found.vcov)
    behind = model.pupils_behind(added, pupils)
    unit, municipality = places.unit[here], places.municipality[here]
    return YearNeed(form, year, fitted, found, here, unit, municipality, behind, added, whole, told)


def _whole(places: Places, form: str, year: int, found: NeedModel, own: Sums) -> Sums:
    """The country's pupils that the form is held against."""
    base = BASES.get(form, form)
    if base == form or not places.of(base, year).any():
        return own.together()
    here, pupils = _of(places, base, year)
    return model.sums(found, pupils, len(here), _UNKNOWN).together()


def _checked(cohorts: Cohorts, models: _Models) -> Mapping[int, Calibration]:
    """Every cohort but the first, under the model of those before it."""
    pairs = ((year, models.of(cohorts.until(year - 1))) for year in cohorts.years[1:])
    tried = {year: _check(found, *cohorts.of([year])) for year, found in pairs if found is not None}
    return {year: found for year, found in tried.items() if found is not None}


def _check(found: NeedModel, pupils: Pupils, missed: Floats) -> Calibration | None:
    """How the model came out in a cohort; None where the cohort cannot tell: nobody missed the goal, or none is seen."""
    try:
        return model.check(found, pupils, missed)
    except ModelError:
        return None


def _aged(cohorts: Cohorts, models: _Models) -> Mapping[int, Calibration]:
    """The newest cohort under models that were the newest one, two … years earlier."""
    if len(cohorts.years) < 2:
        return {}
    newest = cohorts.years[-1]
    pairs = ((age, cohorts.until(newest - age)) for age in range(1, OLDEST + 1))
    fitted = ((age, models.of(years)) for age, years in pairs if years and years[-1] == newest - age)
    tried = {age: _check(found, *cohorts.of([newest])) for age, found in fitted if found is not None}
    return {age: found for age, found in tried.items() if found is not None}


def _shift(year: YearNeed, places: Places, before: Pupils) -> float:
    """How far this year's pupils are from those the newest model was fitted to, as their stability over ten bands of risk."""
    now = _of(places, year.form, year.year)[1]
    then, here = year.model.chance(before), year.model.chance(now)
    seen = np.isfinite(then)
    edges = _edges(then[seen], before.n[seen])
    counts = (
        np.bincount(np.searchsorted(edges, p[np.isfinite(p)]), n[np.isfinite(p)], BANDS)
        for p, n in ((then, before.n), (here, now.n))
    )
    return stability(*counts)


def _edges(values: Floats, weight: Floats) -> Floats:
    """The edges of bands that hold equally many."""
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weight[order]) / weight.sum()
    at = np.searchsorted(upto, np.arange(1, BANDS) / BANDS)
    return np.asarray(values[order][at], dtype=np.float64)


def why_not(form: str) -> Words | None:
    """Why a form has no index; None where it can have one. Raises `ModelError` for a form that is none."""
    if form in APPLIED:
        return None
    if form not in WITHOUT:
        known: Sequence[str] = [f.value for f in SchoolForm]
        raise ModelError(f"{form!r} is no school form.", f"Write one of {', '.join(known)}.")
    return WITHOUT[form]
