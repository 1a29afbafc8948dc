"""The public register as everybody reads it: which decisions a choice finds, and what a list says of each. Masked text only.

Pages, feeds, subscriptions and open data all read through here, so that the same choice finds the same decisions everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from likvard.site.cases.models import SETTLED, IssuedHappening, IssuedPoint, PointState
from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import CaseError
from likvard.site.newsroom import search
from likvard.site.newsroom.models import PressRelease, Publication, Version, decided_within
from likvard.site.newsroom.models.press import PressReleaseQuerySet
from likvard.site.newsroom.models.register import PublicationQuerySet
from likvard.site.newsroom.wording import Sought, sought

UNSETTLED, SETTLED_ALL = "kvar", "klart"
"""Two states of a whole decision: something is left to do, and nothing is."""

LEFT = tuple(state.value for state in PointState if state not in SETTLED)
"""States of a point in which something is left to do."""

STATES = (UNSETTLED, SETTLED_ALL, *PointState.values)

NAMES = {
    "q": "words",
    "huvudman": "organiser",
    "skola": "unit",
    "kommun": "municipality",
    "ar": "year",
    "typ": "type",
    "omrade": "area",
    "instrument": "instrument",
    "lage": "state",
    "amnesord": "tag",
    "nr": "number",
}
"""The choices as they stand in an address, and what they are here."""


@dataclass(frozen=True, slots=True)
class Filters:
    """A choice among the decisions: words to search for, and keys; empty is everything.

    `organiser` is an organisation number, `unit` a unit's code, `type`, `area` and `instrument` keys of the rulebook, `state` one
    of `STATES`, `tag` the slug of a tag, `number` a register number as an address writes it.
    """

    words: str = ""
    organiser: str = ""
    unit: str = ""
    municipality: str = ""
    year: int | None = None
    type: str = ""
    area: str = ""
    instrument: str = ""
    state: str = ""
    tag: str = ""
    number: str = ""

    @classmethod
    def parse(cls, asked: Mapping[str, str], **fixed: str) -> Self:
        """Read a choice from an address (or from kept data with the same names); what cannot be is left out, never an error.

        `fixed` is what the address itself says, by the names here: `organiser="2120009991"`.
        """
        found: dict[str, Any] = {ours: asked.get(name, "").strip()[:200] for name, ours in NAMES.items()}
        found |= fixed
        year = found.pop("year")
        if found["state"] not in STATES:
            found["state"] = ""
        return cls(**found, year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None)

    @property
    def sought(self) -> Sought:
        """What the words ask for."""
        return sought(self.words)

    @property
    def query(self) -> str:
        """The choice as it stands in an address, always the same for the same choice: for permalinks, feeds and subscriptions."""
        return urlencode(self.as_data())

    def as_data(self) -> dict[str, str]:
        """The choice to keep, by the names of an address; `parse` reads it again."""
        ours = asdict(self)
        return {name: str(ours[key]) for name, key in NAMES.items() if ours[key]}

    def without(self, name: str) -> Self:
        """The choice without one of its parts."""
        return replace(self, **{name: next(f.default for f in fields(self) if f.name == name)})  # type: ignore[arg-type]

    def __bool__(self) -> bool:
        return bool(self.as_data())


def published_decisions(filters: Filters = Filters()) -> PublicationQuerySet:
    """The decisions that everybody may read and that fit a choice, the newest first (decided, then kept)."""
    exact = {
        "organiser": filters.organiser,
        "unit": filters.unit,
        "municipality_code": filters.municipality,
        "about": filters.type,
        "tags__slug": filters.tag,
    }
    found = Publication.objects.public().filter(**{name: value for name, value in exact.items() if value})
    if filters.year is not None:
        found = found.filter(decided_within(filters.year)) if 1900 <= filters.year <= 2200 else found.none()
    if filters.number:
        found = found.filter(register_number=_number(filters.number))
    if filters.area or filters.instrument or filters.state:
        found = _with_points_that_fit(found, filters)
    if filters.words:
        asked = filters.sought
        found = search.narrowed(found, asked) if asked else found.none()
    return found.newest_first()


def _number(text: str) -> str:
    try:
        return str(RegisterNumber.from_slug(text) if "-" in text else RegisterNumber.parse(text))
    except CaseError:
        return text


FEW = 1000
"""Points of which the decisions are looked up: a state with more is in at least one decision in fifty of a national register."""


def _with_points_that_fit(found: PublicationQuerySet, filters: Filters) -> PublicationQuerySet:
    """Area, instrument and a state are asked of one point; `kvar` and `klart` of all of them.

    A rare state is taken by its own index. Of a common one the register is walked in the order of the page, which soon is full.
    """
    exact = {"area": filters.area, "instrument": filters.instrument}
    points = IssuedPoint.objects.filter(**{name: value for name, value in exact.items() if value}).order_by()
    if states := _states(filters.state):
        points = points.filter(state__in=states)
        if points[: FEW + 1].count() <= FEW:
            # By their own keys, which every index of the register holds: by those of the documents each row would be read.
            rare = Publication.objects.filter(issued__in=points.values("issued")).order_by()
            return found.filter(pk__in=rare.values("pk"))
    found = found.filter(Exists(points.filter(issued=OuterRef("issued_id"))))
    if filters.state != SETTLED_ALL:
        return found
    return found.exclude(Exists(IssuedPoint.objects.filter(issued=OuterRef("issued_id"), state__in=LEFT)))


def _states(asked: str) -> tuple[str, ...]:
    """The states of a point that answer a choice of state; none where it is not asked of one point."""
    return LEFT if asked == UNSETTLED else (asked,) if asked in PointState.values else ()


def published_releases(tag: str = "") -> PressReleaseQuerySet:
    """The press releases that everybody may read, the newest first; of a tag, if one is asked for."""
    found = PressRelease.objects.public()
    return found.filter(tags__slug=tag) if tag else found


@dataclass(frozen=True, slots=True)
class Published:
    """A decision as a list shows it. `points` are those of the decision as they stand now; `snippet` runs of masked text.

    `title` is that of the version that everybody reads: while a correction is prepared, the publication has the next one already.

    `changed` is when anything that everybody reads was last changed: the text, or how a point stands.
    """

    publication: Publication
    points: tuple[IssuedPoint, ...]
    changed: datetime
    snippet: tuple[tuple[str, bool], ...] = ()
    title: str = ""

    @property
    def href(self) -> str:
        """Its address on this site."""
        return self.publication.get_absolute_url()

    @property
    def left(self) -> int:
        """How many points are not settled."""
        return sum(not point.is_settled for point in self.points)


def with_points(found: PublicationQuerySet) -> PublicationQuerySet:
    """The decisions with what `row` needs: two more questions for a whole page."""
    points = Prefetch("issued__points", IssuedPoint.objects.order_by("number"))
    happened = Prefetch("issued__happenings", IssuedHappening.objects.only("issued", "at"))
    return found.select_related("issued").defer("issued__content").prefetch_related(points, happened)


def titles(publications: Iterable[Publication]) -> Mapping[int, str]:
    """The titles that everybody reads, by the key of the publication: never one that is being prepared."""
    standing = Version.objects.filter(
        publication__in=[one.pk for one in publications], number=F("publication__version")
    )
    return dict(standing.values_list("publication_id", "title"))


def row(publication: Publication, snippet: tuple[tuple[str, bool], ...] = (), title: str = "") -> Published:
    """A decision as a list shows it; fetched by `with_points`."""
    issued = publication.issued
    moments = [happening.at for happening in issued.happenings.all()]
    changed = max(filter(None, [publication.changed_at, publication.withdrawn_at, *moments]))
    return Published(publication, tuple(issued.points.all()), changed, snippet, title)


def rows(publications: Iterable[Publication], asked: Sought | None = None) -> list[Published]:
    """Decisions as a list shows them, with snippets of masked text if something was searched for."""
    known = list(publications)
    bodies = search.texts(p.pk for p in known) if asked else {}
    said = titles(known)
    return [row(p, search.snippet(bodies.get(p.pk, ""), asked) if asked else (), said.get(p.pk, "")) for p in known]


ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the register by key: what stands on it, and the keys of the pages around it (empty where there is none)."""

    rows: tuple[Published, ...]
    after: str
    before: str


