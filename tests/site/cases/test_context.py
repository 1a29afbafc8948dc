"""The number beside the word in the menu: only what waits for whoever reads."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries


def number(client: Client) -> str:
    """The number beside a word in the menu, as it is shown; empty without one."""
    found = re.search(r'class="count">(\d+)<', client.get("/om/fel/").content.decode())
    return found[1] if found else ""


def test_the_matters_that_are_handed_to_the_reader_are_counted(shared, enter, cast):
    assert number(enter(cast.rut)) == "1"


@pytest.mark.parametrize("who", ["kim", "other_rut", "adam"])
def test_matters_that_wait_for_others_are_not(shared, enter, cast, who):
    assert number(enter(getattr(cast, who))) == ""


def test_the_public_costs_no_question_to_the_database(
    db, client: Client, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(0):
        client.get("/om/fel/")
