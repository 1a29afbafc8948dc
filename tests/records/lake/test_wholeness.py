"""A damaged lake says what is the matter; a folder that is none is not taken for one."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from likvard.records.durable import LakeBusyError, LakeError
from likvard.records.lake import Lake
from likvard.records.soundness import DamagedLakeError


def _parquet(lake, delivery):
    return lake.root / "deliveries" / delivery.id / "statistic.parquet"


def test_a_whole_lake_verifies(lake, merit, at):
    lake.deliver(merit(210), at=at)
    lake.verify()


def test_a_missing_file_is_named_with_what_to_do(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    _parquet(lake, delivery).unlink()
    with pytest.raises(LakeError, match=r"statistic\.parquet is missing\. .*withdraw 0001-skolverket and import"):
        lake.connect()


def test_a_cut_file_is_told_before_a_question_meets_it(lake, merit, at):
    delivery = lake.deliver(merit(210), at=at)
    os.truncate(_parquet(lake, delivery), 100)
    with pytest.raises(LakeError, match="is not whole"):
        lake.connect()


def test_a_single_changed_byte_is_found(lake, merit, at):
    path = _parquet(lake, lake.deliver(merit(210), at=at))
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedLakeError, match="has been changed since it came"):
        lake.verify()


def test_all_damages_are_listed(lake, merit, at):
    for scope in ("a", "b"):
        _parquet(lake, lake.deliver(merit(210, scope=scope), at=at)).unlink()
    with pytest.raises(DamagedLakeError) as found:
        lake.verify()
    assert len(found.value.damages) == 2


def test_a_folder_that_the_catalogue_does_not_know_is_told_and_never_removed(lake, merit, at):
    lake.deliver(merit(210), at=at)
    stray = lake.root / "deliveries" / "0007-from-a-backup"
    stray.mkdir()
    delivery = lake.deliver(merit(220), at=at)
    assert stray.is_dir()
    assert delivery.id == "0008-skolverket"
    with pytest.raises(DamagedLakeError, match="is not in the catalogue"):
        lake.verify()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "not JSON"),
        ("[]", "does not state its format"),
        ('{"format": 1}', "an entry cannot be read"),
        ('{"format": 1, "deliveries": [{"id": "../../etc"}]}', "an entry cannot be read"),
        ('{"format": 99, "deliveries": []}', "Install a newer"),
    ],
)
def test_a_broken_catalogue_is_refused_in_words(lake, content, why):
    (lake.root / "catalogue.json").write_text(content)
    with pytest.raises(LakeError, match=why):
        Lake.open(lake.root)


def test_a_lost_catalogue_is_not_replaced_by_an_empty_one(lake, merit, at):
    lake.deliver(merit(210), at=at)
    (lake.root / "catalogue.json").unlink()
    with pytest.raises(LakeError, match="has lost its catalogue"):
        Lake.open(lake.root, create=True)


def test_a_folder_with_other_files_does_not_become_a_lake(tmp_path):
    (tmp_path / "letter.txt").write_text("Hej")
    with pytest.raises(LakeError, match=r"holds other files, for instance letter\.txt"):
        Lake.open(tmp_path, create=True)


def test_a_lake_that_is_not_there_is_told(tmp_path):
    with pytest.raises(LakeError, match="There is no lake in"):
        Lake.open(tmp_path / "nowhere")


def test_a_second_writer_may_be_refused_in_words(lake, merit, at):
    with (lake.root / "writer.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(LakeBusyError, match="Another import is writing"):
            Lake.open(lake.root, wait=False).deliver(merit(210), at=at)


def test_readers_do_not_wait_for_a_writer(lake, merit, at, values):
    lake.deliver(merit(210), at=at)
    with (lake.root / "writer.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert values(lake) == [210]


@pytest.mark.parametrize("nth", range(1, 8))
def test_a_full_disk_is_told_and_changes_nothing(lake, merit, at, values, monkeypatch, nth):
    lake.deliver(merit(210), at=at)
    left, sync = [nth], os.fsync

    def fails_once(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fails_once)
    with pytest.raises(LakeError, match="could not be written"):
        lake.deliver(merit(220), at=at)
    monkeypatch.undo()
    lake.verify()
    assert list((lake.root / "staging").iterdir()) == []
    lake.deliver(merit(220), at=at)
    assert values(lake) == [220]


def test_everything_is_on_disk_before_the_catalogue_names_it(lake, merit, at, monkeypatch):
    order, sync, replace = [], os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        order.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        order.append(f"-> {target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    lake.deliver(merit(210), at=at)
    assert order == [
        *("statistic.parquet", "manifest.json", "content", "-> 0001-skolverket", "deliveries", "0001-skolverket"),
        *("catalogue.json.new", "-> catalogue.json", "lake"),
    ]


def test_what_a_dead_process_has_spilt_is_removed_by_the_next_writer(lake, merit, at):
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    gone, kept = lake.root / "spill" / f"{dead.pid}-0a1b", lake.root / "spill" / f"{os.getpid()}-0a1b"
    gone.mkdir()
    kept.mkdir()
    lake.deliver(merit(210), at=at)
    assert (gone.exists(), kept.exists()) == (False, True)


def test_the_key_is_made_once_for_its_owner_alone(lake):
    key = lake.pseudonym_key()
    assert (len(key), lake.pseudonym_key()) == (32, key)
    assert (lake.root / "pseudonym.key").stat().st_mode & 0o777 == 0o600


def test_two_lakes_have_two_keys(lake, tmp_path):
    assert Lake.open(tmp_path / "other", create=True).pseudonym_key() != lake.pseudonym_key()


def test_a_key_that_others_can_read_is_refused(lake):
    lake.pseudonym_key()
    (lake.root / "pseudonym.key").chmod(0o644)
    with pytest.raises(LakeError, match="chmod 600"):
        lake.pseudonym_key()


def test_a_damaged_key_is_not_used(lake):
    lake.pseudonym_key()
    (lake.root / "pseudonym.key").write_text("abc")
    with pytest.raises(LakeError, match="is damaged"):
        lake.pseudonym_key()


def test_a_lost_key_is_not_made_anew_while_pupils_lie_in_the_lake(lake, pupils, at):
    lake.pseudonym_key()
    lake.deliver(pupils("a1"), at=at)
    (lake.root / "pseudonym.key").unlink()
    with pytest.raises(LakeError, match="is gone"):
        lake.pseudonym_key()


def test_a_lake_can_be_moved(lake, merit, at, values, tmp_path):
    lake.deliver(merit(210), at=at)
    shutil.move(lake.root, tmp_path / "moved")
    moved = Lake.open(tmp_path / "moved")
    moved.verify()
    assert values(moved) == [210]
