"""The memo of a round as plain data: headings, paragraphs and tables, which a page or a PDF lays out.

It holds everything that a reader needs to count again: the rule, the inputs with their age, a row for every school whoever
runs it, and how rounding was done. Numbers in tables are numbers; texts are in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from likvard.allocation import compare, saying, staleness, years
from likvard.allocation.limits import Limit
from likvard.allocation.reasons import reason
from likvard.allocation.round import Round, Rule
from likvard.allocation.saying import EN, SV
from likvard.allocation.sensitivity import Moved, Sensitivity
from likvard.allocation.share import Outcome, Row
from likvard.allocation.staleness import Calibration
from likvard.figures.formats import number
from likvard.figures.measures import swedish_order
from likvard.terms import Language, OrganiserKind, Words


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3; the title of the memo is level 1."""

    level: Literal[2, 3]
    text: Words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    text: Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and how many decimals its numbers have; None for text. `signed` numbers have their sign."""

    heading: Words
    places: int | None = None
    signed: bool = False


Value = Words | str | float | int | None
"""What stands in a cell; None where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; every row has a value for each column. `total` is the last row: a sum, or nothing."""

    caption: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()


Block = Heading | Paragraph | Table

LIMITS: dict[Limit, Words] = {
    "": Words("", ""),
    "floor": Words("golv", "floor"),
    "ceiling": Words("tak", "ceiling"),
    "cap_up": Words("högsta ökning", "highest rise"),
    "cap_down": Words("högsta minskning", "highest fall"),
}
"""What each limit is called in a table."""

KINDS: dict[OrganiserKind, Words] = {
    OrganiserKind.MUNICIPAL: Words("kommunal", "municipal"),
    OrganiserKind.INDEPENDENT: Words("fristående", "independent"),
    OrganiserKind.REGIONAL: Words("regional", "regional"),
    OrganiserKind.STATE: Words("statlig", "state"),
}
"""Who runs a school, in a table."""


def content(
    round: Round,
    outcome: Outcome,
    on: date,
    *,
    sensitivity: Sensitivity | None = None,
    calibration: Calibration | None = None,
    decided: bool = False,
) -> tuple[Block, ...]:
    """The memo of a round on a day: lead, rule, inputs, money against need, all schools, how it was counted, reasons.

    `calibration` is how the model of need fits the newest results, if that is known. `decided` says that it is no proposal.
    """
    return (
        *_lead(outcome),
        *_compared_with(round, outcome),
        Heading(2, Words("Regeln", "The rule")),
        *(Paragraph(words) for words in (*rule_in_words(outcome.rule, outcome.frame), alike(outcome))),
        *_inputs(round, on, calibration),
        *_need(round, outcome, decided),
        Heading(2, Words("Alla skolor", "All schools")),
        schools(outcome),
        *(_varied(sensitivity) if sensitivity is not None else ()),
        Heading(2, Words("Så har vi räknat", "How it was counted")),
        *(Paragraph(words) for words in HOW),
        Heading(2, Words("Skäl till varje skola", "The reason of each school")),
        *(block for row in _ordered(outcome) for block in _reason(row, outcome.rule, round.compared_with)),
    )


def _ordered(outcome: Outcome) -> list[Row]:
    """By name, in Swedish order: never by need or money."""
    return sorted(outcome.rows, key=lambda row: (swedish_order(row.unit.name), row.unit.code))


def _lead(outcome: Outcome) -> tuple[Block, ...]:
    units = len(outcome.rows)
    independent = sum(1 for row in outcome.rows if row.unit.organiser_kind is OrganiserKind.INDEPENDENT)
    on_same = (
        Words(
            f" {saying.schools(independent, SV).capitalize()} är fristående och räknas på samma grunder.",
            f" Of them {independent} {'is' if independent == 1 else 'are'} independent and counted on the same grounds.",
        )
        if independent
        else Words("", "")
    )
    words = Words(
        f"{saying.crowns(outcome.frame, SV)} fördelas till {saying.schools(units, SV)}.{on_same.sv}",
        f"{saying.crowns(outcome.frame, EN)} are shared among {saying.schools(units, EN)}.{on_same.en}",
    )
    return (Paragraph(words), *(Paragraph(message) for message in outcome.messages))


def _compared_with(round: Round, outcome: Outcome) -> tuple[Block, ...]:
    told = older_money(round.compared_with, round.calendar_year)
    known = any(row.unit.last is not None for row in outcome.rows)
    return (Paragraph(told),) if told is not None and known else ()


def older_money(year: int, calendar_year: int) -> Words | None:
    """That the money compared with is of an earlier year than the one before the round's; None where it is of that year."""
    if year == calendar_year - 1:
        return None
    return Words(
        f"Beloppen att jämföra med är från {year}. Belopp för {calendar_year - 1} finns inte än.",
        f"The amounts to compare with are from {year}. Amounts for {calendar_year - 1} are not there yet.",
    )


