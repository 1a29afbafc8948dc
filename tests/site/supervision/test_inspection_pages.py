"""The pages of an inspection, for those who work in it and for those who must not see it."""

from __future__ import annotations

from typing import Any

import pytest

PAGES = ("", "risk/", "omraden/", "kliv-av/", "underlag/", "underlag/begar/", "besok/", "besok/nytt/", "iakttagelser/",
         "iakttagelser/ny/", "beslut/1/", "beslut/1/las/", "beslut/1/las/?form=klarsprak", "beslut/1/beslut.pdf",
         "beslut/1/brist/ny/", "beslut/1/brist/ny/?area=unit.safety&event_on=2025-11-14", "beslut/1/brist/1/",
         "beslut/1/brist/1/ta-bort/", "beslut/1/faktagranska/", "faktagranskning/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_whoever_works_in_it_sees_every_page_of_a_draft(page: str, draft: Any, cast: Any, enter: Any) -> None:
    answer = enter(cast.ines).get(f"/tillsyn/{draft.inspection.case.slug}/{page}")
    assert answer.status_code == 200
