"""What every command shares: how errors end, what may be written where, tables that fit."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from likvard.cli import terminal
from likvard.cli.main import COMMANDS, OVERVIEW, Commands

COLUMNS = (("unit", "left"), ("pupils", "right"), ("crowns", "right"))
ROWS = [("Fjäderlättrondellens skola", "227", "13,910,000"), ("Ekskolan", "42", "7,395,000")]


def _shown(monkeypatch: pytest.MonkeyPatch, width: int) -> str:
    screen = io.StringIO()
    monkeypatch.setattr(terminal, "out", Console(file=screen, width=width))
    terminal.out.print(terminal.table(COLUMNS, ROWS, may_go=((1,),)))
    return screen.getvalue()


def test_a_wide_table_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = _shown(monkeypatch, 80)
    assert "pupils" in shown
    assert "Left out" not in shown


def test_a_narrow_table_leaves_columns_out_and_says_which_but_never_the_name_nor_a_digit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = _shown(monkeypatch, 38)
    assert "Left out to fit the width: pupils." in " ".join(shown.split())
    assert "Ekskolan" in shown
    assert "13,910,000" in shown
    assert "227" not in shown


def _group(by: BaseException) -> Commands:
    class One(Commands):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            @click.command()
            def stop() -> None:
                raise by

            return stop

    return One("likvard")


def _ended(by: BaseException) -> tuple[int, str]:
    shown = CliRunner().invoke(_group(by), ["stop"])
    return shown.exit_code, shown.output


def test_what_a_disk_refuses_is_told_in_words_with_the_path() -> None:
    code, said = _ended(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/srv/out"))
    assert code == 3
    assert said.startswith("likvard: /srv/out: Permission denied.\n")
    assert "yours to read or write" in said


@pytest.mark.parametrize("said", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_ends_as_shells_expect_without_a_traceback(said: BaseException) -> None:
    assert _ended(said) == (130, "likvard: Stopped before it was done.\n")


def test_what_is_our_own_fault_keeps_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="generator"):
        CliRunner().invoke(_group(RuntimeError("generator")), ["stop"], catch_exceptions=False)


def test_a_closed_pipe_ends_quietly() -> None:
    assert _ended(BrokenPipeError(errno.EPIPE, "Broken pipe"))[1] == ""


def test_files_get_their_places_when_all_are_made_and_none_of_them_else(tmp_path: Path) -> None:
    def fill(folder: Path) -> Iterator[Path]:
        for name in ("one", "two"):
            (folder / name).write_text(name)
            yield folder / name

    def fail(folder: Path) -> Iterator[Path]:
        yield from fill(folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    written: Callable[..., tuple[Path, ...]] = terminal.write_whole
    with pytest.raises(OSError, match="No space"):
        written(tmp_path / "out", fail)
    assert list((tmp_path / "out").iterdir()) == []
    assert written(tmp_path / "out", fill) == (tmp_path / "out" / "one", tmp_path / "out" / "two")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one", "two"]


def test_a_pipe_without_swedish_letters_gets_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    terminal.write_everything()
    sys.stdout.write("−2 Åkerö")
    sys.stdout.flush()
    assert raw.getvalue().decode() == "−2 Åkerö"


def test_a_chosen_encoding_is_kept_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))
    terminal.write_everything()
    sys.stdout.write("−2 Åkerö")
    sys.stdout.flush()
    assert raw.getvalue() == "?2 Åkerö".encode("latin-1")


@pytest.mark.parametrize("command", ["need 2120002882", "allocate r.yaml", "circle", "national", "report 0127"])
def test_a_folder_that_is_a_file_is_refused_before_anything_is_worked_out(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = CliRunner().invoke(Commands("likvard"), [*command.split(), "--out", str(tmp_path / "file")])
    assert shown.exit_code == 2
    assert "is a file" in shown.output


def test_the_overview_says_of_each_command_what_its_own_help_begins_with() -> None:
    told = {name: words for rows in OVERVIEW.values() for name, words in rows.items()}
    assert told.keys() == COMMANDS.keys()
    group = Commands("likvard")
    for name, words in told.items():
        command = group.get_command(click.Context(group), name)
        assert command is not None
        assert (command.help or "").startswith(words)


def test_the_overview_is_whole_at_eighty_columns() -> None:
    shown = CliRunner().invoke(Commands("likvard"), ["--help"], terminal_width=80).output
    assert all(words in shown for rows in OVERVIEW.values() for words in rows.values())
