"""What must not be parted at the end of a line: a number and its unit, a section and its sign. Only where a text is laid out."""

from __future__ import annotations

import re

_NBSP = "\u00a0"
_MONTHS = (
    "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|"
    "January|February|March|April|May|June|July|August|October|November|December"
)
_UNITS = rf"§|%|kap\.|st\b|kronor|procent|miljoner|tusen|{_MONTHS}"
_AFTER_NUMBER = re.compile(rf"(?<=\d) (?={_UNITS}|[a-e] §)|(?<=\d [a-e]) (?=§)")
_BEFORE_NUMBER = re.compile(
    r"(?<=§) (?=\d)|(?<=kap\.) (?=\d)|(?<=\d) (?=\d{3}(?!\d))|(?<=\bnr) (?=\d)|(?<=\bkl\.) (?=\d)"
)


def bound(text: str) -> str:
    """The text with no-break blanks where a line must not end: `6 kap. 10 §`, `500 000 kronor`, `31 januari`."""
    return _BEFORE_NUMBER.sub(_NBSP, _AFTER_NUMBER.sub(_NBSP, text))
