"""Files: what may be attached, where it lies, and what the scanner keeps apart."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from likvard.site.cases import files
from likvard.site.cases.models import Scan
from likvard.site.cases.states import CaseError

FUZZ = settings(deadline=None, derandomize=True)

PDF, PNG = b"%PDF-1.7\n...", b"\x89PNG\r\n\x1a\n..."


def office(*names: str, mimetype: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
        if mimetype:
            parts.writestr("mimetype", mimetype)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PDF", PDF),
        ("a.png", PNG),
        ("a.jpeg", b"\xff\xd8\xff\xe0"),
        ("a.docx", office("word/document.xml")),
        ("a.xlsx", office("xl/workbook.xml")),
        ("a.odt", office(mimetype=files.TYPES[".odt"])),
        ("a.txt", "Räksmörgås\n".encode()),
        ("a.csv", "å;ä\n".encode("latin-1")),
        ("a.txt", "å".encode("utf-16")),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(name, content):
    assert files.media_type(name, content) == files.TYPES[Path(name).suffix.lower()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PNG),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.txt", b"MZ\x90\x00\x03"),
        ("a.docx", b"PK\x03\x04 and nothing else"),
        ("a.docx", office("xl/workbook.xml")),
        ("a.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("a.odt", office("Basic/Standard/Module1.xml", mimetype=files.TYPES[".odt"])),
        ("a.ods", office(mimetype=files.TYPES[".odt"])),
    ],
)
def test_a_file_that_is_something_else_is_refused(name, content):
    with pytest.raises(CaseError, match="not what its name says"):
        files.media_type(name, content)


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.pdf.js", "a.docm", "a", ".pdf", "a.zip"])
def test_other_types_are_refused(name):
    with pytest.raises(CaseError, match="cannot be attached"):
        files.media_type(name, PDF)


@FUZZ
@given(st.sampled_from(sorted(files.TYPES)), st.binary(max_size=200))
def test_no_content_makes_the_check_fail_in_another_way(suffix, content):
    try:
        known = files.media_type(f"a{suffix}", content)
    except CaseError:
        known = files.TYPES[suffix]
    assert known == files.TYPES[suffix]


@FUZZ
@given(st.text(max_size=300))
def test_a_cleaned_name_is_never_a_path(name):
    clean = files.clean_name(name)
    assert 0 < len(clean) <= 150
    assert not set(clean) & set("/\\\x00\n")
    assert clean not in (".", "..")


def test_a_file_lies_under_its_hash_and_only_its_owner_reads_it(tmp_path):
    stored = files.take_in(tmp_path / "documents", "../../etc/passwd.pdf", [PDF[:4], PDF[4:]], scanner="")
    where = tmp_path / "documents" / stored.sha256[:2] / stored.sha256
    assert (stored.filename, stored.scan, stored.size) == ("passwd.pdf", Scan.UNSCANNED, len(PDF))
    assert where.read_bytes() == PDF == files.read(tmp_path / "documents", stored.sha256, stored.scan)
    assert (where.stat().st_mode & 0o077, where.parent.stat().st_mode & 0o077) == (0, 0)


def test_the_same_content_is_kept_once(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        files.take_in(tmp_path, name, [PDF], scanner="")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("script", "verdict"), [("exit 0", Scan.CLEAN), ("exit 1", Scan.INFECTED), ("exit 2", Scan.FAILED)]
)
def test_the_scanner_decides_where_a_file_lies(tmp_path, script, verdict):
    scanner = tmp_path / "scanner"
    scanner.write_text(f'#!/bin/sh\ntest -s "$2" || exit 9\n{script}\n')
    scanner.chmod(0o700)
    stored = files.take_in(tmp_path / "documents", "a.pdf", [PDF], scanner=f"{scanner} --no-summary")
    apart = (tmp_path / "documents" / "quarantine" / stored.sha256[:2] / stored.sha256).exists()
    assert (stored.scan, apart) == (verdict, verdict is not Scan.CLEAN)


@pytest.mark.parametrize("scanner", ["/no/such/scanner", "'unclosed"])
def test_a_scanner_that_cannot_be_run_lets_nothing_through(tmp_path, scanner):
    assert files.take_in(tmp_path, "a.pdf", [PDF], scanner=scanner).scan is Scan.FAILED


@pytest.mark.parametrize(("chunks", "says"), [([b"x" * 6, b"y" * 6], "larger than"), ([], "empty"), ([b""], "empty")])
def test_too_large_and_empty_files_are_refused(chunks, says):
    with pytest.raises(CaseError, match=says):
        files.gather(chunks, largest=10)


def test_what_is_refused_leaves_nothing_behind(tmp_path):
    with pytest.raises(CaseError):
        files.take_in(tmp_path / "documents", "a.exe", [PDF], scanner="")
    assert not (tmp_path / "documents").exists()


def test_a_file_that_was_changed_is_not_handed_out(tmp_path):
    stored = files.take_in(tmp_path, "a.pdf", [PDF], scanner="")
    files.path(tmp_path, stored.sha256, stored.scan).write_bytes(b"%PDF-other")
    with pytest.raises(CaseError, match="not the one"):
        files.read(tmp_path, stored.sha256, stored.scan)
