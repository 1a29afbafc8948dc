"""Fixtures that the whole suite shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from likvard.site.audit import guard

# No test is timed: an example may take as long as the machine's other work makes it.
settings.register_profile("likvard", deadline=None)
settings.load_profile("likvard")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real open statistics; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the open data in {SHARED}, which is not here")
    return SHARED


@pytest.fixture(autouse=True, scope="session")
def _audit_can_be_emptied_between_tests() -> Iterator[None]:
    """After a test that commits, Django empties every table; the guard of the audit chain would refuse that."""
    empty = TransactionTestCase._fixture_teardown

    def lift_and_empty(case: TransactionTestCase) -> None:
        guard.take(connection)
        empty(case)
        guard.put(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_empty)
        yield
