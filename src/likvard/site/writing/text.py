"""A written document as a value: title block, blocks of text, signatures. Its forms (HTML, PDF, data) are made from it alone.

A piece of text is put in order when it is made: one kind of blank, no control characters, composed letters (Unicode NFC). So a
document that is read back from data is equal to the one that was written, and no invisible character carries anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

from likvard.site.writing import svg
from likvard.terms import LikvardError, Words

SYNTHETIC = "SYNTETISKT – EJ ETT MYNDIGHETSBESLUT"
"""What every document says that no authority has made."""

_BLANKS = re.compile(r"[^\S\u00a0]+")
_KEPT_TOGETHER = re.compile("[\u2007\u202f]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
"""Unicode categories of what has no look of its own. Marks of direction and of no width make a text look other than it is
(CWE-1007), and could carry what was masked."""


class WritingError(LikvardError):
    """A document that cannot be written so."""


class Reason(StrEnum):
    """Why a text is hidden, the heaviest reason first."""

    PROTECTED = "protected"
    HEALTH = "health"
    PUPIL = "pupil"
    STAFF = "staff"
    OTHER = "other"


REASONS: dict[Reason, Words] = {
    Reason.PROTECTED: Words("skyddade personuppgifter", "protected personal data"),
    Reason.HEALTH: Words("uppgift om hälsa", "information about health"),
    Reason.PUPIL: Words("uppgift om enskild elev", "information about a pupil"),
    Reason.STAFF: Words("uppgift om enskild anställd", "information about a member of staff"),
    Reason.OTHER: Words("uppgift som omfattas av sekretess", "information covered by secrecy"),
}
"""What each reason is called."""

HIDDEN = Words("dolt", "hidden")


def tidy(text: str) -> str:
    """The text with one kind of blank and of no-break blank, composed letters and nothing unseen. Twice is as good as once."""
    # Nearly every text is in order already; a look at it as a whole is 20 times faster than one at each letter, and whoever
    # reads 50,000 documents reads a hundred million letters.
    is_seen = text.replace("\u00a0", " ").isprintable()
    if is_seen and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text
    spaced = _BLANKS.sub(" ", _KEPT_TOGETHER.sub("\u00a0", text))
    seen = "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN)
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", seen))


def bar(reason: str, language: str) -> str:
    """What stands in place of a hidden text: `dolt: uppgift om enskild elev`. Its length says nothing of the hidden text."""
    words = REASONS[Reason(reason)]
    return f"{HIDDEN.sv}: {words.sv}" if language == "sv" else f"{HIDDEN.en}: {words.en}"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of running text. `masked` is a `Reason`: then there is no text, and a bar with the reason stands here."""

    text: str = ""
    strong: bool = False
    masked: str = ""

    def __post_init__(self) -> None:
        if self.masked and (self.text or self.strong or self.masked not in set(Reason)):
            raise WritingError("A masked run has a reason and no text.", f"Choose one of {', '.join(Reason)}.")
        object.__setattr__(self, "text", tidy(self.text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2, 3 or 4; the title is level 1. With `new_page` it begins a page of the PDF: an appendix."""

    level: int
    text: str
    new_page: bool = False

    def __post_init__(self) -> None:
        if self.level not in (2, 3, 4):
            raise WritingError(f"A heading has level 2, 3 or 4, not {self.level}.", "The title alone has level 1.")
        object.__setattr__(self, "text", tidy(self.text).strip())
        if not self.text:
            raise WritingError("A heading has a text.", "Write it, or leave the heading out.")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points, each of one or more runs."""

    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a label and what is said of it: a table of facts."""

    rows: tuple[tuple[str, tuple[Run, ...]], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple((tidy(label).strip(), runs) for label, runs in self.rows))


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage in somebody else's words, such as a provision as it was worded on the day, and where it stands."""

    runs: tuple[Run, ...]
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", tidy(self.source).strip())


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it shows, a heading for each column, and rows of cells; the first cell of a row is its head.

    The first `words` columns, and those of the places in `texts`, hold words and stand to the left; the others hold numbers and
    stand to the right.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    words: int = 1
    texts: tuple[int, ...] = ()

    def is_text(self, place: int) -> bool:
        """Whether the column of this place holds words."""
        return place < self.words or place in self.texts

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", tidy(self.caption).strip())
        object.__setattr__(self, "columns", tuple(tidy(label).strip() for label in self.columns))
        if not self.caption or not self.columns or any(len(row) != len(self.columns) for row in self.rows):
            raise WritingError("A table has a caption, and in each row a cell for each column.", "Fill it in.")
        if not 1 <= self.words <= len(self.columns):
            raise WritingError("At least the first column of a table holds words.", "Say how many do.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, and `alt`: what it tells, for those who do not see it. Its numbers stand in a table after it.

    The SVG holds shapes and texts alone: nothing that runs, and nothing that is fetched from anywhere.
    """

    svg: str
    alt: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "svg", tidy(self.svg).strip())
        object.__setattr__(self, "alt", tidy(self.alt).strip())
        if not self.alt:
            raise WritingError("A picture has words for those who do not see it.", "Say what it tells.")
        if wrong := svg.fault(self.svg):
            raise WritingError(f"The picture cannot stand in a document: {wrong}.", "Draw it by likvard.figures.")

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text in the drawing, as it stands there."""
        return svg.texts(self.svg)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, in units of its own."""
        return svg.size(self.svg)


Block = Paragraph | Heading | Bullets | Terms | Quote | Table | Picture


@dataclass(frozen=True, slots=True)
class Written:
    """A document. `kicker` says what it is (`Beslut`), `notice` what every reader must know first, as that it is synthetic.

    `signatures` are pairs of role and name. `dated` is the day of the document; a draft may lack it.
    """

    title: str
    kicker: str
    language: str
    register_number: str
    dated: date | None
    authority: str
    addressee: tuple[str, ...]
    blocks: tuple[Block, ...]
    signatures: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    draft: bool = False

    def __post_init__(self) -> None:
        for name in ("title", "kicker", "register_number", "authority", "notice"):
            object.__setattr__(self, name, tidy(getattr(self, name)).strip())
        object.__setattr__(self, "addressee", tuple(tidy(line).strip() for line in self.addressee))
        signed = tuple((tidy(role).strip(), tidy(name).strip()) for role, name in self.signatures)
        object.__setattr__(self, "signatures", signed)
        self._check()

    def _check(self) -> None:
        if self.language not in ("sv", "en"):
            raise WritingError(f"{self.language!r} is not a language of documents.", "Use sv or en.")
        if not self.title:
            raise WritingError("A document has a title.", "Write it.")
        if self.dated is None and not self.draft:
            raise WritingError("A document that is no draft has a day.", "Give the day on which it was decided.")
        levels = [1, *(block.level for block in self.blocks if isinstance(block, Heading))]
        if any(after > before + 1 for before, after in pairwise(levels)):
            raise WritingError(
                "A level of headings is skipped.", "Level 3 stands under level 2, level 4 under level 3."
            )


@dataclass(frozen=True, slots=True)
class Place:
    """A text that can be pointed at: `address` is `block.item.run`, or the name of a line such as `signature.0`."""

    address: str
    text: str


def places(written: Written) -> tuple[Place, ...]:
    """Every text in which something may be masked, in the order of reading; runs that are masked already are not there.

    `title`, `kicker`, `addressee.n`, `signature.n` (the name) and `block.item.run`; a heading is run 0 of item 0 of its block.
    Labels, the register number and the name of the authority are not free text and cannot be masked.
    """
    head = [Place("kicker", written.kicker), Place("title", written.title)]
    head += [Place(f"addressee.{n}", line) for n, line in enumerate(written.addressee)]
    body = [place for number, block in enumerate(written.blocks) for place in _in_block(number, block)]
    signed = [Place(f"signature.{n}", name) for n, (_, name) in enumerate(written.signatures)]
    return tuple(place for place in head + body + signed if place.text)


def _in_block(number: int, block: Block) -> Iterator[Place]:
    if isinstance(block, Heading):
        yield Place(f"{number}.0.0", block.text)
        return
    for item, runs in enumerate(items(block)):
        yield from (Place(f"{number}.{item}.{n}", run.text) for n, run in enumerate(runs) if not run.masked)


def items(block: Block) -> tuple[tuple[Run, ...], ...]:
    """The runs of each item of a block: one item but in bullets, terms and tables (cell by cell); a heading is one run.

    A picture is one run as well: its words and every text in it, so that a name in a drawing is found like any other.
    """
    if isinstance(block, Heading):
        return ((Run(block.text),),)
    if isinstance(block, Picture):
        return ((Run(" · ".join((block.alt, *block.texts))),),)
    if isinstance(block, Bullets):
        return block.items
    if isinstance(block, Terms):
        return tuple(runs for _, runs in block.rows)
    if isinstance(block, Table):
        return tuple(runs for row in block.rows for runs in row)
    return (block.runs,)


def plain_text(written: Written) -> str:
    """Title and text of the document, a line for each heading, paragraph and point. Masked runs give nothing."""
    lines = [written.title]
    for block in written.blocks:
        if isinstance(block, Table):
            lines += _lines(block)
            continue
        if isinstance(block, Picture):
            lines.append(block.alt)
            continue
        labels = [f"{label}: " for label, _ in block.rows] if isinstance(block, Terms) else [""] * len(items(block))
        said = ("".join(run.text for run in runs) for runs in items(block))
        lines += [label + text for label, text in zip(labels, said, strict=True)]
        lines += [block.source] if isinstance(block, Quote) and block.source else []
    return "\n".join(line for line in lines if line.strip())


def _lines(block: Table) -> Iterator[str]:
    """A table as lines: its caption, its headings, its rows, cells parted by semicolons."""
    yield block.caption
    yield "; ".join(block.columns)
    for row in block.rows:
        yield "; ".join("".join(run.text for run in runs) for runs in row)


def paragraphs(text: str) -> tuple[Block, ...]:
    """What a person typed as blocks: blank lines part paragraphs, lines that begin with `- ` are points.

    A line that follows a point without a blank line goes on with it. Nothing else is markup.
    """
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")):
        found += _part(part)
    return tuple(_joined(found))


def _part(text: str) -> Iterator[Block]:
    before, *points = re.split(r"(?m)^[ \t]*[-–•][ \t]+", text)
    if tidy(before).strip():
        yield Paragraph((Run(tidy(before).strip()),))
    made = tuple((Run(tidy(point).strip()),) for point in points if tidy(point).strip())
    if made:
        yield Bullets(made)


def _joined(blocks: list[Block]) -> Iterator[Block]:
    """Points that only a blank line parts are one list."""
    waiting: Bullets | None = None
    for block in blocks:
        if isinstance(block, Bullets):
            waiting = Bullets((*waiting.items, *block.items)) if waiting else block
            continue
        if waiting is not None:
            yield waiting
        waiting = None
        yield block
    if waiting is not None:
        yield waiting


SCHEMA = 1
_LINES = ("title", "kicker", "language", "register_number", "authority", "notice")
_FIELDS = {"schema", *_LINES, "dated", "addressee", "blocks", "signatures", "draft"}


def as_data(written: Written) -> dict[str, Any]:
    """The document as data that JSON can hold. A masked run has its reason and no text."""
    lines = {name: getattr(written, name) for name in _LINES}
    return {
        "schema": SCHEMA,
        **lines,
        "dated": written.dated.isoformat() if written.dated else None,
        "addressee": list(written.addressee),
        "blocks": [_block(block) for block in written.blocks],
        "signatures": [{"role": role, "name": name} for role, name in written.signatures],
        "draft": written.draft,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "new_page": block.new_page}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_runs(runs) for runs in block.items]}
    if isinstance(block, Terms):
        return {"kind": "terms", "rows": [{"label": label, "runs": _runs(runs)} for label, runs in block.rows]}
    if isinstance(block, Table):
        rows = [[_runs(runs) for runs in row] for row in block.rows]
        head = {
            "caption": block.caption,
            "columns": list(block.columns),
            "words": block.words,
            "texts": list(block.texts),
        }
        return {"kind": "table", **head, "rows": rows}
    if isinstance(block, Picture):
        return {"kind": "picture", "svg": block.svg, "alt": block.alt}
    if isinstance(block, Quote):
        return {"kind": "quote", "runs": _runs(block.runs), "source": block.source}
    return {"kind": "paragraph", "runs": _runs(block.runs)}


def _runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [{"text": run.text, "strong": run.strong, "masked": run.masked} for run in runs]


def from_data(data: Mapping[str, Any]) -> Written:
    """The document that was written as this data. Raises `WritingError` for another schema or anything that is not so made."""
    if data.get("schema") != SCHEMA:
        raise WritingError(
            f"The document has schema {data.get('schema')!r}, not {SCHEMA}.", "Use a version that knows it."
        )
    if data.keys() != _FIELDS:
        wrong = ", ".join(sorted(data.keys() ^ _FIELDS))
        raise WritingError(f"The document lacks or has too many fields: {wrong}.", "Make the data by as_data.")
    try:
        return _written(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WritingError(f"The data are not those of a document: {error}.", "Make the data by as_data.") from error


def _written(data: Mapping[str, Any]) -> Written:
    return Written(
        **{name: _text(data[name]) for name in _LINES},
        dated=date.fromisoformat(data["dated"]) if data["dated"] is not None else None,
        addressee=tuple(_text(line) for line in data["addressee"]),
        blocks=tuple(_READERS[block["kind"]](block) for block in data["blocks"]),
        signatures=tuple((_text(one["role"]), _text(one["name"])) for one in data["signatures"]),
        draft=_yes_or_no(data["draft"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _read(runs: list[Mapping[str, Any]]) -> tuple[Run, ...]:
    return tuple(Run(_text(r["text"]), _yes_or_no(r["strong"]), _text(r["masked"])) for r in runs)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Block]] = {
    "heading": lambda block: Heading(block["level"], _text(block["text"]), _yes_or_no(block["new_page"])),
    "paragraph": lambda block: Paragraph(_read(block["runs"])),
    "bullets": lambda block: Bullets(tuple(_read(runs) for runs in block["items"])),
    "terms": lambda block: Terms(tuple((_text(row["label"]), _read(row["runs"])) for row in block["rows"])),
    "quote": lambda block: Quote(_read(block["runs"]), _text(block["source"])),
    "picture": lambda block: Picture(_text(block["svg"]), _text(block["alt"])),
    "table": lambda block: Table(
        _text(block["caption"]),
        tuple(_text(label) for label in block["columns"]),
        tuple(tuple(_read(runs) for runs in row) for row in block["rows"]),
        int(block["words"]),
        tuple(int(place) for place in block.get("texts", ())),
    ),
}
