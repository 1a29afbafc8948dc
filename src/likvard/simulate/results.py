"""Results in compulsory school: from background, ability and school to a latent result, and from that to grades."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from likvard.rulebook import merit_rule, needs
from likvard.simulate.effects import Effects
from likvard.simulate.people import TERTIARY
from likvard.simulate.rolls import FORM, Roll
from likvard.simulate.settings import Results, Settings
from likvard.simulate.streams import Flags, Floats, Topic, shares, stream
from likvard.simulate.subjects import COLUMN, NONE, SUBJECTS, girls, points, thresholds
from likvard.simulate.units import Plan
from likvard.terms import SchoolForm

NEWCOMER_YEARS = 4
SECOND_LANGUAGE = -0.8
"""What Swedish as a second language lies below Swedish, in latent units, for pupils who are otherwise alike."""
_KEPT = 0.6  # share of a subject's own variance that a pupil keeps between years
_GRADED, _NO_BASIS, _NOT_TAKEN, _NO_KNOWLEDGE_GRADES, _NO_ROW = range(5)
STATUS = ("", "no_basis", "not_taken", "no_knowledge_grades")
_LEFT_OUT = ("M1", "Tk", "Sl", "Hkk", "Mu", "Bl", "Fy", "Ke")  # in reduced studies


@dataclass(frozen=True, slots=True)
class Marks:
    """Grades of pupils in one year of study: pupils by subjects.

    `grade` is 0-5 for F-A, -1 for none; `status` an index of `STATUS`, or beyond it where there is no row. `latent`
    are the results behind the grades, `common` the part that all subjects share.
    """

    roll: Roll
    grade: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]
    second: Flags
    latent: Floats
    common: Floats

    @property
    def present(self) -> Flags:
        """Which subjects have a row."""
        found: Flags = self.status < _NO_ROW
        return found

    def of_form(self, form: SchoolForm) -> Marks:
        """The pupils of one school form."""
        chosen = self.roll.form == FORM[form]
        rest = (getattr(self, f.name)[chosen] for f in fields(Marks) if f.name != "roll")
        return Marks(self.roll.where(chosen), *rest)


def newcomer(roll: Roll) -> Flags:
    """Pupils with at most four years in Sweden."""
    return (roll.here >= 0) & (roll.here <= NEWCOMER_YEARS)


def girls_gap(results: Results, settings: Settings, year: int) -> float:
    """Girls minus boys in merit points in a school year."""
    return results.girls + results.girls_trend * (year - settings.first_year)


def tertiary_gap(results: Results, settings: Settings, year: int) -> float:
    """Tertiary-educated parents against upper secondary, in merit points in a school year."""
    return results.tertiary + results.tertiary_trend * (year - settings.first_year)


def background(settings: Settings, roll: Roll, year: int) -> Floats:
    """What a pupil's own background adds, in merit points; about 0 on average in the nation."""
    results, people = settings.results, settings.population
    tertiary = tertiary_gap(results, settings, year) * ((roll.education == TERTIARY) - people.tertiary)
    compulsory = results.compulsory * ((roll.education == 0) - people.compulsory)
    foreign = results.foreign * (roll.foreign - people.foreign) + results.newcomer * (newcomer(roll) - 0.03)
    sex = girls_gap(results, settings, year) * (roll.girl - 0.486)
    found: Floats = tertiary + compulsory + foreign + sex + results.month * (roll.month - 6.5)
    return found


def context(settings: Settings, roll: Roll) -> Floats:
    """What the pupils of the unit and year add: by their share of tertiary-educated parents."""
    share = shares(roll.unit, roll.education == TERTIARY, int(roll.unit.max(initial=-1)) + 1)
    found: Floats = settings.results.context * (share[roll.unit] - settings.population.tertiary)
    return found


def ability(settings: Settings, plan: Plan, roll: Roll, year: int) -> Floats:
    """What is the pupil's own: mostly kept between years."""
    kept = settings.results.persistence
    rng = stream(settings.seed, Topic.EARLIER, plan.place.index, year, int(roll.study.max(initial=0)))
    found: Floats = np.sqrt(kept) * roll.ability + np.sqrt(1 - kept) * rng.normal(size=len(roll))
    return settings.results.ability * found


def marks(settings: Settings, plan: Plan, effects: Effects, roll: Roll, year: int) -> Marks:
    """Return the grades of the pupils of a roll, all born in one year and in the same year of study."""
    results = settings.results
    school = effects.of_pupils(year, roll.seat, roll.education == TERTIARY, roll.group)
    total = background(settings, roll, year) + context(settings, roll) + school + ability(settings, plan, roll, year)
    common = total / results.points_per_unit
    rng = stream(settings.seed, Topic.GRADES, plan.place.index, year, int(roll.study.max(initial=0)))
    second = _second_language(rng, roll)
    latent = common[:, None] + lifts(effects, roll, second) + _subject_noise(settings, plan, rng, roll)
    grade = (latent[:, :, None] >= thresholds()).sum(axis=2).astype(np.int8)
    status = _statuses(settings, plan, rng, roll)
    return Marks(roll, np.where(status == _GRADED, grade, np.int8(NONE)), status, second, latent, common)


