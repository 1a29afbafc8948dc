"""What the pages of ratings share: who asks, the rating of an address, and where a page lies."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.rulebook.kinds.rubric import Criterion
from likvard.site.cases.pages.visit import Crumb, carried_out, do, form_page, moment, today
from likvard.site.people.access import Denied
from likvard.site.people.models import User
from likvard.site.ratings import permissions
from likvard.site.ratings.models import Rating, Round
from likvard.site.ratings.rubrics import asked

__all__ = [
    "carried_out",
    "crumbs",
    "do",
    "fetch",
    "form_page",
    "here",
    "marked_by",
    "moment",
    "person",
    "round_of",
    "today",
]


def person(request: HttpRequest) -> User:
    """Who asks, signed in. Raises `Denied` for the public."""
    if not isinstance(request.user, User):
        raise Denied(_("Sign in to see the ratings."), sign_in=True)
    return request.user


def round_of(request: HttpRequest, pk: int) -> Round:
    """The round of an address, for inspectors and leads."""
    permissions.check_can_enter(request.user, on=today(request))
    return get_object_or_404(Round.objects.select_related("made_by", "opened_by", "closed_by"), pk=pk)


def fetch(request: HttpRequest, pk: int) -> Rating:
    """The rating of an address, for its markers and leads. Raises `Denied` in the same way for what is not there."""
    permissions.check_can_enter(request.user, on=today(request))
    found = Rating.objects.select_related("round", "organiser", "framed").filter(pk=pk).first()
    if found is None:
        raise Denied(_("The rating is open to its markers and to whoever leads the round."))
    permissions.check_can_read(request.user, found, on=today(request))
    return found


def marked_by(rating: Rating, code: str) -> Criterion:
    """A criterion of the rating by its code in the address. Raises Http404."""
    found = asked(rating).get(code)
    if found is None:
        raise Http404(_("The organiser is not marked by this criterion."))
    return found


def here(rating: Rating, page: str = "", **more: Any) -> str:
    """The address of a page of a rating."""
    return reverse(f"rating_{page}" if page else "rating", kwargs={"pk": rating.pk, **more})


def crumbs(about: Rating | Round | None = None, *steps: str) -> list[Crumb]:
    """Where a page lies: the ratings, the round, the organiser, the page."""
    found: list[Crumb] = [(_("Ratings"), reverse("ratings"))]
    if isinstance(about, Rating):
        found.append((about.round.name, reverse("rating_round", args=[about.round_id])))
        found.append((about.organiser.name, here(about)))
    elif about is not None:
        found.append((about.name, reverse("rating_round", args=[about.pk])))
    found += [(step, "") for step in steps]
    return [*found[:-1], (found[-1][0], "")]
