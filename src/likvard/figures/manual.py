"""The chapter of the manual on figures, made from the rules and the code: `python -m likvard.figures.manual`."""

from __future__ import annotations

import sys
from itertools import groupby

from likvard.disclosure.reasons import LEGEND
from likvard.figures.facts import KINDS, WITHOUT_CHART
from likvard.figures.formats import unit_words
from likvard.figures.measures import Unit
from likvard.figures.sentences import Condition, Rule, rules

_HEAD = """# Figures

A figure answers one question. It carries its sentence, its chart, its table, its method, its source with vintage, the
number of pupils behind it and, for each value that is not there, the reason. Chart and table are twins: the table is
made from the chart (`figures/twins.py`), so they hold the same cells and the same hidden cells. Every number is a
`Released` value, which only the gate of `disclosure` can make.

    charts ──► twins ──► table        what is shown, as values; schools always by area and name
      └──► facts ──► sentences        what is said, by the rules below
    figure ──► report ──► page (HTML) · workbook (XLSX) · document (JSON)
      └──► card (HTML) · files (CSV, XLSX, JSON, SVG, PNG)

The site's pages (`figures/insight/`) make their figures from the released cells of one publication and compute nothing
from anything else; the limits of a funnel are worked out from the released centre and the published spread. A card on
the site (`card`) has the same panes as in the report, as links. One figure can be had by itself as CSV, XLSX, JSON, SVG
or PNG (`files`), with the same hidden cells in each and the same bytes twice; the picture carries its own colours and
typeface (`standalone`). A document on paper takes the chart alone, and says the rest in its own words (`charts_alone`).

A report in one language is one file that needs no network and no script. Colour comes by class only, under a content
policy that names the hash of the one stylesheet. x in a chart is in per cent and y in pixels, so text is 14 px at every
width. Two exports of the same report are the same bytes.

This page is made by `python -m likvard.figures.manual`; a test compares.

## Charts

"""

_ABOUT = {
    "distribution": "Schools year by year: a mark per school, the weighted mean, the band between schools.",
    "expected": "Result against expected: a row per school, interval and distance; grey unless the interval clears zero.",
    "funnel": "Result against size with the limits of chance; only schools outside the outer limit are named.",
    "gap": "Two or three groups with ribbons, and the gap by itself from zero; measures taken as numbered bands.",
    "trend": "One to three lines with ribbons, and dashed comparisons.",
    "heat": "Unit by subject: a number in every cell, a tint only within the false-alarm budget.",
    "multiples": "One small chart per school on the same axes; the interval stands on the last year only.",
    "map": "Where the municipality lies; the colour says nothing about results.",
    "shares": "How much of all differences lies at each level, before and after intake.",
    "circle": "Domains as boxes, links as arrows: width is size, solid is clear of chance, dashed may be chance.",
    "profile": "A unit's domains beside the expected, in the circle's order: never a sum, never a rank.",
    "need": "Need at every unit on one scale, with interval; results and money beside it; never in order of need.",
    "money": "Crowns a pupil against need: now and by a proposal, with what need alone would give.",
}

_INTERVALS = "Estimates with their intervals on one scale from zero; beside them the same counted in another way, or what some words cover."
"""Of the chart whose sentence its maker writes by rule."""

_SENTENCES = """
## Sentences

The sentence beside a figure is made by rule, never written by hand. The rules are an open list,
`figures/sentences.yaml`. Within a group the first rule that holds speaks. No rule says good, bad, best or worst, none
ranks, and none claims a change that the interval does not carry: every rule that speaks of a change asks for an
interval that clears zero.
"""


def manual() -> str:
    """The chapter as Markdown."""
    charts = "".join(f"- `{kind}` (`{chart.__name__}`): {_ABOUT[kind]}\n" for chart, kind in KINDS.items())
    charts += f"- `told` (`Intervals`): {_INTERVALS}\n"
    charts += "".join(f"- `{kind}`: {about}\n" for kind, about in WITHOUT_CHART.items())
    kinds = "".join(_kind(kind) for kind in (*KINDS.values(), *WITHOUT_CHART))
    return _HEAD + charts + _SENTENCES + kinds + _units() + _symbols()


def _kind(kind: str) -> str:
    found = [rule for rule in rules() if rule.kind == kind]
    names = ", ".join(f"`{name}`" for name in sorted({n for rule in found for n in rule.names}))
    parts = [f"\n### {kind}\n\nFacts used: {names}.\n"]
    for group, some in groupby(found, key=lambda rule: rule.group):
        parts.append(f"\n*{group}*\n\n" + "".join(_rule(rule) for rule in some))
    return "".join(parts)


def _rule(rule: Rule) -> str:
    when = " and ".join(_condition(c) for c in rule.when)
    return f"- `{rule.id}` when {when}\n  - {rule.text.sv}\n  - {rule.text.en}\n"


def _condition(condition: Condition) -> str:
    if condition.right:
        return f"`{condition.left} {condition.operator} {condition.right}`"
    return f"`{condition.operator} {condition.left}`"


def _units() -> str:
    rows = "".join(f"| `{u.value}` | {unit_words(u).sv or '–'} | {unit_words(u).en or '–'} |\n" for u in Unit)
    return "\n## Units\n\n| unit | svenska | English |\n| --- | --- | --- |\n" + rows


def _symbols() -> str:
    rows = "".join(f"| `{sign}` | `{m.value}` | {words.sv} | {words.en} |\n" for m, (sign, words) in LEGEND.items())
    head = "\n## Symbols\n\n`0` is always a true zero.\n\n| symbol | state | svenska | English |\n| --- | --- | --- | --- |\n"
    return head + rows


if __name__ == "__main__":
    sys.stdout.write(manual())
