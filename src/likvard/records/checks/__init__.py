"""Screening: every rule that a reading must pass before it is delivered, in one list.

A rule is a value with an id, a severity, and words in both languages. `docs/screening.md` is made from the list.
"""

from __future__ import annotations

from datetime import date

from likvard.records.checks import changes, keys, rows, structure, texts
from likvard.records.checks.changes import compare
from likvard.records.checks.content import contents
from likvard.records.checks.rule import Rule, finding
from likvard.records.masking import masked
from likvard.records.reading import Finding, Reading

__all__ = ["OVER_CONTENT", "RULES", "Rule", "compare", "screen"]

OVER_CONTENT: tuple[Rule, ...] = (*texts.RULES, *rows.RULES, *keys.RULES)
RULES: tuple[Rule, ...] = (*structure.RULES, *OVER_CONTENT, *changes.RULES)


def screen(reading: Reading, *, on: date | None = None) -> tuple[Finding, ...]:
    """What is wrong with the tables of a reading, by the rules in `RULES`; nothing if all is well.

    `on` is the day of the import, by which years to come are told. Personal numbers are struck out of what is
    shown. The reader's own findings are not repeated.
    """
    tables, found = structure.conform(reading)
    findings = list(found)
    rules = [rule for rule in OVER_CONTENT if not (reading.synthetic and rule in texts.REAL_PLACES)]
    for content in contents(tables, on):
        findings += [finding(rule, content, hit) for rule in rules for hit in rule.hits(content)]
    return tuple(masked(f) for f in findings)
