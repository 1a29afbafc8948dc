"""An organiser's own rows: their sums for a study, and what the disclosure check must know of them. Nothing here leaves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation.study import GOALS, SHARES, Study, Way
from likvard.flow.pupils import SUBJECTS
from likvard.models.logistic import Patterns
from likvard.moments.gather import gather
from likvard.moments.moments import Moments
from likvard.records.questions import pupils as question
from likvard.records.questions.columns import ask
from likvard.terms import InputError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Text = NDArray[Any]

FINGERPRINTED = ("unit", "year", *question.BACKGROUND, "merit", *GOALS)
"""What two selections of pupils are compared by."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """The organiser's pupils by pattern of what is asked for: all that anyone could know of them beforehand.

    nodes    of each pattern: the number of its finest group (unit, or unit and year; its unit for a logistic model)
    labels   of each node: the unit's code, and the year where it counts
    x        K x p: the pattern's columns as they are, without the constant
    flags    which of these are 0 or 1
    names    of the columns
    n        pupils of each pattern
    units    how many units they are at
    patterns_told  whether the study's answers tell how many pupils have each pattern
    """

    nodes: Whole
    labels: tuple[str, ...]
    x: Floats
    flags: NDArray[np.bool_]
    names: tuple[str, ...]
    n: Floats
    units: int
    patterns_told: bool = False

    @property
    def pupils(self) -> int:
        """How many pupils there are."""
        return int(self.n.sum())

    @property
    def sizes(self) -> Floats:
        """Pupils of each node."""
        return np.bincount(self.nodes, weights=self.n, minlength=len(self.labels)).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Rows:
    """What a study needs of an organiser: sums to answer with, patterns to check by, and fingerprints of the pupils.

    Without a pupil neither `moments` nor `patterns` is there, else one of them: the first for multilevel models, the second for logistic ones, with the unit
    of each pattern in `at_units` (of use at home only: an answer is summed over them).
    """

    crowd: Crowd
    prints: NDArray[np.uint64]
    moments: Moments | None = None
    patterns: Patterns | None = None
    at_units: Text | None = None

    @property
    def pupils(self) -> int:
        """How many pupils' sums these are."""
        return self.crowd.pupils


def read_rows(con: duckdb.DuckDBPyConnection, study: Study, organiser: str, key: bytes) -> Rows:
    """Read an organiser's rows of a study. Raises `InputError` if it has none, unless others need its answer of nothing."""
    if not organiser.isdigit():
        raise InputError(f"{organiser!r} is no organiser's number.", "Give its ten digits, without a hyphen.")
    con.execute("set enable_progress_bar = false")
    question.gather_leavers(con, (study.outcome,) if study.outcome in SUBJECTS else SUBJECTS[:1])
    relation = _relation(study, organiser)
    crowd = _crowd(con, study, relation)
    if crowd.pupils == 0 and study.way is Way.MASKED:
        return Rows(crowd, np.zeros(0, dtype=np.uint64))
    if crowd.pupils == 0:
        raise InputError(
            f"The lake has no pupil of {organiser} that the study asks for.", "Check the number and the study's years."
        )
    prints = fingerprints(con, relation, key)
    if study.is_goal:
        patterns, at_units = _patterns(con, study, relation)
        return Rows(crowd, prints, patterns=patterns, at_units=at_units)
    groups = tuple(dict.fromkeys(g for level in study.levels for g in level.split(":")))
    return Rows(crowd, prints, moments=gather(con, relation, groups, (*study.design, study.target)))


def _relation(study: Study, organiser: str) -> str:
    years = ", ".join(map(str, study.years))
    return (
        f"(select * from {question.LEAVER} where known = 1 and organiser = '{organiser}' "
        f'and "year" in ({years}) and "{study.outcome}" is not null)'
    )


def _crowd(con: duckdb.DuckDBPyConnection, study: Study, relation: str) -> Crowd:
    node = "unit || ' ' || \"year\"" if "unit:year" in study.levels else "organiser" if study.is_goal else "unit"
    columns = "".join(f', "{c}"' for c in study.fixed)
    keys = f'{node} as node, "year"{columns}'
    found = ask(con, f"select {keys}, count(*)::double as n from {relation} group by all order by all")
    units = int(ask(con, f"select count(distinct unit) as units from {relation}")["units"][0])
    labels, nodes = np.unique(found["node"].astype(str), return_inverse=True)
    years = [(found["year"] == y).astype(float) for y in study.years[1:]]
    own = [found[c].astype(float) for c in study.fixed]
    x = np.column_stack([*years, *own]) if years or own else np.zeros((len(nodes), 0))
    flags = np.array([True] * len(years) + [c not in SHARES for c in study.fixed], dtype=bool)
    names = (*(f"year{y}" for y in study.years[1:]), *study.fixed)
    n = found["n"].astype(float)
    return Crowd(nodes.astype(np.int64), tuple(labels.tolist()), x, flags, names, n, units, study.is_goal)


def _patterns(con: duckdb.DuckDBPyConnection, study: Study, relation: str) -> tuple[Patterns, Text]:
    keys = ["unit", '"year"', *(f'"{c}"' for c in study.fixed)]
    found = ask(
        con,
        f'select {", ".join(keys)}, count(*)::double as n, sum("{study.outcome}")::double as reached from {relation} '
        f"group by all order by all",
    )
    years = [(found["year"] == y).astype(float) for y in study.years[1:]]
    x = np.column_stack([np.ones(len(found["n"])), *years, *(found[c] for c in study.fixed)])
    patterns = Patterns.of(x, found["n"], found["reached"], tuple(c.name for c in study.design))
    return patterns, found["unit"].astype(str)


def fingerprints(con: duckdb.DuckDBPyConnection, relation: str, key: bytes) -> NDArray[np.uint64]:
    """One number per pupil, sorted: equal pupils get different ones, the same pupils the same ones next time.

    Keyed with the lake's own key, so that the numbers mean nothing elsewhere.
    """
    columns = ", ".join(f'"{c}"' for c in FINGERPRINTED)
    rows = con.execute(f"select {columns}, count(*) from {relation} group by all").fetchall()
    marks = [
        hashlib.blake2b(f"{values}|{i}".encode(), digest_size=8, key=key).digest()
        for *values, n in rows
        for i in range(int(n))
    ]
    return np.sort(np.frombuffer(b"".join(marks), dtype=np.uint64))


def differing(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> int:
    """By how many pupils two selections differ: those only in one, or only in the other, whichever is more."""
    return max(len(np.setdiff1d(a, b)), len(np.setdiff1d(b, a)))
