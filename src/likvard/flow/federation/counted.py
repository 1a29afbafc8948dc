"""Whether all that was told, in every study and round, would be enough to solve for the sums of single groups.

Masked answers are sums over a block's groups. Their sums cannot be solved for while they are more than the numbers told of
them. That is counted three ways, because a node may ask so that an answer is about fewer groups than it seems:

* all studies of the same school years together (`require_unsolvable`);
* of years that only some of the studies have: sums over groups of a unit in a year add up over years, so that one study less
  another is about the years in which they differ (`_require_years`);
* at a higher level: asked with nought at every level below, a round is about units, or organisers, alone (`require_levels`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation.check import Block, RefusedShareError
from likvard.flow.federation.ledger import Remembered
from likvard.flow.federation.study import ORGANISER, Study, Way
from likvard.terms import SchoolYear, Words

NOUGHT = 0.05
"""A relative standard deviation below this counts as nought: what it adds to an answer can be rounded away from whole sums."""

MOST_PIECES = 12
"""Ways to be asked together of the years of all studies, beyond which no more are answered: they are looked through one by one."""

_REMEDY = Words("Svara inte; be om större block.", "Do not answer; ask for larger blocks.")
_SAME_YEARS = Words(
    "Svara inte. Be om samma läsår som förut, eller om läsår som ingen studie har haft.",
    "Do not answer. Ask for the same school years as before, or for years that no study has had.",
)
_FEWER_LEVELS = Words(
    "Svara inte. Be om en ny studie utan den finare nivån, om den inte skiljer något, eller om större block.",
    "Do not answer. Ask for a new study without the finer level, if nothing differs at it, or for larger blocks.",
)


def require_unsolvable(earlier: Sequence[Remembered], study: Study, block: Block) -> None:
    """Refuse a masked study that with the earlier ones would tell enough to solve for single groups, of all years or of some.

    Counted as in `Study.least_groups`: the groups' sums of all columns ever asked for, against all numbers told of them.
    """
    if study.is_goal:
        return
    past = _related(earlier, frozenset(study.years))
    told = study.told(study.most_rounds) + sum(_told(s) for s in past)
    unknown = len(_columns(study, past)) * block.groups(study)
    if told >= unknown:
        raise RefusedShareError(
            [
                Words(
                    f"Tillsammans med de {len(past)} studier som ni redan har svarat på om samma läsår skulle {told} tal bli "
                    f"kända om {unknown} okända: då kan enskilda enheters summor lösas ut.",
                    f"With the {len(past)} studies of the same school years that you have answered, {told} numbers would be "
                    f"known of {unknown} unknown: single units' sums could then be solved for.",
                )
            ],
            _REMEDY,
        )
    _require_years(_chained(earlier, frozenset(study.years)), study, block)


def _related(earlier: Sequence[Remembered], years: frozenset[int]) -> list[Remembered]:
    """The answered masked studies of some of the years."""
    able = (s for s in earlier if s.answered and s.study.way is Way.MASKED and not s.study.is_goal)
    return [s for s in able if years & set(s.study.years)]


def _chained(earlier: Sequence[Remembered], years: frozenset[int]) -> list[Remembered]:
    """The same, with those that share years with them, and so on."""
    found = _related(earlier, years)
    wider = years.union(*(s.study.years for s in found))
    return found if wider == years else _chained(earlier, wider)


def _told(past: Remembered) -> int:
    return past.study.told(len(past.answered) - 1)


def _columns(study: Study, past: Sequence[Remembered]) -> frozenset[str]:
    return study.hidden.union(*(s.study.hidden for s in past))


def _adds_up(study: Study) -> bool:
    """Whether answers can be made to add up over years: no group has two of them, or the node may ask as if none had."""
    return study.levels[0] == "unit:year" or len(study.years) == 1


def _require_years(past: Sequence[Remembered], study: Study, block: Block) -> None:
    """Refuse a study if one less another, or any such combination of all, would tell enough of the years that are left.

    Of studies with equal years all numbers count. The combinations that are about no other years than some are as many as the
    rank of the studies' years is more than the rank without those.
    """
    told: dict[frozenset[int], int] = {}
    for years, number in [(study, study.told(study.most_rounds)), *((s.study, _told(s)) for s in past)]:
        if _adds_up(years):
            told[frozenset(years.years)] = told.get(frozenset(years.years), 0) + number
    if len(told) < 2:
        return
    pieces = _pieces(list(told))
    member = np.array([[piece <= years for piece in pieces] for years in told], dtype=float)
    columns = len(_columns(study, past))
    for some in _unions(len(pieces)):
        years_left = sorted(y for i in some for y in pieces[i])
        known, unknown = _left(member, some, list(told.values())), columns * block.units * len(years_left)
        if known >= unknown:
            raise _of_years(years_left, known, unknown)


def _left(member: NDArray[np.float64], some: tuple[int, ...], told: Sequence[int]) -> int:
    """How many numbers combinations of studies tell of some pieces of the years and of no other; at most.

    A single combination tells no more than the least told of the studies that are in it; several, than the most told.
    """
    apart = _apart(member, some)
    within = sorted(n for i, n in enumerate(told) if apart and _apart(np.delete(member, i, axis=0), some) < apart)
    return 0 if not within else within[0] if apart == 1 else sum(within[-apart:])


def _apart(member: NDArray[np.float64], some: tuple[int, ...]) -> int:
    """How many independent combinations of studies are about some pieces of the years and no other."""
    return _rank(member) - _rank(np.delete(member, some, axis=1))


def _pieces(sets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """The years, divided so that those of a piece are in the same sets."""
    found: dict[tuple[bool, ...], set[int]] = {}
    for year in sorted(frozenset().union(*sets)):
        found.setdefault(tuple(year in one for one in sets), set()).add(year)
    return [frozenset(piece) for piece in found.values()]


def _unions(pieces: int) -> Iterator[tuple[int, ...]]:
    """Every choice of some pieces, the fewest first; of all together, the years of every study are counted already."""
    if pieces > MOST_PIECES:
        raise RefusedShareError(
            [
                Words(
                    "Läsåren har satts samman på så många sätt att det inte går att se vad studierna berättar tillsammans.",
                    "The school years have been put together in so many ways that it cannot be seen what the studies tell "
                    "together.",
                )
            ],
            _SAME_YEARS,
        )
    for size in range(1, pieces):
        yield from combinations(range(pieces), size)


def _rank(member: NDArray[np.float64]) -> int:
    return int(np.linalg.matrix_rank(member)) if member.size else 0


def _of_years(years: Sequence[int], told: int, unknown: int) -> RefusedShareError:
    named = ", ".join(str(SchoolYear(y)) for y in years)
    return RefusedShareError(
        [
            Words(
                f"Satt mot studier som ni redan har svarat på skulle studien berätta om {named} för sig: {told} tal om {unknown} "
                "okända, så att enskilda enheters summor kan lösas ut.",
                f"Set against studies that you have answered, the study would tell of {named} alone: {told} numbers of {unknown} "
                "unknown, so that single units' sums could be solved for.",
            )
        ],
        _SAME_YEARS,
    )


def require_levels(
    earlier: Sequence[Remembered], asking: str, study: Study, block: Block, number: int, at: Sequence[float]
) -> None:
    """Refuse a round that asks with nought at the finer levels, if such rounds would tell enough to solve for a higher one.

    `asking` is the id of the study, `at` the point of the round. `earlier` are all studies, this one too.
    """
    for i, level in enumerate(study.levels):
        if not i or max(at[:i]) >= NOUGHT:
            continue
        others = [s for s in _related(earlier, frozenset(study.years)) if s.id != asking and level in s.study.levels]
        own = next((s for s in earlier if s.id == asking), None)
        points = {**(own.points if own else {}), number: tuple(at)}
        told = study.told(_degenerate(points, i), i) + sum(_told_of(s, level) for s in others)
        groups = len(block.cards) if level == ORGANISER else block.units
        unknown = len(_columns(study, others)) * groups
        if told >= unknown:
            raise _of_level(level, told, unknown)


def _degenerate(points: dict[int, tuple[float, ...]], level: int) -> int:
    """How many rounds asked with nought at every level below."""
    return sum(1 for number, at in points.items() if number and max(at[:level]) < NOUGHT)


def _told_of(past: Remembered, level: str) -> int:
    i = past.study.levels.index(level)
    return past.study.told(_degenerate(dict(past.points), i), i) if i else _told(past)


def _of_level(level: str, told: int, unknown: int) -> RefusedShareError:
    who = (
        Words("enskilda huvudmäns", "single organisers'")
        if level == ORGANISER
        else Words("enskilda enheters", "single units'")
    )
    return RefusedShareError(
        [
            Words(
                f"Rundan frågar som om ingenting skilde på de finare nivåerna. Svaret handlar då om en högre nivå för sig: {told} "
                f"tal om {unknown} okända, så att {who.sv} summor kan lösas ut.",
                f"The round asks as if nothing differed at the finer levels. The answer is then about a higher level alone: {told} "
                f"numbers of {unknown} unknown, so that {who.en} sums could be solved for.",
            )
        ],
        _FEWER_LEVELS,
    )
