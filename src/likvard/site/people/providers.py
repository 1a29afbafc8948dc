"""Identity providers from the environment, as django-allauth wants them told. Pure; what is not understood is refused.

OIDC:  LIKVARD_OIDC_URL (the issuer), LIKVARD_OIDC_CLIENT, LIKVARD_OIDC_SECRET, LIKVARD_OIDC_NAME
SAML:  LIKVARD_SAML_ENTITY (the provider's entity id) and either LIKVARD_SAML_METADATA (its address) or LIKVARD_SAML_URL and
       LIKVARD_SAML_CERTIFICATE (a file in PEM); LIKVARD_SAML_NAME
Both:  …_EMAIL_DOMAINS, domains whose addresses the provider answers for: a person who comes with such an address is let into the
       account that has it. Without them the provider's people get accounts of their own.
       LIKVARD_SSO_ORIGINS, more addresses that the browser is sent to on the way, for the content policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ATTRIBUTES: Mapping[str, list[str]] = {
    "email": [
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        "mail",
        "email",
    ],
    "name": [
        "urn:oid:2.16.840.1.113730.3.1.241",
        "http://schemas.microsoft.com/identity/claims/displayname",
        "displayName",
    ],
    "first_name": [
        "urn:oid:2.5.4.42",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
        "givenName",
    ],
    "last_name": ["urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "sn"],
}
"""SAML attributes by which a person's address and name are known in Swedish federations and in Entra ID."""


def providers(environ: Mapping[str, str]) -> dict[str, Any]:
    """The value of SOCIALACCOUNT_PROVIDERS. Raises `ImproperlyConfigured` with what to write."""
    found = {}
    if environ.get("LIKVARD_OIDC_URL"):
        found["openid_connect"] = {"APPS": [_oidc(environ)]}
    if environ.get("LIKVARD_SAML_ENTITY"):
        found["saml"] = {"APPS": [_saml(environ)]}
    return found


def origins(environ: Mapping[str, str]) -> list[str]:
    """Where the sign-in form may send the browser, besides this site."""
    told = [environ.get(f"LIKVARD_{name}", "") for name in ("OIDC_URL", "SAML_METADATA", "SAML_URL")]
    told += environ.get("LIKVARD_SSO_ORIGINS", "").split(",")
    return sorted({_origin(address.strip()) for address in told if address.strip()})


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ImproperlyConfigured(f"{address!r} is not a web address. Write https://login.example.se.")
    return f"{parts.scheme}://{parts.netloc}"


def _needed(environ: Mapping[str, str], name: str, because: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is missing. It is needed because {because} is set.")
    return value


def _domains(environ: Mapping[str, str], name: str) -> list[str]:
    return [domain.strip().lower() for domain in environ.get(name, "").split(",") if domain.strip()]


def _oidc(environ: Mapping[str, str]) -> dict[str, Any]:
    return {
        "provider_id": "oidc",
        "name": environ.get("LIKVARD_OIDC_NAME", "OpenID Connect"),
        "client_id": _needed(environ, "LIKVARD_OIDC_CLIENT", "LIKVARD_OIDC_URL"),
        "secret": _needed(environ, "LIKVARD_OIDC_SECRET", "LIKVARD_OIDC_URL"),
        "settings": {
            "server_url": environ["LIKVARD_OIDC_URL"],
            "oauth_pkce_enabled": True,
            "email_domains": _domains(environ, "LIKVARD_OIDC_EMAIL_DOMAINS"),
        },
    }


def _saml(environ: Mapping[str, str]) -> dict[str, Any]:
    domains = _domains(environ, "LIKVARD_SAML_EMAIL_DOMAINS")
    return {
        "provider_id": environ["LIKVARD_SAML_ENTITY"],
        "client_id": "saml",
        "name": environ.get("LIKVARD_SAML_NAME", "SAML"),
        "settings": {
            "idp": _idp(environ),
            "attribute_mapping": dict(ATTRIBUTES),
            "email_domains": domains,
            # A SAML assertion says nothing about whether an address was checked: the provider answers for its own domains.
            "verified_email": domains,
            "advanced": {"want_assertion_signed": True, "strict": True, "reject_idp_initiated_sso": True},
        },
    }


def _idp(environ: Mapping[str, str]) -> dict[str, str]:
    entity = environ["LIKVARD_SAML_ENTITY"]
    if environ.get("LIKVARD_SAML_METADATA"):
        return {"entity_id": entity, "metadata_url": environ["LIKVARD_SAML_METADATA"]}
    address = _needed(environ, "LIKVARD_SAML_URL", "LIKVARD_SAML_ENTITY (or set LIKVARD_SAML_METADATA)")
    file = Path(_needed(environ, "LIKVARD_SAML_CERTIFICATE", "LIKVARD_SAML_URL"))
    if not file.is_file():
        raise ImproperlyConfigured(
            f"LIKVARD_SAML_CERTIFICATE is {file}, where there is no file. Write the path of a PEM file."
        )
    return {"entity_id": entity, "sso_url": address, "x509cert": file.read_text("ascii")}
