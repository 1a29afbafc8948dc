"""An inspection is taken through its stages by its people; each gate says what is missing."""

from __future__ import annotations

from typing import Any


def test_a_decision_is_signed_and_the_case_waits_for_the_report_back(
    signed_decision: Any, cast: Any, today: Any
) -> None:
    issued = signed_decision.issued
    assert signed_decision.inspection.case.state_code == "awaiting"
    assert (signed_decision.decided_on, signed_decision.decided_by) == (today, cast.lea)
    assert [(point.number, point.instrument, point.state) for point in issued.points.all()] == [
        (1, "injunction", "open"),
        (2, "remark", "open"),
    ]
    assert issued.content["facts"]["organiser"]["name"] == "Ekviks kommun"
