"""The group of commands."""

from __future__ import annotations

import click

from likvard.site.command.audit import verify_audit
from likvard.site.command.backup import backup, restore
from likvard.site.command.bring import bring
from likvard.site.command.check import check
from likvard.site.command.demo import demo
from likvard.site.command.init import init
from likvard.site.command.serve import serve
from likvard.site.command.work import work


@click.group()
def site() -> None:
    """Set up, fill, serve and look after the site. Its settings are environment variables: see docs/running.md."""


for command in (init, bring, serve, work, check, backup, restore, verify_audit, demo):
    site.add_command(command)
