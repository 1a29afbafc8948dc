"""Examples of the addresses of the circle and of segregation: of the country, the same for everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Variants = Mapping[str, Mapping[str, Any]]


def _the_page(cast: Any, places: Any) -> Variants:
    return {"": {}}


def _a_figure(cast: Any, places: Any) -> Variants:
    return {"": {"figure": "circle"}}


def _a_figure_of_segregation(cast: Any, places: Any) -> Variants:
    return {"": {"figure": "segregation-over-time"}}


EXAMPLES: Mapping[str, Callable[[Any, Any], Variants]] = {
    "circle": _the_page,
    "circle_figure": _a_figure,
    "segregation": _the_page,
    "segregation_figure": _a_figure_of_segregation,
}
