"""The menu: at most six words, addresses filled in, at most one place where the reader is."""

from __future__ import annotations

import pytest
from django.urls import resolve

from likvard.site.people.roles import Role
from likvard.site.ui.menu import MENUS, Reader, menu


@pytest.mark.parametrize("role", MENUS)
def test_a_menu_has_at_most_six_words(role):
    assert 1 <= len(MENUS[role]) <= 6


def test_every_role_has_a_menu():
    assert set(MENUS) == {"", *Role.values}


@pytest.mark.parametrize("role", MENUS)
def test_every_address_of_a_menu_leads_to_a_page(role):
    reader = Reader(role, organiser="2120009991", unit="90000001")
    assert all(resolve(item.href) for item in menu(reader, "/"))


def test_the_public_gets_no_address_with_a_hole():
    assert [item.href for item in menu(Reader(), "/")] == [
        "/skolor/", "/beslut/", "/nationell-rapport/", "/matt/", "/data/", "/om/siffror/",
    ]  # fmt: skip


def test_addresses_are_filled_in_with_the_readers_organiser_and_unit():
    reader = Reader("principal", organiser="9919000123", unit="10000001")
    assert [item.href for item in menu(reader, "/")][:2] == ["/skolor/10000001/", "/resultat/9919000123/"]


def test_a_word_whose_place_the_reader_lacks_is_left_out():
    assert "/resultat/" not in "".join(item.href for item in menu(Reader("principal", unit="10000001"), "/"))


def test_an_unknown_role_gets_the_menu_of_the_public():
    assert menu(Reader("janitor"), "/") == menu(Reader(), "/")


def test_the_longest_address_that_fits_is_where_the_reader_is():
    reader = Reader("principal", organiser="9919000123", unit="10000001")
    current = [item.href for item in menu(reader, "/skolor/10000001/ma/") if item.current]
    assert current == ["/skolor/10000001/"]


def test_on_a_page_outside_the_menu_no_word_is_marked():
    assert not any(item.current for item in menu(Reader(), "/om/fel/"))


def test_only_what_waits_for_the_reader_is_counted():
    items = menu(Reader("quality_manager", organiser="9919000123", counts={"cases": 3, "other": 9}), "/")
    assert [item.count for item in items if item.count is not None] == [3]
