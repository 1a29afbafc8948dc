"""Examples of the addresses of the circle: one of the country, the same for everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Variants = Mapping[str, Mapping[str, Any]]


def _the_page(cast: Any, places: Any) -> Variants:
    return {"": {}}


def _a_figure(cast: Any, places: Any) -> Variants:
    return {"": {"figure": "circle"}}


EXAMPLES: Mapping[str, Callable[[Any, Any], Variants]] = {"circle": _the_page, "circle_figure": _a_figure}
