"""Signing in through a real OpenID Connect provider, started on loopback."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.utils import timezone

from likvard.site.people import access, actions
from likvard.site.people.models import User
from likvard.site.people.providers import providers
from likvard.site.people.roles import Role

CALLBACK = "/konto/oidc/oidc/login/callback/"


@pytest.fixture
def through(oidc: dict[str, str], settings: Any, db: None) -> Callable[..., Client]:
    """Sign in through the provider under a name that it knows."""
    settings.SOCIALACCOUNT_PROVIDERS = providers(oidc)

    def sign_in(name: str, **more: str) -> Client:
        client = Client()
        client.answer = client.get(back_from(client, name), **more)  # type: ignore[attr-defined]
        return client

    return sign_in


def back_from(client: Client, name: str, next_page: str = "") -> str:
    """The address to which the provider sends the browser back."""
    away = client.post("/konto/oidc/oidc/login/" + (f"?next={next_page}" if next_page else ""))
    browser = requests.Session()
    page = browser.get(away.headers["Location"])
    for _ in range(3):  # who one is; what is handed on
        form = re.search(r'<form[^>]*action="([^"]+)"', page.text)[1]
        fields = dict(re.findall(r'name="(prompt)" value="([^"]+)"', page.text))
        page = browser.post(urljoin(page.url, form), fields | {"login": name, "password": "x"}, allow_redirects=False)
        while page.is_redirect and not page.headers["Location"].startswith("http://testserver"):
            page = browser.get(urljoin(page.url, page.headers["Location"]), allow_redirects=False)
        if page.is_redirect:
            parts = urlsplit(page.headers["Location"])
            assert parts.path == CALLBACK
            return f"{parts.path}?{parts.query}"
    raise LookupError(page.text)


def who(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def test_the_sign_in_page_offers_the_provider_by_name(through: Any, client: Client) -> None:
    assert "Ekviks inloggning" in client.get("/konto/logga-in/").content.decode()


def test_a_person_whose_address_the_provider_answers_for_gets_into_the_account(
    cast: Any, through: Any, noted: Any
) -> None:
    assert who(through("rut")) == cast.rut
    assert noted() == ["account.provider_connected", "account.signed_in"]


def test_the_second_time_the_account_is_known_by_the_provider(cast: Any, through: Any) -> None:
    through("rut")
    User.objects.filter(pk=cast.rut.pk).update(email="rut.rektor@example.se")
    assert who(through("rut")) == cast.rut


def test_a_stranger_gets_an_account_without_access_and_is_told_whom_to_ask(
    cast: Any, through: Any, today: Any, noted: Any
) -> None:
    client = through("nina")
    nina = who(client)
    assert (nina.email, nina.name, nina.has_usable_password()) == ("nina@ekvik.example", "Nina Ny", False)
    assert access.roles(nina, today) == frozenset()
    page = client.get("/konto/?sprak=en").content.decode()
    assert "You have no access yet." in page
    assert "nils@example.se" in page
    assert noted() == ["account.made", "account.signed_in"]


def test_an_address_that_the_provider_has_not_checked_opens_no_account(cast: Any, through: Any) -> None:
    client = through("unsure")
    assert client.answer.status_code == 403
    assert who(client) is None


def test_an_address_outside_the_providers_domains_opens_no_account(cast: Any, through: Any) -> None:
    User.objects.create_user("rut@annan.example", "något långt och bra", name="Rut Annan")
    client = through("away")
    assert client.answer.status_code == 403
    assert who(client) is None


def test_without_an_address_there_is_no_account(through: Any) -> None:
    assert through("nameless").answer.status_code == 403
    assert not User.objects.exists()


def test_a_closed_account_stays_closed(cast: Any, through: Any) -> None:
    User.objects.filter(pk=cast.rut.pk).update(is_active=False)
    client = through("rut")
    assert who(client) is None
    assert client.answer.headers["Location"] == "/konto/stangt/"


def test_what_else_the_provider_tells_is_not_kept(cast: Any, through: Any) -> None:
    through("rut")
    assert SocialAccount.objects.get().extra_data == {}
    assert not SocialToken.objects.exists()


def test_an_answer_that_was_not_asked_for_is_refused(cast: Any, through: Any, oidc: Any, noted: Any) -> None:
    stolen = back_from(Client(), "rut")
    victim = Client()
    assert victim.get(stolen).status_code == 401
    assert who(victim) is None
    assert noted() == ["account.sign_in_failed"]


def test_an_answer_works_once(cast: Any, through: Any) -> None:
    client = Client()
    answer = back_from(client, "rut")
    assert client.get(answer).status_code == 302
    client.post("/konto/logga-ut/")
    assert client.get(answer).status_code == 401


def test_the_way_back_leads_to_the_page_that_asked(cast: Any, through: Any) -> None:
    client = Client()
    answer = client.get(back_from(client, "rut", "/konto/sessioner/"))
    assert answer.headers["Location"] == "/konto/sessioner/"


def test_the_way_back_leads_nowhere_else(cast: Any, through: Any) -> None:
    client = Client()
    answer = client.get(back_from(client, "rut", "https://evil.example/"))
    assert answer.headers["Location"] == "/konto/start/"


@pytest.mark.parametrize(("vouched", "led"), [(True, 200), (False, 302)])
def test_the_providers_second_factor_counts_if_the_site_says_so(
    vouched: bool, led: int, cast: Any, places: Any, through: Any, settings: Any, member: Any
) -> None:
    settings.PROVIDER_SECOND_FACTOR = vouched
    cast.rut.memberships.update(role="administrator", unit=None)
    assert through("rut").get("/administration/").status_code == led


def test_an_own_app_is_asked_for_also_after_the_provider(cast: Any, through: Any, with_app: Any) -> None:
    with_app(cast.rut)
    client = through("rut")
    assert client.answer.headers["Location"].startswith("/konto/kod/")
    assert who(client) is None


def test_a_stopped_provider_is_told_in_words(through: Any, settings: Any, oidc: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers(oidc | {"LIKVARD_OIDC_URL": "http://127.0.0.1:9"})
    answer = Client().post("/konto/oidc/oidc/login/?sprak=en")
    assert answer.status_code == 502
    assert "does not answer" in answer.content.decode()


def test_who_is_invited_may_accept_with_the_organisations_sign_in(cast: Any, places: Any, through: Any) -> None:
    sent = actions.invite(
        by=cast.adam, email="nina@ekvik.example", role=Role.STAFF, unit=places.gran, at=timezone.now()
    )
    path = sent.partition("127.0.0.1:8000")[2]
    client = Client()
    assert "Ekviks inloggning" in client.get(path).content.decode()
    assert client.get(back_from(client, "nina", path)).headers["Location"] == path
    client.post(path)
    assert who(client).memberships.get().unit == places.gran
