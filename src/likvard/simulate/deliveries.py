"""The synthetic country as ordinary readings, one for each subject and school year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

import pyarrow as pa

from likvard.records.reading import Reading
from likvard.simulate import history, money, ratings, register, survey
from likvard.simulate.attendance import TERMS, attendance
from likvard.simulate.grades import grades
from likvard.simulate.matters import matters
from likvard.simulate.national import tests
from likvard.simulate.published import statistics
from likvard.simulate.pupils import enrolments, pupils
from likvard.simulate.settings import GENERATION, Settings
from likvard.simulate.streams import Floats
from likvard.simulate.tables import joined
from likvard.simulate.years import Year, years
from likvard.terms import SchoolYear

Progress = Callable[[int, int], None]
Tables = Mapping[str, pa.Table]
_PARTS_A_YEAR = 10


def _silent(done: int, total: int) -> None:
    """Report progress to nobody."""


def readings(settings: Settings, progress: Progress = _silent) -> Iterator[Reading]:
    """Yield the whole country, ready to deliver: first what is not of a single year, then each school year in turn.

    Sources are `synthetic-history`, `-register`, `-pupils`, `-grades`, `-tests`, `-attendance` (a term at a time),
    `-survey`, `-money`, `-matters` and `-statistics`; the scope is the school year. Last comes `-ratings`, a marking round. Only one year is held in memory.
    The hash is of the settings and the part, so that the same data delivered again are known. `progress` is called
    with parts done and parts in all.
    """
    total = 2 + _PARTS_A_YEAR * settings.years
    span = f"{SchoolYear(settings.first_year)}–{SchoolYear(settings.last_year)}"
    yield _reading(settings, "history", span, _history(settings))
    progress(1, total)
    first: dict[int, Floats] = {}
    pupils: dict[str, int] = {}
    for place, found in enumerate(years(settings)):
        for year in found:
            first.setdefault(year.plan.place.index, money.indexes(year))
        for part, (subject, scope, tables) in enumerate(_parts(settings, found, first), start=1):
            if any(rows.num_rows for rows in tables.values()):
                yield _reading(settings, subject, scope, tables)
            progress(1 + place * _PARTS_A_YEAR + part, total)
        if found[0].year == ratings.marked_year(settings):
            pupils = ratings.counted(found)
    yield _reading(settings, "ratings", str(ratings.marked_year(settings)), ratings.tables(settings, pupils))
    progress(total, total)


def _history(settings: Settings) -> Tables:
    return {
        "unit_lineage": history.lineage(settings),
        "principal_spell": history.principals(settings),
        "area_shape": history.outlines(settings),
        "measure": history.measures(),
    }


def _parts(settings: Settings, found: list[Year], first: Mapping[int, Floats]) -> Iterator[tuple[str, str, Tables]]:
    """The parts of a school year: subject, scope and tables. Each is made when it is asked for."""
    scope = str(SchoolYear(found[0].year))

    def each(name: str, make: Callable[[Year], pa.Table]) -> pa.Table:
        return joined(name, [make(year) for year in found])

    yield "register", scope, {"organiser": register.organisers(found), "unit": register.units(found)}
    yield "pupils", scope, {"pupil": each("pupil", pupils), "enrolment": each("enrolment", enrolments)}
    yield "grades", scope, {"grade": each("grade", lambda year: grades(settings, year))}
    yield "tests", scope, {"national_test": each("national_test", lambda year: tests(settings, year))}
    for term in TERMS:
        rows = joined("attendance", [attendance(settings, year, term) for year in found])
        yield "attendance", f"{scope} {term}", {"attendance": rows}
        del rows  # the largest table: it is not kept while the next is made
    answers, rounds = survey.surveys(settings, found)
    yield "survey", scope, {"survey_answer": answers}
    yield "money", scope, {"money": each("money", lambda y: money.money(settings, y, first[y.plan.place.index]))}
    yield "matters", scope, {"matter_count": each("matter_count", lambda year: matters(settings, year))}
    yield "statistics", scope, {"statistic": statistics(settings, found, rounds)}


def _reading(settings: Settings, subject: str, scope: str, tables: Tables) -> Reading:
    source = f"synthetic-{subject}"
    return Reading(
        source=source,
        scope=scope,
        vintage=f"generation {GENERATION}, seed {settings.seed}",
        file=f"{source} {scope}",
        reader="simulate",
        sha256=fingerprint(settings, source, scope),
        tables={name: rows for name, rows in tables.items() if rows.num_rows},
        synthetic=True,
    )


def fingerprint(settings: Settings, source: str, scope: str) -> str:
    """The hash of a part: the same settings, part and generation of the simulation give the same rows."""
    return sha256(f"{GENERATION}|{settings!r}|{source}|{scope}".encode()).hexdigest()
