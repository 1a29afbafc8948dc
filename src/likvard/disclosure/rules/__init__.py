"""The primary rules, one file each. They are asked in this order and the first that objects decides."""

from __future__ import annotations

from likvard.disclosure.rules import few_missed, few_reached, hidden_by_source, too_few_pupils
from likvard.disclosure.verdicts import Rule

PRIMARY: tuple[Rule, ...] = (
    hidden_by_source.RULE,
    too_few_pupils.RULE,
    few_reached.RULE,
    few_missed.RULE,
)
