"""What a node could come at by asking the same again in another way: fewer years, or nought at a level."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from likvard.flow.federation.check import Block, RefusedShareError
from likvard.flow.federation.counted import MOST_PIECES, require_levels, require_unsolvable
from likvard.flow.federation.keys import NODE
from likvard.flow.federation.ledger import Remembered
from likvard.flow.federation.rounds import next_round, read_round
from likvard.flow.federation.rows import read_rows
from likvard.models import federated
from likvard.records.lake import Lake

YEARS = (2020, 2021, 2022, 2023, 2024)
NOBODY = np.array([], dtype=np.uint64)


def answered(study, rounds, points=(), identity="a"):
    told = {i: str(i) for i in range(rounds + 1)}
    return Remembered(identity, study, (), told, NOBODY, points={i: tuple(at) for i, at in enumerate(points, 1)})


@pytest.fixture(scope="module")
def by_year(study):
    """Five years, units in a year the only groups."""
    return replace(study, years=YEARS, levels=("unit:year",), fixed=("girl",), most_rounds=6)


@pytest.fixture(scope="module")
def block(company):
    """Twelve organisers of eight units: enough for five years together, not for one of them."""
    return Block(tuple(replace(card, units=8) for card in company))


def unknown_by_hand(study):
    """Numbers of an answer that do not follow from how many pupils every group has: products with a column that is hidden."""
    public = len(study.years)
    m = public + len(study.hidden)
    triangle = m * (m + 1) // 2 - public * (public + 1) // 2
    return triangle * (1 + study.most_rounds * study.shape.matrices)


@pytest.mark.parametrize("years", [YEARS, YEARS[:1]])
def test_years_are_no_secret_and_hide_no_group(by_year, years):
    """Each year's column once counted as an unknown sum of every group, though it is the group's pupils or none."""
    asked = replace(by_year, years=years)
    assert asked.hidden == {"girl", "merit"}
    assert unknown_by_hand(asked) <= asked.told(asked.most_rounds) <= len(asked.hidden) * asked.least_groups()


def test_a_units_share_is_no_further_secret(by_year):
    assert len(replace(by_year, fixed=("tertiary", "share_tertiary")).hidden) == 2


def test_one_study_less_another_is_about_the_years_between_and_is_refused(by_year, block):
    past = answered(by_year, by_year.most_rounds)
    require_unsolvable([], by_year, block)
    with pytest.raises(RefusedShareError, match="would tell of 2024/25 alone"):
        require_unsolvable([past], replace(by_year, years=YEARS[:-1]), block)


def test_three_studies_whose_years_leave_one_between_them_are_refused(by_year, block):
    """(2020, 2021) and (2022, 2023) from all five years leave 2024."""
    pairs = [answered(replace(by_year, years=YEARS[i : i + 2]), 8, identity=str(i)) for i in (0, 2)]
    require_unsolvable(pairs, replace(by_year, most_rounds=3), block)
    with pytest.raises(RefusedShareError, match="would tell of 2024/25 alone: 226 numbers of 192"):
        require_unsolvable(pairs, by_year, block)


def test_years_that_no_study_had_are_another_matter(by_year, block):
    require_unsolvable([answered(replace(by_year, years=(2015, 2016)), 6)], by_year, block)


def test_years_that_are_put_together_in_too_many_ways_are_refused(by_year, block):
    many = [answered(replace(by_year, years=(2000 + i, 2001 + i)), 0, identity=str(i)) for i in range(MOST_PIECES + 1)]
    with pytest.raises(RefusedShareError, match="so many ways"):
        require_unsolvable(many, replace(by_year, years=(2000,), most_rounds=2), Block(block.cards * 9))


def test_asked_with_nought_at_the_finest_level_an_answer_is_about_the_higher_alone(lake, study, company):
    """The value and the derivatives at the higher level are, to the last digit, those of a study of organisers only."""
    both = replace(study, levels=("unit", "organiser"))
    with Lake.open(lake).connect() as con:
        moments = read_rows(con, both, company[0].organiser, bytes(32)).moments
    alone = replace(both.model, effects=both.model.effects[1:])
    asked = federated.read_answer(federated.answer(moments, both.model, np.array([0.0, 0.2])), both.shape)
    other = federated.read_answer(
        federated.answer(moments, alone, np.array([0.2])), federated.shape_of((*both.design, both.target), alone)
    )
    assert np.allclose(asked.Q, other.Q, rtol=1e-12)
    assert np.allclose(asked.Q1[1], other.Q1[0], rtol=1e-12)
    assert np.allclose(asked.Q2[1, 1], other.Q2[0, 0], rtol=1e-12)


def test_such_a_round_is_refused_where_it_would_tell_of_single_organisers(nation, study):
    here = nation()
    asked, organiser = replace(study, levels=("unit", "organiser")), here.company[0].organiser
    content = here.open(asked)
    here.answer(content, organiser)
    opened = read_round(content, "round 0")
    for at in ([0.3, 0.1], [0.0, 0.2], [0.01, 0.2]):
        following = next_round(opened, np.array(at), here.keyring[NODE], answer_by=opened.answer_by, left_out=[])
        if at[0] > 0.05:
            assert here.answer(following, organiser)
            opened = read_round(following, "round 1")
            continue
        with pytest.raises(RefusedShareError, match="as if nothing differed at the finer levels"):
            here.answer(following, organiser)


def test_a_few_such_rounds_are_answered_and_they_are_counted(study, by_year, block):
    both = replace(by_year, levels=("unit:year", "unit"))
    once, nought = [(0.3, 0.1)], (0.0, 0.1)
    counts = []
    for i in range(12):
        past = answered(both, 1 + i, once + [nought] * i)
        try:
            require_levels([past], "a", both, block, 2 + i, nought)
        except RefusedShareError:
            break
        counts.append(i)
    told = both.told(len(counts), 1)
    assert 0 < len(counts) < 12
    assert told < len(both.hidden) * block.units <= both.told(len(counts) + 1, 1)


def test_what_an_earlier_study_told_of_the_level_counts_too(by_year, block):
    both = replace(by_year, levels=("unit:year", "unit"))
    other = answered(replace(by_year, levels=("unit",)), 6, identity="b")
    require_levels([], "a", both, block, 1, (0.0, 0.1))
    with pytest.raises(RefusedShareError, match="single units"):
        require_levels([other], "a", both, block, 1, (0.0, 0.1))
