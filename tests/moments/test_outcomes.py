from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from likvard.models.multilevel import Effect, Model, fit
from likvard.moments.columns import ONE, Column, Factor, Number, flag, number
from likvard.moments.gather import gather
from likvard.moments.outcomes import gather_outcomes

FORM = Factor("form", '"form"', ("GR", "GY", 'O\'Neil "x"'))
COLUMNS = (flag("girl"), Column("formGY", ((FORM, 1),)), number("income", 450.0))
SHARES = {"all": 0.0, "most": 0.2, "few": 0.8, "one": 0.997, "none": 1.0}
OUTCOMES = tuple(Number(name, f'"{name}"', 20.0) for name in SHARES)


@pytest.fixture
def subjects(pupils: pa.Table) -> pa.Table:
    """The pupils with points in five subjects, missing for ever more of them."""
    random = np.random.default_rng(11)
    for name, share in SHARES.items():
        points = random.integers(0, 41, len(pupils)).astype(float)
        pupils = pupils.append_column(name, pa.array(points, mask=random.random(len(pupils)) < share))
    return pupils


@pytest.mark.parametrize("groups", [("organiser", "school"), ("school",), ()])
def test_every_outcome_equals_its_own_gathering(subjects, connect, groups):
    con = connect(subjects)
    found = gather_outcomes(con, "pupils", groups, COLUMNS, OUTCOMES)
    assert list(found) == ["all", "most", "few", "one"]
    for name, m in found.items():
        own = gather(con, "pupils", groups, (*COLUMNS, number(name, 20.0)))
        assert [c.content for c in m.columns] == [c.content for c in own.columns]
        assert (m.n == own.n).all()
        assert (m.products == own.products).all()
        assert (m.total == own.total).all()
        assert all((a == b).all() for a, b in zip(m.keys, own.keys, strict=True))


def test_outcomes_without_missing_values_need_no_second_look(subjects, connect):
    found = gather_outcomes(connect(subjects), "pupils", ("school",), COLUMNS, OUTCOMES[:1])
    assert list(found) == ["all"]


def test_the_moments_of_an_outcome_are_fitted_as_any_other(subjects, connect):
    con = connect(subjects)
    m = gather_outcomes(con, "pupils", ("school",), COLUMNS, OUTCOMES)["most"]
    y = number("most", 20.0)
    model = Model(y, (ONE, *COLUMNS), (Effect("school", ("school",)),))
    own = fit(gather(con, "pupils", ("school",), (*COLUMNS, y)), model)
    assert fit(m, model).criterion == own.criterion
