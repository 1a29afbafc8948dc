"""Small data sets of lme4's own documentation, typed in, against lme4 1.1-31 with its optimum polished."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from likvard.flow import fit as flow
from likvard.models.profile import intervals

# Davies & Goldsmith 1972, table 6.3: yields of dyestuff from five samples of each of six batches.
DYESTUFF = [
    [1545, 1440, 1440, 1520, 1580],
    [1540, 1555, 1490, 1560, 1495],
    [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545],
    [1595, 1630, 1515, 1635, 1625],
    [1520, 1455, 1450, 1480, 1445],
]
# Box & Tiao 1973, table 5.1.4: made so that the variance between batches is estimated as zero.
DYESTUFF2 = [
    [7.298, 3.846, 2.434, 9.566, 7.990],
    [5.220, 6.556, 0.608, 11.788, -0.892],
    [0.110, 10.386, 13.434, 5.510, 8.166],
    [2.212, 4.852, 7.092, 9.288, 4.980],
    [0.282, 9.014, 4.458, 9.446, 7.198],
    [1.722, 4.782, 8.106, 0.758, 3.758],
]
# Davies & Goldsmith 1972, table 6.6: diameters of 24 plates (rows) by six samples of penicillin (columns).
PENICILLIN = [
    *([27, 23, 26, 23, 23, 21], [27, 23, 26, 23, 23, 21], [25, 21, 25, 24, 24, 20], [26, 23, 25, 23, 23, 20]),
    *([25, 22, 26, 22, 23, 20], [24, 22, 25, 23, 22, 19], [24, 20, 23, 21, 22, 19], [26, 22, 26, 24, 24, 21]),
    *([24, 21, 24, 22, 22, 20], [24, 21, 24, 23, 22, 19], [26, 23, 26, 24, 24, 21], [25, 22, 26, 24, 24, 20]),
    *([26, 24, 26, 24, 25, 22], [26, 23, 26, 23, 23, 20], [26, 23, 25, 24, 24, 22], [25, 22, 25, 23, 23, 20]),
    *([25, 21, 24, 23, 23, 20], [25, 22, 24, 23, 23, 19], [24, 21, 23, 21, 21, 19], [26, 23, 26, 24, 24, 21]),
    *([25, 21, 24, 22, 22, 18], [25, 22, 25, 22, 22, 20], [24, 21, 24, 22, 24, 19], [24, 21, 24, 22, 21, 18]),
]


def _write(path: Path, header: str, table: list[list[float]], row: str, column: str | None) -> Path:
    """One line per cell, with the row's letter (and the column's) in quotes, as R writes factors."""
    lines = [header]
    for i, values in enumerate(table):
        for j, value in enumerate(values):
            second = f',"{chr(ord(column) + j)}"' if column else ""
            lines.append(f'{value},"{chr(ord(row) + i)}"{second}')
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def dyestuff(tmp_path: Path) -> Path:
    return _write(tmp_path / "Dyestuff.csv", "Yield,Batch", DYESTUFF, "A", None)


@pytest.fixture
def dyestuff2(tmp_path: Path) -> Path:
    return _write(tmp_path / "Dyestuff2.csv", "Yield,Batch", DYESTUFF2, "A", None)


@pytest.fixture
def penicillin(tmp_path: Path) -> Path:
    return _write(tmp_path / "Penicillin.csv", "diameter,plate,sample", PENICILLIN, "a", "A")


def test_dyestuff_by_ml_gives_the_closed_form(dyestuff: Path) -> None:
    found = flow.fit(dyestuff, "Yield ~ 1 + (1 | Batch)", reml=False)
    means = np.mean(DYESTUFF, axis=1)
    within = np.sum((np.array(DYESTUFF) - means[:, None]) ** 2) / 24
    assert found.sigma2 == pytest.approx(within, rel=1e-10)
    assert found.varcomp["Batch"][0, 0] == pytest.approx(np.var(means) - within / 5, rel=1e-9)
    assert found.criterion == pytest.approx(327.327059881135, abs=1e-7)


def test_dyestuff_intervals_agree_with_lme4(dyestuff: Path) -> None:
    batch, residual = intervals(flow.fit(dyestuff, "Yield ~ 1 + (1 | Batch)"))
    assert (batch.low, batch.high) == pytest.approx((12.19853521, 84.06304671), rel=2e-4)
    assert (residual.low, residual.high) == pytest.approx((38.22998488, 67.65769624), rel=2e-4)


def test_a_variance_of_zero_is_zero(dyestuff2: Path) -> None:
    found = flow.fit(dyestuff2, "Yield ~ 1 + (1 | Batch)", reml=False)
    assert found.varcomp["Batch"][0, 0] == 0.0
    assert found.sigma2 == pytest.approx(np.var(DYESTUFF2), rel=1e-12)
    assert found.criterion == pytest.approx(162.873036653826, abs=1e-7)
    assert all(effect == 0 for group in flow.effects(found) for effect in group.mode.ravel())


def test_an_interval_from_zero_agrees_with_lme4(dyestuff2: Path) -> None:
    batch, residual = intervals(flow.fit(dyestuff2, "Yield ~ 1 + (1 | Batch)"))
    assert (batch.low, batch.high) == pytest.approx((0.0, 2.084043489), rel=2e-5)
    assert (residual.low, residual.high) == pytest.approx((2.89283102, 4.815832552), rel=2e-5)


def test_crossed_groups_agree_with_lme4(penicillin: Path) -> None:
    found = flow.fit(penicillin, "diameter ~ 1 + (1 | plate) + (1 | sample)")
    assert found.structure == "crossed"
    assert found.criterion == pytest.approx(330.860588991088, abs=1e-7)
    assert found.varcomp["plate"][0, 0] == pytest.approx(0.7169082125, rel=1e-8)
    assert found.varcomp["sample"][0, 0] == pytest.approx(3.7309178744, rel=1e-8)
    assert found.sigma2 == pytest.approx(0.3024154589, rel=1e-8)


def test_intervals_of_crossed_groups_agree_with_lme4(penicillin: Path) -> None:
    plate, sample, residual = intervals(flow.fit(penicillin, "diameter ~ 1 + (1 | plate) + (1 | sample)"))
    assert (plate.low, plate.high) == pytest.approx((0.6335659670, 1.1821039760), rel=2e-5)
    assert (sample.low, sample.high) == pytest.approx((1.0957893024, 3.5562909526), rel=5e-5)
    assert (residual.low, residual.high) == pytest.approx((0.4858454002, 0.6294534785), rel=2e-5)
