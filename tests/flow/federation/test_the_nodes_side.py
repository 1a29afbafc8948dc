"""The node adds up what holds, tells what does not, waits for who is late, and goes on without a block if it must."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import pytest
from tests.flow.federation.conftest import NOW, ORGANISERS, Nation, deliver, invent

from likvard.flow.federation import masks
from likvard.flow.federation.check import Block
from likvard.flow.federation.envelope import EnvelopeError, Kind, seal, unseal
from likvard.flow.federation.keys import NODE, card_of, new_keys, read_card
from likvard.flow.federation.rounds import make_blocks, read_round
from likvard.flow.federation.sense import opening_faults, standing_out
from likvard.flow.federation.share import withdraw
from likvard.flow.federation.study import Method, Way
from likvard.flow.pupils import SUBJECTS
from likvard.models import multilevel
from likvard.models.federated import Opened
from likvard.moments.gather import gather
from likvard.records.lake import Lake
from likvard.records.questions import pupils as question
from likvard.terms import InputError, UsageError

FEW = ORGANISERS[:6]


@pytest.fixture(scope="module")
def large_units(tmp_path_factory):
    """Six organisers with four units each, so large that their sums tell of nobody."""
    path = tmp_path_factory.mktemp("large") / "lake"
    deliver(path, invent(11, (50, 70), (4,) * 6))
    return path


def at_work(folder, lake, keyring):
    own = folder / "large"
    own.mkdir(parents=True)
    for part in lake.iterdir():
        (own / part.name).symlink_to(part)
    cards = tuple(read_card(card_of(keyring[o], f"Huvudman {o}", units=4, pupils=240), "c") for o in FEW)
    return Nation(folder / "study", own, keyring, cards)


@pytest.fixture
def open_nation(tmp_path, large_units, keyring):
    return at_work(tmp_path, large_units, keyring)


@pytest.fixture(scope="module")
def begun(tmp_path_factory, large_units, keyring, in_the_clear):
    """A study with its first two rounds answered: the nation, and both rounds with their answers."""
    here = at_work(tmp_path_factory.mktemp("begun"), large_units, keyring)
    first = here.open(in_the_clear)
    files = here.answers(first, FEW)
    second = here.merge(first, files).path.read_bytes()
    return here, (first, files), (second, here.answers(second, FEW))


@pytest.fixture(scope="module")
def in_the_clear(study):
    return replace(study, way=Way.CLEAR, fixed=("girl",), levels=("unit",))


def pooled(lake, study, organisers):
    with Lake.open(lake).connect() as con:
        question.gather_leavers(con, SUBJECTS)
        listed = ", ".join(f"'{o}'" for o in organisers)
        where = f"(select * from leaver where known = 1 and merit is not null and organiser in ({listed}))"
        return multilevel.fit(gather(con, where, ("organiser", "unit"), (*study.design, study.target)), study.model)


def same(found, one):
    np.testing.assert_allclose(found.beta, one.beta, rtol=1e-9)
    assert found.criterion == pytest.approx(one.criterion, abs=1e-7)
    assert found.varcomp["unit"][0, 0] == pytest.approx(one.varcomp["unit"][0, 0], rel=1e-8)


def test_answers_in_the_clear_give_the_pooled_fit_too(open_nation, in_the_clear):
    same(open_nation.run(in_the_clear).fit, pooled(open_nation.lake, in_the_clear, FEW))


def test_a_late_answer_is_waited_for_by_name(open_nation, in_the_clear):
    content = open_nation.open(in_the_clear)
    found = open_nation.merge(content, open_nation.answers(content, FEW[:-1]))
    assert [card.organiser for card in found.missing] == [FEW[-1]]
    assert found.path is None
    assert found.fit is None
    assert open_nation.merge(content, open_nation.answers(content, FEW)).asked == 1


def test_a_study_goes_on_without_one_who_never_comes_and_is_the_fit_of_the_others(open_nation, in_the_clear):
    content = open_nation.open(in_the_clear)
    content = open_nation.merge(content, open_nation.answers(content, FEW)).path.read_bytes()
    found = open_nation.merge(content, open_nation.answers(content, FEW[1:]), leave_out=True)
    while found.fit is None:
        content = found.path.read_bytes()
        assert len(read_round(content, "r").left_out) == 1
        found = open_nation.merge(content, open_nation.answers(content, FEW[1:]))
    same(found.fit, pooled(open_nation.lake, in_the_clear, FEW[1:]))
    assert unseal(found.path.read_bytes(), Kind.FIT, "f").body["left_out"][0]["why"]["sv"] == "svar saknades"


def test_one_who_withdraws_is_left_out_at_once(open_nation, in_the_clear):
    content = open_nation.open(in_the_clear)
    _, left = withdraw(content, lake=open_nation.lake, keys=open_nation.keyring[FEW[0]], at=NOW)
    found = open_nation.merge(content, [("left", left), *open_nation.answers(content, FEW[1:])])
    assert found.asked == 1
    assert [words.sv for words in found.left_out.values()] == ["en huvudman har dragit sig ur"]


def test_an_answer_of_one_who_then_withdraws_is_not_used(open_nation, in_the_clear):
    content = open_nation.open(in_the_clear)
    answers = open_nation.answers(content, FEW)
    _, left = withdraw(content, lake=open_nation.lake, keys=open_nation.keyring[FEW[0]], at=NOW)
    found = open_nation.merge(content, [*answers, ("left", left)])
    assert [words.sv for words in found.left_out.values()] == ["en huvudman har dragit sig ur"]


def test_one_who_left_out_cannot_come_back_in_a_later_round(open_nation, in_the_clear):
    content = open_nation.open(in_the_clear)
    everyone = open_nation.answers(content, FEW)
    content = open_nation.merge(content, everyone[1:], leave_out=True).path.read_bytes()
    with pytest.raises(EnvelopeError, match="leaves you out"):
        open_nation.answers(content, FEW[:1])


def changed(answer, keys, how):
    """An answer with other numbers, or other fields, rightly signed."""
    body = dict(unseal(answer, Kind.ANSWER, "a").body)
    if callable(how):
        numbers = masks.from_whole(masks.from_bytes(base64.b64decode(body["numbers"])))
        body["numbers"] = base64.b64encode(masks.to_bytes(masks.to_whole(how(numbers)))).decode()
    else:
        body |= how
    return seal(Kind.ANSWER, body, keys.signing)


def put(i, value):
    def change(numbers):
        numbers[i] = value(numbers[i])
        return numbers

    return change


LIES = {
    "fewer than no pupils": (put(0, lambda v: -v), "numbers of pupils"),
    "more pupils than the card says": (lambda v: v * 10, "more pupils"),
    "more girls than pupils": (put(3, lambda v: v * 3), "numbers of pupils with a mark"),
    "half a girl": (put(3, lambda v: v + 0.5), "numbers of pupils with a mark"),
    "results above the scale": (put(4, lambda v: v + 1e6), "outside the scale"),
    "squares that are too small": (put(7, lambda _: 1.0), "sums of squares"),
}


@pytest.mark.parametrize(("lie", "why"), LIES.values(), ids=LIES.keys())
def test_an_answer_that_cannot_be_is_told_of_and_not_used(begun, lie, why):
    here, (content, files), _ = begun
    found = here.merge(content, [(FEW[0], changed(files[0][1], here.keyring[FEW[0]], lie)), *files[1:]])
    assert found.path is None
    assert {p.about for p in found.problems} == {f"Huvudman {FEW[0]}"}
    assert any(why in p.words.en for p in found.problems)


LATER_LIES = {
    "it grew": (lambda v: v * 1.5, "larger than in the first round"),
    "a negative square": (put(0, lambda v: -v), "sums of squares"),
    "a negative logarithm": (put(18, lambda v: -v - 1), "do not agree"),
}


@pytest.mark.parametrize(("lie", "why"), LATER_LIES.values(), ids=LATER_LIES.keys())
def test_a_later_answer_must_agree_with_the_first(begun, lie, why):
    here, (first, before), (content, files) = begun
    here.merge(first, before)
    found = here.merge(content, [(FEW[0], changed(files[0][1], here.keyring[FEW[0]], lie)), *files[1:]])
    assert any(why in p.words.en for p in found.problems)
    assert found.path is None


def test_a_lie_under_a_mask_is_seen_in_the_sum_of_its_block(nation, study):
    here = nation()
    content = here.open(study)
    files, who = here.answers(content), here.company[0].organiser
    numbers = masks.from_bytes(base64.b64decode(unseal(dict(files)[who], Kind.ANSWER, "a").body["numbers"]))
    numbers[0] = (numbers[0] - (10**6 << masks.FRACTION)) % masks.MODULUS
    lie = changed(dict(files)[who], here.keyring[who], {"numbers": base64.b64encode(masks.to_bytes(numbers)).decode()})
    found = here.merge(content, [(o, lie if o == who else a) for o, a in files])
    assert found.path is None
    assert "Huvudman" in found.problems[0].about
    assert "numbers of pupils" in found.problems[0].words.en


WRONG = {
    "of another study": ({"id": "0" * 16}, "answers another round"),
    "of another round": ({"round": "0" * 64}, "answers another round"),
    "by another version": ({"schema": "0" * 64}, "another version"),
    "too short": ({"numbers": "AAAA"}, "numbers, expected"),
    "not to be read": ({"numbers": "€"}, "cannot be read"),
    "of a stranger": ({"organiser": "5599999999"}, "was not asked"),
    "in another's name": ({"organiser": FEW[1]}, "signed by another key"),
}


@pytest.mark.parametrize(("fields", "why"), WRONG.values(), ids=WRONG.keys())
def test_a_file_that_is_not_the_answer_is_told_of(begun, fields, why):
    here, (content, files), _ = begun
    found = here.merge(content, [("x", changed(files[0][1], here.keyring[FEW[0]], fields)), *files[1:]])
    assert why in found.problems[0].words.en
    assert [card.organiser for card in found.missing] == [FEW[0]]


def test_a_file_that_was_changed_on_its_way_is_told_of(begun):
    here, (content, files), _ = begun
    found = here.merge(content, [("x", files[0][1].replace(b'"pools":0', b'"pools":1')), *files[1:]])
    assert "does not hold" in found.problems[0].words.en


def test_of_two_different_answers_none_is_used_however_often_one_of_them_comes(begun):
    here, (content, files), _ = begun
    name, own = files[0]
    other = changed(own, here.keyring[name], put(3, lambda v: v + 1))
    found = here.merge(content, [(name, own), (name, other), (name, own), *files[1:]])
    assert [card.organiser for card in found.missing] == [name]
    assert len(found.problems) == 1


def test_where_no_block_is_left_it_is_told_who_is_missing_and_nothing_is_written(nation, study):
    here = nation()
    content = here.open(study)
    answers = here.answers(content)[1:]
    with pytest.raises(UsageError, match=r"No block is left: the only one lacks .*Huvudman.*\n.*cut short"):
        here.merge(content, [*answers, ("half.json", answers[0][1][:200])], leave_out=True)
    assert here.merge(content, here.answers(content)).asked == 1


def test_the_same_file_twice_is_one_answer_and_two_different_ones_are_none(begun):
    here, (content, files), _ = begun
    assert here.merge(content, [*files, files[0]]).asked == 1
    other = changed(files[0][1], here.keyring[FEW[0]], lambda v: v + 1.0)
    found = here.merge(content, [*files, ("again", other)])
    assert "two different answers" in found.problems[0].words.en
    assert found.path is None


def test_an_answer_to_an_earlier_round_is_not_taken_for_this_one(begun):
    here, (first, before), (content, files) = begun
    here.merge(first, before)
    found = here.merge(content, [before[0], *files[1:]])
    assert "answers another round" in found.problems[0].words.en


def sums_of(random, slope, n=2000):
    """[X y]' [X y] of pupils with a constant and one mark."""
    girl = random.integers(0, 2, n)
    W = np.column_stack([np.ones(n), girl, 5 + slope * girl + random.normal(0, 1, n)])
    return W.T @ W


