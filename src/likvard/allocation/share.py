"""Share a frame by pupils and need, within limits, to the last crown.

Without limits a unit's share is  a + (F − Σa) · ((1 − s) · n / Σn + s · w·n / Σw·n)  with the frame F, pupils n, need w, the
share by need s, and a what is set apart for the unit.
Limits bind some units; all others then get the same number of crowns a pupil more or less, so that among them an index
point is worth what the rule says. That is the point within the limits nearest to the unlimited shares (least squares of
crowns a pupil, weighted by pupils), found by pegging (Bitran & Hax 1981, Management Science 27: 431). Everything is
whole-number arithmetic; rounding is by largest remainder (Hamilton's method), ties to the lower code. What follows from
that, and why, stands in docs/allocation.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from likvard.allocation import saying
from likvard.allocation.errors import AllocationError
from likvard.allocation.limits import MILLION, THOUSAND, Bounds, Limit, bounds, check, millionths, thousandths
from likvard.allocation.round import Rule, Unit, need_of
from likvard.allocation.saying import EN, SV
from likvard.terms import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a unit gets. `crowns` = `base` + `by_need` + `set_apart` + `by_limits`.

    `base` follows every pupil alike, `by_need` is the unit's part of what need shares, `set_apart` what is the unit's before
    anything is shared, and `full` the three together: what the unit would get with no limits. `by_limits` is what the limits, its own and those of others, give or take. `limit`
    names the unit's own limit where it holds the unit. `need` is the index with the frame's mean as 100, None where unknown
    (then the unit counts as the mean). `change` is crowns against the year before, `change_per_pupil` crowns a pupil.
    """

    unit: Unit
    crowns: int
    base: int
    by_need: int
    full: int
    limit: Limit
    need: float | None

    @property
    def set_apart(self) -> int:
        """Crowns that are the unit's before anything is shared."""
        return self.unit.set_apart

    @property
    def by_limits(self) -> int:
        """Crowns that the limits give (or take, below zero)."""
        return self.crowns - self.full

    @property
    def per_pupil(self) -> float:
        """Crowns a pupil."""
        return self.crowns / self.unit.pupils

    @property
    def change(self) -> int | None:
        """Crowns against the year before; None for a unit that was not there."""
        return None if self.unit.last is None else self.crowns - self.unit.last

    @property
    def change_per_pupil(self) -> float | None:
        """Crowns a pupil against the year before; None for a unit that was not there."""
        last = self.unit.last_per_pupil
        return None if last is None else self.per_pupil - last


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A shared frame: a row per unit in the order given, their sum exactly `frame`.

    `bound` counts the units held by a limit; `shift` is the crowns a pupil that the limits give (or take from) every other
    unit; `per_point` the crowns a pupil that an index point is worth. `messages` say what a reader must know about it.
    """

    rows: tuple[Row, ...]
    frame: int
    rule: Rule
    bound: int
    shift: float
    per_point: float
    messages: tuple[Words, ...]


def frame_of(units: Sequence[Unit], rule: Rule) -> int:
    """The crowns to share: the rule's frame, or what its base amount makes of the pupils there are."""
    if rule.frame is not None:
        return rule.frame
    left = MILLION - millionths(rule.share)
    numerator, denominator = (rule.base or 0) * _pupils(units) * MILLION, THOUSAND * left
    return (2 * numerator + denominator) // (2 * denominator) + _set_apart(units)


