"""Pictures in documents: their words go where they go, nothing in them runs, and a masked one is gone whole."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from likvard.site.writing.html import body
from likvard.site.writing.masking import found_at, mask
from likvard.site.writing.pdf import pdf
from likvard.site.writing.text import (
    Heading,
    Paragraph,
    Picture,
    Reason,
    Run,
    WritingError,
    Written,
    as_data,
    from_data,
    plain_text,
)

Open = Callable[[bytes], Any]
ALT = "Diagram. Tre av tio når målet. Siffrorna står i tabellen efter."


@pytest.fixture
def report(decision: Written, drawn: Callable[..., str]) -> Written:
    """A document with a picture between two paragraphs."""
    before, after = Paragraph((Run("Före."),)), Paragraph((Run("Efter."),))
    return replace(decision, blocks=(Heading(2, "Läget"), before, Picture(drawn("Ängskolan 30 %"), ALT), after))


def test_a_picture_is_a_figure_with_its_words_in_the_pdf(report: Written, opened: Open) -> None:
    found = opened(pdf(report))
    kinds = [kind for _, kind, _ in found.tags]
    assert kinds.count("Figure") == 1
    assert kinds.index("P", kinds.index("H2")) < kinds.index("Figure") < len(kinds) - 1
    assert found.figures == [ALT]


def test_nothing_is_painted_that_is_neither_tagged_nor_set_aside(report: Written, opened: Open) -> None:
    assert opened(pdf(report)).unmarked == []


def test_letters_in_a_picture_are_letters_of_the_packages_typeface(report: Written, opened: Open) -> None:
    found = opened(pdf(replace(report, blocks=(Picture(report.blocks[2].svg, "Diagram."),))))  # type: ignore[union-attr]
    assert {"Ä", "3", "%"} <= found.letters
    assert b"LikvardSans" in b"".join(found.objects.values())


def test_a_document_with_a_picture_gives_the_same_bytes_twice(report: Written) -> None:
    assert pdf(report) == pdf(from_data(as_data(report)))


def test_a_picture_higher_than_a_page_is_made_to_fit_one(
    report: Written, drawn: Callable[..., str], opened: Open
) -> None:
    tall = Picture(drawn("Högt").replace("0 0 640 60", "0 0 640 4000"), ALT)
    pages = pdf(replace(report, blocks=(tall,), signatures=())).count(b"/Type/Page/")
    assert pages == pdf(replace(report, blocks=(), signatures=())).count(b"/Type/Page/") + 1


def test_the_page_shows_a_picture_as_an_image_with_its_words(report: Written) -> None:
    said = body(report)
    assert f'alt="{ALT}"' in said
    data = said.split("base64,")[1].split('"')[0]
    assert b64decode(data).decode() == report.blocks[2].svg  # type: ignore[union-attr]


def test_the_plain_text_says_what_the_picture_says(report: Written) -> None:
    assert ALT in plain_text(report).splitlines()
    assert "<svg" not in plain_text(report)


def test_a_name_in_a_drawing_is_found_and_the_picture_is_hidden_whole(report: Written, opened: Open) -> None:
    hidden = mask(report, found_at(report, "Ängskolan", Reason.OTHER))
    assert hidden.blocks[2] == Paragraph((Run(masked=Reason.OTHER),))
    assert "Ä" not in opened(pdf(hidden)).letters
    assert "svg" not in str(as_data(hidden))


def test_a_picture_says_something_to_those_who_do_not_see_it(drawn: Callable[..., str]) -> None:
    with pytest.raises(WritingError, match="words for those"):
        Picture(drawn("Text"), " ")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<image href="https://example.org/a.png"/>',
        '<a href="#x"><text>a</text></a>',
        "<foreignObject><p>a</p></foreignObject>",
        '<rect width="1" height="1" onload="1"/>',
        '<rect width="1" height="1" fill="url(#a)"/>',
        "<style>@import 'a.css';</style>",
        "<!-- a -->",
        "<g>",
    ],
)
def test_a_drawing_that_runs_or_fetches_anything_is_refused(drawn: Callable[..., str], inside: str) -> None:
    with pytest.raises(WritingError, match="cannot stand in a document"):
        Picture(drawn("Text", inside), ALT)


def test_a_drawing_without_a_size_or_with_entities_is_refused(drawn: Callable[..., str]) -> None:
    for wrong in (drawn("a").replace("0 0 640 60", "0 0 640 0"), f"<!DOCTYPE svg>{drawn('a')}", "Ingen bild"):
        with pytest.raises(WritingError):
            Picture(wrong, ALT)
