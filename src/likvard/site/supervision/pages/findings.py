"""The form of a finding: what the law of the day lets one choose, and the provisions as they were worded."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from likvard.rulebook import rule
from likvard.rulebook.legality import AUDIT, instruments_for
from likvard.site.cases.states import CaseError
from likvard.site.supervision.actions import drafting
from likvard.site.supervision.composing.parts import area_name, instrument_name, wording
from likvard.site.supervision.facts import finding_facts, organiser_kind
from likvard.site.supervision.forms.inspection import WriteFinding
from likvard.site.supervision.models import Decision, Finding, Inspection, Observation, Refrain
from likvard.site.supervision.pages.visit import carried_out, crumbs, here, moment, person, today
from likvard.site.supervision.permissions import before as permissions
from likvard.site.supervision.rules.drafting import finding_faults
from likvard.site.ui.language import current


def _kept(known: dict[str, Any], asked: dict[str, Any]) -> Finding:
    """The finding, written as the form asks."""
    return drafting.write_finding(**known, **_filled(asked))


def finding_form(
    request: HttpRequest, inspection: Inspection, decision: Decision, *, area: str, event_on: date,
    finding: Finding | None = None,
) -> HttpResponse:  # fmt: skip
    """Show the form of a finding, or keep what was written in it."""
    user, at, on = person(request), moment(request), today(request)
    back = here(inspection, "draft", number=decision.number)
    try:
        permissions.check_can_write(user, decision, on=on)
    except CaseError as error:
        messages.error(request, str(error))
        return redirect(back)
    form = WriteFinding(
        request.POST or None, initial=_initial(finding), **_choices(inspection, area, event_on, finding)
    )

    known = {"decision": decision, "finding": finding, "by": user, "at": at, "area": area, "event_on": event_on}
    keep = partial(_kept, known)
    if request.method == "POST" and form.is_valid() and carried_out(form, keep):
        messages.success(request, _("The finding is kept."))
        return redirect(back)
    context = {"form": form, "back": back, **_context(inspection, decision, area, event_on, finding, on)}
    return render(request, "supervision/finding_form.html", context)


def _context(
    inspection: Inspection, decision: Decision, area: str, event_on: date, finding: Finding | None, on: date
) -> dict[str, Any]:
    name = area_name(area, event_on)[current()]
    heading = _("Finding %(number)s") % {"number": finding.number} if finding else _("A new finding")
    trail = crumbs(inspection.case, (_("The draft"), here(inspection, "draft", number=decision.number)), heading)
    return {
        "case": inspection.case,
        "inspection": inspection,
        "decision": decision,
        "finding": finding,
        "heading": f"{heading}. {name}",
        "event_on": event_on,
        "missing": finding_faults(finding_facts(finding, inspection, on)) if finding else (),
        "breadcrumbs": trail,
    }


def _choices(inspection: Inspection, area: str, event_on: date, finding: Finding | None) -> dict[str, Any]:
    """What can be chosen: by the rulebook on the day of the event, for this type of inspection and this organiser."""
    in_audit = inspection.type == AUDIT
    known = rule("assessment_areas", event_on).value
    found = known.get(area)
    kind = organiser_kind(inspection.case)
    keys = () if in_audit else instruments_for(inspection.type, on=event_on, organiser_kind=kind)
    texts = rule("provisions", event_on).value
    worded = [wording(key, event_on) for key in (found.provisions if found else ()) if key in texts]
    earlier = Finding.objects.filter(area=area, decision__decided_on__isnull=False)
    case = inspection.case
    place = (
        {"decision__inspection__case__unit": case.unit}
        if case.unit_id
        else {"decision__inspection__case__organiser": case.organiser}
    )
    return {
        "instruments": [(key, _small(instrument_name(key, event_on)[current()])) for key in keys],
        "steps": [(n, words[current()]) for n, words in enumerate(found.judgements)] if in_audit and found else [],
        "provisions": [(one.key, f"{one.cite}: {one.about[current()]}") for one in worded],
        "refrains": [("", "–"), *Refrain.choices],
        "observations": Observation.objects.filter(inspection=inspection, area=area, withdrawn=""),
        "earlier": earlier.filter(**place),
    }  # fmt: skip


def _small(text: str) -> str:
    return text[:1].upper() + text[1:]


def _initial(finding: Finding | None) -> dict[str, Any]:
    if finding is None:
        return {"provisions": [], "instrument": "injunction"}
    known = {name: getattr(finding, name) for name in drafting.FIELDS - {"area", "event_on"}}
    return {
        **known,
        "measures": "\n".join(finding.measures.values_list("text", flat=True)),
        "observations": finding.observations.all(),
    }


def _filled(asked: dict[str, Any]) -> dict[str, Any]:
    """What was written, with the fields that do not belong to the instrument left empty."""
    found = dict(asked)
    if found.get("instrument") != "refrain" and "refrain" in found:
        found["refrain"] = ""
    if found.get("instrument") != "temporary_prohibition" and "until" in found:
        found["until"] = None
    return found
