"""Masks that cancel in the sum: whoever holds one masked answer holds random digits (Bonawitz et al. 2017, CCS).

Numbers are whole multiples of 2^-64, added modulo 2^128, so that a sum is exact and the same in any order. Every two
organisers of a block agree on a secret (X25519) that nobody else can compute; from it and the round comes a stream that
one adds and the other takes away. A file of a round can only be used with the files of the same round of all the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from numpy.typing import NDArray

from likvard.flow.federation.keys import Card, Keys
from likvard.terms import InputError

Floats = NDArray[np.float64]

FRACTION = 64
BYTES = 16
MODULUS = 1 << (8 * BYTES)
LARGEST = 2.0**50
"""No number of an answer may be larger: so that thousands of them cannot wrap around."""


def to_whole(values: Floats) -> list[int]:
    """Numbers as whole multiples of 2^-64 modulo 2^128. Raises `InputError` for what is not finite or too large."""
    if not np.isfinite(values).all() or np.abs(values).max(initial=0.0) > LARGEST:
        raise InputError("A number of the answer is not finite, or too large to mask.", "Check the records.")
    return [int(v * 2.0**FRACTION) % MODULUS for v in values.tolist()]


def from_whole(values: Iterable[int]) -> Floats:
    """The numbers back, as the nearest doubles."""
    signed = (v - MODULUS if v >= MODULUS // 2 else v for v in values)
    return np.array([v / 2**FRACTION for v in signed])


def add(parts: Iterable[Sequence[int]]) -> list[int]:
    """Add rows of numbers modulo 2^128."""
    return [sum(column) % MODULUS for column in zip(*parts, strict=True)]


def masked(values: Floats, keys: Keys, block: Sequence[Card], round_digest: str) -> list[int]:
    """An answer that means nothing until the answers of the whole block are added to it."""
    found = to_whole(values)
    for card in block:
        if card.organiser == keys.organiser:
            continue
        stream = _stream(keys, card, round_digest, len(found))
        sign = 1 if keys.organiser < card.organiser else -1
        found = [(v + sign * s) % MODULUS for v, s in zip(found, stream, strict=True)]
    return found


def _stream(keys: Keys, other: Card, round_digest: str, length: int) -> list[int]:
    """The stream that two organisers share for one round, of numbers that are each of all values alike."""
    try:
        secret = keys.agreement.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(other.agreement)))
    except ValueError:
        raise InputError(f"The key of {other.name} is no key to agree with.", "Do not answer; ask the node.") from None
    pair = "|".join(sorted((keys.organiser, other.organiser)))
    context = f"likvard mask 1|{round_digest}|{pair}|".encode()
    content = hashlib.shake_256(context + secret).digest(length * BYTES)
    return [int.from_bytes(content[i : i + BYTES], "little") for i in range(0, len(content), BYTES)]


def to_bytes(values: Sequence[int]) -> bytes:
    """Whole numbers as bytes, 16 each."""
    return b"".join(v.to_bytes(BYTES, "little") for v in values)


def from_bytes(content: bytes) -> list[int]:
    """Whole numbers from bytes, 16 each."""
    return [int.from_bytes(content[i : i + BYTES], "little") for i in range(0, len(content), BYTES)]
