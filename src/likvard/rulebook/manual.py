"""The chapter of the manual that lists every rule, made from the rules themselves.

Run `python -m likvard.rulebook.manual > docs/rules.md` after a change to a rule; a test compares.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch

from likvard.rulebook.dated import Rule
from likvard.rulebook.kinds.disclosure import DisclosureRule
from likvard.rulebook.kinds.grades import GradeCodes, GradeScale, ScaleUse
from likvard.rulebook.kinds.merit import EligibilityRule, MeritMethod, MeritRule, Needs
from likvard.rulebook.kinds.places import Places
from likvard.rulebook.kinds.rubric import OrganiserClass, Rubric
from likvard.rulebook.kinds.schools import SchoolFormNames, Subject
from likvard.rulebook.kinds.supervision import (
    EVIDENCE,
    Appeal,
    AssessmentArea,
    Clock,
    Closure,
    Inspection,
    Instrument,
    Limit,
)
from likvard.rulebook.kinds.texts import Provision, Statute
from likvard.rulebook.lookup import KINDS, RuleFile, rule_file
from likvard.terms import Level, Words

INTRODUCTION = """\
# The rules

This page is made from the rule files by `python -m likvard.rulebook.manual > docs/rules.md`. Do not edit it.

A case is judged by the rule in force on the day of the event: `rule("merit", on=date(2024, 6, 12))` returns that wording,
and `rules("merit")` all of them. A rule of many entries can be asked for whole (`instruments`) or one by one
(`instruments:injunction`). A day without a wording, or with two, is an error. Doubts stand beside the rules they concern:
what is not known is not made up, so some look-ups after the reforms of 2026-2031 are refused.

