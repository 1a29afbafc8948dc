"""What an instrument may be used for: each limit of 26 kap. skollagen refuses by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likvard.rulebook import rule
from likvard.rulebook.clocks import after
from likvard.rulebook.kinds.supervision import Limit, Span
from likvard.rulebook.legality import Use, faults, faults_of, instruments_for, may_appeal, needs_fine, not_in_force
from likvard.terms import OrganiserKind

ON = date(2026, 11, 21)
DUE = date(2027, 2, 21)
MUNICIPAL, INDEPENDENT = OrganiserKind.MUNICIPAL, OrganiserKind.INDEPENDENT

INJUNCTION = Use("injunction", ON, MUNICIPAL, "planned", measures=2, due=DUE)
REMARK = Use("remark", ON, MUNICIPAL, "planned", due=DUE)
REFRAIN = Use("refrain", ON, MUNICIPAL, "planned", refrain="minor")
REVOCATION = Use(
    "revocation", ON, INDEPENDENT, "planned", serious=True, earlier_injunction_on=ON, earlier_not_followed=True
)
REPEATED = Use(
    "prohibition_repeated", ON, MUNICIPAL, "planned", serious=True, earlier_serious=True,
    earlier_injunction_on=date(2025, 1, 1),
)  # fmt: skip
TEMPORARY = Use("temporary_prohibition", ON, MUNICIPAL, "planned", until=date(2027, 5, 21))
AUDIT = Use("", ON, MUNICIPAL, "audit", judgement=1)


@pytest.mark.parametrize(
    "use", [INJUNCTION, REMARK, REFRAIN, REVOCATION, REPEATED, TEMPORARY, AUDIT, replace(INJUNCTION, fine=500_000)]
)
def test_an_ordinary_use_has_no_faults(use: Use) -> None:
    assert faults_of(use) == ()


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (replace(REMARK, fine=100_000), "can never carry a fine"),
        (replace(REFRAIN, fine=100_000), "can never carry a fine"),
        (replace(INJUNCTION, fine=0), "whole crowns"),
        (replace(INJUNCTION, measures=0), "State the measures"),
        (replace(INJUNCTION, due=None), "by when the deficiency"),
        (replace(REMARK, due=None), "by when the deficiency"),
        (replace(INJUNCTION, due=date(2026, 11, 20)), "before the decision"),
        (replace(INJUNCTION, hinders_goals=True), "shall carry a fine"),
        (replace(REMARK, serious=True), "less serious breaches"),
        (replace(REMARK, hinders_goals=True), "less serious breaches"),
        (replace(REFRAIN, refrain=""), "why the Inspectorate refrains"),
        (replace(REFRAIN, serious=True), "is not minor"),
        (replace(REVOCATION, organiser_kind=MUNICIPAL), "this kind of organiser"),
        (replace(REVOCATION, serious=False), "takes a serious irregularity"),
        (replace(REVOCATION, earlier_not_followed=False), "not followed"),
        (replace(REVOCATION, earlier_injunction_on=None), "not followed"),
        (replace(REPEATED, organiser_kind=INDEPENDENT), "this kind of organiser"),
        (replace(REPEATED, earlier_injunction_on=date(2024, 11, 20)), "within 24 months"),
        (replace(REPEATED, earlier_serious=False), "within 24 months"),
        (replace(TEMPORARY, until=date(2027, 5, 22)), "at most 6 months"),
        (replace(TEMPORARY, until=None), "at most 6 months"),
        (replace(INJUNCTION, until=ON), "no last day"),
        (replace(INJUNCTION, inspection_type="audit"), "does not judge legality"),
        (replace(TEMPORARY, inspection_type="audit"), "does not judge legality"),
        (replace(REMARK, inspection_type="establishment"), "cannot end in"),
        (Use("audit_information_order", ON, MUNICIPAL, "planned"), "only in a quality audit"),
        (replace(INJUNCTION, judgement=0), "no scale of quality"),
        (replace(AUDIT, judgement=None), "a step of the scale"),
        (replace(AUDIT, fine=1), "neither a fine"),
        (replace(AUDIT, serious=True), "neither a fine"),
        (replace(AUDIT, inspection_type="planned"), "Choose an instrument"),
        (replace(REPEATED, on=date(2022, 6, 30)), "did not exist"),
        (replace(INJUNCTION, instrument="unheard_of"), "did not exist"),
    ],
)
def test_what_the_law_does_not_allow_is_refused_with_the_reason(use: Use, said: str) -> None:
    found = faults_of(use)
    assert len(found) == 1
    assert said in found[0].en
    assert found[0].sv != found[0].en


def test_special_reasons_take_the_place_of_a_fine() -> None:
    assert needs_fine("injunction", hinders_goals=True)
    assert not needs_fine("remark", hinders_goals=True)
    assert faults_of(replace(INJUNCTION, hinders_goals=True, no_fine_reason="Skolan läggs ned i juni.")) == ()


def test_an_approval_is_revoked_without_an_injunction_only_when_the_consultation_before_the_start_failed() -> None:
    use = replace(REVOCATION, inspection_type="establishment", earlier_injunction_on=None)
    assert len(faults_of(use)) == 1
    assert faults_of(replace(use, consultation_failed=True)) == ()
    assert len(faults_of(replace(use, inspection_type="planned", consultation_failed=True))) == 1


@given(st.dates(date(2022, 7, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_a_temporary_prohibition_never_lasts_over_six_months(decided: date, days: int) -> None:
    until = date.fromordinal(decided.toordinal() + days)
    allowed = faults_of(replace(TEMPORARY, on=decided, until=until)) == ()
    assert allowed == (until <= after(decided, Limit(6, Span.MONTHS)))


@given(
    st.sampled_from(sorted(rule("instruments", ON).value)),
    st.sampled_from(["planned", "targeted", "thematic", "audit"]),
    st.sampled_from(OrganiserKind),
    st.booleans(),
)
def test_no_instrument_but_an_injunction_is_ever_accepted_with_a_fine(
    key: str, inspection: str, kind: OrganiserKind, serious: bool
) -> None:
    use = Use(key, ON, kind, inspection, fine=1000, serious=serious, measures=1, due=DUE, refrain="special", until=ON)
    assert key in {"injunction", "information_order", "audit_information_order"} or faults_of(use)


def test_the_words_can_be_asked_for_by_fields() -> None:
    assert faults("remark", on=ON, organiser_kind=MUNICIPAL, inspection_type="planned", due=DUE) == ()


def test_what_can_be_chosen_follows_type_and_organiser() -> None:
    public = instruments_for("planned", on=ON, organiser_kind=MUNICIPAL)
    assert public[:4] == ("injunction", "remark", "refrain", "no_action")
    assert "prohibition" in public
    assert "revocation" not in public
    assert "revocation" in instruments_for("planned", on=ON, organiser_kind=INDEPENDENT)
    assert "remark" not in instruments_for("establishment", on=ON, organiser_kind=INDEPENDENT)
    assert instruments_for("audit", on=ON, organiser_kind=MUNICIPAL) == ()


def test_an_injunction_can_be_appealed_only_with_a_fine() -> None:
    assert may_appeal("injunction", on=ON) is False
    assert may_appeal("injunction", on=ON, fine=1) is True
    assert may_appeal("remark", on=ON) is False
    assert may_appeal("prohibition", on=ON) is True
    assert may_appeal("", on=ON) is False
    assert may_appeal("sanction_charge", on=date(2027, 7, 1)) is None


def test_a_provision_that_had_no_wording_on_the_day_is_named() -> None:
    assert not_in_force(["skollagen 26:3 a", "skollagen 6:10"], on=date(2022, 6, 30)) == ("skollagen 26:3 a",)
