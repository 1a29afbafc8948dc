"""A real browser on the invented report, written to files as a reader would have it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from likvard.figures.page import html
from likvard.figures.report import file_name
from likvard.terms import Language

CHROMIUM = Path(
    "/usr/bin/chromium-headless-shell"
)  # the same engine without windows: a page takes two thirds of the time
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def follow(control: Locator, key: str = "") -> None:
    """Click a link or a button that leads to another page (or press a key on it), and wait until that page is there.

    A click returns before the browser has left: what is asked of the page next would be answered by the page before,
    or by none.
    """
    with control.page.expect_navigation():
        control.press(key) if key else control.click()


@pytest.fixture(scope="session")
def demo() -> ModuleType:
    """The maker of the invented report."""
    path = Path(__file__).parents[1] / "figures" / "demo.py"
    spec = importlib.util.spec_from_file_location("browser_demo", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Fails, with what to do, where it is not installed."""
    if not CHROMIUM.exists():
        pytest.fail(f"The browser tests need {CHROMIUM}. Install it: apt-get install chromium-headless-shell")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def folder(demo: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of 20, 9, 2, 60 and no schools, each in both languages."""
    to = tmp_path_factory.mktemp("reports")
    sizes = {"demo": None, "nine": demo.schools(9), "two": demo.schools(2), "sixty": demo.schools(60), "none": []}
    for name, units in sizes.items():
        report = demo.report(units)
        for language in Language:
            (to / f"{name}-{language}.html").write_text(html(report, language), "utf-8")
            if name == "demo":
                (to / file_name(report, language, "html")).write_text(html(report, language), "utf-8")
    return to


@pytest.fixture(scope="session")
def pages(browser: Browser) -> Iterator[dict[tuple[str, str, bool], Page]]:
    """Pages already open, by report, colour scheme and whether scripts may run."""
    opened: dict[tuple[str, str, bool], Page] = {}
    yield opened
    for page in opened.values():
        page.context.close()


@pytest.fixture
def open_page(
    browser: Browser, folder: Path, pages: dict[tuple[str, str, bool], Page]
) -> Iterator[Callable[..., Page]]:
    """Shows a report at a width and in a colour scheme. A page is loaded once and put back as it was before reuse;
    `fresh` loads it anew. Every message of its console is in `page.said`."""

    def open_(name: str, width: int = 1280, scheme: str = "light", script: bool = True, fresh: bool = False) -> Page:
        key = (name, scheme, script)
        if fresh and key in pages:
            pages.pop(key).context.close()
        if key not in pages:
            pages[key] = _load(browser, folder / f"{name}.html", scheme, script)
        page = pages[key]
        page.set_viewport_size({"width": width, "height": 900})
        if script:
            page.evaluate("document.querySelectorAll('.to-chart').forEach(r => r.checked = true)")
        return page

    yield open_
    for page in pages.values():
        page.emulate_media(media="screen")


def _load(browser: Browser, file: Path, scheme: str, script: bool) -> Page:
    page = browser.new_context(color_scheme=scheme, java_script_enabled=script).new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("requestfailed", lambda request: page.said.append(request.url))
    page.goto(file.as_uri())
    return page


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return Path(AXE_FILE_PATH).read_text("utf-8")
