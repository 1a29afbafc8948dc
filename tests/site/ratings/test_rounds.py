"""A round from its draw to its frozen outcome: known probabilities, conflicts, audit, and everything in the chain."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import date, timedelta

import pytest

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, write
from likvard.site.audit.models import Event
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.ratings import beside, frames, frozen, permissions
from likvard.site.ratings.actions import rounds
from likvard.site.ratings.drawing import Rule
from likvard.site.ratings.models import Outcome, Rating, Round
from likvard.site.ratings.rubrics import asked
from likvard.terms import Audience

pytestmark = pytest.mark.django_db


def test_a_round_is_closed_with_classes_whose_probabilities_are_whole(country, make_round, play):
    made = play.closed(make_round())
    found = frozen.from_data(Outcome.objects.get(round=made).data)
    assert made.state == "closed"
    assert {row.state for row in made.ratings.all()} == {"closed"}
    assert found.marked == found.population == 14
    assert all(sum(one.probability.values()) == pytest.approx(1) for one in found.organisers)
    assert sum(one.weighted.value for one in found.shares) == pytest.approx(1)
    assert Event.objects.filter(what="round.closed").count() == 1


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


def test_the_frame_holds_everybody_with_a_school_and_its_seal_is_checked_when_the_round_opens(
    country, make_round, places, inspectors, now
):
    made = make_round(rule=Rule(seed="1", unknown=40))
    assert made.frame.count() == 14
    assert made.ratings.count() == made.frame.filter(selected=True).count()
    assert {row.units for row in made.frame.filter(organiser=places.lärkan)} == {1}
    rounds.share_out(round=made, markers=[inspectors.ines, inspectors.ivar], by=inspectors.lea, at=now)
    made.frame.filter(organiser=places.ekvik).update(probability=0.99)
    with pytest.raises(CaseError, match="sealed"):
        rounds.open_round(round=made, reason="Plan", by=inspectors.lea, at=now)


def test_an_organiser_with_a_single_school_is_not_asked_how_money_is_shared_between_schools(make_round, play, places):
    rating = play.opened(make_round()).ratings.get(organiser=places.lärkan)
    assert "allocation" not in asked(rating)
    assert "allocation" in asked(rating.round.ratings.get(organiser=places.ekvik))


@contextmanager
def published(path, cells):
    """A publication of organisers' cells."""
    day = date(2025, 9, 1)
    parts = [
        (release([one for one in cells if one.key[5] == number], audience=who, on=day), number, frozenset())
        for number in sorted({one.key[5] for one in cells})
        for who in Audience
    ]
    write(path, releases=parts, about=About("lake", "likvard", day, True))
    with closing(Publication.open(path)) as opened:
        yield opened


def test_risk_is_the_newest_public_figure_and_a_low_result_is_a_high_risk(places, tmp_path):
    cells = [
        Cell(FigureKey("merit_value", level="organiser", area=area, year=year), CellKind.MEAN, value, n=400, ceiling=340.0)
        for area, year, value in ((places.ekvik.pk, "2023", 250.0), (places.ekvik.pk, "2024", 210.0), (places.lärkan.pk, "2024", 240.0))
    ]  # fmt: skip
    with published(tmp_path / "a.sqlite", cells) as publication:
        assert frames.measures(publication) == ("merit_value",)
        found = {one.organiser: one.risk for one in frames.candidates(publication, "merit_value")}
    assert found == {places.ekvik.pk: -210.0, places.lärkan.pk: -240.0}


def of_forms(number, *figures):
    """Cells of need of an organiser, by form, year and pupils."""
    return [
        Cell(
            FigureKey("need_index", level="organiser", area=number, form=form, year=year), CellKind.ESTIMATE, value, n=n
        )
        for form, year, value, n in figures
    ]


def test_the_risk_of_an_organiser_of_several_forms_is_their_mean_over_pupils(places, tmp_path):
    cells = of_forms(
        places.ekvik.pk, ("GR", "2024", 90.0, 300), ("GY", "2024", 130.0, 100), ("SAM", "2023", 300.0, 900)
    )
    with published(tmp_path / "a.sqlite", cells) as publication:
        found = {one.organiser: one.risk for one in frames.candidates(publication, "need_index")}
    assert found == {places.ekvik.pk: 100.0, places.lärkan.pk: None}


def test_the_figures_beside_the_form_stand_by_school_form(places, tmp_path):
    cells = of_forms(places.ekvik.pk, ("GY", "2024", 130.0, 100), ("GR", "2023", 95.0, 300), ("GR", "2024", 90.0, 300))
    with published(tmp_path / "a.sqlite", cells) as publication:
        rows = beside.figures(places.ekvik, publication).rows
    assert [(str(row.head.note), str(row.cells[1].text)) for row in rows] == [
        ("compulsory school", "90"),
        ("upper secondary school", "130"),
    ]


@pytest.mark.parametrize("name", ["ines", "harald", "petra", "nils", "bea"])
def test_only_a_lead_makes_rounds(make_round, cast, name):
    with pytest.raises(Denied):
        make_round(by=getattr(cast, name))


def test_a_round_is_not_closed_before_the_audit(country, make_round, play, inspectors, now):
    made = play.opened(make_round())
    with pytest.raises(CaseError, match="not ready"):
        permissions.check_can_close(inspectors.lea, made, on=now.date())
    made.ratings.update(state="ready")
    with pytest.raises(CaseError, match="audited"):
        permissions.check_can_close(inspectors.lea, made, on=now.date())


def test_last_times_level_stands_beside_the_form(make_round, play, places, inspectors, now):
    before = play.ready(play.opened(make_round()).ratings.get(organiser=places.ekvik))
    Rating.objects.filter(pk=before.pk).update(state="closed")
    Round.objects.filter(pk=before.round_id).update(state="closed", closed_at=now, closed_by=inspectors.lea)
    again = make_round(name="Nästa", at=now + timedelta(days=300)).ratings.get(organiser=places.ekvik)
    found = beside.earlier(again, "support")
    assert (found.level, found.rating_id) == (1, before.pk)
    assert beside.earlier(before, "support") is None
