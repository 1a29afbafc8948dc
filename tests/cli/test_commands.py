"""The commands as a person types them: what is printed, what is written, and how errors end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from likvard.cli.main import COMMANDS, main

SIRIS = (
    "\ufeffStatistik från Skolverket, https://www.skolverket.se\n\nGrundskola - Antal elever per årskurs\n"
    "Valt läsår: 2023/24\n\n"
    "Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Elever, årskurs 1-9;\n"
    "Påhittade skolan;{code};Botkyrka;0127;Kommunal;Botkyrka kommun;2120002882;{pupils};\n"
)


@pytest.fixture
def likvard(tmp_path: Path) -> Callable[..., Result]:
    def run(*words: str) -> Result:
        return CliRunner().invoke(main, [w.replace("LAKE", str(tmp_path / "lake")) for w in words])

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Grundskola - Antal elever per årskurs 2023 Skolenhet.csv"
    path.write_text(SIRIS.format(code="99000001", pupils=212), encoding="utf-8")
    return path


def test_every_command_can_be_loaded_and_says_what_it_does(likvard: Callable[..., Result]) -> None:
    for name in COMMANDS:
        shown = likvard(name, "--help")
        assert shown.exit_code == 0, shown.output
        assert shown.output.startswith(f"Usage: main {name}")


def test_a_word_that_is_no_command_is_refused(likvard: Callable[..., Result]) -> None:
    assert likvard("rank").exit_code == 2


def test_a_file_is_delivered_and_listed(likvard: Callable[..., Result], file: Path) -> None:
    assert likvard("ingest", str(file), "--lake", "LAKE").exit_code == 0
    listed = json.loads(likvard("deliveries", "--lake", "LAKE", "--json").output)
    assert [(d["source"], d["scope"]) for d in listed] == [("skolverket-siris-pupils", "2023/24 0127")]
    assert "skolverket-siris-pupils" in likvard("deliveries", "--lake", "LAKE").output


def test_the_same_file_twice_is_one_delivery(likvard: Callable[..., Result], file: Path) -> None:
    for _ in range(2):
        assert likvard("ingest", str(file), "--lake", "LAKE").exit_code == 0
    assert len(json.loads(likvard("deliveries", "--lake", "LAKE", "--json").output)) == 1


def test_a_refused_file_ends_with_three_and_changes_nothing(
    likvard: Callable[..., Result], file: Path, tmp_path: Path
) -> None:
    file.write_text(SIRIS.format(code="9900001", pupils=212), encoding="utf-8")
    shown = likvard("ingest", str(file), "--lake", "LAKE", "--screening", str(tmp_path / "screening"))
    assert shown.exit_code == 3
    assert "What to do" in shown.output
    assert json.loads(likvard("deliveries", "--lake", "LAKE", "--json").output) == []
    assert {p.name for p in (tmp_path / "screening").iterdir()} == {
        "screening-en.html",
        "screening-sv.html",
        "screening.json",
    }


def test_a_file_that_nobody_can_read_is_left_and_said(likvard: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "brev.pdf").write_bytes(b"%PDF-1.7")
    shown = likvard("ingest", str(tmp_path / "brev.pdf"), "--lake", "LAKE")
    assert shown.exit_code == 0
    assert "brev.pdf" in shown.output


def test_the_screening_report_can_be_had_as_json(likvard: Callable[..., Result], file: Path) -> None:
    report = json.loads(likvard("ingest", str(file), "--lake", "LAKE", "--json").stdout)
    assert report["files"][0]["outcome"] == "delivered"


def test_an_import_is_undone_with_a_reason(likvard: Callable[..., Result], file: Path) -> None:
    likvard("ingest", str(file), "--lake", "LAKE")
    (one,) = json.loads(likvard("deliveries", "--lake", "LAKE", "--json").output)
    assert likvard("undo", one["id"], "--lake", "LAKE", "--reason", "fel fil").exit_code == 0
    assert json.loads(likvard("deliveries", "--lake", "LAKE", "--json").output) == []
    (kept,) = json.loads(likvard("deliveries", "--lake", "LAKE", "--json", "--all").output)
    assert kept["withdrawn_reason"] == "fel fil"


def test_a_lake_is_verified(likvard: Callable[..., Result], file: Path) -> None:
    likvard("ingest", str(file), "--lake", "LAKE")
    assert likvard("verify", "--lake", "LAKE").output == "1 deliveries are whole.\n"


def test_a_damaged_lake_is_told_in_words(likvard: Callable[..., Result], file: Path, tmp_path: Path) -> None:
    likvard("ingest", str(file), "--lake", "LAKE")
    next((tmp_path / "lake" / "deliveries").rglob("*.parquet")).write_bytes(b"")
    shown = likvard("verify", "--lake", "LAKE")
    assert shown.exit_code != 0
    assert "Traceback" not in shown.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("report", "0127", "--lake", "LAKE"), "no lake"),
        (("ingest", "no/such/file", "--lake", "LAKE"), "no file or folder"),
        (("fit", "no.csv", "y ~ x + (1 | g)"), "no.csv"),
    ],
)
def test_users_errors_are_words_and_a_code(likvard: Callable[..., Result], words: tuple[str, ...], code: str) -> None:
    shown = likvard(*words)
    assert shown.exit_code in range(1, 7)
    assert code in shown.output.lower()
    assert shown.exception is None or isinstance(shown.exception, SystemExit)


def test_the_template_is_written_once_and_never_over_a_file(likvard: Callable[..., Result], tmp_path: Path) -> None:
    assert likvard("template", str(tmp_path / "mall"), "--format", "csv").exit_code == 0
    again = likvard("template", str(tmp_path / "mall"), "--format", "csv")
    assert again.exit_code == 2
    assert "already" in again.output


def test_nothing_invented_comes_into_a_lake_of_real_records(likvard: Callable[..., Result], file: Path) -> None:
    likvard("ingest", str(file), "--lake", "LAKE")
    refused = likvard("simulate", "--size", "municipality", "--lake", "LAKE")
    assert refused.exit_code == 2
    assert "not invented" in refused.output
    assert len(json.loads(likvard("deliveries", "--lake", "LAKE", "--json").output)) == 1


def test_a_simulated_municipality_becomes_a_demonstration(likvard: Callable[..., Result], tmp_path: Path) -> None:
    lake = tmp_path / "demo" / "lake"
    simulated = likvard("simulate", "--size", "municipality", "--lake", str(lake))
    assert simulated.exit_code == 0
    assert "all invented" in simulated.output
    assert (lake / "truth").is_dir()
    tried = simulated.stdout.partition("Try: likvard ")[2].splitlines()[0].split()
    shown = likvard("demo", "--dir", str(tmp_path / "demo"))
    assert shown.exit_code == 0
    assert len(list((tmp_path / "demo" / "report").iterdir())) == 5
    assert (tmp_path / "demo" / "report" / f"equity-{tried[1]}-sv.html").is_file()
