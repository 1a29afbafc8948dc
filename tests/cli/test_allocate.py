"""`likvard allocate` as one types it: the round of the docs works, and what is wrong in a file is said so that it can be mended."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from likvard.cli.main import Commands

DOCS = Path(__file__).parents[2] / "docs" / "allocation.md"


@pytest.fixture(scope="module")
def written() -> str:
    """The round that docs/allocation.md shows."""
    found = re.search(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


def typed(folder: Path, text: str | bytes, *more: str) -> Result:
    """What the command answers to a file."""
    file = folder / "round.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return CliRunner().invoke(Commands("likvard"), ["allocate", str(file), *more], terminal_width=200)


def test_the_round_of_the_docs_is_shared_to_the_last_crown(written: str, tmp_path: Path) -> None:
    shown = typed(tmp_path, written, "--json", "--out", str(tmp_path / "out"), "--on", "2025-11-14")
    assert shown.exit_code == 0
    told = json.loads(shown.stdout)
    assert sum(unit["crowns"] for unit in told["units"]) == told["frame"] == 28_000_000
    stem = "allocation-2120009991-2026"
    files = {path.name: path for path in (tmp_path / "out").iterdir()}
    assert files.keys() == {f"{stem}_sv.html", f"{stem}_en.html", f"{stem}.json", f"{stem}.csv"}
    assert json.loads(files[f"{stem}.json"].read_text(encoding="utf-8")) == told
    assert {"crowns_low", "crowns_high", "reason"} <= told["units"][0].keys()
    assert {"bound", "shift", "per_point", "follows", "unseen_need", "little_known", "inputs", "calibration", "sensitivity", "left_out"} <= told.keys()  # fmt: skip


WRONG = {
    "a field that is not there": ("share: 10 %", "shaer: 10 %", "round.yaml: Line 6, shaer: there is no such field; is it share?"),
    "a word for a number": ("pupils: 100, need: 50", "pupils: many, need: 50", "Line 15, pupils: expected a number, got 'many'."),
    "a decimal comma": ("share: 10 %", "share: 12,5 %", "with a point and no comma"),
    "the money's name": ("28 000 000 ", "28 000 000 kr ", "Write digits alone"),
    "a floor over the ceiling": ("floor: 60 000", "floor: 90 000\n  ceiling: 80 000", "Line 5, rule: The floor is 90,000"),
    "a unit twice": ("90000002", "90000001", "Line 16, units 2: the code 90000001 is in units 1 already."),
    "no organiser's number": ("2120009991", "../../x", "is no organiser's number."),
    "a tabulator": ("  share", "\tshare", "Line 6: the file is not YAML."),
    "no YAML": ("rule:", "rule: [", "brackets"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_place_and_what_to_do(case: str, written: str, tmp_path: Path) -> None:
    old, new, said = WRONG[case]
    assert old in written
    shown = typed(tmp_path, written.replace(old, new, 1), "--out", str(tmp_path / "out"))
    assert shown.exit_code == 9
    assert said in " ".join(shown.stderr.split())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "round.yaml is empty."),
        (b"# nothing\n", "has a whole round to copy"),
        ("name: A\norganiser: Å".encode("latin-1"), "Line 2: the characters are not UTF-8."),
    ],
)
def test_a_file_without_a_round_in_it_is_refused(text: bytes, said: str, tmp_path: Path) -> None:
    shown = typed(tmp_path, text, "--out", str(tmp_path / "out"))
    assert shown.exit_code == 9
    assert said in " ".join(shown.stderr.split())
    assert not (tmp_path / "out").exists()


def test_a_cap_that_cannot_be_kept_says_how_high_it_must_be(written: str, tmp_path: Path) -> None:
    tight = written.replace("cap: 7 %", "cap: 0.1 %")
    tight = tight.replace(
        "organiser_kind: independent", "organiser_kind: independent, last: 6_000_000, last_pupils: 100"
    )
    shown = typed(tmp_path, tight, "--out", str(tmp_path / "out"))
    assert shown.exit_code == 9
    assert "Raise the highest change a year to at least 9.4%" in " ".join(shown.stderr.split())
    assert not (tmp_path / "out").exists()


def test_a_lake_that_is_not_there_is_named(written: str, tmp_path: Path) -> None:
    text = re.sub(r"units:.*", "lake: {form: GR}\n", written, flags=re.DOTALL)
    shown = typed(tmp_path, text, "--lake", str(tmp_path / "no-lake"))
    assert shown.exit_code != 0
    assert "no-lake" in shown.stderr
