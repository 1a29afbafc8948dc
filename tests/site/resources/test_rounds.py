"""A round from draft to decision: versions stay, a wish that is impossible says why, what is decided is frozen."""

from __future__ import annotations

import copy
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.site.resources.conftest import (
    BJÖRK,
    EKSKOLAN,
    GRAN,
    HASSELSKOLAN,
    LINDSKOLAN,
    LÄRKSKOLAN,
    MONEY,
    NEED,
    PUPILS,
    RULE,
    publish,
)

from likvard.allocation.round import Rule
from likvard.allocation.round import Unit as Basis
from likvard.site.audit.models import Event
from likvard.site.cases.states import CaseError
from likvard.site.resources import actions, drift, shown, weighed
from likvard.site.resources.actions.deciding import fingerprint
from likvard.site.resources.actions.using import Plan
from likvard.site.resources.basis import Seen, corrected, money_year, take
from likvard.site.resources.models import Round, Share
from likvard.terms import OrganiserKind

pytestmark = pytest.mark.django_db


def told(round) -> list[str]:
    """What the audit chain says of a round."""
    return list(Event.objects.about(round.subject).values_list("what", flat=True))


class TestTheGrounds:
    def test_own_and_independent_schools_stand_on_the_same_figures(self, taken):
        units = {unit.code: unit for unit in taken.units}
        assert units[LÄRKSKOLAN].organiser_kind is OrganiserKind.INDEPENDENT
        for code in (BJÖRK, LÄRKSKOLAN):
            assert units[code].need == NEED[code]
            assert units[code].pupils == PUPILS[code]
            assert units[code].last == MONEY[code] * PUPILS[code]

    def test_a_round_of_a_year_whose_money_is_out_already_is_held_against_the_year_before(self, publication, places):
        taken = take(publication, places.ekvik, 2025, "GR")
        björk = next(unit for unit in taken.units if unit.code == BJÖRK)
        assert (björk.last, björk.last_pupils) == ((MONEY[BJÖRK] - 1000) * PUPILS[BJÖRK], PUPILS[BJÖRK])
        assert money_year(taken.inputs) == 2024

    def test_the_index_by_another_model_is_kept_where_the_publication_has_it(self, taken, places, tmp_path):
        assert taken.facts["other_model"] == {}
        for year, kept in ((2023, {BJÖRK, GRAN, LÄRKSKOLAN}), (2022, set())):
            with closing(publish(tmp_path / f"{year}.sqlite", within=year)) as opened:
                found = take(opened, places.ekvik, 2026, "GR").facts["other_model"]
            assert LINDSKOLAN not in found
            assert {code for code in kept if found[code] == pytest.approx(NEED[code] * 0.8 + 20)} == kept
            assert bool(found) == bool(kept)

    def test_a_need_that_the_public_may_not_see_is_not_used(self, taken):
        small = next(unit for unit in taken.units if unit.code == LINDSKOLAN)
        assert (small.need, small.need_low, small.pupils) == (None, None, 6)

    def test_every_input_has_the_time_it_is_of(self, taken):
        named = {one.name.en: str(one.of) for one in taken.inputs}
        assert named["Guardians' education"] == "2021"
        assert named["Number of pupils"] == "2023-10-15"
        assert named["Last year's crowns"] == "2025"
        assert named["Model checked against results"] == "2023"

    def test_last_years_decision_goes_before_the_records(self, decided, publication, places):
        units = {unit.code: unit for unit in take(publication, places.ekvik, 2027, "GR").units}
        shares = {share.unit_id: share for share in decided.newest.shares.all()}
        assert {code: unit.last for code, unit in units.items()} == {code: s.crowns for code, s in shares.items()}

    def test_a_draft_on_the_years_before_is_older_than_what_is_published_now(self, draft, publication, places):
        with pytest.raises(CaseError, match="känt antal elever"):
            take(publication, places.ekvik, 2026, "GR", until=2022)
        now, version = take(publication, places.ekvik, 2026, "GR"), draft.newest
        assert not drift.is_newer(version, now)
        version.inputs_data = [{**row, "of": 2022} if row["of"] == 2023 else row for row in version.inputs_data]
        assert drift.is_newer(version, now)

    def test_an_organiser_without_schools_of_the_form_is_told_so(self, publication, places):
        with pytest.raises(CaseError, match="Ingen skola"):
            take(publication, places.ekvik, 2026, "GY")


