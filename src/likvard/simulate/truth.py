"""The truth behind the synthetic country: what models, intervals and loops are to find."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.special import ndtr

from likvard.rulebook import first_day
from likvard.simulate.climate import DOMAINS, climate, organiser_draw
from likvard.simulate.effects import CLASSES, Effects, effects
from likvard.simulate.money import stale
from likvard.simulate.national import NOISE, RAW_MEAN, RAW_UNIT
from likvard.simulate.people import TERTIARY, cohort
from likvard.simulate.ratings import truth_table
from likvard.simulate.results import (
    SECOND_LANGUAGE,
    background,
    context,
    girls_gap,
    language_share,
    second_language_share,
    tertiary_gap,
)
from likvard.simulate.rolls import Roll
from likvard.simulate.seats import Role
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Flags, Floats, Whole, shares
from likvard.simulate.subjects import CODES, COLUMN, girls, points, thresholds
from likvard.simulate.units import Plan, plan
from likvard.simulate.years import final_roll
from likvard.terms import SchoolYear

_TESTED = ("En", "Ma", "Sv")


@dataclass(frozen=True, slots=True)
class Truth:
    """Tables of what is true. Outcomes: `latent` (merit points before grading), `merit_value`, `points:<subject>`
    (grade points) and `raw:<subject>` (raw score of a national test of year 9, exactly linear in `latent`).

    * `units`: unit, school year, outcome, n, `expected` given intake alone, `effect` of the school beyond that (all
      its parts together), the part of the unit's `context` in the expected, and, for `latent`, the parts: organiser,
      stable, circle, yearly, shock, group, slope. On average over the pupils in year 9 of that year.
    * `organisers`: organiser and its own effect, in latent merit points.
    * `components`: outcome and variance between organisers, units, unit-years, classes, slopes and pupils.
    * `coefficients`: outcome, term, school year and value, of a linear model given the unit's effects.
    * `slopes`: unit and what tertiary-educated parents add there beyond the nation's coefficient.
    * `shocks`: unit, first school year, years and size of what was planted.
    * `links`: the circle: from, to, lag, coefficient; zero for each pair without a link.
    * `domains`: unit, school year, domain and level, and new principals (`turnover`).
    * `allocation`: municipality, whether its socio-economic index is stale, and of which school year it is.
    * `classes`: organiser, quality of its compensatory work, class, stratum of risk, and criteria on each level.
    """

    units: pa.Table
    organisers: pa.Table
    components: pa.Table
    coefficients: pa.Table
    slopes: pa.Table
    shocks: pa.Table
    links: pa.Table
    domains: pa.Table
    allocation: pa.Table
    classes: pa.Table


def truth(settings: Settings) -> Truth:
    """Return the truth of all simulated years. It is worked out from the settings, not from the readings."""
    places = range(settings.municipalities)
    units = [part for index in places for part in _units(settings, index)]
    return Truth(
        units=pa.concat_tables(units),
        organisers=_organisers(settings),
        components=_components(settings),
        coefficients=_coefficients(settings),
        slopes=pa.concat_tables([_slopes(settings, index) for index in places]),
        shocks=pa.concat_tables([_shocks(settings, index) for index in places]),
        links=_links(settings),
        domains=pa.concat_tables([_domains(settings, index) for index in places]),
        allocation=_allocation(settings),
        classes=truth_table(settings),
    )


def write_truth(settings: Settings, path: Path) -> Path:
    """Write each table of the truth as Parquet into the folder `path`, and the settings as JSON; return the folder."""
    found = truth(settings)
    path.mkdir(parents=True, exist_ok=True)
    for part in fields(Truth):
        pq.write_table(getattr(found, part.name), path / f"{part.name}.parquet", compression="zstd")
    (path / "settings.json").write_text(json.dumps({"settings": repr(settings)}, indent=1) + "\n", encoding="utf-8")
    return path


def _units(settings: Settings, index: int) -> Iterator[pa.Table]:
    schools, school = plan(settings, index), effects(settings, index)
    for year in settings.school_years:
        roll = final_roll(schools, cohort(settings, schools, year - 15), year)
        if len(roll):
            yield _unit_year(settings, schools, school, roll, year)


def _unit_year(settings: Settings, schools: Plan, school: Effects, roll: Roll, year: int) -> pa.Table:
    """One table of a municipality and year: every outcome of every unit with year 9."""
    tertiary = roll.education == TERTIARY
    around = context(settings, roll)
    given = settings.results.mean + background(settings, roll, year) + around
    added = school.of_pupils(year, roll.seat, tertiary, roll.group)
    unit, place = np.unique(roll.unit, return_inverse=True)

    def averaged(values: Floats) -> Floats:
        return shares(place, values, len(unit))

    outcomes = {"latent": (given, given + added), **_graded(settings, school, roll, given, added, year)}
    codes = [schools.units[int(u)].code for u in unit]
    parts = {name: averaged(values) for name, values in _parts(school, roll, tertiary, year).items()}
    nothing = {name: pa.nulls(len(unit), pa.float64()) for name in parts}
    return pa.concat_tables(
        [
            pa.table(
                {
                    "unit_code": codes,
                    "school_year": np.full(len(unit), year, np.int16),
                    "outcome": [outcome] * len(unit),
                    "n": np.bincount(place).astype(np.int32),
                    "expected": averaged(without),
                    "effect": averaged(with_school - without),
                    "context": averaged(around),
                    **(parts if outcome == "latent" else nothing),
                }
            )
            for outcome, (without, with_school) in outcomes.items()
        ]
    )


def _parts(school: Effects, roll: Roll, tertiary: Flags, year: int) -> dict[str, Floats]:
    """The parts of a school's effect on each pupil; they add up to `latent`'s effect."""
    t = year - school.start
    by_seat = {
        "organiser": school.organiser[:, t],
        "stable": school.stable,
        "circle": school.circle[:, t],
        "yearly": school.yearly[:, t],
        "shock": school.shock[:, t],
    }
    found = {name: values[roll.seat] for name, values in by_seat.items()}
    found["group"] = school.group[roll.seat, roll.group % CLASSES]
    found["slope"] = school.slope[roll.seat] * tertiary
    return found


def _graded(
    settings: Settings, school: Effects, roll: Roll, given: Floats, added: Floats, year: int
) -> dict[str, tuple[Floats, Floats]]:
    """Expected grade points, merit and raw scores of each pupil, without and with what the school adds.

    Ability and chance are integrated out: a subject's latent result is normal around its expectation, so that the
    chance of each grade is known. Mother tongue, dashes and the choice of the best 16 are left out of the merit.
    """
    unit = settings.results.points_per_unit
    own = np.where(roll.girl, 0.514, -0.486)[:, None] * girls()
    own[:, COLUMN["Sv"]] += SECOND_LANGUAGE * second_language_share(roll)
    without = given[:, None] / unit + own - settings.results.mean / unit
    with_school = without + added[:, None] / unit + school.subject[roll.seat]
    worth = [_points(settings, latent, year) for latent in (without, with_school)]
    found = {f"points:{code}": (worth[0][:, j], worth[1][:, j]) for j, code in enumerate(CODES)}
    for code in _TESTED:
        j = COLUMN[code]
        found[f"raw:{code}"] = (RAW_MEAN + RAW_UNIT * without[:, j], RAW_MEAN + RAW_UNIT * with_school[:, j])
    found["merit_value"] = (_merit(worth[0], roll), _merit(worth[1], roll))
    return found


def _points(settings: Settings, latent: Floats, year: int) -> Floats:
    """Expected grade points when the latent result is normal with the pupil's own ability and the subject's chance."""
    spread = np.sqrt((settings.results.ability / settings.results.points_per_unit) ** 2 + 1)
    steps = np.diff(points("AF", first_day(SchoolYear(year))))
    reached = ndtr((latent[:, :, None] - thresholds()) / spread)
    found: Floats = reached @ steps
    return found


def _merit(worth: Floats, roll: Roll) -> Floats:
    """Expected merit: sixteen subjects, and the modern language as far as pupils like this one take it."""
    always = np.delete(worth, [COLUMN["M1"], COLUMN["ML"]], axis=1).sum(axis=1)
    found: Floats = always + language_share(roll) * worth[:, COLUMN["M1"]]
    return found


def _organisers(settings: Settings) -> pa.Table:
    every = {u.organiser.number: u.organiser for i in range(settings.municipalities) for u in plan(settings, i).units}
    numbers = sorted(every)
    draws = [organiser_draw(settings.seed, every[number], 1)[0] for number in numbers]
    return pa.table({"organiser_number": numbers, "effect": settings.results.organiser * np.array(draws)})


def _components(settings: Settings) -> pa.Table:
    """Variances: those planted, for `latent` and the raw scores, which are linear in it.

    `unit` is what a unit keeps beside its organiser; the circle adds to it and to `unit_year`, more or less.
    """
    results = settings.results
    scale = RAW_UNIT / results.points_per_unit
    latent = {
        "organiser": results.organiser**2,
        "unit": results.unit**2,
        "unit_year": results.unit_year**2,
        "class": results.group**2,
        "slope": results.slope**2,
        "pupil": results.ability**2,
    }
    rows = [("latent", name, value) for name, value in latent.items()]
    for code in _TESTED:
        rows += [(f"raw:{code}", name, value * scale**2) for name, value in latent.items()]
        rows.append((f"raw:{code}", "unit_subject", (results.subject * RAW_UNIT) ** 2))
        rows.append((f"raw:{code}", "subject", (1 + NOISE**2) * RAW_UNIT**2))
    return _rows(("outcome", "component", "variance"), rows)


def _coefficients(settings: Settings) -> pa.Table:
    """What a linear model of `latent` and of raw scores should find, given the units' effects."""
    results = settings.results
    scale = RAW_UNIT / results.points_per_unit
    rows = []
    for year in settings.school_years:
        terms = {
            "girl": girls_gap(results, settings, year),
            "tertiary": tertiary_gap(results, settings, year),
            "compulsory": results.compulsory,
            "foreign": results.foreign,
            "newcomer": results.newcomer,
            "birth_month": results.month,
            "unit_share_tertiary": results.context,
        }
        rows += [("latent", term, year, value) for term, value in terms.items()]
        for code in ("En", "Ma"):
            own = {"girl": RAW_UNIT * float(girls()[COLUMN[code]])}
            rows += [(f"raw:{code}", t, year, scale * value + own.get(t, 0.0)) for t, value in terms.items()]
    return _rows(("outcome", "term", "school_year", "value"), rows)


