"""What may be asked, and what is answered, as the OpenAPI description tells it."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Field, P, PathEx, Query, Schema
from pydantic import StringConstraints

from likvard.site.api.cursors import LONGEST
from likvard.site.api.negotiation import Format
from likvard.site.api.words import about, member
from likvard.terms import Audience, Level, OrganiserKind, SchoolForm

Part = Annotated[str, StringConstraints(max_length=80)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
Municipality = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Year = Annotated[int, Field(ge=1990, le=2098)]
NumberInPath = PathEx[Number, P(description=about("number"))]
UnitCodeInPath = PathEx[UnitCode, P(description=about("code"))]
IndicatorIdInPath = PathEx[str, P(description=about("id"), max_length=80)]
Status = Literal["active", "dormant", "closed", "planned"]

MOST_VALUES = 100
"""How often a filter may be repeated."""


class Asked(Schema):
    """What may be asked of every operation."""

    format: Format | None = Query(None, description=about("format"))


class Paged(Asked):
    """What may be asked of every operation with pages."""

    limit: int = Query(500, ge=1, le=5000, description=about("limit"))
    cursor: str | None = Query(None, max_length=LONGEST, description=about("cursor"))


class FiguresAsked(Paged):
    """Filters of figures."""

    measure: list[Part] | None = Query(None, description=about("measure"), max_length=MOST_VALUES)
    aspect: list[Part] | None = Query(None, description=about("aspect"), max_length=MOST_VALUES)
    subject: list[Part] | None = Query(None, description=about("subject"), max_length=MOST_VALUES)
    group: list[Part] | None = Query(None, description=about("group"), max_length=MOST_VALUES)
    level: list[Level] | None = Query(None, description=about("level"), max_length=MOST_VALUES)
    area: list[Part] | None = Query(None, description=about("area"), max_length=MOST_VALUES)
    form: list[SchoolForm] | None = Query(None, description=about("form"), max_length=MOST_VALUES)
    year: list[Year] | None = Query(None, description=about("year"), max_length=MOST_VALUES)
    organiser: Number | None = Query(None, description=about("organiser"))
    audience: Audience = Query(Audience.PUBLIC, description=about("audience"))


class OrganisersAsked(Paged):
    """Filters of organisers."""

    kind: OrganiserKind | None = Query(None, description=about("kind"))
    municipality: Municipality | None = Query(None, description=about("municipality"))


class UnitsAsked(Paged):
    """Filters of units."""

    organiser: Number | None = Query(None, description=about("organiser"))
    municipality: Municipality | None = Query(None, description=about("municipality"))
    form: SchoolForm | None = Query(None, description=about("form"))
    status: Status | None = Query(None, description=about("status"))


class TwoLanguages(Schema):
    """A text in both languages."""

    sv: str
    en: str


class FaultyParameter(Schema):
    """What is wrong with one parameter."""

    name: str
    message: str


class ProblemAnswer(Schema):
    """A problem, as RFC 9457 has it; `words` says the same in both languages."""

    type: str
    title: str
    status: int
    detail: str
    words: TwoLanguages
    errors: tuple[FaultyParameter, ...] = ()


class Symbol(Schema):
    """A reason why a number is missing."""

    code: str
    symbol: str
    words: TwoLanguages


class Symbols(Schema):
    """Every reason why a number is missing."""

    symbols: list[Symbol]


class Source(Schema):
    """Where numbers come from."""

    name: TwoLanguages
    vintage: str
    deliveries: list[str]


class PublicationAnswer(Schema):
    """A publication: what all figures of one version of the data come from."""

    id: str
    on: str = Field(description="The day whose rules it follows.")
    lake: str = Field(description="The version of the records it was made from.")
    software: str
    figures: int = Field(description="How many figures it holds, for all readers together.")
    measures: list[str] = Field(description="The indicators of which the public may see anything.")
    sources: dict[str, Source]


class Publications(Schema):
    """The publication that is read now. Earlier ones are not answered from: they may hold what has been withdrawn."""

    synthetic: bool
    publications: list[PublicationAnswer]


class PublicationName(Schema):
    """Which publication figures come from."""

    id: str
    on: str


class Figure(Schema):
    """A figure: a value with its interval, or the reason why there is none."""

    measure: str = Field(description=member("measure"))
    aspect: str = Field(description=member("aspect"))
    subject: str = Field(description=member("subject"))
    group: str = Field(description=member("group"))
    level: str = Field(description=member("level"))
    area: str = Field(description=member("area"))
    form: str = Field(description=member("form"))
    year: int | None = Field(description=member("year"))
    period: str = Field(description=member("period"))
    indicator: str | None = Field(description=member("indicator"))
    kind: str = Field(description=member("kind"))
    value: float | None = Field(description=member("value"))
    low: float | None = Field(description=member("low"))
    high: float | None = Field(description=member("high"))
    n: int | None = Field(description=member("n"))
    missing: str | None = Field(description=member("missing"))
    reason: TwoLanguages | None = Field(description=member("reason"))
    kept: bool = Field(description=member("kept"))
    source: str = Field(description=member("source"))


class Access(Schema):
    """Why somebody sees what is not public."""

    reason: TwoLanguages
    role: str


class Figures(Schema):
    """A page of figures."""

    synthetic: bool = Field(description=member("synthetic"))
    publication: PublicationName = Field(description=member("publication"))
    audience: Audience = Field(description=member("audience"))
    access: Access | None = Field(description=member("access"))
    sources: dict[str, Source] = Field(description=member("sources"))
    figures: list[Figure]
    next: str | None = Field(description=member("next"))


class Checked(Schema):
    """Who has checked a definition, as a role, and when."""

    role: TwoLanguages
    day: str


class BreakAnswer(Schema):
    """A break: values of this year and later must not be compared with those before."""

    first: int
    about: TwoLanguages


class IndicatorAnswer(Schema):
    """A measure and everything one should know before using it."""

    id: str
    name: TwoLanguages
    unit: TwoLanguages
    kind: str
    decimals: int
    direction: str
    domain: str
    why: TwoLanguages
    definition: TwoLanguages
    care: TwoLanguages
    law: list[str]
    source: TwoLanguages
    forms: list[str]
    levels: list[str]
    period: str
    breaks: list[BreakAnswer]
    checked: Checked
    next_review: str


class Indicators(Schema):
    """Every indicator. An id that ends in `*` stands for every other id that begins so."""

    indicators: list[IndicatorAnswer]


class OrganiserAnswer(Schema):
    """An organiser of schools."""

    number: str
    name: str
    kind: OrganiserKind
    municipality: str
    closed: str | None


class Organisers(Schema):
    """A page of organisers."""

    synthetic: bool
    organisers: list[OrganiserAnswer]
    next: str | None


class UnitAnswer(Schema):
    """A school unit. The years are calendar years in which school years begin."""

    code: str
    name: str
    organiser: str
    municipality: str
    area: str
    forms: list[str]
    grades: str
    status: Status
    first_year: int | None
    last_year: int | None


class Units(Schema):
    """A page of units."""

    synthetic: bool
    units: list[UnitAnswer]
    next: str | None


class NameAnswer(Schema):
    """A name that a unit has or had; `to` is null for the one it has."""

    name: str
    start: str = Field(alias="from")
    end: str | None = Field(alias="to")


class LineageAnswer(Schema):
    """A unit that this one continues, or is continued by."""

    unit: str
    name: str
    kind: str
    day: str | None
    source: str


class UnitDetail(UnitAnswer):
    """A unit with its history."""

    synthetic: bool
    names: list[NameAnswer]
    continues: list[LineageAnswer]
    continued_by: list[LineageAnswer]


class OrganiserDetail(OrganiserAnswer):
    """An organiser with its units, and the lineage that ties them to one another and to others'."""

    synthetic: bool
    units: list[UnitAnswer]
