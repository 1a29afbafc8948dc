"""What each measure means, why it matters, when it can be compared, and who has checked that."""

from likvard.indicators.definition import Break, Check, Direction, Domain, Indicator, Kind, PeriodKind
from likvard.indicators.loading import indicators, load, overdue

__all__ = [
    "Break",
    "Check",
    "Direction",
    "Domain",
    "Indicator",
    "Kind",
    "PeriodKind",
    "indicators",
    "load",
    "overdue",
]
