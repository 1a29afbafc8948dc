"""What the chart of need at every unit says in numbers, and the table that is its twin."""

from __future__ import annotations

from typing import Any

from likvard.figures.charts_need import MANY_UNSEEN, NeedOfAll, NeedRow
from likvard.figures.table import Column, Entry, Kind, Row, Table
from likvard.terms import Words

_NAMED = 8
"""More names than this are left to the table."""


def facts(chart: NeedOfAll) -> dict[str, Any]:
    """The facts by name; docs/figures.md lists them."""
    shown = [row for row in chart.rows if row.shown]
    by_value = {row.need.value: row.need for row in shown if row.need is not None and row.need.value is not None}
    above = [row for row in shown if row.surely_above]
    known = [row for row in above if row.money is not None and row.mean is not None]
    less = [row.name for row in above if row.gets_less]
    unseen = [r for r in shown if r.unseen is not None and (r.unseen.value or 0.0) >= MANY_UNSEEN]
    return {
        "scale": chart.need,
        "schools": len(shown),
        "hidden": sum(row.need is not None and not row.shown for row in chart.rows),
        "lowest": by_value[min(by_value)] if by_value else None,
        "highest": by_value[max(by_value)] if by_value else None,
        "above": len(above),
        "paid": len(known),
        "less": len(less),
        "names_less": "; ".join(less) if 0 < len(less) <= _NAMED else None,
        "unseen": len(unseen),
    }


def table(chart: NeedOfAll, caption: Words) -> Table:
    """Need, its interval, the distance from the expected with its interval, crowns a pupil, who is not seen, pupils."""
    doubt = Words("Osäkerhet", "Uncertainty")
    columns = (
        Column(chart.need.name, Kind.NUMBER, chart.need),
        Column(doubt, Kind.INTERVAL, chart.need),
        Column(chart.difference.name, Kind.NUMBER, chart.difference),
        Column(doubt, Kind.INTERVAL, chart.difference),
        Column(chart.money.name, Kind.NUMBER, chart.money),
        Column(chart.unseen.name, Kind.NUMBER, chart.unseen),
        Column(Words("Elever", "Pupils"), Kind.PUPILS),
    )
    return Table(caption, Words("Skola", "School"), columns, tuple(_row(row) for row in chart.rows))


def _row(row: NeedRow) -> Row:
    need: Entry = row.need if row.need is not None else row.instead
    result: Entry = row.difference if row.difference is not None else row.not_compared
    entries = (need, row.need, result, row.difference, row.money, row.unseen, row.need)
    return Row(Words(row.name, row.name), entries, Words(row.area, row.area) if row.area else None, row.code)
