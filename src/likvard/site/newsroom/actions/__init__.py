"""What people do: one keyword-only function for each deed, change and event in one transaction."""

from likvard.site.newsroom.actions.desk import describe, index, move, note_original_read, prepare
from likvard.site.newsroom.actions.hiding import hide, lift, release
from likvard.site.newsroom.actions.press import Text, keep_contact, move_release, rewrite, write
from likvard.site.newsroom.actions.tagging import tag

__all__ = [
    "Text",
    "describe",
    "hide",
    "index",
    "keep_contact",
    "lift",
    "move",
    "move_release",
    "note_original_read",
    "prepare",
    "release",
    "rewrite",
    "tag",
    "write",
]
