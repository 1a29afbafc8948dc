"""What people type in the forms of rounds: numbers as they are written in Swedish and English, and words where it cannot be read."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from likvard.allocation.round import Rule
from likvard.site.resources.forms import PlanUse, TryRule, asked_of

WHOLE = {"andel": "15", "hogst": "3", "ram": "152000000", "grund": "", "golv": "", "topp": ""}


def form(**more: str) -> TryRule:
    """The form filled in."""
    return TryRule({**WHOLE, **more}, grounds=[("", "-")], stated=False)


@pytest.mark.parametrize(
    "typed", ["1 188 100 000", "1\u00a0188\u00a0100\u00a0000 kr", "1,188,100,000", "1188100000 kronor"]
)
def test_an_amount_is_read_as_it_is_written(typed):
    asked = form(ram=typed)
    assert asked.is_valid()
    assert asked.cleaned_data["rule"].frame == 1_188_100_000


@pytest.mark.parametrize("typed", ["12,5", "12.5", "12,5 %"])
def test_a_share_is_read_as_it_is_written(typed):
    asked = form(andel=typed)
    assert asked.is_valid()
    assert asked.cleaned_data["rule"].share == 0.125


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"andel": "mycket"}, "Skriv ett tal."),
        ({"andel": "55"}, "Skriv högst 40."),
        ({"andel": "-1"}, "Skriv minst 0."),
        ({"ram": "1,5"}, "Skriv ett heltal."),
        ({"ram": "-5"}, "Skriv minst 1."),
        ({"ram": ""}, "Ange en ram, eller ett grundbelopp."),
        ({"golv": "120 000", "topp": "100 000"}, "Golvet är 120 000 kronor per elev men taket 100 000 kronor."),
    ],
)
def test_what_cannot_be_read_is_said_in_words(typed, said):
    with override("sv"):
        asked = form(**typed)
        assert not asked.is_valid()
        found = " ".join(str(one) for errors in asked.errors.values() for one in errors)
    assert said in found.replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_rule_that_is_shown_reads_back_as_the_same_rule(language):
    for rule in (
        Rule(frame=1_188_100_000, share=0.125, cap=0.035, floor=90_000, ceiling=150_000),
        Rule(base=90_387, share=0.1),
    ):
        with override(language):
            asked = TryRule(asked_of(rule, 1_188_100_000), grounds=[("", "-")], stated=False)
            assert asked.is_valid()
            assert asked.cleaned_data["rule"] == rule


def test_a_register_number_that_is_none_is_answered_with_an_example(today):
    with override("sv"):
        asked = PlanUse({"case": "hej"}, units=[], measures=[], begins_on=today)
        assert asked.errors["case"] == ["Skriv numret som det står i diariet, till exempel SI 2026:12."]
