"""Of whom a publication is: the country, or the schools there are records of. Said in words that are true of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from likvard.disclosure.publication import Publication
from likvard.terms import Words

COUNTRY = 261
"""So many municipalities, nine in ten of Sweden's, are told of as the country."""


@dataclass(frozen=True, slots=True)
class Reach:
    """All schools of a publication, as a sentence asks for them."""

    name: Words
    """As a line or a middle is called: `landet`."""
    within: Words
    """Where something was tested or holds: `i hela landet`."""
    schools: Words
    """Whose schools: `landets skolor`."""
    mean: Words
    """The mean of all: `landets medelvärde`."""
    pupils: Words
    """All its pupils: `alla elever i landet`."""
    base: Words
    """What the index 100 is of: `riket`."""
    tick: Words
    """The same at a tick, where there is little room."""
    heading: Words
    """Over the first page's figures: `Landet i korthet`."""


OF_THE_COUNTRY = Reach(
    name=Words("landet", "the country"),
    within=Words("i hela landet", "in the whole country"),
    schools=Words("landets skolor", "the country's schools"),
    mean=Words("landets medelvärde", "the country's mean"),
    pupils=Words("alla elever i landet", "all pupils in the country"),
    base=Words("riket", "the country"),
    tick=Words("riket", "country"),
    heading=Words("Landet i korthet", "The country in short"),
)
OF_THE_RECORDS = Reach(
    name=Words("alla skolor i underlaget", "all schools in the records"),
    within=Words("i hela underlaget", "in all the records"),
    schools=Words("skolorna i underlaget", "the schools in the records"),
    mean=Words("medelvärdet i underlaget", "the mean of the records"),
    pupils=Words("alla elever i underlaget", "all pupils in the records"),
    base=Words("alla i underlaget", "all pupils in the records"),
    tick=Words("alla", "all"),
    heading=Words("Alla skolor i korthet", "All schools in short"),
)


def places(pub: Publication) -> Mapping[str, int]:
    """How many municipalities, organisers and units there are records of; empty where the publication does not tell."""
    told = [subject.get("places", {}) for subject in pub.facts.get("segregation", {}).values()]
    return max(told, key=lambda found: found.get("units", 0), default={})


def reach(pub: Publication) -> Reach:
    """The country, where nearly all its municipalities are there or nothing is told of it; else the records."""
    return OF_THE_COUNTRY if places(pub).get("municipalities", COUNTRY) >= COUNTRY else OF_THE_RECORDS
