"""A pupil survey like the inspectorate's: half of the organisers each spring, four options, counts per unit only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import ndtr

from likvard.records.readers.naming import slug
from likvard.simulate.climate import CALM, HEALTH, SUPPORT, TEACHING
from likvard.simulate.people import TERTIARY
from likvard.simulate.rolls import Roll
from likvard.simulate.settings import Settings, Survey
from likvard.simulate.streams import Floats, Topic, Whole, shares, stream
from likvard.simulate.tables import declared, joined, same
from likvard.simulate.years import Year
from likvard.terms import SchoolForm

OPTIONS = ("Alltid", "Ofta", "Ibland", "Aldrig", "Vet inte")
_ORDER = (1, 2, 3, 4, 0)
_SCORES = np.array([10.0, 20 / 3, 10 / 3, 0.0])
_LIMITS = np.array([1.0, 0.0, -1.0])  # of a normal answer, from the best option down
GROUPS = ("all", "girls", "boys")
FEWEST_ANSWERS = 5  # answers behind an index
MAIN = "pupils-GR-8"


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the survey: where its answers lie, which domain moves them, how they follow intake, and sex."""

    name: str
    questions: tuple[str, str]
    centre: float
    domain: int
    link: str
    intake: float = 0.0
    girls: float = 0.0

    @property
    def measure(self) -> str:
        """Its index in the table of statistics."""
        return f"survey_index_{slug(self.name)}"


AREAS = (
    Area("Stimulans", ("Är lektionerna intressanta?", "Vill du lära dig mer?"), -0.15, TEACHING, "others"),
    Area("Stöd", ("Får du hjälp när du behöver?", "Vet lärarna vad du kan?"), 0.35, SUPPORT, "others"),
    Area("Inflytande", ("Får ni vara med och bestämma?", "Lyssnar de vuxna på er?"), -0.10, TEACHING, "others"),
    Area(
        "Studiero",
        ("Kan du arbeta i lugn och ro?", "Är det tyst när det ska vara tyst?"),
        0.22,
        CALM,
        "calm_on_order",
        0.35,
        -0.08,
    ),
    Area(
        "Trygghet",
        ("Känner du dig trygg på rasterna?", "Vågar du vara dig själv?"),
        1.22,
        CALM,
        "calm_on_safety",
        0.15,
        -0.2,
    ),
    Area(
        "Förhindra kränkningar",
        ("Gör de vuxna något när någon blir illa behandlad?", "Ser de vuxna vad som händer?"),
        0.15,
        CALM,
        "calm_on_safety",
        0.1,
        -0.1,
    ),
    Area(
        "Elevhälsa", ("Finns det någon vuxen att prata med?", "Får du hjälp när du mår dåligt?"), 0.25, HEALTH, "others"
    ),
)
ROUNDS = (
    (MAIN, SchoolForm.COMPULSORY, 8, 0.0),
    ("pupils-GR-5", SchoolForm.COMPULSORY, 5, 0.25),
    ("pupils-GY-2", SchoolForm.UPPER_SECONDARY, 2, 0.30),
)
"""Who is asked: respondents, form, year of study, and how much better they answer than year 8."""


def ending(respondents: str) -> str:
    """What the ids of a round's measures end with: those of year 8 with nothing, others with their respondents."""
    return "" if respondents == MAIN else f"_{slug(respondents)}"


@dataclass(frozen=True, slots=True)
class Answers:
    """The counts of one round: units by sex (girls, boys) by area by question by option, and the size of each group."""

    year: int
    respondents: str
    form: SchoolForm
    unit: Whole
    codes: tuple[str, ...]
    asked: Whole
    counts: Whole


def rounds(settings: Settings, year: Year) -> Iterator[Answers]:
    """Yield what the units of a municipality answered in the spring of a school year."""
    for number, (respondents, form, study, lift) in enumerate(ROUNDS):
        roll = year.roll.of(form, study=study)
        roll = roll.where(_takes_part(year)[roll.unit]) if len(roll) else roll
        if len(roll):
            rng = stream(settings.seed, Topic.SURVEY, year.plan.place.index, year.year, number)
            yield _answered(rng, settings.survey, year, roll, (respondents, form, lift))


