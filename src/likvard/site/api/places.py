"""Organisers and units, with their lineage. What is in the register is public."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from likvard.site.api import rows
from likvard.site.api.answering import Table, after, answer, check_names, next_link, one, question, synthetic
from likvard.site.api.problems import Kind, Problem
from likvard.site.api.schemas import (
    NumberInPath,
    OrganiserAnswer,
    OrganiserDetail,
    Organisers,
    OrganisersAsked,
    Paged,
    UnitAnswer,
    UnitCodeInPath,
    UnitDetail,
    Units,
    UnitsAsked,
)
from likvard.site.api.words import said
from likvard.site.people.access import Content, Grant, organiser_for, reach, unit_for
from likvard.site.people.models import Organiser, Unit

router = Router()

REGISTER = "register"
"""The version in cursors of the register: pages of it follow its keys, whatever has changed in between."""

Place = TypeVar("Place", Organiser, Unit)

COLUMNS = {
    "organisers": tuple(OrganiserAnswer.model_fields),
    "units": tuple(UnitAnswer.model_fields),
}
"""The columns of each list as CSV."""

ANYBODY = AnonymousUser()


@router.get("/organisers", response=Organisers, **said("organisers"))
def organisers(request: HttpRequest, asked: Query[OrganisersAsked]) -> HttpResponse:
    """A page of organisers by number."""
    check_names(request, asked)
    filters = {"kind": asked.kind, "municipality_code": asked.municipality}
    return _page(request, asked, "organisers", Organiser.objects.filter(**_given(filters)), rows.organiser)


@router.get("/organisers/{number}", response=OrganiserDetail, **said("organiser"))
def organiser(request: HttpRequest, number: NumberInPath) -> HttpResponse:
    """An organiser and its units, closed ones too."""
    found = _fetched(organiser_for, request, number)
    units = [rows.unit(unit) for unit in found.units.order_by("code")]
    return one(request, {"synthetic": synthetic(), **rows.organiser(found), "units": units})


@router.get("/units", response=Units, **said("units"))
def units(request: HttpRequest, asked: Query[UnitsAsked]) -> HttpResponse:
    """A page of units by code."""
    check_names(request, asked)
    day = timezone.localdate(request.now)  # type: ignore[attr-defined]
    filters = {"organiser_id": asked.organiser, "municipality_code": asked.municipality, "status": asked.status}
    found = Unit.objects.within(reach(ANYBODY, Content.PUBLISHED, on=day)).filter(**_given(filters))
    return _page(request, asked, "units", found.with_form(asked.form) if asked.form else found, rows.unit)


@router.get("/units/{code}", response=UnitDetail, by_alias=True, **said("unit"))
def unit(request: HttpRequest, code: UnitCodeInPath) -> HttpResponse:
    """A unit with its history."""
    found = _fetched(unit_for, request, code)
    return one(request, {"synthetic": synthetic(), **rows.unit(found), **rows.history(found)})


def _given(filters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if value is not None}


def _fetched(fetch: Callable[..., tuple[Place, Grant]], request: HttpRequest, key: str) -> Place:
    """An organiser or unit through access, as anybody may see it. Raises `Problem` if there is none."""
    day = timezone.localdate(request.now)  # type: ignore[attr-defined]
    try:
        return fetch(ANYBODY, key, Content.PUBLISHED, on=day)[0]
    except Http404:
        raise Problem(Kind.NOT_FOUND) from None


def _page(
    request: HttpRequest, asked: Paged, name: str, found: QuerySet[Any], row: Callable[[Any], rows.Row]
) -> HttpResponse:
    asking = question(request, asked, REGISTER)
    begin = after(asking, asked, 1)
    page = list((found.filter(pk__gt=begin[0]) if begin else found).order_by("pk")[: asked.limit + 1])
    shown = [row(each) for each in page[: asked.limit]]
    link = next_link(request, asking.cursor([page[asked.limit - 1].pk])) if len(page) > asked.limit else None
    columns = ("synthetic", *COLUMNS[name])
    return answer(request, asked, Table(name, shown, columns, {"synthetic": synthetic()}, link))
