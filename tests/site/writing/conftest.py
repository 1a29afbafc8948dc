"""A decision of every kind of block, and strategies for documents of any content."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pytest
from hypothesis import strategies as st
from markupsafe import escape

from likvard.site.writing.text import (
    SYNTHETIC,
    Block,
    Bullets,
    Heading,
    Paragraph,
    Picture,
    Quote,
    Reason,
    Run,
    Table,
    Terms,
    Written,
)


def run(text: str, **more: object) -> tuple[Run, ...]:
    return (Run(text, **more),)  # type: ignore[arg-type]


@pytest.fixture
def decision() -> Written:
    """A short decision with a block of each kind."""
    return Written(
        title="Beslut för grundskola efter planerad tillsyn i Sjöskolan i Ekviks kommun",
        kicker="Beslut",
        language="sv",
        register_number="SYN 2026:17",
        dated=date(2026, 11, 20),
        authority="Skolinspektionen",
        addressee=("Ekviks kommun", "org.nr 000000-0000"),
        blocks=(
            Heading(2, "Skolinspektionens beslut"),
            Heading(3, "Extra anpassningar och särskilt stöd"),
            Terms((("Ingripande", run("Föreläggande", strong=True)), ("Senast", run("31 januari 2027")))),
            Paragraph(run("Ekviks kommun ska vidta åtgärder så att")),
            Bullets((run("elevers behov utreds skyndsamt (3 kap. 7 § skollagen), och"), run("elever får stöd."))),
            Heading(2, "Skäl för beslutet"),
            Quote(run("Huvudmannen ska utreda."), source="6 kap. 10 § skollagen"),
            Paragraph((Run("Vid besöket mötte vi "), Run("Anna Alm", strong=True), Run(" i årskurs 5."))),
            Heading(2, "Hur man överklagar", new_page=True),
            Paragraph(run("Beslutet kan överklagas inom tre veckor.")),
        ),
        signatures=(("Beslutsfattare", "Berit Bok"), ("Föredragande", "Carl Ceder")),
        notice=SYNTHETIC,
    )


LETTERS = st.text(
    st.characters(categories=("L", "N", "P", "S", "Z", "C"), exclude_characters="\ud800"), min_size=1, max_size=40
)


def svg(label: str, inside: str = "") -> str:
    """A drawing with a bar and a label, and whatever else is put `inside` it."""
    bar = '<style>.b{fill:#0b4a7d} text{font:16px "Likvard Sans"}</style><rect width="200" height="20" class="b"/>'
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 60" lang="sv">'
    return f'{head}{bar}<text x="4" y="44">{escape(label)}</text>{inside}</svg>'


@pytest.fixture(scope="session")
def drawn() -> Callable[..., str]:
    return svg


def _runs(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Run, ...]]:
    plain = st.builds(Run, texts, st.booleans())
    hidden = st.builds(Run, masked=st.sampled_from([str(reason) for reason in Reason]))
    return st.lists(st.one_of(plain, plain, hidden), min_size=1, max_size=4).map(tuple)


def _blocks(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Block, ...]]:
    runs = _runs(texts)
    heading = st.builds(Heading, st.sampled_from([2, 3]), texts.map(lambda text: f"H {text}"), st.booleans())
    block = st.one_of(
        st.builds(Paragraph, runs),
        st.builds(Bullets, st.lists(runs, min_size=1, max_size=3).map(tuple)),
        st.builds(Terms, st.lists(st.tuples(texts, runs), min_size=1, max_size=3).map(tuple)),
        st.builds(Quote, runs, texts),
        st.builds(lambda alt, label: Picture(svg(label), f"A {alt}"), texts, texts),
        st.integers(1, 3).flatmap(
            lambda wide: st.builds(
                Table,
                texts.map(lambda text: f"C {text}"),
                st.lists(texts, min_size=wide, max_size=wide).map(tuple),
                st.lists(st.lists(runs, min_size=wide, max_size=wide).map(tuple), max_size=3).map(tuple),
                st.integers(1, wide),
            )
        ),
        heading,
    )
    return st.lists(block, max_size=5).map(lambda found: (Heading(2, "First"), *found))


def written(texts: st.SearchStrategy[str] = LETTERS) -> st.SearchStrategy[Written]:
    """Documents with any text in every place that takes one."""
    return st.builds(
        Written,
        title=texts.map(lambda text: f"T {text}"),
        kicker=texts,
        language=st.sampled_from(["sv", "en"]),
        register_number=texts,
        dated=st.dates(date(2011, 1, 1), date(2040, 1, 1)),
        authority=texts,
        addressee=st.lists(texts, max_size=2).map(tuple),
        blocks=_blocks(texts),
        signatures=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
        notice=st.sampled_from(["", SYNTHETIC]),
        draft=st.booleans(),
    )


@pytest.fixture(scope="session")
def any_written() -> st.SearchStrategy[Written]:
    return written()


@dataclass(frozen=True)
class Opened:
    """What a program finds in a PDF: its objects as text, and the streams unpacked. Enough for files that Typst writes."""

    content: bytes

    @cached_property
    def objects(self) -> dict[int, bytes]:
        return {int(m[1]): m[2] for m in re.finditer(rb"(?s)(\d+) 0 obj\s(.*?)\sendobj", self.content)}

    @cached_property
    def streams(self) -> list[bytes]:
        found = [re.search(rb"(?s)>>\s*stream\r?\n(.*)\nendstream", one) for one in self.objects.values()]
        raw = [(one[1], b"FlateDecode" in one.string[: one.start(1)]) for one in found if one]
        return [zlib.decompress(data) if packed else data for data, packed in raw]

    @cached_property
    def catalog(self) -> bytes:
        return next(one for one in self.objects.values() if b"/Type/Catalog" in one)

    @cached_property
    def metadata(self) -> str:
        return next(one for one in self.streams if one.startswith(b"<?xpacket")).decode()

    @cached_property
    def tags(self) -> list[tuple[int, str, str]]:
        """Depth, kind and title of every structure element in the order of reading."""
        root = next(one for one in self.objects.values() if b"/Type/StructTreeRoot" in one)
        return [tag for child in self._children(root) for tag in self._walk(child, 0)]

    def _walk(self, number: int, depth: int) -> list[tuple[int, str, str]]:
        body = self.objects[number]
        kind = re.search(rb"/S/(\w+)", body)
        assert kind is not None
        below = [tag for child in self._children(body) for tag in self._walk(child, depth + 1)]
        return [(depth, kind[1].decode(), _string(body, b"/T")), *below]

    @staticmethod
    def _children(body: bytes) -> list[int]:
        kids = re.search(rb"/K\[([^\]]*)\]", body)
        return [int(n) for n in re.findall(rb"(\d+) 0 R", kids[1])] if kids else []

    @cached_property
    def figures(self) -> list[str]:
        """What each figure says in place of itself, in no order."""
        return [_string(one, b"/Alt") for one in self.objects.values() if re.search(rb"/S/Figure\b", one)]

    @cached_property
    def unmarked(self) -> list[bytes]:
        """What the pages paint outside every marked content: neither tagged nor said to be for the eye only."""
        found = []
        for page in (one for one in self.streams if b"BDC" in one or b"BMC" in one):
            depth = 0
            for line in page.splitlines():
                depth += line.endswith((b"BDC", b"BMC")) - (line.strip() == b"EMC")
                if not depth and re.search(rb"(?:^|\s)(?:Tj|TJ|Do|S|s|f\*?|F|B\*?|b\*?|sh)$", line):
                    found.append(line)
        return found

    @cached_property
    def bookmarks(self) -> list[str]:
        return [_string(one, b"/Title") for one in self.objects.values() if b"/Dest" in one and b"/Title" in one]

    @cached_property
    def letters(self) -> set[str]:
        """Every character that a glyph of the file stands for."""
        maps = [one for one in self.streams if b"begincmap" in one]
        codes = [code for one in maps for code in re.findall(rb"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>", one)]
        return {c for code in codes for c in bytes.fromhex(code.decode()).decode("utf-16-be", "ignore")}


def _string(body: bytes, key: bytes) -> str:
    found = re.search(re.escape(key) + rb"(?:<([0-9A-F]+)>|\(((?:[^()\\]|\\.)*)\))", body)
    if found is None:
        return ""
    return bytes.fromhex(found[1].decode())[2:].decode("utf-16-be") if found[1] else found[2].decode("latin-1")


@pytest.fixture(scope="session")
def opened() -> Callable[[bytes], Opened]:
    return Opened
