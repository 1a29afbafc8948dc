"""What a drawing in a document may hold: shapes and texts in SVG, nothing that runs, nothing that is fetched, nothing unseen."""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree

_SPACE = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(
    {"svg", "title", "desc", "style", "g", "rect", "line", "path", "circle", "polygon", "polyline", "text", "tspan"}
)
"""The elements that a drawing is made of. An image, a link, a script or a foreign object is none of them."""


def fault(svg: str) -> str:
    """Why this is no drawing for a document; empty if it is one."""
    if "<!" in svg or "<?" in svg:
        return "it has declarations or comments"
    try:
        root = _root(svg)
    except ElementTree.ParseError as error:
        return f"it is not well-formed ({error})"
    wrong = {one.tag.removeprefix(_SPACE) for one in root.iter()} - _SHAPES
    if wrong or root.tag != f"{_SPACE}svg":
        return f"it has elements that are no shapes ({', '.join(sorted(wrong)) or root.tag})"
    named = {name for one in root.iter() for name in one.attrib}
    if any(name.startswith("on") or name.endswith("href") for name in named):
        return "it has something that runs or points elsewhere"
    rules = [one.text or "" for one in root.iter(f"{_SPACE}style")]
    if any("url(" in one or "@import" in one for one in (*rules, *(v for e in root.iter() for v in e.attrib.values()))):
        return "it fetches something from elsewhere"
    return "" if min(size(svg)) > 0 else "it has no size"


@lru_cache(maxsize=256)
def _root(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - declarations, and so entities, are refused before


def texts(svg: str) -> tuple[str, ...]:
    """Every text that the drawing shows or says, in its order: title, description, labels."""
    shown = ("title", "desc", "text")
    return tuple("".join(one.itertext()) for one in _root(svg).iter() if one.tag.removeprefix(_SPACE) in shown)


def size(svg: str) -> tuple[float, float]:
    """Width and height of the drawing in its own units; noughts where it does not say."""
    try:
        _, _, wide, high = (float(part) for part in _root(svg).get("viewBox", "").split())
    except ValueError:
        return 0.0, 0.0
    return wide, high
