"""The programme: its basis, its rule, what is selected, the protocol, the cases; and who may do and see what."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, write
from likvard.site import published
from likvard.site.audit.models import Event
from likvard.site.cases.models import Case
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.people.models import Organiser, Unit
from likvard.site.supervision import candidates, coverage, paper, protocol
from likvard.site.supervision.actions import programme as actions
from likvard.site.supervision.coverage import Reached, Sought
from likvard.site.supervision.invented import programme as invented
from likvard.site.supervision.models import Inspection, Programme, Selected
from likvard.site.supervision.selection import Route, Rule
from likvard.site.writing.text import plain_text
from likvard.terms import Audience, Level

EKVIK, LÄRKAN = "2120009991", "5560009995"
DIFFERENCES = {"90000001": -31.5, "90000002": 12.0, "90000011": -4.0, "90000012": 3.0, "90000005": -12.0}
SECRET = "90000013"
"""A unit whose figure only its organiser may see: seven pupils."""


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publication]:
    """Differences from the expected for five schools, and for one more to its organiser only."""
    path = tmp_path_factory.mktemp("programme") / "a.sqlite"
    cells = [_cell(code, value, 60) for code, value in DIFFERENCES.items()] + [_cell(SECRET, -60.0, 7)]
    parts = []
    for organiser in (EKVIK, LÄRKAN):
        own = [cell for cell in cells if (cell.key[5] == "90000005") == (organiser == LÄRKAN)]
        parts += [(release(own, audience=who, on=date(2025, 9, 1)), organiser, frozenset()) for who in Audience]
    write(
        path, releases=parts, about=About("lake-1", "likvard 1", date(2025, 9, 1), synthetic=True, sources={}, facts={})
    )
    with closing(Publication.open(path)) as opened:
        yield opened


def _cell(code: str, value: float, n: int) -> Cell:
    key = FigureKey("merit_value", "difference", area=code, year="2024")
    return Cell(key, CellKind.ESTIMATE, value, n=n, low=value - 9, high=value + 9, level=Level.UNIT)


@pytest.fixture
def country(places: Any) -> None:
    """Three schools more in Ekvik, a preschool of Ekvik's and one of Lärkan's."""
    for code, name, organiser, form in (
        ("90000011", "Alskolan", EKVIK, "GR"), ("90000012", "Ekskolan", EKVIK, "GR"), (SECRET, "Lindskolan", EKVIK, "GR"),
        ("90000021", "Myrans förskola", EKVIK, "FSK"), ("90000022", "Lärkans förskola", LÄRKAN, "FSK"),
    ):  # fmt: skip
        unit = Unit(code=code, name=name, organiser_id=organiser, municipality_code="9999")
        unit.forms = (form,)
        unit.save()


@pytest.fixture
def make(cast: Any, country: None, publication: Publication, now: datetime) -> Callable[..., Programme]:
    """Make a programme for 2026, by the lead inspector."""

    def made(**more: Any) -> Programme:
        known = {
            "name": "Tillsyn 2026", "start": date(2026, 1, 1), "end": date(2026, 12, 31), "measure": "merit_value",
            "publication": publication, "by": cast.lea, "at": now,
        }  # fmt: skip
        return actions.make_programme(**{**known, **more})

    return made


RULE = Rule(seed="3 9 17", places=3, random=0, unknown=34, organisers=1)


@pytest.fixture
def ruled(make: Callable[..., Programme], cast: Any, now: datetime) -> Programme:
    """A programme with a rule: two units by level, one without figures, one organiser by spread."""
    programme = make()
    actions.set_rule(programme=programme, rule=RULE, seed_from="Lotto", reason="Prövning", by=cast.lea, at=now)
    return programme


@pytest.fixture
def decided(ruled: Programme, cast: Any, now: datetime) -> Programme:
    """A programme that is decided, with Lärkan added by hand."""
    lärkan = Organiser.objects.get(pk=LÄRKAN)
    actions.add_by_hand(programme=ruled, place=lärkan, reason="Ny ledning", by=cast.lea, at=now)
    return actions.decide(programme=ruled, decision="Enligt regeln", by=cast.lea, at=now)


@pytest.fixture
def visit(enter: Any, settings: Any, monkeypatch: Any, now: datetime, publication: Publication) -> Callable[..., Any]:
    """Open an address as somebody, in English."""
    settings.SECOND_FACTOR = False
    monkeypatch.setattr("likvard.site.ui.middleware.timezone.now", lambda: now)
    monkeypatch.setattr(published, "current", lambda: publication)

    def open_page(user: Any, address: str, data: Any = None) -> Any:
        client: Client = enter(user)
        client.cookies["sprak"] = "en"
        return client.post(address, data) if data is not None else client.get(address)

    return open_page


def said(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode()


def test_every_running_unit_is_in_the_basis_and_a_figure_that_is_missing_says_why(make):
    rows = {row.unit_id: row for row in make().units.all()}
    assert set(rows) == set(Unit.objects.active().values_list("code", flat=True))
    assert rows["90000001"].difference == DIFFERENCES["90000001"]
    assert (rows["90000001"].low, rows["90000001"].high) == (-40.5, -22.5)
    assert rows["90000021"].missing == "none"


def test_the_basis_holds_only_what_the_public_may_see(make):
    secret = make().units.get(unit=SECRET)
    assert secret.difference is None
    assert secret.missing in ("few", "protected")


def test_a_preschool_that_the_municipality_supervises_is_never_selected(make, cast, now):
    programme = make()
    rows = {row.unit_id: row.by_municipality for row in programme.units.all()}
    assert [code for code, by in rows.items() if by] == ["90000022"]
    assert "90000022" not in {one.code for one in candidates.candidates(programme)}
    with pytest.raises(CaseError, match="26 kap"):
        actions.add_by_hand(programme=programme, place=Unit.objects.get(pk="90000022"), reason="x", by=cast.lea, at=now)


def test_without_a_register_of_complaints_nobody_has_counted_them(make):
    programme = make()
    assert programme.complaints_from == ""
    assert set(programme.units.values_list("complaints", flat=True)) == {None}


def test_numbers_from_elsewhere_have_a_source_and_change_the_seal(make, cast, now):
    programme = make()
    before = programme.fingerprint
    known = {"programme": programme, "visits": {}, "source": "Diariet 2023–2025", "by": cast.lea, "at": now}
    actions.bring_counts(complaints={"90000001": 4}, **known)
    programme.refresh_from_db()
    rows = dict(programme.units.values_list("unit_id", "complaints"))
    assert rows["90000001"] == 4
    assert rows["90000002"] == 0
    assert programme.complaints_from == "Diariet 2023–2025"
    assert programme.fingerprint != before
    with pytest.raises(CaseError, match="99999999"):
        actions.bring_counts(complaints={"99999999": 1}, **known)


def test_the_selection_is_what_the_rule_says_and_the_spread_takes_the_organiser(decided):
    rows = {(row.unit_id or row.organiser_id): row for row in decided.selected.all()}
    assert {code: row.route for code, row in rows.items() if row.route in ("level", "spread", "hand")} == {
        "90000001": Route.LEVEL, "90000005": Route.LEVEL, EKVIK: Route.SPREAD, LÄRKAN: Route.HAND,
    }  # fmt: skip
    assert len([row for row in rows.values() if row.route == Route.UNKNOWN]) == 1
    assert rows["90000001"].parts["total"] == 6000 + 2000
    assert rows["90000001"].parts["complaints"] is None


def test_anybody_can_do_the_draw_again(decided):
    drawn = decided.selected.get(route=Route.UNKNOWN)
    without = {one.code: one.form for one in candidates.candidates(decided) if one.difference is None}
    numbers = {code: hashlib.sha256(f"3 9 17:{code}".encode()).hexdigest()[:16] for code in without}
    assert drawn.draw == numbers[drawn.unit_id]
    of_form = [code for code, form in without.items() if form == without[drawn.unit_id]]
    assert drawn.unit_id == min(of_form, key=numbers.__getitem__)


def test_a_decided_programme_is_frozen(decided, cast, now):
    whole = {"programme": decided, "by": cast.lea, "at": now}
    deeds: list[Callable[[], object]] = [
        lambda: actions.set_rule(rule=RULE, seed_from="x", reason="x", **whole),
        lambda: actions.add_by_hand(place=Unit.objects.get(pk="90000002"), reason="x", **whole),
        lambda: actions.bring_counts(complaints={"90000001": 1}, visits={}, source="x", **whole),
        lambda: actions.decide(decision="x", **whole),
        lambda: actions.withdraw(selected=decided.selected.get(route="hand"), by=cast.lea, at=now),
    ]
    for deed in deeds:
        with pytest.raises(CaseError, match="decided"):
            deed()


def test_an_addition_by_hand_needs_a_reason_and_may_be_taken_back_until_the_decision(ruled, cast, now):
    gran = Unit.objects.get(pk="90000002")
    with pytest.raises(CaseError, match="reason"):
        actions.add_by_hand(programme=ruled, place=gran, reason=" ", by=cast.lea, at=now)
    added = actions.add_by_hand(programme=ruled, place=gran, reason="Signal", by=cast.lea, at=now)
    with pytest.raises(CaseError, match="already"):
        actions.add_by_hand(programme=ruled, place=gran, reason="Signal", by=cast.lea, at=now)
    actions.withdraw(selected=added, by=cast.lea, at=now)
    actions.decide(programme=ruled, decision="Ja", by=cast.lea, at=now)
    assert not ruled.selected.all().standing().filter(unit=gran).exists()
    assert Selected.objects.filter(unit=gran, withdrawn_by=cast.lea).exists()


def test_a_rule_is_set_with_reasons_and_a_programme_not_decided_without_one(make, cast, now):
    programme = make()
    with pytest.raises(CaseError, match="seed comes from"):
        actions.set_rule(programme=programme, rule=RULE, seed_from="", reason="x", by=cast.lea, at=now)
    with pytest.raises(CaseError, match="No rule"):
        actions.decide(programme=programme, decision="Ja", by=cast.lea, at=now)


def test_a_basis_that_somebody_has_changed_is_not_decided_on(ruled, cast, now):
    ruled.units.filter(unit="90000002").update(difference=-99.0)
    with pytest.raises(CaseError, match="sealed"):
        actions.decide(programme=ruled, decision="Ja", by=cast.lea, at=now)


def test_the_newest_rule_holds_and_the_old_ones_stay(ruled, cast, now):
    other = replace(RULE, places=1)
    actions.set_rule(programme=ruled, rule=other, seed_from="Lotto", reason="Färre", by=cast.lea, at=now)
    assert ruled.rule.value == other
    assert ruled.rules.count() == 2


def test_cases_are_planned_from_the_selection_units_as_parts_of_their_organiser(decided, cast, now):
    made = actions.plan_cases(programme=decided, selected=list(decided.selected.all()), by=cast.lea, at=now)
    assert len(made) == decided.selected.count() == 5
    unit = Inspection.objects.get(case__unit="90000001")
    assert unit.part_of == Inspection.objects.get(case__organiser=EKVIK, case__unit__isnull=True)
    assert {one.case.state_code for one in made} == {"planned"}
    assert {one.case.responsible for one in made} == {None}
    assert decided.selected.get(unit="90000001").case == unit.case
    again = actions.plan_cases(programme=decided, selected=list(decided.selected.all()), by=cast.lea, at=now)
    assert again == []


def test_no_case_is_planned_before_the_decision(ruled, cast, now):
    with pytest.raises(CaseError, match="not been decided"):
        actions.plan_cases(programme=ruled, selected=[], by=cast.lea, at=now)


@pytest.mark.parametrize("name", ["ines", "harald", "petra", "nils", "kim"])
def test_only_a_lead_makes_and_decides_programmes(ruled, cast, now, name):
    by = getattr(cast, name)
    with pytest.raises(Denied):
        actions.decide(programme=ruled, decision="Ja", by=by, at=now)
    with pytest.raises(Denied):
        actions.set_rule(programme=ruled, rule=RULE, seed_from="x", reason="x", by=by, at=now)


def test_every_deed_is_in_the_chain(decided):
    events = set(Event.objects.filter(subject=decided.subject).values_list("what", flat=True))
    assert events == {"programme.made", "programme.rule_set", "programme.added_by_hand", "programme.decided"}


def test_coverage_follows_the_cases_of_the_period_whatever_led_to_them(decided, opened, places, settings):
    before = coverage.progress(decided)
    assert before.units["90000001"] is Reached.SELECTED
    assert "90000002" not in before.units
    other = opened(place=places.gran)
    Inspection.objects.filter(pk=other.pk).update(opened_on=date(2026, 3, 1))
    Case.objects.filter(pk=other.case_id).update(state_code="visiting")
    reached = coverage.progress(decided)
    assert reached.units["90000002"] is Reached.UNDER_WAY
    assert reached.organisers[EKVIK] is Reached.UNDER_WAY
    area = coverage.areas(decided, reached)[0]
    assert (area.units, area.state) == (decided.units.count(), Reached.UNDER_WAY)


def test_an_inspection_outside_the_period_or_cancelled_or_of_one_child_does_not_count(decided, opened, places):
    for day, state, type in (("2025-12-31", "visiting", "planned"), ("2026-03-01", "cancelled", "planned"), ("2026-03-01", "visiting", "individual")):  # fmt: skip
        made = opened(place=places.gran)
        Inspection.objects.filter(pk=made.pk).update(opened_on=day, type=type)
        Case.objects.filter(pk=made.case_id).update(state_code=state)
    assert "90000002" not in coverage.progress(decided).units


def test_the_lists_are_by_place_and_name_and_filtered(decided):
    reached = coverage.progress(decided)
    every = list(coverage.units(decided, Sought(), reached))
    assert [row.unit.name for row in every] == sorted(row.unit.name for row in every)
    assert [row.unit_id for row in coverage.units(decided, Sought(form="FSK", kind="municipal"), reached)] == [
        "90000021"
    ]
    selected = coverage.units(decided, Sought(state="selected"), reached)
    assert {row.unit_id for row in selected} == set(reached.units)
    assert coverage.units(decided, Sought(state="none"), reached).count() == len(every) - len(reached.units)
    assert [row.pk for row in coverage.organisers(decided, Sought(words="lärkan"), reached)] == [LÄRKAN]


PAGES = ["", "lista/", "lista/?visa=enheter&q=skolan", "regel/", "urval/", "underlag/", "?lan=99"]


@pytest.mark.parametrize("rest", PAGES)
def test_each_page_is_shown_to_the_lead_and_to_nobody_outside(visit, decided, cast, rest):
    address = f"/tillsyn/program/{decided.pk}/{rest}"
    assert visit(cast.lea, address).status_code == 200
    for name in ("harald", "petra", "bea", "nils"):
        assert visit(getattr(cast, name), address).status_code == 403
    assert visit(None, address).status_code in (302, 403)


def test_the_selection_is_shown_to_inspectors_only_when_it_is_decided(visit, ruled, cast, now):
    address = f"/tillsyn/program/{ruled.pk}/urval/"
    assert visit(cast.ines, address).status_code == 403
    assert "Björkskolan" in said(visit(cast.lea, address))
    actions.decide(programme=ruled, decision="Ja", by=cast.lea, at=now)
    assert "Björkskolan" in said(visit(cast.ines, address))


def test_points_are_shown_of_the_selected_and_of_nobody_else(visit, decided, cast):
    page = said(visit(cast.lea, f"/tillsyn/program/{decided.pk}/urval/"))
    assert "Level 6000" in page
    assert "Granskolan" not in page
    assert "Ekskolan" not in said(visit(cast.lea, f"/tillsyn/program/{decided.pk}/urval/protokoll.csv"))
    for rest in ("", "lista/?visa=enheter", "regel/?platser=2"):
        other = said(visit(cast.lea, f"/tillsyn/program/{decided.pk}/{rest}"))
        assert "6000 (" not in other
        assert "31.5" not in other


def test_the_protocol_as_a_file_tells_rule_seed_and_publication_on_each_line(visit, decided, cast, publication):
    text = said(visit(cast.lea, f"/tillsyn/program/{decided.pk}/urval/protokoll.csv")).lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 5
    assert {row["publication"] for row in rows} == {publication.id}
    assert {row["seed"] for row in rows} == {"3 9 17"}
    by_hand = next(row for row in rows if row["route"] == "hand")
    assert (by_hand["reason"], by_hand["decided_by"]) == ("Ny ledning", "Lea Ledare")
    assert [row["unit"] or row["organiser"] for row in rows] == [
        str(row.place) for row in decided.selected.all().by_place()
    ]


def test_what_if_tells_who_would_come_in_and_go_out_without_setting_anything(visit, ruled, cast):
    page = said(visit(cast.lea, f"/tillsyn/program/{ruled.pk}/regel/?platser=1&utan=0&huvudman=0"))
    assert "<b>0 would come in</b>, <b>3 would go out</b> and 1 would stay" in page
    assert "Lärkskolan" in page
    assert ruled.rules.count() == 1


def test_a_rule_with_nonsense_says_what_is_wrong(visit, ruled, cast):
    page = said(visit(cast.lea, f"/tillsyn/program/{ruled.pk}/regel/?slump=80&utan=40"))
    assert "100 per cent at most" in page


def test_a_rule_is_set_a_place_added_the_programme_decided_and_its_cases_opened_through_the_pages(visit, make, cast):
    programme = make()
    root = f"/tillsyn/program/{programme.pk}/"
    form = {"platser": 2, "slump": 0, "utan": 0, "niva": 6, "klagomal": 0, "tid": 0, "grans_niva": "25", "grans_klagomal": 5,
            "grans_tid": 72, "huvudman": 0, "enheter": 3, "lagst": 25, "fro": "7", "seed_from": "Lotto", "reason": "Ja"}  # fmt: skip
    assert visit(cast.lea, f"{root}regel/", form).status_code == 302
    assert programme.rule.value.seed == "7"
    assert visit(cast.lea, f"{root}underlag/", {"what": "complaints", "source": "Diariet", "rows": "90000001;x"}).status_code == 200  # fmt: skip
    assert visit(cast.lea, f"{root}underlag/", {"what": "visits", "source": "Diariet", "rows": "90000001;2020-05-04"}).status_code == 302  # fmt: skip
    assert visit(cast.lea, f"{root}urval/lagg-till/", {"place": "90000002", "reason": "Signal"}).status_code == 302
    assert visit(cast.lea, f"{root}besluta/", {"decision": "Enligt regeln"}).status_code == 302
    assert visit(cast.lea, f"{root}planera/", {}).status_code == 302
    assert Case.objects.filter(kind_code="supervision", state_code="planned").count() == 3
    again = visit(cast.lea, f"{root}urval/")
    assert "planned" in said(again) or "selected, not begun" in said(again)


def test_a_programme_is_made_by_its_form_from_the_publication_of_the_site(visit, cast, country):
    made = visit(cast.lea, "/tillsyn/program/nytt/", {"name": "2027", "start": "2027-01-01", "end": "2027-12-31", "measure": "merit_value"})  # fmt: skip
    programme = Programme.objects.get(name="2027")
    assert made.url == f"/tillsyn/program/{programme.pk}/regel/"
    backwards = visit(cast.lea, "/tillsyn/program/nytt/", {"name": "x", "start": "2027-02-01", "end": "2027-01-01", "measure": "merit_value"})  # fmt: skip
    assert "The last day comes before the first." in said(backwards)


def test_the_rule_is_open_to_everybody_once_decided_and_names_nobody(visit, ruled, cast, now):
    address = f"/tillsyn/urvalsregel/{ruled.pk}/"
    assert visit(None, address).status_code == 404
    actions.decide(programme=ruled, decision="Ja", by=cast.lea, at=now)
    page = said(visit(None, address))
    assert "3 9 17" in page
    assert "sha256sum" in page
    for unit in Unit.objects.all():
        assert unit.name not in page


def test_the_proposal_says_the_same_as_the_protocol_after_the_decision(ruled, cast, now):
    before = protocol.proposed(ruled, candidates.outcome(ruled, ruled.rule.value))
    told = {(row.unit_id or row.organiser_id): protocol.why(ruled, row) for row in before}
    actions.decide(programme=ruled, decision="Ja", by=cast.lea, at=now)
    assert {(r.unit_id or r.organiser_id): protocol.why(ruled, r) for r in ruled.selected.all()} == told


def test_the_protocol_as_paper_tells_what_the_page_tells_and_is_the_same_bytes_twice(visit, decided, cast):
    address = f"/tillsyn/program/{decided.pk}/urval/protokoll.pdf"
    first, again = visit(cast.lea, address), visit(cast.ines, address)
    assert first["Content-Type"] == "application/pdf"
    assert first.content == again.content
    text = plain_text(paper.written(decided, decided.rule))
    for row in decided.selected.all():
        assert str(row.place) in text
        assert protocol.why(decided, row) in text
    for told in ("3 9 17", "Lotto", decided.fingerprint, "Enligt regeln", "Lea Ledare", decided.publication):
        assert told in text
    assert "Ekskolan" not in text


def test_there_is_no_protocol_before_the_decision(visit, ruled, cast):
    for name in ("protokoll.pdf", "protokoll.csv"):
        assert visit(cast.lea, f"/tillsyn/program/{ruled.pk}/urval/{name}").status_code == 403


def test_a_demo_has_a_programme_that_is_decided_and_one_that_is_prepared(cast, country, publication, now):
    first, second = invented.fill(cast.lea, publication=publication, at=now)
    assert first.name == "Tillsyn 2025/26"
    assert (Programme.objects.get(pk=first.pk).is_decided, Programme.objects.get(pk=second.pk).is_decided) == (
        True,
        False,
    )
    assert Inspection.objects.count() == invented.BEGUN
    assert invented.fill(cast.lea, publication=publication, at=now) == []
    assert invented.fill(cast.lea, publication=None, at=now) == []
