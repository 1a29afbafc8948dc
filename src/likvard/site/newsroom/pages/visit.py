"""What the pages of the desk share: who asks, the row, and the page of a form that does one deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.pages.visit import carried_out, moment, today
from likvard.site.cases.states import CaseError
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


def deed(
    request: HttpRequest,
    *,
    title: str,
    submit: str,
    form: forms.Form | forms.ModelForm,
    act: Callable[[dict[str, Any]], object],
    done: str,
    back: str,
    breadcrumbs: list[tuple[str, str]],
    check: Callable[[], object] | None = None,
    **more: object,
) -> HttpResponse:
    """Show a form, or do what it asks for and go back. What is not allowed now is said there."""
    try:
        if check is not None:
            check()
    except CaseError as error:
        messages.error(request, str(error))
        return redirect(back)
    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        messages.success(request, done)
        return redirect(back)
    context = {"form": form, "heading": title, "submit": submit, "back": back, "breadcrumbs": breadcrumbs, **more}
    return render(request, "newsroom/deed.html", context)
