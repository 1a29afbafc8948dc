"""The rule of selection: tried before it is set, set with reasons, and open to everybody once the programme is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.site.cases.pages.visit import moment, today
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Organiser, Unit, User
from likvard.site.supervision import candidates, coverage, protocol
from likvard.site.supervision.actions import programme as actions
from likvard.site.supervision.forms.programme import NAMES, Counts, RuleForm, SetRule, asked_of, form_names
from likvard.site.supervision.models import Programme
from likvard.site.supervision.pages.programme import crumbs, fetch, leader, number
from likvard.site.supervision.permissions import programme as permissions
from likvard.site.supervision.selection import Outcome, Route, Rule, compare
from likvard.site.ui.components import Cell, Column, Row, Table


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that another rule would take in or leave out: where it is and what it is called. No points."""

    area: str
    name: str
    within: str


def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a rule: who would come in and who would go out. Setting it keeps it, with its reasons."""
    programme, by = fetch(request, pk), leader(request)
    standing = programme.rule
    start = standing.value if standing else protocol.first_rule(programme)
    setting = SetRule(request.POST or None, initial=asked_of(start))
    if request.method == "POST" and setting.is_valid() and _is_set(request, programme, setting, by):
        messages.success(request, _("The rule is set."))
        return redirect("supervision_programme_rule", programme.pk)
    form, tried = _tried(request, setting, start)
    context = {
        "programme": programme,
        "form": form,
        "setting": setting if request.method == "POST" else SetRule(initial=asked_of(tried or start)),
        "standing": standing,
        "may_set": permissions.can_change(request.user, programme, on=today(request)),
        "breadcrumbs": crumbs(programme, _("Rule")),
        **_shown(programme, standing.value if standing else None, tried, request),
    }
    return render(request, "supervision/programme_rule.html", context)


def _is_set(request: HttpRequest, programme: Programme, setting: SetRule, by: User) -> bool:
    """Set the rule that was asked for; where it cannot be, say so in the form."""
    asked = setting.cleaned_data
    try:
        actions.set_rule(
            programme=programme, rule=asked["rule"], by=by, at=moment(request), seed_from=asked["seed_from"],
            reason=asked["reason"],
        )  # fmt: skip
    except CaseError as error:
        setting.add_error(None, str(error))
        return False
    return True


def _tried(request: HttpRequest, setting: SetRule, start: Rule) -> tuple[RuleForm, Rule | None]:
    """The form of numbers, and the rule that it makes; None while something in it is wrong."""
    given = request.POST if request.method == "POST" else request.GET
    if not given.keys() & NAMES.keys():
        return RuleForm(initial=asked_of(start)), start
    data = {**{name: str(value) for name, value in asked_of(start).items()}, **given.dict()}
    form = RuleForm(data)
    return form, form.cleaned_data["rule"] if form.is_valid() else None


def _shown(programme: Programme, standing: Rule | None, tried: Rule | None, request: HttpRequest) -> dict[str, object]:
    """What the page tells of the rule that is tried, and of how it differs from the one that holds."""
    if tried is None:
        return {}
    outcome = candidates.outcome(programme, tried)
    facts = protocol.rule_facts(programme, tried)
    shown = {"facts": facts, "outcome": outcome, "tables": _tables(programme, outcome, request), "lead": _lead(outcome)}
    if standing is None or standing == tried:
        return shown
    before = candidates.outcome(programme, standing)
    change = compare((*before.units, *before.organisers), (*outcome.units, *outcome.organisers))
    return {
        **shown, "change": change, "came": _moved(programme, change.came), "went": _moved(programme, change.went),
    }  # fmt: skip


def _lead(outcome: Outcome) -> str:
    counts = {"units": len(outcome.units), "organisers": len(outcome.organisers), "without": outcome.without_figures}
    words = {name: number(n) for name, n in counts.items()}
    words["all"] = number(outcome.with_figures + outcome.without_figures)
    return (
        _(
            "**%(units)s units** and **%(organisers)s organisers** would be selected. %(without)s of %(all)s units have no figure: "
            "they are drawn by themselves."
        )
        % words
    )


def _tables(programme: Programme, outcome: Outcome, request: HttpRequest) -> list[Table]:
    names = dict(form_names(today(request)))
    chosen = {one.code: one.route for one in outcome.units}
    forms = Counter(
        (form, chosen[code]) for code, form in programme.units.filter(unit__in=list(chosen)).values_list("unit_id", "form")
    )  # fmt: skip
    sizes = Counter(one.form for one in candidates.candidates(programme))
    routes = (Route.RANDOM, Route.UNKNOWN, Route.LEVEL)
    columns = (
        Column(_("School form")),
        Column(_("Units"), numeric=True),
        *(Column(r.label, numeric=True) for r in routes),
    )
    rows = tuple(
        Row(
            Cell(names.get(form, _("no school form told"))),
            (Cell(number(n)), *(Cell(number(forms[form, r])) for r in routes)),
        )
        for form, n in sorted(sizes.items())
    )
    return [Table(_("Units that would be selected, by school form"), columns, rows)]


def _moved(programme: Programme, codes: Iterable[str]) -> list[Moved]:
    """The places of these codes by county, municipality and name."""
    wanted = list(codes)
    counties, names = coverage.county_names(), coverage.municipality_names(programme)
    found = [
        (unit.municipality_code, unit.name, str(unit.organiser or ""))
        for unit in Unit.objects.filter(pk__in=wanted).select_related("organiser")
    ]
    whole = _("the organiser as a whole")
    found += [(one.municipality_code, one.name, whole) for one in Organiser.objects.filter(pk__in=wanted)]
    return [Moved(_area(code, names, counties), name, within) for code, name, within in sorted(found)]


def _area(code: str, names: Mapping[str, str], counties: Mapping[str, str]) -> str:
    return names.get(code, code) or counties.get(code[:2], "")


@require_safe
def open_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """The rule of a decided programme, for everybody: its words, its seed and how to do the draw again. Nobody is named."""
    programme = get_object_or_404(Programme, pk=pk)
    standing = programme.rule
    if not programme.is_decided or standing is None:
        raise Http404(_("The rule is shown here when the programme has been decided."))
    outcome = candidates.outcome(programme, standing.value)
    context = {
        "programme": programme,
        "standing": standing,
        "facts": protocol.rule_facts(programme, standing.value),
        "outcome": outcome,
        "measure": protocol.measure_name(programme),
        "strata": _strata(outcome, request),
        "breadcrumbs": [(_("Rule of selection"), "")],
    }
    return render(request, "supervision/programme_open_rule.html", context)


def _strata(outcome: Outcome, request: HttpRequest) -> Table:
    names = dict(form_names(today(request)))
    columns = (
        Column(_("School form")),
        Column(_("Units without figures"), numeric=True),
        Column(_("Drawn"), numeric=True),
    )
    rows = tuple(
        Row(Cell(names.get(form, _("no school form told"))), (Cell(number(of)), Cell(number(places))))
        for form, (places, of) in outcome.strata.items()
    )
    return Table(_("The draw among units without figures"), columns, rows)


def counts(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring complaints or last visits from elsewhere, under the name of their source."""
    programme, by = fetch(request, pk), leader(request)
    form = Counts(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        given = {"complaints": {}, "visits": {}, asked["what"]: asked["found"]}
        known = {"programme": programme, "source": asked["source"], "by": by, "at": moment(request)}
        try:
            told = actions.bring_counts(**known, **given)
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(n)s units were told of.") % {"n": told})
            return redirect("supervision_programme_rule", programme.pk)
    context = {"programme": programme, "form": form, "breadcrumbs": crumbs(programme, _("Bring numbers"))}
    return render(request, "supervision/programme_counts.html", context)
