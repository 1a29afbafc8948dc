"""The group of commands, and how errors end."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from likvard.cli.terminal import err, write_everything
from likvard.terms import LikvardError

# Each command is loaded when it is asked for: `likvard report` need not wait for the formula parser of `likvard fit`.
COMMANDS = {
    "ingest": "likvard.cli.ingest:ingest",
    "deliveries": "likvard.cli.deliveries:list_deliveries",
    "undo": "likvard.cli.deliveries:undo",
    "verify": "likvard.cli.deliveries:verify",
    "report": "likvard.cli.report:report",
    "publish": "likvard.cli.publish:publish",
    "need": "likvard.cli.need:need",
    "allocate": "likvard.cli.allocate:allocate",
    "circle": "likvard.cli.circle:circle",
    "national": "likvard.cli.national:national",
    "segregation": "likvard.cli.segregation:segregation",
    "share": "likvard.cli.share:share",
    "merge": "likvard.cli.merge:merge",
    "fit": "likvard.cli.fit:fit",
    "template": "likvard.cli.template:template",
    "simulate": "likvard.cli.simulate:simulate",
    "demo": "likvard.cli.simulate:demo",
    "site": "likvard.site.command:site",  # by name only: the command line knows nothing of the site, which may be absent
}

# The overview: what each command's own help begins with (a test holds them together). Written here because loading
# every command, the site's among them, takes five seconds of processor time.
OVERVIEW = {
    "Records in": {
        "ingest": "Read files or folders into the lake.",
        "deliveries": "List what lies in the lake: source, vintage, rows and hash.",
        "undo": "Undo an import: what it replaced is read again.",
        "verify": "Hold every delivery against the hash that it came with.",
        "template": "Write the template that an organiser fills in.",
        "simulate": "Write an invented Sweden as deliveries, with its truth.",
    },
    "Figures out": {
        "report": "Write the equity report of a municipality or organiser.",
        "publish": "Publish the lake as it is now: every figure of the site.",
        "segregation": "Measure how unevenly groups go to different schools.",
        "circle": "Work out links over time, from steering to results.",
        "national": "Work out how well organisers work against segregation.",
        "fit": "Fit a multilevel model, as in lme4, to a table.",
    },
    "Needs and money": {
        "need": "Show the index of need of every unit of an organiser.",
        "allocate": "Share the money of a round by pupils and need.",
    },
    "A national model while records stay at home": {
        "share": "Answer a round of a national study with sums.",
        "merge": "Open a study, or add up the answers to a round.",
    },
    "The site": {
        "site": "Set up, fill, serve and look after the site.",
        "demo": "Invent a Sweden and write the report of a municipality.",
    },
}


class Commands(click.Group):
    """Commands by name, whose errors are printed without a traceback; each kind of error has its exit code."""

    def main(self, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Begin: see to it that whatever is said can be written."""
        write_everything()
        return super().main(*args, **more)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the work."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, by what one wants to do."""
        longest = max(map(len, COMMANDS))
        for section, rows in OVERVIEW.items():
            with formatter.section(section):
                formatter.write_dl([(name.ljust(longest), words) for name, words in rows.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in ("report", "publish"):
            # Their matrices are small: threads of the linear algebra cost them a third of their time and win nothing.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        if cmd_name == "site" and find_spec("django") is None:
            raise click.UsageError("The site is not installed. Install likvard[site].")
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; end with the error's exit code if it raises one of ours, or what a disk or a person stops."""
        try:
            return super().invoke(ctx)
        except LikvardError as error:
            _end(error.message, error.remedy, error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:  # `| head`: click ends quietly
                raise
            named = error.filename is not None
            what = f"{error.filename}: {error.strerror}." if named else f"{error.strerror or error}."
            _end(what, "See that it is where you say, is yours to read or write, and has room." if named else "", 3)
        except KeyboardInterrupt:
            _end(*_STOPPED)
        except RuntimeError as error:
            if "Query interrupted" not in str(error):  # DuckDB's word for Ctrl-C
                raise
            _end(*_STOPPED)


_STOPPED = ("Stopped before it was done.", "", 130)


def _end(what: str, remedy: str, code: int) -> None:
    err.print(f"likvard: {what}", soft_wrap=True, markup=False)
    if remedy:
        err.print(remedy, soft_wrap=True, markup=False)
    sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="likvard")
def main() -> None:
    """See, explain and close the gaps between schools: records in, equity reports out.

    Begin with `likvard simulate`, which invents a country, or with `likvard ingest`. `likvard COMMAND --help` tells more.
    """
