"""Who is marked in a round, and what their marks are as readings for the model. Nothing that contradicts itself goes further."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from likvard.flow.national_rows import SETTLED, Frame, Mark
from likvard.models import graded
from likvard.rulebook.kinds.rubric import Rubric
from likvard.terms import InputError


@dataclass(frozen=True, eq=False)
class Sample:
    """Those who are marked: their rows of the frame by key, readings for the model, and the levels that marks point to."""

    rows: tuple[Frame, ...]
    readings: graded.Readings
    levels: tuple[Mapping[str, int], ...]


def checked(marks: Sequence[Mark], frame: Sequence[Frame], rubric: Rubric) -> int:
    """The round of all marks. Raises `InputError` on anything that does not fit together."""
    rounds = {mark.round for mark in marks}
    if len(rounds) != 1:
        raise InputError(f"The marks are of {len(rounds)} rounds.", "Give the marks of one round at a time.")
    by_key = {row.organiser: row for row in frame}
    if len(by_key) < len(frame):
        raise InputError("An organiser comes twice in the frame.", "Give each organiser one row.")
    seen: set[tuple[str, str, str]] = set()
    for mark in marks:
        row = by_key.get(mark.organiser)
        if row is None:
            raise InputError(f"The organiser {mark.organiser} is marked but not in the frame.", "Add it to the frame.")
        if mark.criterion not in rubric.criteria:
            raise InputError(
                f"The criterion {mark.criterion!r} is not in version {rubric.version} of the rubric.",
                f"It has {', '.join(rubric.criteria)}.",
            )
        if mark.level is not None and mark.level >= len(rubric.levels):
            raise InputError(
                f"The level {mark.level} is above the rubric's {len(rubric.levels) - 1}.", "Mend the mark."
            )
        if mark.level is not None and not rubric.applies(mark.criterion, row.kinds):
            raise InputError(
                f"{mark.organiser} is marked on {mark.criterion}, which does not apply to it.", "Leave the mark out."
            )
        key = (mark.organiser, mark.criterion, mark.marker)
        if key in seen:
            raise InputError(f"{mark.marker} has marked {mark.criterion} of {mark.organiser} twice.", "Keep the last.")
        seen.add(key)
    return rounds.pop()


def sample_of(marks: Sequence[Mark], frame: Sequence[Frame], rubric: Rubric) -> Sample:
    """Organisers with enough criteria marked, in the order of their keys."""
    marked: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        if mark.level is not None:
            marked[mark.organiser][mark.criterion].append(mark)
    rows = tuple(
        sorted((row for row in frame if _enough(marked.get(row.organiser, {}), row, rubric)), key=lambda r: r.organiser)
    )
    place = {key: i for i, key in enumerate(rubric.criteria)}
    counts = np.zeros((len(rows), len(place), len(rubric.levels)))
    for i, row in enumerate(rows):
        for criterion, found in marked[row.organiser].items():
            np.add.at(counts[i, place[criterion]], _read(found), 1.0)
    applies = np.array([[rubric.applies(key, row.kinds) for key in place] for row in rows], dtype=bool)
    pointed = tuple({key: _pointed(found) for key, found in marked[row.organiser].items()} for row in rows)
    return Sample(rows, graded.Readings(counts, applies.reshape(len(rows), len(place))), pointed)


def _read(marks: Sequence[Mark]) -> list[int]:
    """The levels that count as readings of one criterion at one organiser.

    What markers settled on is a reading of its own where they differed. Where it only says again what they agreed on, it
    is none. Where it is a level that no marker gave (the organiser has replied), their marks did not know what it knows
    and are set aside.
    """
    settled = [mark.level for mark in marks if mark.marker == SETTLED and mark.level is not None]
    others = [mark.level for mark in marks if mark.marker != SETTLED and mark.level is not None]
    if not settled or set(others) == set(settled):
        return others or settled
    return settled if settled[0] not in others else others + settled


def _pointed(marks: Sequence[Mark]) -> int:
    """The level that marks point to without a model: what stands after all, or the middle reading.

    Of two, the lower: two markers who have not settled have not both seen the higher.
    """
    levels = sorted(mark.level for mark in marks if mark.level is not None)
    settled = [mark.level for mark in marks if mark.marker == SETTLED and mark.level is not None]
    return settled[0] if settled else levels[(len(levels) - 1) // 2]


def _enough(read: Mapping[str, object], row: Frame, rubric: Rubric) -> bool:
    asked = sum(rubric.applies(key, row.kinds) for key in rubric.criteria)
    return len(read) >= min(rubric.least_criteria, asked)
