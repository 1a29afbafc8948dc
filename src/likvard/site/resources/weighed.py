"""A version of a round, or a wish that somebody tries, weighed: what it gives, to whom, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import timezone

from likvard.allocation import saying
from likvard.allocation.compare import (
    LEAST_BELOW,
    Compared,
    LittleKnown,
    UnseenNeed,
    compare,
    held_below,
    little_known,
    unseen_need,
)
from likvard.allocation.errors import AllocationError
from likvard.allocation.round import Rule, need_of
from likvard.allocation.round import Unit as Basis
from likvard.allocation.sensitivity import (
    Range,
    Sensitivity,
    by_doubt,
    of_earlier_years,
    of_other_model,
    sensitivity,
    usual,
)
from likvard.allocation.share import Outcome, Row, allocate
from likvard.allocation.staleness import TOO_OLD, Age, Refresh, ages, refresh
from likvard.allocation.years import held_until, says
from likvard.disclosure.publication import Publication
from likvard.figures import formats
from likvard.figures.figure import Figure, Source
from likvard.figures.insight import money
from likvard.figures.insight.money import MoneyRow
from likvard.figures.measures import swedish_order
from likvard.site.cases.states import CaseError
from likvard.site.resources.basis import EARLIER, OTHER_MODEL, Taken, take
from likvard.site.resources.drift import is_newer
from likvard.site.resources.models import Round, Version
from likvard.site.ui.language import current
from likvard.terms import Language, Words


@dataclass(frozen=True, slots=True)
class Weighed:
    """Everything that the page of a version tells. `areas` tells in which area each school lies, by its code.

    `rows` is what each school gets, by area and name: never by result or money.
    """

    rule: Rule
    units: tuple[Basis, ...]
    areas: Mapping[str, str]
    outcome: Outcome
    compared: Compared
    unseen: tuple[UnseenNeed, ...]
    little: tuple[LittleKnown, ...]
    rows: tuple[Row, ...]

    def area(self, code: str) -> str:
        """The area of a school, empty where none is known."""
        return self.areas.get(code, "")

    @property
    def held(self) -> tuple[str, ...]:
        """Schools in need that get nothing extra, by code: they are named in the picture."""
        return tuple(one.unit.code for one in self.unseen)

    @property
    def below(self) -> tuple[Row, ...]:
        """Schools that a limit holds at least five per cent below what need gives, the furthest below a pupil first."""
        return tuple(sorted(held_below(self.rows), key=lambda row: (row.crowns - row.full) / row.unit.pupils))


def weigh(units: Sequence[Basis], rule: Rule, areas: Sequence[tuple[str, str]] = ()) -> Weighed:
    """Share the frame and look at what comes of it. A wish that is impossible is said in the reader's language: `CaseError`."""
    try:
        return _weigh(tuple(units), rule, tuple(areas))
    except AllocationError as error:
        raise CaseError(error.said[current()], error.instead[current()]) from error


@lru_cache(maxsize=64)
def _weigh(units: tuple[Basis, ...], rule: Rule, areas: tuple[tuple[str, str], ...]) -> Weighed:
    """Kept by its own grounds: the same schools and the same rule give the same answer."""
    outcome, known = allocate(units, rule), dict(areas)
    rows = outcome.rows
    told = compare(outcome), unseen_need(rows), little_known(rows)
    return Weighed(rule, units, known, outcome, *told, rows=_by_area(rows, known))


def _by_area(rows: Sequence[Row], areas: Mapping[str, str]) -> tuple[Row, ...]:
    def order(row: Row) -> tuple[object, ...]:
        return (swedish_order(areas.get(row.unit.code, "")), swedish_order(row.unit.name), row.unit.code)

    return tuple(sorted(rows, key=order))


def of_version(version: Version) -> Weighed:
    """A version as it stands."""
    shares = list(version.shares.all())
    return weigh([share.basis for share in shares], version.rule, [(s.unit_id, s.area) for s in shares])


def taken_of(version: Version) -> Taken:
    """What a version rests on, so that another rule can be tried on the same grounds."""
    return Taken(
        version.basis, version.inputs, version.facts, version.publication, version.published_on, version.synthetic,
        version.rule.of_year,
    )  # fmt: skip


def newest(publication: Publication | None, round: Round) -> Taken | None:
    """The round's grounds as they are published now; None where nothing is."""
    if publication is None:
        return None
    try:
        return take(publication, round.organiser, round.year, round.form)
    except CaseError:
        return None


