"""Signing in through a real SAML identity provider, started on loopback."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.test import Client

from likvard.site.people.models import User
from likvard.site.people.providers import providers

HERE = {"HTTP_HOST": "127.0.0.1"}  # a host without a dot is refused by the protocol's library


@pytest.fixture
def asked(saml: dict[str, str], settings: Any, db: None) -> Callable[..., tuple[Client, dict[str, str]]]:
    """Ask the provider to sign somebody in; return the browser and the answer that it would post."""
    settings.SOCIALACCOUNT_PROVIDERS = providers(saml)

    def ask(name: str, **query: str) -> tuple[Client, dict[str, str]]:
        client = Client(**HERE)
        away = client.post("/konto/saml/saml/login/").headers["Location"]
        page = requests.post(away + "".join(f"&{k}={v}" for k, v in query.items()), {"login": name}, timeout=10)
        page.raise_for_status()
        fields = re.findall(r'name="(\w+)"\s+value="([^"]*)"', page.text)
        answer = {key: html.unescape(value) for key, value in fields}
        assert name in base64.b64decode(answer["SAMLResponse"]).decode()
        return client, answer

    return ask


def post(client: Client, answer: dict[str, str]) -> Any:
    return client.get(client.post("/konto/saml/saml/acs/", answer).headers["Location"])


def who(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def changed(answer: dict[str, str], before: str, after: str) -> dict[str, str]:
    text = base64.b64decode(answer["SAMLResponse"]).decode()
    assert before in text
    return answer | {"SAMLResponse": base64.b64encode(text.replace(before, after).encode()).decode()}


def test_a_person_whose_address_the_provider_answers_for_gets_into_the_account(
    cast: Any, asked: Any, noted: Any
) -> None:
    client, answer = asked("rut")
    post(client, answer)
    assert who(client) == cast.rut
    assert noted() == ["account.provider_connected", "account.signed_in"]


def test_a_stranger_gets_an_account_without_access(cast: Any, asked: Any) -> None:
    client, answer = asked("nina")
    post(client, answer)
    nina = who(client)
    assert (nina.email, nina.name) == ("nina@ekvik.example", "Nina Ny")
    assert not nina.memberships.exists()


def test_an_address_outside_the_providers_domains_opens_no_account(cast: Any, asked: Any) -> None:
    User.objects.create_user("rut@annan.example", "något långt och bra", name="Rut Annan")
    client, answer = asked("away")
    assert post(client, answer).status_code == 403
    assert who(client) is None


def test_an_answer_that_somebody_has_changed_is_refused(cast: Any, asked: Any, noted: Any) -> None:
    client, answer = asked("nina")
    forged = post(client, changed(answer, "nina@ekvik.example", "rut@example.se"))
    assert forged.status_code == 401
    assert who(client) is None
    assert noted() == ["account.sign_in_failed"]


def test_an_unsigned_answer_is_refused(cast: Any, asked: Any) -> None:
    client, answer = asked("rut", unsigned="1")
    assert post(client, answer).status_code == 401
    assert who(client) is None


def test_an_answer_to_somebody_elses_question_is_refused(cast: Any, asked: Any) -> None:
    _, answer = asked("rut")
    victim = Client(**HERE)
    post(victim, answer)
    assert who(victim) is None


def test_an_answer_works_once(cast: Any, asked: Any) -> None:
    client, answer = asked("rut")
    post(client, answer)
    client.post("/konto/logga-ut/")
    post(client, answer)
    assert who(client) is None


def test_an_answer_meant_for_another_site_is_refused(cast: Any, asked: Any, settings: Any) -> None:
    client, answer = asked("rut")
    settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]["settings"]["sp"] = {"entity_id": "https://other.example/"}
    assert post(client, answer).status_code == 401


def test_the_site_tells_who_it_is_in_metadata(asked: Any) -> None:
    told = Client(**HERE).get("/konto/saml/saml/metadata/")
    assert told.headers["Content-Type"] == "text/xml"
    assert b'Location="http://127.0.0.1/konto/saml/saml/acs/"' in told.content
    assert b'WantAssertionsSigned="true"' in told.content


def test_the_provider_can_be_known_by_its_metadata(cast: Any, asked: Any, saml: Any, settings: Any) -> None:
    from_metadata = {k: v for k, v in saml.items() if k not in ("LIKVARD_SAML_URL", "LIKVARD_SAML_CERTIFICATE")}
    address = saml["LIKVARD_SAML_URL"].replace("/sso", "/metadata")
    settings.SOCIALACCOUNT_PROVIDERS = providers(from_metadata | {"LIKVARD_SAML_METADATA": address})
    client, answer = asked("rut")
    post(client, answer)
    assert who(client) == cast.rut
