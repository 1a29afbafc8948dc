"""Short ways to ask one rule about one cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from likvard.disclosure import Cell, CellKind, Released, release
from likvard.terms import Audience, Level


@pytest.fixture(scope="session")
def shown(today: date) -> Callable[..., Released]:
    """Put one cell through the gate and return what comes out."""

    def show(kind: str, value: float | None, n: int | None = None, **rest: object) -> Released:
        audience = rest.pop("audience", Audience.PUBLIC)
        key = rest.pop("key", ("merit_value", "10000001"))
        level = Level(rest.pop("level", "unit"))
        cell = Cell(key, CellKind(kind), value, n, level=level, **rest)  # type: ignore[arg-type]
        return release([cell], audience=audience, on=today)[key]  # type: ignore[arg-type, index]

    return show
