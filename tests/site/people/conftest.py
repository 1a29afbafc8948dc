"""What the tests of people share: what the chain has noted, and signing in as a person does it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from django.test import Client

from likvard.site.audit.models import Event
from likvard.site.people.models import User

SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "ett-par-gröna-stövlar-7"


@pytest.fixture(autouse=True)
def fresh_counts(request: pytest.FixtureRequest) -> None:
    """No test inherits another's count of failed sign-ins."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def noted(db: None) -> Callable[[], list[str]]:
    """What the audit chain has noted since the test began, oldest first."""
    return lambda: list(Event.objects.order_by("seq").values_list("what", flat=True))


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Sign in through the page, with the password of the cast or another one."""

    def through_the_page(user: User, password: str = PASSWORD, client: Client | None = None) -> Client:
        browser = client or Client()
        browser.post("/konto/logga-in/", {"login": user.email, "password": password})
        return browser

    return through_the_page


@pytest.fixture
def code() -> Callable[[int], str]:
    """The code that an app shows: now, or so many half minutes later."""
    return lambda later=0: format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + later))


@pytest.fixture
def with_app(db: None) -> Callable[[User], User]:
    """Give a person an authenticator app."""

    def add(user: User) -> User:
        TOTP.activate(user, SECRET)
        return user

    return add


IDP = Path(__file__).with_name("idp")
ENTITY = "https://idp.example.se/saml"
PEOPLE = {
    "rut": {"email": "rut@example.se", "email_verified": True, "name": "Rut Rektor"},
    "unsure": {"email": "rut@example.se", "email_verified": False, "name": "Någon Annan"},
    "nina": {"email": "nina@ekvik.example", "email_verified": True, "name": "Nina Ny"},
    "away": {"email": "rut@annan.example", "email_verified": True, "name": "Rut Annan"},
    "nameless": {"name": "Utan Adress"},
}


@pytest.fixture(scope="session")
def identity_providers() -> Path:
    """The folder of the identity providers, installed. Without node the tests are skipped here, and fail in CI."""
    if shutil.which("npm") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the identity providers need node and npm")
        pytest.skip("the identity providers need node and npm")
    if not (IDP / "node_modules").is_dir():
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=IDP, check=True, capture_output=True
        )
    return IDP


def _started(script: Path, environment: dict[str, str]) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        ["node", "--no-warnings", script.name],
        cwd=script.parent,
        env={"PATH": os.environ["PATH"], **environment, "PEOPLE": json.dumps(PEOPLE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    # The provider may warn of its settings first; the address is the line that begins with http.
    address = next(line for line in process.stdout if line.startswith("http"))
    return process, address.strip()


@contextmanager
def served(script: Path, **environment: str) -> Iterator[str]:
    """Run an identity provider on loopback as long as the block lasts; the value is its address."""
    process, address = _started(script, environment)
    try:
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(scope="session")
def oidc(identity_providers: Path) -> Iterator[dict[str, str]]:
    """An OIDC provider that knows the site under its test address; the value is what stands in the environment."""
    callback = "http://testserver/konto/oidc/oidc/login/callback/"
    with served(identity_providers / "oidc.mjs", CLIENT="likvard", SECRET="hemligt", CALLBACK=callback) as address:
        yield {
            "LIKVARD_OIDC_URL": address,
            "LIKVARD_OIDC_CLIENT": "likvard",
            "LIKVARD_OIDC_SECRET": "hemligt",
            "LIKVARD_OIDC_NAME": "Ekviks inloggning",
            "LIKVARD_OIDC_EMAIL_DOMAINS": "example.se",
        }


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key and a certificate that it has signed itself."""
    folder = tmp_path_factory.mktemp("saml")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.se")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    pem, private = folder / "idp.pem", folder / "idp.key"
    pem.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    return pem, private


@pytest.fixture(scope="session")
def saml(identity_providers: Path, certificate: tuple[Path, Path]) -> Iterator[dict[str, str]]:
    """A SAML provider that knows the site under 127.0.0.1; the value is what stands in the environment."""
    pem, private = certificate
    acs = "http://127.0.0.1/konto/saml/saml/acs/"
    script = identity_providers / "saml.cjs"
    with served(script, CERTIFICATE=str(pem), KEY=str(private), ACS=acs, ENTITY=ENTITY) as address:
        yield {
            "LIKVARD_SAML_ENTITY": ENTITY,
            "LIKVARD_SAML_URL": f"{address}/sso",
            "LIKVARD_SAML_CERTIFICATE": str(pem),
            "LIKVARD_SAML_NAME": "Skolfederationen",
            "LIKVARD_SAML_EMAIL_DOMAINS": "example.se",
        }
