"""A cell as published, in words of its own: a number, or one of the typed reasons why there is none.

Which symbol means what depends on the source: `*` is left-out teachers in the open API, one to nine respondents
in Skolenkäten, and an international school after a name in SIRIS. So each source has its own table here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from likvard.terms import Missing

SIRIS: Mapping[str, Missing] = {
    ".": Missing.UNAVAILABLE,
    "..": Missing.FEW,
    "...": Missing.MAJORITY,
    "~100": Missing.NEAR_ALL,
    "~0": Missing.NEAR_NONE,
    "-": Missing.RULE_NOT_MET,
    "": Missing.EMPTY,
}
OPEN_API: Mapping[str, Missing] = {**SIRIS, "*": Missing.EXCLUDED}
SURVEY: Mapping[str, Missing] = {"-": Missing.RULE_NOT_MET, "": Missing.EMPTY}
SURVEY_OPTION: Mapping[str, Missing] = {
    **SURVEY,
    "*": Missing.MASKED_UNDER_10,
    "**": Missing.MASKED_10_19,
    "***": Missing.MASKED_OVER_19,
}
OWN: Mapping[str, Missing] = {
    **SIRIS,
    "×": Missing.PROTECTED,
    "–": Missing.NOT_APPLICABLE,
    "?": Missing.NOT_COLLECTED,
    "…": Missing.NOT_YET,
}

# One to four pupils did not reach, or did reach: what ~100 and ~0 say (domain.md section 7).
FEWEST, MOST = 1, 4

_SPACE = "[ \u00a0\u202f]"
_NUMBER = re.compile(rf"[-+\u2212]?(?:\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,4}}|\d{{1,15}})(?:[.,]\d{{1,20}})?", re.ASCII)
_CIRCA = re.compile(r"(?:cirka|ca\.?)\s+(.*)", re.IGNORECASE)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One column of cells, parsed. All arrays are as long as the column; `unreadable` lists the rows that are not."""

    value: pa.Array
    low: pa.Array
    high: pa.Array
    status: pa.Array
    raw: pa.Array
    unreadable: tuple[int, ...]


def number(text: str, scale: int = 0) -> float | None:
    """The number that the text writes, times ten to the power of `scale`; None if it writes none.

    Thousands may be parted by a space, decimals by comma or point. Exact: `"52,2"` with `scale=-2` is 0.522.
    """
    if _NUMBER.fullmatch(text) is None:
        return None
    plain = re.sub(_SPACE, "", text).replace(",", ".").replace("\u2212", "-")
    return float(Decimal(plain).scaleb(scale))


@lru_cache(maxsize=100_000)
def _number(text: str, scale: int) -> float | None:
    return number(text, scale)


def parse_one(text: str, symbols: Mapping[str, Missing], scale: int = 0) -> tuple[float | None, str] | None:
    """Value and status of one cell; None if the cell is neither a number nor a known symbol."""
    if text in symbols:
        return None, symbols[text].value
    circa = _CIRCA.fullmatch(text)
    value = _number(circa[1] if circa else text, scale)
    if value is None:
        return None
    return value, Missing.APPROXIMATE.value if circa else ""


def parse(
    cells: Sequence[str], symbols: Mapping[str, Missing], *, scale: int = 0, base: Floats | None = None
) -> Parsed:
    """Parse a column, each distinct cell once. `base` is how many a share rests on (nan where unknown).

    For `~100` the range is (n-4)/n to (n-1)/n where n is known, otherwise only "at most 1"; for `~0` alike. Both
    are given in the scale asked for: with `scale=-2` between 0 and 1, with `scale=0` between 0 and 100.
    An unreadable cell gets status `unavailable` and its row is listed.
    """
    encoded = pa.array(cells, pa.string()).dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    where = encoded.indices.to_numpy(zero_copy_only=False)
    found = [parse_one(text, symbols, scale) for text in texts]
    values = np.array([np.nan if one is None or one[0] is None else one[0] for one in found], dtype=np.float64)
    states = [Missing.UNAVAILABLE.value if one is None else one[1] for one in found]
    bad = np.array([one is None for one in found], dtype=bool)
    low, high = _ranges(states, where, 10.0 ** (2 + scale), base)
    return Parsed(
        value=optional(values[where] if len(texts) else np.empty(0)),
        low=optional(low),
        high=optional(high),
        status=pa.array(states, pa.string()).take(encoded.indices),
        raw=encoded.cast(pa.string()),
        unreadable=tuple(np.flatnonzero(bad[where]).tolist()) if len(texts) else (),
    )


def _ranges(
    states: list[str], where: npt.NDArray[np.int32], whole: float, base: Floats | None
) -> tuple[Floats, Floats]:
    near_all = _at(states, where, Missing.NEAR_ALL)
    near_none = _at(states, where, Missing.NEAR_NONE)
    n = np.full(len(where), np.nan) if base is None else np.where(base >= 1, base, np.nan)
    low, high = np.full(len(where), np.nan), np.full(len(where), np.nan)
    low[near_all] = (np.maximum(n - MOST, 0) / n * whole)[near_all]
    high[near_all] = np.nan_to_num((n - FEWEST) / n, nan=1.0)[near_all] * whole
    low[near_none] = np.nan_to_num(FEWEST / n, nan=0.0)[near_none] * whole
    high[near_none] = (np.minimum(MOST / n, 1) * whole)[near_none]
    return low, high


def _at(states: list[str], where: npt.NDArray[np.int32], status: Missing) -> npt.NDArray[np.bool_]:
    if not states:
        return np.zeros(0, dtype=bool)
    return np.array([state == status.value for state in states], dtype=bool)[where]


def optional(values: Floats) -> pa.Array:
    """An Arrow array of the numbers, empty where they are nan."""
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def counts(parsed: Parsed) -> Floats:
    """The exact or approximate numbers as floats, nan where there are none: a base for shares."""
    return np.asarray(parsed.value.to_numpy(zero_copy_only=False), dtype=np.float64)
