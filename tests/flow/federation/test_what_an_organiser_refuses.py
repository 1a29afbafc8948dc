"""An organiser answers what was opened, once, in time, about rows that stand still, in company that hides it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.flow.federation.conftest import LAST_DAY, NOW, deliver, invent

from likvard.flow.federation.check import RefusedShareError
from likvard.flow.federation.envelope import EnvelopeError, Kind, seal, unseal
from likvard.flow.federation.home import own_effects, own_index
from likvard.flow.federation.keys import card_of, new_keys, read_card, read_keys
from likvard.flow.federation.ledger import Ledger
from likvard.flow.federation.rounds import next_round, read_round
from likvard.flow.federation.share import hand_out, prepare, withdraw
from likvard.flow.federation.study import Way, study_from
from likvard.terms import InputError, UsageError

AT = np.array([0.3, 0.15])


@pytest.fixture
def opened(nation, study):
    """A nation where the first organiser has answered round 0, its number, and the round."""
    here = nation()
    content, organiser = here.open(study), here.company[0].organiser
    here.answer(content, organiser)
    return here, organiser, content


def after(here, content, at=AT, number=0, **changes):
    asked = replace(read_round(content, "r"), number=number, **changes)
    return next_round(asked, at, here.keyring["node"], answer_by=LAST_DAY, left_out=())


def test_the_check_says_in_words_what_leaves_before_anything_is_written(nation, study):
    here = nation()
    ready = prepare(here.open(study), lake=here.lake, keys=here.keyring[here.company[0].organiser], at=NOW)
    said = " ".join(words.sv for words in ready.words)
    assert "elever med slutbetyg i årskurs 9 vid 16 enheter" in said
    assert "filen ensam är slumpsiffror" in said
    assert "12 huvudmän" in said
    assert "meritvärde, kön, föräldrar med eftergymnasial utbildning" in said
    assert Ledger.of(here.lake, here.company[0].organiser).studies() == ()


def test_the_same_round_gets_the_same_answer_however_often_it_is_asked(opened):
    here, organiser, content = opened
    assert here.answer(content, organiser) == here.answer(content, organiser)


def test_a_round_that_was_only_laid_out_anew_gets_the_same_answer(opened):
    """An editor or a mail program may do so; a mask of another file would spoil the block's sum."""
    here, organiser, content = opened
    assert here.answer(json.dumps(json.loads(content), indent=2).encode(), organiser) == here.answer(content, organiser)


def test_a_correction_between_rounds_changes_no_answer(tmp_path, nation, study):
    before = invent()
    after_it = replace(before, grades=np.where(np.arange(len(before.unit))[:, None] == 5, 5, before.grades))
    deliver(tmp_path / "own", before)
    here = nation("a", tmp_path / "own")
    content, organiser = here.open(study), here.company[0].organiser
    here.answer(content, organiser)
    steady = here.answer(after(here, content), organiser)
    deliver(tmp_path / "own", after_it)
    assert here.answer(after(here, content), organiser) == steady
    with pytest.raises(RefusedShareError, match="only 1 differ"):
        here.answer(here.open(study, seed="two"), organiser)


def test_a_new_study_of_the_same_rows_is_answered(opened, study):
    here, organiser, _ = opened
    assert here.answer(here.open(replace(study, fixed=("girl",)), seed="two"), organiser)


def test_a_study_of_other_years_is_another_matter(opened, study):
    here, organiser, _ = opened
    other = replace(study, years=(2023,), levels=("unit",))
    assert here.answer(here.open(other, company=here.company[:-1], seed="two"), organiser)


def test_studies_that_together_tell_enough_to_solve_for_a_unit_are_refused(nation, study):
    """Each has its own rounds; set against one another they would be more numbers than there are sums."""
    here = nation()
    asked, organiser = replace(study, levels=("unit",)), here.company[0].organiser
    for i in range(2):
        content = here.open(asked, seed=str(i))
        here.answer(content, organiser)
        for number in range(asked.most_rounds):
            here.answer(after(here, content, np.array([0.1 + number / 10]), number), organiser)
    with pytest.raises(RefusedShareError, match="studies of the same school years"):
        here.answer(here.open(asked, seed="one more"), organiser)


