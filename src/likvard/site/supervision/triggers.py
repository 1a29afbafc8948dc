"""Trigger sentences: what released public figures say that is worth asking about, by open rules with stated limits.

The rules are `triggers.yaml`. Only what everybody may see is read, so that the list can be shown to the school as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import Publication
from likvard.figures import formats
from likvard.rulebook.build import build, read_yaml
from likvard.site import published
from likvard.site.cases.models import Case
from likvard.site.people.models import Unit
from likvard.terms import Audience, Language, RuleError, SchoolYear, Words

OLDEST = 3
"""Years: an older figure says nothing of today."""


class Test(StrEnum):
    """How a figure is held against its limit. `surely` asks that the whole interval lies beyond it."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    SURELY_BELOW = "surely_below"
    SURELY_ABOVE = "surely_above"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A rule of the list. `factor` turns a share into per cent; `together_with` is a rule that must hold too."""

    code: str
    area: str
    measure: str
    aspect: str
    test: Test
    limit: float
    about: Words
    said: Words
    why: Words
    decimals: int = 0
    factor: float = 1.0
    calendar: bool = False
    together_with: str = ""

    def holds(self, figure: Released) -> bool:
        """Whether the figure lies beyond the limit. What is hidden or not exact says nothing."""
        if figure.value is None or figure.missing is not None:
            return False
        if self.test is Test.AT_MOST:
            return figure.value <= self.limit
        if self.test is Test.AT_LEAST:
            return figure.value >= self.limit
        beyond = figure.high if self.test is Test.SURELY_BELOW else figure.low
        if beyond is None:
            return False
        return beyond < self.limit if self.test is Test.SURELY_BELOW else beyond > self.limit


@dataclass(frozen=True, slots=True)
class Signal:
    """A sentence of the list about a place: which rule gave it, what it says, and from which publication."""

    code: str
    said: Words
    why: Words
    area: str
    publication: str


@cache
def triggers() -> tuple[Trigger, ...]:
    """Every rule of the list, in its order. Raises `RuleError` if the file is not well formed."""
    return parse(read_yaml(files("likvard.site.supervision").joinpath("triggers.yaml")))


def parse(data: object) -> tuple[Trigger, ...]:
    """The rules of a file. Raises `RuleError` for doubles and for a rule that rests on one that is not there before it."""
    if not isinstance(data, dict) or data.keys() != {"about", "triggers"}:
        raise RuleError("triggers.yaml must hold about and triggers.", "Mend the file.")
    found: dict[str, Trigger] = {}
    for number, item in enumerate(data["triggers"], start=1):
        one = build(Trigger, item, f"triggers.yaml, trigger {number}")
        if one.code in found or (one.together_with and one.together_with not in found):
            raise RuleError(
                f"triggers.yaml: {one.code} is there twice or rests on what is not there.", "Mend the file."
            )
        found[one.code] = one
    return tuple(found.values())


def signals_of(case: Case) -> tuple[Signal, ...]:
    """What the figures say today of the unit of a case, or of the organiser's units; empty without a publication."""
    publication = published.current()
    if publication is None:
        return ()
    if case.unit_id:
        return signals(publication, case.unit_id)
    codes = Unit.objects.filter(organiser_id=case.organiser_id).active().values_list("code", flat=True)
    return together(publication, tuple(codes))


def signals(publication: Publication, code: str) -> tuple[Signal, ...]:
    """What the public figures of one unit say, by the rules of the list and in its order."""
    return tuple(
        Signal(rule.code, _sentence(rule, figure), rule.why, rule.area, publication.id)
        for rule, by_unit in _found(publication, (code,))
        for figure in by_unit.values()
    )


def together(publication: Publication, codes: Sequence[str]) -> tuple[Signal, ...]:
    """How many of several units each rule holds for: what an organiser's inspection begins with."""
    return tuple(
        Signal(rule.code, _counted(rule, len(by_unit), len(codes)), rule.why, rule.area, publication.id)
        for rule, by_unit in _found(publication, codes)
        if by_unit
    )


def _found(publication: Publication, codes: Sequence[str]) -> Iterable[tuple[Trigger, Mapping[str, Released]]]:
    """Each rule with the units that it holds for, and the newest figure of each."""
    held: dict[str, frozenset[str]] = {}
    for rule in triggers():
        figures = _newest(publication, rule, codes)
        holds = {code: one for code, one in figures.items() if rule.holds(one)}
        if rule.together_with:
            holds = {code: one for code, one in holds.items() if code in held[rule.together_with]}
        held[rule.code] = frozenset(holds)
        yield rule, holds


def _newest(publication: Publication, rule: Trigger, codes: Sequence[str]) -> Mapping[str, Released]:
    """The newest public figure of each unit, unless it is too old to say anything."""
    cells = publication.cells(
        Audience.PUBLIC, measure=rule.measure, aspect=rule.aspect, group="all", level="unit", areas=list(codes)
    )
    newest: dict[str, tuple[str, Released]] = {}
    for key, one in cells.items():
        if key.year > newest.get(key.area, ("",))[0]:
            newest[key.area] = (key.year, one.cell)
    return {code: cell for code, (year, cell) in newest.items() if publication.on.year - int(year) <= OLDEST}


def _sentence(rule: Trigger, figure: Released) -> Words:
    return Words(*(_said(rule, figure, language) for language in (Language.SV, Language.EN)))


def _said(rule: Trigger, figure: Released, language: Language) -> str:
    signed = rule.aspect == "difference"

    def shown(value: float | None) -> str:
        return "–" if value is None else formats.number(value * rule.factor, rule.decimals, language, signed=signed)

    year = figure.key[-1]
    return rule.said[language].format(
        value=shown(figure.value), low=shown(figure.low), high=shown(figure.high),
        year=year if rule.calendar else str(SchoolYear(int(year))),
    )  # fmt: skip


def _counted(rule: Trigger, count: int, of: int) -> Words:
    return Words(
        f"Vid {count} av {of} skolenheter: {_small(rule.about.sv)}",
        f"At {count} of {of} units: {_small(rule.about.en)}",
    )


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
