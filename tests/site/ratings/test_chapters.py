"""Chapters from the publication are kept as words and cells: the same on paper and on the page when there is a newer publication."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation
from tests.site.addresses_ratings import closed_round, outcome

from likvard.site.ratings import chapters, composing, frozen, sections
from likvard.site.ratings.models import Outcome, Report, ReportVersion
from likvard.site.writing.text import Table, plain_text

NOW = date(2025, 11, 14)
PUBLICATION = SimpleNamespace(id="abc", on=NOW)
SAID = {"round": {"rubric_on": "2025-11-01", "name": "Omgången"}}


@pytest.fixture
def figures():
    """Figures as the report's own are: any figure is kept in the same way."""
    return sections.figures_of(frozen.from_data(outcome()), SAID, NOW)


def test_a_figure_is_kept_in_both_languages_with_its_sentences_and_every_cell(figures):
    data = chapters.as_data(figures, PUBLICATION)
    assert (data["publication"], data["published"]) == ("abc", "2025-11-14")
    for language, question in (("sv", "Hur överens är bedömarna?"), ("en", "How far do markers agree?")):
        with translation.override(language):
            kept = {one.id: one for one in chapters.from_data(data)}["agreement"]
        assert kept.question == question
        assert {len(row) for row in kept.rows} == {len(kept.columns)}
        assert len(kept.rows) == 7


def test_charts_are_kept_as_pictures_and_a_version_from_before_has_none(figures):
    data = json.loads(json.dumps(chapters.as_data(figures, PUBLICATION)))
    kept = {one.id: one for one in chapters.from_data(data)}
    assert len(kept["levels-by-criterion"].pictures) == 6
    assert all('<img src="data:image/svg+xml;base64,' in image for image in kept["levels-by-criterion"].images)
    assert kept["sensitivity"].pictures == ()
    for one in data["figures"]:
        for language in ("sv", "en"):
            del one[language]["pictures"]
    assert all(one.pictures == () for one in chapters.from_data(data))


def test_the_chapters_are_drawn_only_while_their_publication_stands(figures):
    data = chapters.as_data(figures, PUBLICATION)
    assert chapters.still_stands(data, PUBLICATION)
    assert not chapters.still_stands(data, SimpleNamespace(id="newer", on=NOW))
    assert not chapters.still_stands(data, None)
    assert chapters.figures(None, NOW) == ()


@pytest.mark.django_db
def test_the_page_and_the_paper_show_what_was_kept_when_there_is_a_newer_publication(cast, now, figures, settings):
    settings.LANGUAGE_CODE = "sv"
    made = closed_round(cast.lea, now)
    Outcome.objects.create(round=made, data=outcome(), marks="1" * 64, software="likvard", at=now, by=cast.lea)
    report = Report.objects.create(
        round=made,
        slug="r-2025",
        state="published",
        title="R",
        lead="L",
        written_at=now,
        written_by=cast.lea,
        published_at=now,
    )
    from_round = {
        **outcome(),
        "texts": {name: {"sv": "T", "en": "T"} for name in ("title", "lead", "body")},
        "english": False,
    }
    about = {
        **SAID["round"],
        "rule": made.rule,
        "seed_from": made.seed_from,
        "publication": "abc",
        "frame": "f",
        "marks": "m",
        "software": "s",
    }
    content = {
        **from_round,
        "round": {**about, "measure": "", "audited": 1, "changed_by_reply": 2, "changed_by_audit": 0},
    }
    kept = chapters.as_data([one for one in figures if one.id == "sensitivity"], PUBLICATION)
    kept["figures"][0] |= {"id": "kept-one", "sv": kept["figures"][0]["sv"] | {"question": "Sparad fråga?"}}
    version = ReportVersion.objects.create(
        report=report, number=1, content={**content, "chapters": kept}, at=now, by=cast.petra
    )
    assert "Sparad fråga?" in Client().get(report.get_absolute_url()).content.decode()
    with translation.override("sv"):
        assert "Sparad fråga?" in plain_text(composing.written(version))


def test_a_table_wider_than_a_page_is_turned(figures):
    with translation.override("sv"):
        made = composing.fitted("Bred", ["Nivå", *"abcdefghij"], [["hög", *"1234567890"], ["låg", *"0987654321"]], ())
    assert isinstance(made, Table)
    assert made.columns == ("Nivå", "hög", "låg")
    assert ["".join(run.text for run in cell) for cell in made.rows[0]] == ["a", "1", "0"]