def allocate(units: Sequence[Unit], rule: Rule) -> Outcome:
    """Share the frame. Raises `AllocationError` where the wish is impossible, saying by how much and what to do.

    Guaranteed, and tested: the crowns sum to the frame; floor, ceiling and cap hold to the nearest crown of the unit; more
    need for a unit, all else equal, never gives it fewer crowns; at equal limits more need never gives fewer crowns a pupil
    (to the crown).
    """
    _check_units(units)
    frame = frame_of(units, rule)
    scale = _scale(units, rule)
    shared = _left_to_share(units, frame)
    wished, parts = _wished(units, rule, shared, scale)
    found = [bounds(unit, rule, frame) for unit in units]
    check(units, rule, frame, found)
    codes = [unit.code for unit in units]
    full = rounded(wished, parts, frame, codes)
    crowns, held, shift = _within(wished, parts, found, [thousandths(u.pupils) for u in units], frame, codes)
    base = _base(units, rule, shared, codes)
    rows = tuple(
        _row(u, f, c, min(b, f - u.set_apart), limit, scale, need_of(u, rule))
        for u, f, c, b, limit in zip(units, full, crowns, base, held, strict=True)
    )
    per_point = rule.share * shared / (_pupils(units) / THOUSAND) / 100 * (_known_pupils(units, rule) > 0)
    return Outcome(
        rows=rows,
        frame=frame,
        rule=rule,
        bound=sum(1 for limit in held if limit),
        shift=shift,
        per_point=per_point,
        messages=_messages(rows, rule, shift),
    )


def _check_units(units: Sequence[Unit]) -> None:
    codes = [unit.code for unit in units]
    twice = sorted(code for code, times in Counter(codes).items() if times > 1)
    if not units:
        raise AllocationError(
            Words("Det finns inga skolor att fördela till.", "There are no units to share among."),
            Words("Ange minst en.", "Give at least one."),
        )
    if twice:
        raise AllocationError(
            Words(f"Samma skola står två gånger: {', '.join(twice)}.", f"A unit comes twice: {', '.join(twice)}."),
            Words("Ta bort den ena raden.", "Remove one of the rows."),
        )


def _set_apart(units: Sequence[Unit]) -> int:
    return sum(unit.set_apart for unit in units)


def _left_to_share(units: Sequence[Unit], frame: int) -> int:
    apart = _set_apart(units)
    if apart > frame:
        raise AllocationError(
            Words(
                f"{saying.crowns(apart, SV)} är avsatta men ramen är {saying.crowns(frame, SV)}. "
                f"Det fattas {saying.crowns(apart - frame, SV)}.",
                f"{saying.crowns(apart, EN)} are set apart but the frame is {saying.crowns(frame, EN)}. "
                f"{saying.crowns(apart - frame, EN)} are missing.",
            ),
            Words("Sätt av mindre eller höj ramen.", "Set less apart, or raise the frame."),
        )
    return frame - apart


def _pupils(units: Sequence[Unit]) -> int:
    return sum(thousandths(unit.pupils) for unit in units)


def _known_pupils(units: Sequence[Unit], rule: Rule) -> int:
    return sum(thousandths(unit.pupils) for unit in units if need_of(unit, rule) is not None)


def _weighted(units: Sequence[Unit], rule: Rule) -> int:
    """Σ w·n over the units whose index is known."""
    needs = ((unit, need_of(unit, rule)) for unit in units)
    return sum(thousandths(unit.pupils) * thousandths(need) for unit, need in needs if need is not None)


def _scale(units: Sequence[Unit], rule: Rule) -> float:
    """What an index is multiplied by to make the frame's pupil-weighted mean 100; 0 where nothing is known."""
    weighted = _weighted(units, rule)
    return 100 * THOUSAND * _known_pupils(units, rule) / weighted if weighted else 0.0


def _wished(units: Sequence[Unit], rule: Rule, shared: int, scale: float) -> tuple[list[int], int]:
    """The unlimited shares as numerators over one denominator. A unit of unknown need gets the mean."""
    if rule.share and not scale:
        raise AllocationError(
            Words(
                f"{saying.share(rule.share, SV)} ska fördelas efter behov, men ingen skola har ett behovsindex över noll.",
                f"{saying.share(rule.share, EN)} is to be shared by need, but no unit has a need index above zero.",
            ),
            Words("Läs in ett index, eller sätt andelen till noll.", "Read in an index, or set the share to zero."),
        )
    by_need, weighted, known = (
        millionths(rule.share),
        _weighted(units, rule) if rule.share else 1,
        _known_pupils(units, rule),
    )
    parts = MILLION * _pupils(units) * weighted

    def numerator(unit: Unit) -> int:
        need = need_of(unit, rule) if by_need else None
        mean = MILLION * weighted
        each = mean if need is None else mean - by_need * (weighted - known * thousandths(need))
        return shared * thousandths(unit.pupils) * each + unit.set_apart * parts

    return [numerator(unit) for unit in units], parts


