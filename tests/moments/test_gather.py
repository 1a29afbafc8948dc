from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from likvard.moments.columns import ONE, Column, Factor, flag, number
from likvard.moments.gather import gather, gather_each
from likvard.moments.moments import marginalise, merge
from likvard.terms import ModelError

FORM = Factor("form", '"form"', ("GR", "GY", 'O\'Neil "x"'))
GY = Column("formGY", ((FORM, 1),))
OTHER = Column("formOther", ((FORM, 2),))
INCOME, POINTS = number("income", 450.0), number("points", 20.0)
GIRL_INCOME = Column("girl:income", flag("girl").marks, INCOME.powers)
SQUARE = Column("income2", powers=((INCOME.powers[0][0], 2),))
COLUMNS = (flag("girl"), GY, OTHER, INCOME, GIRL_INCOME, SQUARE, POINTS)


def naive(table: pa.Table, weighted: bool = False):
    """The complete rows' design, keys and weights, row by row."""
    rows = [r for r in table.to_pylist() if r["income"] is not None and r["points"] is not None]
    design = np.array([_design(r) for r in rows], dtype=float)
    keys = [(r["organiser"], r["school"]) for r in rows]
    return design, keys, np.array([r["weight"] if weighted else 1 for r in rows], dtype=float)


def _design(r: dict) -> list[float]:
    income = r["income"] - 450
    forms = [r["form"] == level for level in FORM.levels[1:]]
    return [1, r["girl"], *forms, income, r["girl"] * income, income**2, r["points"] - 20]


def same(a, b) -> bool:
    return all(
        (x == y).all()
        for x, y in zip((a.n, a.products, a.total, *a.keys), (b.n, b.products, b.total, *b.keys), strict=True)
    )


@pytest.mark.parametrize("rows", [(), (ONE, INCOME), COLUMNS])
@pytest.mark.parametrize("weight", [None, "weight"])
def test_sums_equal_those_done_row_by_row(pupils, connect, rows, weight):
    found = gather(connect(pupils), "pupils", ("organiser", "school"), COLUMNS, rows=rows, weight=weight)
    W, keys, v = naive(pupils, weight is not None)
    assert (found.total == (W * v[:, None]).T @ W).all()
    assert found.nobs == len(keys)
    assert found.log_weight == pytest.approx(np.log(v).sum())
    for g, key in enumerate(zip(*found.keys, strict=True)):
        own = [i for i, k in enumerate(keys) if k == key]
        assert found.n[g] == len(own)
        assert (found.products[g] == (W[own][:, found.rows] * v[own, None]).T @ W[own]).all()


def test_the_same_bits_whatever_the_threads_and_the_order(pupils, connect):
    shuffled = pupils.take(np.random.default_rng(1).permutation(len(pupils)))
    first = gather(connect(pupils, 1), "pupils", ("organiser", "school"), COLUMNS)
    for table, threads in ((pupils, 2), (shuffled, 1), (shuffled, 2), (shuffled, 4)):
        assert same(first, gather(connect(table, threads), "pupils", ("organiser", "school"), COLUMNS))


def test_the_same_bits_when_organisers_add_up_their_own(pupils, connect):
    whole = gather(connect(pupils), "pupils", ("organiser", "school"), COLUMNS, rows=(INCOME,))
    parts = [
        gather(
            connect(pupils.filter(pc.equal(pupils["organiser"], name))),
            "pupils",
            ("organiser", "school"),
            COLUMNS,
            rows=(INCOME,),
        )
        for name in ("o3", "o0", "o4", "o2", "o1")
    ]
    merged = parts[0]
    for part in parts[1:]:
        merged = merge(merged, part)
    assert same(whole, merged)


def test_marginalising_equals_gathering_by_less(pupils, connect):
    con = connect(pupils)
    fine = gather(con, "pupils", ("organiser", "school"), COLUMNS, rows=(INCOME,))
    assert same(marginalise(fine, ("organiser",)), gather(con, "pupils", ("organiser",), COLUMNS, rows=(INCOME,)))
    assert same(marginalise(fine, ()), gather(con, "pupils", (), COLUMNS, rows=(INCOME,)))


def test_each_stratum_equals_its_own_gathering(pupils, connect):
    con = connect(pupils)
    apart = gather_each(con, "pupils", ("form", "girl"), ("school",), (INCOME, POINTS))
    assert len(apart) == 6
    for (form, girl), found in apart.items():
        own = pupils.filter(pc.and_(pc.equal(pupils["form"], str(form)), pc.equal(pupils["girl"], bool(girl))))
        assert same(found, gather(connect(own), "pupils", ("school",), (INCOME, POINTS)))


def test_many_levels_are_gathered_without_patterns(connect):
    random = np.random.default_rng(2)
    keys = [random.integers(0, 300, 900) for _ in range(2)]
    table = pa.table({"g": keys[0] % 7, "a": keys[0], "b": keys[1], "y": random.integers(0, 9, 900)})
    a, b = (Factor(name, f'"{name}"', tuple(range(300))) for name in "ab")
    columns = (Column("a5", ((a, 5),)), Column("b7", ((b, 7),)), number("y"))
    found = gather(connect(table), "pupils", ("g",), columns)
    W = np.column_stack([np.ones(900), keys[0] == 5, keys[1] == 7, table["y"].to_numpy()])
    assert (found.total == W.T @ W).all()


def test_moments_of_no_complete_row_are_refused(pupils, connect):
    none = pupils.set_column(5, "points", pa.nulls(len(pupils), pa.float64()))
    with pytest.raises(ModelError, match="No row has a value"):
        gather(connect(none), "pupils", ("school",), (POINTS,))


def test_moments_made_differently_are_not_merged(pupils, connect):
    con = connect(pupils)
    a = gather(con, "pupils", ("school",), (number("points", 20.0),))
    b = gather(con, "pupils", ("school",), (number("points", 21.0),))
    with pytest.raises(ModelError, match="cannot be added"):
        merge(a, b)
