"""The tables of supervision. Nothing is deleted: a draft is changed until it is signed, everything else is added to."""

from likvard.site.supervision.models.answer import Answer, Evidence, Extension, ReportBack
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
from likvard.site.supervision.models.closing import Assessment, Closing
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
from likvard.site.supervision.models.ladder import Appeal, LegalForce, Rung

__all__ = [
    "Answer",
    "Appeal",
    "Assessment",
    "BasisItem",
    "Closing",
    "Decision",
    "Department",
    "Direction",
    "Evidence",
    "ExaminedArea",
    "Extension",
    "FactCheck",
    "Finding",
    "Inspection",
    "KeptSignal",
    "LegalForce",
    "Level",
    "Notice",
    "Observation",
    "Post",
    "Refrain",
    "Remark",
    "ReportBack",
    "RequiredMeasure",
    "Risk",
    "RiskJudgement",
    "Rung",
    "Visit",
]
