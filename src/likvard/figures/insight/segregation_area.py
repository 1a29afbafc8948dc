"""Whose segregation is told of, in words that are true of what there is."""

from __future__ import annotations

from dataclasses import dataclass

from likvard.disclosure.publication import Publication
from likvard.figures.insight.reach import COUNTRY, places
from likvard.terms import NATION, Level, Words


@dataclass(frozen=True, slots=True)
class Area:
    """Whose segregation: everybody's, or a municipality or organiser by its code and name; `short` is for a list of choices."""

    level: Level
    code: str
    name: Words
    short: Words | None = None


def everybody(pub: Publication) -> Area:
    """All that the publication is of: the country, or else no more than the schools there are records of."""
    reach = places(pub)
    if reach.get("municipalities", COUNTRY) >= COUNTRY:
        return Area(Level.NATION, NATION, Words("landet", "the country"))
    if reach["organisers"] == 1:
        return Area(Level.NATION, NATION, Words("huvudmannens egna skolor", "the organiser's own schools"))
    short, several = Words("skolorna i underlaget", "the schools in the records"), reach["municipalities"] > 1
    sv = f"{reach['municipalities']} kommuner" if several else "en kommun"
    en = f"{reach['municipalities']} municipalities" if several else "one municipality"
    whole = Words(
        f"{short.sv} ({sv}, {reach['organisers']} huvudmän)", f"{short.en} ({en}, {reach['organisers']} organisers)"
    )
    return Area(Level.NATION, NATION, whole, short)