def page(found: PublicationQuerySet, *, after: str = "", before: str = "", asked: Sought | None = None) -> Page:
    """The page that follows on a key, or comes before one: `2025-04-30.17`, a day and an id. An unreadable key is the first page.

    A key and not a number of pages: what has been published meanwhile moves nothing, and the last page costs what the first does.
    """
    behind, ahead = _key(after), _key(before)
    if ahead is not None:
        picked, more = _picked(found.filter(_newer(ahead)).reverse())
        picked.reverse()
        return Page(tuple(rows(picked, asked)), key(picked[-1]) if picked else "", key(picked[0]) if more else "")
    picked, more = _picked(found.filter(_older(behind)) if behind is not None else found)
    return Page(
        tuple(rows(picked, asked)),
        key(picked[-1]) if more else "",
        key(picked[0]) if behind is not None and picked else "",
    )


def _picked(found: PublicationQuerySet) -> tuple[list[Publication], bool]:
    """The first decisions of a choice, and whether there are more.

    First their ids alone, which an index holds; then the rows of one page. Wide rows are never sorted.
    """
    ids = list(found.values_list("pk", flat=True)[: ON_A_PAGE + 1])
    fetched = {one.pk: one for one in with_points(Publication.objects.filter(pk__in=ids[:ON_A_PAGE]).order_by())}
    return [fetched[pk] for pk in ids[:ON_A_PAGE] if pk in fetched], len(ids) > ON_A_PAGE


COUNTED = 1000
"""Decisions that are counted where points or words must be looked at: beyond it the page says that there are more."""


def number_of(filters: Filters, listed: Page) -> tuple[int, bool]:
    """How many decisions fit a choice, of which a page has been fetched, and whether there are more than that."""
    if not (listed.after or listed.before):
        return len(listed.rows), False
    if filters.words and search.few(filters.sought) is None:
        return (COUNTED, True) if filters == Filters(words=filters.words) else (len(listed.rows), True)
    found = published_decisions(filters).order_by()
    if not (filters.area or filters.instrument or filters.state):
        return found.count(), False
    counted = found[: COUNTED + 1].count()
    return min(counted, COUNTED), counted > COUNTED


def key(publication: Publication) -> str:
    """The place of a decision in the order of the register."""
    return f"{publication.decided_on.isoformat()}.{publication.pk}"


def _key(text: str) -> tuple[date, int] | None:
    day, _dot, pk = text.partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


# The first condition alone says nothing new; it lets the database begin at the right place of the index.
def _older(at: tuple[date, int]) -> Q:
    return Q(decided_on__lte=at[0]) & (Q(decided_on__lt=at[0]) | Q(pk__lt=at[1]))


def _newer(at: tuple[date, int]) -> Q:
    return Q(decided_on__gte=at[0]) & (Q(decided_on__gt=at[0]) | Q(pk__gt=at[1]))


def standing_version(publication: Publication) -> Version:
    """The masked version that everybody reads now. For a decision that is shown."""
    return publication.versions.get(number=publication.version)
