"""The one look-up: which wording of a rule is in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from likvard.rulebook.build import build, read_yaml
from likvard.rulebook.dated import Rule, in_force, timeline, together
from likvard.rulebook.kinds.disclosure import DisclosureRule
from likvard.rulebook.kinds.grades import GradeCodes, GradeScale, ScaleUse
from likvard.rulebook.kinds.merit import EligibilityRule, MeritRule
from likvard.rulebook.kinds.places import Places
from likvard.rulebook.kinds.rubric import Rubric
from likvard.rulebook.kinds.schools import SchoolFormNames, Subject
from likvard.rulebook.kinds.supervision import AssessmentArea, Clock, Closure, Inspection, Instrument
from likvard.rulebook.kinds.texts import Provision, Statute
from likvard.terms import RuleError

KINDS: Mapping[str, type] = MappingProxyType(
    {
        "school_forms": SchoolFormNames,
        "subjects": Subject,
        "grade_scale": GradeScale,
        "grade_scale_use": ScaleUse,
        "grade_codes": GradeCodes,
        "merit": MeritRule,
        "eligibility": EligibilityRule,
        "disclosure": DisclosureRule,
        "statutes": Statute,
        "provisions": Provision,
        "assessment_areas": AssessmentArea,
        "inspections": Inspection,
        "instruments": Instrument,
        "clocks": Clock,
        "closure": Closure,
        "rubric": Rubric,
        "municipalities": Places,
    }
)
"""Every rule file of `data/`, and the one schema of its values."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What every entry of a rule file carries beside its value."""

    valid_from: date
    source: str
    key: str = ""
    valid_to: date | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of rules: what it is about, its general source, and each rule's wordings in order of time.

    Keys are empty in a file with a single rule.
    """

    name: str
    about: str
    source: str
    entries: Mapping[str, tuple[Rule, ...]]

    @property
    def keyed(self) -> bool:
        """Whether the file holds many rules, each with a key of its own."""
        return "" not in self.entries


@cache
def rule_file(name: str) -> RuleFile:
    """Read one file of the rulebook. Raises `RuleError` if there is none, or if anything in it is wrong."""
    if name not in KINDS:
        raise RuleError(f"There is no rule called {name!r}.", f"Ask for one of {', '.join(KINDS)}.")
    data = read_yaml(files("likvard.rulebook").joinpath("data", f"{name}.yaml"))
    return parse_file(name, data)


def parse_file(name: str, data: object) -> RuleFile:
    """Make a rule file from plain data. Raises `RuleError` on a wrong field, a gap or an overlap in time."""
    if not isinstance(data, dict) or data.keys() != {"about", "source", "entries"}:
        raise RuleError(f"{name}.yaml must hold about, source and entries.", "Mend the file.")
    wordings: dict[str, list[Rule]] = {}
    for number, item in enumerate(data["entries"], start=1):
        key, rule = _entry(name, f"{name}.yaml, entry {number}", item)
        wordings.setdefault(key, []).append(rule)
    if "" in wordings and len(wordings) > 1:
        raise RuleError(f"{name}.yaml has entries with a key and entries without.", "Give every entry a key.")
    entries = {key: timeline(found) for key, found in wordings.items()}
    return RuleFile(name, data["about"], data["source"], MappingProxyType(entries))


def _entry(name: str, where: str, item: object) -> tuple[str, Rule]:
    if not isinstance(item, dict) or "value" not in item:
        raise RuleError(f"{where}: the field 'value' is missing.", "Add it to the file.")
    head = build(_Head, {key: value for key, value in item.items() if key != "value"}, where)
    value: object = build(KINDS[name], item["value"], f"{where} ({head.key or head.valid_from})")
    full = f"{name}:{head.key}" if head.key else name
    return head.key, Rule(full, head.valid_from, head.valid_to, head.source, head.doubt, value)


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """Return every wording of a rule in order of time.

    `merit` is one rule. `instruments` is all instruments together, its value a mapping from key to instrument,
    and `instruments:injunction` is one of them. Raises `RuleError` if there is no rule of that name.
    """
    stem, _, key = name.partition(":")
    file = rule_file(stem)
    if not key and file.keyed:
        return together(stem, file.source, file.entries)
    if key not in file.entries:
        raise RuleError(f"There is no rule called {name!r}.", f"{stem} has {', '.join(file.entries)}.")
    return file.entries[key]


def rule(name: str, on: date) -> Rule:
    """Return the wording of a rule in force on the day of the event.

    Raises `RuleError` if there is no such rule, or none in force on that day.
    """
    return in_force(rules(name), name, on)


def names() -> tuple[str, ...]:
    """Return the name of every single rule, as `rules` takes it: `merit`, `instruments:injunction` …."""
    return tuple(f"{stem}:{key}" if key else stem for stem in KINDS for key in rule_file(stem).entries)
