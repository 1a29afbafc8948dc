"""When two sources give the same figure, the one that shows least decides."""

from __future__ import annotations

from collections.abc import Iterable

from likvard.disclosure.cells import Cell
from likvard.disclosure.verdicts import SUPPRESSED, Rule
from likvard.terms import DisclosureError, Words

RULE = Rule(
    "strictest",
    Words(
        "När flera källor har samma siffra gäller den som visar minst. Annars kunde källor läggas ihop för att se det "
        "som en av dem har dolt.",
        "When several sources have the same figure, the one that shows least decides. Otherwise sources could be put "
        "together to see what one of them hid.",
    ),
)


def strictest(cells: Iterable[Cell]) -> Cell:
    """Return the cell that shows least: hidden before a range, a range before a rounded number, that before an exact
    one; what a source does not have hides nothing. Among equals the one on fewest pupils, then by name of source.

    Raises `DisclosureError` if there is none, or if they are not the same figure.
    """
    ordered = sorted(cells, key=lambda c: (_openness(c), c.n is None, c.n, c.source))
    if len({cell.key for cell in ordered}) != 1:
        raise DisclosureError("Only the same figure from several sources can be compared.", "Give cells of one key.")
    return ordered[0]


def _openness(cell: Cell) -> int:
    if cell.value is not None:
        return 2 if cell.missing is not None else 3
    if cell.missing in SUPPRESSED:
        return 0 if cell.low is None or cell.high is None else 1
    return 4