def test_one_block_that_does_not_look_like_the_others_is_told_of():
    random = np.random.default_rng(5)
    honest = [(i, sums_of(random, 0.5)) for i in range(9)]
    assert standing_out(honest, 1.0) == ()
    assert [s.block for s in standing_out([*honest, (9, sums_of(random, -0.5))], 1.0)] == [9]


def test_a_mark_that_fewer_than_five_of_a_block_have_stops_the_study(study, company):
    """The sum of their results would be about them alone."""
    girls, tertiary, n = 400.0, 3.0, 1000
    total = np.diag([n, girls, tertiary, 3e7])
    total[0, 1] = total[1, 0] = girls
    total[0, 2] = total[2, 0] = tertiary
    few = opening_faults(study, Opened(n, (50, 10), total), Block(company))
    assert [words.en for words in few] == [
        "some mark is had (or lacked) by fewer than 5 pupils; leave it out of the study"
    ]
    total[0, 2] = total[2, 0] = total[2, 2] = 30.0
    assert opening_faults(study, Opened(n, (50, 10), total), Block(company)) == ()


def test_blocks_are_as_many_as_can_be_and_each_is_large_enough(study, company, tmp_path):
    many = tuple(replace(card, organiser=f"21201{i:05d}", units=40, pupils=900) for i, card in enumerate(company * 5))
    blocks = make_blocks(study, many, "seed")
    assert len(blocks) == 6
    assert all(len(b.cards) >= 10 and b.groups(study) >= study.least_groups() for b in blocks)
    assert sum(len(b.cards) for b in blocks) == 60
    with pytest.raises(UsageError, match="3 organisers"):
        make_blocks(study, many[:3], "seed")
    with pytest.raises(UsageError, match="same organiser"):
        make_blocks(study, (*many, many[0]), "seed")


