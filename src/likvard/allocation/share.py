"""Share a frame by pupils and need, within limits, to the last crown.

Without limits a unit's share is  a + (F − Σa) · ((1 − s) · n / Σn + s · w·n / Σw·n)  with the frame F, pupils n, need w, the
share by need s, and a what is set apart for the unit.
Limits bind some units; all others then get the same number of crowns a pupil more or less, so that among them an index
point is worth what the rule says. Everything is whole-number arithmetic; rounding is by largest remainder (Hamilton's
method), ties to the lower code. What follows from that, and why, stands in docs/allocation.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from likvard.allocation import saying
from likvard.allocation.errors import AllocationError
from likvard.allocation.limits import MILLION, THOUSAND, Limit, bounds, check, millionths, thousandths
from likvard.allocation.messages import messages
from likvard.allocation.outcome import Outcome, Row
from likvard.allocation.pegging import Wish, rounded, settle
from likvard.allocation.round import Rule, Unit, need_of
from likvard.allocation.saying import EN, SV
from likvard.terms import Words

__all__ = ["AllocationError", "Outcome", "Row", "allocate", "frame_of"]


def frame_of(units: Sequence[Unit], rule: Rule) -> int:
    """The crowns to share: the rule's frame, or what its base amount makes of the pupils there are."""
    if rule.frame is not None:
        return rule.frame
    pupils = sum(thousandths(unit.pupils) for unit in units)
    numerator, denominator = (rule.base or 0) * pupils * MILLION, THOUSAND * (MILLION - millionths(rule.share))
    return (2 * numerator + denominator) // (2 * denominator) + sum(unit.set_apart for unit in units)


def allocate(units: Sequence[Unit], rule: Rule) -> Outcome:
    """Share the frame. Raises `AllocationError` where the wish is impossible, saying by how much and what to do.

    Guaranteed, and tested: the crowns sum to the frame; floor, ceiling and cap hold to the nearest crown of the unit; more
    need for a unit, all else equal, never gives it fewer crowns; at equal limits more need never gives fewer crowns a pupil
    (to the crown).
    """
    _check_units(units)
    frame = frame_of(units, rule)
    whole = _Whole.of(units, rule)
    shared = _left_to_share(units, frame)
    wished, parts = _wished(units, rule, whole, shared)
    found = [bounds(unit, rule, frame) for unit in units]
    check(units, rule, frame, found)
    codes = [unit.code for unit in units]
    wishes = [
        Wish(wish, pupils, b.low, b.high, code)
        for wish, pupils, b, code in zip(wished, whole.pupils, found, codes, strict=True)
    ]
    settled = settle(wishes, parts, frame)
    limits: list[Limit] = [
        b.why_high if side > 0 else b.why_low if side < 0 else "" for b, side in zip(found, settled.held, strict=True)
    ]
    full, base = rounded(wished, parts, frame, codes), _base(rule, whole, shared, codes)
    rows = tuple(map(_row, units, full, settled.given, base, limits, whole.told))
    shift = float(settled.shift * THOUSAND)
    return Outcome(
        rows=rows,
        frame=frame,
        rule=rule,
        bound=sum(1 for limit in limits if limit),
        shift=shift,
        per_point=rule.share * shared * THOUSAND / whole.total / 100 if whole.known else 0.0,
        messages=messages(rows, rule, shift),
    )


@dataclass(frozen=True, slots=True)
class _Whole:
    """Pupils and indices in whole thousandths; their sums over all units, over those of known need, and Σ w·n over the latter."""

    pupils: tuple[int, ...]
    needs: tuple[int | None, ...]
    total: int
    known: int
    weighted: int

    @classmethod
    def of(cls, units: Sequence[Unit], rule: Rule) -> _Whole:
        pupils = tuple(thousandths(unit.pupils) for unit in units)
        found = (need_of(unit, rule) for unit in units)
        needs = tuple(None if need is None else thousandths(need) for need in found)
        known = [(n, w) for n, w in zip(pupils, needs, strict=True) if w is not None]
        return cls(pupils, needs, sum(pupils), sum(n for n, _ in known), sum(n * w for n, w in known))

    @property
    def told(self) -> tuple[float | None, ...]:
        """The indices with their mean over pupils as 100; None where unknown, or where all are zero."""
        if not self.weighted:
            return (None,) * len(self.needs)
        return tuple(None if w is None else 100 * w * self.known / self.weighted for w in self.needs)


def _check_units(units: Sequence[Unit]) -> None:
    twice = sorted(code for code, times in Counter(unit.code for unit in units).items() if times > 1)
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


def _left_to_share(units: Sequence[Unit], frame: int) -> int:
    apart = sum(unit.set_apart for unit in units)
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


def _wished(units: Sequence[Unit], rule: Rule, whole: _Whole, shared: int) -> tuple[list[int], int]:
    """The unlimited shares as numerators over one denominator. A unit of unknown need gets the mean."""
    by_need = millionths(rule.share)
    if by_need and not whole.weighted:
        raise AllocationError(
            Words(
                f"{saying.share(rule.share, SV)} ska fördelas efter behov, men ingen skola har ett behovsindex över noll.",
                f"{saying.share(rule.share, EN)} is to be shared by need, but no unit has a need index above zero.",
            ),
            Words("Läs in ett index, eller sätt andelen till noll.", "Read in an index, or set the share to zero."),
        )
    mean = MILLION * (whole.weighted or 1)
    parts = mean * whole.total

    def numerator(unit: Unit, pupils: int, need: int | None) -> int:
        each = mean if need is None else mean + by_need * (whole.known * need - whole.weighted)
        return shared * pupils * each + unit.set_apart * parts

    return list(map(numerator, units, whole.pupils, whole.needs)), parts


def _base(rule: Rule, whole: _Whole, shared: int, codes: Sequence[str]) -> list[int]:
    """The part that follows every pupil alike, in whole crowns."""
    pot = shared * (MILLION - millionths(rule.share)) // MILLION
    return rounded([pot * n for n in whole.pupils], whole.total, pot, codes)


def _row(unit: Unit, full: int, crowns: int, base: int, limit: Limit, need: float | None) -> Row:
    """The parts are rounded by themselves; a crown too much of what is alike is need's."""
    alike = min(base, full - unit.set_apart)
    by_need = full - unit.set_apart - alike
    return Row(unit=unit, crowns=crowns, base=alike, by_need=by_need, full=full, limit=limit, need=need)
