"""Rows of open data: only what everybody may read, from the masked version that stands. One pass for each table, some thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import F

from likvard.flow.tables import Row
from likvard.rulebook import rule
from likvard.site.cases.models import CaseLink
from likvard.site.cases.register import quoted
from likvard.site.newsroom import composing
from likvard.site.newsroom.models import Publication, Version
from likvard.site.newsroom.models.register import PublicationQuerySet
from likvard.site.newsroom.reading import published_decisions
from likvard.site.writing.masking import bars
from likvard.site.writing.text import from_data, plain_text
from likvard.terms import RuleError

AT_A_TIME = 2_000


def decisions(address: str) -> Iterator[Row]:
    """Rows of `open_data.DECISIONS`. `address` is that of the site."""
    found = published_decisions().select_related("organiser", "issued").prefetch_related("issued__points", "tags")
    for some in _together(found):
        standing = _versions(some)
        for one in some:
            yield _decision(one, standing[one.pk], address)


def _decision(one: Publication, version: Version, address: str) -> Row:
    facts: Mapping[str, Any] = version.content.get("facts") or {}
    points = list(one.issued.points.all())
    sv, en = _names("inspections", one.about, one.decided_on)
    written = [from_data(version.content["text"])] if version.content.get("text") else []
    return (
        one.register_number, one.issued.number, address + one.get_absolute_url(), version.title, one.kind, one.about, sv, en,
        one.level, one.organiser_id, one.organiser_name, one.organiser.kind if one.organiser else None, one.unit_id,
        one.unit_name or None, one.municipality_code or None, tuple(facts.get("forms") or ()), one.decided_on,
        _day(facts.get("report_due")), bool((facts.get("appeal") or {}).get("can")), len(points),
        sum(not point.is_settled for point in points), tuple(dict.fromkeys(p.area for p in points if p.area)),
        tuple(dict.fromkeys(p.instrument for p in points if p.instrument)), tuple(tag.name for tag in one.tags.all()),
        one.published_at, one.changed_at, one.version, sum(map(bars, written)), one.synthetic,
    )  # fmt: skip


def points(address: str) -> Iterator[Row]:
    """Rows of `open_data.POINTS`."""
    for some in _together(published_decisions().select_related("issued").prefetch_related("issued__points")):
        for one in some:
            for p in one.issued.points.all():
                area, instrument = (
                    _names("assessment_areas", p.area, one.decided_on),
                    _names("instruments", p.instrument, one.decided_on),
                )
                yield (
                    one.register_number, one.issued.number, p.number, p.area or None, *area, p.instrument or None,
                    *instrument, p.judgement or None, tuple(p.provisions), p.serious, p.fine, p.due, p.state, p.state_since,
                )  # fmt: skip


def happenings(address: str) -> Iterator[Row]:
    """Rows of `open_data.HAPPENINGS`: what and when is open at once, words only when they have been released."""
    found = published_decisions().select_related("issued")
    found = found.prefetch_related("issued__happenings__released", "issued__happenings__point")
    for some in _together(found):
        for one in some:
            for h in one.issued.happenings.all():
                released = getattr(h, "released", None)
                said = "".join(run["text"] for run in released.runs) if released else None
                number = h.point.number if h.point else None
                yield one.register_number, one.issued.number, number, h.what, h.day, h.seen or None, said


def links(address: str) -> Iterator[Row]:
    """Rows of `open_data.LINKS`: between what is published, and to the numbers that the masked texts mention."""
    found = published_decisions().select_related("issued", "issued__follows__publication")
    for some in _together(found):
        standing = _versions(some)
        for one in some:
            yield from _links(one, standing[one.pk], address)
    yield from _case_links(address)


def _links(one: Publication, version: Version, address: str) -> Iterator[Row]:
    yield one.register_number, "own", address + one.get_absolute_url(), one.register_number
    before = one.issued.follows
    published = getattr(before, "publication", None) if before else None
    if published is not None and published.shown:
        yield one.register_number, "follows", address + published.get_absolute_url(), published.register_number
    text = "\n".join(plain_text(written) for written in composing.texts_of(version).values())
    for number in quoted(text):
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


def texts(address: str) -> Iterator[Row]:
    """Rows of `open_data.TEXTS`."""
    for some in _together(published_decisions().select_related("issued")):
        standing = _versions(some)
        for one in some:
            for form, written in composing.texts_of(standing[one.pk]).items():
                yield one.register_number, one.issued.number, form, written.language, plain_text(written)


ROWS = {"beslut": decisions, "punkter": points, "handelser": happenings, "arenden-dokument": links, "texter": texts}
"""What gives the rows of each table of `open_data`, by its name."""


def _together(found: PublicationQuerySet) -> Iterator[list[Publication]]:
    """The decisions some thousand at a time, oldest first; the text as it was signed is not read."""
    each = found.defer("issued__content").order_by("decided_on", "pk").iterator(AT_A_TIME)
    while some := list(islice(each, AT_A_TIME)):
        yield some


def _versions(some: list[Publication]) -> Mapping[int, Version]:
    """The version that everybody reads, by the key of its publication."""
    standing = Version.objects.filter(publication__in=[one.pk for one in some], number=F("publication__version"))
    return {version.publication_id: version for version in standing}


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
