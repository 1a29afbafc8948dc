"""The command line: one file per command, over flow."""

from likvard.cli.main import main

__all__ = ["main"]
