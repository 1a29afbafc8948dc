"""The group of commands, and how errors end."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from likvard.cli.terminal import err
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


class Commands(click.Group):
    """Commands by name, whose errors are printed without a traceback; each kind of error has its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the work."""
        return list(COMMANDS)

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
        """Run the command; end with the error's exit code if it raises one of ours."""
        try:
            return super().invoke(ctx)
        except LikvardError as error:
            err.print(f"likvard: {error.message}", soft_wrap=True, markup=False)
            if error.remedy:
                err.print(error.remedy, soft_wrap=True, markup=False)
            sys.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="likvard")
def main() -> None:
    """See, explain and close the gaps between schools: records in, equity reports out."""
