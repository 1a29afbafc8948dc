"""Letters to whoever follows something: asked for, confirmed, sent once, ended with one click, forgotten."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from tests.site.newsroom.conftest import AT, CANARY

from likvard.site.audit.models import Event
from likvard.site.cases import outbox
from likvard.site.cases.actions.issuing import happen
from likvard.site.cases.models import IssuedHappening, Outgoing
from likvard.site.newsroom import actions, letters
from likvard.site.newsroom.actions import following, mailing
from likvard.site.newsroom.models import News, Subscription, Tally
from likvard.site.newsroom.topics import REGISTER, Topic

pytestmark = pytest.mark.django_db
HERE = "https://beslut.example.se"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BEFORE, AFTER = AT - DAY, AT + MINUTE


@pytest.fixture
def follower():
    """Somebody who has confirmed, the day before the decision is published."""

    def make(email="a@example.org", topic=str(REGISTER), frequency="at_once", language="sv", at=BEFORE):
        made = Subscription.objects.create(
            email=email, topic=topic, frequency=frequency, language=language, asked_at=at
        )
        return following.confirm(subscription=made, at=at)

    return make


def write(at=AFTER):
    return mailing.write_letters(at, HERE)


def received():
    return list(Outgoing.objects.order_by("id").values_list("to", flat=True))


def url_in(letter, kind):
    return re.search(rf"/folj/{kind}/[^/\s]+/", letter.body)[0]


class TestAsking:
    @pytest.fixture(autouse=True)
    def _counts(self, settings):
        call_command("createcachetable")
        cache.clear()
        settings.BASE_URL = HERE

    def ask(self, client, email="a@example.org", topic="register:", **more):
        return client.post(f"/folj/?vad={topic}", {"email": email, "frequency": "at_once", **more})

    def test_an_address_is_confirmed_by_a_button_behind_the_link_in_a_letter(self, client, now):
        assert self.ask(client)["Location"] == "/folj/skickat/"
        [letter] = Outgoing.objects.all()
        page = url_in(letter, "bekrafta")
        assert client.get(page).status_code == 200
        assert not Subscription.objects.live().exists()  # a program that looks for viruses has opened the link
        client.post(page)
        assert Subscription.objects.live().get().email == "a@example.org"

    def test_the_answer_is_the_same_whether_the_address_is_known_or_not(self, client, follower):
        follower()
        known, unknown = self.ask(client), self.ask(client, "b@example.org")
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert Outgoing.objects.count() == 2
        assert "/folj/mina/" in Outgoing.objects.get(to="a@example.org").body

    def test_nobody_is_flooded_by_somebody_else(self, client):
        for n in range(9):
            assert self.ask(client, topic="register:" if n % 2 else "area:unit.support").status_code == 302
        assert Outgoing.objects.count() == 5

    def test_from_one_network_there_are_so_many_tries_an_hour(self, client):
        codes = [self.ask(client, f"{n}@example.org").status_code for n in range(21)]
        assert codes == [302] * 20 + [429]

    def test_the_link_works_for_48_hours(self, client, now, follower):
        made = Subscription.objects.create(email="a@example.org", topic="register:", asked_at=now - 2 * DAY)
        assert following.may_be_confirmed(made, now)
        assert not following.may_be_confirmed(made, now + MINUTE)
        old = letters.signed(letters.CONFIRM, [made.pk])
        assert client.get(f"/folj/bekrafta/{old}/").status_code == 404  # the real clock is long past

    @pytest.mark.parametrize("topic", ["unit:1", "nothing:", "area:no.such", "organiser:0000000000", "x" * 300])
    def test_what_is_not_there_cannot_be_followed(self, client, topic):
        assert client.get(f"/folj/?vad={topic}").status_code == 404

    def test_the_page_names_what_is_followed(self, client, places):
        page = client.get(f"/folj/?vad=unit:{places.björk.pk}&sprak=en").content.decode()
        assert "Björkskolan" in page

    def test_an_address_that_is_none_is_told_so(self, client):
        assert self.ask(client, "a at example").status_code == 200
        assert not Subscription.objects.exists()


class TestNews:
    def test_what_is_published_is_told_once(self, follower, published):
        follower()
        assert [write(), write(), write(AFTER + DAY)] == [1, 0, 0]
        [letter] = Outgoing.objects.all()
        assert letter.subject == "Beslut för Björkskolan efter planerad tillsyn"
        assert f"{HERE}{published.get_absolute_url()}" in letter.body
        assert CANARY not in letter.body

    @pytest.mark.parametrize(
        "topic",
        [
            "register:",
            "organiser:2120009991",
            "unit:90000001",
            "municipality:9999",
            "area:unit.support",
            "tag:trygghet",
        ],
    )
    def test_it_is_found_under_each_of_its_topics(self, follower, prepared, publish, topic):
        prepared.tags.add(actions.tag("trygghet"))
        publish(prepared)
        follower(topic=topic)
        follower("b@example.org", topic="organiser:5560009995")
        write()
        assert received() == ["a@example.org"]

    def test_the_case_can_be_followed(self, follower, published):
        number = published.register_number.replace(" ", "-").replace(":", "-")
        follower(topic=str(Topic.parse(f"case:{number}")))
        assert write() == 1

    def test_one_letter_comes_to_whoever_follows_it_in_two_ways(self, follower, published):
        follower()
        follower(topic="unit:90000001")
        assert write() == 1
        assert "alla beslut" in Outgoing.objects.get().body
        assert "Björkskolan" in Outgoing.objects.get().body

    def test_whoever_confirms_afterwards_is_not_told_of_it(self, follower, published):
        follower(at=AT + MINUTE)
        assert write(AT + 2 * MINUTE) == 0

    def test_nobody_is_told_of_a_draft(self, follower, prepared):
        follower()
        assert write() == 0

    def test_nobody_is_told_of_what_was_withdrawn_before_the_letters_were_written(self, follower, published, cast):
        follower()
        actions.move(publication=published, code="withdraw", by=cast.petra, at=AT, reason="Ett namn stod kvar.")
        write()
        bodies = [letter.body for letter in Outgoing.objects.all()]
        assert len(bodies) == 1
        assert published.title not in bodies[0]
        assert "Tillbakadraget 30" in bodies[0]

    def test_a_correction_is_news(self, follower, published, publish, cast):
        follower()
        write()
        actions.move(publication=published, code="correct", by=cast.petra, at=AT + DAY, reason="Fel datum.")
        publish(published, AT + DAY)
        assert write(AT + DAY) == 1

    def test_the_letter_has_the_title_that_everybody_reads_not_the_one_being_prepared(self, follower, published, cast):
        follower()
        actions.move(publication=published, code="correct", by=cast.petra, at=AT, reason="Fel.")
        actions.describe(publication=published, title="Ny rubrik", slug=published.slug, tags=[], by=cast.petra, at=AT)
        write()
        assert Outgoing.objects.get().subject == "Beslut för Björkskolan efter planerad tillsyn"


class TestHappenings:
    def happen(self, published, cast, at, what="reported", text="Hemligt innan det släppts"):
        return happen(
            issued=published.issued, what=what, by=cast.ines, role="inspector", at=at, text=text,
            point=published.issued.points.first(),
        )  # fmt: skip

    def test_what_happens_to_a_published_decision_is_told_by_kind_and_day_never_by_its_words(
        self, follower, published, cast
    ):
        follower()
        write()
        self.happen(published, cast, AT + DAY)
        assert [write(AT + DAY + MINUTE), write(AT + 2 * DAY)] == [1, 0]
        assert "Hemligt" not in Outgoing.objects.last().body

    def test_what_happened_before_it_was_published_is_no_news(self, follower, prepared, publish, cast):
        follower()
        self.happen(prepared, cast, AT - MINUTE)
        publish(prepared)
        assert write() == 1
        assert not News.objects.filter(what="happened").exists()

    def test_one_that_comes_into_sight_after_a_later_one_is_not_passed_over(self, follower, published, cast):
        """Two transactions that end in another order than they began: the mark waits for the first."""
        follower()
        first = self.happen(published, cast, AT + DAY)
        IssuedHappening.objects.filter(pk=first.pk).delete()  # its transaction has not ended
        self.happen(published, cast, AT + DAY)
        write(AT + DAY + MINUTE)
        first.save(force_insert=True)
        write(AT + DAY + 2 * MINUTE)
        assert News.objects.filter(what="happened").count() == 2

    def test_the_mark_moves_past_what_is_settled(self, published, cast):
        made = self.happen(published, cast, AT + DAY)
        write(AT + DAY + MINUTE)
        assert Tally.objects.get(name="happenings").value < made.pk
        write(AT + 2 * DAY)
        assert Tally.objects.get(name="happenings").value == made.pk


class TestRounds:
    def test_a_daily_letter_holds_all_of_the_day(self, follower, prepared, publish, issued, places, cast):
        follower(frequency="daily", at=AT - 3 * DAY)
        assert write(AT - MINUTE) == 0  # the round of the day: there is nothing yet
        publish(prepared)
        publish(actions.prepare(issued=issued(place=places.gran), by=cast.petra, at=AT))
        assert [write(), write(AT + DAY), write(AT + DAY + MINUTE)] == [0, 1, 0]
        body = Outgoing.objects.get().body
        assert "Björkskolan" in body
        assert "Granskolan" in body

    def test_a_weekly_letter_comes_on_monday(self, follower, prepared, publish):
        follower(frequency="weekly", at=AT - 10 * DAY)
        write(AT - MINUTE)
        publish(prepared)
        assert [n for n in range(9) if write(AT + n * DAY)] == [5]  # AT is a Wednesday

    def test_what_waits_for_a_round_is_sent_when_letters_are_wanted_at_once(self, follower, published):
        held = follower(frequency="weekly")
        write()
        mailing.change_frequency(subscription=held, frequency="at_once", at=AFTER, address=HERE)
        assert received() == ["a@example.org"]
        assert write(AT + 8 * DAY) == 0

    def test_nothing_is_told_twice_when_letters_are_wanted_less_often(self, follower, published):
        held = follower()
        write()
        mailing.change_frequency(subscription=held, frequency="daily", at=AFTER, address=HERE)
        assert write(AT + 2 * DAY) == 0

    def test_a_round_that_was_interrupted_goes_on_to_where_it_was_going(
        self, follower, prepared, publish, monkeypatch, issued, places, cast
    ):
        monkeypatch.setattr(mailing, "ADDRESSES", 1)
        for name in "abc":
            follower(f"{name}@example.org", frequency="daily", at=AT - 3 * DAY)
        write(AT - MINUTE)
        publish(prepared)
        post = following.post
        monkeypatch.setattr(following, "post", lambda to, *rest: post(to, *rest) if to[0] < "b" else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write(AT + DAY)
        assert received() == ["a@example.org"]
        monkeypatch.setattr(following, "post", post)
        publish(actions.prepare(issued=issued(place=places.gran), by=cast.petra, at=AT + DAY), AT + DAY)
        write(AT + DAY + MINUTE)
        assert received() == ["a@example.org", "b@example.org", "c@example.org"]
        assert "Granskolan" not in Outgoing.objects.last().body


class TestEnding:
    def test_one_click_in_a_mail_program_ends_it_and_erases_the_address(self, follower, published):
        held = follower()
        write()
        [letter] = Outgoing.objects.all()
        assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = letter.headers["List-Unsubscribe"].strip("<>").removeprefix(HERE)
        strict = Client(enforce_csrf_checks=True)
        assert strict.get(path).status_code == 200
        assert Subscription.objects.live().exists()
        assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        held.refresh_from_db()
        assert (held.email, held.is_live) == ("", False)
        assert not Outgoing.objects.filter(to="a@example.org").exists()  # what waited in the outbox is not sent
        assert strict.post(path).status_code == 200

    def test_a_link_for_one_thing_opens_no_other(self, client, follower):
        held = follower()
        for purpose, path in ((letters.CONFIRM, "mina"), (letters.OWN, "avsluta"), (letters.END, "bekrafta")):
            assert client.post(f"/folj/{path}/{letters.signed(purpose, [held.pk])}/").status_code == 404
        assert client.post(f"/folj/avsluta/{held.pk}:forged/").status_code == 404

    def test_the_link_in_a_letter_shows_all_that_the_address_follows_and_no_address(self, client, follower):
        held = follower()
        follower(topic="area:unit.support")
        follower("b@example.org")
        page = client.get(f"/folj/mina/{letters.signed(letters.OWN, [held.pk])}/").content.decode()
        assert page.count('class="panel') == 2
        assert "a@example.org" not in page

    def test_how_often_is_changed_there_and_only_of_ones_own(self, client, follower):
        held, other = follower(), follower("b@example.org")
        path = f"/folj/mina/{letters.signed(letters.OWN, [held.pk])}/"
        for one in (held, other):
            client.post(path, {"subscription": one.pk, "frequency": "weekly"})
        assert set(Subscription.objects.values_list("email", "frequency")) == {
            ("a@example.org", "weekly"),
            ("b@example.org", "at_once"),
        }

    def test_what_is_not_needed_is_forgotten(self, follower, published, now):
        Subscription.objects.create(email="never@example.org", topic="register:", asked_at=AT - 8 * DAY)
        follower()
        write()
        Outgoing.objects.update(state="sent", sent_at=AT)
        assert following.forget(AT + DAY) == 1
        assert following.forget(AT + 9 * DAY) == 1
        assert not Outgoing.objects.exists()
        assert Subscription.objects.get().email == "a@example.org"

    def test_an_address_that_the_server_refuses_for_good_is_written_to_no_more(self, follower, published):
        follower()
        write()
        Outgoing.objects.update(state="failed", error=f"{outbox.RECEIVER_REFUSED}: 550")
        following.forget(AT + DAY)
        assert not Subscription.objects.live().exists()
        assert not Outgoing.objects.exists()

    def test_no_address_is_ever_in_the_audit_chain(self, follower, published, client):
        held = follower()
        write()
        following.end(subscriptions=[held], at=AT)
        with transaction.atomic():
            assert not [event for event in Event.objects.all() if "example.org" in f"{event.data}{event.reason}"]
