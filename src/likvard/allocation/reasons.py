"""Why a school gets what it gets, said to the school: made by rule from the row, the same sentences for all organisers."""

from __future__ import annotations

from likvard.allocation import saying
from likvard.allocation.round import Rule
from likvard.allocation.saying import EN, SV, joined
from likvard.allocation.share import Row
from likvard.figures.formats import number
from likvard.terms import Words

LEAST_TOLD = 1.0
"""Crowns a pupil below which it is not told what the limits of others give or take."""

SAME_INDEX = 0.5
"""A change of the index by less is told as none."""


def reason(row: Row, rule: Rule, before: Row | None = None) -> Words:
    """The reason of a row in a few plain sentences. `before` is the school's row in the round before, if there was one."""
    parts = (_amount(row), _change(row), _parts(row), _need(row, rule, before), _pupils(row), _limit(row, rule))
    return joined(*(words for words in parts if words is not None))


def _amount(row: Row) -> Words:
    n = row.unit.pupils
    return Words(
        f"Ni får {saying.crowns(row.crowns, SV)} för {number(n, _places(n), SV)} elever, "
        f"{saying.crowns(row.per_pupil, SV)} per elev.",
        f"You get {saying.crowns(row.crowns, EN)} for {number(n, _places(n), EN)} pupils, "
        f"{saying.crowns(row.per_pupil, EN)} a pupil.",
    )


def _places(value: float) -> int:
    return 0 if value == round(value) else 1


def _change(row: Row) -> Words:
    if row.change is None:
        return Words(
            "Det finns inget belopp för förra året att jämföra med.",
            "There is no amount from last year to compare with.",
        )
    if row.change == 0:
        return Words("Det är lika mycket som i år.", "That is as much as this year.")
    sv, en = ("mer", "more") if row.change > 0 else ("mindre", "less")
    return Words(
        f"Det är {saying.crowns(abs(row.change), SV)} {sv} än i år.",
        f"That is {saying.crowns(abs(row.change), EN)} {en} than this year.",
    )


def _parts(row: Row) -> Words:
    return Words(
        f"{saying.crowns(row.base, SV)} följer eleverna lika och {saying.crowns(row.by_need, SV)} ges efter behov.",
        f"{saying.crowns(row.base, EN)} follow the pupils alike and {saying.crowns(row.by_need, EN)} are given by need.",
    )


def _need(row: Row, rule: Rule, before: Row | None) -> Words:
    if row.need is None:
        return Words(
            "Er skola har inget eget behovsindex och räknas som snittet.",
            "Your school has no need index of its own and counts as the mean.",
        )
    year_sv = f" (uppgifter från {rule.of_year})" if rule.of_year else ""
    year_en = f" (data from {rule.of_year})" if rule.of_year else ""
    now = Words(
        f"Ert behovsindex är {number(row.need, 0, SV)}{year_sv}; snittet är 100.",
        f"Your need index is {number(row.need, 0, EN)}{year_en}; the mean is 100.",
    )
    return now if before is None or before.need is None else joined(now, _need_before(row.need, before.need))


def _need_before(now: float, before: float) -> Words:
    if abs(now - before) < SAME_INDEX:
        return Words("Det är oförändrat sedan förra omgången.", "It is unchanged since the last round.")
    sv, en = ("ökat", "risen") if now > before else ("minskat", "fallen")
    return Words(
        f"Det har {sv} från {number(before, 0, SV)} sedan förra omgången.",
        f"It has {en} from {number(before, 0, EN)} since the last round.",
    )


def _pupils(row: Row) -> Words | None:
    if row.unit.last_pupils is None:
        return None
    change = row.unit.pupils - row.unit.last_pupils
    places = _places(change)
    if round(change, places) == 0:
        return Words("Ni har lika många elever som förra året.", "You have as many pupils as last year.")
    sv, en = ("fler", "more") if change > 0 else ("färre", "fewer")
    return Words(
        f"Ni har {number(abs(change), places, SV)} {sv} elever än förra året.",
        f"You have {number(abs(change), places, EN)} {en} {'pupil' if abs(change) == 1 else 'pupils'} than last year.",
    )


def _limit(row: Row, rule: Rule) -> Words | None:
    """What holds the school, and what it gives or takes; or what the limits of others do."""
    held = {
        "floor": ("Golvet per elev", "The floor a pupil", rule.floor or 0),
        "ceiling": ("Taket per elev", "The ceiling a pupil", rule.ceiling or 0),
    }
    if row.limit in held:
        sv, en, amount = held[row.limit]
        about = Words(f"{sv} är {saying.crowns(amount, SV)}.", f"{en} is {saying.crowns(amount, EN)}.")
    elif row.limit:
        up = row.limit == "cap_up"
        about = Words(
            f"Pengarna per elev får {'öka' if up else 'minska'} högst {saying.share(rule.cap or 0, SV)} på ett år.",
            f"The money a pupil may {'rise' if up else 'fall'} by at most {saying.share(rule.cap or 0, EN)} in a year.",
        )
    elif abs(row.by_limits) < LEAST_TOLD * row.unit.pupils:
        return None
    else:
        about = Words("Gränser för andra skolor påverkar er.", "Limits of other schools affect you.")
    return joined(about, _without(row))


def _without(row: Row) -> Words:
    if not row.by_limits:
        return Words("", "")
    sv, en = ("mer", "more") if row.by_limits > 0 else ("mindre", "less")
    return Words(
        f"Ni får {saying.crowns(abs(row.by_limits), SV)} {sv} än utan gränser.",
        f"You get {saying.crowns(abs(row.by_limits), EN)} {en} than without limits.",
    )
