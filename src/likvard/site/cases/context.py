"""What the frame of every page tells of matters: how many wait for whoever reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from likvard.site.cases.models import Case
from likvard.site.people.models import User
from likvard.site.ui.menu import MENUS, Reader, menu


def waiting(request: HttpRequest) -> dict[str, Any]:
    """The menu with the number of open matters that are handed to the reader; nothing to add where no menu counts them.

    One question to the database for whoever has matters in the menu, none for the public.
    """
    reader: Reader | None = getattr(request, "reader", None)
    if reader is None or not isinstance(request.user, User) or not _counts(reader):
        return {}
    on = timezone.localdate(request.now)  # type: ignore[attr-defined]
    count = Case.objects.handed_to(request.user, on).not_excluding(request.user).reachable().open().count()
    return {"menu": menu(replace(reader, counts={"cases": count}), request.path)}


def _counts(reader: Reader) -> bool:
    return any(item.counted == "cases" for item in MENUS.get(reader.role, ()))
