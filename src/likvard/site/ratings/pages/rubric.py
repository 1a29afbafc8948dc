"""The rubric, open to everybody: what is asked of organisers, what each level looks like, and how a class follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.figures import formats
from likvard.rulebook.dated import Rule
from likvard.rulebook.kinds.rubric import OrganiserClass, Rubric
from likvard.site.cases.pages.visit import today
from likvard.site.ratings.forms import ChooseVersion
from likvard.site.ratings.rubrics import versions
from likvard.site.ratings.shares import per_cent
from likvard.site.ui.language import current


@require_safe
def rubric(request: HttpRequest) -> HttpResponse:
    """A version of the rubric; the one of today if none is asked for."""
    every = versions()
    shown = _asked(request.GET.get("dag", ""), every, today(request))
    form = ChooseVersion({"dag": shown.valid_from.isoformat()}, days=[(one.valid_from, _label(one)) for one in every])
    context: dict[str, Any] = {
        "rule": shown,
        "rubric": shown.value,
        "classes": [(one.name, _demands(shown.value, one)) for one in shown.value.classes],
        "criteria": [(code, one, _asked_of(shown.value, one.questions)) for code, one in shown.value.criteria.items()],
        "levels": shown.value.levels,
        "form": form,
        "breadcrumbs": [(_("National report"), "/nationell-rapport/"), (_("Rubric"), "")],
    }
    return render(request, "ratings/rubric.html", context)


def _asked(day: str, every: tuple[Rule, ...], on: date) -> Rule:
    """The version of a first day; else the one of today, else the newest."""
    by_day = {one.valid_from.isoformat(): one for one in every}
    return by_day.get(day) or next((one for one in every if one.covers(on)), every[0])


def _label(rule: Rule) -> str:
    until = formats.day(rule.valid_to, current()) if rule.valid_to else ""
    words = {"version": rule.value.version, "start": formats.day(rule.valid_from, current()), "end": until}
    if until:
        return _("%(version)s: %(start)s to %(end)s") % words
    return _("%(version)s: from %(start)s") % words


def _asked_of(rubric: Rubric, questions: Any) -> list[tuple[str, str]]:
    """Each question, with of whom it is asked where that is not everybody."""
    kinds = rubric.kinds
    return [(one.text[current()], kinds[one.organisers][current()] if one.organisers else "") for one in questions]


def _demands(rubric: Rubric, one: OrganiserClass) -> str:
    """What leads to a class, in words."""
    top, bottom = rubric.levels[-1][current()], rubric.levels[0][current()]
    said = []
    if one.least_top > 0:
        said.append(
            _("at least %(share)s of the criteria on “%(level)s”") % {"share": per_cent(one.least_top), "level": top}
        )
    if one.most_bottom < 1:
        none = one.most_bottom == 0
        words = {"share": per_cent(one.most_bottom), "level": bottom}
        said.append(_("none on “%(level)s”") % words if none else _("at most %(share)s on “%(level)s”") % words)
    if one.least_bottom > 0:
        words = {"share": per_cent(one.least_bottom), "level": bottom}
        said.append(_("at least %(share)s of the criteria on “%(level)s”") % words)
    return formats.listed(tuple(said), current()) if said else _("everything between")
