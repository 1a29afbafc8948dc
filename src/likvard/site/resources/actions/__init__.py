"""What is done to a round: each a change and its event in one transaction."""

from __future__ import annotations

from likvard.site.resources.actions.deciding import decide
from likvard.site.resources.actions.hearing import answer, give_view, send_out
from likvard.site.resources.actions.reminding import remind_of_views
from likvard.site.resources.actions.rounds import back, drop, make_version, open_round
from likvard.site.resources.actions.using import look_again, plan, settle

__all__ = [
    "answer",
    "back",
    "decide",
    "drop",
    "give_view",
    "look_again",
    "make_version",
    "open_round",
    "plan",
    "remind_of_views",
    "send_out",
    "settle",
]
