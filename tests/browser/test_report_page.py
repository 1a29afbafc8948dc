"""The report as a reader meets it: accessible, without script or network, at every width, on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise

import pytest
from tests.browser.conftest import follow

from likvard.terms import Language

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PANES = ("to-chart", "to-table", "to-method")


def show(page, pane):
    """Choose one pane in every figure that has it."""
    page.evaluate(f"document.querySelectorAll('.{pane}').forEach(r => r.checked = true)")


def violations(page, axe):
    """What axe finds with every pane open; shapes inside a picture are left out, since it is one image to axe."""
    page.evaluate("document.querySelectorAll('.pane').forEach(p => p.style.display = 'block')")
    options = f"{{runOnly:{RULES},resultTypes:['violations']}}"
    found = page.evaluate(f"{axe}\n;axe.run({{include:[['html']],exclude:[['svg *']]}},{options})")["violations"]
    page.evaluate("document.querySelectorAll('.pane').forEach(p => p.style.display = '')")
    return [(v["id"], v["nodes"][0]["target"], v["nodes"][0]["failureSummary"]) for v in found]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_any_pane(open_page, axe, language, scheme):
    assert violations(open_page(f"nine-{language}", scheme=scheme), axe) == []


@pytest.mark.parametrize("name", ["two-sv", "none-en"])
def test_axe_finds_no_violation_on_a_phone_with_few_schools_or_none(open_page, axe, name):
    assert violations(open_page(name, width=320), axe) == []


@pytest.mark.parametrize("name", ["demo-sv", "demo-en", "sixty-sv", "two-sv", "none-sv"])
@pytest.mark.parametrize("pane", PANES)
def test_no_page_scrolls_sideways_at_320_pixels(open_page, name, pane):
    page = open_page(name, width=320)
    show(page, pane)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_wide_tables_scroll_inside_their_own_focusable_region(open_page):
    page = open_page("demo-sv", width=320)
    show(page, "to-table")
    outside = """[...document.querySelectorAll('.fig table')].filter(t => t.offsetParent !== null
        && t.scrollWidth > t.closest('.fig').clientWidth && !t.closest('.scroll[tabindex="0"]')).length"""
    assert page.evaluate(outside) == 0


def test_no_text_in_a_chart_is_smaller_than_12_pixels_or_scales_with_the_width(open_page):
    sizes = "[...new Set([...document.querySelectorAll('.c text')].map(t => getComputedStyle(t).fontSize))].sort()"
    narrow = open_page("demo-sv", width=320).evaluate(sizes)
    assert narrow == open_page("demo-sv", width=1280).evaluate(sizes)
    assert set(narrow) <= {"12px", "13px", "14px"}


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("name", ["demo-sv", "sixty-en"])
def test_no_text_of_a_chart_leaves_the_page_or_lies_on_another(open_page, name, width):
    page = open_page(name, width=width)
    texts = page.evaluate(
        """[...document.querySelectorAll('.p-chart svg[role=img]')].flatMap((s, k) =>
        [...s.querySelectorAll('text')].map(t => [t, t.getBoundingClientRect()]).filter(([t, b]) => b.width)
        .map(([t, b]) => [k, t.textContent, b.left, b.top + 3, b.right, b.bottom - 3]))"""
    )
    assert all(left >= -1 and right <= width + 1 for _, _, left, _, right, _ in texts)
    clashes = [
        (a[1], b[1])
        for i, a in enumerate(texts)
        for b in texts[i + 1 :]
        if a[0] == b[0] and a[2] < b[4] and b[2] < a[4] and a[3] < b[5] and b[3] < a[5]
    ]
    assert clashes == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_in_a_chart_stands_out_from_its_ground(open_page, scheme):
    page = open_page("demo-sv", scheme=scheme)
    pairs = page.evaluate(
        """[...document.querySelectorAll('.c text')].map(t => [t.textContent, getComputedStyle(t).fill,
        t.classList.contains('on-s1') ? 's1' : t.classList.contains('on-s2') ? 's2' : t.classList.contains('on-s3') ? 's3'
        : t.classList.contains('on-s4') ? 's4' : t.classList.contains('badge-text') ? 'badge' : 'page'])"""
    )
    grounds = page.evaluate(
        """({s1: getComputedStyle(document.querySelector('.s1')).fill, s2: getComputedStyle(document.querySelector('.s2')).fill,
        s3: getComputedStyle(document.querySelector('.s3')).fill, s4: getComputedStyle(document.querySelector('.s4')).fill,
        badge: getComputedStyle(document.querySelector('.badge')).fill, page: getComputedStyle(document.body).backgroundColor})"""
    )
    weak = {text for text, fill, ground in pairs if contrast(fill, grounds[ground]) < 4.5}
    assert weak == set()


def contrast(one, other):
    """WCAG contrast of two `rgb(...)` colours."""
    lights = sorted((luminance(one), luminance(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def luminance(colour):
    channels = [int(c) / 255 for c in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_page_asks_the_network_for_nothing_and_breaks_no_policy(open_page):
    page = open_page("demo-sv")
    page.evaluate("document.fonts.ready")
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length") == 0
    )
    assert page.said == []
    assert page.evaluate("document.fonts.check('16px \"Source Sans 3\"')")


def test_everything_works_with_script_switched_off(open_page):
    page = open_page("demo-sv", script=False)
    card = page.locator("#funnel")
    card.get_by_text("Tabell", exact=True).click()
    assert card.locator(".p-table").is_visible()
    assert not card.locator(".p-chart").is_visible()
    card.get_by_text("Så mäter vi", exact=True).click()
    assert card.locator(".p-method").is_visible()


def test_the_keyboard_reaches_skip_link_language_contents_and_every_pane(open_page):
    page = open_page("demo-sv", fresh=True)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("#funnel .to-chart").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#funnel .p-table").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article')?.id ?? ''") in ("funnel", "school-by-school")


def test_focus_is_seen_on_every_control(open_page):
    page = open_page("demo-sv", fresh=True)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert style == "3px"


def test_headings_come_in_order_without_a_gap(open_page):
    page = open_page("demo-sv")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_the_language_link_leads_to_the_twin_and_back(open_page, folder):
    page = open_page("ekvik-9911-sv")
    follow(page.get_by_role("link", name="English"))
    assert page.locator("html").get_attribute("lang") == "en"
    follow(page.get_by_role("link", name="Svenska"))
    assert page.locator("h1").inner_text() == "Läget i Ekviks skolor"


def test_print_shows_chart_and_table_both_and_no_navigation(open_page):
    page = open_page("demo-sv")
    page.emulate_media(media="print")
    card = page.locator("#funnel")
    assert card.locator(".p-chart").is_visible()
    assert card.locator(".p-table").is_visible()
    for gone in (".twin", ".p-method"):
        assert not card.locator(gone).is_visible()
    assert not page.locator(".contents").is_visible()
    assert page.locator(".syn").is_visible()


def test_the_printed_report_has_pages_with_ink_on_each(open_page, tmp_path):
    target = tmp_path / "report.pdf"
    open_page("demo-sv", scheme="dark").pdf(path=target, prefer_css_page_size=True)
    assert shutil.which("pdftoppm"), "Install poppler-utils: apt-get install poppler-utils"
    subprocess.run(["pdftoppm", "-r", "20", "-gray", target, tmp_path / "page"], check=True)
    pages = sorted(tmp_path.glob("page*.pgm"))
    assert 8 <= len(pages) <= 24
    for picture in pages:
        pixels = picture.read_bytes()[-20_000:]
        assert pixels.count(255) > len(pixels) * 0.5, "white paper, even from a dark screen"
        assert any(p < 128 for p in picture.read_bytes()[20:])
