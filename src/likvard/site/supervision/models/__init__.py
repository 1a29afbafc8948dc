"""The tables of supervision. Nothing is deleted: a draft is changed until it is signed, everything else is added to."""

from likvard.site.supervision.models.basis import (
    BasisItem,
    ExaminedArea,
    FactCheck,
    KeptSignal,
    Notice,
    Observation,
    Remark,
    Visit,
)
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
    "BasisItem",
    "Decision",
    "Department",
    "Direction",
    "ExaminedArea",
    "FactCheck",
    "Finding",
    "Inspection",
    "KeptSignal",
    "Level",
    "Notice",
    "Observation",
    "Post",
    "Refrain",
    "Remark",
    "RequiredMeasure",
    "Risk",
    "RiskJudgement",
    "Visit",
]
