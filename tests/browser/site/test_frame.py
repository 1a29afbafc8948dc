"""The frame around every page: skip link, menu, language, and what works without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import follow

pytestmark = pytest.mark.browser


def test_the_first_stop_of_the_tab_key_leads_past_the_menu(visit):
    page = visit("/om/siffror/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_menu_of_a_role_shows_where_the_reader_is(visit, cast):
    page = visit("/om/komponenter/", reader=cast.harald)
    words = page.locator("nav.nav ul.wide-only a").all_inner_texts()
    assert words == ["Överblick", "Skolor", "Resultat", "Ärenden", "Tillsyn", "Resurser"]


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_menu_folds_and_opens_without_a_script(visit, script):
    page = visit("/om/siffror/", width=390, script=script)
    link = page.locator("nav.nav details a", has_text="Om siffrorna")
    expect(link).not_to_be_visible()
    page.locator("nav.nav summary").click()
    expect(link).to_be_visible()
    expect(link).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize("script", [True, False])
def test_the_language_is_chosen_with_one_link_and_remembered(visit, script):
    page = visit("/om/tecken/?a=1", script=script)
    follow(page.get_by_role("link", name="English"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Symbols in the tables")
    assert "a=1" in page.url
    follow(page.get_by_role("link", name="Accessibility"))
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_choice_is_shown_without_loading_the_page_anew(visit):
    page = visit("/om/komponenter/")
    page.evaluate("window.stillHere = true")
    page.get_by_label("Ordning").select_option("need")
    page.get_by_role("button", name="Visa").click()
    page.wait_for_url("**order=need**")
    assert page.evaluate("window.stillHere") is True
    expect(page.get_by_label("Ordning")).to_have_value("need")
    expect(page.get_by_role("button", name="Visa")).to_be_focused()
    expect(page.locator("#shown")).to_have_text("Ditt val visas.")
    assert page.said == []


def test_a_choice_is_shown_without_a_script(visit):
    page = visit("/om/komponenter/", script=False)
    page.get_by_label("Ordning").select_option("need")
    page.get_by_role("button", name="Visa").click()
    page.wait_for_url("**order=need**")
    expect(page.get_by_label("Ordning")).to_have_value("need")


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_question(visit):
    page = visit("/om/komponenter/")
    expect(page.locator(".alert")).to_be_focused()
    page.get_by_role("link", name="Vilken dag? Fyll i fältet.").click()
    expect(page.locator("#id_day")).to_be_focused()


def test_at_400_per_cent_the_page_still_needs_no_sideways_scroll(visit, cast):
    page = visit("/om/komponenter/", reader=cast.kim, width=320)
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
