"""The panes of a measure card: links that work without a script, and that change only the card where htmx runs."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from playwright.sync_api import expect

from likvard.figures.card import card
from likvard.terms import Language

pytestmark = pytest.mark.browser

PAGE = '{% extends "ui/base.html" %}{% block title %}Kort{% endblock %}{% block content %}{{ first }}{{ second }}{% endblock %}'


@pytest.fixture
def cards(demo, settings, visit):
    """Open a page of two cards; each keeps its own pane in the address."""
    figures = [figure for figure in demo.report().figures if figure.chart is not None][:2]

    def page(request: HttpRequest) -> HttpResponse:
        chosen = {figure.id: request.GET.get(figure.id, "chart") for figure in figures}

        def drawn(figure):
            def href(pane):
                return "?" + "&".join(f"{k}={v}" for k, v in {**chosen, figure.id: pane}.items())

            return card(figure, Language.SV, pane=chosen[figure.id], href=href)

        first, second = map(drawn, figures)
        return HttpResponse(engines["django"].from_string(PAGE).render({"first": first, "second": second}, request))

    settings.ROOT_URLCONF = (path("kort/", page),)
    return lambda **how: visit("/kort/", **how)


@pytest.mark.parametrize("script", [True, False])
def test_a_pane_is_chosen_with_a_link(cards, script):
    page = cards(script=script)
    first, second = page.locator(".fig").all()
    first.get_by_role("link", name="Tabell").click()
    expect(first.locator(".p-table")).to_be_visible()
    expect(first.locator(".p-chart")).to_be_hidden()
    expect(first.get_by_role("link", name="Tabell")).to_have_attribute("aria-current", "true")
    expect(second.locator(".p-chart")).to_be_visible()
    assert "=table" in page.url


def test_with_a_script_only_the_card_changes_and_the_focus_stays(cards):
    page = cards()
    page.evaluate("window.stillHere = true")
    link = page.locator(".fig").first.get_by_role("link", name="Tabell")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".fig").first.locator(".p-table")).to_be_visible()
    assert page.evaluate("window.stillHere") is True
    expect(link).to_be_focused()
    assert page.said == []


def test_the_way_back_shows_the_pane_that_was(cards):
    page = cards()
    page.locator(".fig").first.get_by_role("link", name="Tabell").click()
    expect(page.locator(".fig").first.locator(".p-table")).to_be_visible()
    page.go_back()
    expect(page.locator(".fig").first.locator(".p-chart")).to_be_visible()


def test_a_pane_opens_in_a_new_tab_where_the_reader_asks_for_one(cards):
    page = cards()
    with page.context.expect_page() as opened:
        page.locator(".fig").first.get_by_role("link", name="Tabell").click(modifiers=["Control"])
    expect(opened.value.locator(".fig").first.locator(".p-table")).to_be_visible()
    expect(page.locator(".fig").first.locator(".p-chart")).to_be_visible()


def test_a_card_has_no_fault_of_accessibility_in_any_pane(cards, faults):
    page = cards(width=390)
    for name in ("Diagram", "Tabell", "Så mäter vi"):
        page.locator(".fig").first.get_by_role("link", name=name).click()
        expect(page.locator(".fig").first.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
        assert faults(page) == []
