"""Who a unit is compared with: similar units by stated criteria, or a group that the reader made."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.disclosure.cells import Released
from likvard.figures.figure import Figure
from likvard.figures.insight.scope import UnitInfo
from likvard.figures.measures import Scale
from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Criterion:
    """One characteristic: the unit's own value, and the range of those it is compared with."""

    name: Words
    scale: Scale
    own: Released | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The open list of who is compared. `how` says by which rule they were found; `left_out` what is not in it.

    `unit` is the one they are compared with, None where the group is the reader's own and no unit was chosen.
    `figure` shows the compared units' results beside the unit's own, None where there is nothing to show.
    """

    unit: UnitInfo | None
    units: tuple[UnitInfo, ...]
    criteria: tuple[Criterion, ...]
    how: Words
    left_out: Words
    figure: Figure | None
    own_group: bool = False
