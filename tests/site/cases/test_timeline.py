"""Events in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import likvard.site.cases
from likvard.site.audit.models import Event
from likvard.site.cases.access import case_for
from likvard.site.cases.exports import MatterCount, matter_counts, rows
from likvard.site.cases.kinds import MATTER
from likvard.site.cases.timeline import WORDS, happenings

CODE = Path(likvard.site.cases.__file__).parent


def test_every_event_that_the_code_records_has_words():
    written = {
        code for file in CODE.rglob("*.py") for code in re.findall(r'"((?:case|letter)\.[a-z_]+)"', file.read_text())
    }
    assert written == set(WORDS)


@pytest.mark.django_db
def test_what_one_person_reads_on_one_day_is_one_point(cast, shared, now):
    for _ in range(3):
        case_for(cast.rut, shared.dnr, at=now)
    newest = happenings(Event.objects.order_by("-seq"), MATTER, leads=True)[0]
    assert newest.what == "The matter was read, 3 times"


@pytest.mark.django_db
def test_matters_are_counted_by_unit_form_school_year_and_kind(places, opened, cast, now):
    opened()
    opened(at=now.replace(month=6, day=30))
    opened(at=now.replace(month=7, day=1))
    opened(place=places.ekvik, by=cast.harald)
    assert list(rows()) == [
        MatterCount("90000001", "GR", 2024, "matter", 1),
        MatterCount("90000001", "GR", 2025, "matter", 2),
    ]


def test_the_year_of_a_count_is_stockholms(now):
    midnight = now.replace(month=6, day=30, hour=22, minute=30)
    assert [count.school_year for count in matter_counts([("1", "GR", midnight, "matter")])] == [2025]
