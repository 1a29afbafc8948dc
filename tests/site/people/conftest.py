"""What the tests of people share: what the chain has noted, and signing in as a person does it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
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
