"""If one sex is hidden, the other would give it away."""

from __future__ import annotations

from collections.abc import Mapping

from likvard.disclosure.cells import Cell, Key
from likvard.disclosure.reasons import reason
from likvard.disclosure.thresholds import Limits
from likvard.disclosure.verdicts import SUPPRESSED, Rule, Verdict, Verdicts
from likvard.terms import Missing, Words

RULE = Rule(
    "other_sex",
    Words(
        "Är det ena könet dolt döljs också det andra. Är det ena ”~100” döljs det andra.",
        "If one sex is hidden, so is the other. If one is “~100”, the other is hidden.",
    ),
)

SEXES = {"girls": "boys", "boys": "girls"}


def judge(cells: Mapping[Key, Cell], verdicts: Verdicts, limits: Mapping[Key, Limits]) -> Verdicts:
    """Return the further verdicts, for cells whose keys name `girls` or `boys` and whose source has the rule.

    Two that are both "~100" stay so: neither tells more than its own range.
    """
    found: dict[Key, Verdict] = {}
    for key, verdict in verdicts.items():
        other = tuple(SEXES.get(part, part) for part in key)
        if other == key or other not in cells or verdict.missing not in SUPPRESSED:
            continue
        near_all = verdict.missing is Missing.NEAR_ALL
        asked = limits[key].near_all_hides_other_sex if near_all else limits[key].both_sexes
        open_cell = other not in verdicts or (not near_all and verdicts[other].missing is Missing.NEAR_ALL)
        if asked and open_cell:
            found[other] = Verdict(Missing.PROTECTED, reason(Missing.PROTECTED), RULE.name)
    return found