def rule_in_words(rule: Rule, frame: int) -> tuple[Words, ...]:
    """The rule in sentences, one for each thing that it sets."""
    by_need = saying.share(rule.share, SV), saying.share(rule.share, EN)
    found = [
        Words(
            f"Ramen är {saying.crowns(frame, SV)}. {by_need[0]} fördelas efter behov, resten lika per elev.",
            f"The frame is {saying.crowns(frame, EN)}. {by_need[1]} are shared by need, the rest alike for every pupil.",
        ),
        _source(rule),
    ]
    if rule.base is not None:
        found.append(
            Words(
                f"Grundbeloppet är {saying.crowns(rule.base, SV)} per elev; ramen följer av det.",
                f"The base amount is {saying.crowns(rule.base, EN)} a pupil; the frame follows from it.",
            )
        )
    if rule.floor is not None:
        amount = saying.crowns(rule.floor, SV), saying.crowns(rule.floor, EN)
        found.append(
            Words(f"Ingen skola får mindre än {amount[0]} per elev.", f"No school gets less than {amount[1]} a pupil.")
        )
    if rule.ceiling is not None:
        amount = saying.crowns(rule.ceiling, SV), saying.crowns(rule.ceiling, EN)
        found.append(
            Words(f"Ingen skola får mer än {amount[0]} per elev.", f"No school gets more than {amount[1]} a pupil.")
        )
    if rule.cap is not None:
        cap = saying.share(rule.cap, SV), saying.share(rule.cap, EN)
        found.append(
            Words(
                f"Pengarna per elev ändras högst {cap[0]} på ett år, uppåt och nedåt.",
                f"The money a pupil changes by at most {cap[1]} in a year, up or down.",
            )
        )
    return tuple(found)


def alike(outcome: Outcome) -> Words:
    """What follows every pupil alike, and what an average pupil's need adds to it."""
    pupils = sum(row.unit.pupils for row in outcome.rows)
    base, need = (sum(getattr(row, part) for row in outcome.rows) / pupils for part in ("base", "by_need"))
    return Words(
        f"Varje elev ger {saying.crowns(base, SV)} i grundbelopp, och i snitt {saying.crowns(need, SV)} efter behov.",
        f"Every pupil brings {saying.crowns(base, EN)} as the base amount, and on average {saying.crowns(need, EN)} by need.",
    )


def _source(rule: Rule) -> Words:
    year = Words(f", uppgifter från {rule.of_year}", f", data from {rule.of_year}") if rule.of_year else Words("", "")
    if rule.source == "stated":
        return Words(
            f"Behovet är statistikmyndighetens index{year.sv}.", f"Need is the statistics office's index{year.en}."
        )
    return Words(f"Behovet är modellens index{year.sv}.", f"Need is the model's index{year.en}.")


