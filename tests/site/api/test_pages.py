"""The pages of the API: its documentation for people, and one's own tokens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.site.conftest import PASSWORD

from likvard.site.api import actions
from likvard.site.api.models import Token
from likvard.site.api.problems import PROBLEMS
from likvard.site.api.rules import TOKENS_AT_ONCE

TOKENS = "/konto/api/"


@pytest.fixture
def signed_in(client, cast, settings):
    """Somebody's browser, in which they have just signed in."""
    settings.SECOND_FACTOR = False

    def enter(person):
        client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        return client

    return enter


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_documentation_tells_of_every_operation_and_problem(client, db, language):
    page = client.get(f"/api/v1/?sprak={language}")
    text = page.content.decode()
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert all(f"GET {path}<" in text for path in paths)
    assert all(f'id="problem-{kind}"' in text for kind in PROBLEMS)


def test_the_documentation_needs_nothing_from_elsewhere(client, db):
    text = client.get("/api/v1/").content.decode()
    assert re.findall(r'(?:src|href)="https?://', text) == []


def test_the_documentation_is_in_the_language_of_the_page(client, db):
    assert "Varje siffra med osäkerhet" in client.get("/api/v1/?sprak=sv").content.decode()
    assert "Every figure with its interval" in client.get("/api/v1/?sprak=en").content.decode()


def test_whoever_has_not_signed_in_is_asked_to(client, db):
    answer = client.get(TOKENS)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_token_is_shown_once(signed_in, cast):
    browser = signed_in(cast.harald)
    made = browser.post(TOKENS, {"name": "Nattlig läsning", "days": "90", "reads_organiser": "on"})
    (secret,) = re.findall(r"likvard_[0-9a-f]{10}_[A-Za-z0-9_-]{43}", made.content.decode())
    assert "no-store" in made["Cache-Control"]
    assert secret not in browser.get(TOKENS).content.decode()
    assert Token.objects.get().reads_organiser


def test_a_token_without_a_name_is_not_made(signed_in, cast):
    answer = signed_in(cast.harald).post(TOKENS, {"name": "", "days": "90"})
    assert 'class="alert"' in answer.content.decode()
    assert not Token.objects.exists()


@pytest.mark.parametrize("days", ["0", "3650", "x"])
def test_a_token_lives_for_one_of_the_offered_times(signed_in, cast, days):
    signed_in(cast.harald).post(TOKENS, {"name": "x", "days": days})
    assert not Token.objects.exists()


def test_whoever_reaches_no_organiser_is_not_offered_its_figures(signed_in, cast):
    browser = signed_in(cast.olle)
    assert "reads_organiser" not in browser.get(TOKENS).content.decode()
    browser.post(TOKENS, {"name": "x", "days": "30", "reads_organiser": "on"})
    assert not Token.objects.get().reads_organiser


def test_a_token_is_revoked_by_its_owner(signed_in, cast, program_of):
    program_of(cast.harald)
    token = Token.objects.get()
    answer = signed_in(cast.harald).post(f"{TOKENS}{token.pk}/")
    token.refresh_from_db()
    assert answer.status_code == 302
    assert token.revoked_by == cast.harald


def test_the_list_says_which_tokens_hold_until_when(signed_in, cast, program_of, now, clock):
    for _ in range(2):
        program_of(cast.harald, days=90)
    program_of(cast.harald, days=30)
    actions.revoke_token(by=cast.harald, token=Token.objects.latest("pk"), at=now)
    Token.objects.filter(pk=Token.objects.earliest("pk").pk).update(expires_at=now + timedelta(days=1))
    clock(86400)
    text = signed_in(cast.harald).get(f"{TOKENS}?sprak=en").content.decode()
    for state in ("Revoked 14\u00a0November\u00a02025", "Too old since 15\u00a0November\u00a02025", "Holds until"):
        assert state in text


def test_with_as_many_tokens_as_one_may_have_the_form_is_gone(signed_in, cast, program_of):
    for _ in range(TOKENS_AT_ONCE):
        program_of(cast.harald)
    browser = signed_in(cast.harald)
    assert 'name="days"' not in browser.get(TOKENS).content.decode()
    browser.post(TOKENS, {"name": "en till", "days": "30"})
    assert Token.objects.count() == TOKENS_AT_ONCE


def test_a_token_is_named_by_what_it_is_for(cast, program_of):
    secret = program_of(cast.harald).token
    assert str(Token.objects.get()) == f"program ({secret.prefix})"


def test_anothers_token_is_not_there(signed_in, cast, program_of):
    program_of(cast.kim)
    token = Token.objects.get()
    assert signed_in(cast.harald).post(f"{TOKENS}{token.pk}/").status_code == 404
    assert token.prefix not in signed_in(cast.harald).get(TOKENS).content.decode()


def test_a_token_is_not_revoked_by_following_a_link(signed_in, cast, program_of):
    program_of(cast.harald)
    assert signed_in(cast.harald).get(f"{TOKENS}{Token.objects.get().pk}/").status_code == 405
