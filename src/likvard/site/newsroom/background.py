"""What the newsroom does in the background: letters, open data, and forgetting. Called by the worker (`likvard site work`)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from likvard.site.newsroom import nightly
from likvard.site.newsroom.actions import following, mailing, telling


def do_due(at: datetime) -> int:
    """Write the letters that are due into the outbox, and once a day forget and write the open data; return how many letters.

    Several workers may call it at once, and as often as they like; it is quick when there is nothing to do.
    """
    written = mailing.write_letters(at, settings.BASE_URL)
    if _is_new_day(timezone.localdate(at)):
        following.forget(at)
    nightly.write_if_due(at, Path(settings.HOME) / "open-data", settings.BASE_URL)
    return written


@transaction.atomic
def _is_new_day(day: date) -> bool:
    """Whether nobody has forgotten today what is to be forgotten; then it is taken on."""
    mark = telling.locked("forget")
    if mark.day is not None and mark.day >= day:
        return False
    mark.day = day
    mark.save(update_fields=["day"])
    return True
