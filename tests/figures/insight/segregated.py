"""A small publication of segregation made through the real gate: the country and two municipalities, five years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from likvard.disclosure.cells import Cell
from likvard.disclosure.gate import release
from likvard.disclosure.publication import About, FigureKey, Publication, SourceRow, write
from likvard.flow.publish_sheet import estimate
from likvard.terms import Audience

TODAY = date(2026, 11, 22)
YEARS = tuple(range(2020, 2025))
GROUPS = {"foreign": ("foreign", "swedish"), "education": ("tertiary", "not_tertiary")}
ORGANISER = "2120009991"
PLACES = (("nation", "00"), ("municipality", "0127"), ("municipality", "0126"), ("organiser", ORGANISER))
FACTS = {
    "segregation": {
        subject: {"groups": list(groups), "frames": {"GR/all": {"years": list(YEARS), "since": 2020, "hidden": 0}}}
        for subject, groups in GROUPS.items()
    },
    "newest": {},
}


def cells() -> Iterator[Cell]:
    """Foreign background falls, parents' education stands still."""
    for level, area in PLACES:
        for i, year in enumerate(YEARS):
            for subject, value in (("foreign", 0.20 - 0.01 * i), ("education", 0.09)):
                yield from _index(level, area, subject, year, value)
            key = FigureKey("results_between", level=level, area=area, form="GR", year=str(year))
            if level != "organiser":
                yield estimate(key, 0.10, n=9000, low=0.09, high=0.11)
    for subject in GROUPS:
        for aspect, value in (("before", 0.1), ("after", 0.08), ("additions", 0.001), ("removals", -0.001)):
            yield _change(subject, aspect, value)
        for aspect, value in (("group_marginal", 0.005), ("unit_marginal", -0.005), ("structural", -0.02)):
            yield _change(subject, aspect, value)


def _index(level: str, area: str, subject: str, year: int, value: float) -> Iterator[Cell]:
    def key(measure: str, aspect: str, group: str = "all") -> FigureKey:
        return FigureKey(measure, aspect, subject, group, level, area, "GR", str(year))

    yield estimate(key("segregation_h", "observed"), value + 0.003, n=9000)
    yield estimate(key("segregation_h", "expected"), 0.003, n=9000)
    yield estimate(key("segregation_h", "corrected"), value, n=9000, low=value - 0.005, high=value + 0.005)
    for group, share in zip(GROUPS[subject], (0.5, 0.2), strict=True):
        yield estimate(key("segregation_exposure", "observed", group), share, n=9000)
    if level == "nation":
        for aspect, share in (("share_municipality", 0.25), ("share_organiser", 0.15), ("share_unit", 0.6)):
            yield estimate(key("segregation_h", aspect), share, n=9000, low=share - 0.01, high=share + 0.01)


def _change(subject: str, aspect: str, value: float) -> Cell:
    return estimate(
        FigureKey("segregation_change", aspect, subject, "all", "nation", "00", "GR", "2024"), value, n=9000
    )


def _facts(places: Mapping[str, int] | None) -> dict[str, object]:
    more = {} if places is None else {"places": dict(places)}
    return {**FACTS, "segregation": {subject: {**told, **more} for subject, told in FACTS["segregation"].items()}}


def publication(path: Path, places: Mapping[str, int] | None = None) -> Publication:
    """The publication, the same for both audiences; `places` are how many it says that it is of."""
    own = [cell for cell in cells() if FigureKey(*cell.key).level == "organiser"]
    rest = [cell for cell in cells() if FigureKey(*cell.key).level != "organiser"]
    parts = [
        (release(made, audience=audience, on=TODAY), number, frozenset())
        for made, number in ((own, ORGANISER), (rest, ""))
        for audience in Audience
    ]
    sources = {"segregation_h": SourceRow("Påhittad källa", "Invented source", "2025", ("0001-made",))}
    write(
        path,
        releases=parts,
        about=About("lake", "likvard", TODAY, synthetic=True, sources=sources, facts=_facts(places)),
    )
    return Publication.open(path)
