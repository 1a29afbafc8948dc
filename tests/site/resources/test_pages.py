"""The pages of a round: what each says, that they work without a script, and that every way to share has an address."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from likvard.allocation.round import Rule
from likvard.site import published
from likvard.site.resources import actions, weighed
from likvard.site.resources.models import Round
from likvard.site.writing.text import from_data, plain_text

pytestmark = pytest.mark.django_db
HOME = "/resurser/2120009991/"
ROUND = f"{HOME}2026/"


def text(answer) -> str:
    """What a page says, without its markup."""
    page = re.sub(r"(?s)<(script|style).*?</\1>", "", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


class TestTheRound:
    def test_it_shows_money_against_need_with_every_crown_accounted_for(self, draft, cast, enter):
        said = text(enter(cast.anna).get(ROUND))
        assert "Följer pengarna behoven?" in said
        assert "Summa" in said
        assert "152 000 000" in said
        assert "Lärkskolan fristående" in said

    def test_its_opening_names_need_that_gets_nothing_extra_and_what_is_too_old(self, draft, cast, enter):
        said = text(enter(cast.anna).get(ROUND))
        assert "En skola har högre behov än snittet men får inte mer per elev." in said
        assert "Det äldsta underlaget, vårdnadshavares utbildning, är 47 månader gammalt. Gränsen är 24." in said

    def test_it_tells_how_closely_money_follows_need_and_how_far_pupils_have_drifted(self, draft, cast, enter):
        said = text(enter(cast.anna).get(ROUND))
        assert "Samstämmighet 1: samma ordning" in said
        assert "Eleverna skiljer sig från dem som modellen bygger på (skillnad 0,12, gräns 0,1)." in said
        assert "Vad varje skola kunde få" in said

    def test_schools_stand_by_area_and_name_and_never_by_money(self, draft, cast, enter):
        page = enter(cast.anna).get(ROUND).content.decode()
        names = re.findall(r'<th scope="row"><a href="/skolor/\d+/">(.*?)</a>', page)
        assert names == [
            "Lärkskolan",
            "Björkskolan",
            "Alskolan",
            "Ekskolan",
            "Granskolan",
            "Hasselskolan",
            "Lindskolan",
        ]

    def test_it_tells_what_moves_with_the_index_of_earlier_years(self, draft, cast, enter):
        version = draft.newest
        version.facts = {**version.facts, "earlier": {"2022": {"90000001": 90.0, "90000002": 90.0}}}
        version.save()
        said = text(enter(cast.anna).get(ROUND))
        assert "Indexet från 2022" in said
        assert "Lägsta index" in said

    def test_it_tells_what_moves_with_another_model_where_one_was_published(self, draft, cast, enter):
        assert "jämförs inom samma skola" not in text(enter(cast.anna).get(ROUND))
        version = draft.newest
        version.facts = {**version.facts, "other_model": {"90000001": 90.0, "90000002": 90.0}}
        version.save()
        said = text(enter(cast.anna).get(ROUND))
        assert "Indexet där elever jämförs inom samma skola" in said

    def test_what_is_decided_is_not_called_a_proposal(self, decided, enter):
        said = text(enter(None).get(ROUND))
        assert "enligt beslutet" in said
        assert "år 2025" in said
        assert "förslag" not in said.lower()
        assert "Hur färska var uppgifterna vid beslutet?" in said

    def test_a_need_that_is_hidden_stands_as_too_few_pupils(self, draft, cast, enter):
        page = enter(cast.anna).get(ROUND).content.decode()
        row = re.search(r"<tr><th scope=\"row\"><a href=\"/skolor/90000013/\">.*?</tr>", page)[0]
        assert '<td class="n">..</td>' in row

    def test_the_table_pane_holds_the_same_schools(self, draft, cast, enter):
        said = text(enter(cast.anna).get(ROUND, {"visa": "table"}))
        assert "Behov och kronor per elev, skola för skola" in said

    def test_an_earlier_draft_has_its_own_address(self, draft, taken, cast, enter, now):
        actions.make_version(
            round=draft, rule=Rule(frame=152_000_000, share=0.0), taken=taken, why="Noll", by=cast.kim, at=now
        )
        assert "utkast 1" in text(enter(cast.anna).get(f"{ROUND}utkast/1/"))
        assert enter(cast.anna).get(f"{ROUND}utkast/7/").status_code == 404

    def test_in_english_the_same_page_says_the_same(self, draft, cast, enter):
        client = enter(cast.anna)
        client.cookies["language"] = "en"
        said = text(client.get(ROUND, {"sprak": "en"}, follow=True))
        assert "Does money follow need?" in said
        assert "Who gets more, who gets less?" in said


class TestTheRoundsOfAnOrganiser:
    def test_need_that_gets_nothing_extra_now_comes_up_by_itself(self, publication, enter):
        said = text(enter(None).get(HOME))
        assert "En skola har högre behov än snittet men får inte mer per elev." in said
        assert "Ekskolan : behov 164, 66 000 kronor per elev" in said
        assert "Hasselskolan : " not in said  # it gets more than the mean
        assert "Kronor per elev 2025 mot behov" in said

    def test_each_round_tells_how_much_it_shares_among_how_many(self, decided, enter):
        for page in (HOME, "/resurser/"):
            assert "152,0 miljoner kronor till 7 skolor" in text(enter(None).get(page))


class TestTryingAnotherWay:
    @staticmethod
    def wish(**more) -> dict[str, str]:
        return {"andel": "20", "hogst": "5", "ram": "152000000", "golv": "", "topp": "", "index": "model", **more}

    def test_a_wish_is_an_address_and_changes_nothing(self, draft, cast, enter):
        said = text(enter(cast.anna).get(f"{ROUND}prova/", self.wish()))
        assert "20 % fördelas efter behov" in said
        assert draft.versions.count() == 1

    def test_it_says_what_it_moves_against_the_draft_in_words_and_for_every_school(self, draft, cast, enter):
        said = text(enter(cast.anna).get(f"{ROUND}prova/", self.wish()))
        assert "byter skola mot utkastet. Mest per elev ändras" in said
        assert "Mot utkastet, tkr" in said
        assert "med försöket" in said
        assert "med förslaget" not in said

    def test_while_a_slider_is_turned_the_answer_stands_beside_it_too(self, draft, cast, enter):
        def beside(**more) -> str:
            page = enter(cast.anna).get(f"{ROUND}prova/", self.wish(**more), headers={"HX-Request": "true"})
            return re.search(r'(?s)<p id="said" class="said" role="status">(.*?)</p>', page.content.decode())[1]

        assert "byter skola" in beside()
        assert "Det fattas" in beside(ram="100000000", hogst="3")
        page = enter(cast.anna).get(f"{ROUND}prova/", self.wish()).content.decode()
        assert '<p id="said" class="said" role="status"></p>' in page

    def test_what_is_impossible_is_said_before_the_form(self, draft, cast, enter):
        page = enter(cast.anna).get(f"{ROUND}prova/", self.wish(ram="100000000", hogst="3")).content.decode()
        assert page.index('class="alert"') < page.index('class="box trying"')
        page = enter(cast.anna).get(f"{ROUND}prova/", self.wish()).content.decode()
        assert page.index('class="box trying"') < page.index('id="wish"')

    def test_an_address_with_one_choice_or_none_of_the_forms_own_is_whole(self, draft, cast, enter):
        for address, share in (({"andel": "20"}, "20 %"), ({"sprak": "sv"}, "15 %"), ({}, "15 %")):
            said = text(enter(cast.anna).get(f"{ROUND}prova/", address))
            assert f"{share} fördelas efter behov" in said
            assert "behöver rättas" not in said

    def test_a_base_amount_can_be_tried_instead_of_a_frame_but_not_beside_one(self, draft, cast, enter):
        # 2 193 pupils: 60 000 each are 131.58 million, four fifths of the frame when a fifth is shared by need.
        wish = self.wish(ram="", grund="60000", hogst="50")
        said = text(enter(cast.anna).get(f"{ROUND}prova/", wish))
        assert "Grundbeloppet är 60 000 kronor per elev" in said
        assert "Ramen är 164 475 000 kronor" in said
        both = text(enter(cast.anna).get(f"{ROUND}prova/", {**wish, "ram": "152000000"}))
        assert "Regeln ska ha antingen en ram eller ett grundbelopp. Ange det ena." in both

    def test_a_wish_reads_neither_the_memorandum_nor_the_grounds_again_for_each_school(self, decided, enter):
        # Both are long; read for each school they took six sevenths of the answer's time.
        with CaptureQueriesContext(connection) as asked:
            enter(None).get(f"{ROUND}prova/", {"andel": "20"})
        of_schools = [one["sql"] for one in asked if 'FROM "resources_share"' in one["sql"]]
        assert of_schools
        assert not [sql for sql in of_schools if '"facts"' in sql]
        assert not [one["sql"] for one in asked if '"resources_round"."memo"' in one["sql"]]

    def test_an_impossible_wish_says_by_how_much_and_what_to_do(self, draft, cast, enter):
        said = text(enter(cast.anna).get(f"{ROUND}prova/", self.wish(ram="100000000")))
        assert "Det fattas" in said
        assert "Höj den högsta ändringen" in said

    def test_what_is_no_number_is_said_at_the_question(self, draft, cast, enter):
        said = text(enter(cast.anna).get(f"{ROUND}prova/", self.wish(andel="mycket")))
        assert "Andel som fördelas efter behov, procent: " in said

    def test_the_other_index_can_be_tried(self, draft, cast, enter):
        said = text(enter(cast.anna).get(f"{ROUND}prova/", self.wish(index="stated")))
        assert "Behovet är statistikmyndighetens index" in said

    def test_newer_figures_can_be_tried(self, draft, later, cast, enter, monkeypatch):
        monkeypatch.setattr(published, "current", lambda: later)
        said = text(enter(cast.anna).get(f"{ROUND}prova/", self.wish(uppgifter="nya", hogst="10")))
        assert "uppgifter från 2024" in said

    def test_an_analyst_tries_and_a_quality_manager_keeps(self, draft, cast, enter):
        address = f"{ROUND}prova/?{urlencode(self.wish())}"
        assert "Spara som nästa utkast" not in text(enter(cast.anna).get(address))
        assert enter(cast.anna).post(address, {"why": "Prov", "shown": "1"}).status_code == 403
        answer = enter(cast.kim).post(address, {"why": "Nämnden vill se 20 procent", "shown": "1"})
        assert answer.status_code == 302
        assert draft.newest.rule.share == 0.2


class TestReasons:
    def test_a_principal_reads_every_schools_reason_and_gives_a_view(self, heard, cast, enter):
        client = enter(cast.rut)
        said = text(client.get(f"{ROUND}skal/"))
        assert said.index("Björkskolan") < said.index("Ekskolan")
        assert all(name in said for name in heard.newest.shares.values_list("name", flat=True))
        client.post(f"{ROUND}skal/90000001/", {"text": "Vi har fler elever i höst."})
        assert "Vi har fler elever i höst." in text(client.get(f"{ROUND}skal/"))

    def test_an_independent_school_speaks_for_itself_and_for_nobody_else(self, heard, cast, enter):
        client = enter(cast.other_harald)
        assert client.get(f"{ROUND}skal/90000005/").status_code == 200
        assert client.get(f"{ROUND}skal/90000001/").status_code == 403

    def test_what_one_school_said_is_not_open_to_another(self, heard, cast, enter, places, now):
        actions.give_view(round=heard, unit=places.björk, text="Mellan oss", by=cast.rut, at=now)
        assert "Mellan oss" not in text(enter(cast.other_harald).get(f"{ROUND}skal/"))
        assert "Mellan oss" in text(enter(cast.anna).get(f"{ROUND}synpunkter/"))
        assert enter(cast.rut).get(f"{ROUND}synpunkter/").status_code == 403


class TestADecidedRound:
    def test_everybody_reads_who_decided_and_why(self, decided, enter):
        said = text(enter(None).get(ROUND))
        assert "beslutat av Harald Huvudman" in said
        assert "Pengarna ska följa behoven." in said
        assert "Utkasten" not in said
        assert enter(None).get(f"{ROUND}utkast/1/").status_code == 302

    def test_what_schools_wrote_is_in_no_public_answer(self, heard, cast, places, enter, now, after):
        view = actions.give_view(round=heard, unit=places.björk, text="En elev heter Kanarie", by=cast.rut, at=now)
        actions.answer(view=view, text="Vi räknar om i mars.", by=cast.kim, at=now)
        actions.decide(round=heard, reason="Ja.", by=cast.harald, at=after)
        client = enter(None)
        for page in ("", "skal/", "fordelning.csv", "fordelning.json", "prova/"):
            assert b"Kanarie" not in client.get(f"{ROUND}{page}").content
        assert "Kanarie" not in plain_text(from_data(Round.objects.get(pk=heard.pk).memo["sv"]))
        assert "Vi räknar om i mars." in plain_text(from_data(Round.objects.get(pk=heard.pk).memo["sv"]))

    def test_the_files_hold_what_the_page_holds(self, decided, enter):
        client = enter(None)
        rows = list(csv.DictReader(io.StringIO(client.get(f"{ROUND}fordelning.csv").content.decode())))
        assert sum(int(row["crowns"]) for row in rows) == 152_000_000
        found = json.loads(client.get(f"{ROUND}fordelning.json").content)
        assert found["fingerprint"] == decided.fingerprint
        assert found["decided_by"] == "Harald Huvudman"
        assert [row["unit"] for row in rows] == [row["unit"] for row in found["units"]]

    def test_the_memorandum_is_a_tagged_pdf_that_is_the_same_each_time(self, decided, enter):
        client = enter(None)
        first = client.get(f"{ROUND}pm.pdf").content
        assert first.startswith(b"%PDF-")
        assert client.get(f"{ROUND}pm.pdf").content == first

    def test_it_stands_in_the_lists(self, decided, enter):
        client = enter(None)
        assert "Ekviks kommun: 2026" in text(client.get("/resurser/"))
        assert "beslutat av Harald Huvudman" in text(client.get(HOME))


class TestTheOrganisersPage:
    def test_a_round_that_is_not_open_to_the_reader_stands_in_no_list(self, heard, cast, enter):
        for who, listed in ((None, False), (cast.olle, False), (cast.other_harald, True), (cast.rut, True)):
            assert ("2026, Grundskola" in text(enter(who).get(HOME))) is listed
        assert "Ekviks kommun: 2026" not in text(enter(None).get("/resurser/"))

    def test_each_school_form_has_its_own_picture(self, publication, enter):
        said = text(enter(None).get(HOME, {"form": "GRAN"}))
        assert "Pengar och behov går inte att jämföra än." in said

    def test_money_against_need_is_shown_at_all_schools_without_a_round(self, publication, enter):
        said = text(enter(None).get(HOME))
        assert "Kronor per elev 2025 mot behov" in said
        assert "Det finns ingen omgång här som är öppen för dig." in said

    def test_a_round_is_opened_by_whoever_writes(self, publication, cast, enter):
        asked = {"year": "2026", "form": "GR", "body": "Nämnden", "ram": "152000000", "andel": "12", "hogst": "3"}
        answer = enter(cast.harald).post(f"{HOME}ny/", asked)
        assert (answer.status_code, answer["Location"]) == (302, ROUND)
        assert enter(cast.anna).get(f"{HOME}ny/").status_code == 403

    def test_without_figures_there_is_nothing_to_open(self, cast, places, enter, monkeypatch):
        monkeypatch.setattr(published, "current", lambda: None)
        assert enter(cast.harald).get(f"{HOME}ny/").status_code == 404
        assert enter(None).get(HOME).status_code == 200


class TestSteps:
    def test_from_draft_to_decision_through_the_pages(self, draft, cast, enter, clock, after, now):
        kim, harald = enter(cast.kim), enter(cast.harald)
        kim.post(f"{ROUND}skicka/", {"until": "2025-11-28", "shown": "1"})
        assert "Skolorna får lämna synpunkter" in text(harald.get(f"{ROUND}beslut/", follow=True))
        clock(after)
        assert "Inget i det ändras mer" in text(
            enter(cast.harald).post(
                f"{ROUND}beslut/", {"reason": "Enligt förslaget.", "sure": "on", "shown": "1"}, follow=True
            )
        )

    def test_a_draft_that_somebody_replaced_is_neither_sent_out_nor_written_over(self, draft, cast, enter, now):
        kim, old = enter(cast.kim), {"shown": str(draft.newest.number)}
        taken, rule = weighed.taken_of(draft.newest), draft.newest.rule
        actions.make_version(round=draft, rule=rule, taken=taken, why="Av en annan", by=cast.kim, at=now)
        for address, asked in (
            ("skicka/", {"until": "2025-11-28"}),
            (f"prova/?{urlencode(TestTryingAnotherWay.wish())}", {"why": "Prov"}),
        ):
            assert "Någon har gjort ett nyare utkast" in text(kim.post(f"{ROUND}{address}", {**asked, **old}))
        assert (draft.newest.number, Round.objects.get(pk=draft.pk).state) == (2, "draft")

    def test_a_decision_is_of_the_version_that_was_read(self, heard, cast, enter, clock, after):
        clock(after)
        asked = {"reason": "Enligt förslaget.", "sure": "on", "shown": str(heard.newest.number + 1)}
        assert "Någon har gjort ett nyare utkast" in text(enter(cast.harald).post(f"{ROUND}beslut/", asked))
        assert Round.objects.get(pk=heard.pk).state == "heard"

    def test_pupils_and_structural_grants_are_corrected_in_a_table(self, draft, cast, enter):
        page = enter(cast.kim).get(f"{ROUND}underlag/")
        fields = {field.name: str(field.value() or "") for field in page.context["form"]}
        answer = enter(cast.kim).post(f"{ROUND}underlag/", {**fields, "avsatt_90000013": "90000", "why": "Liten skola"})
        assert answer.status_code == 302
        assert draft.newest.shares.get(unit="90000013").set_apart == 90_000

    def test_newer_figures_are_taken_into_a_draft(self, draft, later, cast, enter, monkeypatch):
        monkeypatch.setattr(published, "current", lambda: later)
        client = enter(cast.kim)
        said = text(client.get(f"{ROUND}uppdatera/"))
        assert "En uppdatering flyttar" in said
        assert "En modell som var tre år gammal hade haft lutningen 0,81 (0,90–1,04)" in said
        assert "av eleverna går på en annan skola än i underlaget" in said
        client.post(f"{ROUND}uppdatera/", {"why": "Nya siffror", "shown": "1"})
        assert draft.newest.rule.of_year == 2024

    def test_a_dropped_round_stays_in_the_record(self, draft, cast, enter):
        enter(cast.kim).post(f"{ROUND}lagg-ned/", {"why": "Fel år"})
        assert "nedlagd" in text(enter(cast.kim).get(HOME))


class TestUseAndEffect:
    def test_a_use_is_written_down_with_the_figure_of_now_and_looked_at_later(
        self, decided, cast, enter, clock, after, publication, later, monkeypatch
    ):
        clock(after)
        client = enter(cast.kim)
        asked = {
            "unit": "90000001", "what": "Två speciallärare", "crowns": "900000", "measure": "merit_value", "direction": "up",
            "expected": "tio steg", "begins_on": "2026-01-08", "look_on": "2026-09-01", "case": "",
        }  # fmt: skip
        client.post(f"{ROUND}uppfoljning/ny/", asked)
        use = decided.uses.get()
        assert (use.baseline, use.baseline_year) == (215.0, 2023)
        monkeypatch.setattr(published, "current", lambda: later)
        clock(after.replace(year=2026))
        client = enter(cast.kim)
        client.post(f"{ROUND}uppfoljning/{use.pk}/", {"outcome": "not", "why": "Intervallen går omlott"})
        said = text(client.get(f"{ROUND}uppfoljning/"))
        assert "gick inte som väntat" in said
        assert "235" in said

    def test_a_matter_that_is_not_open_is_not_tied(self, decided, cast, enter, clock, after):
        clock(after)
        asked = {
            "unit": "90000001", "what": "X", "crowns": "9", "measure": "merit_value", "direction": "up", "expected": "Y",
            "begins_on": "2026-01-08", "look_on": "2026-09-01", "case": "SI 1999:1",
        }  # fmt: skip
        answer = enter(cast.kim).post(f"{ROUND}uppfoljning/ny/", asked)
        assert "Det finns inget ärende med det numret" in text(answer)
        assert not decided.uses.exists()
