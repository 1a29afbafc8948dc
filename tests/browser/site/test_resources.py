"""Rounds of allocation in the browser: an analyst tries, a head of education decides, a public reader reads why."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import follow
from tests.site.resources.conftest import EKVIK, made, schools  # noqa: F401 - fixtures

from likvard.allocation.round import Rule
from likvard.site import published
from likvard.site.resources import actions
from likvard.site.resources.actions.using import Plan
from likvard.site.resources.basis import Seen, take
from likvard.site.resources.models import Use

pytestmark = pytest.mark.browser
YEAR = 2027
ROUND = f"/resurser/{EKVIK}/{YEAR}/"


def picture(page, name):
    """Keep what is seen, where somebody asks for it."""
    if folder := os.environ.get("LIKVARD_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def draft(cast, places, made, schools, monkeypatch):  # noqa: F811
    """A draft of the round of 2027, made a month ago."""
    monkeypatch.setattr(published, "current", lambda: made)
    rule = Rule(frame=152_000_000, share=0.15, cap=0.03)
    return actions.open_round(
        organiser=places.ekvik, year=YEAR, form="GR", body="Barn- och utbildningsnämnden", rule=rule,
        taken=take(made, places.ekvik, YEAR, "GR"), by=cast.kim, at=timezone.now() - timedelta(days=30),
    )  # fmt: skip


@pytest.fixture
def decided(draft, cast, places):
    """The round decided today, after a view and its answer."""
    now = timezone.now()
    until = (now - timedelta(days=1)).date()
    heard = actions.send_out(round=draft, until=until, by=cast.kim, at=now - timedelta(days=20))
    view = actions.give_view(round=heard, unit=places.björk, text="För lite.", by=cast.rut, at=now - timedelta(days=9))
    actions.answer(view=view, text="Samma grunder för alla.", by=cast.kim, at=now - timedelta(days=3))
    return actions.decide(round=heard, reason="Pengarna ska följa behoven.", by=cast.harald, at=now)


@pytest.mark.parametrize(("width", "language"), [(1280, "sv"), (390, "en"), (320, "sv")])
def test_an_analyst_reads_the_draft_with_no_fault_of_accessibility(draft, visit, cast, faults, width, language):
    page = visit(ROUND, reader=cast.anna, width=width, language=language)
    picture(page, f"round-{width}-{language}")
    assert faults(page) == []


def test_an_analyst_turns_the_share_and_the_answer_comes_at_once(draft, visit, cast, faults):
    page = visit(ROUND, reader=cast.anna)
    slider = page.get_by_role("slider", name="Andel som fördelas efter behov, procent")
    slider.fill("25")
    expect(page.locator("#answer")).to_contain_text("25 % fördelas efter behov")
    expect(page.locator("#said")).to_contain_text("byter skola mot utkastet")
    expect(page.get_by_label("Andel som fördelas efter behov, procent").first).to_have_value("25")
    picture(page, "tried-1280")
    assert faults(page) == []


def test_without_a_script_the_same_wish_is_an_address(draft, visit, cast):
    page = visit(ROUND, reader=cast.anna, script=False)
    page.get_by_role("textbox", name="Andel som fördelas efter behov, procent").fill("25")
    follow(page.get_by_role("button", name="Räkna om"))
    expect(page.locator("#answer")).to_contain_text("25 % fördelas efter behov")
    assert "andel=25" in page.url


def test_an_impossible_wish_says_what_to_do(draft, visit, cast, faults):
    page = visit(f"{ROUND}prova/?andel=15&hogst=3&ram=100000000", reader=cast.anna)
    expect(page.locator("#answer")).to_contain_text("Det fattas")
    assert faults(page) == []


def test_a_head_of_education_decides_by_name(draft, visit, cast, faults):
    now = timezone.now()
    until = (now - timedelta(days=1)).date()
    actions.send_out(round=draft, until=until, by=cast.kim, at=now - timedelta(days=20))
    page = visit(ROUND, reader=cast.harald)
    follow(page.get_by_role("link", name="Besluta"))
    picture(page, "decide-1280")
    assert faults(page) == []
    page.get_by_label("Varför beslutas det så?").fill("Pengarna ska följa behoven.")
    page.get_by_label("Jag beslutar detta.").check()
    follow(page.get_by_role("button", name="Besluta"))
    expect(page.get_by_text("beslutat av Harald Huvudman")).to_be_visible()


@pytest.mark.parametrize(("page_of", "language"), [("", "sv"), ("skal/", "en"), ("prova/", "sv")])
def test_a_public_reader_reads_what_every_school_gets_and_why(decided, visit, faults, page_of, language):
    page = visit(f"{ROUND}{page_of}", width=390, language=language)
    picture(page, f"public-{page_of.strip('/') or 'round'}-390-{language}")
    assert page.status == 200
    assert faults(page) == []


def test_what_is_used_and_what_schools_said_is_for_the_organiser(decided, visit, cast, faults):
    for name in ("uppfoljning/", "uppfoljning/ny/", "synpunkter/"):
        page = visit(f"{ROUND}{name}", reader=cast.kim, width=390)
        picture(page, name.strip("/").replace("/", "-"))
        assert faults(page) == []


def test_what_cannot_be_told_yet_gets_a_new_day(decided, visit, cast, places, faults):
    now = timezone.now()
    plan = Plan(places.björk, 9, "Två lärare", "merit_value", "up", "Tio steg", (now + timedelta(days=9)).date())
    use = actions.plan(round=decided, plan=plan, baseline=Seen(), by=cast.kim, at=now)
    Use.objects.filter(pk=use.pk).update(look_on=now.date())
    page = visit(f"{ROUND}uppfoljning/{use.pk}/", reader=cast.kim, width=390)
    page.get_by_label("går inte att säga").check()
    page.get_by_label("Hur vet du det?").fill("Inga nya siffror än")
    follow(page.get_by_role("button", name="Spara"))
    expect(page.get_by_role("alert")).to_contain_text("Sätt en ny dag att se efter")
    picture(page, "look-again-390")
    assert faults(page) == []
    page.get_by_label("när ser ni efter igen?").fill((now + timedelta(days=300)).date().isoformat())
    follow(page.get_by_role("button", name="Spara"))
    expect(page.get_by_text("inte avgjord än").first).to_be_visible()
    assert faults(page) == []


def test_the_grounds_the_newer_figures_and_the_organisers_page(draft, visit, cast, faults):
    for name in (f"{ROUND}underlag/", f"{ROUND}uppdatera/", f"/resurser/{EKVIK}/", f"/resurser/{EKVIK}/ny/"):
        page = visit(name, reader=cast.kim)
        picture(page, name.strip("/").replace("/", "-"))
        assert faults(page) == []


def test_the_round_is_walked_with_the_tab_key_and_is_whole_in_the_dark(draft, visit, cast, faults, tab_stops):
    page = visit(ROUND, reader=cast.kim, scheme="dark")
    stops = tab_stops(page)
    assert "Andel som fördelas efter behov, procent" in stops
    assert "Skicka ut på samråd" in stops
    picture(page, "dark")
    assert faults(page) == []
