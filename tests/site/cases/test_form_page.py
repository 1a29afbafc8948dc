"""The page of a form that does one deed, once for every subject, and the button that asks for nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django import forms

from likvard.site.cases.pages import visit
from likvard.site.cases.states import CaseError
from likvard.site.newsroom.pages import visit as newsroom
from likvard.site.resources.pages import visit as resources
from likvard.site.supervision.pages import visit as supervision


class Why(forms.Form):
    why = forms.CharField()


@pytest.fixture
def said(monkeypatch):
    """What was said to the reader, and what was set in which template."""
    kept = SimpleNamespace(good=[], bad=[], template="", context={})

    def render(_request, template, context):
        kept.template, kept.context = template, context
        return "page"

    monkeypatch.setattr(visit, "render", render)
    monkeypatch.setattr(visit.messages, "success", lambda _request, text: kept.good.append(text))
    monkeypatch.setattr(visit.messages, "error", lambda _request, text: kept.bad.append(text))
    return kept


@pytest.fixture
def ask(rf, said):
    """Send the form, or without data ask for it; what it does is told by the test."""

    def asked(act=lambda _asked: None, data=None, **more):
        request = rf.post("/", data) if data is not None else rf.get("/")
        words = {"title": "Drop it", "submit": "Drop", "trail": [("Home", "")], "back": "/home/", "done": "Dropped."}
        return visit.form_page(request, form=Why(data), act=act, **{**words, **more})

    return asked


def refuse(*_asked):
    raise CaseError("The round is decided.", "Correct it instead.")


def test_the_form_is_shown_with_its_words_and_what_it_is_about(ask, said):
    assert ask(about={"case": 1, "heading": "never"}, more={"hints": [2]}, lead="For good.") == "page"
    assert said.template == "cases/deed.html"
    told = {"case": 1, "hints": [2], "heading": "Drop it", "submit": "Drop", "lead": "For good.", "back": "/home/"}
    assert told.items() <= said.context.items()
    assert said.context["breadcrumbs"] == [("Home", "")]


def test_what_the_form_asks_for_is_done_and_said_where_one_came_from(ask, said):
    done = []
    response = ask(done.append, {"why": "Wrong year"})
    assert (response.status_code, response["Location"]) == (302, "/home/")
    assert (done, said.good, said.bad) == ([{"why": "Wrong year"}], ["Dropped."], [])


def test_nothing_is_done_when_the_form_is_not_filled_in(ask, said):
    done = []
    assert ask(done.append, {"why": ""}) == "page"
    assert (done, said.good) == ([], [])
    assert "why" in said.context["form"].errors


def test_nothing_is_done_by_looking_at_the_form(ask):
    done = []
    ask(done.append)
    assert done == []


def test_what_is_refused_while_it_is_done_is_said_in_the_form(ask, said):
    assert ask(refuse, {"why": "Wrong year"}) == "page"
    assert "The round is decided." in said.context["form"].non_field_errors()[0]
    assert (said.good, said.bad) == ([], [])


@pytest.mark.parametrize("data", [None, {"why": "Wrong year"}], ids=["asked for", "sent"])
def test_what_is_not_possible_now_is_said_where_one_came_from(ask, said, data):
    done = []
    response = ask(done.append, data, check=refuse)
    assert (response["Location"], done, said.good) == ("/home/", [], [])
    assert "The round is decided." in said.bad[0]


def test_a_button_does_its_deed_or_says_why_not(rf, said):
    assert visit.do(rf.post("/"), lambda: None, "Sent.", "/home/")["Location"] == "/home/"
    assert (said.good, said.bad) == (["Sent."], [])
    assert visit.do(rf.post("/"), refuse, "Sent.", "/home/")["Location"] == "/home/"
    assert (said.good, len(said.bad)) == (["Sent."], 1)


def test_each_subject_sets_the_same_page_in_its_own_frame(rf, said, monkeypatch):
    words = {"title": "Drop it", "submit": "Drop", "form": Why(), "act": refuse, "done": "", "back": "/home/"}
    monkeypatch.setattr(resources, "crumbs", lambda _round, title: [(title, "")])
    resources.deed(rf.get("/"), "a round", **words)
    assert (said.template, said.context["round"]) == ("resources/deed.html", "a round")
    resources.deed(rf.get("/"), "a round", template="resources/decide.html", **words)
    assert said.template == "resources/decide.html"
    newsroom.deed(rf.get("/"), trail=[], more={"quote": "words"}, **words)
    assert (said.template, said.context["quote"]) == ("newsroom/deed.html", "words")
    case = SimpleNamespace(dnr="SI 2026:1", slug="SI-2026-1")
    supervision.deed(rf.get("/"), SimpleNamespace(case=case), **words)
    assert (said.template, said.context["case"], said.context["breadcrumbs"][-1]) == (
        "cases/deed.html",
        case,
        ("Drop it", ""),
    )
