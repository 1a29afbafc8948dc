"""The partials: what a screen reader is told, and what is left out where there is nothing to say."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from likvard.site.ui.components import Happening, State, Task
from likvard.site.ui.showcase import Choices, Example


@pytest.fixture
def asked(rf: RequestFactory) -> HttpRequest:
    return rf.get("/skolor/")


def drawn(name: str, request: HttpRequest, **context: object) -> str:
    with translation.override("sv"):
        return render_to_string(f"ui/{name}.html", context, request)


def test_every_field_names_its_hint_and_its_error(asked):
    page = drawn("_form", asked, form=Example({"name": "E"}), submit="Fortsätt")
    named = {id for ids in re.findall(r'aria-describedby="([^"]+)"', page) for id in ids.split()}
    assert named == {"id_name_helptext", "id_name_error", "id_day_error", "id_where_error", "id_form_error"}
    assert all(f'id="{id}"' in page for id in named)


def test_every_link_of_the_summary_leads_to_a_control(asked):
    page = drawn("_form", asked, form=Example({}), submit="Fortsätt")
    assert all(f'id="{id}"' in page for id in re.findall(r'href="#([^"]+)"', page))


def test_a_form_without_faults_has_no_summary(asked):
    assert 'role="alert"' not in drawn("_form", asked, form=Example(), submit="Fortsätt")


def test_what_need_not_be_answered_is_marked_in_a_form_but_not_among_choices(asked):
    assert drawn("_form", asked, form=Example(), submit="Fortsätt").count("(frivilligt)") == 1
    assert "(frivilligt)" not in drawn("_filters", asked, form=Choices())


def test_choices_stand_in_the_address_and_carry_no_token(asked):
    page = drawn("_filters", asked, form=Choices())
    assert 'method="get"' in page
    assert "csrfmiddlewaretoken" not in page


def test_a_locked_step_says_why_and_leads_nowhere(asked):
    task = Task("Avslut", State("locked", "kan inte börja"), note="Väntar på redovisningen")
    page = drawn("_tasks", asked, tasks=[task])
    assert "Väntar på redovisningen" in page
    assert "<a" not in page


def test_what_is_to_come_is_said_to_be_so_for_the_ear_too(asked):
    page = drawn("_timeline", asked, happenings=[Happening("Beslut", None, done=False)])
    assert '<span class="sr">Kommer: </span>Beslut' in page


def test_without_a_reason_no_line_is_shown(asked):
    assert drawn("_reason", asked, reason="").strip() == ""


def test_a_button_may_be_a_link(asked):
    assert drawn("_button", asked, label="Visa", href="/skolor/").strip().startswith('<a class="btn ')
    assert 'type="submit"' in drawn("_button", asked, label="Visa")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_two_things_on_the_page_of_components_share_an_id(client: Client, settings, language):
    settings.DEMO = True
    page = client.get("/om/komponenter/", {"sprak": language}).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
