"""Signing in with address and password: what it takes, what is noted, and what stops whoever guesses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client

from likvard.site.audit.models import Event
from likvard.site.people import actions
from likvard.site.people.models import User

PASSWORD = "ett-par-gröna-stövlar-7"
NEW = "sju gula hästar sover"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_lets_in_and_leads_to_the_roles_first_page(cast: Any, sign_in: Any, noted: Any) -> None:
    client = sign_in(cast.sten)
    assert is_in(client)
    assert client.get("/konto/start/").headers["Location"] == "/skolor/90000001/"
    assert noted() == ["account.signed_in"]


def test_the_address_may_be_written_in_any_case(cast: Any, client: Client) -> None:
    client.post("/konto/logga-in/", {"login": "Sten@Example.SE", "password": PASSWORD})
    assert is_in(client)


def test_a_wrong_password_keeps_out_and_is_noted_without_what_was_written(cast: Any, sign_in: Any, noted: Any) -> None:
    assert not is_in(sign_in(cast.rut, "fel lösenord"))
    assert noted() == ["account.sign_in_failed"]
    event = Event.objects.get()
    assert (event.subject, event.actor) == (f"user:{cast.rut.pk}", "")
    assert "fel lösenord" not in str(Event.objects.values().get())


def test_an_unknown_address_gets_the_same_answer(cast: Any, client: Client) -> None:
    known = client.post("/konto/logga-in/", {"login": "rut@example.se", "password": "fel"}).content.decode()
    unknown = client.post("/konto/logga-in/", {"login": "nisse@example.se", "password": "fel"}).content.decode()
    cut = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|rut@|nisse@')
    assert cut.sub("", known) == cut.sub("", unknown)


@pytest.mark.parametrize("login", ["rut@example.se", "nisse@example.se", "closed@example.se"])
def test_every_refusal_costs_one_password_check(login: str, cast: Any, client: Client, monkeypatch: Any) -> None:
    """The time of an answer is the time of the hash: it does not tell whether the account exists."""
    User.objects.create_user("closed@example.se", "något annat långt", name="C", is_active=False)
    made: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a: (made.append("hash"), encode(*a))[1])
    client.post("/konto/logga-in/", {"login": login, "password": "fel"})
    assert len(made) == 1


def test_five_failures_lock_the_account_also_for_the_right_password(cast: Any, sign_in: Any, noted: Any) -> None:
    for n in range(5):
        sign_in(cast.rut, f"fel {n}")
    assert not is_in(sign_in(cast.rut))
    assert not is_in(sign_in(cast.rut))
    assert noted() == ["account.sign_in_failed"] * 5 + ["account.locked_out"]
    assert is_in(sign_in(cast.sten))


def test_the_count_is_kept_where_all_processes_see_it(cast: Any, sign_in: Any) -> None:
    sign_in(cast.rut, "fel")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from site_cache")
        assert cursor.fetchone()[0] >= 1


def test_an_attempt_on_many_accounts_from_one_address_is_stopped(cast: Any, client: Client) -> None:
    for n in range(31):
        answer = client.post("/konto/logga-in/", {"login": f"a{n}@example.se", "password": "fel"})
    assert (
        "a quarter of an hour"
        in client.post("/konto/logga-in/?sprak=en", {"login": "rut@example.se", "password": PASSWORD}).content.decode()
    )
    assert answer.status_code == 200


def test_a_closed_account_is_told_so_only_with_the_right_password(cast: Any, now: Any, sign_in: Any) -> None:
    actions.close_account(user=cast.sten, by=cast.adam, at=now, reason="slutat")
    client = Client()
    right = client.post("/konto/logga-in/", {"login": "sten@example.se", "password": PASSWORD})
    assert right.headers["Location"] == "/konto/stangt/"
    assert not is_in(client)
    assert client.post("/konto/logga-in/", {"login": "sten@example.se", "password": "fel"}).status_code == 200


def test_closing_an_account_ends_the_sessions_it_has(cast: Any, now: Any, sign_in: Any) -> None:
    client = sign_in(cast.sten)
    actions.close_account(user=cast.sten, by=cast.adam, at=now, reason="slutat")
    assert client.get("/konto/").headers["Location"].startswith("/konto/logga-in/")


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_sign_in_leads_nowhere_but_into_the_site(away: str, cast: Any, client: Client) -> None:
    answer = client.post(
        f"/konto/logga-in/?next={away}", {"login": "sten@example.se", "password": PASSWORD, "next": away}
    )
    assert answer.headers["Location"] == "/konto/start/"


def test_sign_in_leads_back_to_the_page_that_asked_for_it(cast: Any, client: Client) -> None:
    asked = client.get("/konto/sessioner/").headers["Location"]
    answer = client.post(asked, {"login": "sten@example.se", "password": PASSWORD, "next": "/konto/sessioner/"})
    assert answer.headers["Location"] == "/konto/sessioner/"


def test_the_session_gets_a_new_key_at_sign_in(cast: Any, client: Client) -> None:
    client.get("/konto/logga-in/?next=/konto/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.post("/konto/logga-in/", {"login": "sten@example.se", "password": PASSWORD})
    assert client.session.session_key != before


def test_signing_out_takes_a_form_and_is_noted(cast: Any, sign_in: Any, noted: Any) -> None:
    client = sign_in(cast.sten)
    client.get("/konto/logga-ut/")
    assert is_in(client)
    client.post("/konto/logga-ut/")
    assert not is_in(client)
    assert noted() == ["account.signed_in", "account.signed_out"]


def test_one_sees_where_one_is_signed_in_and_signs_out_everywhere_else(cast: Any, sign_in: Any, noted: Any) -> None:
    here, there = sign_in(cast.sten), sign_in(cast.sten)
    assert here.get("/konto/sessioner/").content.decode().count(">127.0.0.1<") == 2
    here.post("/konto/sessioner/")
    assert here.get("/konto/sessioner/").status_code == 200
    assert there.get("/konto/sessioner/").status_code == 302
    assert noted()[-1] == "account.signed_out_elsewhere"


def test_a_changed_password_ends_other_sessions_and_is_told_by_mail(cast: Any, sign_in: Any, noted: Any) -> None:
    here, there = sign_in(cast.sten), sign_in(cast.sten)
    here.post("/konto/losenord/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert here.get("/konto/").status_code == 200
    assert there.get("/konto/").status_code == 302
    assert mail.outbox[-1].to == ["sten@example.se"]
    assert noted()[-1] == "account.password_changed"


@pytest.mark.parametrize("weak", ["kort", "password1234", "sten@example.se", "StenStab-1234"])
def test_a_weak_password_is_refused_with_a_reason(weak: str, cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.sten)
    page = client.post("/konto/losenord/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert page.status_code == 200
    assert 'class="err"' in page.content.decode()
    assert User.objects.get(pk=cast.sten.pk).check_password(PASSWORD)


def reset_link(client: Client, address: str) -> str:
    client.post("/konto/losenord/glomt/", {"email": address})
    return re.search(r"http://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def test_a_link_by_mail_gives_a_new_password_once(cast: Any, client: Client, sign_in: Any, noted: Any) -> None:
    link = reset_link(client, "sten@example.se")
    form = client.get(link).headers["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert is_in(sign_in(cast.sten, NEW))
    assert "account.password_reset" in noted()
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content


def test_asking_for_a_link_tells_nobody_whether_there_is_an_account(cast: Any, client: Client) -> None:
    known = client.post("/konto/losenord/glomt/", {"email": "sten@example.se"})
    unknown = client.post("/konto/losenord/glomt/", {"email": "nisse@example.se"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [letter.to for letter in mail.outbox] == [["sten@example.se"]]


def test_who_signs_in_through_a_provider_gets_no_password_by_mail(cast: Any, client: Client) -> None:
    cast.sten.set_unusable_password()
    cast.sten.save()
    client.post("/konto/losenord/glomt/", {"email": "sten@example.se"})
    assert mail.outbox == []


def test_a_new_password_opens_an_account_that_was_locked(cast: Any, client: Client, sign_in: Any) -> None:
    link = reset_link(client, "sten@example.se")
    for n in range(5):
        sign_in(cast.sten, f"fel {n}")
    client.post(client.get(link).headers["Location"], {"password1": NEW, "password2": NEW})
    assert is_in(sign_in(cast.sten, NEW))


@pytest.mark.parametrize("path", ["signup/", "email/", "registrera/", "confirm-email/", "3rdparty/", "2fa/"])
def test_no_other_way_in_is_open(path: str, client: Client, db: None) -> None:
    assert client.get(f"/konto/{path}").status_code == 404


def test_a_form_from_elsewhere_signs_nobody_in(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/konto/logga-in/", {"login": "sten@example.se", "password": PASSWORD})
    assert answer.status_code == 403
    assert not is_in(client)
