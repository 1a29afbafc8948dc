"""Parts of pages that were made before."""

from __future__ import annotations

from random import Random

from likvard.site.insight.remembered import Memory


def test_parts_are_made_once_for_each_key():
    memory, made = Memory(), []
    for key in ("a", "a", "b"):
        assert memory.parts(key, lambda key=key: made.append(key) or {"body": f"sida {key}"}) == {"body": f"sida {key}"}
    assert made == ["a", "b"]


def test_what_was_asked_for_longest_ago_goes_when_there_is_no_room():
    text = {name: Random(name).randbytes(2000).hex() for name in "abc"}  # noqa: S311 - only hard to press together
    memory = Memory(room=5000)
    for name in "abac":
        memory.parts(name, lambda name=name: {"body": text[name]})
    remade = []
    for name in "acb":
        memory.parts(name, lambda name=name: remade.append(name) or {"body": text[name]})
    assert remade == ["b"]
    assert memory.held <= memory.room


def test_a_page_larger_than_the_room_is_still_shown():
    memory = Memory(room=1)
    assert memory.parts("a", lambda: {"body": "stor"}) == {"body": "stor"}