class TestTheLineOfNeedAlone:
    def test_what_is_set_apart_is_out_of_it(self):
        # 20 million, 2 of them set apart: 18 million for 300 pupils are 60 000 each; a tenth of that by need, the rest alike.
        units = (
            Basis(code="90000001", name="A", pupils=100, need=50.0, set_apart=2_000_000),
            Basis(code="90000002", name="B", pupils=200, need=125.0),
        )
        found = weighed.weigh(units, Rule(frame=20_000_000, share=0.1))
        assert weighed.full_line(found) == (54_000.0, 60.0)
        for row in found.outcome.rows:
            assert row.full - row.set_apart == (54_000 + 60 * row.need) * row.unit.pupils

    def test_there_is_none_where_nothing_is_shared_by_need(self):
        units = (Basis(code="90000001", name="A", pupils=100, need=50.0),)
        assert weighed.full_line(weighed.weigh(units, Rule(frame=20_000_000, share=0.0))) is None


class TestAWish:
    """Three schools of 100 pupils; C, in most need, is held by the cap far below what need gives."""

    UNITS = (
        Basis(code="90000001", name="A", pupils=100, need=50.0, last=6_000_000, last_pupils=100),
        Basis(code="90000002", name="B", pupils=100, need=100.0, last=6_000_000, last_pupils=100),
        Basis(code="90000003", name="C", pupils=100, need=150.0, last=6_000_000, last_pupils=100),
    )
    STANDING = Rule(frame=18_000_000, share=0.2, cap=0.04)

    def test_who_is_held_far_below_what_need_gives_is_told_in_the_opening(self):
        found = weighed.weigh(self.UNITS, self.STANDING)
        # Need alone gives A 54 000, B 60 000 and C 66 000 a pupil; the cap holds C at 62 400, 5.5 per cent below.
        assert [row.unit.code for row in found.below] == ["90000003"]
        told = " ".join(words.en for words in weighed.lead(found, (), None)).replace("\u00a0", " ")
        assert (
            "One school is held by the limits **at least 5% below what need gives**; furthest below is C, 3,600 crowns"
            in told
        )
        assert weighed.weigh(self.UNITS, replace(self.STANDING, cap=None)).below == ()

    def test_what_it_moves_against_the_draft_is_told_and_sums_to_nothing(self):
        standing = weighed.weigh(self.UNITS, self.STANDING)
        wish = weighed.weigh(self.UNITS, replace(self.STANDING, cap=None))
        moved = weighed.changes(wish, standing)
        assert moved == {"90000001": -360_000, "90000002": 0, "90000003": 360_000}
        told = weighed.against(wish, standing, decided=False).en.replace("\u00a0", " ")
        assert (
            told == "**360 thousand crowns change school** against the draft. Most a pupil changes at C: +3,600 crowns."
        )
        assert shown.money_sum(wish, moved).against == "0"

    def test_a_larger_frame_is_told_and_the_same_money_too(self):
        standing = weighed.weigh(self.UNITS, self.STANDING)
        larger = weighed.weigh(self.UNITS, replace(self.STANDING, frame=18_300_000))
        told = weighed.against(larger, standing, decided=True).sv.replace("\u00a0", " ")
        assert told.startswith("Ramen är 300 tusen kronor större än i beslutet.")
        assert "byter skola" not in told
        assert weighed.against(standing, standing, decided=False).sv == "Det ger samma pengar som utkastet."

    def test_a_limit_is_named_with_how_far_it_reaches(self):
        found = weighed.weigh(self.UNITS, self.STANDING)
        limits = [
            row.limit.sv.replace("\u00a0", " ")
            for group in shown.money_rows(found)
            for row in group.rows
            if row.limit.sv
        ]
        assert limits == ["högst −4 %", "högst +4 %"]


