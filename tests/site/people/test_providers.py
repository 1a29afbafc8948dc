"""Identity providers told by the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from likvard.site.people.providers import origins, providers

OIDC = {"LIKVARD_OIDC_URL": "https://id.ekvik.example", "LIKVARD_OIDC_CLIENT": "c", "LIKVARD_OIDC_SECRET": "s"}
SAML = {"LIKVARD_SAML_ENTITY": "https://idp.example/saml", "LIKVARD_SAML_METADATA": "https://idp.example/metadata"}


def test_without_settings_there_is_no_provider() -> None:
    assert providers({}) == {}
    assert origins({}) == []


def test_both_kinds_can_stand_side_by_side() -> None:
    assert set(providers(OIDC | SAML)) == {"openid_connect", "saml"}


def test_an_oidc_provider_is_asked_with_a_proof_key() -> None:
    (app,) = providers(OIDC)["openid_connect"]["APPS"]
    assert app["settings"]["oauth_pkce_enabled"] is True
    assert app["settings"]["email_domains"] == []


def test_a_saml_provider_must_sign_what_it_asserts() -> None:
    (app,) = providers(SAML)["saml"]["APPS"]
    assert app["settings"]["advanced"]["want_assertion_signed"] is True
    assert app["settings"]["advanced"]["reject_idp_initiated_sso"] is True


def test_domains_are_read_without_spaces_and_in_small_letters() -> None:
    (app,) = providers(OIDC | {"LIKVARD_OIDC_EMAIL_DOMAINS": "Ekvik.example , , b.example"})["openid_connect"]["APPS"]
    assert app["settings"]["email_domains"] == ["ekvik.example", "b.example"]


def test_a_certificate_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "idp.pem"
    file.write_text("-----BEGIN CERTIFICATE-----", "ascii")
    told = {
        "LIKVARD_SAML_ENTITY": "e",
        "LIKVARD_SAML_URL": "https://idp.example/sso",
        "LIKVARD_SAML_CERTIFICATE": str(file),
    }
    assert providers(told)["saml"]["APPS"][0]["settings"]["idp"]["x509cert"].startswith("-----BEGIN")


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({k: v for k, v in OIDC.items() if k != "LIKVARD_OIDC_CLIENT"}, "LIKVARD_OIDC_CLIENT"),
        ({k: v for k, v in OIDC.items() if k != "LIKVARD_OIDC_SECRET"}, "LIKVARD_OIDC_SECRET"),
        ({"LIKVARD_SAML_ENTITY": "e"}, "LIKVARD_SAML_URL"),
        ({"LIKVARD_SAML_ENTITY": "e", "LIKVARD_SAML_URL": "https://i.example"}, "LIKVARD_SAML_CERTIFICATE"),
        (
            {"LIKVARD_SAML_ENTITY": "e", "LIKVARD_SAML_URL": "https://i.example", "LIKVARD_SAML_CERTIFICATE": "/none"},
            "LIKVARD_SAML_CERTIFICATE",
        ),
    ],
)
def test_what_is_missing_is_named(told: dict[str, str], missing: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=missing):
        providers(told)


def test_the_browser_may_be_sent_to_the_providers_and_nowhere_else() -> None:
    more = {"LIKVARD_SSO_ORIGINS": "https://login.example/a?b, https://id.ekvik.example/x"}
    found = origins(OIDC | SAML | more)
    assert found == ["https://id.ekvik.example", "https://idp.example", "https://login.example"]


@pytest.mark.parametrize("wrong", ["login.example", "javascript:alert(1)", "https://"])
def test_an_origin_that_is_no_web_address_is_refused(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Write https"):
        origins({"LIKVARD_SSO_ORIGINS": wrong})
