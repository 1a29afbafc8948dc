"""A study: what the national node asks of every organiser, in declared words only. No SQL, no free expression.

What may be asked for is listed here: outcomes, columns, groupings. The schema's digest binds the question's text on this
side to that on the other, so that nobody adds up two different things.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from likvard.flow.federation.envelope import canonical
from likvard.flow.pupils import MERIT_REFERENCE, POINTS_REFERENCE, SCALE, SUBJECTS
from likvard.models import federated_logistic
from likvard.models.federated import Shape, shape_of
from likvard.models.multilevel_problem import Effect, Model
from likvard.moments.columns import ONE, Column, Factor, flag, number
from likvard.records.questions import pupils as question
from likvard.terms import InputError, Words

GOALS = ("eligible", "all_subjects")
"""Outcomes that are reached or not, for the logistic model."""

SHARES = tuple(f"share_{name}" for name in question.COMPOSITION)
LEVELS = ("unit:year", "unit", "organiser")
"""Groupings, finest first."""

MOST_ROUNDS = 12
ORGANISER = "organiser"


class Method(StrEnum):
    """Which model is fitted, and how."""

    REML = "REML"
    ML = "ML"
    LOGISTIC = "logistic"


class Way(StrEnum):
    """How answers travel: masked, so that only the sum over a block can be read; in the clear; or all at once, pooled."""

    MASKED = "masked"
    CLEAR = "clear"
    ONCE = "once"


LABELS = {
    "girl": Words("kön", "sex"),
    "tertiary": Words("föräldrar med eftergymnasial utbildning", "parents with tertiary education"),
    "compulsory": Words("föräldrar med högst grundskola", "parents with compulsory school at most"),
    "foreign": Words("utländsk bakgrund", "foreign background"),
    "newcomer": Words("högst fyra år i Sverige", "at most four years in Sweden"),
    "share_tertiary": Words(
        "enhetens andel med högutbildade föräldrar", "the unit's share with tertiary-educated parents"
    ),
    "share_foreign": Words("enhetens andel med utländsk bakgrund", "the unit's share with foreign background"),
    "share_girl": Words("enhetens andel flickor", "the unit's share of girls"),
    "merit": Words("meritvärde", "merit value"),
    "eligible": Words("behörig till yrkesprogram", "eligible for vocational programmes"),
    "all_subjects": Words("godkänd i alla ämnen", "passed in all subjects"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is asked. `years` are the autumns of the school years; `levels` the random intercepts, finest first.

    Raises `InputError`, naming the field, for what may not be asked for.
    """

    name: str
    purpose: str
    years: tuple[int, ...]
    outcome: str
    fixed: tuple[str, ...]
    levels: tuple[str, ...]
    method: Method
    way: Way
    most_rounds: int = 10

    def __post_init__(self) -> None:
        goal = self.is_goal
        _require(bool(self.name and self.purpose), "name and purpose", "say what the study is for")
        _require(all(1990 <= y <= 2098 for y in self.years) and len(self.years) > 0, "years", "list school years")
        _require(list(self.years) == sorted(set(self.years)), "years", "list each year once, in order")
        outcomes = GOALS if goal else ("merit", *SUBJECTS)
        _require(self.outcome in outcomes, "outcome", f"choose one of {', '.join(outcomes)}")
        allowed = (*question.BACKGROUND, *(() if goal else SHARES))
        _require(set(self.fixed) <= set(allowed), "fixed", f"choose among {', '.join(allowed)}")
        _require(len(set(self.fixed)) == len(self.fixed), "fixed", "name each column once")
        expected = [level for level in LEVELS if level in self.levels]
        _require(list(self.levels) == expected, "levels", f"choose among {', '.join(LEVELS)}, in that order")
        _require(goal or any(x != ORGANISER for x in self.levels), "levels", "name at least one below the organiser")
        _require(not goal or not self.levels, "levels", "leave them out: the logistic model has none")
        _require(not goal or self.way is not Way.ONCE, "way", "a logistic model needs rounds")
        _require(2 <= self.most_rounds <= MOST_ROUNDS, "most_rounds", f"choose 2 to {MOST_ROUNDS}")

    @property
    def shape(self) -> Shape:
        """The sizes of a multilevel answer."""
        return shape_of((*self.design, self.target), self.model)

    @property
    def opening_length(self) -> int:
        """Numbers in the first answer."""
        return federated_logistic.opening_length(len(self.design)) if self.is_goal else self.shape.opening

    @property
    def answer_length(self) -> int:
        """Numbers in each later answer."""
        return federated_logistic.answer_length(len(self.design)) if self.is_goal else self.shape.answer

    @property
    def is_goal(self) -> bool:
        """Whether the model is the logistic one of a goal reached or not."""
        return self.method is Method.LOGISTIC

    @property
    def hidden(self) -> frozenset[str]:
        """The columns whose sums over a group an outsider does not know: each has one unknown number in every group.

        Not the constant and the years, which follow from how many pupils the group has in each year, and that is public; a
        unit's share tells no more than its mark.
        """
        return frozenset({self.outcome, *(name.removeprefix("share_") for name in self.fixed)})

    def told(self, rounds: int, level: int = 0) -> int:
        """How many numbers about the groups' sums of a level (the finest is 0) the opening and so many rounds tell.

        Products of the years with one another and with the constant follow from what is public, and are not counted. About the
        groups of a higher level rounds tell by themselves if they ask with nought at all levels below. A logistic answer is made
        of the block's patterns, without groups: it tells none.
        """
        if self.is_goal:
            return 0
        public = len(self.years) * (len(self.years) + 1) // 2 - 1
        shape = Shape(self.shape.m, self.shape.k - level)
        return shape.opening - public + rounds * (shape.answer - shape.matrices * public)

    def least_groups(self) -> int:
        """How many groups must be added up for their sums to outnumber all that can be told of them in a whole study.

        Every group has as many sums that an outsider does not know as there are `hidden` columns; each answer tells some
        numbers of all of them together. With fewer groups than this the sums of each could be solved for.
        """
        return -(-self.told(self.most_rounds) // len(self.hidden))

    @property
    def design(self) -> tuple[Column, ...]:
        """The fixed part: a constant, each year but the first, and the columns asked for."""
        factor = Factor("year", '"year"', self.years)
        years = tuple(Column(f"year{y}", marks=((factor, i),)) for i, y in enumerate(self.years) if i)
        return (ONE, *years, *(number(c, 500.0) if c in SHARES else flag(c) for c in self.fixed))

    @property
    def target(self) -> Column:
        """The outcome, shifted by a declared reference."""
        if self.outcome in GOALS:
            return flag(self.outcome)
        return number(self.outcome, MERIT_REFERENCE if self.outcome == "merit" else POINTS_REFERENCE)

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and largest value of the outcome, in the moments' shifted units."""
        if self.outcome in GOALS:
            return 0.0, 1.0
        top, centre = (340.0 * SCALE, MERIT_REFERENCE) if self.outcome == "merit" else (20.0 * SCALE, POINTS_REFERENCE)
        return -centre, top - centre

    @property
    def model(self) -> Model:
        """The multilevel model."""
        effects = tuple(Effect(level, tuple(level.split(":"))) for level in self.levels)
        return Model(self.target, self.design, effects, self.method is Method.REML)

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of records that are read: outcome first."""
        return (self.outcome, *self.fixed)

    @property
    def schema(self) -> str:
        """A digest of everything that must be alike on both sides: the question's text, the columns and the shifts."""
        return hashlib.sha256(
            canonical([question.leavers(SUBJECTS), repr((*self.design, self.target)), self.levels])
        ).hexdigest()


def study_from(body: Mapping[str, Any]) -> Study:
    """Read a study from parsed JSON or YAML. Raises `InputError`, naming the field, for what is missing or unknown."""
    known = {f.name for f in fields(Study)}
    for name in body:
        _require(name in known, str(name), "leave it out: there is no such field")
    try:
        return Study(
            name=str(body["name"]),
            purpose=str(body["purpose"]),
            years=tuple(int(y) for y in body["years"]),
            outcome=str(body["outcome"]),
            fixed=tuple(str(c) for c in body["fixed"]),
            levels=tuple(str(x) for x in body.get("levels", ())),
            method=Method(body.get("method", Method.REML)),
            way=Way(body.get("way", Way.MASKED)),
            most_rounds=int(body.get("most_rounds", 10)),
        )
    except KeyError as error:
        raise InputError(f"The study lacks the field {error.args[0]!r}.", "Add it.") from None
    except (TypeError, ValueError) as error:
        raise InputError(f"A field of the study cannot be read: {error}.", "Correct it.") from None


def as_body(study: Study) -> dict[str, Any]:
    """A study as JSON."""
    return {
        k: list(v) if isinstance(v, tuple) else str(v) if isinstance(v, StrEnum) else v
        for k, v in asdict(study).items()
    }


def _require(holds: bool, field: str, remedy: str) -> None:
    if not holds:
        raise InputError(f"The study's {field} cannot be asked for.", f"{remedy[:1].upper()}{remedy[1:]}.")