def _base(units: Sequence[Unit], rule: Rule, shared: int, codes: Sequence[str]) -> list[int]:
    """The part that follows every pupil alike, in whole crowns."""
    left = MILLION - millionths(rule.share)
    pot = shared * left // MILLION
    return rounded([pot * thousandths(u.pupils) for u in units], _pupils(units), pot, codes)


def rounded(numerators: Sequence[int], denominator: int, total: int, codes: Sequence[str]) -> list[int]:
    """Whole numbers that sum to `total`, by largest remainder; ties go to the lower code.

    The numerators over the denominator must sum to `total`, which must be whole.
    """
    whole = [numerator // denominator for numerator in numerators]
    left = total - sum(whole)
    order = sorted(range(len(whole)), key=lambda i: (-(numerators[i] % denominator), codes[i]))
    for i in order[:left]:
        whole[i] += 1
    return whole


def _within(
    wished: Sequence[int], parts: int, found: Sequence[Bounds], pupils: Sequence[int], frame: int, codes: Sequence[str]
) -> tuple[list[int], list[Limit], float]:
    """Whole crowns within the limits, which limit holds each unit, and the crowns a pupil that the others share.

    Units are pegged at their limits until none is outside: each pass spreads what is left evenly per pupil over the free
    units, and pegs those above (or those below) their limits, whichever side is further off in crowns.
    """
    crowns, held = [0] * len(wished), [""] * len(wished)
    free = list(range(len(wished)))
    left = frame
    while free:
        heads = sum(pupils[i] for i in free)
        over = left * parts - sum(wished[i] for i in free)
        denominator = parts * heads
        wanted = {i: wished[i] * heads + pupils[i] * over for i in free}
        above = [i for i in free if wanted[i] > found[i].high * denominator]
        below = [i for i in free if wanted[i] < found[i].low * denominator]
        excess = sum(wanted[i] - found[i].high * denominator for i in above)
        lack = sum(found[i].low * denominator - wanted[i] for i in below)
        pegged = ([] if excess < lack else above) + ([] if lack < excess else below)
        if not pegged:
            for i, whole in zip(
                free, rounded([wanted[i] for i in free], denominator, left, [codes[i] for i in free]), strict=True
            ):
                crowns[i] = whole
            return crowns, held, over * THOUSAND / denominator  # type: ignore[return-value]
        for i in pegged:
            up = wanted[i] > found[i].high * denominator
            crowns[i], held[i] = (found[i].high, found[i].why_high) if up else (found[i].low, found[i].why_low)
            left -= crowns[i]
        free = [i for i in free if not held[i]]
    return crowns, held, 0.0  # type: ignore[return-value]


def _row(unit: Unit, full: int, crowns: int, base: int, limit: Limit, scale: float, need: float | None) -> Row:
    return Row(
        unit=unit,
        crowns=crowns,
        base=base,
        by_need=full - base - unit.set_apart,
        full=full,
        limit=limit,
        need=None if need is None or not scale else need * scale,
    )


def _messages(rows: Sequence[Row], rule: Rule, shift: float) -> tuple[Words, ...]:
    found = (_unknown(rows), _limited(rows, shift), _new(rows, rule))
    return tuple(words for words in found if words is not None)


def _unknown(rows: Sequence[Row]) -> Words | None:
    names = [row.unit.name for row in rows if row.need is None]
    if not names:
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
        f"{saying.names(names, EN)} {'has' if len(names) == 1 else 'have'} no crowns of the year before, so the highest change does not apply there.",
    )
