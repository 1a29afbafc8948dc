"""A rating in a real browser, by the people whose work it is: lead, two inspectors, organiser, press officer, public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.browser.conftest import follow
from tests.site.addresses_ratings import closed_round, outcome

from likvard.site.people.models import Membership, User
from likvard.site.ratings.actions import marking, reply, rounds, settling
from likvard.site.ratings.actions.marking import Given
from likvard.site.ratings.drawing import Rule
from likvard.site.ratings.models import Outcome, Rating, Round
from likvard.site.ratings.rubrics import asked
from likvard.site.ratings.states import Part

pytestmark = pytest.mark.browser


@pytest.fixture
def second(cast: Any, now: Any) -> User:
    """A second inspector."""
    made = User.objects.create_user("ivar@example.se", "ett-par-gröna-stövlar-7", name="Ivar Inspektör")
    Membership.objects.create(user=made, role="inspector", start=date(2023, 8, 1), given_at=now)
    return made


@pytest.fixture
def clean(faults: Any) -> Any:
    """Fail if axe, or a look at the page, finds anything wrong."""

    def look(page: Page) -> None:
        assert faults(page) == [], page.url

    return look


def pressed(page: Page, label: str) -> None:
    follow(page.locator("main").get_by_role("button", name=label, exact=True))


def went(page: Page, label: str) -> None:
    follow(page.locator("main").get_by_role("link", name=label).first)


def marks_the_rest(page: Page, level: int, look: Any) -> None:
    """Mark the first criterion of the open sheet, with grounds and evidence, and hand it in; the others are marked already."""
    went(page, "Öppna din bedömning")
    look(page)
    follow(page.locator(".tasks a").first)
    page.locator("input[name=level]").nth(level).check()
    page.fill("textarea[name=grounds]", "Behoven är kända på fyra av sex enheter.")
    pressed(page, "Spara")
    look(page)
    went(page, "Lägg till underlag")
    page.fill("input[name=title]", "Kvalitetsrapport")
    page.fill("input[name=place]", "s. 4")
    look(page)
    pressed(page, "Lägg till")
    went(page, "Tillbaka till bedömningen")
    pressed(page, "Lämna in")


def marked_before(rating: Rating, who: User, now: Any) -> None:
    """Every criterion but the first, marked alike."""
    given = {code: Given(1, "Skäl", evidence=(("Rapport", "s. 3"),)) for code in list(asked(rating))[1:]}
    marking.fill_in(rating=rating, given=given, by=who, at=now)


def test_a_round_from_the_draw_to_the_organisers_reply(
    visit: Any, cast: Any, second: User, clean: Any, now: Any
) -> None:
    lead = visit("/bedomning/", reader=cast.lea)
    went(lead, "Gör en omgång")
    clean(lead)
    for name, value in {
        "name": "Höstens omgång",
        "rubric_on_day": "2025-11-01",
        "seed": "4 8 15",
        "seed_from": "En lottodragning",
    }.items():
        lead.fill(f"[name={name}]", value)
    pressed(lead, "Gör omgången och lotta")
    expect(lead.locator("main")).to_contain_text("2 lottade av 2")
    clean(lead)
    went(lead, "Fördela huvudmännen")
    for name in ("Ines Inspektör", "Ivar Inspektör"):
        lead.get_by_label(name).check()
    clean(lead)
    pressed(lead, "Fördela")
    went(lead, "Öppna omgången")
    lead.fill("textarea[name=reason]", "Enligt planen")
    pressed(lead, "Öppna omgången")
    rating = Rating.objects.get(organiser="2120009991")
    for who, level in ((cast.ines, 1), (second, 0)):
        marked_before(rating, who, now)
        page = visit("/bedomning/", reader=who)
        clean(page)
        went(page, "Ekviks kommun")
        clean(page)
        marks_the_rest(page, level, clean)
    expect(page.locator("main")).to_contain_text("Ni tycker olika om ett kriterium.")
    clean(page)
    follow(page.locator("main").get_by_role("link", name="Avgör").first)
    clean(page)
    page.locator("input[name=level]").nth(1).check()
    page.fill("textarea[name=grounds]", "Vi läste underlaget igen.")
    pressed(page, "Avgör")
    pressed(page, "Skicka till huvudmannen")
    for code in list(asked(rating))[2:]:
        reply.say(rating=rating, criterion=code, agrees=True, text="", evidence="", by=cast.kim, at=now)
    replies(visit("/bedomning/svar/", reader=cast.harald), clean)
    rating.refresh_from_db()
    assert rating.state == "answering"


def replies(page: Page, clean: Any) -> None:
    """The organiser does not agree with the first, agrees with the second, and hands in; the rest is said already."""
    clean(page)
    went(page, "Höstens omgång")
    clean(page)
    follow(page.locator(".tasks a").first)
    clean(page)
    page.get_by_label("Nej, vi håller inte med").check()
    pressed(page, "Spara")
    expect(page.locator("main")).to_contain_text("Säg vad som är fel eller saknas.")
    clean(page)
    page.fill("textarea[name=text]", "Vi har en ny rutin.")
    pressed(page, "Spara")
    follow(page.locator(".tasks a").nth(1))
    page.get_by_label("Ja, vi håller med").check()
    pressed(page, "Spara")
    went(page, "Läs igenom och lämna in")
    clean(page)
    pressed(page, "Lämna in")
    expect(page.locator("main")).to_contain_text("Kvitto")
    clean(page)


@pytest.fixture
def changed(cast: Any, second: User, places: Any, now: Any) -> Rating:
    """Ekvik's rating, of which Lea has settled an audit by a second lead that changed one level."""
    lars = User.objects.create_user("lars@example.se", "ett-par-gröna-stövlar-7", name="Lars Ledare")
    Membership.objects.create(user=lars, role="lead_inspector", start=date(2023, 8, 1), given_at=now)
    made = rounds.make_round(
        name="Höstens omgång", rubric_on_day=now.date(), rule=Rule(seed="1"), seed_from="En lottodragning", measure="",
        publication=None, by=cast.lea, at=now, audit_share=100,
    )  # fmt: skip
    rounds.share_out(round=made, markers=[cast.ines, second], by=cast.lea, at=now)
    rounds.open_round(round=made, reason="Plan", by=cast.lea, at=now)
    for rating in made.ratings.all():
        for sheet in rating.sheets.order_by("part"):
            marks_all(rating, sheet.marker, now)
        settling.send(rating=rating, by=cast.ines, at=now)
        settling.go_on(rating=rating, by=cast.ines, at=now + timedelta(days=30))
    rounds.draw_audit(round=made, by=cast.lea, at=now)
    rating = made.ratings.get(organiser=places.ekvik)
    rounds.hand_out(rating=rating, marker=lars, part=Part.AUDIT, by=cast.lea, at=now)
    marks_all(rating, lars, now, support=2)
    decided = {"support": (2, "Stödet finns på alla skolor sedan i våras.")}
    return settling.settle_audit(rating=rating, decided=decided, by=cast.lea, at=now)