@pytest.mark.parametrize("first_without", [False, True])
def test_a_block_that_differs_by_one_organiser_is_refused(nation, study, first_without):
    here = nation()
    for company in sorted((here.company, here.company[:-1]), key=len, reverse=not first_without)[:1]:
        here.answer(here.open(replace(study, levels=("unit",)), company=company), here.company[0].organiser)
    other = here.company if first_without else here.company[:-1]
    with pytest.raises(RefusedShareError, match="what differs: Huvudman 12"):
        here.answer(here.open(replace(study, levels=("unit",)), company=other, seed="two"), here.company[0].organiser)


def test_one_more_in_another_block_than_ones_own_is_seen_too(nation, study, tmp_path):
    """The whole nation and one more, less the whole nation, would be that one: it matters where the others are."""
    here = nation()
    asked = replace(study, levels=("unit",), fixed=("girl",))
    others = []
    for i in range(13):
        keys = new_keys(tmp_path / f"{i}.key", f"99999{i:05d}")
        others.append(read_card(card_of(keys, f"Annan {i}", units=20, pupils=400), "c"))
    first = here.open(asked, company=(*here.company, *others[1:]))
    mine, far = sorted(read_round(first, "r").blocks, key=lambda b: here.company[0].organiser not in b.names)
    here.answer(first, here.company[0].organiser)
    larger = replace(far, cards=(*far.cards, others[0]))
    again = here.open(asked, company=(*here.company, *others), seed="two", before=(mine, larger))
    with pytest.raises(RefusedShareError, match="what differs: Annan 0"):
        here.answer(again, here.company[0].organiser)


def test_one_who_says_it_never_answered_may_be_missing_from_the_next_study(nation, study):
    here = nation()
    asked = replace(study, levels=("unit",))
    content, organiser, gone = here.open(asked), here.company[0].organiser, here.company[-1].organiser
    here.answer(content, organiser)
    _, signed = withdraw(content, lake=here.lake, keys=here.keyring[gone], at=NOW)
    again = here.open(asked, company=here.company[:-1], seed="two", withdrawals=[signed.decode()])
    assert here.answer(again, organiser)


def test_one_who_has_answered_cannot_say_that_it_never_did(nation, study):
    here = nation()
    asked = replace(study, levels=("unit",))
    content, organiser, gone = here.open(asked), here.company[0].organiser, here.company[-1].organiser
    here.answers(content, [organiser, gone])
    _, signed = withdraw(content, lake=here.lake, keys=here.keyring[gone], at=NOW)
    assert unseal(signed, Kind.WITHDRAWAL, "w").body["answered"] == [0]
    again = here.open(asked, company=here.company[:-1], seed="two", withdrawals=[signed.decode()])
    with pytest.raises(RefusedShareError, match="what differs: Huvudman 12"):
        here.answer(again, organiser)


def test_one_who_has_withdrawn_answers_no_more(opened):
    here, organiser, content = opened
    withdraw(content, lake=here.lake, keys=here.keyring[organiser], at=NOW)
    with pytest.raises(UsageError, match="withdrawn"):
        here.answer(after(here, content), organiser)


def test_an_open_answer_after_a_masked_one_is_refused(opened, study):
    here, organiser, _ = opened
    with pytest.raises(RefusedShareError, match="answered in another way"):
        here.answer(here.open(replace(study, way=Way.ONCE), seed="two"), organiser)


def test_a_second_open_answer_with_other_columns_is_refused(tmp_path, nation, study):
    """Pools that overlap, or years that do: the difference could be few."""
    deliver(tmp_path / "large", invent(11, (50, 70), (4,) * 12))
    here = nation("open", tmp_path / "large")
    asked, organiser = replace(study, way=Way.ONCE, fixed=("girl",), levels=("unit",)), here.company[0].organiser
    assert here.answer(here.open(asked), organiser)
    assert here.answer(here.open(replace(asked, outcome="Ma"), seed="two"), organiser)
    with pytest.raises(RefusedShareError, match="answered openly about the same school years"):
        here.answer(here.open(replace(asked, fixed=("tertiary",)), seed="three"), organiser)
    with pytest.raises(RefusedShareError, match="answered in another way"):
        here.answer(here.open(study), organiser)


def test_a_second_round_of_the_same_number_is_refused(opened):
    here, organiser, content = opened
    here.answer(after(here, content), organiser)
    with pytest.raises(EnvelopeError, match="Another round 1"):
        here.answer(after(here, content, AT * 2), organiser)


def test_more_rounds_than_promised_are_refused(opened):
    here, organiser, content = opened
    with pytest.raises(RefusedShareError, match="8 rounds at most"):
        here.answer(after(here, content, number=8), organiser)


