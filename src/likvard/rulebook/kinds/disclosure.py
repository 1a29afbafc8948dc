"""What a source hides, and what we hide: rules of disclosure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from likvard.terms import Level, Words


@dataclass(frozen=True, slots=True)
class SurveyLimits:
    """Fewest answers behind a survey figure: the index of an area, a question's mean, a question with its options,
    and a single option's count."""

    index: int
    mean: int
    question: int
    option: int


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """When a figure is hidden at each level. All numbers are persons, except for staff: full-time posts.

    * `name`: whose rule it is, as a reader knows them ("Skolverket").
    * `fewest`: a value that rests on fewer than this is hidden; 0 hides nothing.
    * `fewest_counted`: a share is hidden if the group it counts (the numerator) has fewer; 0 hides nothing.
    * `near_all`: a share that 1 to this many did not reach is shown as a range ("~100"); 0: no such rule.
    * `near_all_measures`: ids of the measures with that rule, `*` at the end for any ending.
    * `both_sexes`: if one sex is hidden, so is the other.
    * `near_all_hides_other_sex`: if one sex is near all, the other is hidden.
    * `lone_takes_next`: a single hidden share takes the next smallest of its row with it.
    * `survey`: the limits of a survey, which then stand in place of the others.
    * `follows_source`: values come already released; nothing the source hid may be worked out again.
    """

    name: Words
    about: Words
    fewest: Mapping[Level, int]
    fewest_counted: Mapping[Level, int]
    near_all: int = 0
    near_all_measures: tuple[str, ...] = ()
    both_sexes: bool = False
    near_all_hides_other_sex: bool = False
    lone_takes_next: bool = False
    survey: SurveyLimits | None = None
    follows_source: bool = False

    def __post_init__(self) -> None:
        for limits in (self.fewest, self.fewest_counted):
            if set(limits) != set(Level):
                raise ValueError(f"every level needs a limit: {', '.join(Level)}")
            if min(limits.values()) < 0:
                raise ValueError("a limit is a whole number from 0")
        if bool(self.near_all) != bool(self.near_all_measures):
            raise ValueError("near_all and near_all_measures belong together")

    def has_near_all(self, measure: str) -> bool:
        """Whether the source shows `measure` as a range when nearly all reach it."""
        return any(
            measure.startswith(name[:-1]) if name.endswith("*") else measure == name for name in self.near_all_measures
        )