def _takes_part(year: Year) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Half of the organisers each year, by their numbers."""
    return np.array([(int(unit.organiser.number) // 10 + year.year) % 2 == 0 for unit in year.plan.units])


def _answered(
    rng: np.random.Generator, survey: Survey, year: Year, roll: Roll, who: tuple[str, SchoolForm, float]
) -> Answers:
    respondents, form, lift = who
    unit, place = np.unique(roll.unit, return_inverse=True)
    seat = year.plan.seat_of[unit]
    asked = np.stack([np.bincount(place[roll.girl == girl], minlength=len(unit)) for girl in (True, False)], axis=1)
    tertiary = shares(place, roll.education == TERTIARY, len(unit)) - 0.6
    share = np.clip(survey.response + 0.08 * rng.normal(size=len(unit)), 0.3, 1)
    answers = rng.binomial(asked, share[:, None])
    level = _levels(rng, survey, year.climate.at(year.year)[seat], tertiary) + lift
    sex = np.array([[area.girls / 2, -area.girls / 2] for area in AREAS])
    centre = level[:, None, :, None] + sex.T[None, :, :, None] + 0.1 * np.array([1, -1])
    counts = rng.multinomial(answers[:, :, None, None], _chances(centre, survey.unsure))
    found = tuple(year.plan.units[int(u)].code for u in unit)
    return Answers(year.year + 1, respondents, form, unit, found, asked, counts)


def _levels(rng: np.random.Generator, survey: Survey, domains: Floats, tertiary: Floats) -> Floats:
    """Where each unit lies in each area: units by areas."""
    own = survey.unit * rng.normal(size=(len(domains), len(AREAS)))
    links = np.array([getattr(survey, area.link) for area in AREAS])
    moved = domains[:, [area.domain for area in AREAS]] * links
    found: Floats = [a.centre for a in AREAS] + moved + own + np.outer(tertiary, [area.intake for area in AREAS])
    return found


def _chances(centre: Floats, unsure: float) -> Floats:
    """The chance of each option, don't know last."""
    above = ndtr(centre[..., None] - _LIMITS)
    chances = np.diff(above, axis=-1, prepend=0.0, append=1.0) * (1 - unsure)
    return np.concatenate([chances, np.full((*centre.shape, 1), unsure)], axis=-1)


def by_group(answers: Answers) -> Floats:
    """The counts of all, girls and boys: units by groups by areas by questions by options."""
    found: Floats = np.concatenate([answers.counts.sum(axis=1, keepdims=True), answers.counts], axis=1)
    return found


def survey_answers(found: Answers) -> pa.Table:
    """Return the counts in the declared table."""
    counts = by_group(found)
    size = counts.size
    unit, group, area, question, option = np.indices(counts.shape).reshape(5, -1)
    n = counts.ravel()
    answered = np.repeat(counts[..., :4].sum(axis=-1).ravel(), len(OPTIONS))
    known = (option < len(_SCORES)) & (answered > 0)
    words = [q for a in AREAS for q in a.questions]
    return declared(
        "survey_answer",
        {
            "survey": same("skolenkaten", size),
            "year": same(found.year, size, pa.int16()),
            "respondents": same(found.respondents, size),
            "level": same("unit", size),
            "area_code": pa.array(found.codes).take(pa.array(unit)),
            "group": pa.array(GROUPS).take(pa.array(group)),
            "area": pa.array([a.name for a in AREAS]).take(pa.array(area)),
            "question": pa.array(words).take(pa.array(area * 2 + question)),
            "option": pa.array(OPTIONS).take(pa.array(option)),
            "option_order": pa.array(_ORDER, pa.int8()).take(pa.array(option)),
            "n": pa.array(n.astype(np.int32)),
            "share": pa.array(np.divide(n, answered, out=np.zeros(size), where=known), mask=~known),
            "status": same("", size),
        },
    )


def indexes(answers: Answers) -> tuple[Floats, Floats]:
    """Return the index (0-10) of every unit, group and area, and how many answered; NaN below five answers."""
    counts = by_group(answers)[..., :4]
    answered = counts.sum(axis=-1)
    means = np.divide(counts @ _SCORES, answered, out=np.full(answered.shape, np.nan), where=answered > 0)
    number = answered.max(axis=-1)
    return np.where(number >= FEWEST_ANSWERS, means.mean(axis=-1), np.nan), number


def surveys(settings: Settings, years: list[Year]) -> tuple[pa.Table, list[Answers]]:
    """Return all answers of a spring, and the rounds that they came from."""
    found = [answers for year in years for answers in rounds(settings, year)]
    return joined("survey_answer", [survey_answers(answers) for answers in found]), found
