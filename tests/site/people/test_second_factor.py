"""The second factor: who must have one, how it is added and used, and what if it is lost."""

from __future__ import annotations

import base64
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client, override_settings

from likvard.site.people import actions
from likvard.site.people.roles import Role, needs_second_factor

PASSWORD = "ett-par-gröna-stövlar-7"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_password_alone_does_not_let_in_who_has_an_app(cast: Any, with_app: Any, sign_in: Any, code: Any) -> None:
    client = sign_in(with_app(cast.rut))
    assert not is_in(client)
    client.post("/konto/kod/", {"code": "000000"})
    assert not is_in(client)
    client.post("/konto/kod/", {"code": code()})
    assert is_in(client)


def test_each_step_is_noted(cast: Any, with_app: Any, sign_in: Any, code: Any, noted: Any) -> None:
    client = sign_in(with_app(cast.rut))
    client.post("/konto/kod/", {"code": "000000"})
    client.post("/konto/kod/", {"code": code()})
    assert noted() == ["account.second_factor_failed", "account.signed_in"]


def test_a_code_works_once(cast: Any, with_app: Any, sign_in: Any, code: Any) -> None:
    with_app(cast.rut)
    now = code()
    sign_in(cast.rut).post("/konto/kod/", {"code": now})
    second = sign_in(cast.rut)
    second.post("/konto/kod/", {"code": now})
    assert not is_in(second)


def test_codes_cannot_be_tried_without_end(cast: Any, with_app: Any, sign_in: Any, code: Any) -> None:
    client = sign_in(with_app(cast.rut))
    for n in range(5):
        client.post("/konto/kod/", {"code": f"00000{n}"})
    client.post("/konto/kod/", {"code": code()})
    assert not is_in(client)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_but_staff_needs_one(role: Role) -> None:
    assert needs_second_factor([role]) is (role is not Role.STAFF)


def test_who_lacks_a_needed_one_is_led_to_add_it(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.adam)
    assert client.get("/administration/").headers["Location"] == "/konto/andra-faktorn/app/"
    assert client.get("/konto/").status_code == 200


def test_staff_and_who_has_no_role_go_on_without(cast: Any, sign_in: Any) -> None:
    assert sign_in(cast.sten).get("/administration/").status_code == 403
    assert sign_in(cast.olle).get("/administration/").status_code == 403


@override_settings(SECOND_FACTOR=False)
def test_a_demo_does_without(cast: Any, sign_in: Any) -> None:
    assert sign_in(cast.adam).get("/administration/").status_code == 200


@pytest.mark.django_db(transaction=True)  # the letter is sent after the commit
def test_adding_an_app_shows_codes_tells_by_mail_and_opens_the_role(cast: Any, sign_in: Any, noted: Any) -> None:
    client = sign_in(cast.adam)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get("/konto/andra-faktorn/app/").content.decode())[1]
    first = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/konto/andra-faktorn/app/", {"code": first})
    assert answer.headers["Location"] == "/konto/andra-faktorn/koder/"
    assert client.get("/konto/andra-faktorn/koder/").content.decode().count("<li><code>") == 10
    assert client.get("/administration/").status_code == 200
    assert mail.outbox[-1].to == ["adam@example.se"]
    assert noted()[-1] == "account.second_factor_added"


def test_the_secret_lies_encrypted(cast: Any, with_app: Any) -> None:
    with_app(cast.rut)
    assert "JBSWY3DPEHPK3PXP" not in str(Authenticator.objects.get().data)


def test_a_secret_under_an_earlier_key_still_opens(cast: Any, with_app: Any, sign_in: Any, code: Any) -> None:
    with_app(cast.rut)
    with override_settings(SECRET_KEY="a new one", SECRET_KEY_FALLBACKS=["only-for-tests"]):
        client = sign_in(cast.rut)
        client.post("/konto/kod/", {"code": code()})
        assert is_in(client)


def test_a_recovery_code_lets_in_once(cast: Any, with_app: Any, sign_in: Any) -> None:
    codes = RecoveryCodes.activate(with_app(cast.rut)).get_unused_codes()
    first, second = sign_in(cast.rut), None
    first.post("/konto/kod/", {"code": codes[0]})
    second = sign_in(cast.rut)
    second.post("/konto/kod/", {"code": codes[0]})
    assert (is_in(first), is_in(second)) == (True, False)


def test_removing_it_asks_who_one_is_if_that_was_long_ago(cast: Any, with_app: Any, enter: Any) -> None:
    client = enter(with_app(cast.rut))
    answer = client.post("/konto/andra-faktorn/app/ta-bort/")
    assert answer.headers["Location"].startswith("/konto/bekrafta/")
    assert Authenticator.objects.exists()


def test_an_administrator_takes_a_lost_one_away(cast: Any, with_app: Any, now: Any, sign_in: Any, noted: Any) -> None:
    with_app(cast.rut)
    actions.reset_second_factor(user=cast.rut, by=cast.adam, at=now, reason="tappad telefon")
    assert is_in(sign_in(cast.rut))
    assert noted() == ["account.second_factor_reset", "account.signed_in"]


def test_a_code_shows_that_it_is_the_same_person(cast: Any, with_app: Any, enter: Any, code: Any, noted: Any) -> None:
    client = enter(with_app(cast.rut))
    page = {"next": "/konto/andra-faktorn/koder/nya/"}
    client.post("/konto/bekrafta/kod/", page | {"code": "000000"})
    assert client.get(page["next"]).status_code == 302
    client.post("/konto/bekrafta/kod/", page | {"code": code()})
    assert client.get(page["next"]).status_code == 200
    assert noted() == ["account.second_factor_failed"]


def test_one_sees_how_many_recovery_codes_are_left(cast: Any, with_app: Any, enter: Any) -> None:
    RecoveryCodes.activate(with_app(cast.rut))
    assert "10 recovery codes are left." in enter(cast.rut).get("/konto/andra-faktorn/?sprak=en").content.decode()
    assert "Add a second factor" in enter(cast.sten).get("/konto/andra-faktorn/?sprak=en").content.decode()


def test_a_removed_app_is_noted_and_told(cast: Any, with_app: Any, sign_in: Any, code: Any, noted: Any) -> None:
    client = sign_in(with_app(cast.rut))
    client.post("/konto/kod/", {"code": code()})
    client.post("/konto/andra-faktorn/app/ta-bort/")
    assert noted()[-1] == "account.second_factor_removed"
    assert mail.outbox[-1].to == ["rut@example.se"]


def test_the_picture_for_the_app_can_be_read_on_a_dark_page(cast: Any, sign_in: Any) -> None:
    page = sign_in(cast.rut).get("/konto/andra-faktorn/app/").content.decode()
    svg = base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1]).decode()
    assert 'fill="white"' in svg
