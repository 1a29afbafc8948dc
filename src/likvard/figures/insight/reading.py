"""What a page needs of a publication: released cells by key, and the facts that were published with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import FigureKey, Publication, Published
from likvard.figures.chapters.frame import joined
from likvard.figures.figure import Source
from likvard.figures.files import Origin
from likvard.figures.insight.scope import Scope
from likvard.figures.report import MadeFrom
from likvard.terms import NATION, Words

Asked = str | Sequence[str] | None
"""One value, several, or None for any."""


class Place(NamedTuple):
    """Where a figure stands, whatever form of school it is published under."""

    measure: str
    aspect: str
    subject: str
    group: str
    level: str
    area: str
    year: int


_FORMS = ("GR", "SAM", "SP", "GRAN", "GY", "GYAN", "FKLASS", "FSK", "FTH", "")
"""Where a unit has the same measure in two forms, the first of these is meant."""


class Found:
    """Cells that a page has read, by place. `of` is the one way to ask for one."""

    def __init__(self, *read: Mapping[FigureKey, Published], form: str = "") -> None:
        self._cells: dict[tuple[Any, ...], Published] = {}
        ranks: dict[tuple[Any, ...], int] = {}
        order = {name: i for i, name in enumerate((form, *_FORMS))}
        for cells in read:
            for (measure, aspect, subject, group, level, area, shape, year), published in cells.items():
                place = (measure, aspect, subject, group, level, area, int(year) if year else 0)
                rank = order.get(shape, len(order))
                if rank <= ranks.get(place, rank):
                    self._cells[place], ranks[place] = published, rank

    def of(
        self,
        measure: str,
        aspect: str,
        area: str,
        year: int,
        *,
        subject: str = "",
        group: str = "all",
        level: str = "unit",
    ) -> Published | None:
        """The published cell, or None where nothing was asked to be published there."""
        return self._cells.get((measure, aspect, subject, group, level, area, year))

    @classmethod
    def joined(cls, *several: Found) -> Found:
        """The cells of several readings."""
        whole = cls()
        for one in several:
            whole._cells |= one._cells
        return whole

    def places(self) -> Iterable[tuple[Place, Published]]:
        """Every cell with its place."""
        return ((Place(*place), published) for place, published in self._cells.items())

    def years(self, *, measure: str, aspect: str = "observed") -> tuple[int, ...]:
        """The years of a measure, in order."""
        return tuple(sorted({key[6] for key in self._cells if key[0] == measure and key[1] == aspect}))


def read(
    pub: Publication,
    scope: Scope,
    *,
    measure: Asked,
    aspect: Asked,
    subject: Asked = "",
    group: Asked = "all",
    level: Asked = ("unit", "organiser"),
    years: Iterable[int] | None = None,
    form: str = "",
    kept: bool = False,
) -> Found:
    """The cells of the scope's units and organiser, for its audience; with `kept` those within the alarm budget."""
    cells = pub.cells(
        scope.audience,
        measure=measure,
        aspect=aspect,
        subject=subject,
        group=group,
        level=level,
        areas=None if scope.organiser else list(scope.units),
        organiser=scope.organiser,
        years=None if years is None else sorted(set(years)),
        kept=kept,
    )
    return Found(cells, form=form)


def read_nation(
    pub: Publication, scope: Scope, *, measure: Asked, aspect: Asked, subject: Asked = "", group: Asked = None
) -> Found:
    """The country's cells, for the scope's audience."""
    return Found(
        pub.cells(
            scope.audience,
            measure=measure,
            aspect=aspect,
            subject=subject,
            group=group,
            level="nation",
            areas=(NATION,),
        )
    )


def cell(published: Published | None) -> Released | None:
    """The cell of what was published, if anything was."""
    return None if published is None else published.cell


def newest(pub: Publication, measure: str) -> int | None:
    """The newest year with figures of a measure, None where there are none."""
    year = pub.facts.get("newest", {}).get(measure)
    return None if year is None else int(year)


def pooled(pub: Publication) -> tuple[int, ...]:
    """The school years that the distance from the expected takes together."""
    return tuple(int(year) for year in pub.facts.get("pooled", ()))


def alarms(pub: Publication, name: str) -> tuple[int, float]:
    """How many differences or changes were tested in all, and the share of false alarms that was allowed."""
    found = pub.facts.get(name, {})
    return int(found.get("tests", 0)), float(found.get("rate", 0.0))


def source(pub: Publication, *measures: str) -> tuple[Source, ...]:
    """Where the numbers of these measures come from, each source once."""
    rows = [pub.sources[m] for m in measures if m in pub.sources]
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for row in rows:
        found.setdefault((row.name_sv, row.name_en, row.vintage), {}).update(dict.fromkeys(row.deliveries))
    made = (Source(Words(sv, en), vintage, tuple(ids)) for (sv, en, vintage), ids in found.items())
    return tuple(made) or (Source(Words("Källan är inte angiven", "The source is not given"), ""),)


def origin(pub: Publication, scope: Scope) -> Origin:
    """What a file of this publication's figures says of where they come from."""
    deliveries = sorted({delivery for row in pub.sources.values() for delivery in row.deliveries})
    return Origin(scope.audience, MadeFrom(pub.lake, tuple(deliveries), pub.software, pub.on), pub.synthetic)


def intake(pub: Publication) -> Words:
    """What the expected takes into account, as a list in running text."""
    names = [Words(row["sv"], row["en"]) for row in pub.facts.get("intake", ())]
    return joined(names) if names else Words("elevernas bakgrund", "pupils' background")


def left_out(pub: Publication) -> tuple[Words, ...]:
    """How many of the country's schools could not be compared, by reason, each a sentence."""
    return tuple(Words(row["sv"], row["en"]) for row in pub.facts.get("left_out", ()))
