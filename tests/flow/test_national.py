"""The national report on small planted nations: what is recovered, what is said, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from benchmarks.national_report import RUBRIC, World, world
from benchmarks.national_report import Setting as Nation

from likvard.flow.national import AUDIT, SETTLED, Found, Frame, Mark, National, estimate
from likvard.flow.national_rows import Estimate
from likvard.flow.national_told import STATEMENTS, in_words, statement
from likvard.terms import InputError, ModelError


@pytest.fixture(scope="module")
def nation() -> World:
    return world(Nation("drawn by risk", organisers=500), 4)


@pytest.fixture(scope="module")
def found(nation: World) -> National:
    return estimate(nation.marks, nation.frame, RUBRIC, seed=1, later=nation.later)


def holds(one: Estimate, truth: float) -> bool:
    return one.low <= truth <= one.high


def test_shares_corrected_for_selection_hold_the_truth_and_uncorrected_ones_are_too_dark(nation, found):
    truth = {one.cls: nation.share(one.cls) for one in found.shares}
    assert all(holds(one.weighted, truth[one.cls]) for one in found.shares)
    low = found.shares[-1]
    assert low.unweighted.value > low.weighted.value + 0.03
    assert abs(low.weighted.value - truth["low"]) < abs(low.unweighted.value - truth["low"])


def test_shares_and_probabilities_add_up_to_one(found):
    assert sum(one.weighted.value for one in found.shares) == pytest.approx(1)
    assert all(sum(one.probability.values()) == pytest.approx(1) for one in found.organisers)
    for key in RUBRIC.criteria:
        assert sum(one.share.value for one in found.levels if one.criterion == key) == pytest.approx(1)


def test_organisers_stand_by_key_and_the_likeliest_class_is_right_more_often_than_one_marker(nation, found):
    assert [one.organiser for one in found.organisers] == sorted(one.organiser for one in found.organisers)
    truth = {row.organiser: cls for row, cls in zip(nation.frame, nation.classes, strict=True)}
    right = np.mean([one.likeliest == truth[one.organiser] for one in found.organisers])
    alone = [mark for mark in nation.marks if mark.marker == "m0"]
    by_one = estimate(alone, nation.frame, RUBRIC, seed=1)
    assert right > 0.8
    assert right > np.mean([one.by_marks == truth[one.organiser] for one in by_one.organisers])


def test_markers_errors_and_agreement_are_what_was_planted(found):
    assert np.mean(list(found.marker_error.values())) == pytest.approx(0.15, abs=0.04)
    assert 0.6 < found.overall.alpha.value < 0.85
    assert found.overall.alpha.low < found.overall.kappa.value < found.overall.alpha.high
    assert found.doubled == found.marked == found.overall.organisers


def test_every_way_to_weigh_is_told_and_uneven_weights_cost(found):
    by_key = {one.key: one for one in found.sensitivity}
    assert list(by_key) == ["design", "unweighted", "calibrated", "trimmed", "pupils", "marks", "normal", "latent"]
    assert by_key["unweighted"].effective == pytest.approx(found.marked)
    assert by_key["design"].effective <= by_key["trimmed"].effective < found.marked
    assert all(sum(e.value for e in one.shares.values()) == pytest.approx(1) for one in found.sensitivity)


def test_the_two_statements_are_nested(found):
    wide, narrow = found.statements
    assert set(narrow.classes) < set(wide.classes)
    assert narrow.estimate.value < wide.estimate.value
    assert wide.estimate.value == pytest.approx(1 - found.shares[0].weighted.value)


@pytest.mark.parametrize(
    ("value", "half", "verdict"),
    [(0.75, 0.05, "holds"), (0.75, 0.2, "open"), (0.45, 0.1, "fails"), (0.86, 0.03, "open")],
)
def test_a_statement_holds_only_when_the_whole_interval_lies_within_its_words(value, half, verdict):
    told = statement(STATEMENTS[0], RUBRIC, Estimate(value, half / 2, value - half, value + half))
    assert told.verdict == verdict
    assert 0 <= told.probability <= 1
    assert (told.low, told.high) == (0.625, 0.875)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.26, "about one of four"),
        (0.65, "about two of three"),
        (0.88, "about nine of ten"),
        (0.01, "hardly any"),
        (0.99, "nearly all"),
    ],
)
def test_a_share_is_said_in_plain_words(share, words):
    assert in_words(share).en == words


def test_a_planted_link_to_later_results_is_found_and_the_placebo_is_silent(found):
    assert holds(found.prediction.differences["low"], -4.0)
    assert found.prediction.differences["low"].value < found.prediction.differences["several"].value < 0
    assert all(holds(one, 0.0) for one in found.prediction.placebo.values())


def test_the_same_marks_in_another_order_give_the_same_report(nation, found):
    again = estimate(nation.marks[::-1], nation.frame[::-1], RUBRIC, seed=1, later=nation.later)
    values = [[one.weighted.value for one in result.shares] for result in (again, found)]
    assert values[0] == pytest.approx(values[1])
    assert again.overall == found.overall


def test_with_everybody_marked_only_markers_and_the_model_are_uncertain():
    everybody = world(Nation("all", organisers=80, lift=10.0), 2)
    sample = world(Nation("some", organisers=80, lift=0.9), 2)
    whole, part = (estimate(one.marks, one.frame, RUBRIC, seed=1) for one in (everybody, sample))
    assert whole.marked == whole.population == 80
    assert 0 < whole.shares[0].weighted.se < part.shares[0].weighted.se
    assert whole.prediction is None


SMALL = tuple(Frame(f"{i:02d}", "all", 0.5, 100, "municipal") for i in range(24))


def marked(level=lambda i, k: (i + k) % 3, who=12):
    return [
        Mark(f"{i:02d}", m, key, level(i, k), 2026)
        for i in range(who)
        for k, key in enumerate(RUBRIC.criteria)
        for m in ("a", "b")
    ]


def one_of(result: National, organiser: str):
    return next(one for one in result.organisers if one.organiser == organiser)


def test_settling_what_was_agreed_adds_nothing_and_settling_a_difference_does():
    marks = marked()
    agreed = [*marks, *(Mark("00", SETTLED, key, k % 3, 2026, blind=False) for k, key in enumerate(RUBRIC.criteria))]
    plain, same = estimate(marks, SMALL, RUBRIC, seed=1), estimate(agreed, SMALL, RUBRIC, seed=1)
    assert same.shares == plain.shares
    apart = [
        replace(m, level=0) if (m.organiser, m.marker, m.criterion) == ("01", "a", "overview") else m for m in marks
    ]
    settled = [*apart, Mark("01", SETTLED, "overview", 1, 2026, blind=False)]
    assert one_of(estimate(settled, SMALL, RUBRIC, seed=1), "01").readings == 13
    assert "unsettled" in {c.key for c in estimate(apart, SMALL, RUBRIC, seed=1).warnings}
    assert "unsettled" not in {c.key for c in estimate(settled, SMALL, RUBRIC, seed=1).warnings}


def test_a_level_changed_after_the_organisers_reply_sets_the_marks_before_it_aside():
    replied = [*marked(), *(Mark("03", SETTLED, key, 2, 2026, blind=False) for key in RUBRIC.criteria)]
    found = one_of(estimate(replied, SMALL, RUBRIC, seed=1), "03")
    assert found.by_marks == found.likeliest == "high"
    assert found.readings == 2 * 2 + 4


def test_an_audit_is_a_reading_but_no_part_of_agreement():
    marks = marked()
    audited = [*marks, *(Mark("02", AUDIT, key, 2, 2026, blind=False) for key in RUBRIC.criteria)]
    one, other = estimate(marks, SMALL, RUBRIC, seed=1), estimate(audited, SMALL, RUBRIC, seed=1)
    assert one.overall == other.overall
    assert one_of(other, "02").readings == one_of(one, "02").readings + 6


def test_what_the_report_rests_on_is_told():
    frame = [*SMALL, Frame("99", "never", 0.1, 50, "municipal")]
    few = [Mark("12", "a", "overview", 1, 2026), *(m for m in marked() if m.marker == "a")]
    told = {one.key for one in estimate(few, frame, RUBRIC, seed=1).warnings}
    assert told == {"unseen_strata", "few", "single", "left_out"}


def test_findings_of_decisions_are_told_in_pairs():
    random = np.random.default_rng(1)
    rows = [
        Found(f"d{i}", f"area{k}")
        for i in range(200)
        for k in range(5)
        if random.random() < 0.4 or (k == 1 and i % 3 == 0)
    ]
    told = estimate(marked(), SMALL, RUBRIC, seed=1, findings=rows).findings_together
    assert told.n == len({row.inspection for row in rows})
    assert told.tests == 10


@pytest.mark.parametrize(
    ("marks", "frame", "said"),
    [
        ([*marked(), Mark("00", "c", "overview", 1, 2025)], SMALL, "2 rounds"),
        ([], SMALL, "0 rounds"),
        (marked(), (*SMALL, SMALL[0]), "twice in the frame"),
        ([*marked(), Mark("77", "a", "overview", 1, 2026)], SMALL, "not in the frame"),
        ([*marked(), Mark("00", "c", "courage", 1, 2026)], SMALL, "not in version 2022"),
        ([*marked(), Mark("00", "c", "overview", 3, 2026)], SMALL, "above the rubric's 2"),
        ([*marked(), Mark("00", "a", "overview", 1, 2026)], SMALL, "twice"),
        (marked(), [replace(row, units=1) for row in SMALL], "does not apply"),
    ],
)
def test_marks_that_do_not_fit_the_frame_or_the_rubric_are_refused(marks, frame, said):
    with pytest.raises(InputError, match=said):
        estimate(marks, frame, RUBRIC, seed=1)


def test_rows_that_cannot_be_are_refused_when_they_are_made():
    with pytest.raises(InputError, match="below 0"):
        Mark("1", "a", "overview", -1, 2026)
    with pytest.raises(InputError, match="as blind"):
        Mark("1", SETTLED, "overview", 1, 2026)
    with pytest.raises(InputError, match="probability 0"):
        Frame("1", "s", 0.0, 10, "municipal")
    with pytest.raises(InputError, match="0 units"):
        Frame("1", "s", 0.5, 10, "municipal", units=0)


def test_a_round_with_fewer_than_ten_organisers_is_no_report():
    with pytest.raises(ModelError, match="too few"):
        estimate(marked(who=9), SMALL, RUBRIC, seed=1)


def test_the_version_of_the_rubric_is_the_rounds_own(found):
    assert (found.rubric, found.round) == (RUBRIC.version, 2026)
    assert date(2026, 11, 1).year == found.round
