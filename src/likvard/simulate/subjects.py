"""Subjects of compulsory school, with the thresholds that turn a latent result into a grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import ndtri

from likvard.rulebook import points_by_grade
from likvard.simulate.streams import Floats

GRADES = ("F", "E", "D", "C", "B", "A")
NONE = -1
LATENT_SPREAD = 1.90
"""SD of a subject's latent result in the nation: √(1.6² + 1). Thresholds are quantiles of it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject: its code, its national shares of A, B, C, D, E and F in per cent, and what girls have beyond their
    general advantage, in latent units. The shares are rounded from what is known of final grades around 2020."""

    code: str
    shares: tuple[float, float, float, float, float, float]
    girls: float


SUBJECTS = (
    Subject("Bi", (12, 14, 23, 20, 27, 4.0), -0.10),
    Subject("Bl", (12, 18, 29, 19, 19.5, 2.5), 0.50),
    Subject("En", (18, 19, 25, 18, 15.2, 4.8), -0.35),
    Subject("Fy", (11, 14, 20, 20, 30, 5.0), -0.25),
    Subject("Ge", (12, 14, 23, 19, 28, 4.0), -0.20),
    Subject("Hi", (12, 15, 22, 20, 27, 4.0), -0.10),
    Subject("Hkk", (9, 17, 28, 22, 21.5, 2.5), 0.35),
    Subject("Idh", (15, 19, 26, 18, 18.5, 3.5), -0.70),
    Subject("Ke", (11, 14, 20, 20, 30, 5.0), -0.20),
    Subject("M1", (15, 15, 22, 18, 26, 4.0), 0.30),
    Subject("ML", (32, 22, 20, 12, 10, 4.0), 0.30),
    Subject("Ma", (10, 12, 19, 18, 29.6, 11.4), -0.45),
    Subject("Mu", (10, 16, 28, 23, 20.5, 2.5), 0.20),
    Subject("Re", (12, 14, 23, 20, 27, 4.0), 0.20),
    Subject("Sh", (12, 15, 22, 20, 27, 4.0), -0.10),
    Subject("Sl", (9, 16, 28, 23, 21.5, 2.5), 0.60),
    Subject("Sv", (9, 16, 25, 22, 24.8, 3.2), 0.50),
    Subject("Tk", (9, 14, 25, 23, 26, 3.0), -0.10),
)
"""In the order in which rows lie on disk. Swedish and Swedish as a second language share a column."""

CODES = tuple(s.code for s in SUBJECTS)
COLUMN = {code: index for index, code in enumerate(CODES)}
LANGUAGES = ("spanska", "tyska", "franska")
MOTHER_TONGUES = ("arabiska", "somaliska", "engelska", "bosniska/kroatiska/serbiska", "persiska", "kurdiska")


def thresholds() -> Floats:
    """Return the latent result from which E, D, C, B and A are set: subjects by five, ascending."""
    shares = np.array([s.shares[::-1] for s in SUBJECTS], dtype=float)
    below = np.cumsum(shares, axis=1)[:, :-1] / shares.sum(axis=1, keepdims=True)
    limits: Floats = LATENT_SPREAD * ndtri(below)
    return limits


def girls() -> Floats:
    """Return girls' own advantage by subject, in latent units."""
    return np.array([s.girls for s in SUBJECTS])


def points(scale: str, on: date) -> Floats:
    """Return the rulebook's points of F, E … A; the adapted scale has no F and gives NaN for it."""
    known = points_by_grade(scale, on)
    return np.array([known.get(grade, np.nan) for grade in GRADES])