def test_the_one_shot_form_is_near_the_pooled_fit_and_says_that_it_is_not_equal(open_nation, in_the_clear):
    found = open_nation.run(replace(in_the_clear, way=Way.ONCE, method=Method.ML))
    one = pooled(open_nation.lake, replace(in_the_clear, method=Method.ML), FEW)
    assert np.abs(found.fit.beta - one.beta).max() < one.se.max()
    assert unseal(found.path.read_bytes(), Kind.FIT, "f").body["exact"] is False


def test_an_organiser_without_pupils_does_not_stop_its_block(nation, study, nobody):
    here, (keys, card) = nation(), nobody
    here.keyring = {**here.keyring, keys.organiser: keys}
    content = here.open(replace(study, levels=("unit",)), company=(*here.company, card))
    found = here.merge(content, here.answers(content))
    assert found.asked == 1
    assert here.answer(found.path.read_bytes(), keys.organiser)


def test_when_nobody_is_left_there_is_nothing_to_merge(begun):
    here, (content, _), _ = begun
    with pytest.raises(UsageError, match="No block is left"):
        here.merge(content, [], leave_out=True)


def test_a_withdrawal_in_anothers_name_is_told_of(begun):
    here, (content, files), _ = begun
    said = {"id": read_round(content, "r").id, "organiser": FEW[1], "answered": []}
    forged = seal(Kind.WITHDRAWAL, said, here.keyring[FEW[0]].signing)
    found = here.merge(content, [("w", forged), *files])
    assert "withdraws somebody else" in found.problems[0].words.en
    assert found.asked == 1


