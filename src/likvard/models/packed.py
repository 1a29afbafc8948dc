"""Symmetric matrices as rows of numbers: the upper triangle, row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def pack(x: Floats) -> Floats:
    """The upper triangle of a symmetric m x m matrix: m (m + 1) / 2 numbers."""
    found: Floats = x[np.triu_indices(len(x))]
    return found


def unpack(values: Floats, m: int) -> Floats:
    """The symmetric m x m matrix of its upper triangle."""
    x = np.zeros((m, m))
    x[np.triu_indices(m)] = values
    found: Floats = x + np.triu(x, 1).T
    return found
