"""Settings come from the environment, and what is not understood is refused with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from likvard.site import settings


def test_without_an_address_the_database_is_sqlite_in_the_sites_folder() -> None:
    found = settings.database("", Path("/srv/likvard"))
    assert found["NAME"] == Path("/srv/likvard/site.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_postgresql_address_is_taken_apart() -> None:
    found = settings.database("postgresql://anna:p%40ss@db.example:5433/likvard", Path())
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "anna",
        "p@ss",
        "db.example",
        "5433",
        "likvard",
    )


def test_a_socket_stands_in_the_query() -> None:
    assert settings.database("postgresql:///likvard?host=/run/postgresql", Path())["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("address", ["mysql://db/likvard", "postgresql://db", "likvard"])
def test_another_database_is_refused_with_what_to_write(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Write postgresql://"):
        settings.database(address, Path())


@pytest.mark.parametrize(
    ("address", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://mail.example", 465, True, False),
        ("smtp+tls://u:p@mail.example:587", 587, False, True),
    ],
)
def test_mail_goes_by_the_address(address: str, port: int, ssl: bool, tls: bool) -> None:
    found = settings.mail(address)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (port, ssl, tls)


def test_without_an_address_mail_is_printed() -> None:
    assert settings.mail("")["EMAIL_BACKEND"].endswith("console.EmailBackend")


def test_another_kind_of_mail_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="Write smtp://"):
        settings.mail("imap://mail.example")


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("0", False)])
def test_a_switch_is_one_or_nought(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("LIKVARD_TRIED", value)
    assert settings.flag("LIKVARD_TRIED", not meant) is meant


def test_any_other_word_for_a_switch_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKVARD_TRIED", "yes")
    with pytest.raises(ImproperlyConfigured, match="Write 1 for yes or 0 for no"):
        settings.flag("LIKVARD_TRIED", False)


def test_the_key_is_read_from_the_file_that_init_wrote(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LIKVARD_SECRET_KEY")
    assert settings.secret(tmp_path) == ""
    (tmp_path / "secret.key").write_text("abc\n")
    assert settings.secret(tmp_path) == "abc"
