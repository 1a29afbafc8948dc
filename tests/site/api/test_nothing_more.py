"""The API shows nothing that the pages hide: whatever is released, and whatever a page is made of."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.site.insight.conftest import EKVIK, GRAN, MORE, SECRET
from tests.site.insight.conftest import publish as publish_of_pages

from likvard.disclosure import Cell, CellKind, Released, release
from likvard.disclosure.publication import FIELDS, About, FigureKey, Publication, write
from likvard.figures.document import rounded
from likvard.figures.insight.overview import overview
from likvard.figures.insight.results import results
from likvard.figures.insight.unit import unit
from likvard.site import published
from likvard.site.insight import visits
from likvard.terms import Audience

keys = st.builds(
    FigureKey,
    st.sampled_from(["merit_value", "share_passing"]),
    st.just("observed"),
    st.sampled_from(["", "Ma"]),
    st.sampled_from(["all", "girls", "boys"]),
    st.just("unit"),
    st.sampled_from(["90000001", "90000002"]),
    st.just("GR"),
    st.sampled_from(["2022", "2023"]),
)
drawn = st.dictionaries(keys, st.tuples(st.floats(0, 1), st.integers(1, 40)), min_size=1, max_size=12)


def cell(key: FigureKey, share: float, n: int) -> Cell:
    """A mean or a share that cannot be mistaken for another."""
    if key.measure == "share_passing":
        return Cell(key, CellKind.SHARE, round(share * n) / n, n=n, numerator=round(share * n))
    return Cell(key, CellKind.MEAN, 100 + 200 * share + math.pi / 1000, n=n, ceiling=340.0)


def api_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in FIELDS)


@given(drawn)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_published_the_answer_is_what_the_gate_let_through(
    anybody, clock, tmp_path_factory, monkeypatch, cells
):
    made = [cell(key, *numbers) for key, numbers in cells.items()]
    day, path = date(2025, 9, 1), tmp_path_factory.mktemp("p") / "a.sqlite"
    let_through = release(made, audience=Audience.PUBLIC, on=day)
    parts = [(release(made, audience=audience, on=day), EKVIK, frozenset()) for audience in Audience]
    write(path, releases=parts, about=About("lake", "likvard", day, True))
    with closing(Publication.open(path)) as opened:
        monkeypatch.setattr(published, "current", lambda: opened)
        clock(60)
        text = anybody.ask("figures").content.decode()
        answered = {api_key(row): row for row in anybody.get("figures")["figures"]}
        table = list(csv.DictReader(io.StringIO(anybody.ask("figures?format=csv").content.decode())))
    assert set(answered) == set(let_through.cells)
    for key, out in let_through.cells.items():
        assert answered[key]["value"] == rounded(out.value)
        assert (answered[key]["low"], answered[key]["high"]) == (rounded(out.low), rounded(out.high))
    assert [row["value"] == "" for row in table] == [row["value"] is None for row in answered.values()]
    hidden = [c.value for c in made if let_through.cells[c.key].value is None and c.kind is CellKind.MEAN]
    shown = {rounded(x) for out in let_through.cells.values() for x in (out.value, out.low, out.high)}
    assert not [value for value in hidden if rounded(value) not in shown and repr(rounded(value)) in text]


def released(thing: object) -> Iterator[Released]:
    """Every released cell that a page is made of, wherever in it."""
    if isinstance(thing, Released):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for part in dataclasses.fields(thing):
            yield from released(getattr(thing, part.name))
    elif isinstance(thing, Mapping):
        yield from released(tuple(thing.values()))
    elif isinstance(thing, (tuple, list, frozenset)):
        for part in thing:
            yield from released(part)


@pytest.fixture
def pages(places, tmp_path: Path, monkeypatch) -> Iterator[Publication]:
    """The publication that insight's pages are tried on."""
    for code, name in MORE.items():
        places.björk.__class__.objects.create(
            code=code, name=name, organiser=places.ekvik, form_codes="|GR|", grades="F-9"
        )
    with closing(publish_of_pages(tmp_path / "pages.sqlite")) as opened:
        monkeypatch.setattr(published, "current", lambda: opened)
        yield opened


def public_pages(publication: Publication, now) -> Iterator[Released]:
    """Every cell of the public's overview, results and unit pages of Ekvik."""
    request = RequestFactory().get("/")
    request.user, request.now = visits.access.AnonymousUser(), now
    _, visit = visits.to_organiser(request, publication, EKVIK)
    assert visit.scope.audience is Audience.PUBLIC
    yield from released(overview(publication, visit.scope))
    for split in ("", "girls-boys"):
        yield from released(results(publication, visit.scope, split=split))
    for code in visit.scope.units:
        _, visit = visits.to_unit(request, publication, code)
        yield from released(unit(publication, visit.scope, code))


def test_no_page_hides_what_the_api_shows_and_the_other_way_round(anybody, pages, now):
    answered = {api_key(row): row for row in anybody.get("figures?limit=5000")["figures"]}
    cells = [one for one in public_pages(pages, now) if tuple(one.key) in answered]
    assert len({one.key for one in cells}) > 100
    for one in cells:
        row = answered[tuple(one.key)]
        assert row["value"] == rounded(one.value), one.key
        assert row["missing"] == (None if one.missing is None else one.missing.value)


def test_what_the_unit_page_hides_is_in_no_answer(anybody, pages, client):
    page = client.get(f"/skolor/{GRAN}/").content.decode()
    assert "283" not in page.replace("\u00a0", "")
    for path in (f"figures?area={GRAN}&limit=5000", f"figures?area={GRAN}&limit=5000&format=csv"):
        assert f"{SECRET}" not in anybody.ask(path).content.decode()


def test_a_hidden_figure_and_its_gap_are_null_with_the_same_reason_as_on_the_page(anybody, pages):
    answer = anybody.get(f"figures?area={GRAN}&year=2024&group=girls&group=girls-boys&measure=merit_value")
    assert [(f["aspect"], f["value"], f["n"]) for f in answer["figures"]] == [
        ("gap", None, None),
        ("observed", None, None),
    ]
