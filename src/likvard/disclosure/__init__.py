"""The only gate to figures: what may be shown to whom, and why the rest may not."""

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release, Released
from likvard.disclosure.gate import release
from likvard.disclosure.reasons import LEGEND, symbol

__all__ = ["LEGEND", "Cell", "CellKind", "Key", "Relation", "Release", "Released", "release", "symbol"]
