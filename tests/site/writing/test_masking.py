"""What is masked is gone: no form of the document has a character of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.writing.html import body, signatures
from likvard.site.writing.masking import Mask, bars, found_at, mask, merged
from likvard.site.writing.text import (
    Heading,
    Paragraph,
    Reason,
    Run,
    WritingError,
    Written,
    as_data,
    places,
    plain_text,
)

AROUND = st.sampled_from(["", " ", ".", "(", "s", "-", " och "])
CANARY = "αβγδεζηθικλμνξοπρστυφχψω"  # letters that nothing else in these documents has


@st.composite
def masked_documents(draw: st.DrawFn, any_written: st.SearchStrategy[Written]) -> tuple[Written, list[Mask]]:
    """A document with canaries in some of its texts, and masks that cover at least every canary."""
    document = draw(any_written)
    runs = draw(st.lists(_seeded_run(), min_size=1, max_size=6))
    document = replace(
        document,
        title=f"Om {draw(_seeded())} här",
        blocks=(*document.blocks, Paragraph(tuple(runs)), Heading(2, f"H {draw(_seeded())}")),
        signatures=(("Beslutsfattare", draw(_seeded())),),
    )
    masks = [one for place in places(document) for one in _over(draw, place.address, place.text)]
    return document, masks


def _seeded() -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(CANARY + "ab ."), min_size=1, max_size=20).map(lambda text: f"x{text}x")


def _seeded_run() -> st.SearchStrategy[Run]:
    return st.builds(Run, _seeded(), st.booleans())


def _over(draw: st.DrawFn, address: str, text: str) -> list[Mask]:
    """Masks that cover every canary of a text, and as many more of its characters as chance will."""
    found = []
    for index, character in enumerate(text):
        if character in CANARY:
            start, end = draw(st.integers(max(0, index - 3), index)), draw(st.integers(index + 1, len(text)))
            found.append(Mask(address, start, end, draw(st.sampled_from(Reason))))
    return found


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_masked_character_is_found_in_any_form(any_written: st.SearchStrategy[Written], data: st.DataObject) -> None:
    document, masks = data.draw(masked_documents(any_written.filter(lambda d: not _has_canary(d))))
    hidden = mask(document, masks)
    forms = [json.dumps(as_data(hidden), ensure_ascii=False), plain_text(hidden), body(hidden), signatures(hidden)]
    forms += [repr(hidden), hidden.title]
    assert not any(character in form for form in forms for character in CANARY)


def _has_canary(document: Written) -> bool:
    return any(character in repr(document) for character in CANARY)


def test_a_mask_leaves_the_rest_as_it_was(decision: Written) -> None:
    hidden = mask(decision, [Mask("7.0.1", 0, 8, Reason.PUPIL)])
    assert hidden.blocks[7] == Paragraph((Run("Vid besöket mötte vi "), Run(masked="pupil"), Run(" i årskurs 5.")))
    assert replace(hidden, blocks=()) == replace(decision, blocks=())
    assert bars(hidden) == 1


@pytest.mark.parametrize("name", ["Bo", "Maximiliana Alexandersdotter Wennerström"])
def test_the_length_of_the_bar_never_follows_the_hidden_text(decision: Written, name: str) -> None:
    document = replace(decision, blocks=(Paragraph((Run(f"Vi mötte {name}."),)),))
    hidden = mask(document, [Mask("0.0.0", 9, 9 + len(name), Reason.PUPIL)])
    assert 'Vi mötte <span class="mask">dolt: uppgift om enskild elev</span>.' in body(hidden)
    assert hidden.blocks[0] == Paragraph((Run("Vi mötte "), Run(masked="pupil"), Run(".")))


def test_masks_that_overlap_or_touch_become_one_with_the_heaviest_reason() -> None:
    found = merged([Mask("0", 4, 9, Reason.PROTECTED), Mask("0", 0, 5, Reason.PUPIL), Mask("0", 9, 10, Reason.OTHER)])
    assert found == (Mask("0", 0, 10, Reason.PROTECTED),)
    assert len(merged([Mask("0", 0, 2, Reason.PUPIL), Mask("0", 3, 5, Reason.PUPIL)])) == 2


def test_bars_that_touch_across_a_change_of_bold_become_one(decision: Written) -> None:
    whole = [Mask("7.0.0", 12, 21, Reason.PUPIL), Mask("7.0.1", 0, 8, Reason.HEALTH)]
    hidden = mask(decision, whole)
    assert hidden.blocks[7] == Paragraph((Run("Vid besöket "), Run(masked="health"), Run(" i årskurs 5.")))


def test_a_line_without_runs_gets_the_reason_in_brackets(decision: Written) -> None:
    hidden = mask(decision, [Mask("signature.0", 0, 9, Reason.STAFF), Mask("1.0.0", 0, 5, Reason.OTHER)])
    assert hidden.signatures[0] == ("Beslutsfattare", "[dolt: uppgift om enskild anställd]")
    assert hidden.blocks[1] == Heading(3, "[dolt: uppgift som omfattas av sekretess] anpassningar och särskilt stöd")


def test_masking_again_keeps_what_was_masked_before(decision: Written) -> None:
    once = mask(decision, [Mask("7.0.1", 0, 4, Reason.PUPIL)])
    twice = mask(once, [Mask("7.0.2", 0, 4, Reason.PUPIL)])
    assert twice.blocks[7] == Paragraph((Run("Vid besöket mötte vi "), Run(masked="pupil"), Run(" i årskurs 5.")))


@pytest.mark.parametrize(
    ("place", "start", "end", "said"),
    [
        ("7.0.9", 0, 1, "no text at '7.0.9'"),
        ("register_number", 0, 1, "no text at"),
        ("7.0.1", 0, 9, "has 8 characters"),
        ("7.0.1", 3, 3, "hides nothing"),
        ("7.0.1", -1, 3, "hides nothing"),
    ],
)
def test_a_span_that_is_not_there_is_refused(decision: Written, place: str, start: int, end: int, said: str) -> None:
    with pytest.raises(WritingError, match=said):
        mask(decision, [Mask(place, start, end, Reason.PUPIL)])


def test_a_reason_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="because"):
        Mask("0.0.0", 0, 1, "because")  # type: ignore[arg-type]


def test_a_name_is_found_wherever_it_stands_as_a_word(decision: Written) -> None:
    blocks = (Paragraph((Run("Bok och BOKS elever."), Run("En bokhylla."))), Heading(2, "Bok"))
    found = found_at(replace(decision, blocks=blocks), " bok ", Reason.STAFF)
    assert [(m.place, m.start, m.end) for m in found] == [
        ("0.0.0", 0, 3), ("0.0.0", 8, 12), ("1.0.0", 0, 3), ("signature.0", 6, 9)
    ]  # fmt: skip


def test_no_words_to_look_for_are_refused(decision: Written) -> None:
    with pytest.raises(WritingError, match="no words"):
        found_at(decision, " \u200b", Reason.STAFF)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_name_that_is_hidden_everywhere_stands_nowhere(
    any_written: st.SearchStrategy[Written], data: st.DataObject
) -> None:
    document = data.draw(any_written)
    said = [
        Run(f"{before} Zäta Öx{after}") for before, after in data.draw(st.lists(st.tuples(AROUND, AROUND), max_size=4))
    ]
    document = replace(document, blocks=(*document.blocks, Paragraph((*said, Run("zäta öxs")))))
    hidden = mask(document, found_at(document, "Zäta Öx", Reason.PUPIL))
    assert found_at(hidden, "Zäta Öx", Reason.PUPIL) == ()
