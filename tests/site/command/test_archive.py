"""A backup file is whole or not there, and nothing in it is trusted unchecked."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from likvard.site.command import archive
from likvard.terms import InputError

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a document, a lake and what a lake does not need."""
    for name, text in (("documents/ab/abc", "paper"), ("lake/catalogue.json", "{}"), ("lake/staging/half", "x")):
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "site"


@pytest.fixture
def backup(site: Path, tmp_path: Path) -> Path:
    file = tmp_path / "backup.tar"
    with archive.Writer(file) as out:
        out.add_made("database.sqlite3", lambda path: path.write_text("rows") and None)
        out.add_tree("documents", site / "documents")
        out.add_tree("lake", site / "lake", without=("staging",))
        out.finish(head="0:00", at=AT)
    return file


def _manifest(backup: Path) -> dict[str, object]:
    with tarfile.open(backup) as tar:
        return json.loads(tar.extractfile("manifest.json").read())


def altered(backup: Path, name: str, text: bytes) -> Path:
    """The same backup with one member's content changed."""
    other = backup.with_name("altered.tar")
    with tarfile.open(backup) as old, tarfile.open(other, "w") as new:
        for entry in old.getmembers():
            content = text if entry.name == name else old.extractfile(entry).read()
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return other


def test_what_was_put_in_comes_out(backup: Path, tmp_path: Path) -> None:
    with archive.Reader(backup) as kept:
        kept.check()
        kept.take_tree("documents", tmp_path / "new" / "documents")
        kept.take_tree("lake", tmp_path / "new" / "lake")
    files = {
        p.relative_to(tmp_path / "new").as_posix(): p.read_text() for p in (tmp_path / "new").rglob("*") if p.is_file()
    }
    assert files == {"documents/ab/abc": "paper", "lake/catalogue.json": "{}"}


def test_only_its_owner_can_read_it(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0


def test_a_backup_that_fails_leaves_nothing(site: Path, tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"), archive.Writer(tmp_path / "b.tar") as out:
        out.add_made("database.sqlite3", fail)
    assert list(tmp_path.glob("b.tar*")) == []


def test_a_changed_member_is_found(backup: Path) -> None:
    with (
        archive.Reader(altered(backup, "documents/ab/abc", b"PAPER")) as kept,
        pytest.raises(InputError, match="damaged"),
    ):
        kept.check()


def test_a_member_that_the_manifest_does_not_name_is_found(backup: Path) -> None:
    manifest = _manifest(backup)
    del manifest["files"]["documents/ab/abc"]
    other = altered(backup, "manifest.json", json.dumps(manifest).encode())
    with archive.Reader(other) as kept, pytest.raises(InputError, match="documents/ab/abc"):
        kept.check()


def test_a_member_that_points_outside_is_refused(backup: Path, tmp_path: Path) -> None:
    manifest = _manifest(backup)
    manifest["files"]["documents/../../out"] = "0"
    other = altered(backup, "manifest.json", json.dumps(manifest).encode())
    with archive.Reader(other) as kept, pytest.raises(InputError, match="outside"):
        kept.take_tree("documents", tmp_path / "new")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"no tar at all"])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.tar"
    file.write_bytes(content)
    with pytest.raises(InputError, match="no backup"):
        archive.Reader(file)


def test_a_backup_of_another_format_is_refused(backup: Path) -> None:
    manifest = _manifest(backup) | {"format": 99}
    with pytest.raises(InputError, match="format 99"):
        archive.Reader(altered(backup, "manifest.json", json.dumps(manifest).encode()))