class TestADraft:
    def test_its_crowns_sum_to_the_frame(self, draft):
        assert sum(draft.newest.shares.values_list("crowns", flat=True)) == RULE.frame == draft.newest.frame

    def test_a_new_version_leaves_the_old_one_as_it_was(self, draft, taken, cast, now):
        before = list(Share.objects.filter(version=draft.newest).values())
        actions.make_version(round=draft, rule=replace(RULE, share=0.3), taken=taken, why="Mer", by=cast.kim, at=now)
        assert draft.newest.number == 2
        assert list(Share.objects.filter(version__number=1).values()) == before
        assert told(draft) == ["allocation.opened", "allocation.version_made"]

    def test_a_version_read_back_gives_the_same_crowns(self, draft):
        again = {row.unit.code: row.crowns for row in weighed.of_version(draft.newest).outcome.rows}
        assert again == dict(draft.newest.shares.values_list("unit_id", "crowns"))

    def test_a_wish_that_is_impossible_says_by_how_much_and_what_to_do(self, draft, taken, cast, now):
        with pytest.raises(CaseError, match="kräver minst"):
            actions.make_version(
                round=draft,
                rule=Rule(frame=100_000_000, share=0.1, cap=0.01),
                taken=taken,
                why="-",
                by=cast.kim,
                at=now,
            )
        assert draft.versions.count() == 1

    def test_there_is_one_open_round_a_year_and_form(self, draft, taken, cast, places, now):
        with pytest.raises(CaseError, match="redan"):
            actions.open_round(
                organiser=places.ekvik, year=2026, form="GR", body="-", rule=RULE, taken=taken, by=cast.kim, at=now
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.create(
                organiser=places.ekvik, year=2026, form="GR", slug="2026-9", body="-", made_at=now, made_by=cast.kim
            )

    def test_need_that_gets_nothing_extra_comes_up_by_itself(self, draft):
        assert weighed.of_version(draft.newest).held == (EKSKOLAN,)

    def test_pupils_and_structural_grants_are_corrected_by_hand_with_a_trace(self, draft, taken, cast, now):
        wish = corrected(taken, {BJÖRK: 380.0}, {LINDSKOLAN: 250_000}, now.date())
        made = actions.make_version(round=draft, rule=RULE, taken=wish, why="Räknat", by=cast.kim, at=now)
        shares = {share.unit_id: share for share in made.shares.all()}
        assert (shares[BJÖRK].pupils, shares[LINDSKOLAN].set_apart) == (380.0, 250_000)
        assert "corrected by hand" in made.inputs[-1].name.en
        assert sum(share.crowns for share in shares.values()) == RULE.frame


class TestFreshFigures:
    def test_a_refresh_tells_what_moves_and_why(self, draft, taken, later, cast, now):
        made = actions.make_version(
            round=draft, rule=replace(RULE, cap=None), taken=taken, why="Utan tak", by=cast.kim, at=now
        )
        change = weighed.refreshed(made, weighed.newest(later, draft))
        rows = {row.code: row for row in change.rows}
        assert rows[GRAN].by_pupils > 0
        assert rows[GRAN].by_need > 0
        assert sum(row.change for row in change.rows) == 0

    def test_a_rule_that_newer_figures_cannot_keep_says_why(self, draft, taken, later, cast, now):
        tight = replace(RULE, frame=147_400_000, cap=0.003)
        made = actions.make_version(round=draft, rule=tight, taken=taken, why="Snävt", by=cast.kim, at=now)
        with pytest.raises(CaseError, match="Höj den högsta ändringen"):
            weighed.refreshed(made, weighed.newest(later, draft))

    def test_the_same_publication_changes_nothing(self, draft, publication):
        assert weighed.refreshed(draft.newest, weighed.newest(publication, draft)) is None

    def test_what_is_too_old_stands_in_the_opening(self, draft, today):
        lead = weighed.lead(weighed.of_version(draft.newest), weighed.freshness(draft.newest, today), None)
        assert "guardians' education, is 47 months old" in " ".join(words.en for words in lead)


class TestTheHearing:
    def test_schools_get_at_least_a_week(self, draft, cast, now):
        with pytest.raises(CaseError, match="7"):
            actions.send_out(round=draft, until=(now + timedelta(days=6)).date(), by=cast.kim, at=now)

    def test_a_view_is_answered_before_the_decision(self, heard, cast, places, now, after):
        view = actions.give_view(round=heard, unit=places.lärkskolan, text="För lite.", by=cast.other_harald, at=now)
        with pytest.raises(CaseError, match="inget svar"):
            actions.decide(round=heard, reason="-", by=cast.harald, at=after)
        actions.answer(view=view, text="Samma grunder för alla.", by=cast.kim, at=after)
        assert actions.decide(round=heard, reason="Ja.", by=cast.harald, at=after).is_decided

    def test_nobody_decides_while_schools_may_still_speak(self, heard, cast, now):
        with pytest.raises(CaseError, match="till och med den 28"):
            actions.decide(round=heard, reason="-", by=cast.harald, at=now)

    def test_what_schools_said_stays_when_the_round_is_taken_back(self, heard, cast, places, now):
        actions.give_view(round=heard, unit=places.björk, text="Bra.", by=cast.rut, at=now)
        back = actions.back(round=heard, reason="Fel antal elever", by=cast.kim, at=now)
        assert (back.state, back.newest.views.count()) == ("draft", 1)

    def test_a_view_of_an_earlier_draft_is_answered_too(self, heard, taken, cast, places, now, after):
        actions.give_view(round=heard, unit=places.björk, text="Nej.", by=cast.rut, at=now)
        back = actions.back(round=heard, reason="Nytt", by=cast.kim, at=now)
        actions.make_version(round=back, rule=replace(RULE, share=0.2), taken=taken, why="Ny", by=cast.kim, at=now)
        again = actions.send_out(round=back, until=(now + timedelta(days=14)).date(), by=cast.kim, at=now)
        with pytest.raises(CaseError, match="inget svar"):
            actions.decide(round=again, reason="-", by=cast.harald, at=after)


class TestTheDecision:
    def test_it_names_who_decided_and_freezes_the_round(self, decided, cast, taken, after):
        assert decided.decided_by == cast.harald
        assert decided.fingerprint == fingerprint(decided.newest)
        with pytest.raises(CaseError, match="ändras inte"):
            actions.make_version(round=decided, rule=RULE, taken=taken, why="-", by=cast.kim, at=after)
        assert told(decided)[-1] == "allocation.decided"

    def test_the_seal_breaks_when_a_crown_is_moved(self, decided):
        share = decided.newest.shares.first()
        Share.objects.filter(pk=share.pk).update(crowns=share.crowns + 1)
        assert fingerprint(decided.newest) != decided.fingerprint

    def test_the_database_takes_no_decision_without_a_person_and_a_reason(self, decided):
        for change in ({"reason": ""}, {"decided_by": None, "decided_at": None}, {"fingerprint": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Round.objects.filter(pk=decided.pk).update(**change)

    def test_the_memorandum_is_frozen_in_both_languages(self, decided):
        before = copy.deepcopy(decided.memo)
        decided.newest.shares.update(reason_sv="Något annat")
        decided.refresh_from_db()
        assert decided.memo == before
        assert before["sv"]["title"] == "Fördelning för 2026: grundskola"
        assert before["en"]["signatures"][0]["name"] == "Harald Huvudman"

    def test_a_change_is_a_round_of_its_own_that_follows_on_it(self, decided, taken, cast, places, after):
        made = actions.open_round(
            organiser=places.ekvik, year=2026, form="GR", body="-", rule=RULE, taken=taken, by=cast.kim, at=after
        )
        assert (made.follows, made.slug) == (decided, "2026-2")


class TestUseAndEffect:
    def plan(self, places, **more) -> Plan:
        known = {
            "unit": places.björk, "crowns": 400_000, "what": "Två lärare till", "measure": "merit_value", "direction": "up",
            "expected": "Fem steg", "look_on": None,
        }  # fmt: skip
        return Plan(**{**known, **more})

    def test_a_use_is_looked_at_on_its_day_and_not_before(self, decided, cast, places, after):
        wish = self.plan(places, look_on=(after + timedelta(days=300)).date())
        use = actions.plan(round=decided, plan=wish, baseline=Seen(215.0, 207.0, 223.0, 2023), by=cast.kim, at=after)
        with pytest.raises(CaseError, match="se efter"):
            actions.settle(use=use, outcome="helped", why="-", seen=Seen(), by=cast.kim, at=after)
        then = after + timedelta(days=301)
        use = actions.settle(use=use, outcome="helped", why="Syns", seen=Seen(220.0), by=cast.kim, at=then)
        assert (use.outcome, use.baseline, use.seen) == ("helped", 215.0, 220.0)

    def test_it_is_marked_at_the_school_with_the_same_words_and_outcome(self, decided, cast, places, after):
        wish = self.plan(
            places, begins_on=(after + timedelta(days=60)).date(), look_on=(after + timedelta(days=300)).date()
        )
        use = actions.plan(round=decided, plan=wish, baseline=Seen(), by=cast.kim, at=after)
        then = after + timedelta(days=301)
        use = actions.settle(use=use, outcome="not", why="Ingen skillnad", seen=Seen(), by=cast.kim, at=then)
        told = use.told
        told.refresh_from_db()
        assert (told.unit, told.name, told.indicator, told.expected) == (use.unit, use.what, use.measure, use.expected)
        assert (told.started, told.look_on, told.outcome) == (use.begins_on, use.look_on, use.outcome)
        assert (told.started, told.settled_on) == (wish.begins_on, then.date())

    def test_another_organisers_school_and_a_start_before_the_decision_are_refused(self, decided, cast, places, after):
        look_on = (after + timedelta(days=9)).date()
        for more, why in (
            ({"unit": places.lärkskolan}, "annan huvudman"),
            ({"begins_on": (after - timedelta(days=1)).date()}, "före beslutet"),
        ):
            with pytest.raises(CaseError, match=why):
                actions.plan(
                    round=decided,
                    plan=self.plan(places, look_on=look_on, **more),
                    baseline=Seen(),
                    by=cast.kim,
                    at=after,
                )

    def test_the_same_crown_is_not_used_twice(self, decided, cast, places, after):
        share = decided.newest.shares.get(unit=places.björk)
        wish = self.plan(places, look_on=(after + timedelta(days=9)).date(), crowns=share.crowns)
        actions.plan(round=decided, plan=wish, baseline=Seen(), by=cast.kim, at=after)
        with pytest.raises(CaseError, match="redan"):
            actions.plan(round=decided, plan=replace(wish, crowns=1), baseline=Seen(), by=cast.kim, at=after)

    def test_a_crown_that_an_earlier_round_of_the_year_was_used_by_is_used_in_the_one_that_follows(
        self, decided, taken, cast, places, after
    ):
        share = decided.newest.shares.get(unit=places.björk)
        wish = self.plan(places, look_on=(after + timedelta(days=90)).date(), crowns=share.crowns)
        actions.plan(round=decided, plan=wish, baseline=Seen(), by=cast.kim, at=after)
        following = actions.open_round(
            organiser=places.ekvik, year=2026, form="GR", body="-", rule=RULE, taken=taken, by=cast.kim, at=after
        )
        actions.send_out(round=following, until=(after + timedelta(days=7)).date(), by=cast.kim, at=after)
        later = after + timedelta(days=8)
        following = actions.decide(round=following, reason="Ny ram", by=cast.harald, at=later)
        with pytest.raises(CaseError, match="redan"):
            actions.plan(round=following, plan=replace(wish, crowns=1), baseline=Seen(), by=cast.kim, at=later)


def test_a_school_with_little_known_need_is_told_apart(draft):
    assert [one.unit.code for one in weighed.of_version(draft.newest).little] == [HASSELSKOLAN, LINDSKOLAN]


def test_how_long_the_yearly_cap_holds_a_school_is_told(draft):
    told = weighed.how_long(weighed.of_version(draft.newest), draft.year)
    assert "Ekskolan" in told.sv
    assert "nått rätt nivå" in told.sv
