"""When a page cannot be shown: what happened, and what to do."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory

from likvard.site.ui import failures


class Denied(PermissionDenied):
    def __init__(self, reason: str, ask: str, sign_in: bool) -> None:
        super().__init__(reason)
        self.reason, self.ask, self.sign_in = reason, ask, sign_in


@pytest.fixture
def request_(rf: RequestFactory):
    request = rf.get("/arenden/17/?flik=1")
    request.LANGUAGE_CODE = "sv"
    return request


def said(response) -> str:
    return response.content.decode().split("<main")[1].split("</main")[0]


def test_a_refusal_says_why_and_whom_to_ask(request_):
    answer = failures.denied(request_, Denied("Ärendet hör till en annan enhet.", "Be Rut om åtkomst.", sign_in=False))
    assert answer.status_code == 403
    assert said(answer).count("Ärendet hör till en annan enhet.") == 1
    assert "Be Rut om åtkomst." in said(answer)
    assert "Logga in" not in said(answer)


def test_a_refusal_that_signing_in_may_help_offers_it_and_leads_back(request_):
    answer = failures.denied(request_, Denied("Logga in först.", "", sign_in=True))
    assert "next=/arenden/17/%3Fflik%3D1" in said(answer)


def test_a_refusal_without_a_reason_still_says_something(request_):
    assert "Ditt konto ger inte åtkomst" in said(failures.denied(request_, PermissionDenied()))


def test_a_missing_page_gives_the_reason_that_was_written_for_the_reader(request_):
    assert "Det finns ingen sådan skola." in said(failures.not_found(request_, Http404("Det finns ingen sådan skola.")))


def test_a_reason_that_django_wrote_for_programmers_is_not_shown(request_):
    page = said(failures.not_found(request_, Http404("No Organiser matches the given query.")))
    assert "Organiser" not in page
    assert "Adressen kan vara fel" in page


def test_a_missing_address_never_shows_the_list_of_addresses(client: Client):
    answer = client.get("/finns/inte/")
    assert answer.status_code == 404
    assert "tried" not in said(answer)
    assert "Leta upp en skola" in said(answer)


def test_an_address_in_a_reason_cannot_become_markup(request_):
    assert "<script>" not in said(failures.not_found(request_, Http404("<script>")))


def test_a_failure_gives_a_number_that_stands_in_the_log(request_, caplog):
    with caplog.at_level(logging.ERROR, "likvard.site"):
        answer = failures.error(request_)
    number = caplog.records[0].args[1]
    assert (answer.status_code, len(number)) == (500, 8)
    assert f"<b>{number}</b>" in said(answer)


def test_a_failure_asks_neither_database_nor_session(request_):
    class Broken:
        def __getattr__(self, name: str):
            raise RuntimeError("the database is away")

    request_.reader = request_.session = request_.user = Broken()
    assert failures.error(request_).status_code == 500


def test_a_form_from_elsewhere_is_refused_with_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/om/finns-inte/")
    assert answer.status_code in (403, 404)
    assert "Formuläret kunde inte skickas" in said(failures.csrf(RequestFactory().get("/konto/")))


@pytest.mark.parametrize(
    ("page", "status", "heading"),
    [(failures.bad_request, 400, "Vi förstår inte adressen"), (failures.too_many, 429, "För många försök")],
)
def test_other_failures_say_what_to_do(request_, page, status, heading):
    answer = page(request_)
    assert answer.status_code == status
    assert heading in said(answer)
