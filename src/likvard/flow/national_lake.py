"""The national report of a round in the lake: marks and frame as they were delivered, results before and after beside them."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from likvard import __version__
from likvard.disclosure.publication import Publication
from likvard.figures.figure import Figure
from likvard.figures.insight.segregation import chapter
from likvard.figures.report import MadeFrom
from likvard.flow import area, publish
from likvard.flow.national import Frame, Later, Mark, National, estimate
from likvard.records.lake import Lake
from likvard.records.questions import marks as question
from likvard.records.questions.conditions import deliveries_of
from likvard.rulebook import rule
from likvard.rulebook.kinds.rubric import Rubric
from likvard.terms import Audience, UsageError

AFTER = 1
"""Results are taken from the spring a year and a half after the autumn of marking, where the lake has it: what is decided after a
marking needs time."""


@dataclass(frozen=True, slots=True)
class Round:
    """The estimate of a round with what it was made from; `after` is the school year of the later results, if any.

    `segregation` is the chapter on segregation between schools of the lake's newest publication; none where it has none.
    """

    national: National
    rubric: Rubric
    made: MadeFrom
    deliveries: tuple[str, ...]
    after: int | None
    synthetic: bool
    segregation: tuple[Figure, ...] = ()


def of_lake(lake: Path, *, on: date, year: int | None = None, seed: int = 1) -> Round:
    """The estimate of the newest round in the lake, or of that year's.

    The rubric is the version in force in the autumn of the round. Raises `UsageError` where the lake holds no marks, or none of
    that year.
    """
    opened = Lake.open(lake)
    con = opened.connect()
    chosen = _chosen(question.rounds(con), year)
    rubric: Rubric = rule("rubric", date(chosen, 11, 1)).value
    later, after = _later(con, chosen)
    national = estimate(_marks(con, chosen), _frame(con, chosen), rubric, seed=seed, later=later)
    return Round(
        national=national,
        rubric=rubric,
        made=MadeFrom(opened.version, tuple(d.id for d in opened.deliveries()), f"likvard {__version__}", on),
        deliveries=tuple(sorted({*deliveries_of(con, "organiser_mark"), *deliveries_of(con, "organiser_frame")})),
        after=after,
        synthetic=area.synthetic(con),
        segregation=_segregation(lake),
    )


def _segregation(lake: Path) -> tuple[Figure, ...]:
    path = publish.current(lake)
    if path is None:
        return ()
    with closing(Publication.open(path)) as publication:
        return chapter(publication, Audience.PUBLIC)


def _chosen(known: tuple[int, ...], year: int | None) -> int:
    if not known:
        raise UsageError(
            "The lake holds no marks of organisers.",
            "Deliver the tables organiser_frame and organiser_mark, or simulate them.",
        )
    if year is not None and year not in known:
        raise UsageError(f"The lake holds no marks of {year}.", f"It has {', '.join(map(str, known))}.")
    return known[-1] if year is None else year


def _frame(con: duckdb.DuckDBPyConnection, year: int) -> tuple[Frame, ...]:
    found = question.frame(con, year)
    rows = zip(
        *(found[name].tolist() for name in ("organiser", "stratum", "probability", "pupils", "kind", "units")),
        strict=True,
    )
    return tuple(Frame(o, s, float(p), int(n), k, int(u)) for o, s, p, n, k, u in rows)


def _marks(con: duckdb.DuckDBPyConnection, year: int) -> tuple[Mark, ...]:
    found = question.marks(con, year)
    rows = zip(*(found[name].tolist() for name in ("organiser", "marker", "criterion", "level", "blind")), strict=True)
    return tuple(
        Mark(o, m, c, None if level is None or math.isnan(level) else int(level), year, bool(b))
        for o, m, c, level, b in rows
    )


def _later(con: duckdb.DuckDBPyConnection, year: int) -> tuple[tuple[Later, ...], int | None]:
    """Results of the school year before the marking, of two years before that, and of the last that came after."""
    before, earlier = year - 1, year - 3
    found = question.results(con, [earlier, before, year, year + AFTER])
    value = {
        (o, int(y)): float(v)
        for o, y, v in zip(found["organiser"].tolist(), found["year"].tolist(), found["value"].tolist(), strict=True)
    }
    after = max((y for _, y in value if y >= year), default=None)
    if after is None:
        return (), None
    who = sorted({o for o, y in value if y == after} & {o for o, y in value if y == before})
    return tuple(Later(o, value[o, before], value[o, after], value.get((o, earlier))) for o in who), after
