"""What the pages of rounds show: rows of tables, freshness as tasks, steps, facts. Values that a template writes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.allocation import memo, saying
from likvard.allocation.limits import Limit
from likvard.allocation.memo import KINDS, LIMITS, rule_in_words
from likvard.allocation.round import Rule
from likvard.allocation.sensitivity import Moved, Range, Sensitivity
from likvard.allocation.share import Row
from likvard.allocation.staleness import Age, Refresh
from likvard.figures import formats
from likvard.figures.figure import Source
from likvard.figures.measures import swedish_order
from likvard.site.cases.states import CaseError, Text
from likvard.site.people.access import Denied
from likvard.site.people.models import User
from likvard.site.resources import permissions, rules
from likvard.site.resources.basis import LEFT_OUT, money_year
from likvard.site.resources.models import Round, Use, Version
from likvard.site.resources.weighed import Weighed
from likvard.site.ui.components import Cell, Column, Label, State, Table, Task
from likvard.site.ui.components import Row as Line
from likvard.site.ui.language import current
from likvard.terms import Language, OrganiserKind, Words

NOTHING: Mapping[str, int] = MappingProxyType({})

_AGES = {"fresh": "done", "old": "soon", "too_old": "late", "never": "late"}


@dataclass(frozen=True, slots=True)
class Money:
    """A school's line in the table of who gets more and who gets less. Amounts are ready to be read."""

    code: str
    name: str
    href: str
    change: str
    proposed: str
    now: str
    need: str
    pupils: str
    crowns: str
    limit: Label
    independent: bool
    against: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The schools of an area."""

    area: str
    rows: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the amounts of a page are called: those before (`2025`) and those that are given (`Proposal`, `Decision`)."""

    before: str
    given: str


def labels(round: Round, version: Version, *, tried: bool = False) -> Labels:
    """What a version's amounts are called, or those of a wish that is tried."""
    year = money_year(version.inputs)
    given = _("Attempt") if tried else _("Decision") if round.is_decided else _("Proposal")
    return Labels(_("Before") if year is None else str(year), given)


def left_out(version: Version) -> tuple[str, ...]:
    """Schools of the form that are not in the version, for nobody may see how many pupils they have."""
    return tuple(version.facts.get(LEFT_OUT, ()))


def older_money(round: Round, version: Version) -> Words | None:
    """That the amounts compared with are of an earlier year than the one before the round; None where they are not."""
    year = money_year(version.inputs)
    return None if year is None else memo.older_money(year, round.year)


@dataclass(frozen=True, slots=True)
class Sum:
    """The last line: what the rows come to."""

    change: str
    pupils: str
    crowns: str
    against: str = ""


def whole(value: float, *, signed: bool = False) -> str:
    """A whole number as the page's language writes it."""
    return formats.number(value, 0, current(), signed=signed)


def money_rows(weighed: Weighed, against: Mapping[str, int] = NOTHING) -> tuple[Group, ...]:
    """A line for each school, by area and name; with what it gets more or less by an attempt, `against` what stands."""
    found: dict[str, list[Money]] = {}
    for row in weighed.rows:
        money = _money(row, weighed.rule, against.get(row.unit.code))
        found.setdefault(weighed.area(row.unit.code), []).append(money)
    return tuple(Group(area, tuple(rows)) for area, rows in found.items())


@lru_cache(maxsize=256)
def _limit(limit: Limit, cap: float | None) -> Words:
    """Which limit holds a school, as short as a column of a table: `högst +3 %`, `golv`."""
    if limit not in ("cap_up", "cap_down") or cap is None:
        return LIMITS[limit]
    sign = "+" if limit == "cap_up" else "−"
    sv, en = (f"{sign}{saying.share(cap, of)}" for of in (Language.SV, Language.EN))
    return Words(f"högst\u00a0{sv}", f"at\u00a0most\u00a0{en}")


def _thousands(change: int | None) -> str:
    return "" if change is None else whole(change / 1000, signed=True)


def _money(row: Row, rule: Rule, against: int | None) -> Money:
    unit, last = row.unit, row.unit.last_per_pupil
    return Money(
        code=unit.code, name=unit.name, href=f"/skolor/{unit.code}/",
        change=_thousands(row.change), against=_thousands(against), proposed=whole(row.per_pupil),
        now="" if last is None else whole(last), need="" if row.need is None else whole(row.need),
        pupils=whole(unit.pupils), crowns=whole(row.crowns), limit=_limit(row.limit, rule.cap),
        independent=unit.organiser_kind is OrganiserKind.INDEPENDENT,
    )  # fmt: skip