def test_rounds_that_are_used_up_are_told_of(open_nation, in_the_clear):
    with pytest.raises(UsageError, match="has not ended after the 2 rounds"):
        open_nation.run(replace(in_the_clear, most_rounds=2))


def test_rounds_are_merged_in_order(begun):
    here, (first, before), (second, files) = begun
    here.merge(first, before)
    state = here.folder / "state.json"
    state.write_text(state.read_text().replace('"sums": {"0"', '"sums": {"9"'))
    with pytest.raises(InputError, match="lacks a round"):
        here.merge(second, files)


def test_a_node_that_has_lost_its_sums_says_so(open_nation, in_the_clear):
    content = open_nation.open(in_the_clear)
    content = open_nation.merge(content, open_nation.answers(content, FEW)).path.read_bytes()
    (open_nation.folder / "state.json").unlink()
    with pytest.raises(InputError, match="missing or broken"):
        open_nation.merge(content, open_nation.answers(content, FEW))


def test_a_round_of_another_node_is_not_merged(open_nation, in_the_clear, tmp_path):
    content = open_nation.open(in_the_clear)
    other = Nation(open_nation.folder, open_nation.lake, {NODE: new_keys(tmp_path / "other.key", NODE)}, ())
    with pytest.raises(EnvelopeError, match="is signed by"):
        other.merge(content, [])
