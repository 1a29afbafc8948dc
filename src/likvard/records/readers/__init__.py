"""Readers, one per file format, in one explicit list; and the words about what is not read."""

from likvard.records.readers.left import why_left
from likvard.records.readers.registry import READERS, recognise

__all__ = ["READERS", "recognise", "why_left"]
