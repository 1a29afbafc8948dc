"""Note what there is to tell subscribers, in the transaction of what it tells of; and find what has happened since."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from likvard.site.cases.models import IssuedHappening
from likvard.site.cases.register import RegisterNumber
from likvard.site.newsroom.models import News, PressRelease, Publication, Tally
from likvard.site.newsroom.topics import topics

AT_A_TIME = 500
"""Happenings that are taken up in one transaction."""

SETTLED = timedelta(minutes=30)
"""A transaction that began so long ago has ended: what is older is looked at once, what is newer again and again."""


def tell_move(*, publication: Publication, code: str, at: datetime) -> News | None:
    """Note that a decision was published, corrected or withdrawn; other moves at the desk are no news to anybody."""
    what = {"publish": _published(publication.version > 1), "withdraw": News.What.WITHDRAWN}.get(code)
    if what is None:
        return None
    return News.objects.create(publication=publication, what=what, at=at, topics=topics_of(publication))


def tell_release(*, release: PressRelease, code: str, at: datetime) -> News | None:
    """Note that a press release was published or corrected, under its tags and under the decisions that it is about."""
    if code != "publish":
        return None
    found = [topics(tags=release.tags.values_list("slug", flat=True))]
    found += [tuple(topics_of(publication)) for publication in release.decisions.filter(shown=True)]
    every = dict.fromkeys(topic for some in found for topic in some)
    what = _published(release.published_at != at)
    return News.objects.create(release=release, what=what, at=at, topics=[*every])


def _published(again: bool) -> News.What:
    return News.What.CORRECTED if again else News.What.PUBLISHED


def topics_of(publication: Publication) -> list[str]:
    """Every topic under which news of a decision is found."""
    areas = publication.issued.points.exclude(area="").values_list("area", flat=True)
    number = RegisterNumber.parse(publication.register_number)
    return [
        *topics(
            organiser=publication.organiser_id or "",
            unit=publication.unit_id or "",
            municipality=publication.municipality_code,
            areas=areas,
            tags=publication.tags.values_list("slug", flat=True),
            case=number.slug,
        )
    ]


@transaction.atomic
def take_up_happenings(at: datetime) -> int:
    """Make news of what has happened to published decisions since the last look; return how many.

    Supervision tells what happens without knowing of subscribers. Transactions may end in another order than they began, so the
    mark is moved only past happenings that are `SETTLED`; what is newer is looked at each time, and becomes news once (a
    constraint holds that). What happened before the decision was published was on its page from the beginning: no news.
    """
    mark = locked("happenings")
    after = IssuedHappening.objects.filter(pk__gt=mark.value).order_by("pk")
    fresh = after.filter(
        Q(at__gte=F("issued__publication__published_at")), issued__publication__shown=True, news__isnull=True
    )
    found = list(fresh.select_related("issued__publication")[:AT_A_TIME])
    for one in found:
        publication = one.issued.publication
        News.objects.create(
            publication=publication, happening=one, what=News.What.HAPPENED, at=at, topics=topics_of(publication)
        )
    if len(found) < AT_A_TIME:
        last = after.filter(at__lt=at - SETTLED).order_by("-pk").values_list("pk", flat=True).first()
        if last is not None:
            mark.value = last
            mark.save(update_fields=["value"])
    return len(found)


@transaction.atomic
def number_news(at: datetime) -> int:
    """Give numbers to news that have none, in order; return the last number given. Done by one worker at a time."""
    mark = locked("news")
    fresh = list(News.objects.filter(number=None).order_by("at", "pk"))
    for one in fresh:
        mark.value += 1
        one.number = mark.value
    News.objects.bulk_update(fresh, ["number"])
    if fresh:
        mark.save(update_fields=["value"])
    return mark.value


def locked(name: str) -> Tally:
    """A tally, held until the transaction ends: nobody else does this work meanwhile."""
    Tally.objects.get_or_create(name=name)
    return Tally.objects.select_for_update().get(name=name)
