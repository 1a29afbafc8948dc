"""An organiser's rounds, and whether money follows need at all its schools now."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.disclosure.publication import Publication
from likvard.figures.charts import MoneyAgainstNeed, MoneyPoint
from likvard.figures.figure import Figure
from likvard.figures.insight import money
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.site import published
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Organiser
from likvard.site.resources import actions, permissions, rules, shown, weighed
from likvard.site.resources.basis import take, units_of
from likvard.site.resources.forms import NewRound, chosen_form, form_names
from likvard.site.resources.models import Round
from likvard.site.resources.pages.visit import carried_out, crumbs, drawn, moment, organiser, person, today
from likvard.terms import Audience, Words

__all__ = ["home", "new", "rounds"]


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Every decided round, by organiser: what everybody may read."""
    found = Round.objects.decided().sized().select_related("organiser").order_by("organiser__name", "-year", "form")
    names = form_names(today(request))
    rows = [(round, names.get(round.form, round.form)) for round in found]
    return render(request, "resources/rounds.html", {"rows": rows, "breadcrumbs": [(_("Resources"), "")]})


@require_safe
def home(request: HttpRequest, number: str) -> HttpResponse:
    """The rounds that the reader may see, and money against need for each form, as everybody may see it."""
    found, on = organiser(number), today(request)
    names = form_names(on)
    readable = [
        (round, names.get(round.form, round.form), shown.stage(round))
        for round in Round.objects.of(number).sized().select_related("organiser", "decided_by")
        if permissions.can_read(request.user, round, on=on)
    ]
    forms_of = [form.value for form in rules.FORMS if units_of(found, form)]
    chosen = _chosen(request, forms_of)
    figure = _now(published.current(), found, chosen, request) if chosen else None
    overlooked = _overlooked(figure)
    context = {
        "organiser": found,
        "rounds": readable,
        "card": drawn(request, figure) if figure is not None else "",
        "overlooked": overlooked,
        "said": weighed.unseen_words(len(overlooked)),
        "without": without(published.current(), chosen),
        "filters": chosen_form([(code, names[code]) for code in forms_of], chosen) if len(forms_of) > 1 else None,
        "may_write": permissions.can_write(request.user, found, on=on),
        "breadcrumbs": crumbs(found),
    }
    return render(request, "resources/home.html", context)


def _chosen(request: HttpRequest, forms_of: Sequence[str]) -> str:
    """The school form that the address asks for, else the first that there is."""
    asked = request.GET.get("form", "")
    return asked if asked in forms_of else next(iter(forms_of), "")


def _overlooked(figure: Figure | None) -> tuple[MoneyPoint, ...]:
    """The schools of the picture that have need and get nothing extra."""
    chart = None if figure is None else figure.chart
    return money.overlooked(chart.points) if isinstance(chart, MoneyAgainstNeed) else ()


def _now(publication: Publication | None, organiser: Organiser, form: str, request: HttpRequest) -> Figure | None:
    if publication is None:
        return None
    units = {
        unit.code: UnitInfo(unit.code, unit.name, unit.area, unit.forms, kind=unit.organiser.kind if unit.organiser else "")
        for unit in units_of(organiser, form)
    }  # fmt: skip
    if not units:
        return None
    return money.now(publication, Scope(None, organiser.name, units, Audience.PUBLIC, today(request)), form=form)


def without(publication: Publication | None, form: str) -> Words | None:
    """Why there is no need index for a form, as the publication says; None where there is one, or nothing is said."""
    told = (publication.facts.get("need", {}) if publication else {}).get(form, {}).get("without")
    return None if told is None else Words(told["sv"], told["en"])


def new(request: HttpRequest, number: str) -> HttpResponse:
    """Open a round: its grounds are taken from the figures that are published now."""
    found, on, publication = organiser(number), today(request), published.current()
    permissions.check_can_write(request.user, found, on=on)
    if publication is None:
        raise Http404(_("No figures have been published yet: a round rests on published figures."))
    forms_of = [form.value for form in rules.FORMS if units_of(found, form)]
    form = NewRound(request.POST or None, on=on, forms_of=forms_of)
    made: list[Round] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(form, lambda a: made.append(_open(request, found, a)))
    ):
        return redirect(made[0].href())
    context = {"form": form, "organiser": found, "breadcrumbs": crumbs(found, _("New round"))}
    return render(request, "resources/new.html", context)


def _open(request: HttpRequest, organiser: Organiser, asked: dict[str, object]) -> Round:
    publication = published.current()
    if publication is None:
        raise CaseError(_("No figures have been published yet."), _("Publish them first."))
    year, form = int(str(asked["year"])), str(asked["form"])
    return actions.open_round(
        organiser=organiser, year=year, form=form, body=str(asked["body"]), rule=asked["rule"],  # type: ignore[arg-type]
        taken=take(publication, organiser, year, form), by=person(request), at=moment(request),
        planned_on=asked["planned_on"],  # type: ignore[arg-type]
    )  # fmt: skip
