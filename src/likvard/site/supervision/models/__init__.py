"""The tables of supervision. Nothing is deleted: a draft is changed until it is signed, everything else is added to."""

from likvard.site.supervision.models.decision import Decision, Finding, Refrain, RequiredMeasure
from likvard.site.supervision.models.inspection import (
    Department,
    Direction,
    Inspection,
    Level,
    Post,
    Risk,
    RiskJudgement,
)

__all__ = [
    "Decision",
    "Department",
    "Direction",
    "Finding",
    "Inspection",
    "Level",
    "Post",
    "Refrain",
    "RequiredMeasure",
    "Risk",
    "RiskJudgement",
]
