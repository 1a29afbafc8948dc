"""A small area with invented schools, for laying out chapters."""

from __future__ import annotations

from datetime import date

import pytest

from likvard.figures.chapters.frame import Frame, Place
from likvard.figures.charts import School
from likvard.figures.figure import Source
from likvard.terms import Audience, Level, Words

NAMES = {"99000001": "Ängskolan", "99000002": "Bäckskolan", "99000003": "Åsskolan"}


@pytest.fixture
def source() -> Source:
    return Source(Words("Påhittat", "Invented"), "2026", ("0001-invented",))


@pytest.fixture
def frame(source: Source) -> Frame:
    schools = {code: School(name, code=code) for code, name in NAMES.items()}
    place = Place("9101", "Ekvik", Level.MUNICIPALITY)
    return Frame(place, Audience.PUBLIC, date(2026, 11, 21), schools, {"synthetic": source}, "")