def _inputs(round: Round, on: date, calibration: Calibration | None) -> tuple[Block, ...]:
    if not round.inputs:
        return ()
    ages = staleness.ages(round.inputs, on)
    told = staleness.warning(ages)
    rows = tuple((a.input.name, "–" if a.input.of is None else str(a.input.of), a.says) for a in ages)
    columns = (
        Column(Words("Uppgift", "Input")),
        Column(Words("Gäller", "As of")),
        Column(Words("Ålder", "Age")),
    )
    caption = Words(
        f"Uppgifternas ålder. Gränsen är {staleness.TOO_OLD} månader.",
        f"Age of the inputs. The limit is {staleness.TOO_OLD} months.",
    )
    heading = Heading(2, Words("Hur färska är uppgifterna?", "How fresh are the inputs?"))
    lines = [words for words in (told, calibration.says if calibration else None) if words is not None]
    return (heading, *(Paragraph(words) for words in lines), Table(caption, columns, rows))


def _need(round: Round, outcome: Outcome, decided: bool) -> tuple[Block, ...]:
    found = compare.compare(outcome)
    lines = [_slope(found, round.compared_with, decided)]
    held = years.says(years.held_until([row.unit for row in outcome.rows], outcome.rule, round.calendar_year))
    if held is not None:
        lines.append(held)
    unseen = compare.unseen_need(outcome.rows)
    if unseen:
        sv, en = (saying.names([one.unit.name for one in unseen], language) for language in (SV, EN))
        lines.append(
            Words(
                f"Har behov över snittet men får inget extra: {sv}.",
                f"Have need above the mean but get nothing extra: {en}.",
            )
        )
    little = compare.little_known(outcome.rows)
    if little:
        sv, en = (saying.names([one.unit.name for one in little], language) for language in (SV, EN))
        lines.append(
            Words(f"Behovet är okänt eller bara delvis känt: {sv}.", f"Need is unknown or known only in part: {en}.")
        )
    heading = Heading(2, Words("Följer pengarna behoven?", "Does the money follow the needs?"))
    return (heading, *(Paragraph(words) for words in lines))


def _slope(found: compare.Compared, year: int, decided: bool) -> Words:
    if found.proposed.slope is None:
        return Words(
            "Det finns för få skolor med känt behov för att jämföra.",
            "There are too few schools of known need to compare.",
        )
    by = Words("enligt beslutet", "by the decision") if decided else Words("med förslaget", "with the proposal")
    sv = f"Tio steg högre behov motsvarar {saying.crowns(10 * found.proposed.slope, SV, signed=True)} per elev {by.sv}"
    en = f"Ten points more need goes with {saying.crowns(10 * found.proposed.slope, EN, signed=True)} a pupil {by.en}"
    if found.now.slope is not None:
        sv += f", mot {saying.crowns(10 * found.now.slope, SV, signed=True)} år {year}"
        en += f", against {saying.crowns(10 * found.now.slope, EN, signed=True)} in {year}"
    return Words(sv + ".", en + ".")


_Cell = Callable[[Row], Value]

_COLUMNS: Sequence[tuple[Column, _Cell, bool]] = (
    (Column(Words("Skola", "School")), lambda row: row.unit.name, False),
    (Column(Words("Huvudman", "Organiser")), lambda row: KINDS[row.unit.organiser_kind], False),
    (Column(Words("Elever", "Pupils"), 0), lambda row: row.unit.pupils, True),
    (Column(Words("Behov", "Need"), 0), lambda row: row.need, False),
    (Column(Words("Lika", "Alike"), 0), lambda row: row.base, True),
    (Column(Words("Efter behov", "By need"), 0), lambda row: row.by_need, True),
    (Column(Words("Avsatt", "Set apart"), 0), lambda row: row.set_apart, True),
    (Column(Words("Av gränser", "By limits"), 0, signed=True), lambda row: row.by_limits, True),
    (Column(Words("Kronor", "Crowns"), 0), lambda row: row.crowns, True),
    (Column(Words("Per elev", "A pupil"), 0), lambda row: row.per_pupil, False),
    (Column(Words("Ändring", "Change"), 0, signed=True), lambda row: row.change, True),
    (Column(Words("Gräns", "Limit")), lambda row: LIMITS[row.limit], False),
)
"""The columns of the table of schools: what stands in a row, and whether it has a sum."""

