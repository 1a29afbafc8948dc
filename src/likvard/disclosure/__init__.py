"""The only gate to figures: what may be shown to whom, and why the rest may not."""

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release, Released
from likvard.disclosure.gate import release
from likvard.disclosure.ledger import Entry, Ledger
from likvard.disclosure.reasons import LEGEND, symbol
from likvard.disclosure.rules.strictest import strictest

__all__ = [
    "LEGEND",
    "Cell",
    "CellKind",
    "Entry",
    "Key",
    "Ledger",
    "Relation",
    "Release",
    "Released",
    "release",
    "strictest",
    "symbol",
]
