"""Figures by themselves and as files: the same cells as the page has, and a trace where they are not public."""

from __future__ import annotations

import csv
import io
import json

import pytest
from tests.site.insight.conftest import EKVIK, GRAN, SECRET

from likvard.site.audit.models import Event
from likvard.terms import Audience

GAP = f"/skolor/{GRAN}/figur/gap-girls-boys/"
KINDS = {"csv": b"", "xlsx": b"PK", "json": b"{", "svg": b"<svg", "png": b"\x89PNG"}


def numbers(content: bytes) -> set[float]:
    """Every number in a CSV file."""
    found = set()
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        for text in row:
            try:
                found.add(float(text))
            except ValueError:
                continue
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_can_be_had_as_every_kind_of_file(publication, enter, kind):
    response = enter(None).get(GAP, {"som": kind})
    assert response.content.lstrip(b"\xef\xbb\xbf").startswith(KINDS[kind])
    assert f'filename="gap-girls-boys-sv.{kind}"' in response.headers["Content-Disposition"]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_says_first_that_the_data_are_invented(publication, enter):
    first = enter(None).get(GAP, {"som": "csv"}).content.decode("utf-8-sig").splitlines()[0]
    assert "åhittad" in first


def test_a_file_hides_what_the_page_hides(publication, cast, enter):
    assert SECRET not in numbers(enter(None).get(GAP, {"som": "csv"}).content)
    assert SECRET in numbers(enter(cast.harald).get(GAP, {"som": "csv"}).content)
    assert "283" not in json.dumps(json.loads(enter(None).get(GAP, {"som": "json"}).content))


def test_a_file_holds_the_cells_of_the_publication(publication, enter):
    cells = publication.cells(Audience.PUBLIC, measure="merit_value", group=("girls", "boys"), areas=[GRAN])
    shown = {p.cell.value for p in cells.values() if p.cell.value is not None}
    assert shown <= numbers(enter(None).get(GAP, {"som": "csv"}).content)


def test_taking_out_what_is_not_public_leaves_an_event(publication, cast, enter):
    enter(cast.harald).get(GAP, {"som": "xlsx"})
    event = Event.objects.get(what="figures.taken")
    assert (event.actor, event.unit, event.subject) == (str(cast.harald.pk), GRAN, f"unit:{GRAN}")
    assert event.values == {"figure": "gap-girls-boys", "kind": "xlsx", "publication": publication.id}


def test_taking_out_what_is_public_leaves_none(publication, cast, enter):
    enter(None).get(GAP, {"som": "csv"})
    enter(cast.other_harald).get(GAP, {"som": "csv"})
    assert not Event.objects.filter(what__startswith="figures.").exists()


def test_a_figure_stands_by_itself_at_its_own_address(publication, enter):
    page = enter(None).get(f"/resultat/{EKVIK}/figur/gap/?matt=merit_value").content.decode()
    assert "Blir gapet större?" in page
    assert f'href="/resultat/{EKVIK}/?matt=merit_value"' in page


@pytest.mark.parametrize(
    "path",
    [
        f"/skolor/{GRAN}/figur/finns-inte/",
        GAP + "?som=pdf",
        GAP + "?som=../csv",
        f"/oversikt/{EKVIK}/figur/needs/?som=png",
    ],
)
def test_a_figure_or_file_that_there_is_not_is_not_found(publication, enter, path):
    assert enter(None).get(path).status_code == 404


def test_the_needs_map_is_a_file_too(publication, enter):
    content = enter(None).get(f"/oversikt/{EKVIK}/figur/needs/", {"som": "csv"}).content.decode("utf-8-sig")
    assert "Granskolan" in content
