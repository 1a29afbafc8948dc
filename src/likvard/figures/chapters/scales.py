"""The scales of the report's measures: fixed limits, so that every chart of a measure has the same axis."""

from __future__ import annotations

from likvard.figures.measures import Scale, Unit
from likvard.terms import Words

MERIT_NAME = Words("Meritvärde i årskurs 9", "Merit value (meritvärde) in year 9")

MERIT = Scale(MERIT_NAME, Unit.MERIT, decimals=0)
MERIT_DIFFERENCE = Scale(
    Words("Skillnad från det väntade", "Difference from the expected"), Unit.MERIT, decimals=0, signed=True
)
MERIT_SPREAD = Scale(
    Words("Skillnad mellan skolor (standardavvikelse)", "Difference between schools (standard deviation)"),
    Unit.MERIT,
    decimals=1,
    low=0,
)
MERIT_GAP = Scale(Words("Gapet i meritvärde", "The gap in merit value"), Unit.MERIT, decimals=0, low=0)
TEST_DIFFERENCE = Scale(
    Words("Skillnad från det väntade i provpoäng", "Difference from the expected in test points"),
    Unit.POINTS,
    decimals=1,
    signed=True,
)
GRADE_DIFFERENCE = Scale(
    Words("Skillnad från det väntade i betygspoäng", "Difference from the expected in grade points"),
    Unit.POINTS,
    decimals=1,
    signed=True,
)
SHARE = Scale(Words("Andel elever", "Share of pupils"), Unit.SHARE, decimals=0, low=0, high=1)
SHARE_GAP = Scale(Words("Gapet", "The gap"), Unit.SHARE_POINTS, decimals=0, low=0)
PERCENT = Scale(Words("Andel elever", "Share of pupils"), Unit.PERCENT, decimals=0, low=50, high=100)
PERCENT_GAP = Scale(Words("Gapet", "The gap"), Unit.PERCENT_POINTS, decimals=0, low=0)
INDEX = Scale(Words("Index 0–10", "Index 0–10"), Unit.INDEX, decimals=1, low=0, high=10)
PUPILS = Scale(Words("Elever", "Pupils"), Unit.PUPILS, decimals=0)
