"""Documents as PDF: what a screen reader and an archive need is there, checked by program; the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from likvard.site.writing.masking import Mask, mask
from likvard.site.writing.pdf import filename, pdf
from likvard.site.writing.text import Heading, Paragraph, Reason, Run, Table, WritingError, Written, as_data, places

Open = Callable[[bytes], Any]


def test_the_file_says_that_it_is_accessible_and_for_the_archive(decision: Written, opened: Open) -> None:
    found = opened(pdf(decision))
    assert "<pdfuaid:part>1</pdfuaid:part>" in found.metadata
    assert "<pdfaid:part>2</pdfaid:part>" in found.metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in found.metadata
    assert b"/GTS_PDFA1" in b"".join(found.objects.values())


def test_the_file_has_title_and_language_and_shows_the_title(decision: Written, opened: Open) -> None:
    found = opened(pdf(decision))
    assert decision.title.replace(" ", "") in found.metadata.replace("\u00a0", "").replace(" ", "")
    assert b"/Lang(sv-SE)" in found.catalog
    assert b"/DisplayDocTitle true" in found.catalog
    assert b"/Marked true" in found.catalog
    assert b"/Lang(en-GB)" in opened(pdf(replace(decision, language="en"))).catalog


def test_every_part_is_tagged_as_what_it_is(decision: Written, opened: Open) -> None:
    kinds = [kind for _, kind, _ in opened(pdf(decision)).tags]
    wanted = ["H1", "H2", "H3", "L", "LI", "Lbl", "LBody", "L", "H2", "BlockQuote", "P", "H2", "P"]
    rest = iter(kinds)
    assert all(kind in rest for kind in wanted), kinds  # in this order, with others between
    assert kinds.count("LI") == 4
    assert "Figure" not in kinds  # the document has no picture, so none can lack words


def test_headings_come_in_order_and_are_the_bookmarks(decision: Written, opened: Open) -> None:
    found = opened(pdf(decision))
    levels = [(int(kind[1]), title) for _, kind, title in found.tags if kind in ("H1", "H2", "H3")]
    titles = [decision.title, *(block.text for block in decision.blocks if isinstance(block, Heading))]
    assert [title.replace("\u00a0", " ") for _, title in levels] == titles
    assert all(after <= before + 1 for (before, _), (after, _) in pairwise(levels))
    assert sorted(title for _, title in levels) == sorted(found.bookmarks)


def test_what_stands_on_every_page_is_not_read_out(decision: Written, opened: Open) -> None:
    pages = [one for one in opened(pdf(decision)).streams if b"/Artifact" in one]
    assert len(pages) == 2  # the appendix has a page of its own
    assert all(b"/Subtype/Footer" in page and b"/Subtype/Header" in page for page in pages)


def test_the_same_document_gives_the_same_bytes_in_another_process_too(decision: Written, tmp_path: Path) -> None:
    script = "import json,sys,hashlib\nfrom likvard.site.writing.text import from_data\nfrom likvard.site.writing.pdf import pdf\n"
    script += "print(hashlib.sha256(pdf(from_data(json.load(open(sys.argv[1]))))).hexdigest())"
    (tmp_path / "d.json").write_text(json.dumps(as_data(decision)))
    run = [sys.executable, "-c", script, str(tmp_path / "d.json")]
    said = [
        subprocess.run(
            run, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] == f"{hashlib.sha256(pdf(decision)).hexdigest()}\n"


def test_many_at_once_give_the_same_bytes_as_one_by_one(decision: Written) -> None:
    documents = [replace(decision, register_number=f"SYN 2026:{n % 3}") for n in range(12)]
    with ThreadPoolExecutor(4) as workers:
        assert list(workers.map(pdf, documents)) == [pdf(document) for document in documents]


@pytest.mark.parametrize(
    "change", [{"title": "Något annat"}, {"register_number": "SYN 2026:18"}, {"signatures": ()}, {"draft": True}]
)
def test_another_document_gives_other_bytes(decision: Written, change: dict[str, Any]) -> None:
    assert pdf(replace(decision, **change)) != pdf(decision)


def test_a_draft_says_so_and_needs_no_day(decision: Written, opened: Open) -> None:
    found = opened(pdf(replace(decision, draft=True, dated=None)))
    assert "pdfuaid:part" in found.metadata
    assert "pdfaid:part" not in found.metadata
    assert "K" in found.letters  # of the watermark: UTKAST


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_masked_character_has_a_glyph_in_the_file(decision: Written, opened: Open, data: st.DataObject) -> None:
    name = data.draw(st.text(st.sampled_from("αβγδεζηθ"), min_size=1, max_size=12))
    blocks = (Heading(2, f"Om {name}"), Paragraph((Run(f"Vi mötte {name} där."), Run(name, strong=True))))
    document = replace(decision, blocks=blocks, title=f"Beslut {name}", signatures=(("Föredragande", name),))
    masks = [
        Mask(
            place.address,
            place.text.index(name),
            place.text.index(name) + len(name),
            data.draw(st.sampled_from(Reason)),
        )
        for place in places(document)
        if name in place.text
    ]
    found = opened(pdf(mask(document, masks)))
    said = found.letters | set(found.metadata) | {c for title in found.bookmarks for c in title}
    assert len(masks) == 5
    assert not said & set("αβγδεζηθ")


def test_letters_of_other_scripts_are_shown(decision: Written, opened: Open) -> None:
    blocks = (Paragraph((Run("Привет, Ολα, مرحبا"),)),)
    assert {"П", "λ", "م"} <= opened(pdf(replace(decision, blocks=blocks))).letters


def test_a_character_that_no_typeface_has_is_named(decision: Written) -> None:
    with pytest.raises(WritingError, match="The character 😀 cannot be shown"):
        pdf(replace(decision, blocks=(Paragraph((Run("Bra 😀"),)),)))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_written_in_letters_becomes_a_file(any_written: Any, opened: Open, data: st.DataObject) -> None:
    document = data.draw(any_written.filter(lambda d: all(ord(c) < 0x17F for c in repr(d))))
    assert opened(pdf(document)).tags


@pytest.mark.parametrize(
    ("number", "kicker", "name"),
    [
        ("SYN 2026:17", "Beslut", "beslut-syn-2026-17.pdf"),
        ("SI 2026:1", "Uppföljningsbeslut", "uppfoljningsbeslut-si-2026-1.pdf"),
        ("", "", "dokument.pdf"),
    ],
)
def test_the_name_of_the_file_is_one_that_every_system_takes(
    decision: Written, number: str, kicker: str, name: str
) -> None:
    assert filename(replace(decision, register_number=number, kicker=kicker)) == name


def test_a_table_is_tagged_with_its_headings(decision: Written, opened: Open) -> None:
    rows = tuple(((Run(name),), (Run(share),)) for name, share in (("Hög", "24 %"), ("Låg", "27 %")))
    document = replace(decision, blocks=(Table("Klasser", ("Klass", "Andel"), rows),))
    kinds = [kind for _, kind, _ in opened(pdf(document)).tags]
    assert kinds.count("TH") == 2
    assert kinds.count("TD") == 4
