"""Random streams that do not know one another: one for each topic, municipality and year."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Whole = npt.NDArray[np.signedinteger]
Flags = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]


class Topic(IntEnum):
    """What a stream is for. The numbers are part of the data: never renumber."""

    PLACE = 1
    UNITS = 2
    CHAIN = 3
    CLIMATE = 4
    EFFECTS = 5
    PEOPLE = 6
    SUBJECTS = 7
    GRADES = 8
    TESTS = 9
    EARLIER = 10
    UPPER = 11
    ADULTS = 12
    ATTENDANCE = 13
    SURVEY = 14
    MONEY = 15
    MATTERS = 16
    PRINCIPALS = 17
    STAFF = 18
    ADAPTED = 19
    ORGANISER = 20
    RATINGS = 21


def stream(seed: int, topic: Topic, *place: int) -> np.random.Generator:
    """Return the generator of one topic and place (municipality, then year or birth year).

    It is what `SeedSequence(seed).spawn` would give a child at that place, reached directly: no stream depends on
    which others were used, or in which order.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(int(topic), *place))))


def scrambled(seed: int, numbers: npt.NDArray[np.integer]) -> Keys:
    """Return a 64-bit key for each number, one to one (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    start = np.uint64(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
    z = numbers.astype(np.uint64) ^ start
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
    keys: Keys = z ^ (z >> np.uint64(31))
    return keys


def shares(index: npt.NDArray[np.integer], flags: npt.NDArray[np.generic], groups: int) -> Floats:
    """Return the mean of `flags` in each of `groups`; NaN where a group is empty."""
    counts = np.bincount(index, minlength=groups)
    sums = np.bincount(index, weights=flags.astype(np.float64), minlength=groups)
    found: Floats = np.divide(sums, counts, out=np.full(groups, np.nan), where=counts > 0)
    return found
