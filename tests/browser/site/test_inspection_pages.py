"""The pages of an inspection in a real browser: nothing for axe to find, nothing to scroll sideways, remarks without a script."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.browser.conftest import follow
from tests.site.supervision.conftest import STAGES, STEPS

from likvard.site.supervision.actions import opening

pytestmark = pytest.mark.browser
NOW = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)


@pytest.fixture
def taken(site, cast, places, settings, tmp_path):
    """Take an inspection of Björkskolan as far as a stage; return the address of its case."""
    settings.DOCUMENTS = tmp_path / "documents"

    def take(to: str) -> str:
        made = opening.open_inspection(
            type="planned", level="unit", place=places.björk, by=cast.lea, at=NOW, areas=("unit.support", "unit.safety")
        )
        for step in STAGES[1 : STAGES.index(to) + 1]:
            STEPS[step](made, cast, NOW, settings.DOCUMENTS)
        return made.case.slug

    return take


@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 320)])
def test_the_pages_of_an_inspection_have_no_faults(language, width, taken, visit, faults, cast):
    drafted, decided = taken("drafting"), taken("awaiting")
    pages = [
        *(
            f"/tillsyn/{drafted}/{page}"
            for page in ("underlag/", "besok/", "iakttagelser/", "beslut/1/", "beslut/1/brist/1/")
        ),
        *(f"/tillsyn/{decided}/{page}" for page in ("", "risk/", "beslut/1/las/")),
        "/tillsyn/",
    ]
    found = {page: faults(visit(page, reader=cast.ines, language=language, width=width)) for page in pages}
    assert {page: wrong for page, wrong in found.items() if wrong} == {}


def test_the_organiser_remarks_and_answers_without_a_script(taken, visit, faults, cast):
    address = f"/svar/{taken('fact_check')}/faktagranskning/"
    page = visit(address, reader=cast.harald, script=False)
    page.locator("summary").nth(3).click()
    page.locator("details[open] textarea").fill("Det var 19 dagar.")
    follow(page.get_by_role("button", name="Lämna vårt svar"))
    assert page.get_by_text("Det var 19 dagar.").is_visible()
    assert page.get_by_text("Ert svar är lämnat.").is_visible()
    assert faults(visit(address, reader=cast.kim)) == []
