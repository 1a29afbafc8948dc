"""The pages of the API in a real browser: the documentation, and a token from making to revoking."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.browser.conftest import follow

from likvard.site.api import actions

pytestmark = pytest.mark.browser

PASSWORD = "ett-par-gröna-stövlar-7"


def test_the_documentation_has_no_fault_wide_or_narrow(visit, faults):
    wrong = {}
    for language, width in (("sv", 320), ("en", 1280)):
        if found := faults(visit("/api/v1/", language=language, width=width)):
            wrong[language, width] = found
    assert wrong == {}


def test_a_token_is_made_copied_used_and_revoked_by_keyboard_and_without_script(cast, visit, faults, now):
    actions.make_token(by=cast.harald, name="Gammal läsning", reads_organiser=False, days=30, at=now)
    page = visit("/konto/logga-in/?next=/konto/api/", width=320, script=False)
    page.get_by_label("E-postadress").fill(cast.harald.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    follow(page.get_by_label("Lösenord"), "Enter")
    page.get_by_label("Vad ska nyckeln användas till?").fill("Nattlig läsning")
    page.get_by_label("30 dagar").check()
    follow(page.get_by_role("button", name="Skapa nyckeln"), "Enter")
    (token,) = re.findall(r"likvard_[0-9a-f]{10}_[A-Za-z0-9_-]{43}", page.content())
    assert Client().get("/api/v1/symbols", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    follow(page.get_by_role("button", name="Återkalla Nattlig läsning"), "Enter")
    assert token not in page.content()
    assert Client().get("/api/v1/symbols", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_the_page_of_tokens_has_no_fault_wide_or_narrow(cast, visit, faults, now):
    actions.make_token(by=cast.harald, name="Läsning", reads_organiser=True, days=30, at=now)
    wrong = {}
    for language, width in (("sv", 320), ("en", 1280)):
        page = visit("/konto/api/", reader=cast.harald, language=language, width=width)
        if found := faults(page):
            wrong[language, width] = found
    assert wrong == {}