def _with_year_nine(schools: Plan) -> Whole:
    found: Whole = np.flatnonzero((schools.high == 9) & schools.roles(Role.LOWER, Role.CHOICE))
    return found


def _slopes(settings: Settings, index: int) -> pa.Table:
    schools, school = plan(settings, index), effects(settings, index)
    chosen = set(_with_year_nine(schools).tolist())
    units = {unit.code: unit.seat for unit in schools.units if unit.seat in chosen}
    return pa.table(
        {
            "unit_code": pa.array(units, pa.string()),
            "tertiary": pa.array([float(school.slope[seat]) for seat in units.values()], pa.float64()),
        }
    )


def _shocks(settings: Settings, index: int) -> pa.Table:
    schools, school = plan(settings, index), effects(settings, index)
    rows = []
    for seat in _with_year_nine(schools):
        first = int(school.shocked[seat])
        unit = int(schools.filled(first)[seat]) if first in settings.school_years else -1
        if unit >= 0:
            rows.append((schools.units[unit].code, first, 2, settings.results.shock))
    return _rows(("unit_code", "first_year", "years", "effect"), rows)


def _links(settings: Settings) -> pa.Table:
    """Every pair of domains a year apart, those without a link too; turnover; and what domains do to results."""
    circle = settings.circle
    planted = {(source, target): value for source, target, value in circle.links}
    rows = [(s, t, 1, planted.get((s, t), 0.0)) for s in (*DOMAINS, "turnover") for t in DOMAINS]
    to_turnover, to_results = dict(circle.turnover_links), dict(circle.result_links)
    rows += [(s, "turnover", 1, to_turnover.get(s, 0.0)) for s in DOMAINS]
    rows += [(s, "results", 1, to_results.get(s, 0.0)) for s in DOMAINS]
    return _rows(("from", "to", "lag", "coefficient"), rows)


