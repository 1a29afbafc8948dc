"""The pages about the site itself, the choice of language, and what browsers may keep."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from likvard.site.ui import caching

ABOUT = ["/om/siffror/", "/om/tecken/", "/om/tillganglighet/", "/om/personuppgifter/", "/om/fel/"]


@pytest.mark.parametrize("address", ABOUT)
def test_a_page_about_the_site_answers_in_swedish_and_english(client: Client, address: str):
    swedish, english = client.get(address), client.get(address + "?sprak=en")
    assert (swedish.status_code, english.status_code) == (200, 200)
    assert b'<html lang="sv">' in swedish.content
    assert b'<html lang="en">' in english.content


def test_the_choice_of_language_is_remembered(client: Client):
    client.get("/om/siffror/?sprak=en")
    assert b"About the figures" in client.get("/om/tecken/").content


def test_the_cookie_of_the_language_is_out_of_reach_of_scripts_and_other_sites(client: Client):
    cookie = client.get("/om/siffror/?sprak=en").cookies["sprak"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 31_536_000)


def test_the_browsers_own_languages_are_not_asked(client: Client):
    assert client.get("/om/siffror/", headers={"accept-language": "en"}).headers["Content-Language"] == "sv"


@pytest.mark.parametrize("unknown", ["de", "", "../en", "EN"])
def test_an_unknown_language_changes_nothing(client: Client, unknown: str):
    answer = client.get("/om/siffror/", {"sprak": unknown})
    assert answer.headers["Content-Language"] == "sv"
    assert "sprak" not in answer.cookies


def test_a_cookie_with_nonsense_gives_swedish(client: Client):
    client.cookies["sprak"] = "<script>"
    assert client.get("/om/siffror/").headers["Content-Language"] == "sv"


def test_invented_data_are_said_first_on_the_page_and_in_its_title(client: Client, settings):
    settings.DEMO = True
    page = client.get("/om/siffror/").content.decode()
    assert "<title>Om siffrorna · Likvärd · påhittade uppgifter</title>" in page
    assert page.index('class="syn"') < page.index('class="top"')


def test_without_invented_data_no_banner_is_shown(client: Client, settings):
    settings.DEMO = False
    assert b"syn" not in client.get("/om/siffror/").content.split(b"<main")[0].split(b"<body>")[1]


def test_every_symbol_of_a_table_is_explained(client: Client):
    page = client.get("/om/tecken/").content.decode()
    assert all(f'<th scope="row">{sign}</th>' in page for sign in ("..", "×", "–", "…", "?", "~100", "0"))


def test_a_letter_about_what_is_wrong_names_the_page(client: Client, settings):
    settings.CONTACT = "fel@ekvik.example"
    page = client.get("/om/fel/?sida=/skolor/10000001/").content.decode()
    assert 'href="mailto:fel%40ekvik.example?subject=' in page
    assert "10000001" in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "javascript:alert(1)", "x" * 400])
def test_a_letter_names_no_page_of_another_site(client: Client, settings, elsewhere: str):
    settings.CONTACT = "fel@ekvik.example"
    assert (
        "evil" not in client.get("/om/fel/", {"sida": elsewhere}).content.decode().split("<main")[1].split("</main")[0]
    )


def test_a_demonstration_says_that_nobody_reads_letters(client: Client, settings):
    settings.DEMO, settings.CONTACT = True, ""
    assert "Ingen läser brev här" in client.get("/om/fel/").content.decode()


def test_the_components_are_shown_in_a_demonstration_only(client: Client, settings):
    settings.DEMO = True
    assert client.get("/om/komponenter/?sida=x").status_code == 200
    settings.DEMO = False
    assert client.get("/om/komponenter/").status_code == 404


def test_a_published_page_is_not_sent_twice(client: Client):
    first = client.get("/om/siffror/")
    again = client.get("/om/siffror/", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_published_page_is_asked_for_each_time_and_differs_by_cookie(client: Client):
    answer = client.get("/om/siffror/")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in answer.headers["Vary"]


def test_the_other_language_is_another_page(client: Client):
    swedish = client.get("/om/siffror/").headers["ETag"]
    client.cookies["sprak"] = "en"
    assert client.get("/om/siffror/", headers={"if-none-match": swedish}).status_code == 200


def test_whoever_has_a_session_gets_a_page_made_anew_that_is_not_stored(client: Client, db):
    tag = client.get("/om/siffror/").headers["ETag"]
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/om/siffror/", headers={"if-none-match": tag})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_a_new_publication_is_another_page():
    request = RequestFactory().get("/skolor/")
    assert caching.etag(request, "a") != caching.etag(request, "b")
    assert caching.etag(request, "a") == caching.etag(request, "a")


def test_what_does_not_say_otherwise_is_never_stored(client: Client):
    assert client.get("/om/finns-inte/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ABOUT)
def test_pages_about_the_site_cannot_be_posted_to(client: Client, address: str):
    assert client.post(address).status_code == 405


def test_a_page_may_load_nothing_from_elsewhere_and_be_framed_by_nobody(client: Client):
    answer = client.get("/om/siffror/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
