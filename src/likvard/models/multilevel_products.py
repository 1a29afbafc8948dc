"""Sums of products over many nodes, in pieces that stay on one thread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# From about 2^18 multiply-adds on OpenBLAS shares a product among threads. For matrices this narrow that gains
# nothing, and beside an engine that uses all cores the threads wait for one another: 170 national fits took 30 s
# instead of 10.
_ONE_THREAD = 200_000


def tall(X: Floats, W: Floats) -> Floats:
    """X W for tall, narrow X (n x a) and small W (a x b)."""
    (n, a), b = X.shape, W.shape[1]
    piece = max(1, _ONE_THREAD // max(1, a * b))
    whole = n // piece * piece
    return np.concatenate([(X[:whole].reshape(-1, piece, a) @ W).reshape(whole, b), X[whole:] @ W])


def gram(X: Floats, Y: Floats) -> Floats:
    """X' Y for tall, narrow X (n x a) and Y (n x b)."""
    n, a = X.shape
    b = Y.shape[1]
    piece = max(1, _ONE_THREAD // max(1, a * b))
    whole = n // piece * piece
    found: Floats = X[whole:].T @ Y[whole:]
    if whole:
        left = X[:whole].reshape(-1, piece, a).transpose(0, 2, 1)
        found = found + (left @ Y[:whole].reshape(-1, piece, b)).sum(axis=0)
    return found
