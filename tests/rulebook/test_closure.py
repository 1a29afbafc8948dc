"""What it takes to close a finding."""

from __future__ import annotations

from datetime import date

from likvard.rulebook import rule
from likvard.rulebook.kinds.supervision import EVIDENCE, RESULTS, Closure, EvidenceKind
from likvard.rulebook.lookup import rule_file

ON = date(2026, 11, 22)


def _closure(area: str) -> Closure:
    found: Closure = rule(f"closure:{area}", ON).value
    return found


def test_a_plan_closes_nothing_anywhere() -> None:
    kinds = {kind for wordings in rule_file("closure").entries.values() for w in wordings for kind in w.value.evidence}
    assert kinds <= RESULTS
    assert EvidenceKind.PLAN not in RESULTS


def test_safety_takes_a_visit_and_a_second_reader_but_grading_neither() -> None:
    assert (_closure("unit.safety").visit, _closure("unit.safety").second_reader) == (True, True)
    assert (_closure("unit.grading").visit, _closure("unit.grading").second_reader) == (False, False)


def test_every_kind_of_evidence_has_a_name_in_both_languages() -> None:
    assert set(EVIDENCE) == set(EvidenceKind)
    assert all(words.sv and words.en for words in EVIDENCE.values())
