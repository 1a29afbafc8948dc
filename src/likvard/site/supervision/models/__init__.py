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
from likvard.site.supervision.models.programme import ClockWarning, Programme, ProgrammeRule, ProgrammeUnit, Selected

__all__ = [
    "Answer",
    "Appeal",
    "Assessment",
    "BasisItem",
    "ClockWarning",
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
    "Programme",
    "ProgrammeRule",
    "ProgrammeUnit",
    "Refrain",
    "Remark",
    "ReportBack",
    "RequiredMeasure",
    "Risk",
    "RiskJudgement",
    "Rung",
    "Selected",
    "Visit",
]
