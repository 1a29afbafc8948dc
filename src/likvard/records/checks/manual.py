"""The manual's list of rules, made from the rules themselves. Run as a module to write it anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from likvard.records.checks import RULES
from likvard.records.checks.rule import Rule
from likvard.records.reading import Severity

_HEAD = """# Screening

Every file is screened before it is delivered to the lake. Errors stop the whole file; warnings and notes tell and
stop nothing. Each finding names its rule, the row of the file where the reader knows it, the table and column, what
was found, what was expected, and what to do. Personal numbers are never shown.

These are the rules on tables, whatever file they came from. Findings whose id has a full stop in it (`code.lost_zero`)
come from the reader of a file format and are listed with the formats.

This page is made from the code: `python -m likvard.records.checks.manual > docs/screening.md`.
"""


def manual() -> str:
    """The page `docs/screening.md`."""
    errors = [rule for rule in RULES if rule.severity is Severity.ERROR]
    warnings = [rule for rule in RULES if rule.severity is Severity.WARNING]
    return "\n".join(
        [_HEAD, "## Rules that stop an import\n", *_list(errors), "## Rules that warn\n", *_list(warnings)]
    )


def _list(rules: list[Rule]) -> Iterator[str]:
    for rule in rules:
        yield f"### {rule.id}\n"
        yield f"{rule.about.en}\n"
        yield f"- Expected: {rule.expected.en}"
        yield f"- What to do: {rule.remedy.en}\n"


if __name__ == "__main__":
    sys.stdout.write(manual())