def _domains(settings: Settings, index: int) -> pa.Table:
    schools, around = plan(settings, index), climate(settings, index)
    parts = []
    for year in settings.school_years:
        filled = schools.filled(year)
        seat = np.flatnonzero(filled >= 0)
        codes = [schools.units[int(filled[s])].code for s in seat]
        levels = around.at(year)[seat]
        turnover = around.turnover[seat, year - around.start].astype(float)
        for name, values in [*zip(DOMAINS, levels.T, strict=True), ("turnover", turnover)]:
            years, names = np.full(len(seat), year, np.int16), [name] * len(seat)
            parts.append(pa.table({"unit_code": codes, "school_year": years, "domain": names, "value": values}))
    return pa.concat_tables(parts)


def _allocation(settings: Settings) -> pa.Table:
    places = [plan(settings, index).place for index in range(settings.municipalities)]
    old = [stale(settings, place.index) for place in places]
    since = [settings.first_year if is_old else None for is_old in old]
    codes = [place.code for place in places]
    return pa.table({"municipality_code": codes, "stale": old, "index_year": pa.array(since, pa.int16())})


_TYPES = {"school_year": pa.int16(), "first_year": pa.int16(), "years": pa.int8(), "lag": pa.int8()}
_NUMBERS = ("variance", "value", "effect", "coefficient")


def _rows(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    types = [_TYPES.get(name, pa.float64() if name in _NUMBERS else pa.string()) for name in names]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})
