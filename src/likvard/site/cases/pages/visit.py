"""What the pages of cases and subjects share: the reason stated in this session, the page of a form that does one deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict, Unpack

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases import access, shown
from likvard.site.cases.access import CaseGrant
from likvard.site.cases.models import Case
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Organiser, Unit, User

Crumb = tuple[str, str]
"""A step to where a page lies: its name, and its address unless one is there."""

NOTHING: Mapping[str, Any] = MappingProxyType({})

STATED = "case_reasons"
"""Where the session keeps the reasons given today, by register number: one reason opens a matter for a day."""


def moment(request: HttpRequest) -> datetime:
    """The time of the request, asked for once."""
    return request.now  # type: ignore[attr-defined]


def today(request: HttpRequest) -> date:
    """The day in Stockholm of the request."""
    return day_of(moment(request))


def number(slug: str) -> str:
    """The register number of an address, as it is written; what is none stays none."""
    return slug.replace("-", " ", 1).replace("-", ":", 1)


def stated(request: HttpRequest, slug: str) -> str:
    """The reason that the reader gave today for seeing this matter."""
    kept = request.session.get(STATED, {}).get(slug, ["", ""])
    return kept[1] if kept[0] == today(request).isoformat() else ""


def state(request: HttpRequest, slug: str, reason: str) -> None:
    """Keep the reason for the rest of the day and the session."""
    request.session[STATED] = {**request.session.get(STATED, {}), slug: [today(request).isoformat(), reason]}


def person(request: HttpRequest) -> User:
    """Who asks. Raises `Denied` for the public."""
    return access.person(request.user)


def place_of(code: str, *, running: bool = False) -> Unit | Organiser:
    """The unit (only one that is `running`, if so asked) or the organiser of a code. Raises `CaseError` if there is none."""
    text = code.strip()
    units = Unit.objects.active() if running else Unit.objects.all()
    found = units.filter(code=text).first() or Organiser.objects.filter(number=text).first()
    if found is None:
        raise CaseError(
            _("There is no school unit and no organiser with this code."), _("Look it up among the schools.")
        )
    return found


def here(case: Case) -> str:
    """The page of a case as a letter gives it."""
    return settings.BASE_URL + shown.address(case)


def crumbs(*steps: Case | str) -> list[Crumb]:
    """Where a page lies: the list of matters, the matter, the page."""
    root: list[Crumb] = [(_("Matters"), reverse("cases_mine"))]
    return root + [(step.dnr, shown.address(step)) if isinstance(step, Case) else (step, "") for step in steps]


def fetch(request: HttpRequest, slug: str) -> tuple[Case, CaseGrant]:
    """The case of an address, through access. To look at it is recorded; a deed records itself."""
    fetched = access.case_to_change if request.method == "POST" else access.case_for
    return fetched(request.user, number(slug), at=moment(request), reason=stated(request, slug))


class Asked(TypedDict):
    """What the page of a deed says and does: its words, its form, what it checks first and what it carries out."""

    title: str
    submit: str
    form: forms.Form | forms.ModelForm
    act: Callable[[dict[str, Any]], object]
    done: str
    check: NotRequired[Callable[[], object]]
    lead: NotRequired[str]
    template: NotRequired[str]
    more: NotRequired[Mapping[str, Any]]


class AskedFrom(Asked):
    """The same, from a page that says where one goes back."""

    back: str


def form_page(
    request: HttpRequest, *, title: str, submit: str, form: forms.Form | forms.ModelForm, trail: list[Crumb], back: str,
    act: Callable[[dict[str, Any]], object], done: str, check: Callable[[], object] | None = None, lead: str = "",
    template: str = "cases/deed.html", about: Mapping[str, Any] = NOTHING, more: Mapping[str, Any] = NOTHING,
) -> HttpResponse:  # fmt: skip
    """Show a form, or do what it asks for and go back. What is not possible now is said where one came from.

    A subject gives `trail` (the breadcrumbs) and `about` (what its template's heading names); a page the rest.
    """
    try:
        if check is not None:
            check()
    except CaseError as error:
        messages.error(request, str(error))
        return redirect(back)
    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        messages.success(request, done)
        return redirect(back)
    words = {"heading": title, "submit": submit, "lead": lead, "back": back, "breadcrumbs": trail}
    return render(request, template, {"form": form, **about, **words, **more})


def deed(request: HttpRequest, case: Case, **asked: Unpack[Asked]) -> HttpResponse:
    """The page of a form that does one deed in a case, and goes back to the case."""
    return form_page(
        request, trail=crumbs(case, asked["title"]), back=shown.address(case), about={"case": case}, **asked
    )


def do(request: HttpRequest, act: Callable[[], object], done: str, back: str) -> HttpResponse:
    """Do something that asks for nothing but its button, and go back; what is not allowed is said there."""
    try:
        act()
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(back)


def carried_out(form: forms.Form | forms.ModelForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Do what the form asks for; where the case does not allow it, say so in the form."""
    try:
        act(form.cleaned_data)
    except CaseError as error:
        form.add_error(None, str(error))
        return False
    return True