_MAY_BE_EMPTY = ("Set apart", "By limits", "Change", "Limit")


def schools(outcome: Outcome) -> Table:
    """Every school's row, by name, with a sum that is exactly the frame; without columns that have nothing to say."""
    rows = _ordered(outcome)
    shown = [one for one in _COLUMNS if one[0].heading.en not in _MAY_BE_EMPTY or any(_says(one[1](r)) for r in rows)]
    cells = tuple(tuple(cell(row) for _, cell, _ in shown) for row in rows)
    sums = (_sum([cell(row) for row in rows]) if summed else None for _, cell, summed in shown[1:])
    total = (Words("Summa", "Sum"), *sums)
    return Table(Words("Kronor till varje skola", "Crowns to each school"), tuple(c for c, _, _ in shown), cells, total)


def _says(value: Value) -> bool:
    return value not in (None, 0, LIMITS[""])


def _sum(values: Sequence[Value]) -> float | int | None:
    """The sum of numbers; None if one of them is not there, for then it would be the sum of something else."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return sum(numbers) if len(numbers) == len(values) else None


def _varied(found: Sensitivity) -> tuple[Block, ...]:
    columns = (
        Column(Words("Om i stället", "If instead")),
        Column(Words("Kronor som byter skola", "Crowns that change school"), 0),
        Column(Words("Andel av ramen, %", "Share of the frame, %"), 1),
        Column(Words("Ändras mest per elev", "Changes most a pupil")),
    )
    rows = tuple(
        (m.name, None, None, m.instead) if m.instead else (m.name, m.moved, 100 * m.share, _most(m))
        for m in found.variants
    )
    caption = Words("Samma ram fördelad på annat sätt", "The same frame shared in another way")
    return (Heading(2, Words("Hur känsligt är det?", "How sensitive is it?")), Table(caption, columns, rows))


def _most(moved: Moved) -> Words:
    """The school that changes most a pupil, and by how much; nothing where nothing moves."""
    if not moved.moved:
        return Words("", "")
    sv, en = (saying.crowns(moved.most_per_pupil, language, signed=True) for language in (SV, EN))
    return Words(f"{moved.most}, {sv}", f"{moved.most}, {en}")


HOW: Sequence[Words] = (
    Words(
        "En skolas del av pengarna efter behov är dess elever gånger dess index, delat med summan av detsamma för alla skolor.",
        "A school's part of the money by need is its pupils times its index, divided by the sum of the same over all schools.",
    ),
    Words(
        "När en gräns håller en skola delas skillnaden lika per elev mellan alla skolor som ingen gräns håller.",
        "Where a limit holds a school, the difference is shared alike for every pupil of the schools that no limit holds.",
    ),
    Words(
        "Beloppen avrundas nedåt till hela kronor. De kronor som blir över går en och en till skolorna med störst rest; "
        "vid lika rest först till lägst skolenhetskod.",
        "Amounts are rounded down to whole crowns. The crowns left over go one by one to the schools with the largest "
        "remainder; of equal remainders, the lower unit code first.",
    ),
)


def _reason(row: Row, rule: Rule, since: int) -> tuple[Block, ...]:
    return (Heading(3, Words(row.unit.name, row.unit.name)), Paragraph(reason(row, rule, since=since)))


def written(value: Value, column: Column, language: Language) -> str:
    """A cell's value as text in a language: what a page, a PDF and a terminal show alike."""
    if value is None:
        return ""
    if isinstance(value, Words):
        return value[language]
    if isinstance(value, str):
        return value
    return number(value, column.places or 0, language, signed=column.signed)
