"""The register as feeds and sitemaps tell it. Masked text only."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.conf import settings
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from likvard.rulebook import rule
from likvard.site.cases.models import IssuedHappening
from likvard.site.newsroom.feeds import ON_A_PAGE, Category, Entry, Feed, pages, tag_uri
from likvard.site.newsroom.models import Address, News, PressRelease, Publication, Step, decided_within
from likvard.site.newsroom.reading import Filters, published_decisions, row, titles, with_points
from likvard.site.newsroom.structured import NAMELESS
from likvard.site.ui.language import current as language
from likvard.site.ui.templatetags.likvard import day as in_words
from likvard.terms import RuleError

SINCE = date(2026, 1, 1)
"""The day by which names of entries are made (RFC 4151). Never changed: every feed reader would take all entries for new."""


def register_version() -> str:
    """What changes whenever anything that everybody reads of the register does; costs a look at the ends of some indexes."""
    tables = (Step, News, IssuedHappening, Address, PressRelease)
    return ".".join(str(table.objects.aggregate(last=Max("pk"))["last"] or 0) for table in tables)


def feed(filters: Filters, page: int) -> Feed | None:
    """A page of the feed of a choice, the newest published first; None for a page that there is not."""
    # First the ids alone, which an index holds; then the rows of one page. Wide rows are never sorted, and nothing is counted.
    found = published_decisions(filters).order_by("-published_at", "-pk").values_list("pk", flat=True)
    ids = list(found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE + 1])
    if page > 1 and not ids:
        return None
    fetched = with_points(Publication.objects.filter(pk__in=ids[:ON_A_PAGE]).order_by()).prefetch_related("tags")
    shown = sorted(fetched, key=lambda one: ids.index(one.pk))
    said = titles(shown)
    entries = tuple(_entry(one, said[one.pk]) for one in shown)
    own = f"{settings.BASE_URL}/beslut/atom.xml"
    changed = max((entry.updated for entry in entries), default=datetime(SINCE.year, 1, 1, tzinfo=UTC))
    links = {"self": _paged(own, filters, page), "alternate": _asked(f"{settings.BASE_URL}/beslut/", filters)}
    links |= {rel: _paged(own, filters, n) for rel, n in pages(page, more=len(ids) > ON_A_PAGE).items()}
    return Feed(
        id=tag_uri(settings.BASE_URL, SINCE, f"beslut?{filters.query}"),
        title=_("Decisions") if not filters else _("Decisions, a choice"),
        subtitle=_("The newest published first. The text of each is on its page."),
        author=settings.OPERATOR or NAMELESS,
        language=language().value,
        updated=changed,
        rights="CC0 1.0",
        links=links,
        entries=entries,
    )


def _entry(one: Publication, title: str) -> Entry:
    known = row(one)
    href = settings.BASE_URL + one.get_absolute_url()
    return Entry(
        id=tag_uri(settings.BASE_URL, SINCE, f"beslut/{one.issued_id}"),
        title=title,
        href=href,
        updated=known.changed,
        published=one.published_at or known.changed,
        summary=_summary(one, known.left),
        categories=(*_areas(one), *_tags(one)),
        files=((f"{href}beslut.pdf", "application/pdf", f"{title} (PDF)"), (f"{href}beslut.json", "application/json", f"{title} (JSON)")),
    )  # fmt: skip


def _summary(one: Publication, left: int) -> str:
    """Number, place and day, and how many points are left: what the list says."""
    said = [one.register_number, one.place, _("decided on %(day)s") % {"day": in_words(one.decided_on)}]
    number = len(one.issued.points.all())
    if number:
        said.append(_("%(left)s of %(number)s points not settled") % {"left": left, "number": number})
    return ". ".join(filter(None, said)) + "."


def _areas(one: Publication) -> tuple[Category, ...]:
    keys = dict.fromkeys(point.area for point in one.issued.points.all() if point.area)
    return tuple(Category(key, f"{settings.BASE_URL}/beslut/#omrade", area_name(key, one.decided_on)) for key in keys)


def _tags(one: Publication) -> tuple[Category, ...]:
    return tuple(Category(tag.slug, f"{settings.BASE_URL}/beslut/#amnesord", tag.name) for tag in one.tags.all())


def area_name(key: str, on: date) -> str:
    """What an assessment area was called on the day, in the active language."""
    try:
        return str(rule(f"assessment_areas:{key}", on).value.name[language()])
    except RuleError:
        return key


def _asked(address: str, filters: Filters) -> str:
    return f"{address}?{filters.query}" if filters else address


def _paged(address: str, filters: Filters, page: int) -> str:
    whole = _asked(address, filters)
    return whole if page == 1 else f"{whole}{'&' if filters else '?'}sida={page}"


def years() -> list[int]:
    """The years of which something is published, the newest first."""
    shown = Publication.objects.public()
    ends = shown.aggregate(first=Min("decided_on"), last=Max("decided_on"))
    if ends["first"] is None:
        return []
    within = range(ends["last"].year, ends["first"].year - 1, -1)
    return [year for year in within if shown.filter(decided_within(year)).exists()]


def decided_in(year: int) -> list[tuple[str, date | None]]:
    """The addresses of the decisions of a year, each with the day its page last changed."""
    found = published_decisions(Filters(year=year)).annotate(moved=Max("issued__happenings__at"))
    return [
        (settings.BASE_URL + f"/beslut/{slug}/", max(filter(None, [changed, moved])).date())
        for slug, changed, moved in found.values_list("slug", "changed_at", "moved")
    ]


def released() -> list[tuple[str, date | None]]:
    """The addresses of the press releases, each with the day it last changed."""
    return [
        (settings.BASE_URL + one.get_absolute_url(), one.changed_at.date() if one.changed_at else None)
        for one in PressRelease.objects.public()
    ]
