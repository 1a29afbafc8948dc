"""A linear program in HiGHS, kept warm between objectives."""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csr_array

from likvard.disclosure.protection.system import Bounds, Floats


class Program:
    """Minimise a cost over `matrix @ x` within `rows` and x within `columns`. Starts each solve at the last basis.

    One thread and fixed options: the same program gives the same point every time.
    """

    def __init__(self, matrix: csr_array, rows: Bounds, columns: Bounds) -> None:
        self.solved = 0
        self._every = np.arange(matrix.shape[1], dtype=np.int32)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        model.col_cost_ = np.zeros(matrix.shape[1])
        model.col_lower_, model.col_upper_ = columns.low, columns.high
        model.row_lower_, model.row_upper_ = rows.low, rows.high
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = matrix.data
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.silent()
        # Presolve would throw the basis away; these programs are small and solved many times over.
        for option, value in (("threads", 1), ("presolve", "off"), ("random_seed", 0)):
            self._highs.setOptionValue(option, value)
        self._highs.passModel(model)

    def minimise(self, cost: Floats) -> Floats | None:
        """Return a point of least cost, or None if no point fits."""
        self._highs.changeColsCost(len(self._every), self._every, cost)
        self._highs.run()
        self.solved += 1
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.asarray(self._highs.getSolution().col_value)
