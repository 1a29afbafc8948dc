"""The pages of people in a real browser: signing in from end to end, and every page examined."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from playwright.sync_api import Page, expect
from tests.browser.conftest import follow
from tests.site.people.conftest import identity_providers, served

from likvard.site.people.models import User
from likvard.site.people.providers import origins, providers

__all__ = ["identity_providers"]

PASSWORD = "ett-par-gröna-stövlar-7"

pytestmark = pytest.mark.browser

PAGES = [
    ("/konto/losenord/glomt/", ""),
    ("/konto/", "olle"),
    ("/konto/sessioner/", "rut"),
    ("/konto/andra-faktorn/", "rut"),
    ("/konto/losenord/", "rut"),
    ("/konto/bekrafta/", "rut"),
    ("/administration/logg/", "adam"),
    ("/administration/konton/{rut}/", "adam"),
    ("/administration/konton/{rut}/roll/{membership}/avsluta/", "adam"),
]
"""Pages with forms and names in the address; the others stand in the list of tests/browser/site/conftest.py."""


def test_the_pages_of_people_have_no_fault_wide_or_narrow(cast: Any, visit: Any, faults: Any) -> None:
    names = {"rut": cast.rut.pk, "adam": cast.adam.pk, "membership": cast.rut.memberships.get().pk}
    wrong = {}
    for number, (path, who) in enumerate(PAGES):
        language, width = (("sv", 320), ("en", 1280))[number % 2]
        page = visit(path.format(**names), reader=getattr(cast, who, None), language=language, width=width)
        if found := faults(page):
            wrong[path, who] = found
    assert wrong == {}


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    page.get_by_label("E-postadress").fill(user.email)
    page.get_by_label("Lösenord").fill(password)
    follow(page.get_by_role("button", name="Logga in", exact=True))


def now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("script", [True, False])
def test_an_administrator_adds_an_app_and_comes_in_with_it(
    script: bool, cast: Any, visit: Any, settings: Any, faults: Any
) -> None:
    page = visit("/konto/logga-in/", script=script)
    settings.SECOND_FACTOR = True
    sign_in(page, cast.adam)
    expect(page.get_by_role("heading", level=1)).to_have_text("Lägg till en andra faktor")
    assert not script or faults(page) == []
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.content())[1]
    page.get_by_label("Kod").fill(now(secret))
    follow(page.get_by_role("button", name="Lägg till"))
    expect(page.locator("ol.codes li")).to_have_count(10)
    assert not script or faults(page) == []
    page.goto(page.url.partition("/konto/")[0] + "/administration/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Konton och åtkomst")


def test_somebody_who_is_invited_makes_an_account_and_sees_their_role(
    cast: Any, places: Any, visit: Any, site: str, faults: Any
) -> None:
    office = visit("/konto/logga-in/?next=/administration/bjud-in/", width=320)
    sign_in(office, cast.adam)
    for label, value in (
        ("E-postadress", "ny@example.se"),
        ("Namn", "Ny Rektor"),
        ("Var", "Granskolan"),
        ("Skäl", "ny tjänst"),
    ):
        office.get_by_label(label, exact=True).fill(value)
    office.get_by_label("Roll").select_option("principal")
    follow(office.get_by_role("button", name="Skicka inbjudan"))
    expect(office.locator(".said")).to_contain_text("Inbjudan är skickad till ny@example.se.")
    assert faults(office) == []
    home = visit(re.search(r"http://[^/]+(/konto/inbjudan/\S+)", mail.outbox[-1].body)[1], scheme="dark")
    home.get_by_label("Välj ett lösenord").fill("kort")
    follow(home.get_by_role("button", name="Skapa kontot"))
    expect(home.get_by_role("alert")).to_be_visible()
    assert faults(home) == []
    home.get_by_label("Välj ett lösenord").fill("sju gula hästar sover")
    home.get_by_label("Lösenordet, en gång till").fill("sju gula hästar sover")
    follow(home.get_by_role("button", name="Skapa kontot"))
    sign_in(home, User.objects.get(email="ny@example.se"), "sju gula hästar sover")
    home.goto(f"{site}/konto/")
    expect(home.get_by_role("heading", level=3)).to_have_text("Rektor, Granskolan")


@pytest.fixture
def organisation(identity_providers: Any, site: str, settings: Any) -> Iterator[None]:
    """The site has a real OIDC provider on loopback, and the content policy that follows from its address."""
    callback = f"{site}/konto/oidc/oidc/login/callback/"
    with served(identity_providers / "oidc.mjs", CLIENT="likvard", SECRET="hemligt", CALLBACK=callback) as address:
        told = {"LIKVARD_OIDC_URL": address, "LIKVARD_OIDC_CLIENT": "likvard", "LIKVARD_OIDC_SECRET": "hemligt"}
        more = {"LIKVARD_OIDC_NAME": "Ekviks inloggning", "LIKVARD_OIDC_EMAIL_DOMAINS": "example.se"}
        settings.SOCIALACCOUNT_PROVIDERS = providers(told | more)
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | {"form-action": ["'self'", *origins(told)]}}
        yield


def test_a_principal_comes_in_through_the_organisations_own_sign_in(cast: Any, organisation: None, visit: Any) -> None:
    page = visit("/konto/logga-in/?next=/konto/")
    follow(page.get_by_role("button", name="Logga in med Ekviks inloggning"))
    page.locator("input[name=login]").fill("rut")
    page.locator("input[name=password]").fill("vad som helst")
    follow(page.locator("button[type=submit]"))
    follow(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ditt konto")
    expect(page.locator("main")).to_contain_text("rut@example.se")
    assert [text for text in page.said if "Content Security Policy" in text] == []
