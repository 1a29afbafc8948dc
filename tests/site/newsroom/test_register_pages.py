"""The pages of the register as everybody meets them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.site.newsroom.conftest import AT, POINTS

from likvard.site.cases.actions.issuing import happen
from likvard.site.newsroom import actions
from likvard.site.newsroom.reading import ON_A_PAGE, Filters, page, published_decisions

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)


def text(response):
    return response.content.decode()


@pytest.fixture
def several(issued, publish, cast, places):
    """Three more decisions: an independent organiser's, an older one, and one whose points are settled."""
    found = {}
    for name, place, when in (
        ("lärkan", places.lärkskolan, date(2025, 5, 2)),
        ("old", places.gran, date(2013, 2, 1)),
        ("done", places.gran, date(2025, 4, 28)),
    ):
        document = issued(place=place, dated=when)
        found[name] = publish(actions.prepare(issued=document, by=cast.petra, at=AT, title=f"Beslut {name}"))
    for point in found["done"].issued.points.all():
        happen(
            issued=found["done"].issued, point=point, what="closed", state="remedied", text="Det är åtgärdat.",
            seen="papers", by=cast.ines, role="inspector", at=LATER,
        )  # fmt: skip
    return found


def names(found):
    return [one.title for one in found]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"skola": "90000005"}, ["Beslut lärkan"]),
        ({"huvudman": "5560009995"}, ["Beslut lärkan"]),
        ({"ar": "2013"}, ["Beslut old"]),
        ({"lage": "klart"}, ["Beslut done"]),
        ({"lage": "remedied", "omrade": "unit.support"}, ["Beslut done"]),
        ({"lage": "kvar", "skola": "90000002"}, ["Beslut old"]),
        ({"instrument": "remark", "ar": "2013"}, ["Beslut old"]),
        ({"typ": "audit"}, []),
        ({"amnesord": "sarskilt-stod", "ar": "2013"}, ["Beslut old"]),
        ({"kommun": "0001"}, []),
        ({"ar": "inget"}, None),
        ({"lage": "påhittat"}, None),
    ],
)
def test_a_choice_finds_what_fits_it(several, published, asked, expected):
    found = names(published_decisions(Filters.parse(asked)))
    assert found == expected if expected is not None else len(found) == 4


@pytest.mark.parametrize("state", ["open", "remedied", "ended", "kvar", "klart"])
@pytest.mark.parametrize("more", [{}, {"area": "unit.support"}, {"instrument": "remark", "year": 2013}], ids=str)
def test_a_rare_state_and_a_common_one_are_found_alike(several, published, monkeypatch, state, more):
    """A rare state is taken by the keys of its points, a common one by walking the register."""
    rare = names(published_decisions(Filters(state=state, **more)))
    monkeypatch.setattr("likvard.site.newsroom.reading.FEW", -1)
    assert names(published_decisions(Filters(state=state, **more))) == rare


def test_the_newest_decision_comes_first(several, published):
    assert names(published_decisions()) == ["Beslut lärkan", published.title, "Beslut done", "Beslut old"]


@pytest.mark.parametrize(
    "words",
    [
        "kränkningar",
        "kränkande behandling",
        "mobbning",
        '"föreläggs att senast"',
        "Björk",
        "tillsyn Björkskolan",
        "stöd*",
    ],
)
def test_a_search_finds_inflections_beginnings_phrases_and_other_names(published, words):
    assert list(published_decisions(Filters(words=words))) == [published]


@pytest.mark.parametrize(
    "words", ["finnsinte", '"stöd särskilt"', '"', "*", "bjorkskolan", 'a" OR "b', "NEAR(", "' --"]
)
def test_a_search_for_what_is_not_there_finds_nothing_and_never_fails(published, words):
    assert not published_decisions(Filters(words=words)).exists()


def test_a_number_finds_its_decision(published):
    assert list(published_decisions(Filters(words=published.register_number))) == [published]


def test_a_choice_is_kept_and_read_again_the_same():
    filters = Filters(words="särskilt stöd", organiser="2120009991", year=2025, state="kvar")
    assert Filters.parse(filters.as_data()) == filters
    assert "ar=2025" in filters.query


def test_pages_by_key_hold_every_decision_once_both_ways(issued, publish, cast):
    for n in range(ON_A_PAGE + 3):
        document = issued(dated=date(2025, 4, 1) + timedelta(days=n % 4))
        publish(actions.prepare(issued=document, by=cast.petra, at=AT))
    found = published_decisions()
    first = page(found)
    second = page(found, after=first.after)
    both = [row.publication.pk for row in (*first.rows, *second.rows)]
    assert both == list(found.values_list("pk", flat=True))
    assert (first.before, second.after) == ("", "")
    assert page(found, before=second.before).rows == first.rows


def test_the_list_shows_how_it_stands_and_a_snippet(visit, published):
    shown = text(visit(None, "/beslut/?q=kränkande"))
    assert "<mark>kränkande</mark>" in shown
    assert "2 not reported back in time" in shown  # their day has gone by
    assert published.register_number in shown


