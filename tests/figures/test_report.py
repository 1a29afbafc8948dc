"""Figures and reports are valid from birth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from likvard.figures.measures import FigureError
from likvard.figures.report import Section, file_name
from likvard.terms import Language, Words


def test_a_figure_carries_source_and_method(report):
    for lacking in ({"sources": ()}, {"method": ()}):
        with pytest.raises(FigureError, match="source or method"):
            replace(report.figures[0], **lacking)


def test_ids_are_plain_so_that_they_can_be_addresses_and_file_names(report):
    with pytest.raises(FigureError, match="no id of a figure"):
        replace(report.figures[0], id="Å b")
    with pytest.raises(FigureError, match="no id of a report"):
        replace(report, id="../x")


def test_no_two_figures_share_an_id(report):
    with pytest.raises(FigureError, match="used twice"):
        replace(report, sections=(*report.sections, Section("again", Words("x", "x"), report.figures[:1])))


def test_facts_cannot_be_changed_afterwards(report):
    with pytest.raises(TypeError):
        report.figures[0].facts["schools"] = 3


def test_the_file_is_named_by_report_and_language(report):
    assert file_name(report, Language.EN, "html") == "ekvik-9911-en.html"
