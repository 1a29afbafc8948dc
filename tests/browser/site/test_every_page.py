"""Every page of the site, in both languages and at three widths: nothing for axe to find, nothing to scroll sideways."""

from __future__ import annotations

import pytest
from tests.browser.site.conftest import PAGES, WIDTHS, too_wide

pytestmark = pytest.mark.browser


@pytest.fixture
def each(visit, cast, addresses):
    """Open each page in turn and collect what a look at it finds wrong, by address."""

    def look(at, **how) -> dict[str, list[str]]:
        found = {}
        for address in addresses:
            page = visit(address.path, reader=getattr(cast, address.reader) if address.reader else None, **how)
            wrong = at(page) + ([] if page.status == address.status else [f"status {page.status}"])
            found |= {f"{address.path} {address.reader}": wrong} if wrong else {}
        return found

    return look


@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 320)])
def test_no_page_has_a_fault_of_accessibility_or_must_be_scrolled_sideways(each, faults, language, width):
    """One load of each page: axe at one width and in the dark, and the other widths by drawing the window narrower or wider."""

    def examine(page):
        wrong = faults(page)
        if language == "sv":
            page.emulate_media(color_scheme="dark")
            wrong += [f"in the dark: {fault}" for fault in faults(page, ["color-contrast"])]
            page.emulate_media(color_scheme="light")
        for other in WIDTHS:
            page.set_viewport_size({"width": other, "height": 900})
            wrong += too_wide(page)
        return list(dict.fromkeys(wrong))

    assert each(examine, language=language, width=width) == {}


def test_every_page_works_without_a_script_and_says_that_the_data_are_invented(each):
    def unsaid(page):
        banner, title = page.locator("section.syn").inner_text(), page.title()
        return [] if banner.startswith("Påhittade uppgifter.") and title.endswith("påhittade uppgifter") else [title]

    assert each(unsaid, script=False) == {}


def test_every_page_can_be_walked_with_the_tab_key(each, tab_stops):
    def lost(page):
        stops = tab_stops(page)
        return [] if stops[-1] == "Säg vad som är fel" else stops[-3:]

    assert each(lost) == {}


def test_there_is_a_line_for_pages_of_the_public_and_of_readers():
    assert {bool(address.reader) for address in PAGES} == {True, False}


def test_the_examination_finds_what_is_wrong(visit, faults):
    page = visit("/om/tecken/", width=390)
    image = '<img src="/static/ui/mark.svg" width="900">'
    page.locator("main").evaluate("(main, image) => main.insertAdjacentHTML('beforeend', image)", image)
    unnamed, wide = faults(page)
    assert unnamed.startswith("image-alt")
    assert wide.endswith("px wide in a window of 390")