def lifts(effects: Effects, roll: Roll, second: Flags) -> Floats:
    """What lies in the subject: girls' own advantage, the unit's strength, and Swedish as a second language."""
    found: Floats = effects.subject[roll.seat] + np.where(roll.girl, 0.514, -0.486)[:, None] * girls()
    found[:, COLUMN["Sv"]] += SECOND_LANGUAGE * second
    return found


def _second_language(rng: np.random.Generator, roll: Roll) -> Flags:
    found: Flags = rng.random(len(roll)) < second_language_share(roll)
    return found


def second_language_share(roll: Roll) -> Floats:
    """How likely a pupil takes Swedish as a second language: most newcomers do, some others of foreign background."""
    return np.where(roll.here >= 0, np.clip(0.95 - 0.05 * roll.here, 0.2, 1), np.where(roll.foreign, 0.28, 0.0))


def _subject_noise(settings: Settings, plan: Plan, rng: np.random.Generator, roll: Roll) -> Floats:
    """A pupil's own strengths, the same in years 6 and 9 but for chance. Drawn for the whole birth year."""
    birth_year = int(roll.birth_year[0]) if len(roll) else 0
    own = stream(settings.seed, Topic.SUBJECTS, plan.place.index, birth_year)
    kept = own.standard_normal((int(roll.row.max(initial=-1)) + 1, len(SUBJECTS)))[roll.row]
    fresh = rng.standard_normal(kept.shape)
    found: Floats = np.sqrt(_KEPT) * kept + np.sqrt(1 - _KEPT) * fresh
    return found


def _statuses(settings: Settings, plan: Plan, rng: np.random.Generator, roll: Roll) -> npt.NDArray[np.int8]:
    """Graded, or why not. A dash for want of basis comes with absence, reduced studies with much absence."""
    shape = (len(roll), len(SUBJECTS))
    found = np.full(shape, _GRADED, np.int8)
    likely = ndtr(ndtri(settings.results.no_basis) * np.sqrt(1 + 1.3**2) + 1.3 * roll.tendency)
    found[rng.random(shape) < likely[:, None]] = _NO_BASIS
    reduced = rng.random(len(roll)) < ndtr(ndtri(settings.results.reduced_studies) * np.sqrt(2) + roll.tendency)
    out = np.zeros(shape, bool)
    out[:, [COLUMN[code] for code in _LEFT_OUT]] = rng.random((len(roll), len(_LEFT_OUT))) < 0.5
    found[reduced[:, None] & out] = _NOT_TAKEN
    final = roll.study >= 9
    found[:, COLUMN["M1"]] = np.where(_takes_language(rng, roll) & final, found[:, COLUMN["M1"]], _NO_ROW)
    tongue = roll.foreign & (rng.random(len(roll)) < 0.22)
    found[:, COLUMN["ML"]] = np.where(tongue, found[:, COLUMN["ML"]], _NO_ROW)
    waldorf = np.array([seat.waldorf for seat in plan.seats])[roll.seat] & ~final
    found[waldorf[:, None] & (found < _NO_ROW)] = _NO_KNOWLEDGE_GRADES
    return found


def language_share(roll: Roll) -> Floats:
    """How likely a pupil has a modern language in year 9, by background only, so that it says nothing of ability."""
    found: Floats = 0.66 + 0.10 * roll.education.astype(float) - 0.30 * newcomer(roll) - 0.06 * roll.foreign
    return found


def _takes_language(rng: np.random.Generator, roll: Roll) -> Flags:
    return rng.random(len(roll)) < language_share(roll)


def merit(found: Marks, on: date) -> Floats:
    """Merit values by the rulebook; 0 for those without any pass."""
    rule = merit_rule(on)
    worth = points(rule.scale, on)
    value = np.where(found.grade >= 0, worth[found.grade], 0.0)
    extra = value[:, COLUMN[rule.extra]] if rule.extra else 0.0
    others = np.delete(value, COLUMN[rule.extra], axis=1) if rule.extra else value
    total: Floats = -np.sort(-others, axis=1)[:, : rule.best].sum(axis=1) + extra
    return total


def eligible(found: Marks, kind: str, on: date) -> Flags:
    """Who may be admitted to a kind of programme, by the rulebook."""
    asked = needs(kind, on)
    passed = found.grade > 0
    core = [[COLUMN[code] for code in group if code in COLUMN] for group in asked.one_of]
    others = np.delete(passed, [column for group in core for column in group], axis=1).sum(axis=1)
    enough: Flags = np.logical_and.reduce([passed[:, group].any(axis=1) for group in core])
    enough &= passed[:, [COLUMN[code] for code in asked.all_of]].all(axis=1)
    enough &= others >= asked.others
    return enough


def every_subject(found: Marks) -> Flags:
    """Who has at least E in every subject taken. A subject without basis is taken and not passed."""
    taken = (found.status == _GRADED) | (found.status == _NO_BASIS)
    all_passed: Flags = (~taken | (found.grade > 0)).all(axis=1)
    return all_passed
