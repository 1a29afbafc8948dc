"""Programmes and courses of upper secondary school, as far as the simulation needs them."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Programme:
    """A national programme. `share` is how many choose it; `centre` is the latent result at which it draws most."""

    code: str
    name: Words
    preparatory: bool
    share: float
    centre: float
    girls: float = 0.0


@dataclass(frozen=True, slots=True)
class Course:
    """A course: subject, name, its points and the year in which it ends. `preparatory` None: on every programme."""

    subject: str
    name: str
    points: int
    year: int
    preparatory: bool | None = None
    core: bool = False


NATIONAL = (
    Programme("SA", Words("samhällsvetenskapsprogrammet", "social sciences"), True, 0.160, 0.20, 0.4),
    Programme("EK", Words("ekonomiprogrammet", "business"), True, 0.165, 0.45, 0.1),
    Programme("NA", Words("naturvetenskapsprogrammet", "natural sciences"), True, 0.145, 1.20, 0.1),
    Programme("TE", Words("teknikprogrammet", "technology"), True, 0.100, 0.45, -0.9),
    Programme("ES", Words("estetiska programmet", "arts"), True, 0.060, 0.05, 0.4),
    Programme("HU", Words("humanistiska programmet", "humanities"), True, 0.006, 0.40, 0.6),
    Programme("BA", Words("bygg- och anläggningsprogrammet", "building"), False, 0.050, -0.70, -1.3),
    Programme("BF", Words("barn- och fritidsprogrammet", "child and recreation"), False, 0.045, -0.75, 0.5),
    Programme("EE", Words("el- och energiprogrammet", "electricity and energy"), False, 0.060, -0.55, -1.5),
    Programme("FT", Words("fordons- och transportprogrammet", "vehicle and transport"), False, 0.050, -0.95, -1.0),
    Programme("HA", Words("handels- och administrationsprogrammet", "business and administration"), False, 0.03, -0.7),
    Programme("NB", Words("naturbruksprogrammet", "natural resource use"), False, 0.040, -0.55, 0.6),
    Programme("RL", Words("restaurang- och livsmedelsprogrammet", "restaurant and food"), False, 0.025, -0.70, 0.2),
    Programme("VO", Words("vård- och omsorgsprogrammet", "health and social care"), False, 0.045, -0.60, 0.9),
)
PREPARATORY = tuple(p for p in NATIONAL if p.preparatory)
VOCATIONAL = tuple(p for p in NATIONAL if not p.preparatory)
INTRODUCTORY = "IM"
CODES = (*(p.code for p in NATIONAL), INTRODUCTORY)

COURSES = (
    Course("En", "Engelska 5", 100, 1, core=True),
    Course("Ma", "Matematik 1", 100, 1, core=True),
    Course("Hi", "Historia 1", 100, 1),
    Course("Nk", "Naturkunskap 1", 100, 1),
    Course("Px", "Programkurs 1", 300, 1),
    Course("Sv", "Svenska 1", 100, 1, core=True),
    Course("Sh", "Samhällskunskap 1", 100, 2),
    Course("Re", "Religionskunskap 1", 50, 2),
    Course("Idh", "Idrott och hälsa 1", 100, 2),
    Course("En", "Engelska 6", 100, 2, True, core=True),
    Course("Ma", "Matematik 2", 100, 2, True),
    Course("Sv", "Svenska 2", 100, 2, True, core=True),
    Course("Px", "Programkurs 2", 400, 2),
    Course("Sv", "Svenska 3", 100, 3, True, core=True),
    Course("Px", "Programkurs 3", 550, 3),
    Course("Gya", "Gymnasiearbete", 100, 3, core=True),
)
"""They stand for the 2,500 points of a diploma."""
