"""What the pages of the desk share: who asks, the row, and the page of a form that does one deed."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.pages.visit import form_page, moment, today
from likvard.site.newsroom import permissions
from likvard.site.newsroom.models import Publication
from likvard.site.people.models import User

__all__ = ["crumbs", "deed", "fetch", "moment", "person", "today"]


def person(request: HttpRequest) -> User:
    """Who asks; somebody who has a role at the desk. Raises `Denied` for everybody else."""
    permissions.check_can_enter(request.user, on=today(request))
    return permissions.access_person(request.user)


def fetch(request: HttpRequest, pk: int) -> Publication:
    """A publication for somebody who may read the original. Whether it is there is not told to others."""
    user = person(request)
    found = get_object_or_404(Publication.objects.select_related("issued", "issued__case"), pk=pk)
    permissions.check_can_read_original(user, found.issued, on=today(request))
    return found


def crumbs(*steps: Publication | str) -> list[tuple[str, str]]:
    """Where a page lies: the desk, the decision, the page."""
    root = [(_("The newsroom"), reverse("newsroom_desk"))]
    return root + [
        (step.register_number, reverse("newsroom_publication", args=[step.pk]))
        if isinstance(step, Publication)
        else (step, "")
        for step in steps
    ]


deed = partial(form_page, template="newsroom/deed.html")
"""The page of a form that does one deed at the desk; `more` may hold a `quote` and `hints` of what to look for."""
