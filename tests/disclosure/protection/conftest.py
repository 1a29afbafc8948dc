"""Systems of equations from tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from likvard.disclosure import gate
from likvard.disclosure.protection.build import Built, build, unknown
from likvard.disclosure.protection.settle import settle
from likvard.disclosure.thresholds import limits
from likvard.terms import Audience


@pytest.fixture(scope="session")
def built(today: date) -> Callable[[Any], Built]:
    """The system of a table under the public rules for own records, ready to be protected."""

    def make(table: Any) -> Built:
        verdicts = {
            cell.key: gate.judge(cell, limits("", Audience.PUBLIC, today, cell.kind, cell.level, cell.key[0]))
            for cell in table.cells
        }
        raw = build({cell.key: unknown(cell, verdicts[cell.key]) for cell in table.cells}, table.relations, {})
        return Built(raw.keys, *settle(raw.system, raw.states, raw.keys))

    return make
