"""The comparison of departments and inspectors with something to compare: nothing for axe to find, its panes are links."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from playwright.sync_api import expect

from likvard.flow.uniformity import Decided, Followed
from likvard.site.supervision import exports

pytestmark = pytest.mark.browser

PLACES = ("Avdelningen i Lund", "Avdelningen i Stockholm", "Avdelningen i Umeå", "Avdelningen i Kiruna")


@pytest.fixture
def authority(monkeypatch):
    """Four departments; the first finds more, the last has one inspector only and is withheld."""
    random = np.random.default_rng(3)
    who = [(d, i) for d in range(4) for i in range(4 if d < 3 else 1)]
    decided = [
        Decided(f"{d}-{i}-{c}", f"d{d}", f"p{d}{i}", "planned", "unit", "municipal", date(2023, 3, 1) + timedelta(days=c * 9),
                int(random.poisson(3.5 if d == 0 else 2)), ("GR",), 300)
        for d, i in who for c in range(14)
    ]  # fmt: skip
    followed = [
        Followed(
            row.case, "unit.safety", "injunction", row.decided, row.decided + timedelta(days=int(random.gamma(4, 40)))
        )
        for row in decided
        for _ in range(row.findings)
    ]
    names = {f"d{d}": PLACES[d] for d in range(4)} | {f"p{d}{i}": f"Inspektör {d}{i}" for d, i in who}
    monkeypatch.setattr(exports, "decided", lambda since, until: decided)
    monkeypatch.setattr(exports, "followed", lambda since, until: followed)
    monkeypatch.setattr(exports, "names", lambda: names)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_comparison_has_no_fault_of_accessibility(authority, visit, cast, faults, width):
    page = visit("/tillsyn/enhetlighet/", reader=cast.lea, width=width)
    assert faults(page) == []
    expect(page.locator("article.fig")).to_have_count(4)


def test_the_table_says_the_same_as_the_chart_without_a_script(authority, visit, cast):
    page = visit("/tillsyn/enhetlighet/", reader=cast.lea, script=False)
    card = page.locator("#uniformity-findings-departments")
    expect(card).to_contain_text("färre än 3 inspektörer")
    card.get_by_role("link", name="Tabell").click()
    row = page.locator("#uniformity-findings-departments .p-table tr", has_text="Lund")
    expect(row).to_contain_text("över det väntade")
    expect(page.locator("#uniformity-findings-departments")).to_contain_text("visas inte")