def refreshed(version: Version, now: Taken | None) -> Refresh | None:
    """What fresh grounds would change under the version's rule; None where they are the same.

    Raises `CaseError` where the rule cannot be kept with them, saying why and what to do.
    """
    if now is None or not is_newer(version, now):
        return None
    try:
        return refresh(version.basis, now.units, version.rule)
    except AllocationError as error:
        raise CaseError(error.said[current()], error.instead[current()]) from error


def how_long(found: Weighed, year: int) -> Words | None:
    """When the schools that the yearly cap holds reach what the rest of the rule gives them; None where it holds nobody.

    None too where the frame as it is cannot be shared within the limits in a later year.
    """
    try:
        return says(held_until(found.units, found.rule, year))
    except AllocationError:
        return None


def how_much_moves(weighed: Weighed, version: Version) -> Sensitivity:
    """What moves when the years of the index, the model, the index itself, the share or the limits change."""
    earlier = {int(year): need for year, need in version.facts.get(EARLIER, {}).items()}
    years = of_earlier_years(weighed.units, weighed.rule, earlier)
    model = of_other_model(weighed.units, weighed.rule, version.facts.get(OTHER_MODEL, {}))
    return sensitivity(weighed.outcome, (*years, *model, *usual(weighed.units, weighed.rule)))


def in_doubt(weighed: Weighed) -> tuple[Range, ...]:
    """What each school would get with its own index at either end of its interval."""
    return _in_doubt(weighed.units, weighed.rule)


@lru_cache(maxsize=32)
def _in_doubt(units: tuple[Basis, ...], rule: Rule) -> tuple[Range, ...]:
    """Kept by its own grounds: two sharings for each school, 0.6 seconds for 200 of them."""
    return by_doubt(units, rule)


def freshness(version: Version, on: date) -> tuple[Age, ...]:
    """How old each thing is that the version rests on; of a decided round, how old it was on the day of the decision."""
    decided = version.round.decided_at
    return ages(version.inputs, timezone.localtime(decided).date() if decided else on)


def lead(weighed: Weighed, found: Sequence[Age], fresh: Refresh | None) -> tuple[Words, ...]:
    """The page's opening: who is in need and gets nothing extra, what is too old, what a refresh would move."""
    moves = None if fresh is None or not fresh.moved else fresh.says
    told = (unseen_words(len(weighed.unseen)), _below(weighed.below), _too_old(found), moves)
    return tuple(words for words in told if words is not None)


def _too_old(found: Sequence[Age]) -> Words | None:
    """The oldest thing past the limit, by name and age; the list beside tells of the others."""
    late = [one for one in found if one.state == "too_old" and one.months is not None]
    if not late:
        return None
    oldest = max(late, key=lambda one: one.months or 0)
    name, age = oldest.input.name, oldest.says
    return Words(
        f"Det äldsta underlaget, {name.sv[:1].lower()}{name.sv[1:]}, är {age.sv} gammalt. Gränsen är {TOO_OLD}.",
        f"The oldest input, {name.en[:1].lower()}{name.en[1:]}, is {age.en} old. The limit is {TOO_OLD}.",
    )


def _below(found: Sequence[Row]) -> Words | None:
    """How many schools the limits hold well below what need gives, and how far the furthest of them is."""
    if not found:
        return None
    last = found[0]
    each = (last.full - last.crowns) / last.unit.pupils
    count = {of: formats.count(len(found), of).capitalize() for of in Language}
    least = {of: saying.share(LEAST_BELOW, of) for of in Language}
    one = len(found) == 1
    return Words(
        f"{count[Language.SV]} {'skola' if one else 'skolor'} hålls av gränserna **minst {least[Language.SV]} under det som behovet ger**; "
        f"längst under är {last.unit.name}, {saying.crowns(each, Language.SV)} per elev.",
        f"{count[Language.EN]} {'school is' if one else 'schools are'} held by the limits **at least {least[Language.EN]} below what need gives**; "
        f"furthest below is {last.unit.name}, {saying.crowns(each, Language.EN)} a pupil.",
    )


