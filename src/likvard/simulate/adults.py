"""Adults in municipal adult education and in Swedish for immigrants: new persons each year, and one grade each."""

from __future__ import annotations

import numpy as np

from likvard.simulate.rolls import FORM, Roll
from likvard.simulate.seats import Role
from likvard.simulate.settings import Settings
from likvard.simulate.streams import Topic, scrambled, stream
from likvard.simulate.units import Plan
from likvard.terms import SchoolForm

_ADULTS, _LEARNERS = 0.8, 0.5  # for each pupil of one age; not calibrated
_NUMBERS = 1 << 62  # set apart from the pupils'


def adult_roll(settings: Settings, plan: Plan, year: int) -> Roll:
    """Return the adults of a municipality in a school year. Learners of Swedish were born abroad."""
    rng = stream(settings.seed, Topic.ADULTS, plan.place.index, year)
    adults, learners = (int(rng.poisson(share * plan.place.cohort)) for share in (_ADULTS, _LEARNERS))
    size = adults + learners
    learns = np.arange(size) >= adults
    abroad = learns | (rng.random(size) < 0.35)
    seat = np.full(size, int(np.flatnonzero(plan.roles(Role.ADULT))[0]), np.int32)
    none = np.full(size, -1, np.int8)
    numbers = _NUMBERS + (plan.place.index << 40) + (year << 24) + np.arange(size)
    here = rng.integers(0, 12, size, dtype=np.int8)
    return Roll(
        key=scrambled(settings.seed, numbers),
        birth_year=(year - rng.integers(20, 56, size)).astype(np.int16),
        row=np.full(size, -1, np.int32),
        month=rng.integers(1, 13, size, dtype=np.int8),
        girl=rng.random(size) < 0.58,
        education=rng.choice(3, size, p=[0.25, 0.45, 0.30]).astype(np.int8),
        foreign=abroad,
        here=np.where(learns, here // 3, np.where(abroad, here, -1)).astype(np.int8),
        home=np.full(size, plan.place.index, np.int16),
        protected=rng.random(size) < settings.population.protected,
        form=np.where(learns, FORM[SchoolForm.SWEDISH_FOR_IMMIGRANTS], FORM[SchoolForm.ADULT]).astype(np.int8),
        study=none,
        seat=seat,
        unit=plan.filled(year)[seat].astype(np.int32),
        group=none,
        programme=none,
        ability=rng.normal(size=size).astype(np.float32),
        tendency=rng.normal(size=size).astype(np.float32),
        coin=rng.random(size, dtype=np.float32),
    )