def test_a_round_of_another_question_than_was_opened_is_refused(opened, study):
    here, organiser, content = opened
    with pytest.raises(EnvelopeError, match="not of the study"):
        here.answer(after(here, content, study=replace(study, fixed=("girl",))), organiser)


def test_a_round_after_its_last_day_is_refused(opened):
    here, organiser, content = opened
    late = NOW + timedelta(days=30)
    with pytest.raises(RefusedShareError, match="to be answered by"):
        prepare(content, lake=here.lake, keys=here.keyring[organiser], at=late)


def test_a_round_of_another_node_than_before_is_refused(opened, tmp_path):
    here, organiser, content = opened
    stranger = new_keys(tmp_path / "stranger.key", "node")
    forged = seal(Kind.ROUND, unseal(content, Kind.ROUND, "r").body, stranger.signing)
    with pytest.raises(EnvelopeError, match="is signed by"):
        prepare(forged, lake=here.lake, keys=here.keyring[organiser], at=NOW)


def test_a_round_that_was_changed_on_its_way_is_refused(opened):
    here, organiser, content = opened
    with pytest.raises(EnvelopeError, match="does not hold"):
        here.answer(content.replace(b'"most_rounds":8', b'"most_rounds":9'), organiser)


@pytest.mark.parametrize(("was", "becomes"), [(b'units\\":16', b'units\\":99'), (b'pupils\\":320', b'pupils\\":999')])
def test_the_node_cannot_change_a_card(nation, study, was, becomes):
    here = nation()
    body = unseal(here.open(study), Kind.ROUND, "r").body
    blocks = [
        [card.replace(was.decode().replace("\\", ""), becomes.decode().replace("\\", "")) for card in b]
        for b in body["blocks"]
    ]
    assert blocks != body["blocks"]
    forged = seal(Kind.ROUND, {**body, "blocks": blocks}, here.keyring["node"].signing)
    with pytest.raises(EnvelopeError, match="signature of a card does not hold"):
        here.answer(forged, here.company[0].organiser)


def test_an_organiser_named_twice_hides_nobody(nation, study):
    here = nation()
    body = unseal(here.open(study), Kind.ROUND, "r").body
    forged = seal(
        Kind.ROUND, {**body, "blocks": [[*body["blocks"][0], body["blocks"][0][1]]]}, here.keyring["node"].signing
    )
    with pytest.raises(EnvelopeError, match="twice"):
        here.answer(forged, here.company[0].organiser)


def test_a_key_that_agrees_with_everybody_is_refused(nation, study, tmp_path):
    """A point of low order: the common secret would be zero, known to all."""
    here = nation()
    keys = new_keys(tmp_path / "weak.key", "9999900001")
    body = dict(unseal(card_of(keys, "Svag", units=20, pupils=400), Kind.CARD, "c").body) | {"agreement": "00" * 32}
    weak = read_card(seal(Kind.CARD, body, keys.signing), "c")
    with pytest.raises(InputError, match="no key to agree with"):
        here.answer(here.open(study, company=(*here.company, weak)), here.company[0].organiser)


def test_too_small_a_block_is_refused_by_its_members_too(nation, study, monkeypatch):
    here = nation()
    monkeypatch.setattr("likvard.flow.federation.rounds.too_small", lambda *_: ())
    content = here.open(study, company=here.company[:3])
    few = read_round(content, "r")
    assert [len(block.cards) for block in few.blocks] == [1, 1, 1]
    with pytest.raises(RefusedShareError, match="1 organisers"):
        here.answer(content, here.company[0].organiser)


def test_a_study_may_only_ask_for_what_is_declared(study):
    body = {"name": "n", "purpose": "p", "years": [2024], "outcome": "merit", "fixed": ["girl"], "levels": ["unit"]}
    assert study_from(body).fixed == ("girl",)
    for wrong in (
        {"outcome": "personal_number"},
        {"fixed": ["girl; drop table pupil"]},
        {"levels": ["class"]},
        {"years": []},
        {"most_rounds": 99},
        {"sql": "select"},
        {"method": "magic"},
    ):
        with pytest.raises(InputError):
            study_from(body | wrong)


@pytest.mark.parametrize("number", ["212000", "abcdefghij", ""])
def test_a_key_is_of_an_organisers_number(tmp_path, number):
    with pytest.raises(UsageError, match="no organiser's number"):
        new_keys(tmp_path / "k", number)


