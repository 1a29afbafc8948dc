"""The pages under /arenden/, as each of the cast meets them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from likvard.site.audit import chain, events
from likvard.site.cases import actions
from likvard.site.cases.models import Case, Clock, DocumentVersion, Message, Outgoing

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n"


@pytest.fixture
def visit(client, settings, tmp_path):
    """Ask for a page as somebody, in English; with data, send a form."""
    settings.DOCUMENTS = tmp_path
    settings.SECOND_FACTOR = False

    def ask(user, address, data=None, **more):
        client.cookies["sprak"] = "en"
        if user is None:
            client.logout()
        else:
            client.force_login(user)
        return client.post(address, data, **more) if data is not None else client.get(address, **more)

    return ask


def text(response):
    return response.content.decode()


def place(case, rest=""):
    return f"/arenden/{case.slug}/{rest}"


def test_the_list_has_what_is_handed_to_the_reader_and_what_waits(visit, cast, opened, shared):
    opened(title="Ny fråga")
    mine = text(visit(cast.rut, "/arenden/"))
    assert "2 open matters</b> are handed to you" in mine
    assert shared.title in mine
    waits = text(visit(cast.harald, "/arenden/"))
    assert "To share out or decide" in waits
    assert "Ny fråga" in waits


def test_the_list_hides_titles_that_must_be_asked_for(visit, cast, opened):
    case = opened()
    listed = text(visit(cast.kim, "/arenden/"))
    assert case.dnr in listed
    assert case.title not in listed


def test_late_clocks_come_first_and_stay(visit, cast, opened, now):
    quiet, late = opened(title="Stilla"), opened(title="Sen")
    actions.start_clock(case=late, name="Svara", due=now.date(), by=cast.rut, at=now)
    for _ in range(2):
        page = text(visit(cast.rut, "/arenden/"))
        assert page.index(late.title) < page.index(quiet.title)
        assert "tag late" in page
        visit(cast.rut, place(late))


def test_an_empty_list_says_what_would_stand_there(visit, cast):
    assert "Nothing waits for you here." in text(visit(cast.ines, "/arenden/"))


@pytest.mark.parametrize(
    "address", ["/arenden/", "/arenden/nytt/", "/arenden/LV-2025-1/", "/arenden/LV-2025-1/handelser/"]
)
def test_the_public_is_sent_to_sign_in(visit, opened, address):
    opened()
    response = visit(None, address)
    assert (response.status_code, "/konto/logga-in/" in response["Location"]) == (302, True)


def test_a_matter_is_opened_by_its_form(visit, cast, places):
    assert "Björkskolan" in text(visit(cast.rut, "/arenden/nytt/"))
    data = {"kind": "matter", "place": places.björk.code, "title": "Fråga", "secrecy": "pupil"}
    response = visit(cast.rut, "/arenden/nytt/", data)
    case = Case.objects.get()
    assert (response["Location"], case.unit, case.secrecy) == (place(case), places.björk, "pupil")


def test_a_matter_is_not_opened_about_another_place(visit, cast, places):
    data = {"kind": "matter", "place": places.gran.code, "title": "Fråga", "secrecy": "open"}
    assert "Select a valid choice" in text(visit(cast.rut, "/arenden/nytt/", data))
    assert visit(cast.anna, "/arenden/nytt/").status_code == 403
    assert not Case.objects.exists()


def test_with_the_whole_country_to_choose_from_a_code_is_written(visit, cast, places, monkeypatch):
    monkeypatch.setattr("likvard.site.cases.forms.SHOWN_PLACES", 3)
    data = {"kind": "matter", "place": "99999999", "title": "Fråga", "secrecy": "open"}
    assert "no school unit" in text(visit(cast.lea, "/arenden/nytt/", data))
    visit(cast.lea, "/arenden/nytt/", {**data, "place": places.lärkan.number})
    assert Case.objects.get().organiser == places.lärkan


def test_the_page_of_a_case_shows_where_it_stands_and_is_recorded(visit, cast, shared, now):
    actions.start_clock(case=shared, name="Svara huvudmannen", due=now.date(), by=cast.rut, at=now)
    page = text(visit(cast.rut, place(shared)))
    for expected in (
        "Björkskolan",
        "LV 2025:1",
        "Svara huvudmannen",
        "Begin to investigate",
        "handed to you",
        "cannot start",
    ):
        assert expected in page
    assert events.about(shared.subject).last().what == "case.read"


@pytest.mark.parametrize("name", ["olle", "other_harald", "ines", "nils", "sten"])
def test_who_may_not_know_of_a_case_gets_the_same_answer_as_for_none(visit, cast, opened, name):
    case, user = opened(), getattr(cast, name)
    there, not_there = visit(user, place(case)), visit(user, "/arenden/LV-2025-99/")
    assert (there.status_code, not_there.status_code) == (403, 403)
    assert text(there).replace(case.slug, "") == text(not_there).replace("LV-2025-99", "")


def test_a_reason_opens_the_case_for_the_day(visit, cast, opened):
    case = opened()
    asked = text(visit(cast.kim, place(case)))
    assert case.title not in asked
    assert "Why?" in asked
    visit(cast.kim, place(case), {"reason": "Uppföljning"})
    page = text(visit(cast.kim, place(case)))
    assert case.title in page
    assert "You said why you need to see it: Uppföljning" in page
    assert events.about(case.subject).last().reason == "Uppföljning"


def test_a_reason_is_asked_only_of_whom_it_would_open_the_case_to(visit, cast, opened):
    case = opened()
    for user in (None, cast.olle, cast.other_harald):
        assert visit(user, place(case), {"reason": "Nyfiken"}).status_code == 403
        assert visit(user, "/arenden/LV-2025-99/", {"reason": "Nyfiken"}).status_code == 403
    assert visit(cast.rut, place(case), {"reason": ""}).status_code == 302


def test_a_case_goes_from_opening_to_end_through_its_pages(visit, cast, opened):
    case = opened()
    visit(cast.harald, place(case, "dela-ut/"), {"to": cast.rut.pk})
    visit(cast.rut, place(case, "klocka/"), {"name": "Svara", "due": "2030-01-01", "counting": "calendar"})
    clock = Clock.objects.get()
    visit(cast.rut, place(case, f"klocka/{clock.pk}/pausa/"), {"reason": "Väntar"})
    assert "paused since" in text(visit(cast.rut, place(case)))
    visit(cast.rut, place(case, f"klocka/{clock.pk}/fortsatt/"), {})
    visit(cast.rut, place(case, "steg/begin/"), {"reason": ""})
    visit(cast.rut, place(case, "steg/propose/"), {"reason": ""})
    assert "cannot be closed while a clock is going" in text(visit(cast.harald, place(case)))
    visit(cast.rut, place(case, f"klocka/{clock.pk}/klar/"), {"on": clock.started.isoformat()})
    visit(cast.harald, place(case, "steg/close/"), {"reason": "Åtgärdat"})
    case.refresh_from_db()
    assert (case.is_closed, case.closing_reason) == (True, "Åtgärdat")
    assert "Everything can be read, nothing changed." in text(visit(cast.rut, place(case)))
    assert case.title in text(visit(cast.rut, "/arenden/?visa=stangda"))
    assert chain.verify().whole


@pytest.mark.parametrize("rest", ["steg/close/", "steg/nonsense/", "klocka/"])
def test_what_cannot_be_done_now_leads_back_with_the_reason(visit, cast, shared, now, rest):
    for code in ("begin", "propose"):
        shared = actions.move(case=shared, code=code, by=cast.rut, at=now)
    actions.move(case=shared, code="close", by=cast.harald, at=now, reason="Klart")
    response = visit(cast.harald, place(shared, rest), follow=True)
    assert response.redirect_chain[0][0] == place(shared)
    assert "closed" in text(response)


@pytest.mark.parametrize(
    "rest",
    ["dela-ut/", "oppna-for/", "jav/", "klocka/", "koppla/", "ratta/", "dokument/", "meddelande/", "steg/begin/"],
)
def test_each_form_is_shown_to_whoever_may_and_refused_to_others(visit, cast, shared, rest):
    leads = rest in ("dela-ut/", "oppna-for/", "jav/")
    assert visit(cast.harald if leads else cast.rut, place(shared, rest)).status_code == 200
    assert visit(cast.other_harald, place(shared, rest)).status_code == 403
    if leads:
        assert visit(cast.rut, place(shared, rest), {"reason": "x"}).status_code == 403


def test_a_form_that_is_not_filled_in_comes_back_with_what_is_wrong(visit, cast, shared):
    response = visit(cast.rut, place(shared, "klocka/"), {"name": "", "due": "snart"})
    assert response.status_code == 200
    assert "put right" in text(response)
    assert not Clock.objects.exists()


def test_people_are_let_in_and_out_and_kept_out(visit, cast, shared):
    visit(cast.harald, place(shared, "oppna-for/"), {"user": cast.ines.pk, "part": "reader", "reason": "Granskning"})
    assert visit(cast.ines, place(shared)).status_code == 200
    part = shared.participants.get(user=cast.ines)
    visit(cast.harald, place(shared, f"oppna-for/{part.pk}/avsluta/"), {})
    assert visit(cast.ines, place(shared)).status_code == 403
    visit(cast.harald, place(shared, "jav/"), {"user": cast.kim.pk, "reason": "Närstående"})
    assert visit(cast.kim, place(shared)).status_code == 403
    assert "Närstående" in text(visit(cast.harald, place(shared)))
    row = shared.exclusions.get()
    visit(cast.harald, place(shared, f"jav/{row.pk}/avsluta/"), {"reason": "Fel person"})
    assert "Why?" in text(visit(cast.kim, place(shared)))


def upload(visit, user, case, **more):
    data = {"file": SimpleUploadedFile("Svar åäö.pdf", PDF), "dated": "2025-10-01", "finished": "on", **more}
    return visit(user, place(case, "dokument/"), data)


def test_a_document_is_attached_and_only_ever_saved(visit, cast, shared):
    upload(visit, cast.rut, shared, title="Svar")
    version = DocumentVersion.objects.get()
    assert "not scanned for viruses" in text(visit(cast.rut, place(shared)))
    response = visit(cast.harald, place(shared, f"dokument/{version.pk}/?visa=bild"))
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Svar")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_a_document_about_pupils_asks_for_a_reason(visit, cast, shared):
    upload(visit, cast.rut, shared, sensitive="on")
    file = place(shared, f"dokument/{DocumentVersion.objects.get().pk}/")
    assert "Why?" in text(visit(cast.rut, file))
    assert visit(cast.rut, file, {"reason": "Bedömning"}).content == PDF
    assert visit(cast.harald, file).status_code == 403
    assert visit(cast.harald, file, {"reason": "Nyfiken"}).status_code == 403


def test_a_picture_may_be_shown_in_the_page(visit, cast, shared):
    picture = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n", content_type="text/html")
    visit(cast.rut, place(shared, "dokument/"), {"file": picture, "dated": "2025-10-01"})
    response = visit(cast.rut, place(shared, f"dokument/{DocumentVersion.objects.get().pk}/?visa=bild"))
    assert (response["Content-Type"], response["Content-Disposition"].split(";")[0]) == ("image/png", "inline")


def test_a_file_that_may_not_be_attached_says_why(visit, cast, shared):
    response = visit(
        cast.rut, place(shared, "dokument/"), {"file": SimpleUploadedFile("a.html", b"<p>"), "dated": "2025-10-01"}
    )
    assert "cannot be attached" in text(response)
    assert not DocumentVersion.objects.exists()


def test_a_document_is_not_reached_through_another_case(visit, cast, opened, shared):
    upload(visit, cast.rut, shared)
    assert visit(cast.rut, place(opened(), f"dokument/{DocumentVersion.objects.get().pk}/")).status_code == 404


def test_a_message_is_opened_by_itself_and_its_reading_is_recorded(visit, cast, shared):
    visit(cast.rut, place(shared, "meddelande/"), {"to": [cast.harald.pk], "text": "Hej på dig"})
    message = Message.objects.get()
    assert "Hej på dig" not in text(visit(cast.harald, place(shared)))
    assert "Hej på dig" in text(visit(cast.harald, place(shared, f"meddelande/{message.pk}/")))
    assert events.about(shared.subject).last().what == "case.message_read"
    assert f"/arenden/{shared.slug}/" in Outgoing.objects.filter(to="harald@example.se").last().body


def test_a_sensitive_message_is_masked_and_asked_for(visit, cast, shared):
    visit(cast.harald, place(shared, "meddelande/"), {"to": [cast.rut.pk], "text": "Elevens namn", "sensitive": "on"})
    message = place(shared, f"meddelande/{Message.objects.get().pk}/")
    assert "asks for a reason" in text(visit(cast.rut, place(shared)))
    assert "Elevens namn" not in text(visit(cast.rut, message))
    assert "Elevens namn" in text(visit(cast.rut, message, {"reason": "Svar"}))
    assert "Elevens namn" in text(visit(cast.harald, message))


def test_a_sensitive_message_between_others_is_a_bar_to_who_may_not_see_it(visit, cast, shared, now):
    actions.let_in(case=shared, user=cast.ines, part="handler", reason="x", by=cast.harald, at=now)
    visit(cast.ines, place(shared, "meddelande/"), {"to": [cast.rut.pk], "text": "Elevens namn", "sensitive": "on"})
    page = text(visit(cast.harald, place(shared)))
    assert "mask" in page
    message = Message.objects.get()
    assert f"meddelande/{message.pk}/" not in page
    assert visit(cast.harald, place(shared, f"meddelande/{message.pk}/"), {"reason": "Nyfiken"}).status_code == 403


def test_links_are_shown_in_both_directions(visit, cast, opened, shared):
    other = opened(title="Den andra")
    visit(cast.rut, place(shared, "koppla/"), {"number": other.dnr, "type": "follows"})
    visit(cast.rut, place(shared, "koppla/"), {"number": "400-2011:6497", "type": "mentioned"})
    page = text(visit(cast.rut, place(shared)))
    assert "Den andra" in page
    assert "400-2011:6497" in page
    assert "is followed by" in text(visit(cast.rut, place(other)))


def test_everything_that_has_happened_is_listed_and_refusals_only_for_leads(visit, cast, shared):
    visit(cast.other_harald, place(shared))
    assert "tried to open" not in text(visit(cast.rut, place(shared, "handelser/")))
    page = text(visit(cast.harald, place(shared, "handelser/")))
    assert "tried to open" in page
    assert "<b>Rut Rektor</b> became responsible" in page


@pytest.mark.parametrize("verb", ["nonsense", "pausa2"])
def test_an_unknown_deed_is_not_found(visit, cast, shared, now, verb):
    clock = actions.start_clock(case=shared, name="x", due=now.date(), by=cast.rut, at=now)
    assert visit(cast.rut, place(shared, f"klocka/{clock.pk}/{verb}/"), {}).status_code == 404


def test_pages_of_cases_are_kept_by_no_cache(visit, cast, shared):
    for rest in ("", "handelser/", "dela-ut/"):
        assert "no-store" in visit(cast.harald, place(shared, rest))["Cache-Control"]
