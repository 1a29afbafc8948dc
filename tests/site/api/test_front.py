"""What holds for every address: methods, versions, other origins, the rate."""

from __future__ import annotations

import pytest
from tests.site.api.conftest import publish

from likvard.site.api import actions
from likvard.site.api.models import Bucket
from likvard.site.api.rules import PUBLIC_RATE, TOKEN_RATE, Rate

ADDRESSES = ["figures", "indicators", "indicators/merit_value", "organisers", "units", "publications", "symbols"]


@pytest.mark.parametrize("path", [*ADDRESSES, "openapi.json", "no/such/address"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(anybody, publication, path, method):
    answer = getattr(anybody.client, method)(f"/api/v1/{path}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ADDRESSES)
def test_head_has_the_headers_of_get_and_no_content(anybody, publication, path):
    whole, head = anybody.ask(path), anybody.client.head(f"/api/v1/{path}")
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Cache-Control"):
        assert head[name] == whole[name]
    assert int(head["Content-Length"]) == len(whole.content)


def test_options_tells_what_may_be_asked_from_where(anybody):
    answer = anybody.client.options("/api/v1/figures", headers={"Origin": "https://example.org"})
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Methods"] == answer["Allow"] == "GET, HEAD, OPTIONS"
    assert "authorization" not in answer["Access-Control-Allow-Headers"].lower()


def test_a_page_of_any_origin_may_read_what_is_public(anybody, publication):
    answer = anybody.ask("symbols", Origin="https://example.org")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer


def test_a_page_of_another_origin_may_not_read_with_a_token(program_of, cast, publication):
    answer = program_of(cast.harald).ask("symbols", Origin="https://example.org")
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("path", ADDRESSES)
def test_who_has_the_version_gets_no_content(anybody, publication, path):
    version = anybody.ask(path)["ETag"]
    again = anybody.ask(path, **{"If-None-Match": f'"other", W/{version}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", version)


def test_another_question_is_another_version(anybody, publication):
    versions = {
        anybody.ask(f"figures{query}")["ETag"] for query in ("", "?limit=2", "?form=GR", "?format=csv", "?year=2021")
    }
    assert len(versions) == 5


def test_the_order_of_parameters_makes_no_other_version(anybody, publication):
    one = anybody.ask("figures?form=GR&year=2021&year=2022")
    assert anybody.ask("figures?year=2022&year=2021&form=GR")["ETag"] == one["ETag"]


def test_a_new_publication_is_a_new_version(anybody, publication, tmp_path, monkeypatch):
    before = anybody.ask("figures?limit=3")
    new = publish(tmp_path / "b.sqlite", lake="lake-2")
    monkeypatch.setattr("likvard.site.published.current", lambda: new)
    assert anybody.ask("figures?limit=3")["ETag"] != before["ETag"]
    stale = anybody.ask(before.json()["next"].partition("/api/v1/")[2])
    assert stale.status_code == 400
    assert stale.json()["type"].endswith("#problem-bad-cursor")
    new.close()


def test_what_is_public_may_be_kept_by_anybody_for_a_while(anybody, publication):
    assert anybody.ask("figures")["Cache-Control"] == "public, max-age=60"


def test_what_needs_a_token_is_kept_by_its_owner_only(program_of, cast, publication):
    answer = program_of(cast.harald).ask("figures?audience=organiser&organiser=2120009991")
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer["Vary"]


def test_what_is_left_of_the_rate_stands_in_the_headers(anybody, publication):
    anybody.ask("symbols")
    answer = anybody.ask("symbols")
    assert answer["RateLimit-Policy"] == '"address";q=120;w=60'
    assert answer["RateLimit"] == '"address";r=118;t=1'


def test_one_too_many_is_refused_until_time_has_passed(anybody, publication, clock):
    answers = [anybody.ask("symbols").status_code for _ in range(PUBLIC_RATE.burst + 1)]
    assert answers == [200] * PUBLIC_RATE.burst + [429]
    refused = anybody.ask("symbols")
    assert refused.json()["type"].endswith("#problem-too-many-requests")
    assert (refused["Retry-After"], refused["RateLimit"].split(";")[1]) == ("1", "r=0")
    clock(0.4)
    assert anybody.ask("symbols").status_code == 429
    clock(0.1)
    assert anybody.ask("symbols").status_code == 200


def test_the_allowance_is_full_again_after_a_while(anybody, publication, clock):
    for _ in range(50):
        anybody.ask("symbols")
    clock(60)
    assert anybody.ask("symbols")["RateLimit"].startswith('"address";r=119')


def test_each_address_has_its_own_allowance(anybody, publication):
    anybody.ask("symbols")
    other = anybody.client.get("/api/v1/symbols", REMOTE_ADDR="192.0.2.9")
    assert "r=119" in other["RateLimit"]


def test_a_token_has_an_allowance_of_its_own(program_of, anybody, cast, publication):
    anybody.ask("symbols")
    assert (
        program_of(cast.olle, reads_organiser=False).ask("symbols")["RateLimit"]
        == f'"token";r={TOKEN_RATE.burst - 1};t=1'
    )


def test_guessing_tokens_uses_up_the_allowance_of_the_address(anybody, publication):
    for _ in range(PUBLIC_RATE.burst):
        assert anybody.ask("symbols", Authorization="Bearer likvard_guess").status_code == 401
    assert anybody.ask("symbols", Authorization="Bearer likvard_guess").status_code == 429


def test_a_forwarded_address_is_believed_only_behind_a_proxy(anybody, publication, settings):
    anybody.ask("symbols", **{"X-Forwarded-For": "192.0.2.1"})
    assert "r=118" in anybody.ask("symbols", **{"X-Forwarded-For": "192.0.2.2"})["RateLimit"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert "r=119" in anybody.ask("symbols", **{"X-Forwarded-For": "192.0.2.1, 192.0.2.3"})["RateLimit"]


def test_the_table_forgets_addresses_that_have_their_allowance_back(db, now, clock):
    rate = Rate("test", 10, 1.0)
    actions.take(rate=rate, caller="a", at=now)
    actions.take(rate=rate, caller="b", at=now.replace(minute=59))
    assert Bucket.objects.count() == 1


def test_a_cookie_opens_nothing(enter, cast, publication, settings):
    settings.SECOND_FACTOR = False
    answer = enter(cast.harald).get("/api/v1/figures?audience=organiser&organiser=2120009991")
    assert answer.status_code == 401


def test_no_cookie_is_left_with_a_program(anybody, publication):
    assert not anybody.ask("figures").cookies
