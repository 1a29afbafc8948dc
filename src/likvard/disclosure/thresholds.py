"""How few is too few: the rulebook's limits for one kind of figure from one source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from likvard.disclosure.cells import CellKind
from likvard.rulebook import rule
from likvard.rulebook.kinds.disclosure import DisclosureRule, SurveyLimits
from likvard.terms import Audience, Level, Words

OWN = ""
"""The source of figures made from the organiser's own records."""

SIMULATED = "synthetic"
"""The source of figures made from simulated records: judged as if they were real, for any audience."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for one kind of figure at one level. A limit of 5 hides one to four; 0 or 1 hides nothing.

    `zeros` says whether a zero may be shown as a true zero: counts yes, shares only where numerators are not judged.
    `checked` means that the source has applied its rule before it published: what it shows passes unless the cell
    itself says that it rests on too few. `whose` names who made the rule. The others are the rulebook's rules for neighbouring cells.
    """

    min_n: int
    min_reached: int
    whose: Words
    min_missed: int = 0
    zeros: bool = True
    checked: bool = False
    both_sexes: bool = False
    near_all_hides_other_sex: bool = False
    lone_takes_next: bool = False


@cache
def limits(source: str, audience: Audience, on: date, kind: CellKind, level: Level, measure: str) -> Limits:
    """Return the limits in force on a day: a source's own, or for own records ours for that audience.

    Raises `RuleError` if the rulebook has no rule for the source, or none on that day.
    """
    name = f"records_{audience}" if source == OWN else source
    value = rule(f"disclosure:{name}", on).value
    return limits_of(value, kind, level, measure, checked=source not in (OWN, SIMULATED))


def limits_of(value: DisclosureRule, kind: CellKind, level: Level, measure: str, *, checked: bool) -> Limits:
    """Return what a rule of disclosure asks of one kind of figure."""
    if value.survey is not None:
        return _survey(value, value.survey, kind, level)
    reached = value.fewest[level] if kind is CellKind.COUNT else value.fewest_counted[level]
    return Limits(
        min_n=value.fewest[level],
        min_reached=reached,
        whose=value.name,
        min_missed=value.near_all + 1 if value.near_all and value.has_near_all(measure) else 0,
        zeros=kind is not CellKind.SHARE,
        checked=checked,
        both_sexes=value.both_sexes,
        near_all_hides_other_sex=value.near_all_hides_other_sex,
        lone_takes_next=value.lone_takes_next,
    )


def _survey(value: DisclosureRule, survey: SurveyLimits, kind: CellKind, level: Level) -> Limits:
    fewest = {CellKind.INDEX: survey.index, CellKind.MEAN: survey.mean, CellKind.OPTION: survey.question}
    return Limits(
        min_n=fewest.get(kind, value.fewest[level]),
        whose=value.name,
        min_reached=survey.option if kind in (CellKind.OPTION, CellKind.SHARE) else value.fewest_counted[level],
        checked=True,
        lone_takes_next=value.lone_takes_next,
    )
