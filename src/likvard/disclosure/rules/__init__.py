"""Every rule of disclosure, one file each, in the order in which they are applied."""

from __future__ import annotations

from types import ModuleType

from likvard.disclosure.rules import (
    few_chose,
    few_missed,
    few_reached,
    hidden_by_source,
    lone_takes_next,
    other_sex,
    protected,
    revised,
    strictest,
    too_few_pupils,
)
from likvard.disclosure.verdicts import Judge

PRIMARY: tuple[Judge, ...] = (
    hidden_by_source.judge,
    too_few_pupils.judge,
    few_reached.judge,
    few_missed.judge,
    few_chose.judge,
)
"""Rules for a cell by itself. The first that objects decides."""

RULES: tuple[ModuleType, ...] = (
    strictest,
    hidden_by_source,
    too_few_pupils,
    few_reached,
    few_missed,
    few_chose,
    revised,
    other_sex,
    lone_takes_next,
    protected,
)
"""All of them; each has a `RULE`, a test file and an entry in docs/disclosure.md."""
