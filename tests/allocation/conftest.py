"""Three schools and a rule that everybody knows, for the tests of allocation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from likvard.allocation.round import Rule, Unit
from likvard.terms import OrganiserKind

THREE = (
    Unit(code="99000001", name="Almskolan", pupils=100, need=50, need_low=45, need_high=55, last=6_600_000, last_pupils=100),
    Unit(code="99000002", name="Bokskolan", pupils=200, need=100, need_low=92, need_high=108, last=13_000_000, last_pupils=200),
    Unit(
        code="99000003",
        name="Friskolan Cedern",
        pupils=100,
        need=150,
        need_low=140,
        need_high=160,
        last=6_400_000,
        last_pupils=80,
        organiser_kind=OrganiserKind.INDEPENDENT,
    ),
)  # fmt: skip


@pytest.fixture
def three() -> tuple[Unit, ...]:
    """A small school with little need, a large one at the mean, and an independent one with much."""
    return THREE


@pytest.fixture
def rule() -> Callable[..., Rule]:
    """A rule that shares 28 million crowns, ten per cent of them by need, unless a test says otherwise."""

    def make(**other: object) -> Rule:
        given: dict[str, object] = {"share": 0.1} | ({} if "base" in other else {"frame": 28_000_000}) | other
        return Rule(**given)  # type: ignore[arg-type]

    return make
