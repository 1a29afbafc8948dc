"""A synthetic country to time fits on: pupils in schools in municipalities, as one wide table a year.

1.1 million pupils, 4,700 schools, 290 municipalities, nine flags, birth month, income and prior result, and 17
outcomes of which up to three quarters are missing. All numbers are whole (points times two, income in tens of
thousands), so that every moment is an exact integer. Sorted by municipality and school, zstd, narrow types.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PUPILS, SCHOOLS, MUNICIPALITIES, OUTCOMES, YEARS = 1_100_000, 4_700, 290, 17, 10
FLAGS = {
    "girl": 0.49,
    "foreign_born": 0.11,
    "foreign_parents": 0.16,
    "new_arrival": 0.03,
    "parents_upper": 0.40,
    "parents_tertiary": 0.52,
    "social_aid": 0.06,
    "both_parents": 0.74,
    "special_support": 0.07,
}
SLOPES = dict(zip(FLAGS, (4, -2, -2, -10, 3, 8, -6, 3, -9), strict=True))
MISSING = (0.0,) * 7 + (0.02, 0.02, 0.03, 0.05, 0.05, 0.1, 0.15, 0.2, 0.3, 0.75)
ROW_GROUP = 131_072


def outcome(k: int) -> str:
    """Name of the k:th outcome, from 1."""
    return f"y{k:02d}"


def write_year(path: Path, year: int, pupils: int = PUPILS) -> Path:
    """Write one year unless it is there."""
    if path.exists():
        return path
    random = np.random.default_rng(1000 + year)
    school = np.sort(random.choice(SCHOOLS, pupils, p=_sizes()))
    municipality = _municipality_of_school()[school]
    level = 4.0 * random.normal(size=SCHOOLS)[school] + 2.0 * random.normal(size=MUNICIPALITIES)[municipality]
    flags = {name: random.random(pupils) < share for name, share in FLAGS.items()}
    month = random.integers(1, 13, pupils).astype(np.int8)
    income = np.minimum(random.gamma(3.0, 12.0, pupils), 250).astype(np.int16)
    prior = np.clip(np.round(20 + 6 * random.normal(size=pupils)), 0, 40).astype(np.int8)
    mean = 28 + level + 0.1 * (6 - month) + 0.05 * (income - 36) + 0.8 * (prior - 20)
    mean = mean + sum(SLOPES[name] * flag for name, flag in flags.items()) - 5
    columns: dict[str, pa.Array] = {
        "school": pa.array(school.astype(np.int16)),
        "municipality": pa.array(municipality.astype(np.int16)),
        **{name: pa.array(flag) for name, flag in flags.items()},
        "birth_month": pa.array(month),
        "income": pa.array(income),
        "prior": pa.array(prior),
    }
    for k in range(1, OUTCOMES + 1):
        shift = 2.0 * random.normal(size=SCHOOLS)[school]
        points = np.clip(np.round(mean + shift + 9 * random.normal(size=pupils)), 0, 127).astype(np.int8)
        columns[outcome(k)] = pa.array(points, mask=random.random(pupils) < MISSING[k - 1])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=ROW_GROUP)
    return path


def _sizes() -> np.ndarray:
    sizes = np.random.default_rng(1).gamma(2.5, 1.0, SCHOOLS) + 0.05
    return sizes / sizes.sum()


def _municipality_of_school() -> np.ndarray:
    weights = np.random.default_rng(2).lognormal(0.0, 1.0, MUNICIPALITIES)
    drawn = np.random.default_rng(3).choice(MUNICIPALITIES, SCHOOLS, p=weights / weights.sum())
    drawn[:MUNICIPALITIES] = np.arange(MUNICIPALITIES)
    return np.sort(drawn)
