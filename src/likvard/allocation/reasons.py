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


def reason(row: Row, rule: Rule, before: Row | None = None, *, since: int | None = None) -> Words:
    """The reason of a row in a few plain sentences. `before` is the school's row in the round before, if there was one.

    `since` is the year that the row's `last` is of, named where it is known.
    """
    year = Words("året före", "the year before") if since is None else Words(str(since), str(since))
    parts = (
        _amount(row),
        _change(row, year),
        _parts(row),
        _need(row, rule, before),
        _pupils(row, year),
        _limit(row, rule),
    )
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
    return 0 if abs(value - round(value)) < 0.05 else 1


def _change(row: Row, year: Words) -> Words:
    if row.change is None:
        return Words(
            f"Det finns inget belopp för {year.sv} att jämföra med.",
            f"There is no amount of {year.en} to compare with.",
        )
    if row.change == 0:
        return Words(f"Det är lika mycket som {year.sv}.", f"That is as much as {year.en}.")
    sv, en = ("mer", "more") if row.change > 0 else ("mindre", "less")
    return Words(
        f"Det är {saying.about(abs(row.change), SV)} {sv} än {year.sv}.",
        f"That is {saying.about(abs(row.change), EN)} {en} than {year.en}.",
    )


def _parts(row: Row) -> Words:
    parts = Words(
        f"{saying.about(row.base, SV)} följer eleverna lika och {saying.about(row.by_need, SV)} ges efter behov.",
        f"{saying.about(row.base, EN)} follow the pupils alike and {saying.about(row.by_need, EN)} are given by need.",
    )
    if not row.set_apart:
        return parts
    apart = Words(
        f"{saying.about(row.set_apart, SV)} är avsatta för er skola.",
        f"{saying.about(row.set_apart, EN)} are set apart for your school.",
    )
    return joined(parts, apart)


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


def _pupils(row: Row, year: Words) -> Words | None:
    if row.unit.last_pupils is None:
        return None
    change = row.unit.pupils - row.unit.last_pupils
    places = _places(change)
    if round(change, places) == 0:
        return Words(f"Ni har lika många elever som {year.sv}.", f"You have as many pupils as {year.en}.")
    sv, en = ("fler", "more") if change > 0 else ("färre", "fewer")
    return Words(
        f"Ni har {number(abs(change), places, SV)} {sv} elever än {year.sv}.",
        f"You have {number(abs(change), places, EN)} {en} {'pupil' if abs(change) == 1 else 'pupils'} than {year.en}.",
    )


def _limit(row: Row, rule: Rule) -> Words | None:
    """What holds the school, and what it gives or takes; or what the limits of others do."""
    own = _own_limit(row, rule)
    others = Words("Gränser för andra skolor påverkar er.", "Limits of other schools affect you.")
    if own is None:
        return None if abs(row.by_limits) < LEAST_TOLD * row.unit.pupils else joined(others, _without(row))
    against = row.by_limits < 0 if row.limit in ("floor", "cap_down") else row.by_limits > 0
    return joined(others, own, _without(row)) if against else joined(own, _without(row))


def _own_limit(row: Row, rule: Rule) -> Words | None:
    if not row.limit:
        return None
    if row.limit in ("floor", "ceiling"):
        low = row.limit == "floor"
        amount = (rule.floor if low else rule.ceiling) or 0
        return Words(
            f"Ingen skola får {'mindre' if low else 'mer'} än {saying.crowns(amount, SV)} per elev.",
            f"No school gets {'less' if low else 'more'} than {saying.crowns(amount, EN)} a pupil.",
        )
    up = row.limit == "cap_up"
    return Words(
        f"Pengarna per elev får {'öka' if up else 'minska'} högst {saying.share(rule.cap or 0, SV)} på ett år.",
        f"The money a pupil may {'rise' if up else 'fall'} by at most {saying.share(rule.cap or 0, EN)} in a year.",
    )


def _without(row: Row) -> Words:
    if not row.by_limits:
        return Words("", "")
    sv, en = ("mer", "more") if row.by_limits > 0 else ("mindre", "less")
    return Words(
        f"Ni får {saying.about(abs(row.by_limits), SV)} {sv} än utan gränser.",
        f"You get {saying.about(abs(row.by_limits), EN)} {en} than without limits.",
    )
