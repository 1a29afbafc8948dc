"""From the lake to one publication: everything that pages, the interface and downloads may show of one version.

The country is computed once; each organiser's figures go through the gate once for each audience, with the sums that
tie them and with what is already out; the country's own figures are made from what the public then sees.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from likvard import __version__
from likvard.disclosure.cells import Key, Release
from likvard.disclosure.gate import releases
from likvard.disclosure.publication import About, FigureKey, Publication, memory, write
from likvard.flow import area, register
from likvard.flow.publish_matter import Matter, matter
from likvard.flow.publish_nation import Told
from likvard.flow.publish_sheet import Sheet, released
from likvard.records.lake import Lake
from likvard.terms import Audience, UsageError

FOLDER = "publications"
MEMORY = "released-before.db"
ENDING = ".sqlite"
Part = tuple[Release, str, Collection[Key]]
Progress = Callable[[int, int], None]


def publish(
    lake: Path,
    *,
    on: date,
    at: datetime,
    progress: Progress | None = None,
    organisers: Collection[str] | None = None,
) -> Path:
    """Publish the lake as it is now by the rules of the day `on`; return the file, which may be there already.

    `organisers` publishes the figures of these only. Raises `UsageError` for an organiser that the lake does not know.
    """
    opened = Lake.open(lake)
    part = "" if organisers is None else " ".join(sorted(organisers))
    about = About(opened.version, f"likvard {__version__}", on, synthetic=False, part=part)
    path = lake / FOLDER / f"{about.id}{ENDING}"
    if path.exists():
        Publication.open(path)
        return path
    out = lake / FOLDER / MEMORY
    for earlier in publications(lake):
        memory.take(out, earlier)
    con = opened.connect()
    try:
        known = register.read(con)
        chosen = _chosen(known, organisers)
        found = matter(con, known)
        synthetic = area.synthetic(con)
    finally:
        con.close()
    making = _Making(found, on, out, progress or _silent)
    write(
        path,
        releases=making.parts(chosen),
        about=lambda: About(
            about.lake,
            about.software,
            on,
            synthetic=synthetic,
            sources=found.sources,
            facts=making.facts() | {"made": at.isoformat()},
            part=part,
        ),
    )
    memory.take(out, Publication.open(path))
    return path


def _silent(done: int, total: int) -> None:
    """Report progress to nobody."""


def _chosen(known: register.Register, organisers: Collection[str] | None) -> tuple[str, ...]:
    """Every organiser whose figures are published, and an empty text for units of whom no organiser is known."""
    every = tuple(row.number for row in known.organisers)
    if organisers is None:
        return every
    for number in organisers:
        if number not in every:
            raise UsageError(f"The lake knows no organiser {number!r}.", "Write its ten digits, or leave it out.")
    return tuple(sorted(organisers))


@dataclass
class _Making:
    """A publication on its way: what it is made of, and what there is to tell of the whole when all is made."""

    matter: Matter
    on: date
    memory: Path
    progress: Progress
    told: Told = field(default_factory=Told)
    newest: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, int] = field(default_factory=dict)
    exposed: int = 0
    cells: int = 0

    def parts(self, organisers: tuple[str, ...]) -> Iterator[Part]:
        """Release organiser by organiser, and the country last."""
        for done, number in enumerate(organisers):
            self.progress(done, len(organisers))
            sheet = Sheet(number)
            self.matter.ask(sheet)
            ledger = memory.out(self.memory, number)
            for made in released(sheet, self.on, ledger):
                self._count(made)
                yield made, number, sheet.kept
        # Before the country's: a school that is closed, whose organiser the register no longer knows, was a part of it.
        for made in releases(self.matter.of_nobody, on=self.on):
            self._count(made)
            yield made, "", frozenset()
        for number, cells in self.matter.segregation.organisers(self.told.mixed):
            if number in organisers:
                for made in releases(cells, on=self.on):
                    self._count(made)
                    yield made, number, frozenset()
        for made in releases(self.matter.country(self.told), on=self.on):
            self._count(made)
            yield made, "", frozenset()
        self.progress(len(organisers), len(organisers))

    def _count(self, made: Release) -> None:
        self.exposed += len(made.exposed)
        if made.audience is Audience.PUBLIC:
            self.told.take(made)
            self.cells += len(made.cells)
        for key, cell in made.cells.items():
            name = FigureKey(*key)
            if cell.value is not None and name.aspect == "observed" and name.year:
                self.newest[name.measure] = max(self.newest.get(name.measure, 0), int(name.year))
            if cell.value is None and cell.missing is not None and made.audience is Audience.PUBLIC:
                self.hidden[cell.missing] = self.hidden.get(cell.missing, 0) + 1

    def facts(self) -> dict[str, Any]:
        """What there is to tell of the whole."""
        counts = {"cells": self.cells, "hidden": dict(sorted(self.hidden.items())), "exposed": self.exposed}
        return {**self.matter.facts, "newest": dict(sorted(self.newest.items())), "counts": counts}


def publications(lake: Path) -> tuple[Publication, ...]:
    """Every publication of the lake, the oldest first."""
    found = [Publication.open(path) for path in sorted((lake / FOLDER).glob(f"*{ENDING}"))]
    return tuple(sorted(found, key=lambda p: (p.on, str(p.facts.get("made", "")), p.id)))


def current(lake: Path) -> Path | None:
    """The publication of the lake as it is now, the newest if there are several; else the newest of an earlier version.

    None where the lake has never been published.
    """
    whole = [p for p in publications(lake) if not p.part]
    return present(lake) or (whole[-1].path if whole else None)


def present(lake: Path) -> Path | None:
    """The newest publication of the lake as it is now, by the rules of whatever day; None if it has to be made."""
    version = Lake.open(lake).version
    found = [p for p in publications(lake) if not p.part and p.lake == version]
    return found[-1].path if found else None


def prune(lake: Path, keep: int) -> tuple[Path, ...]:
    """Remove all but the newest `keep` publications, and return those removed. What they showed is remembered.

    The publication of the lake as it is now is always kept. Raises `UsageError` for fewer than one.
    """
    if keep < 1:
        raise UsageError(f"{keep} publications cannot be kept.", "Keep one or more.")
    every, present = publications(lake), current(lake)
    old = [p for p in every[:-keep] if p.path != present]
    for publication in old:
        memory.take(lake / FOLDER / MEMORY, publication)
        publication.close()
        publication.path.unlink()
    return tuple(publication.path for publication in old)
