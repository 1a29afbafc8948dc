"""The tables of ratings."""

from __future__ import annotations

from likvard.site.ratings.models.marking import Conflict, Evidence, Mark, Sheet, SheetsRead, Standing
from likvard.site.ratings.models.reply import Reply, ReplyPoint
from likvard.site.ratings.models.report import Outcome, Report, ReportStep, ReportVersion
from likvard.site.ratings.models.round import Framed, Rating, Round

__all__ = [
    "Conflict",
    "Evidence",
    "Framed",
    "Mark",
    "Outcome",
    "Rating",
    "Reply",
    "ReplyPoint",
    "Report",
    "ReportStep",
    "ReportVersion",
    "Round",
    "Sheet",
    "SheetsRead",
    "Standing",
]
