"""What people do with cases: one keyword-only function for each deed, change and event in one transaction."""

from likvard.site.cases.actions.case import correct, link, make_unreachable, mention, move, open_case
from likvard.site.cases.actions.clocks import (
    meet_clock,
    met,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
    warn_of_clocks,
)
from likvard.site.cases.actions.handing import end_exclusion, exclude, let_in, let_out, share_out, step_out
from likvard.site.cases.actions.issuing import Point, happen, issue
from likvard.site.cases.actions.measures import begin_measure, put_off_measure, settle_measure
from likvard.site.cases.actions.papers import attach, fetch, read_message, send_message, settle_letter

__all__ = [
    "Point",
    "attach",
    "begin_measure",
    "correct",
    "end_exclusion",
    "exclude",
    "fetch",
    "happen",
    "issue",
    "let_in",
    "let_out",
    "link",
    "make_unreachable",
    "meet_clock",
    "mention",
    "met",
    "move",
    "open_case",
    "pause_clock",
    "put_off_measure",
    "read_message",
    "resume_clock",
    "send_message",
    "settle_letter",
    "settle_measure",
    "share_out",
    "start_clock",
    "step_out",
    "stop_clock",
    "warn_of_clocks",
]
