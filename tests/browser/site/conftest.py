"""The site in a real browser: a server in the test's process, the cast signed in, and what a page is examined for.

Every test here commits to a database that both the server and the test see: a file on SQLite (tests/site_settings.py),
since a database in memory is one connection and the server answers in several threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from playwright.sync_api import Browser, Page, Request
from tests.site.conftest import cast, keep, member, now, places, today

from likvard.site.people.models import User

__all__ = ["cast", "keep", "member", "now", "places", "today"]  # the fixtures of tests/site, here too

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (1280, 390, 320)


@dataclass(frozen=True)
class Address:
    """A page to look at: its address, who reads (a name of the cast; empty for the public), and the status it gives."""

    path: str
    reader: str = ""
    status: int = 200


PAGES = [
    Address("/om/siffror/"),
    Address("/om/tecken/"),
    Address("/cirkeln/"),
    Address("/segregation/"),
    Address("/om/tillganglighet/"),
    Address("/om/personuppgifter/"),
    Address("/om/fel/?sida=/skolor/"),
    Address("/om/komponenter/"),
    Address("/om/komponenter/", "kim"),
    Address("/konto/logga-in/"),
    Address("/konto/", "rut"),
    Address("/administration/", "adam"),
    Address("/administration/bjud-in/", "adam"),
    Address("/administration/", "rut", status=403),
    Address("/svar/", "harald"),
    Address("/svar/", "ines", status=403),
    Address("/tillsyn/enhetlighet/", "lea"),
    Address("/tillsyn/klockor/", "lea"),
    Address("/tillsyn/program/", "lea"),
    Address("/tillsyn/program/", "harald", status=403),
    Address("/arenden/?visa=register", "lea"),
    Address("/folj/"),
    Address("/folj/skickat/"),
    Address("/oppna-data/"),
    Address("/tillsyn/signaler/"),
    Address("/bedomning/mall/"),
    Address("/bedomning/", "lea"),
    Address("/bedomning/omgang/ny/", "lea"),
    Address("/bedomning/svar/", "harald"),
    Address("/nationell-rapport/"),
    Address("/resurser/"),
    Address("/resurser/2120009991/"),
    Address("/resurser/2120009991/", "kim"),
    Address("/resurser/2120009991/ny/", "anna", status=403),
    Address("/tillsyn/", "ines"),
    Address("/tillsyn/", "adam", status=403),
    Address("/finns/inte/", status=404),
    Address("/finns/inte/", "harald", status=404),
]
"""Every page that is examined in both languages and at every width. A new page gets a line here."""


@pytest.fixture
def addresses() -> list[Address]:
    """The pages to examine."""
    return PAGES


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of the site, as a demonstration: it says everywhere that the data are invented."""
    settings.DEMO, settings.SECOND_FACTOR = True, False
    return live_server.url


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: str, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open an address: `visit("/skolor/", reader=cast.rut, language="en", width=320, scheme="dark", script=False)`.

    The page knows what the browser said of it (`page.said`) and the status of the answer (`page.status`). Pages of the
    same reader, scheme and script share a window, as tabs do.
    """
    windows: dict[tuple[int | None, str, bool], Page] = {}

    def open_(
        path: str,
        *,
        reader: User | None = None,
        language: str = "sv",
        width: int = 1280,
        scheme: str = "light",
        script: bool = True,
    ) -> Page:
        key = (reader.pk if reader else None, scheme, script)
        if key not in windows:
            windows[key] = _window(browser, site, reader, scheme, script)
        page = windows[key]
        page.context.add_cookies([{"name": site_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
        page.set_viewport_size({"width": width, "height": 900})
        page.said.clear()
        answer = page.goto(site + path)
        page.status = answer.status if answer else 0
        return page

    yield open_
    for page in windows.values():
        page.context.close()


def _window(browser: Browser, site: str, reader: User | None, scheme: str, script: bool) -> Page:
    # Without motion: colours that fade would be measured half-way when the scheme changes.
    context = browser.new_context(color_scheme=scheme, java_script_enabled=script, reduced_motion="reduce")
    if reader is not None:
        client = Client()
        client.force_login(reader)
        name = site_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("requestfailed", lambda failed: page.said.append(f"not loaded: {failed.url}") if _broken(failed) else None)
    return page


def _broken(failed: Request) -> bool:
    """Whether a request failed; the icon that a browser gives up when it leaves the page early did not."""
    return failed.failure != "net::ERR_ABORTED"


@pytest.fixture(scope="session")
def faults(axe: str) -> Callable[..., list[str]]:
    """What is wrong with an open page: axe's violations (of the given tags, or the given rules), sideways scroll, and
    what the browser complained of."""

    def examine(page: Page, rules: list[str] = RULES) -> list[str]:
        page.wait_for_load_state()  # a page that is still coming has no document to examine
        if page.evaluate("typeof axe") == "undefined":  # half a megabyte; it stays until the page is left
            page.evaluate(axe)
        found = page.evaluate(f"axe.run(document, {{runOnly: {rules}, resultTypes: ['violations']}})")
        wrong = [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]
        return wrong + too_wide(page) + complaints(page)

    return examine


def too_wide(page: Page) -> list[str]:
    """Whether the page must be scrolled sideways."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{wide} px wide in a window of {window}"] if wide > window else []


def complaints(page: Page) -> list[str]:
    """What the browser said on its console, except that a page which is meant to be missing was not found."""
    return [text for text in page.said if page.status < 400 or not text.startswith("Failed to load resource")]


@pytest.fixture(scope="session")
def tab_stops() -> Callable[[Page], list[str]]:
    """Press Tab from the top until the focus has been everywhere: what each stop says. Fails if the focus is not seen."""

    def walk(page: Page, most: int = 400) -> list[str]:
        stops: list[str] = []
        page.evaluate("document.activeElement && document.activeElement.blur()")
        for _ in range(most):
            page.keyboard.press("Tab")
            stop = page.evaluate(STOP)
            if stop is None or (stops and stop["first"] and len(stops) > 1):
                return stops
            assert stop["seen"], f"the focus is not seen at {stop['name']!r}"
            stops.append(stop["name"])
        raise AssertionError(f"the focus never comes to the end: {stops[-5:]}")

    return walk


STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at), box = at.getBoundingClientRect(), label = at.labels && at.labels[0];
  const outlined = (el) => el && getComputedStyle(el).outlineStyle !== "none" && parseFloat(getComputedStyle(el).outlineWidth) > 0;
  return {
    name: (at.getAttribute("aria-label") || (label && label.innerText) || at.innerText || at.name || at.tagName).trim().split("\\n")[0],
    first: at.classList.contains("skip"),
    seen: (outlined(at) || outlined(label)) && box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0,
  };
}"""
