"""Why a number is not there, in words and as the symbol that stands in its place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from likvard.terms import Missing, Words

LEGEND: Mapping[Missing, tuple[str, Words]] = MappingProxyType(
    {
        Missing.FEW: ("..", Words("för få elever", "too few pupils")),
        Missing.PROTECTED: (
            "×",
            Words("skyddad, annars kan en annan ruta räknas ut", "protected, or another cell could be worked out"),
        ),
        Missing.MAJORITY: ("..", Words("nästan alla har samma resultat", "nearly all have the same result")),
        Missing.NEAR_ALL: (
            "~100",
            Words("en till fyra elever nådde inte målet", "one to four pupils did not reach the goal"),
        ),
        Missing.NEAR_NONE: ("~0", Words("en till fyra elever nådde målet", "one to four pupils reached the goal")),
        Missing.RULE_NOT_MET: ("..", Words("för få svar", "too few answers")),
        Missing.MASKED_UNDER_10: ("*", Words("en till nio har valt svaret", "chosen by one to nine")),
        Missing.MASKED_10_19: ("**", Words("tio till nitton har valt svaret", "chosen by ten to nineteen")),
        Missing.MASKED_OVER_19: ("***", Words("tjugo eller fler har valt svaret", "chosen by twenty or more")),
        Missing.EXCLUDED: (
            "–",
            Words("gäller inte: lärare utan krav på legitimation", "does not apply: registration not required"),
        ),
        Missing.APPROXIMATE: ("cirka", Words("avrundat av källan", "rounded by the source")),
        Missing.UNAVAILABLE: (".", Words("uppgift saknas eller gäller inte", "missing or does not apply")),
        Missing.NOT_APPLICABLE: ("–", Words("gäller inte", "does not apply")),
        Missing.NOT_REPORTED: (".", Words("inte lämnad till källan", "not reported to the source")),
        Missing.PRIVACY: ("..", Words("skydd för enskilda", "to protect individuals")),
        Missing.EMPTY: (".", Words("tom hos källan", "empty at the source")),
        Missing.NOT_COLLECTED: ("?", Words("inte insamlat", "not collected")),
        Missing.NOT_YET: ("…", Words("inte klart än", "not ready yet")),
    }
)
"""Symbol and words per state, as in the legend of every table. `0` is always a true zero."""


def symbol(missing: Missing) -> str:
    """Return what stands in a table instead of the number."""
    return LEGEND[missing][0]


def reason(missing: Missing) -> Words:
    """Return the words of the legend."""
    return LEGEND[missing][1]


def hidden_by(whose: Words, missing: Missing) -> Words:
    """Return the words of the legend with who decided: "dold av Skolverket: för få elever"."""
    words = reason(missing)
    return Words(f"dold av {whose.sv}: {words.sv}", f"hidden by {whose.en}: {words.en}")
