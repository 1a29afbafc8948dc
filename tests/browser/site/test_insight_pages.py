"""The pages with figures in a real browser: found, read, compared and downloaded, by each kind of reader."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import follow
from tests.site.insight.conftest import BJÖRK, EKVIK, GRAN, LÄRKSKOLAN, SECRET, made, publication, read, schools

__all__ = ["made", "publication", "read", "schools"]  # the fixtures of tests/site/insight, here too
pytestmark = pytest.mark.browser

PAGES = [
    ("/", ""),
    ("/skolor/?q=skolan", ""),
    ("/skolor/?q=finns-inte", ""),
    (f"/skolor/{BJÖRK}/", ""),
    (f"/skolor/{GRAN}/?tabell=results&metod=gap-girls-boys", "harald"),
    (f"/skolor/{GRAN}/figur/results/", ""),
    (f"/oversikt/{EKVIK}/", ""),
    (f"/oversikt/{EKVIK}/?form=all", "harald"),
    (f"/resultat/{EKVIK}/", ""),
    (f"/resultat/{EKVIK}/?jamfor={GRAN},{LÄRKSKOLAN}", "kim"),
    ("/matt/", ""),
    ("/matt/merit_value/", ""),
    ("/data/", ""),
    ("/data/", "harald"),
    (f"/grupper/valj/?q=skolan&till={EKVIK}&jamfor={GRAN},{LÄRKSKOLAN}", "anna"),
    ("/grupper/", "anna"),
]
"""Every kind of page, and who reads it."""

RICHEST = [
    page for page in PAGES if page[0] in (f"/oversikt/{EKVIK}/", f"/resultat/{EKVIK}/", f"/skolor/{BJÖRK}/", "/data/")
]


@pytest.fixture
def each(visit, cast, publication):
    """Open each page in turn and collect what a look at it finds wrong, by address."""

    def look(at, pages=PAGES, **how) -> dict[str, list[str]]:
        found = {}
        for path, reader in pages:
            page = visit(path, reader=getattr(cast, reader) if reader else None, **how)
            wrong = at(page) + ([] if page.status == 200 else [f"status {page.status}"])
            found |= {f"{path} {reader}": wrong} if wrong else {}
        return found

    return look


@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 320)])
def test_no_page_with_figures_has_a_fault_of_accessibility(each, faults, language, width):
    assert each(faults, language=language, width=width) == {}


def test_no_text_is_too_faint_in_the_dark(each, faults):
    assert each(lambda page: faults(page, ["color-contrast"]), RICHEST, scheme="dark") == {}


def test_the_richest_pages_can_be_walked_with_the_tab_key(each, tab_stops):
    def lost(page):
        return [] if tab_stops(page)[-1] == "Säg vad som är fel" else ["the end is not reached"]

    assert each(lost, RICHEST) == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_guardian_finds_a_school_and_reads_its_results_as_a_table(visit, publication, script):
    page = visit("/", script=script, width=390)
    page.get_by_role("searchbox").fill("gran")
    follow(page.get_by_role("button", name="Sök"))
    follow(page.get_by_role("link", name="Granskolan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Granskolan")
    card = page.locator("#results")
    card.get_by_role("link", name="Tabell").click()
    expect(card.get_by_role("table")).to_be_visible()
    expect(page).to_have_url(re.compile(r"tabell=results"))
    expect(page.get_by_text(f"{SECRET:.0f}", exact=True)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_an_organiser_chooses_what_to_see_and_the_address_remembers_it(visit, cast, publication, script):
    page = visit(f"/resultat/{EKVIK}/", reader=cast.harald, script=script)
    page.get_by_label("Mått").select_option("share_all_subjects_year_9")
    page.get_by_role("button", name="Visa").click()
    expect(page).to_have_url(re.compile("matt=share_all_subjects_year_9"))
    expect(page.get_by_label("Mått")).to_have_value("share_all_subjects_year_9")
    page.reload()
    expect(page.get_by_label("Mått")).to_have_value("share_all_subjects_year_9")


def test_a_head_of_education_goes_from_the_overview_to_a_school_and_takes_out_its_figures(visit, cast, publication):
    page = visit("/", reader=cast.harald)
    expect(page).to_have_url(re.compile(f"/oversikt/{EKVIK}/$"))
    expect(page.get_by_text("Du ser detta som skolchef")).to_be_visible()
    follow(page.get_by_role("link", name="Granskolan").first)
    page.locator("#gap-girls-boys").get_by_role("link", name="Tabell").click()
    expect(page.locator("#gap-girls-boys").get_by_text(f"{SECRET:.0f}").first).to_be_visible()
    with page.expect_download() as download:
        page.locator("#gap-girls-boys").get_by_role("link", name="CSV").click()
    rows = list(csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert any(f"{SECRET:.1f}" in row or f"{SECRET:g}" in row for row in rows)


def test_a_principal_comes_to_the_own_school_and_compares_it(visit, cast, publication):
    page = visit("/", reader=cast.rut)
    expect(page.get_by_role("heading", level=1)).to_have_text("Björkskolan")
    page.get_by_role("link", name="2. För vem?").click()
    expect(page.get_by_role("heading", name="2. För vem?")).to_be_in_viewport()
    follow(page.get_by_role("link", name="Jämför skolan med liknande skolor"))
    expect(page.get_by_label("Jämför med liknande skolor")).to_have_value(BJÖRK)


def test_an_analyst_builds_a_group_and_keeps_it(visit, cast, publication):
    page = visit(f"/grupper/valj/?till={EKVIK}", reader=cast.anna)
    page.get_by_label("Namn, ort eller nummer").fill("skolan")
    follow(page.get_by_role("button", name="Sök, och behåll det du kryssat för"))
    for name in ("Granskolan", "Lärkskolan"):
        page.get_by_label(re.compile(name)).check()
    follow(page.get_by_role("button", name="Ta med det du kryssat för"))
    page.get_by_label("Vad heter gruppen?").fill("Lika oss")
    follow(page.get_by_role("button", name="Behåll gruppen"))
    expect(page.get_by_text("Gruppen Lika oss är sparad.")).to_be_visible()
    follow(page.get_by_role("link", name="Lika oss"))
    follow(page.get_by_role("link", name="Jämför"))
    expect(page.locator("#main")).to_contain_text("Lärkskolan")


def test_both_languages_say_the_same_page(visit, publication):
    page = visit(f"/oversikt/{EKVIK}/")
    follow(page.get_by_role("link", name="English"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="How far from the expected is each school?")).to_be_visible()
