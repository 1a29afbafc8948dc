"""The icons: lines of two units in a square of 24, drawn for this project. Always beside a word, never alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: Mapping[str, str] = {
    "late": "M12 4 21.5 20h-19ZM12 10.5v4M12 17.2v.01",
    "soon": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 7v5.2l3.2 2",
    "paused": "M8.5 5v14M15.5 5v14",
    "planned": "M4 6h16v14H4ZM4 10.5h16M8 3.5V8M16 3.5V8",
    "unreached": "M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0",
    "done": "M4.5 12.5 10 18 19.5 6.5",
    "ongoing": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 3v18",
    "locked": "M5 11h14v9H5ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "failed": "M6 6l12 12M18 6 6 18",
    "better": "M12 20V5M6 11l6-6 6 6",
    "worse": "M12 4v15M6 13l6 6 6-6",
    "document": "M6 3h8l4 4v14H6ZM14 3v4h4",
    "download": "M12 4v11M7 10.5l5 5 5-5M5 20h14",
    "back": "M20 12H5M11 6l-6 6 6 6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "mail": "M3 6h18v12H3ZM3.5 6.5 12 13l8.5-6.5",
    "person": "M12 12.5a4 4 0 1 0 0-8 4 4 0 1 0 0 8M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
    "eye": "M2.5 12C6 6.5 9 5.5 12 5.5s6 1 9.5 6.5c-3.5 5.5-6.5 6.5-9.5 6.5S6 17.5 2.5 12ZM9.5 12a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0",
}


def icon(name: str) -> SafeString:
    """The drawing, hidden from screen readers. KeyError for a name that is not in PATHS."""
    return format_html(
        '<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>', PATHS[name]
    )


MARK: SafeString = mark_safe(
    '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><line x1="2" x2="30" y1="11" y2="11"/>'
    '<line x1="2" x2="30" y1="21" y2="21"/><circle cx="12" cy="11" r="5"/><circle cx="20" cy="21" r="5"/></svg>'
)
"""The mark: an equals sign of two intervals, their points in different places."""
