"""The rubric by which organisers' compensatory work is marked: criteria, levels, and how classes follow from levels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class NotAsked:
    """An organiser of this kind is not asked this criterion, and why."""

    organisers: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Question:
    """What a marker looks for. Asked of everybody, or only of one kind of organiser (`organisers`)."""

    text: Words
    organisers: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is marked: what is asked, what each level looks like (lowest first), and what counts as evidence.

    `questions` with a kind of organiser are asked of that kind only; `exceptions` are those to whom it does not apply.
    """

    name: Words
    about: Words
    questions: tuple[Question, ...]
    anchors: tuple[Words, ...]
    evidence: tuple[Words, ...]
    exceptions: tuple[NotAsked, ...] = ()

    def asked_of(self, kinds: Collection[str]) -> tuple[Words, ...]:
        """The questions to an organiser of these kinds; none where the criterion does not apply."""
        if self.excepts(kinds) is not None:
            return ()
        return tuple(q.text for q in self.questions if not q.organisers or q.organisers in kinds)

    def excepts(self, kinds: Collection[str]) -> Words | None:
        """Why the criterion does not apply to an organiser of these kinds, or None if it does."""
        return next((e.reason for e in self.exceptions if e.organisers in kinds), None)


@dataclass(frozen=True, slots=True)
class OrganiserClass:
    """A class of organisers, and the shares of criteria at the ends of the scale that lead to it.

    `least_top` is the smallest share of the criteria that apply which must be on the highest level, `most_bottom` the
    largest share that may be on the lowest, `least_bottom` the smallest share that must be on the lowest.
    """

    key: str
    name: Words
    least_top: float = 0.0
    most_bottom: float = 1.0
    least_bottom: float = 0.0

    def holds(self, bottom: float, top: float) -> bool:
        """Whether these shares of criteria on the lowest and on the highest level make the class."""
        slack = 1e-9  # 3 of 6 is a half, however it was counted
        return (
            top >= self.least_top - slack and bottom <= self.most_bottom + slack and bottom >= self.least_bottom - slack
        )


@dataclass(frozen=True, slots=True)
class Rubric:
    """One version of the rubric. `levels` go from the lowest up, `classes` from the strongest down.

    The first class whose demands are met is the organiser's; the last has none, so that everybody has a class: they
    are written in the order in which they are tried (`tried`). `kinds` names the kinds of organiser that questions and
    exceptions may be for. An organiser with fewer than `least_criteria` marked criteria has no class.
    """

    version: str
    name: Words
    standing: Words
    levels: tuple[Words, ...]
    kinds: Mapping[str, Words]
    criteria: Mapping[str, Criterion]
    classes: tuple[OrganiserClass, ...]
    tried: tuple[str, ...]
    least_criteria: int

    def __post_init__(self) -> None:
        keys = tuple(one.key for one in self.classes)
        if sorted(keys) != sorted(self.tried) or len(set(keys)) != len(keys):
            raise ValueError("every class must be tried once")
        if self.of_shares(0.5, 0.2) is None or self.of_shares(0.0, 0.0) is None:
            raise ValueError("the class that is tried last must ask for nothing")
        for criterion in self.criteria.values():
            if len(criterion.anchors) != len(self.levels):
                raise ValueError(f"{criterion.name.en}: there must be one anchor for each level")
            named = {q.organisers for q in criterion.questions} | {e.organisers for e in criterion.exceptions}
            if not named - {""} <= self.kinds.keys():
                raise ValueError(f"{criterion.name.en}: a kind of organiser is not in the list")
        if not 1 <= self.least_criteria <= len(self.criteria):
            raise ValueError("the least number of criteria must be among those there are")

    @property
    def order(self) -> tuple[str, ...]:
        """The keys of the classes from the strongest down."""
        return tuple(one.key for one in self.classes)

    def of_shares(self, bottom: float, top: float) -> str | None:
        """The class of an organiser with these shares of criteria on the lowest and on the highest level."""
        by_key = {one.key: one for one in self.classes}
        return next((key for key in self.tried if by_key[key].holds(bottom, top)), None)

    def of_levels(self, levels: Sequence[int]) -> str | None:
        """The class that levels (0 is the lowest) of the criteria that apply lead to; None where too few are marked."""
        if len(levels) < self.least_criteria:
            return None
        last = len(self.levels) - 1
        return self.of_shares(
            sum(level == 0 for level in levels) / len(levels), sum(level == last for level in levels) / len(levels)
        )

    def applies(self, criterion: str, kinds: Collection[str]) -> bool:
        """Whether a criterion applies to an organiser of these kinds."""
        return self.criteria[criterion].excepts(kinds) is None
