"""How far the model of need, and the pupils, have drifted: in sentences, with the numbers that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from likvard.allocation.errors import AllocationError
from likvard.allocation.staleness import Calibration, shift
from likvard.figures import formats
from likvard.site.resources.basis import Taken
from likvard.site.resources.models import Version
from likvard.terms import Language, Words

LOOK, OTHER = 0.1, 0.25
"""Population stability index: from 0.1 look, from 0.25 it is another population (docs/need.md)."""


def is_newer(version: Version, now: Taken) -> bool:
    """Whether grounds hold anything newer than those of a version: another publication, or a later year of something."""
    of = {one.name: str(one.of or "") for one in version.inputs}
    later = any(str(one.of or "") > of.get(one.name, "") for one in now.inputs)
    return later or now.publication != version.publication


def of_model(version: Version) -> tuple[Words, ...]:
    """Whether the model still fits, and whether today's pupils are like those it was made from; nothing where nobody has told."""
    fits, stability = calibration(version.facts.get("calibration")), _drift(version).get("shift")
    told = (None if fits is None else fits.says, None if stability is None else _pupils(float(stability)))
    return tuple(words for words in told if words is not None)


def of_old_model(version: Version) -> Words | None:
    """How an older model would have fared with the newest results; None where nobody has told."""
    aged = {int(age): calibration(found) for age, found in _drift(version).get("aged", {}).items()}
    known = {age: found for age, found in aged.items() if found is not None}
    if not known:
        return None
    age = max(known)
    sv, en = (
        f"{formats.number(known[age].slope, 2, of)} ({formats.number(known[age].low, 2, of)}–{formats.number(known[age].high, 2, of)})"
        for of in (Language.SV, Language.EN)
    )
    years = formats.count(age, Language.SV), formats.count(age, Language.EN)
    return Words(
        f"En modell som var {years[0]} år gammal hade haft lutningen {sv}; 1 är rätt.",
        f"A model that was {years[1]} {'year' if age == 1 else 'years'} old would have had the slope {en}; 1 is right.",
    )


def of_pupils(version: Version, now: Taken | None) -> Words | None:
    """How pupils have moved between schools, and the schools' need, since the version's grounds; None where they are the same."""
    if now is None or not is_newer(version, now):
        return None
    try:
        found = shift(version.basis, now.units, version.rule)
    except AllocationError:
        return None
    moved = {of: formats.number(found.moved * 100, 1, of) + formats.percent_sign(of) for of in Language}
    steps = {of: formats.number(found.index or 0.0, 1, of) for of in Language}
    return Words(
        f"{moved[Language.SV]} av eleverna går på en annan skola än i underlaget. Skolornas behov har i snitt ändrats "
        f"{steps[Language.SV]} steg.",
        f"{moved[Language.EN]} of the pupils go to another school than in the grounds. The schools' need has changed by "
        f"{steps[Language.EN]} points on average.",
    )


def calibration(found: Mapping[str, Any] | None) -> Calibration | None:
    """A calibration as the publication told it; None where it did not."""
    try:
        return Calibration(*(float((found or {})[name]) for name in ("slope", "low", "high")))
    except (KeyError, TypeError, ValueError):
        return None


def _drift(version: Version) -> Mapping[str, Any]:
    return version.facts.get("drift") or {}


def _pupils(stability: float) -> Words:
    numbers = [formats.number(stability, 2, of) for of in (Language.SV, Language.EN)]
    if stability < LOOK:
        said = Words("Eleverna liknar dem som modellen bygger på", "The pupils are like those the model is made from")
    elif stability < OTHER:
        said = Words(
            "Eleverna skiljer sig från dem som modellen bygger på",
            "The pupils differ from those the model is made from",
        )
    else:
        said = Words(
            "Eleverna är andra än dem som modellen bygger på", "The pupils are others than those the model is made from"
        )
    return Words(f"{said.sv} (skillnad {numbers[0]}, gräns 0,1).", f"{said.en} (difference {numbers[1]}, limit 0.1).")
