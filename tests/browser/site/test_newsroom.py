"""The register and the newsroom's desk in a browser: the way of a decision to everybody, without a script and with one."""

from __future__ import annotations

import pytest
from tests.browser.conftest import follow
from tests.browser.site.conftest import WIDTHS, too_wide
from tests.site.newsroom.conftest import CANARY, issued, pia, prepared, publish, published

from likvard.site.newsroom.models import Publication

__all__ = ["issued", "pia", "prepared", "publish", "published"]  # the fixtures of tests/site/newsroom, here too

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_of_the_register_have_no_fault(visit, faults, published, language):
    wrong = {}
    for path in (
        "/beslut/", "/beslut/?q=kränkande", "/beslut/?q=finnsinte", "/beslut/?typ=audit", "/beslut/skola/90000001/",
        published.get_absolute_url(), "/pressmeddelanden/",
    ):  # fmt: skip
        page = visit(path, language=language)
        found = faults(page)
        page.emulate_media(color_scheme="dark")
        found += faults(page, ["color-contrast"])
        page.emulate_media(color_scheme="light")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += too_wide(page)
        wrong |= {path: found} if found else {}
    assert wrong == {}


def test_the_pages_of_the_desk_have_no_fault(visit, faults, prepared, cast):
    home, wrong = f"/redaktion/{prepared.pk}/", {}
    for path in ("/redaktion/", home, f"{home}dolj/?del=text&stycke=5.0", f"{home}forhandsvisning/", f"{home}beskriv/"):
        page = visit(path, reader=cast.petra)
        found = faults(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += too_wide(page)
        wrong |= {path: found} if found else {}
    assert wrong == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_decision_is_hidden_read_again_and_published(visit, issued, cast, script):
    document = issued()

    def press(page, name):
        follow(page.locator("main form").get_by_role("button", name=name))

    page = visit("/redaktion/", reader=cast.petra, script=script)
    follow(page.get_by_role("link", name=document.title))
    press(page, "Börja")
    made = Publication.objects.get()
    page.goto(page.url.partition("/redaktion/")[0] + f"/redaktion/{made.pk}/")
    follow(page.get_by_role("link", name="Dölj ord överallt där de står"))
    page.get_by_label("Vilka ord ska döljas?").fill(f"{CANARY} Testsson")
    press(page, "Dölj")
    follow(page.get_by_role("link", name="Dölj ord överallt där de står"))
    page.get_by_label("Vilka ord ska döljas?").fill(CANARY)
    press(page, "Dölj")
    follow(page.get_by_role("link", name="Se det som alla kommer att se det"))
    assert CANARY not in page.content()
    follow(page.get_by_role("link", name="Tillbaka till redaktionen"))
    follow(page.get_by_role("link", name="Skicka till en andra läsare"))
    press(page, "Skicka till en andra läsare")
    other = visit(f"/redaktion/{made.pk}/", reader=cast.lea, script=script)
    follow(other.get_by_role("link", name="Publicera nu"))
    press(other, "Publicera nu")
    shown = visit(f"/{made.slug}", script=script)
    assert shown.url.endswith(f"/beslut/{made.slug}/")
    assert "dolt: uppgift om enskild elev" in shown.content()
    assert CANARY not in shown.content()