def test_the_decision_is_shown_in_short_first_then_the_text_then_what_has_happened(visit, published, cast):
    happen(
        issued=published.issued, point=published.issued.points.first(), what="reported", state="reported",
        by=cast.ines, role="inspector", at=LATER,
    )  # fmt: skip
    shown = text(visit(None, published.get_absolute_url()))
    order = [shown.index(words) for words in ("In short and in plain", "The decision</h2>", "What has happened since")]
    assert order == sorted(order)
    assert "hidden: information about a pupil" in shown or "dolt: uppgift om enskild elev" in shown
    assert "Finding 1 was reported back" in shown
    assert "only the Swedish text is valid" in shown
    assert "passages are hidden" in shown


def test_states_stand_under_the_headings_of_the_points(visit, published):
    shown = text(visit(None, published.get_absolute_url(), language="sv"))
    heading = shown.index("Extra anpassningar och särskilt stöd</h4>")
    assert 'class="tag' in shown[heading : heading + 200]
    assert len(POINTS) == 2


def test_words_about_a_happening_are_not_shown_before_they_are_released(visit, published, cast):
    told = happen(
        issued=published.issued, what="closed", text="Bristen är åtgärdad.", by=cast.ines, role="inspector", at=LATER
    )
    assert "Bristen är åtgärdad" not in text(visit(None, published.get_absolute_url()))
    actions.release(publication=published, happening=told, by=cast.petra, at=LATER)
    assert "Bristen är åtgärdad" in text(visit(None, published.get_absolute_url()))


def test_a_withdrawn_decision_is_gone_and_says_when_and_why_without_content(visit, published, cast):
    actions.move(publication=published, code="withdraw", by=cast.petra, at=LATER, reason="Fel huvudman.")
    gone = visit(None, published.get_absolute_url())
    assert gone.status_code == 410
    assert "Fel huvudman." in text(gone)
    assert "kränkande" not in text(gone)
    for file in ("beslut.pdf", "kort.pdf", "beslut.json"):
        assert visit(None, f"{published.get_absolute_url()}{file}").status_code == 404


def test_a_draft_is_as_if_it_were_not_there(visit, prepared):
    for address in ("", "beslut.pdf", "kort.pdf", "beslut.json"):
        assert visit(None, f"/beslut/{prepared.slug}/{address}").status_code == 404
    assert visit(None, f"/{prepared.slug}").status_code == 404


@pytest.mark.parametrize("address", ["/{slug}", "/{slug}/", "/beslut/nr/{number}/", "/beslut/nr/{number}/1/"])
def test_short_addresses_and_numbers_lead_to_the_decision(visit, published, address):
    number = published.issued.case.slug
    response = visit(None, address.format(slug=published.slug, number=number))
    assert (response.status_code, response["Location"]) == (302, published.get_absolute_url())


def test_a_former_address_leads_on(visit, prepared, publish, cast):
    former = prepared.slug
    actions.describe(publication=prepared, title="T", slug="botkyrka-2013", tags=[], by=cast.petra, at=AT)
    publish(prepared)
    assert visit(None, f"/beslut/{former}/")["Location"] == "/beslut/botkyrka-2013/"
    assert visit(None, "/botkyrka-2013")["Location"] == "/beslut/botkyrka-2013/"


def test_a_number_with_several_documents_leads_to_the_list(visit, published, issued, publish, cast):
    later = issued(case=published.issued.case, kind="follow_up", follows=published.issued, title="Uppföljning")
    other = publish(actions.prepare(issued=later, by=cast.petra, at=AT))
    number = published.issued.case.slug
    assert visit(None, f"/beslut/nr/{number}/")["Location"] == f"/beslut/?nr={number}"
    assert "Uppföljning" in text(visit(None, f"/beslut/?nr={number}"))
    assert "follows on this decision" in text(visit(None, published.get_absolute_url()))
    assert "this decision follows on it" in text(visit(None, other.get_absolute_url()))


@pytest.mark.parametrize("address", ["/beslut/huvudman/2120009991/", "/beslut/skola/90000001/"])
def test_an_organiser_and_a_school_have_their_decisions(visit, published, address):
    assert published.title in text(visit(None, address))
    assert visit(None, "/beslut/skola/99999999/").status_code == 404


def test_the_pdf_is_made_from_the_masked_text(visit, published):
    response = visit(None, f"{published.get_absolute_url()}beslut.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    again = visit(None, f"{published.get_absolute_url()}beslut.pdf", headers={"If-None-Match": response["ETag"]})
    assert again.status_code in (200, 304)


def test_the_data_has_links_with_types_and_the_points_as_they_stand(visit, published):
    found = json.loads(text(visit(None, f"{published.get_absolute_url()}beslut.json")))
    assert found["register_number"] == published.register_number
    assert [point["state"] for point in found["points"]] == ["open", "open"]
    assert {(one["title"], one["type"]) for one in found["documents"]} >= {("400-2011:6497", "mentioned")}
    assert found["facts"]["organiser"]["number"] == "2120009991"
