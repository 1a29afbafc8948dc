"""A process that is killed at any step leaves the lake whole: as before, or as after, and the deed can be repeated."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from likvard.records.lake import Lake

DRIVER = Path(__file__).with_name("killed.py")
MANY = [200 + i / 1000 for i in range(2500)]

FEWEST_STEPS = {"deliver": 30, "withdraw": 12, "found": 9, "key": 12}


def _content(root):
    """Every folder and file below a folder, with its bytes."""
    return tuple((str(p.relative_to(root)), p.read_bytes() if p.is_file() else None) for p in sorted(root.rglob("*")))


@pytest.fixture
def killed(tmp_path):
    """Do a deed to copies of a lake, each killed one step later; the lakes as they were left, with the steps.

    Of lakes that were left alike, byte for byte, one is given.
    """

    def run(deed, *arguments):
        job = tmp_path / "job.pickle"
        job.write_bytes(pickle.dumps((deed, arguments)))
        command = [sys.executable, "-W", "error", DRIVER, job, tmp_path]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
        assert answer.returncode == 0, answer.stderr
        steps = json.loads(answer.stdout)
        assert steps[-1] == "done", answer.stderr
        assert len(set(steps)) >= FEWEST_STEPS[deed]
        return list(
            {_content(tmp_path / str(i)): (tmp_path / str(i), step) for i, step in enumerate(steps, 1)}.values()
        )

    return run


@pytest.fixture(autouse=True)
def _unscreened(monkeypatch):
    """Screening touches no file of the lake and would take most of the time."""
    monkeypatch.setattr(Lake, "screen", lambda lake, reading, at: reading.findings)


@pytest.fixture
def before(tmp_path):
    return Lake.open(tmp_path / "before", create=True)


def _tidy(lake):
    """Nothing is left over: every folder is in the catalogue, and nothing is on its way."""
    folders = sorted(p.name for p in (lake.root / "deliveries").iterdir())
    assert folders == sorted(d.id for d in lake.deliveries(withdrawn=True))
    assert list((lake.root / "staging").iterdir()) == []
    lake.verify()


def test_an_import_killed_at_any_step_is_all_or_nothing(killed, before, merit, at, values):
    before.deliver(merit(100), at=at)
    left = killed("deliver", merit(*MANY))
    states = [(values(Lake.open(root)), step) for root, step in left]
    assert {tuple(seen) for seen, _ in states} == {(100,), tuple(MANY)}
    for root, _ in left:
        Lake.open(root).verify()


def test_a_killed_import_can_be_repeated_without_doubling(killed, before, merit, at, values):
    former = before.deliver(merit(100), at=at)
    new, other = merit(200), merit(300, scope="merit 2022")
    for number, (root, step) in enumerate(killed("deliver", new)):
        lake = Lake.open(root)
        if number % 2:
            lake.deliver(other, at=at)  # another import comes in between, and tidies up
        repeated = lake.deliver(new, at=at)
        assert repeated.replaces == former.id, step
        assert values(lake) == ([200, 300] if number % 2 else [200]), step
        assert len(lake.deliveries(withdrawn=True)) == 2 + number % 2, step
        _tidy(lake)


def test_a_killed_withdrawal_is_all_or_nothing(killed, before, merit, at, values):
    before.deliver(merit(100), at=at)
    delivery = before.deliver(merit(200), at=at)
    for root, step in killed("withdraw", delivery.id):
        lake = Lake.open(root)
        assert values(lake) in ([100], [200]), step
        lake.withdraw(delivery.id, at=at, reason="wrong year")
        assert values(lake) == [100], step
        _tidy(lake)


def test_tidying_up_after_a_killed_import_may_be_killed_too(killed, before, merit, at, values, tmp_path):
    before.deliver(merit(100), at=at)
    [unlisted] = [root for root, step in killed("deliver", merit(200)) if step == "os.rename catalogue.json.new"]
    shutil.rmtree(before.root)
    shutil.copytree(unlisted, before.root)
    assert len(list((before.root / "deliveries").iterdir())) == 2
    for number in range(1, 60):
        shutil.rmtree(tmp_path / str(number), ignore_errors=True)
    for root, step in killed("withdraw", "0001-skolverket"):
        lake = Lake.open(root)
        lake.withdraw("0001-skolverket", at=at, reason="wrong year")
        assert values(lake) == [], step
        _tidy(lake)


def test_a_lake_whose_making_was_killed_can_be_made(killed, merit, at, values):
    for root, step in killed("found"):
        lake = Lake.open(root, create=True)
        lake.deliver(merit(100), at=at)
        assert values(lake) == [100], step
        _tidy(lake)


def test_a_key_whose_making_was_killed_is_made_once(killed, before):
    for root, step in killed("key"):
        lake = Lake.open(root)
        key = lake.pseudonym_key()
        assert (len(key), lake.pseudonym_key()) == (32, key), step


_WRITER = """
import pickle, sys
from datetime import UTC, datetime
from pathlib import Path
from likvard.records.lake import Lake
lake = Lake.open(Path(sys.argv[1]), create=True)
for reading in pickle.loads(sys.stdin.buffer.read()):
    lake.deliver(reading, at=datetime(2026, 1, 15, 12, tzinfo=UTC))
"""


def test_writers_at_the_same_time_wait_for_one_another(tmp_path, merit, values):
    root = tmp_path / "lake"
    writers = []
    for number in range(2):
        readings = [merit(100 * number + i, scope=f"writer {number} part {i}", first=10000001 + i) for i in range(8)]
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, root], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        writers.append((writer, pickle.dumps(readings)))
    for writer, readings in writers:
        writer.stdin.write(readings)
        writer.stdin.close()
    for writer, _ in writers:
        assert writer.wait(60) == 0, writer.stderr.read()
        writer.stderr.close()
    lake = Lake.open(root)
    assert values(lake) == sorted(100 * number + i for number in range(2) for i in range(8))
    _tidy(lake)


def test_a_lake_from_which_a_writer_has_died_is_not_locked(killed, before, merit, at):
    [*_, (root, _)] = killed("key")
    assert Lake.open(root, wait=False).deliver(merit(100), at=at).id == "0001-skolverket"
    assert os.access(root / "writer.lock", os.R_OK)