def marks_all(rating: Rating, who: User, now: Any, **levels: int) -> None:
    """A whole sheet, handed in."""
    given = {
        code: Given(levels.get(code, 1), "Skäl", evidence=(("Ny rapport" if levels else "Rapport", "s. 3"),))
        for code in asked(rating)
    }
    marking.fill_in(rating=rating, given=given, by=who, at=now)
    marking.hand_in(rating=rating, by=who, at=now)


@pytest.mark.parametrize(
    ("language", "says"), [("sv", "En granskning har ändrat en nivå."), ("en", "An audit changed one level.")]
)
def test_an_organiser_replies_to_what_an_audit_changed(
    visit: Any, cast: Any, changed: Rating, clean: Any, language: str, says: str
) -> None:
    page = visit(f"/bedomning/svar/{changed.pk}/", reader=cast.harald, language=language, width=390)
    expect(page.locator("main")).to_contain_text(says)
    expect(page.locator("main")).to_contain_text("Stödet finns på alla skolor sedan i våras.")
    expect(page.locator(".tasks a")).to_have_count(1)
    clean(page)
    follow(page.locator(".tasks a"))
    page.locator("input[name=agrees]").nth(1).check()
    page.fill("textarea[name=text]", "Inte på alla.")
    follow(page.locator("main form button[type=submit]"))
    clean(page)
    lead = visit(reverse("rating", args=[changed.pk]), reader=cast.lea, language=language)
    clean(lead)


@pytest.fixture
def closed(cast: Any, places: Any, now: Any) -> Round:
    """A closed round with what it came to."""
    made = closed_round(cast.lea, now)
    Outcome.objects.create(round=made, data=outcome(), marks="1" * 64, software="likvard", at=now, by=cast.lea)
    return made


def test_a_report_is_written_read_again_published_and_corrected(
    visit: Any, cast: Any, closed: Round, clean: Any
) -> None:
    lead = visit(f"/bedomning/omgang/{closed.pk}/rapport/", reader=cast.lea)
    for name, value in {
        "title": "Hur går det?",
        "lead": "En av tre.",
        "body": "Texten.",
        "title_en": "How?",
        "lead_en": "One.",
    }.items():
        lead.fill(f"[name={name}]", value)
    clean(lead)
    pressed(lead, "Spara texten")
    lead.goto(lead.url.split("/bedomning/")[0] + f"/bedomning/rapport/{closed.report.pk}/")
    clean(lead)
    went(lead, "Skicka till en andra läsare")
    pressed(lead, "Skicka till en andra läsare")
    expect(lead.locator("main")).to_contain_text("det behövs en andra person")
    press = visit(f"/bedomning/rapport/{closed.report.pk}/", reader=cast.petra)
    went(press, "Publicera nu")
    pressed(press, "Publicera nu")
    everybody = visit("/nationell-rapport/")
    went(everybody, "Hur går det?")
    clean(everybody)
    expect(everybody.locator("main")).to_contain_text("Metod och tvivel")
    lead.reload()
    went(lead, "Förbered en rättelse")
    lead.fill("textarea[name=reason]", "En andel var fel.")
    pressed(lead, "Förbered en rättelse")
    went(lead, "Skicka till en andra läsare")
    pressed(lead, "Skicka till en andra läsare")
    press.reload()
    went(press, "Publicera rättelsen nu")
    pressed(press, "Publicera rättelsen nu")
    for language, said in (("sv", "Rättat"), ("en", "Corrected")):
        page = visit(f"/nationell-rapport/{closed.report.slug}/", language=language, width=390)
        expect(page.locator("main")).to_contain_text(said)
        expect(page.locator("main")).to_contain_text("En andel var fel.")
        clean(page)


def test_the_lead_sees_how_far_a_round_has_come_in_english_without_a_script(
    visit: Any, cast: Any, second: User, now: Any
) -> None:
    made = rounds.make_round(
        name="Round", rubric_on_day=now.date() - timedelta(days=1), rule=Rule(seed="1"), seed_from="A draw", measure="",
        publication=None, by=cast.lea, at=now,
    )  # fmt: skip
    page = visit(f"/bedomning/omgang/{made.pk}/", reader=cast.lea, language="en", script=False)
    expect(page.locator("main")).to_contain_text("Two organisers do not have two markers yet.")
