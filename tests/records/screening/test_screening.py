"""The screening report: the same findings in the terminal, as JSON and as a page, never a personal number."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pyarrow as pa
import pytest
from rich.console import Console

from likvard.records.delivery import Delivery
from likvard.records.reading import Finding, Reading, Severity
from likvard.records.screening import TEXTS, LeftFile, ScreeningReport, screened, verdict
from likvard.terms import Language, Words

AT = datetime(2026, 1, 15, 12, 5, tzinfo=UTC)
ERROR = Finding(
    "code",
    Severity.ERROR,
    Words("”1234567” (år 2023)", "“1234567” (year 2023)"),
    Words("8 siffror.", "8 digits."),
    Words("Lägg tillbaka nollan.", "Put the zero back."),
    row=1234,
    column="unit.unit_code",
    times=3,
)
WARNING = Finding("text.encoding", Severity.WARNING, "<b>Windows</b>", "UTF-8", "Look.", row=1)


def _reading(**changes: object) -> Reading:
    fields = {"source": "siris", "scope": "2023", "vintage": "2024-09", "file": "merit.csv", "reader": "siris"}
    tables = {"statistic": pa.table({"x": [1, 2]})}
    return Reading(**(fields | {"sha256": "ab" * 32, "tables": tables} | changes))


def _delivery(**changes: object) -> Delivery:
    fields = {"id": "0001-siris", "source": "siris", "scope": "2023", "vintage": "", "file": "f", "reader": "r"}
    return Delivery(**(fields | {"sha256": "", "tables": {}, "delivered_at": AT} | changes))


@pytest.fixture
def report() -> ScreeningReport:
    files = (
        screened(_reading(), (WARNING,), _delivery()),
        screened(_reading(file="unit.csv"), (WARNING, ERROR)),
        screened(_reading(file="again.csv"), (), _delivery(repeated=True)),
    )
    return ScreeningReport(files, (LeftFile("notes.pdf", Words("Ett dokument.", "A document.")),), AT)


def _terminal(report: ScreeningReport, language: Language) -> str:
    console = Console(file=io.StringIO(), width=200, color_system=None)
    report.to_terminal(console, language)
    return console.file.getvalue()


def test_the_verdict_counts_files_by_what_became_of_them(report):
    assert verdict(report, Language.EN) == (
        "One file is imported. One file was already there, unchanged. "
        "One file has errors. Nothing of it is imported. One file was not read."
    )


def test_a_report_of_nothing_says_so():
    assert verdict(ScreeningReport(()), Language.SV) == "Det fanns inga filer att läsa."


def test_the_terminal_tells_rule_place_and_what_to_do(report):
    text = _terminal(report, Language.SV)
    assert "Fel code  rad 1\u00a0234, kolumn unit.unit_code, 3 rader" in text
    assert "Gör så här: Lägg tillbaka nollan." in text
    assert "notes.pdf: inte läst. Ett dokument." in text


def test_errors_come_before_warnings(report):
    assert [f.severity for f in report.files[1].ordered] == [Severity.ERROR, Severity.WARNING]


def test_json_holds_every_finding_in_both_languages(report):
    content = json.loads(report.to_json())
    assert [f["outcome"] for f in content["files"]] == ["delivered", "stopped", "repeated"]
    finding = content["files"][1]["findings"][0]
    assert (finding["rule"], finding["row"], finding["times"]) == ("code", 1234, 3)
    assert finding["remedy"] == {"sv": "Lägg tillbaka nollan.", "en": "Put the zero back."}
    assert content["left"] == [{"file": "notes.pdf", "why": {"sv": "Ett dokument.", "en": "A document."}}]


def test_the_page_tells_the_same_as_json(report):
    page = report.to_html(Language.EN)
    for finding in (f for file in json.loads(report.to_json())["files"] for f in file["findings"]):
        assert finding["rule"] in page
    assert "Put the zero back." in page
    assert "row 1,234, column unit.unit_code, 3 rows" in page


def test_the_page_is_complete_in_either_language(report):
    assert '<html lang="sv">' in report.to_html(Language.SV)
    assert "What to do" not in report.to_html(Language.SV)
    assert "Gör så här" not in report.to_html(Language.EN)


def test_what_a_file_says_cannot_become_markup(report):
    page = report.to_html(Language.EN)
    assert "&lt;b&gt;Windows&lt;/b&gt;" in page
    assert "<b>Windows" not in page


def test_the_page_needs_nothing_else(report):
    page = report.to_html(Language.SV)
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|url\(|@import', page) == []


class _Outline(HTMLParser):
    """Collects tags and ids in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.headings, self.ids, self.links = [], [], [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.ids += [v for k, v in attrs if k == "id"]
        self.links += [v[1:] for k, v in attrs if k == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_its_headings_step_down_one_at_a_time(report):
    outline = _Outline()
    outline.feed(report.to_html(Language.SV))
    assert outline.open == []
    assert outline.headings[0] == 1
    assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert set(outline.links) <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))


def test_the_same_report_is_the_same_bytes(report):
    again = ScreeningReport(report.files, report.left, report.at)
    assert (report.to_html(Language.SV), report.to_json()) == (again.to_html(Language.SV), again.to_json())


@pytest.mark.parametrize("number", ["199001011234", "19900101-1234", "900101-1234", "199001611234", "20130101TF01"])
def test_a_personal_number_is_never_shown(number):
    finding = Finding("x", Severity.ERROR, f"got {number}", f"not {number}", f"remove {number}")
    report = ScreeningReport((screened(_reading(file=f"{number}.csv"), (finding,)),))
    for text in (report.to_json(), report.to_html(Language.SV), _terminal(report, Language.EN)):
        assert number not in text
        assert "•" in text


def test_a_file_cannot_steer_the_terminal():
    finding = Finding("x", Severity.ERROR, "\x1b[2J\x1b]0;owned\x07", "", "\u202egnp")
    report = ScreeningReport((screened(_reading(file="a\x1b[31m.csv"), (finding,)),))
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", _terminal(report, Language.EN))


@pytest.mark.parametrize("number", ["2120002882", "5566501796", "40631085", "2026-01-15T12:05:00"])
def test_codes_of_schools_and_organisers_are_shown(number):
    finding = Finding("x", Severity.ERROR, number, "", "")
    report = ScreeningReport((screened(_reading(), (finding,)),))
    assert number in report.to_json()


def test_invented_data_are_announced_first(report):
    assert "Invented data." not in report.to_html(Language.EN)
    invented = ScreeningReport((screened(_reading(synthetic=True), (), _delivery()),))
    page = invented.to_html(Language.EN)
    assert page.index("Invented data.") < page.index("<h1>")


def test_every_text_stands_in_both_languages():
    assert all(text.sv and text.en for text in TEXTS.values())
