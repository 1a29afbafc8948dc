"""Rows of open data: only what everybody may read, from the masked version that stands. One pass, some thousand decisions at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import F

from likvard.flow.tables import Row
from likvard.rulebook import rule
from likvard.site.cases.models import CaseLink, IssuedHappening, IssuedPoint
from likvard.site.cases.register import quoted
from likvard.site.newsroom import composing
from likvard.site.newsroom.models import Publication, Version
from likvard.site.newsroom.models.register import PublicationQuerySet
from likvard.site.newsroom.reading import published_decisions
from likvard.site.writing.masking import bars
from likvard.site.writing.text import plain_text
from likvard.terms import RuleError

AT_A_TIME = 2_000


def rows(address: str) -> Iterator[Mapping[str, Sequence[Row]]]:
    """Rows by the names of the tables of `open_data`, the oldest decisions first. `address` is that of the site."""
    found = published_decisions().select_related("organiser", "issued", "issued__follows__publication")
    for some in _together(found.prefetch_related("issued__points", "tags")):
        standing, happened = _versions(some), _happened(some)
        yield _merged([_rows(one, standing[one.pk], happened.get(one.issued_id, ()), address) for one in some])
    yield {"arenden-dokument": list(_case_links(address))}


def _rows(one: Publication, version: Version, happened: Iterable[Row], address: str) -> Mapping[str, Sequence[Row]]:
    """What each table says of a decision."""
    texts = composing.texts_of(version)
    said = {form: plain_text(written) for form, written in texts.items()}
    return {
        "beslut": [_decision(one, version, bars(texts["text"]), address)],
        "punkter": [_point(one, point) for point in one.issued.points.all()],
        "handelser": [(one.register_number, one.issued.number, *told) for told in happened],
        "arenden-dokument": list(_links(one, said.values(), address)),
        "texter": [
            (one.register_number, one.issued.number, form, texts[form].language, text) for form, text in said.items()
        ],
    }


def _merged(each: Sequence[Mapping[str, Sequence[Row]]]) -> Mapping[str, Sequence[Row]]:
    return {name: [row for found in each for row in found[name]] for name in each[0]}


def _decision(one: Publication, version: Version, masked: int, address: str) -> Row:
    facts: Mapping[str, Any] = version.content.get("facts") or {}
    points = list(one.issued.points.all())
    sv, en = _names("inspections", one.about, one.decided_on)
    return (
        one.register_number, one.issued.number, address + one.get_absolute_url(), version.title, one.kind, one.about, sv, en,
        one.level, one.organiser_id, one.organiser_name, one.organiser.kind if one.organiser else None, one.unit_id,
        one.unit_name or None, one.municipality_code or None, tuple(facts.get("forms") or ()), one.decided_on,
        _day(facts.get("report_due")), bool((facts.get("appeal") or {}).get("can")), len(points),
        sum(not point.is_settled for point in points), tuple(dict.fromkeys(p.area for p in points if p.area)),
        tuple(dict.fromkeys(p.instrument for p in points if p.instrument)), tuple(tag.name for tag in one.tags.all()),
        one.published_at, one.changed_at, one.version, masked, one.synthetic,
    )  # fmt: skip


def _point(one: Publication, point: IssuedPoint) -> Row:
    area = _names("assessment_areas", point.area, one.decided_on)
    instrument = _names("instruments", point.instrument, one.decided_on)
    return (
        one.register_number, one.issued.number, point.number, point.area or None, *area, point.instrument or None, *instrument,
        point.judgement or None, tuple(point.provisions), point.serious, point.fine, point.due, point.state, point.state_since,
    )  # fmt: skip


def _links(one: Publication, said: Iterable[str], address: str) -> Iterator[Row]:
    """Links between what is published, and to the numbers that the masked texts mention."""
    yield one.register_number, "own", address + one.get_absolute_url(), one.register_number
    before = one.issued.follows
    published = getattr(before, "publication", None) if before else None
    if published is not None and published.shown:
        yield one.register_number, "follows", address + published.get_absolute_url(), published.register_number
    for number in quoted("\n".join(said)):
        if str(number) != one.register_number:
            yield one.register_number, "mentioned", None, str(number)


def _case_links(address: str) -> Iterator[Row]:
    """Links that people have made between matters that both have something published, and to documents that are published."""
    shown = Publication.objects.public().values("issued__case")
    between = CaseLink.objects.filter(case__in=shown)
    for link in between.filter(to_case__in=shown).select_related("case", "to_case").iterator(AT_A_TIME):
        if link.to_case is not None:
            yield link.case.dnr, link.type, None, link.to_case.dnr
    papers = between.filter(document__issued__publication__shown=True).exclude(type="own")
    for link in papers.select_related("case", "document__issued__publication").iterator(AT_A_TIME):
        if link.document is not None:
            one = link.document.issued.publication
            yield link.case.dnr, link.type, address + one.get_absolute_url(), one.register_number


def _together(found: PublicationQuerySet) -> Iterator[list[Publication]]:
    """The decisions some thousand at a time, oldest first; the text as it was signed is not read."""
    each = found.defer("issued__content", "issued__follows__content").order_by("decided_on", "pk").iterator(AT_A_TIME)
    while some := list(islice(each, AT_A_TIME)):
        yield some


def _versions(some: list[Publication]) -> Mapping[int, Version]:
    """The version that everybody reads, by the key of its publication."""
    standing = Version.objects.filter(publication__in=[one.pk for one in some], number=F("publication__version"))
    return {version.publication_id: version for version in standing}


def _happened(some: list[Publication]) -> Mapping[int, list[Row]]:
    """What has happened since, by the key of the document: point, what, day, how it was seen, and words that are released.

    What and when is open at once, words only when they have been released. Read as values: there are several to each decision.
    """
    found: dict[int, list[Row]] = {}
    happened = IssuedHappening.objects.filter(issued__in=[one.issued_id for one in some]).order_by("day", "pk")
    for issued, runs, point, what, day, seen in happened.values_list(
        "issued_id", "released__runs", "point__number", "what", "day", "seen"
    ):
        said = "".join(run["text"] for run in runs) if runs is not None else None
        found.setdefault(issued, []).append((point, what, day, seen or None, said))
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=4096)
def _names(kind: str, key: str, on: date) -> tuple[str | None, str | None]:
    """What the rulebook called it on the day, in Swedish and English."""
    try:
        name = rule(f"{kind}:{key}", on).value.name if key else None
    except RuleError:
        name = None
    return (name.sv, name.en) if name else (None, None)