def unseen_words(found: int) -> Words:
    """How many schools have more need than the mean and get no more a pupil."""
    if not found:
        return Words(
            "Alla skolor som säkert har högre behov än snittet får **mer per elev än snittet**.",
            "Every school whose need is surely above the mean gets **more per pupil than the mean**.",
        )
    one = found == 1
    count = {of: formats.count(found, of).capitalize() for of in Language}
    sv = "skola har" if one else "skolor har"
    en = "school has" if one else "schools have"
    return Words(
        f"{count[Language.SV]} {sv} högre behov än snittet men får **inte mer per elev.**",
        f"{count[Language.EN]} {en} more need than the mean but {'gets' if one else 'get'} **no more a pupil.**",
    )


def against(wish: Weighed, standing: Weighed, *, decided: bool) -> Words:
    """What a wish moves against the draft, or against what is decided: in all, and most a pupil."""
    sv, en = ("beslutet", "the decision") if decided else ("utkastet", "the draft")
    moved = changes(wish, standing)
    if not any(moved.values()):
        return Words(f"Det ger samma pengar som {sv}.", f"It gives the same money as {en}.")
    more = wish.outcome.frame - standing.outcome.frame
    between = (sum(map(abs, moved.values())) - abs(sum(moved.values()))) // 2
    units = {unit.code: unit for unit in wish.units}
    each = {code: change / units[code].pupils for code, change in moved.items()}
    most = max(each, key=lambda code: (abs(each[code]), code))
    told = [_larger(more, sv, en)] if more else []
    if between:
        told.append(
            Words(
                f"**{saying.about(between, Language.SV)} byter skola** mot {sv}.",
                f"**{saying.about(between, Language.EN)} change school** against {en}.",
            )
        )
    told.append(
        Words(
            f"Mest per elev ändras {units[most].name}: {saying.crowns(each[most], Language.SV, signed=True)}.",
            f"Most a pupil changes at {units[most].name}: {saying.crowns(each[most], Language.EN, signed=True)}.",
        )
    )
    return saying.joined(*told)


def _larger(more: int, sv: str, en: str) -> Words:
    than = ("större", "larger") if more > 0 else ("mindre", "smaller")
    return Words(
        f"Ramen är {saying.about(abs(more), Language.SV)} {than[0]} än i {sv}.",
        f"The frame is {saying.about(abs(more), Language.EN)} {than[1]} than in {en}.",
    )


def changes(wish: Weighed, standing: Weighed) -> dict[str, int]:
    """Crowns that each school gets more or less by a wish, by code; those that are in only one of the two are left out."""
    before = {row.unit.code: row.crowns for row in standing.outcome.rows}
    return {row.unit.code: row.crowns - before[row.unit.code] for row in wish.outcome.rows if row.unit.code in before}


def full_line(weighed: Weighed) -> tuple[float, float] | None:
    """What need alone gives: crowns a pupil at need 0 and per index point; None where nothing is shared by need.

    What is set apart for single schools is no compensation for need: it is out of the line, as it is out of what is shared.
    """
    share = weighed.rule.share
    if not share or all(row.need is None for row in weighed.outcome.rows):
        return None
    shared = weighed.outcome.frame - sum(unit.set_apart for unit in weighed.units)
    mean = shared / sum(unit.pupils for unit in weighed.units)
    return mean * (1 - share), mean * share / 100


def figure(
    weighed: Weighed, *, on: date, sources: tuple[Source, ...], subtitle: Words, decided: bool = False,
    before: int | None = None, tried: bool = False,
) -> Figure:  # fmt: skip
    """Money against need for these schools, in the year `before` and by the proposal, by what was decided, or by an attempt."""
    rows = [_money_row(weighed, row) for row in weighed.outcome.rows]
    return money.of_round(
        rows, on=on, subtitle=subtitle, sources=sources, full=full_line(weighed), named=weighed.held, decided=decided,
        before=before, tried=tried,
    )  # fmt: skip


def _money_row(weighed: Weighed, row: Row) -> MoneyRow:
    """The row as the picture takes it: index and interval on the round's own scale, 100 the mean of its pupils."""
    unit, stated = row.unit, need_of(row.unit, weighed.rule)
    scale = row.need / stated if row.need and stated else 0.0
    has_ends = weighed.rule.source == "model" and scale > 0
    return MoneyRow(
        code=unit.code, name=unit.name, pupils=unit.pupils, area=weighed.area(unit.code), need=row.need,
        low=unit.need_low * scale if has_ends and unit.need_low is not None else None,
        high=unit.need_high * scale if has_ends and unit.need_high is not None else None,
        now=unit.last_per_pupil, proposed=row.per_pupil,
    )  # fmt: skip