`rulebook.legality` holds a use of an instrument against its limits here and says in words what the law does not allow; `closure`
says what closes a finding, by area; `rulebook.clocks` counts days.
"""


@singledispatch
def says(value: object) -> str:
    """Return what a rule says, in one line of Markdown."""
    raise TypeError(f"The manual has no words for {type(value).__name__}.")


def _both(words: Words) -> str:
    return f"*{words.sv}* ({words.en})"


def _listed(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items)


@says.register
def _(value: SchoolFormNames) -> str:
    years = f", {_years(*value.years)}" if value.years else ""
    kind = ("compulsory" if value.compulsory else "voluntary") + ("" if value.is_form else ", no form of its own")
    return f"{_both(value.name)}: {kind}{years}; chapter {value.chapter}. Also written {_listed(value.aliases)}."


@says.register
def _(value: Subject) -> str:
    parts = [_both(value.name), value.standing.replace("_", " ")]
    parts += [f"may be graded together as {value.together}"] if value.together else []
    parts += [f"never together with {value.excludes}"] if value.excludes else []
    return "; ".join(parts) + (f". Also written {_listed(value.aliases)}." if value.aliases else ".")


@says.register
def _(value: GradeScale) -> str:
    grades = _listed(f"{step.grade} = {step.points:g}" for step in value.steps)
    passing = f"Passes: {_listed(value.passing)}." if value.passing else "No pass limit."
    return f"{_both(value.name)}: {grades}. {passing} No grade: {_codes(value.no_grade)}."


def _codes(codes: Mapping[str, object]) -> str:
    return _listed(f"`{code}` {reason}" for code, reason in codes.items())


@says.register
def _(value: ScaleUse) -> str:
    return _listed(f"{_years(p.first, p.last) if p.last else 'all'}: {p.scale}" for p in value.years)


def _years(first: int, last: int) -> str:
    return f"years {first}–{last}" if first < last else f"year {first}"


@says.register
def _(value: GradeCodes) -> str:
    return _codes(value.codes)


@says.register
def _(value: MeritRule) -> str:
    if value.method is MeritMethod.GRADES_AND_TESTS:
        return f"{value.grade_weight:.0%} grades and {value.test_weight:.0%} final tests on the scale {value.scale}."
    extra = f", and {value.extra} on top" if value.extra else ""
    return (
        f"Sum of the {value.best} best grades of year {value.year} on the scale {value.scale}{extra}; at most "
        f"{value.maximum:g}. Only one of {' / '.join(' or '.join(g) for g in value.one_of)}. Averages count pupils with "
        f"at least one grade of {value.pass_points:g} points."
    )


@says.register
def _(value: EligibilityRule) -> str:
    if value.needs is None:
        return f"A merit value of at least {value.least_merit:g}."
    return " ".join(_needs(need) for need in value.needs.values())


def _needs(need: Needs) -> str:
    fixed = f", among them {_listed(need.all_of)}" if need.all_of else ""
    core = _listed(" or ".join(group) for group in need.one_of)
    return f"{_both(need.name)}: passes in {core} and {need.others} other subjects{fixed}."


@says.register
def _(value: DisclosureRule) -> str:
    if value.survey:
        limits = value.survey
        return (
            f"{value.about.en} (index {limits.index}, mean {limits.mean}, question {limits.question}, option "
            f"{limits.option})"
        )
    named = [("fewest", value.fewest), ("fewest counted", value.fewest_counted)]
    levels = [f"{name} {_levels(limits)}" for name, limits in named if any(limits.values())]
    flags = [
        name.replace("_", " ") for name in ("both_sexes", "lone_takes_next", "follows_source") if getattr(value, name)
    ]
    near = (
        [f"~100 up to {value.near_all}: {_listed(f'`{m}`' for m in value.near_all_measures)}"] if value.near_all else []
    )
    return f"{value.about.en} ({'; '.join(levels + near + flags) or 'nothing is hidden'})"


def _levels(limits: Mapping[Level, int]) -> str:
    return "/".join(str(limits[level]) for level in Level)


@says.register
def _(value: Statute) -> str:
    changes = " ".join(f"{a.sfs}: {a.about.en}" for a in value.amendments)
    return f"{_both(value.name)}, {value.sfs}. {changes}".strip()


@says.register
def _(value: Provision) -> str:
    return f"{value.place}: {value.about.en} *{value.about.sv}*"


@says.register
def _(value: AssessmentArea) -> str:
    rest = _listed(value.provisions) or "scale: " + _listed(_both(words) for words in value.judgements)
    alone = " Independent organisers only." if value.independent_only else ""
    return f"{_both(value.name)}, {value.level.replace('_', ' ')}. {rest}.{alone}"


@says.register
def _(value: Inspection) -> str:
    return f"{_both(value.name)}: {value.about.en} May end in {_listed(value.outcomes) or 'areas to develop'}."


APPEALS = {
    Appeal.YES: "may be appealed",
    Appeal.NO: "may not be appealed",
    Appeal.WITH_FINE: "may be appealed only with a fine",
    Appeal.UNKNOWN: "appeal unknown",
}


@says.register
def _(value: Instrument) -> str:
    flags = ("may_carry_fine", "needs_measures", "followed_up", "immediate", "needs_injunction", "needs_serious")
    limits = [flag.replace("_", " ") for flag in flags if getattr(value, flag)]
    limits += [f"at most {value.max_months} months"] if value.max_months else []
    limits += [f"within {value.within_months} months"] if value.within_months else []
    told = "; ".join([value.kind.value, *limits, APPEALS[value.appeal], _listed(value.organisers)])
    return f"{_both(value.name)}: {value.about.en} ({told}; {_listed(value.provisions)})"


@says.register
def _(value: Clock) -> str:
    given = _limit(value.limit) if value.limit else f"*{value.word}*"
    return f"{value.duty.en} From {value.starts.en}: {given} ({value.force})."


@says.register
def _(value: Closure) -> str:
    kinds = " or ".join(EVIDENCE[kind].en for kind in value.evidence)
    asked = ["a visit"] if value.visit else []
    asked += ["a second reader"] if value.second_reader else []
    return f"Closes on {kinds}{''.join(f', and {one}' for one in asked)}. {value.why.en} *{value.why.sv}*"


@says.register
def _(value: Rubric) -> str:
    criteria = " ".join(f"`{key}` {_both(one.name)}: {one.about.en}" for key, one in value.criteria.items())
    by_key = {one.key: one for one in value.classes}
    tried = "; ".join(f"{_both(by_key[key].name)} {_demands(by_key[key])}" for key in value.tried)
    levels = _listed(f"{i} {_both(words)}" for i, words in enumerate(value.levels))
    return (
        f"Version {value.version}, {_both(value.name)}. {value.standing.en} {criteria} Levels: {levels}. The first of "
        f"these classes holds: {tried}; at least {value.least_criteria} criteria must be marked."
    )


def _demands(one: OrganiserClass) -> str:
    asked = [f"at least {one.least_top:.0%} of the criteria on the highest level"] if one.least_top else []
    asked += [f"at most {one.most_bottom:.0%} on the lowest"] if one.most_bottom < 1 else []
    asked += [f"at least {one.least_bottom:.0%} on the lowest"] if one.least_bottom else []
    return " and ".join(asked) or "otherwise"


def _limit(limit: Limit) -> str:
    if not limit.length:
        return "the same day"
    return f"1 {limit.span.removesuffix('s')}" if limit.length == 1 else f"{limit.length} {limit.span}"


@says.register
def _(value: Places) -> str:
    counts = Counter(code[:2] for code in value.municipalities)
    counted = _listed(f"{code} {name.sv} {counts[code]}" for code, name in value.counties.items())
    return f"{len(value.counties)} counties and {len(value.municipalities)} municipalities: {counted}."


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _row(rule: Rule, key: str | None) -> str:
    days = f"{rule.valid_from} –" + (f" {rule.valid_to}" if rule.valid_to else "")
    cells = ([f"`{key}`"] if key is not None else []) + [days, says(rule.value), rule.source, rule.doubt]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _section(file: RuleFile) -> Iterator[str]:
    head = (["key"] if file.keyed else []) + ["in force", "what it says", "source", "doubt"]
    yield from (
        "",
        f"## `{file.name}`",
        "",
        " ".join(file.about.split()),
        "",
        f"Source: {' '.join(file.source.split())}",
        "",
    )
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for key, wordings in file.entries.items():
        yield from (_row(rule, key if file.keyed else None) for rule in wordings)


def manual() -> str:
    """Return the whole chapter as Markdown: every rule with its days, source and doubt."""
    lines = [line for name in KINDS for line in _section(rule_file(name))]
    return INTRODUCTION + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(manual())
