"""Groups of one's own to compare with: chosen here, kept under a name by who has an account, or only in the address."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from likvard.site.insight import actions, directory, permissions
from likvard.site.insight.directory import Sought
from likvard.site.insight.forms import GroupForm, group_search
from likvard.site.insight.models import ComparisonGroup
from likvard.site.insight.rules import SMALLEST_GROUP, Asked, codes_of, joined, uuid_of
from likvard.site.insight.visits import named, today
from likvard.site.ui.language import current as language
from likvard.site.ui.menu import Reader
from likvard.terms import SchoolForm

CHOICES = ("till", "q", "form", "jamfor", "grupp", "namn")
FOUND = 40
"""Schools offered at a time; more words make them fewer."""


def groups(request: HttpRequest) -> HttpResponse:
    """The reader's own groups."""
    owner = permissions.check_can_keep_groups(request.user)
    return render(request, "insight/groups.html", {"groups": ComparisonGroup.objects.kept_by(owner)})


def choose(request: HttpRequest) -> HttpResponse:
    """Choose the schools of a group, all of one school form. The choice stands in the address."""
    asked = Asked.of(request.path, joined(request.GET), CHOICES)
    asked = asked.with_(form=asked["form"] or SchoolForm.COMPULSORY, till=asked["till"] or own_organiser(request))
    chosen = named(codes_of(asked["jamfor"]))
    sought = Sought(asked["q"], asked["form"])
    found = [entry for entry in directory.schools() if sought.finds(entry) and entry.number not in chosen]
    context = {
        "asked": asked,
        "form": group_search(asked, today(request), language()),
        "chosen": sorted(chosen.values(), key=lambda unit: unit.school.order),
        "found": found[:FOUND],
        "more": max(len(found) - FOUND, 0),
        "enough": len(chosen) >= SMALLEST_GROUP,
        "compare": Asked.of(f"/resultat/{asked['till']}/", {"jamfor": ",".join(chosen)}, ("jamfor",)).href,
        "naming": GroupForm(name=asked["namn"]),
        "codes": ",".join(chosen),
        "kept": (("till", asked["till"]), ("grupp", asked["grupp"])),
        "can_keep": permissions.can_keep_groups(request.user),
    }
    return render(request, "insight/choose.html", context)


def own_organiser(request: HttpRequest) -> str:
    """The organiser whose pages the reader's menu leads to; empty for the public."""
    reader: Reader | None = getattr(request, "reader", None)
    return reader.organiser if reader else ""


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a new group under a name, or a changed one under its own."""
    owner = permissions.check_can_keep_groups(request.user)
    codes = tuple(named(codes_of(request.POST.get("jamfor", ""))))
    group = _group_of(request)
    others = ComparisonGroup.objects.kept_by(owner).exclude(pk__in=[group.pk] if group else [])
    form = GroupForm(request.POST, others=others)
    if not form.is_valid() or len(codes) < SMALLEST_GROUP:
        return _again(request, form, codes)
    name, at = form.cleaned_data["namn"], request.now  # type: ignore[attr-defined]
    if group is None:
        actions.keep_group(owner=owner, name=name, codes=codes, at=at)
    else:
        actions.change_group(group=group, name=name, codes=codes, by=owner, at=at)
    messages.success(request, _("The group %(name)s is kept.") % {"name": name})
    return redirect("groups")


def _group_of(request: HttpRequest) -> ComparisonGroup | None:
    """The group that is being changed, if any. Not the reader's: Http404."""
    id = uuid_of(request.POST.get("grupp", ""))
    return permissions.group_for(request.user, id) if id else None


def _again(request: HttpRequest, form: GroupForm, codes: tuple[str, ...]) -> HttpResponse:
    """The form once more, with what is wrong in it."""
    if len(codes) < SMALLEST_GROUP:
        form.add_error(None, _("Choose at least two schools."))
    chosen = {"form": form, "codes": ",".join(codes), "group": request.POST.get("grupp", "")}
    return render(request, "insight/keep.html", chosen, status=422)


@require_POST
def end(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a group away."""
    owner = permissions.check_can_keep_groups(request.user)
    group = permissions.group_for(owner, id)
    actions.end_group(group=group, by=owner, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, _("The group %(name)s is taken away.") % {"name": group.name})
    return redirect("groups")
