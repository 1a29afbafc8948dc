"""Open the two first sheets to whoever may read them, and remember who has: nobody marks blind after that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.ratings import permissions
from likvard.site.ratings.actions.holding import hold, tell
from likvard.site.ratings.models import Rating, SheetsRead


@transaction.atomic
def open_sheets(*, rating: Rating, by: User, at: datetime) -> bool:
    """Whether the two first sheets are open to the person now. The first time is remembered, and stands in the chain.

    It is asked again under the rating's lock, so that nobody is given a sheet to mark in the moment that they read.
    """
    on = day_of(at)
    if not permissions.can_read_sheets(by, rating, on=on):
        return False
    if SheetsRead.objects.filter(rating=rating, user=by).exists():
        return True
    rating = hold(rating)
    if not permissions.can_read_sheets(by, rating, on=on):
        return False
    if remember(rating, by, at):
        role = permissions.check_can_read_sheets(by, rating, on=on)
        tell("rating.sheets_opened", rating, by=by, role=role, at=at)
    return True


def remember(rating: Rating, by: User, at: datetime) -> bool:
    """Note that the person knows what the markers thought; whether it was new."""
    return SheetsRead.objects.get_or_create(rating=rating, user=by, defaults={"at": at})[1]