def money_sum(weighed: Weighed, against: Mapping[str, int] = NOTHING) -> Sum:
    """What the lines come to: crowns are exactly the frame."""
    rows = weighed.outcome.rows
    changes = [row.change for row in rows if row.change is not None]
    return Sum(
        whole(sum(changes) / 1000, signed=True) if len(changes) == len(rows) else "",
        whole(sum(row.unit.pupils for row in rows)),
        whole(sum(row.crowns for row in rows)),
        _thousands(sum(against.values())) if len(against) == len(rows) else "",
    )


def freshness(found: Iterable[Age]) -> tuple[Task, ...]:
    """How old each thing is, as shape, word and colour."""
    return tuple(Task(one.input.name, State(_AGES[one.state], one.says)) for one in found)


def rule_words(weighed: Weighed) -> tuple[Words, ...]:
    """The rule in sentences."""
    return (*rule_in_words(weighed.rule, weighed.outcome.frame), memo.alike(weighed.outcome))


def kind_words(kind: str) -> Words:
    """Who runs a school."""
    return KINDS[OrganiserKind(kind)]


def stage(round: Round) -> State:
    """A round's state as shape, word and colour."""
    kinds = {"draft": "ongoing", "heard": "planned", "decided": "done", "dropped": "plain"}
    return State(kinds[round.state], str(rules.state_label(round.state)))


