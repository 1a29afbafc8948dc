"""Shares in words and as a picture: what is not there is a dash, and the picture agrees with the table."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest
from django.utils import translation
from tests.site.addresses_ratings import outcome

from likvard.flow.national import Classed, Estimate
from likvard.site.ratings import frozen, pictures, shares
from likvard.site.ratings.rubrics import rubric_on, versions


@pytest.fixture
def rubric(today):
    return rubric_on(today)


@pytest.mark.parametrize(
    ("language", "share", "interval"), [("sv", "24\u00a0%", "17–32\u00a0%"), ("en", "24%", "17–32%")]
)
def test_a_share_is_whole_per_cent_with_the_sign_of_the_language(language, share, interval):
    with translation.override(language):
        assert shares.per_cent(0.24) == share
        assert shares.between(Estimate(0.24, 0.04, 0.17, 0.32)) == interval


def test_what_is_not_there_is_a_dash():
    assert shares.per_cent(nan) == shares.coefficient(nan) == shares.between(Estimate(nan, nan, nan, nan)) == "–"


@pytest.mark.parametrize(
    ("value", "said"), [(0.9999, "över 99\u00a0%"), (0.004, "under 1\u00a0%"), (0.99, "99\u00a0%")]
)
def test_no_class_of_an_organiser_is_said_to_be_quite_certain(value, said):
    with translation.override("sv"):
        assert shares.probability(value) == said


def test_the_picture_puts_every_mark_on_the_same_scale_as_its_ticks(rubric):
    made = pictures.classes(frozen.from_data(outcome()), rubric)
    place = {tick: at for at, tick in made.ticks}
    assert place[max(place)] == pictures.WIDE
    assert all(bar.low < bar.value < bar.high for bar in made.bars)
    assert all(bar.low == place[20] and bar.high == place[40] for bar in made.bars)


@pytest.mark.parametrize(("probability", "sure"), [(0.7, True), (0.69, False)])
def test_a_class_under_seventy_per_cent_is_unsure(rubric, probability, sure):
    classed = Classed("1", {"high": 1 - probability, "several": 0.0, "low": probability}, "low", "low", 12)
    found = replace(frozen.from_data(outcome()), organisers=(classed,))
    assert shares.classed(found, "1", rubric).sure is sure
    assert shares.classed(found, "2", rubric) is None


def test_the_page_of_the_rubric_shows_the_version_that_is_asked_for_and_else_that_of_today(client, settings, db):
    settings.LANGUAGE_CODE = "sv"
    every = versions()
    assert len(every) > 1
    old = client.get(f"/bedomning/mall/?dag={every[-1].valid_from}").content.decode()
    assert f"version {every[-1].value.version}" in old
    for asked in ("", "?dag=1500-01-01", "?dag=x"):
        assert f"version {every[0].value.version}" in client.get(f"/bedomning/mall/{asked}").content.decode()
