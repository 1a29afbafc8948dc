"""Documents as HTML: everything escaped, the language said, nothing parted that belongs together."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.writing.binding import bound
from likvard.site.writing.html import body, contents, signatures
from likvard.site.writing.text import Paragraph, Run, Written

ALLOWED = {"div", "h2", "h3", "h4", "p", "ul", "li", "dl", "dt", "dd", "strong", "span", "blockquote", "footer"}
ALLOWED |= {"table", "caption", "thead", "tbody", "tr", "th", "td"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":  # has no end; a picture is data with its words and nothing else
            assert [name for name, _ in attrs] == ["src", "alt", "width", "height"]
            assert (attrs[0][1] or "").startswith("data:image/svg+xml;base64,")
            return
        self.open.append(tag)
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@settings(max_examples=50)
@given(st.data())
def test_whatever_is_written_the_page_has_only_these_elements(
    any_written: st.SearchStrategy[Written], data: st.DataObject
) -> None:
    document = data.draw(any_written)
    parser = _Tags()
    parser.feed(body(document, anchor="a") + signatures(document))
    assert parser.open == []
    assert parser.seen <= ALLOWED
    assert parser.attributes <= {"class", "lang", "id", "scope", "tabindex", "role", "aria-label"}


def test_markup_that_somebody_typed_is_text(decision: Written) -> None:
    document = replace(decision, blocks=(Paragraph((Run("<script>alert(1)</script> & så"),)),))
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; så</p>" in body(document)


def test_each_block_has_its_element_and_the_box_its_language(decision: Written) -> None:
    made = body(decision)
    assert made.startswith('<div class="text written" lang="sv">')
    for part in (
        "<h2>Skolinspektionens beslut</h2>",
        "<h3>Extra anpassningar och särskilt stöd</h3>",
        "<dt>Ingripande</dt><dd><strong>Föreläggande</strong></dd>",
        "<li>elever får stöd.</li>",
        "<blockquote><p>Huvudmannen ska utreda.</p>",
    ):
        assert part in made


def test_headings_can_be_moved_down_and_have_addresses(decision: Written) -> None:
    made = body(decision, deeper=1, anchor="beslut")
    assert '<h3 id="beslut-1">Skolinspektionens beslut</h3>' in made
    assert '<h4 id="beslut-2">' in made
    listed = contents(decision, anchor="beslut")
    assert listed[1] == ("Skäl för beslutet", "#beslut-3")
    assert all(f'id="{address[1:]}"' in made for _, address in listed)


def test_who_signed_is_listed_and_nobody_where_nobody_did(decision: Written) -> None:
    assert "<dt>Föredragande</dt><dd>Carl Ceder</dd>" in signatures(decision)
    assert signatures(replace(decision, signatures=())) == ""


def test_a_number_is_not_parted_from_its_unit() -> None:
    text = "6 kap. 10 § skollagen, 26 kap. 14 a § och §§ 3–5, 500 000 kronor, 31 januari 2027, 61 % av 1 234"
    assert bound(text).replace("\u00a0", "~") == (
        "6~kap.~10~§ skollagen, 26~kap.~14~a~§ och §§~3–5, 500~000~kronor, 31~januari 2027, 61~% av 1~234"
    )


@given(st.text())
def test_binding_changes_blanks_and_nothing_else(text: str) -> None:
    assert bound(text).replace("\u00a0", " ") == text.replace("\u00a0", " ")
