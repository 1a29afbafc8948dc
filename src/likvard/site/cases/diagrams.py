"""The diagram of a state table: as text, as Mermaid and as a drawing. `python -m likvard.site.cases.manual` puts them in the manual."""

from __future__ import annotations

from html import escape

from likvard.site.cases.states import StateTable

_WIDE, _HIGH, _GAP, _LANE, _LEFT, _WORDS = 230, 46, 30, 12, 10, 430


def as_text(table: StateTable) -> str:
    """One line for each state: its owner, and where its moves lead."""
    lines = []
    for state in table.states:
        ways = "; ".join(f"{move.label} → {table.state(move.to).label}" for move in table.moves_from(state.code))
        lines.append(f"- **{state.label}** ({state.owner.label}): {ways or 'the end'}")
    return "\n".join(lines)


def as_mermaid(table: StateTable) -> str:
    """A Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {table.first.code}"]
    lines += [f"    {state.code} : {state.label}" for state in table.states]
    lines += [f"    {move.start} --> {move.to} : {move.label}" for move in table.moves]
    lines += [f"    {state.code} --> [*]" for state in table.states if state.end]
    return "\n".join(lines)


def as_svg(table: StateTable, title: str) -> str:
    """A drawing: states from top to bottom, moves forward on the right, backward on the left, what they are called beside.

    It takes the colour of the text around it; there is no style and no script in it.
    """
    row = {state.code: n for n, state in enumerate(table.states)}
    ahead = [move for move in table.moves if row[move.to] > row[move.start]]
    back = [move for move in table.moves if row[move.to] <= row[move.start]]
    left = _LEFT + _LANE * (len(back) + 1)
    right = left + _WIDE
    words = right + _LANE * (len(ahead) + 1)
    parts = [_opening(words + _WORDS, _top(len(row)), title)]
    parts += [_box(table, code, left, words, n) for code, n in row.items()]
    for lane, move in enumerate(ahead, start=1):
        parts.append(_arrow(row[move.start], row[move.to], right, right + _LANE * lane, lane))
    for lane, move in enumerate(back, start=1):
        parts.append(_arrow(row[move.start], row[move.to], left, left - _LANE * lane, lane))
    return "".join([*parts, "</svg>\n"])


def _opening(width: int, height: int, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="states" role="img" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="14" fill="currentColor" aria-labelledby="states-t">'
        f'<title id="states-t">{escape(title)}</title><defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8Z"/></marker></defs>'
    )


def _box(table: StateTable, code: str, left: int, words: int, row: int) -> str:
    """A state as a box with its owner, and beside it what can be done there."""
    y, state, middle = _top(row), table.state(code), left + _WIDE / 2
    ways = "".join(
        f'<text x="{words}" y="{y + 12 + 17 * n}">{escape(f"{move.label} → {table.state(move.to).label}")}</text>'
        for n, move in enumerate(table.moves_from(code))
    )
    return (
        f'<g><rect x="{left}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="6" fill="none" stroke="currentColor" '
        f'stroke-width="{3 if state.end else 1}"/><text x="{middle:g}" y="{y + 19}" text-anchor="middle" '
        f'font-weight="600">{escape(str(state.label))}</text><text x="{middle:g}" y="{y + 36}" text-anchor="middle" '
        f'font-size="12">{escape(str(state.owner.label))}</text>{ways}</g>'
    )


def _top(row: int) -> int:
    return _LEFT + row * (_HIGH + _GAP)


def _arrow(start: int, to: int, edge: int, lane: int, number: int) -> str:
    """An arrow out of one box, along its own lane, into another: out of the lower half, into the upper."""
    y1, y2 = _top(start) + 27 + 5 * (number % 4), _top(to) + 4 + 5 * (number % 4)
    return f'<path d="M{edge} {y1}H{lane}V{y2}H{edge}" fill="none" stroke="currentColor" marker-end="url(#tip)"/>'