def kicker(round: Round, version: Version) -> str:
    """`Fördelning för kalenderåret 2026 · utkast 3 · beslut 11 december`."""
    parts = [_("Allocation for the calendar year %(year)s") % {"year": round.year}, round.form_name]
    if round.decided_at is not None:
        parts.append(
            _("decided on %(day)s") % {"day": formats.day(timezone.localtime(round.decided_at).date(), current())}
        )
        return " · ".join(parts)
    parts.append(_("draft %(n)s") % {"n": version.number})
    if round.state == "heard" and round.views_until is not None:
        parts.append(_("views until %(day)s") % {"day": formats.day(round.views_until, current())})
    if round.planned_on is not None:
        parts.append(_("decision planned on %(day)s") % {"day": formats.day(round.planned_on, current())})
    return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the reader can do now, or why it cannot be done yet."""

    label: Text
    href: str
    why_not: str = ""


def steps(user: User, round: Round, on: date) -> tuple[Step, ...]:
    """What a person who writes can do with a round now. What cannot be done yet says why."""
    pages = {"hear": "hear", "rework": "rework", "drop": "drop", "decide": "decide"}
    ways = rules.TABLE.moves_from(round.state)
    return tuple(Step(way.label, round.href(pages[way.code]), _why_not(user, round, way.code, on)) for way in ways)


def _why_not(user: User, round: Round, code: str, on: date) -> str:
    try:
        permissions.check_can_move(user, round, code, on=on)
    except (CaseError, Denied) as error:
        return str(error)
    return ""


def refresh_table(found: Refresh) -> Table:
    """What fresh grounds change, school by school, by name."""
    columns = (
        Column(_("School")), Column(_("Crowns now"), numeric=True), Column(_("Crowns after"), numeric=True),
        Column(_("Because of pupils"), numeric=True), Column(_("Because of need"), numeric=True),
        Column(_("Difference"), numeric=True),
    )  # fmt: skip
    names = Counter(row.name for row in found.rows)
    rows = tuple(
        Line(
            Cell(row.name if names[row.name] == 1 else f"{row.name} ({row.code})", href=f"/skolor/{row.code}/"),
            (
                Cell(whole(row.then)), Cell(whole(row.now)), Cell(whole(row.by_pupils, signed=True)),
                Cell(whole(row.by_need, signed=True)), Cell(whole(row.change, signed=True)),
            ),
        )
        for row in sorted(found.rows, key=lambda row: (swedish_order(row.name), row.code))
    )  # fmt: skip
    amounts = [(row.then, row.now, row.by_pupils, row.by_need, row.change) for row in found.rows]
    sums = (sum(column) for column in zip(*amounts, strict=True))
    rows = (*rows, Line(Cell(_("Sum")), tuple(Cell(whole(one, signed=n > 1)) for n, one in enumerate(sums))))
    return Table(_("What each school would get with the newest figures, in crowns"), columns, rows)


def sensitivity_table(found: Sensitivity) -> Table:
    """What moves when the round is counted in another way."""
    columns = (
        Column(_("If instead")), Column(_("Crowns that change school"), numeric=True),
        Column(_("Of the frame"), numeric=True), Column(_("Changes most a pupil")),
    )  # fmt: skip
    return Table(
        _("The same frame shared in another way, against the round"), columns, tuple(map(_varied, found.variants))
    )


def ranges_table(found: Sensitivity, doubt: Sequence[Range], called: Labels) -> Table:
    """The fewest and the most crowns of each school in any of these ways, and as far as its own index is unsure, by name."""
    names = (_("Fewest"), called.given, _("Most"), _("Index at its lowest"), _("Index at its highest"))
    columns = (Column(_("School")), *(Column(name, numeric=True) for name in names))
    ends = {one.code: one for one in doubt}
    rows = tuple(
        Line(
            Cell(one.name),
            tuple(
                Cell(whole(crowns))
                for crowns in (one.low, one.crowns, one.high, ends[one.code].low, ends[one.code].high)
            ),
        )
        for one in sorted(found.ranges, key=lambda one: (swedish_order(one.name), one.code))
    )
    return Table(
        _("Crowns to each school: over every way of counting above, and within the index's interval"), columns, rows
    )


def follows(weighed: Weighed, called: Labels) -> Table | None:
    """How closely money follows need: crowns a point, and how far the two orders agree; None where it cannot be told."""
    found = weighed.compared
    told = ((called.before, found.now), (called.given, found.proposed), (_("Without limits"), found.full))
    if any(one.slope is None or one.rank is None for _label, one in told[1:]):
        return None
    columns = (
        Column(_("Money")),
        Column(_("Crowns a pupil for ten points"), numeric=True),
        Column(_("Agreement"), numeric=True),
    )
    rows = tuple(
        Line(
            Cell(label),
            (
                Cell("–" if one.slope is None else whole(one.slope * 10, signed=True)),
                Cell("–" if one.rank is None else formats.number(one.rank, 2, current())),
            ),
        )
        for label, one in told
    )
    return Table(_("How closely money follows need. Agreement 1: the same order; 0: none."), columns, rows)


def _varied(one: Moved) -> Line:
    name = one.name[current()]
    head = Cell(name[:1].upper() + name[1:])
    if one.instead is not None:
        return Line(head, (Cell("–"), Cell("–"), Cell(one.instead)))
    share = formats.number(one.share * 100, 1, current()) + formats.percent_sign(current())
    most = _("%(school)s, %(crowns)s crowns") % {"school": one.most, "crowns": whole(one.most_per_pupil, signed=True)}
    return Line(head, (Cell(whole(one.moved)), Cell(share), Cell(most if one.moved else "–")))


def subtitle(round: Round, weighed: Weighed) -> Words:
    """What the picture shows, and that independent schools are in it."""
    every = len(weighed.units)
    other = sum(unit.organiser_kind is OrganiserKind.INDEPENDENT for unit in weighed.units)
    own = every - other
    sv = f"Kronor per elev mot behov, {own} egna skolor"
    en = f"Crowns a pupil against need, {own} own schools"
    if other:
        sv += f" och {other} fristående på samma grunder"
        en += f" and {other} independent on the same grounds"
    return Words(sv, en)


def sources(version: Version) -> tuple[Source, ...]:
    """Where a version's figures come from."""
    if version.published_on is None:
        return (Source(Words("Uppgifter i omgången", "Figures of the round"), ""),)
    sv, en = (formats.day(version.published_on, language) for language in (Language.SV, Language.EN))
    return (Source(Words(f"Siffror publicerade den {sv}", f"Figures published on {en}"), ""),)


def seen_words(value: float | None, low: float | None, high: float | None, year: int | None) -> str:
    """A figure as it was seen: value, interval and year; a dash where it was not shown."""
    if value is None:
        return "–"
    number = formats.number(value, 1, current())
    ends = (
        ""
        if low is None or high is None
        else f" ({formats.number(low, 1, current())}–{formats.number(high, 1, current())})"
    )
    return f"{number}{ends}, {year}" if year else number + ends


def use_state(use: Use, on: date) -> State:
    """How a use stands: waits, is due, cannot be told yet, or what came of it."""
    if use.state == "settled":
        kinds = {"helped": "done", "not": "failed", "unclear": "soon"}
        return State(kinds[use.outcome], str(Use.Outcome(use.outcome).label))
    if on >= use.look_on:
        return State("late", _("time to look"))
    if use.state == "again":
        return State("soon", str(rules.USES.state("again").label))
    days = (use.look_on - on).days
    return State("ongoing", ngettext("look in %(days)d day", "look in %(days)d days", days) % {"days": days})


def listed(names: Sequence[str]) -> str:
    """Names in a row."""
    return formats.listed(tuple(names), current())
