"""The chapter of the manual that lists every indicator, made from the definitions.

Run `python -m likvard.indicators.manual > docs/indicators.md` after a change to a definition; a test compares.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator

from likvard.indicators.definition import Direction, Domain, Indicator
from likvard.indicators.loading import families, indicators
from likvard.rulebook.lookup import rules
from likvard.terms import Words

INTRODUCTION = """\
# The indicators

This page is made from the definition files by `python -m likvard.indicators.manual > docs/indicators.md`. Do not edit it.

Each measure has one reviewed definition: what it is, why it matters, how to read it with care, under which rule its source
hides values, and when it breaks. `load("merit_value")` returns it; an id that ends in `*` answers for any measure that begins
so. No definition has yet been checked by anybody outside the project.
"""

DOMAINS = {
    Domain.RESULTS: "Results",
    Domain.TEACHING: "Teaching",
    Domain.CALM: "Safety and calm",
    Domain.SUPPORT: "Support",
    Domain.PUPIL_HEALTH: "Pupil health and absence",
    Domain.STEERING: "Steering",
    Domain.INTAKE: "Intake",
    Domain.CONTEXT: "Context",
}
DIRECTIONS = {
    Direction.HIGHER: "higher is better",
    Direction.LOWER: "lower is better",
    Direction.NEITHER: "neither high nor low is good",
}


def _both(words: Words) -> str:
    return f"{words.en} *{words.sv}*"


def _law(indicator: Indicator) -> str:
    places = (rules(f"provisions:{key}")[-1].value for key in indicator.law)
    return "; ".join(f"{p.place} {rules(f'statutes:{p.statute}')[-1].value.short}" for p in places) or "–"


def _common(indicator: Indicator) -> tuple[object, ...]:
    """What the members of a family share, so that they stand under one heading."""
    return (indicator.why, indicator.care, indicator.source, indicator.unit, indicator.breaks, indicator.law)


def _facts(indicator: Indicator) -> Iterator[str]:
    yield f"- **Unit**: {_both(indicator.unit)}, {DIRECTIONS[indicator.direction]}"
    yield f"- **Why**: {_both(indicator.why)}"
    yield f"- **What**: {_both(indicator.definition)}"
    yield f"- **With care**: {_both(indicator.care)}"
    yield f"- **Law**: {_law(indicator)}"
    yield f"- **Source**: {_both(indicator.source)}; hidden by the rule `disclosure:{indicator.disclosure}`"
    yield f"- **For**: {', '.join(indicator.forms)}; {', '.join(indicator.levels)}"
    for found in indicator.breaks:
        year = found.first if indicator.period == "calendar_year" else f"{found.first}/{(found.first + 1) % 100:02d}"
        yield f"- **Break {year}**: {_both(found.about)}"
    checked = indicator.checked_by
    yield f"- **Checked** {checked.day} by {checked.role.en}; next review {indicator.next_review}"


def _section(group: list[Indicator]) -> Iterator[str]:
    first = group[0]
    yield from ("", f"### {first.name.en if len(group) == 1 else _ids(group)}", "")
    for indicator in group:
        yield f"- `{indicator.id}`: {_both(indicator.name)}"
    yield ""
    yield from _facts(first)


def _ids(group: list[Indicator]) -> str:
    """The beginning that the ids of a family share, or, if they share none, the first one's name."""
    letters = zip(*(indicator.id for indicator in group), strict=False)
    same = "".join(first for first, *rest in itertools.takewhile(lambda column: len(set(column)) == 1, letters))
    begin = same[: max(same.rfind("_"), same.rfind(":")) + 1]
    return f"`{begin}…`" if begin else group[0].name.en


def _lines(every: Iterable[Indicator]) -> Iterator[str]:
    for domain, title in DOMAINS.items():
        yield from ("", f"## {title}")
        for _, group in itertools.groupby((i for i in every if i.domain is domain), key=_common):
            yield from _section(list(group))


def manual() -> str:
    """Return the whole chapter as Markdown: every indicator by domain, members of a family together."""
    return INTRODUCTION + "\n".join(_lines((*indicators(), *families()))) + "\n"


if __name__ == "__main__":
    sys.stdout.write(manual())
