"""What a reader must know about a sharing: whose need is unknown, what the limits do, where the cap does not apply."""

from __future__ import annotations

from collections.abc import Sequence

from likvard.allocation import saying
from likvard.allocation.outcome import Row
from likvard.allocation.round import Rule
from likvard.allocation.saying import EN, SV
from likvard.terms import Words


def messages(rows: Sequence[Row], rule: Rule, shift: float) -> tuple[Words, ...]:
    """The messages that there are, in order. `shift` is the crowns a pupil that the limits give the units they do not hold."""
    found = (_unknown(rows, rule), _limited(rows, shift), _new(rows, rule))
    return tuple(words for words in found if words is not None)


def _unknown(rows: Sequence[Row], rule: Rule) -> Words | None:
    names = [row.unit.name for row in rows if row.need is None]
    if not (names and rule.share):
        return None
    return Words(
        f"{saying.names(names, SV)} har inget behovsindex och räknas som snittet.",
        f"{saying.names(names, EN)} {'has' if len(names) == 1 else 'have'} no need index and "
        f"{'counts' if len(names) == 1 else 'count'} as the mean.",
    )


def _limited(rows: Sequence[Row], shift: float) -> Words | None:
    held = sum(1 for row in rows if row.limit)
    if not held:
        return None
    moved = sum(abs(row.by_limits) for row in rows) // 2
    about = Words(
        f"Gränserna håller {saying.schools(held, SV)} och flyttar {saying.about(moved, SV)}.",
        f"The limits hold {saying.schools(held, EN)} and move {saying.about(moved, EN)}.",
    )
    if not round(shift):
        return about
    sv, en = ("mer", "more") if shift > 0 else ("mindre", "less")
    others = Words(
        f"De andra får {saying.crowns(abs(shift), SV)} {sv} per elev.",
        f"The others get {saying.crowns(abs(shift), EN)} {en} a pupil.",
    )
    return saying.joined(about, others)


def _new(rows: Sequence[Row], rule: Rule) -> Words | None:
    names = [row.unit.name for row in rows if row.unit.last is None]
    if rule.cap is None or not names:
        return None
    return Words(
        f"{saying.names(names, SV)} saknar kronor från året före, så högsta ändringen gäller inte där.",
        f"{saying.names(names, EN)} {'has' if len(names) == 1 else 'have'} no crowns of the year before, "
        "so the highest change does not apply there.",
    )
