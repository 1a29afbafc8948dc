"""Numbers, intervals, years and symbols as a reader of Swedish or English expects them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from likvard.disclosure.cells import Released
from likvard.disclosure.reasons import LEGEND, symbol
from likvard.figures.measures import Period, Scale, Unit
from likvard.terms import Language, Missing, SchoolYear, Words

NBSP = "\u00a0"
MINUS = "\u2212"
LOCALES = {Language.SV: "sv_SE", Language.EN: "en_GB"}

_HUNDREDFOLD = (Unit.SHARE, Unit.SHARE_POINTS)
_WITH_SIGN = (Unit.SHARE, Unit.PERCENT)
_DECIMALS = {Unit.MERIT: 1, Unit.POINTS: 1, Unit.INDEX: 1, Unit.RATIO: 2, Unit.YEARS: 1}

_UNIT_WORDS = {
    Unit.SHARE: Words("procent", "per cent"),
    Unit.SHARE_POINTS: Words("procentenheter", "percentage points"),
    Unit.PERCENT: Words("procent", "per cent"),
    Unit.PERCENT_POINTS: Words("procentenheter", "percentage points"),
    Unit.MERIT: Words("meritpoäng", "merit points"),
    Unit.POINTS: Words("poäng", "points"),
    Unit.INDEX: Words("på en skala från 0 till 10", "on a scale from 0 to 10"),
    Unit.PUPILS: Words("elever", "pupils"),
    Unit.SCHOOLS: Words("skolor", "schools"),
    Unit.YEARS: Words("år", "years"),
    Unit.RATIO: Words("", ""),
    Unit.COUNT: Words("", ""),
    Unit.CROWNS: Words("kronor", "crowns"),
}
_AFTER_NUMBER = (
    Unit.SHARE_POINTS,
    Unit.PERCENT_POINTS,
    Unit.MERIT,
    Unit.POINTS,
    Unit.PUPILS,
    Unit.SCHOOLS,
    Unit.YEARS,
    Unit.CROWNS,
)


def unit_words(unit: Unit) -> Words:
    """The unit in words, as on an axis: *procentenheter*."""
    return _UNIT_WORDS[unit]


def decimals(scale: Scale) -> int:
    """How many decimals values of the scale are written with."""
    return _DECIMALS.get(scale.unit, 0) if scale.decimals is None else scale.decimals


_EXACT = 1e15
"""Below it a float's digits are those that it prints."""

_SWEDISH = str.maketrans({",": NBSP, ".": ","})


def _grouped(value: float, places: int, language: Language) -> str:
    """The digits of a rounded number from zero. As Babel writes them, 50 times as fast: a page may hold thousands of numbers."""
    if not value < _EXACT:
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return format_decimal(value, format=pattern, locale=LOCALES[language]).replace("\u202f", NBSP)
    text = f"{value:,.{max(places, 0)}f}"
    return text.translate(_SWEDISH) if language is Language.SV else text


@lru_cache(maxsize=100_000)
def number(value: float, places: int, language: Language, *, signed: bool = False) -> str:
    """`1 234,5` or `1,234.5`; a real minus sign, no-break spaces, never a minus zero."""
    rounded = round(value, places) + 0.0
    text = _grouped(abs(rounded), places, language)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + text


def shown(value: float, scale: Scale) -> float:
    """The value as it is written: shares become per cent."""
    return value * 100 if scale.unit in _HUNDREDFOLD else value


def bare(value: float, scale: Scale, language: Language, *, places: int | None = None) -> str:
    """The number alone, with sign where the scale asks for it, without a unit."""
    return number(shown(value, scale), decimals(scale) if places is None else places, language, signed=scale.signed)


def with_unit(value: float, scale: Scale, language: Language) -> str:
    """The number and what it counts: `61 %`, `12 procentenheter`, `205,1 poäng`."""
    text = bare(value, scale, language)
    if has_percent_sign(scale):
        return text + percent_sign(language)
    words = _one(scale.unit, text)[language] if scale.unit in _AFTER_NUMBER else ""
    return f"{text}{NBSP}{words}".rstrip(NBSP)


def _one(unit: Unit, text: str) -> Words:
    singular = {
        Unit.SHARE_POINTS: Words("procentenhet", "percentage point"),
        Unit.PERCENT_POINTS: Words("procentenhet", "percentage point"),
        Unit.PUPILS: Words("elev", "pupil"),
        Unit.SCHOOLS: Words("skola", "school"),
        Unit.MERIT: Words("meritpoäng", "merit point"),
        Unit.POINTS: Words("poäng", "point"),
    }
    return singular.get(unit, _UNIT_WORDS[unit]) if text.lstrip("+" + MINUS) == "1" else _UNIT_WORDS[unit]


def has_percent_sign(scale: Scale) -> bool:
    """Whether numbers of the scale are followed by a per cent sign."""
    return scale.unit in _WITH_SIGN


def percent_sign(language: Language) -> str:
    """` %` after a no-break space in Swedish, `%` in English."""
    return NBSP + "%" if language is Language.SV else "%"


def interval(low: float, high: float, scale: Scale, language: Language) -> str:
    """`52–70`; with signs `−7 till +3`. An end that clears zero is never rounded to zero: it gets more decimals."""
    places = decimals(scale)
    clears = low > 0 or high < 0
    nearest = shown(low if low > 0 else high, scale)
    while clears and places < decimals(scale) + 2 and round(nearest, places) == 0:
        places += 1
    first, last = (bare(end, scale, language, places=places) for end in (low, high))
    if scale.signed or first.startswith(MINUS):
        return f"{first} {'till' if language is Language.SV else 'to'} {last}".replace(" ", NBSP)
    return f"{first}–{last}"


def cell(released: Released, scale: Scale, language: Language) -> str:
    """What stands in a table's cell: the number, or the symbol of why there is none."""
    if released.value is None:
        return symbol(released.missing) if released.missing else ""
    text = bare(released.value, scale, language) + (percent_sign(language) if has_percent_sign(scale) else "")
    if released.missing is Missing.APPROXIMATE:
        return f"{'cirka' if language is Language.SV else 'about'}{NBSP}{text}"
    return text


def why(released: Released) -> Words:
    """Why a value is not there or not exact; the legend's words where the gate had nothing to add."""
    if released.missing is None or released.reason.sv:
        return released.reason
    return LEGEND[released.missing][1]


def period_in_full(when: Period, language: Language) -> str:
    """`läsåret 2023/24`, `2023`."""
    if isinstance(when, SchoolYear):
        return f"{'läsåret' if language is Language.SV else 'the school year'} {when}".replace(" ", NBSP)
    return str(when)


def day(when: date, language: Language) -> str:
    """`14 november 2025`."""
    return format_date(when, "d MMMM y", locale=LOCALES[language]).replace(" ", NBSP)


_SMALL = Words(
    "noll en två tre fyra fem sex sju åtta nio tio elva tolv",
    "no one two three four five six seven eight nine ten eleven twelve",
)


def count(value: int, language: Language) -> str:
    """A count in running text: in words up to twelve, else in figures."""
    if 0 <= value <= 12:
        return _SMALL[language].split()[value]
    return number(value, 0, language)


def listed(items: tuple[str, ...], language: Language) -> str:
    """`A, B och C`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'och' if language is Language.SV else 'and'} {items[-1]}"


def month(when: date, language: Language) -> str:
    """`jan. 2022`, `Jan 2022`."""
    return format_date(when, "MMM y", locale=LOCALES[language]).replace(" ", NBSP)
