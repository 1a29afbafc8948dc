"""Opening an inspection by its form: department, school forms, and of which organiser's inspection it is a part."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from likvard.site.cases.states import CaseError
from likvard.site.supervision import shown
from likvard.site.supervision.models import Department, Inspection, Post

NEW = "/tillsyn/ny/?sprak=en"


@pytest.fixture
def lund(cast: Any) -> Department:
    """Where the lead inspector works; another department is closed."""
    Department.objects.create(name="Nedlagd", closed=date(2020, 1, 1))
    lund = Department.objects.create(name="Lund")
    Post.objects.create(user=cast.lea, department=lund, start=date(2024, 1, 1))
    return lund


@pytest.fixture
def whole(opened: Any, places: Any) -> Inspection:
    """The inspection of the municipality itself."""
    return opened(place=places.ekvik, level="organiser", areas=())


@pytest.fixture
def send(enter: Any, cast: Any, places: Any) -> Any:
    """Send the form as the lead inspector: planned supervision of Björkskolan, unless told otherwise."""

    def sent(**more: Any) -> Any:
        known = {"place": places.björk.code, "type": "planned", "level": "unit"}
        return enter(cast.lea).post(NEW, {**known, **more})

    return sent


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def made(place: Any) -> Inspection:
    return Inspection.objects.get(case__unit=place)


def test_department_forms_and_whole_are_kept(send: Any, places: Any, lund: Department, whole: Inspection) -> None:
    places.björk.forms = ("GR", "FKLASS")
    places.björk.save()
    assert send(department=lund.pk, forms=["GR"], part_of=whole.case.dnr.lower()).status_code == 302
    found = made(places.björk)
    assert (found.department, found.forms, found.part_of) == (lund, ["GR"], whole)


def test_left_empty_they_are_all_forms_of_the_school_and_no_department(
    send: Any, places: Any, lund: Department
) -> None:
    places.björk.forms = ("GR", "FKLASS")
    places.björk.save()
    assert send().status_code == 302
    found = made(places.björk)
    assert (found.department, sorted(found.forms), found.part_of) == (None, ["FKLASS", "GR"], None)


def test_the_form_offers_running_departments_and_chooses_that_of_the_reader(
    enter: Any, cast: Any, lund: Department
) -> None:
    page = said(enter(cast.lea).get(NEW))
    assert f'<option value="{lund.pk}" selected>Lund</option>' in page
    assert "Nedlagd" not in page
    assert 'type="checkbox" name="forms" value="GR"' in page


def test_a_form_that_the_school_does_not_have_is_refused(send: Any, places: Any, lund: Department) -> None:
    page = said(send(forms=["GY"]))
    assert (
        "Björkskolan does not have: upper-secondary school" in page or "does not have: upper secondary school" in page
    )
    assert '<details class="more" open>' in page
    assert not Inspection.objects.exists()


def test_an_organiser_has_the_forms_of_its_schools(send: Any, places: Any) -> None:
    of_ekvik = {"place": places.ekvik.number, "level": "organiser"}
    assert "does not have" in said(send(**of_ekvik, forms=["FSK"]))
    assert send(**of_ekvik, forms=["GRAN"]).status_code == 302
    inspection = Inspection.objects.get(case__organiser=places.ekvik)
    assert shown.about(inspection).startswith("the organiser: ")


@pytest.mark.parametrize("text", ["SI 2031:1", "hej", "SI 2025"])
def test_a_number_that_is_none_is_said_at_its_field(send: Any, text: str) -> None:
    answer = send(part_of=text)
    assert list(answer.context["form"].errors) == ["part_of"]
    assert not Inspection.objects.exists()


def test_an_inspection_that_is_not_handed_to_the_reader_is_no_answer(
    enter: Any, cast: Any, places: Any, whole: Inspection
) -> None:
    known = {"place": places.björk.code, "type": "planned", "level": "unit", "part_of": whole.case.dnr}
    answer = enter(cast.ines).post(NEW, known)
    assert "You have no open inspection of an organiser with this number." in said(answer)


def test_an_inspection_of_a_unit_is_no_whole(send: Any, opened: Any, places: Any) -> None:
    assert "You have no open inspection" in said(send(part_of=opened(place=places.gran).case.dnr))


def test_the_whole_is_of_the_same_organiser(send: Any, places: Any, whole: Inspection) -> None:
    page = said(send(place=places.lärkskolan.code, part_of=whole.case.dnr))
    assert "is no inspection of the organiser of Lärkskolan" in page
    assert Inspection.objects.count() == 1


def test_an_organisers_inspection_is_a_part_of_none(send: Any, places: Any, whole: Inspection) -> None:
    page = said(send(place=places.ekvik.number, level="organiser", part_of=whole.case.dnr))
    assert "is no inspection of the organiser of" in page


def test_a_closed_whole_is_refused_by_the_deed_itself(opened: Any, places: Any, whole: Inspection, now: Any) -> None:
    whole.case.closed_at = now
    with pytest.raises(CaseError, match="is closed"):
        opened(part_of=whole)


def test_the_form_is_in_swedish_too(enter: Any, cast: Any) -> None:
    with translation.override("sv"):
        page = said(enter(cast.lea).get("/tillsyn/ny/?sprak=sv"))
    for text in ("Vilken avdelning?", "Bara några av dess skolformer", "Är den en del av tillsynen av huvudmannen?"):
        assert text in page


def test_the_case_page_tells_department_and_whole(
    enter: Any, cast: Any, opened: Any, lund: Department, whole: Inspection
) -> None:
    part = opened(department=lund, part_of=whole)
    page = said(enter(cast.lea).get(f"/tillsyn/{part.case.slug}/?sprak=en"))
    assert f"part of {whole.case.dnr}" in page
    assert "Lund" in page
