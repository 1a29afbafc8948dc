"""The group of commands, and how errors end."""

from __future__ import annotations

import sys
from typing import Any

import click

from likvard.cli.deliveries import list_deliveries, undo, verify
from likvard.cli.fit import fit
from likvard.cli.ingest import ingest
from likvard.cli.report import report
from likvard.cli.simulate import demo, simulate
from likvard.cli.template import template
from likvard.terms import LikvardError


class Commands(click.Group):
    """Commands whose errors are printed without a traceback; each kind of error has its exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; end with the error's exit code if it raises one of ours."""
        try:
            return super().invoke(ctx)
        except LikvardError as error:
            click.echo(f"likvard: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="likvard")
def main() -> None:
    """See, explain and close the gaps between schools: records in, equity reports out."""


for command in (ingest, list_deliveries, undo, verify, report, fit, template, simulate, demo):
    main.add_command(command)
