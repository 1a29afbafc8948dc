"""Tags and filters of the templates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from likvard.site.ui import icons
from likvard.terms import Words


def shown(text: str, language: str = "sv", **context: object) -> str:
    with translation.override(language):
        return Template("{% load likvard %}" + text).render(Context(context))


def test_words_are_said_in_the_language_of_the_page():
    words = Words("Skolor", "Schools")
    assert (shown("{{ w|said }}", w=words), shown("{{ w|said }}", "en", w=words)) == ("Skolor", "Schools")


def test_only_the_facts_are_bold_and_all_else_is_escaped():
    text = "**61 %** <script>**x</script>**"
    assert shown("{{ t|bold }}", t=text) == "<b>61 %</b> &lt;script&gt;<b>x&lt;/script&gt;</b>"


@pytest.mark.parametrize(("language", "written"), [("sv", "1\u00a0234,5"), ("en", "1,234.5")])
def test_numbers_follow_the_language(language, written):
    assert shown("{{ n|number:1 }}", language, n=1234.5) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("sv", "14\u00a0november\u00a02025 kl.\u00a014.02"), ("en", "14\u00a0November\u00a02025 at\u00a014:02")],
)
def test_a_moment_is_told_in_swedish_time(language, written):
    assert shown("{{ m|moment }}", language, m=datetime(2025, 11, 14, 13, 2, tzinfo=UTC)) == written


def test_a_moment_just_before_midnight_in_utc_is_the_next_day_in_sweden():
    assert shown("{{ m|day }}", m=datetime(2025, 11, 14, 23, 30, tzinfo=UTC)) == "15\u00a0november\u00a02025"


def test_a_day_without_a_time_is_dated_without_one():
    assert shown("{{ d|dated }}", d=date(2025, 11, 14)) == "14\u00a0november\u00a02025"
    assert shown("{{ d|dated }}{{ d|moment }}", d=None) == ""


def test_a_school_year_is_written_from_its_first_year():
    assert shown("{{ 2025|school_year }} {{ 1999|school_year }}") == "2025/26 1999/00"


def test_counts_are_words_up_to_twelve():
    assert shown("{{ 3|count }} {{ 13|count }}") == "tre 13"


def test_a_choice_changes_one_part_of_the_address_and_keeps_the_rest():
    request = RequestFactory().get("/skolor/?form=GR&sida=3&sprak=en")
    address = shown("{% query form='GY' sida=None %} {% query sprak='en' %}", request=request)
    assert address == "/skolor/?form=GY /skolor/?form=GR&amp;sida=3&amp;sprak=en"


def test_an_address_without_choices_has_no_question_mark():
    assert shown("{% query form=None %}", request=RequestFactory().get("/skolor/?form=GR")) == "/skolor/"


def test_a_choice_in_the_address_cannot_leave_its_attribute():
    request = RequestFactory().get("/skolor/", {"form": '"><script>'})
    assert "<script>" not in shown('<a href="{% query sida=2 %}">', request=request)


def test_a_state_is_shape_word_and_colour():
    state = shown("{% state 'late' w %}", w=Words("2 dagar sen", "2 days late"))
    assert '<span class="tag late"><svg' in state
    assert state.endswith("2 dagar sen</span>")


def test_a_plain_state_has_no_shape():
    assert shown("{% state 'plain' '3 brister' %}") == '<span class="tag plain">3 brister</span>'


def test_a_states_word_is_escaped():
    assert "<b>" not in shown("{% state 'late' w %}", w="<b>")


@pytest.mark.parametrize("name", icons.PATHS)
def test_every_icon_is_hidden_from_screen_readers(name):
    assert 'aria-hidden="true"' in icons.icon(name)


def test_a_hidden_text_shows_its_reason_and_nothing_else():
    assert (
        shown("{% masked 'dolt: uppgift om enskild elev' %}")
        == '<span class="mask">dolt: uppgift om enskild elev</span>'
    )


@pytest.mark.parametrize(
    ("here", "numbers"),
    [(1, [1, 2, 0, 12]), (6, [1, 0, 5, 6, 7, 0, 12]), (12, [1, 0, 11, 12]), (3, [1, 2, 3, 4, 0, 12])],
)
def test_a_long_list_shows_its_ends_and_where_one_is(here, numbers):
    with translation.override("sv"):
        found = Template("{% load likvard %}{% for n in p|pages:h %}{{ n }} {% endfor %}")
        text = found.render(Context({"p": Paginator(range(120), 10), "h": here}))
    assert [int(n) for n in text.split()] == numbers


class Report(forms.Form):
    name = forms.CharField(label="Vad heter skolan?")
    area = forms.CharField(label="Område", min_length=2)
    where = forms.ChoiceField(
        label="Var?", widget=forms.RadioSelect, choices=[("a", "A")], error_messages={"required": "Välj var det hände"}
    )

    def clean(self):
        raise forms.ValidationError("Två skolor heter så.")


def test_the_summary_links_to_each_question_in_the_order_of_the_page():
    page = shown(
        "{% errors form as found %}{% for id, text in found %}{{ id }}={{ text }};{% endfor %}",
        form=Report({"area": "x"}),
    )
    assert page == (
        "=Två skolor heter så.;id_name=Vad heter skolan? Fyll i fältet.;"
        "id_area=Område: Skriv minst 2 tecken (det är 1 nu).;id_where_0=Välj var det hände;"
    )


def test_what_the_page_puts_in_a_block_can_be_said_again():
    with translation.override("sv"):
        page = Template("{% extends 'ui/base.html' %}{% block title %}Läget{% endblock %}")
        html = page.render(Context({"request": RequestFactory().get("/"), "language": "sv"}))
    assert "<title>Läget · Likvärd</title>" in html
    assert "<h1>Läget</h1>" in html


def test_a_group_without_choices_says_what_is_wrong_in_it():
    class Nobody(forms.Form):
        to = forms.MultipleChoiceField(label="Till vem?", choices=[], widget=forms.CheckboxSelectMultiple)

    form = Nobody({})
    found = shown("{% errors form as found %}{% for id, text in found %}{{ id }}={{ text }}{% endfor %}", form=form)
    assert found.startswith(form["to"].auto_id)