def test_a_key_is_never_written_over_and_a_damaged_one_is_told_of(tmp_path):
    path = tmp_path / "k"
    with pytest.raises(InputError, match="no key in"):
        read_keys(path)
    new_keys(path, "2120000001")
    with pytest.raises(UsageError, match="there already"):
        new_keys(path, "2120000001")
    path.write_text("{}")
    with pytest.raises(InputError, match="is damaged"):
        read_keys(path)


def test_a_card_with_fewer_than_no_pupils_is_refused(tmp_path):
    with pytest.raises(EnvelopeError, match="is not whole"):
        read_card(card_of(new_keys(tmp_path / "k", "2120000001"), "x", units=1, pupils=-2), "c")


def test_a_later_round_before_the_first_is_refused(nation, study):
    here = nation()
    content = here.open(study)
    with pytest.raises(UsageError, match="has not been answered here"):
        here.answer(after(here, content), here.company[0].organiser)


def test_a_second_opening_of_the_same_study_is_refused(opened):
    here, organiser, content = opened
    body = {**unseal(content, Kind.ROUND, "r").body, "answer_by": "2026-12-24"}
    with pytest.raises(EnvelopeError, match="Another opening"):
        here.answer(seal(Kind.ROUND, body, here.keyring["node"].signing), organiser)


def test_one_who_was_not_asked_is_told_so(nation, study, nobody):
    here, (keys, _) = nation(), nobody
    with pytest.raises(UsageError, match="asks nothing of 2120009999"):
        prepare(here.open(study), lake=here.lake, keys=keys, at=NOW)


def test_a_round_that_does_not_hang_together_is_refused(opened):
    here, organiser, content = opened
    with pytest.raises(EnvelopeError, match="does not hang together"):
        here.answer(after(here, content, np.array([0.3])), organiser)
    with pytest.raises(EnvelopeError, match="does not hang together"):
        here.answer(after(here, content, np.array([0.3, 1e9])), organiser)


def test_a_study_without_pupils_is_told_of_in_the_clear(nation, study):
    here = nation()
    asked = replace(study, years=(2019,), way=Way.CLEAR)
    with pytest.raises(InputError, match="no pupil of"):
        here.answer(here.open(asked), here.company[0].organiser)


def test_rows_that_are_gone_are_told_of(opened):
    here, organiser, content = opened
    (next((here.lake / "federation" / organiser).glob("*/rows.npz"))).unlink()
    with pytest.raises(UsageError, match="are gone"):
        here.answer(after(here, content), organiser)


def test_a_damaged_ledger_is_told_of_and_nothing_is_answered(opened, study):
    here, organiser, _ = opened
    (next((here.lake / "federation" / organiser).glob("*/answered.json"))).write_text("{}")
    with pytest.raises(InputError, match="is damaged"):
        here.answer(here.open(study, seed="two"), organiser)


def test_another_fit_than_one_took_part_in_tells_nothing_of_ones_own(opened):
    here, organiser, _ = opened
    fit = seal(Kind.FIT, {"id": "0" * 16}, here.keyring["node"].signing)
    for ask in (own_effects, own_index):
        with pytest.raises(UsageError, match="was answered here"):
            ask(fit, lake=here.lake, keys=here.keyring[organiser])


def test_a_key_that_others_can_read_is_refused(tmp_path):
    new_keys(tmp_path / "k", "2120000001")
    (tmp_path / "k").chmod(0o644)
    with pytest.raises(InputError, match="open to others"):
        read_keys(tmp_path / "k")


def test_a_card_is_signed_by_the_key_it_shows(tmp_path):
    one, two = (new_keys(tmp_path / name, f"212000000{name}") for name in "12")
    body = dict(unseal(card_of(one, "x", units=1, pupils=2), Kind.CARD, "c").body)
    with pytest.raises(EnvelopeError, match="not signed by its owner"):
        read_card(seal(Kind.CARD, body, two.signing), "c")


def test_what_was_begun_is_remembered_before_the_answer_is_written(nation, study, tmp_path):
    here = nation()
    organiser = here.company[0].organiser
    ready = prepare(here.open(study), lake=here.lake, keys=here.keyring[organiser], at=NOW)
    (tmp_path / "full").write_text("no folder")
    with pytest.raises(FileExistsError):
        hand_out(ready, tmp_path / "full")
    assert [list(s.answered) for s in Ledger.of(here.lake, organiser).studies()] == [[0]]
