"""The national report as everybody reads it: the page, its versions and corrections, the PDF and the data."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.figures import formats
from likvard.flow.national import National
from likvard.flow.national_figures import CLASSES
from likvard.site import published
from likvard.site.cases.timing import day_of
from likvard.site.ratings import chapters, composing, content, pictures, sections
from likvard.site.ratings.models import Report, ReportVersion
from likvard.site.ratings.pages import cards
from likvard.site.ui.components import Download, Fact
from likvard.site.ui.language import current
from likvard.site.writing import html
from likvard.site.writing.pdf import pdf
from likvard.terms import Words

COLUMNS = {
    "part": Words(
        "rapportens del: classes, kinds, levels, agreement, sensitivity, statements, weak_together, findings_together, later",
        "part of the report: classes, kinds, levels, agreement, sensitivity, statements, weak_together, findings_together, later",
    ),
    "item": Words(
        "vad raden gäller: vikter, typ av huvudman, område, påstående, par eller läsår",
        "what the row is about: weights, kind of organiser, criterion, statement, pair or school year",
    ),
    "class_or_level": Words(
        "klass, nivå (0 är den lägsta), mått på enighet eller slutsats",
        "class, level (0 is the lowest), measure of agreement or conclusion",
    ),
    "value": Words(
        "andel av landets huvudmän (0–1); alfa och kappa; oddskvot i par; meritvärde i later. Tom: för få huvudmän",
        "share of the country's organisers (0–1); alpha and kappa; odds ratio in pairs; merit value in later. Empty: too few organisers",
    ),
    "low": Words("intervallets nedre gräns (95 procent)", "lower end of the interval (95 per cent)"),
    "high": Words("intervallets övre gräns (95 procent)", "upper end of the interval (95 per cent)"),
}


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Every published report, the newest first."""
    found = [(one, one.versions.last()) for one in Report.objects.public()]
    rows = [
        (one, content.text(last.content, "title"), content.text(last.content, "lead"), last)
        for one, last in found
        if last
    ]
    context = {"rows": rows, "breadcrumbs": [(_("National report"), "")]}
    return render(request, "ratings/reports.html", context)


@require_safe
def report(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """A report: its last version, or an earlier one that says so. What is left of a withdrawn one."""
    found = Report.objects.filter(slug=slug).first()
    if found is not None and found.withdrawn_at is not None and not found.is_shown:
        return render(request, "ratings/report_gone.html", {"report": found}, status=410)
    version = version_of(slug, number)
    return render(request, "ratings/report.html", {**shown(request, version), "breadcrumbs": _crumbs(version)})


def version_of(slug: str, number: int | None = None) -> ReportVersion:
    """The last version of a public report, or the one of a number. Raises Http404."""
    found = ReportVersion.objects.filter(report__slug=slug, report__in=Report.objects.public()).select_related("report")
    version = found.filter(number=number).first() if number is not None else found.last()
    if version is None:
        raise Http404(_("There is no published report at this address."))
    return version


def _crumbs(version: ReportVersion) -> list[tuple[str, str]]:
    return [(_("National report"), reverse("national_reports")), (content.text(version.content, "title"), "")]


def shown(request: HttpRequest, version: ReportVersion) -> dict[str, Any]:
    """What the page of a version shows; the preview at the desk is made from the same."""
    said, report, on = version.content, version.report, day_of(version.at)
    found, rubric = content.outcome(said), sections.rubric_in(said)
    every = sections.figures_of(found, said, on)
    opens = next((one for one in every if one.id == CLASSES and sections.is_whole(one)), None)
    is_public = version.pk is not None
    return {
        "report": report, "version": version, "last": (report.versions.last() if is_public else None) or version,
        "title": content.text(said, "title"), "lead": content.text(said, "lead"), "words_in": content.language_of(said),
        "body": html.body(composing.body(version), deeper=1) if content.text(said, "body") else "",
        "opens": opens.question[current()] if opens else "", "headline": sections.headline(found, rubric),
        "picture": pictures.classes(found, rubric) if opens else None,
        "cards": cards.cards(request, [one for one in every if one is not opens], report.slug if is_public else ""),
        **_chapters(request, version), "cautions": sections.cautions(found), "method": sections.method(found, said), "files": _files(version),
        "corrections": report.versions.exclude(correction="").order_by("-number") if is_public else [],
        "kicker": _kicker(found, version), "columns": [Fact(name, words) for name, words in COLUMNS.items()],
    }  # fmt: skip


def _chapters(request: HttpRequest, version: ReportVersion) -> dict[str, Any]:
    """The chapters of segregation and the circle: drawn while their publication stands, else as the version keeps them."""
    kept, publication = version.content.get("chapters", {}), published.current()
    if chapters.still_stands(kept, publication):
        drawn = cards.cards(request, chapters.figures(publication, day_of(version.at)))
        return {"chapters": drawn, "kept": ()}
    return {"chapters": (), "kept": chapters.from_data(kept)}


def _kicker(found: National, version: ReportVersion) -> str:
    words = {
        "marked": formats.number(found.marked, 0, current()), "all": formats.number(found.population, 0, current()),
        "day": formats.day(day_of(version.at), current()),
    }  # fmt: skip
    return _("National report · %(marked)s organisers marked of %(all)s · %(day)s") % words


def _files(version: ReportVersion) -> list[Download]:
    slug = version.report.slug
    return [
        Download("CSV", reverse("national_report_csv", args=[slug]), _("every number with its interval")),
        Download("JSON", reverse("national_report_json", args=[slug]), _("the same, with texts and method")),
    ]


@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The report as PDF in the language of the page."""
    response = HttpResponse(pdf(composing.written(version_of(slug))), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    return response


@require_safe
def figure(request: HttpRequest, slug: str, figure: str, ending: str) -> HttpResponse:
    """One figure of the report as a file."""
    version = version_of(slug)
    every = sections.figures_of(content.outcome(version.content), version.content, day_of(version.at))
    return cards.as_file(every, version, figure, ending, synthetic=settings.DEMO)


@require_safe
def csv_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Every number of the report with its interval, one on a line."""
    version = version_of(slug)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in sections.lines(content.outcome(version.content)):
        writer.writerow(["" if one is None else one for one in row])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    return response


@require_safe
def json_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole version as it was published: texts, figures, method, number and corrections."""
    version = version_of(slug)
    data = {
        "address": request.build_absolute_uri(version.report.get_absolute_url()), "version": version.number,
        "published": version.at.isoformat(), "corrections": list(
            version.report.versions.exclude(correction="").values("number", "correction", "at")
        ), "columns": {name: {"sv": words.sv, "en": words.en} for name, words in COLUMNS.items()}, **version.content,
    }  # fmt: skip
    return HttpResponse(
        json.dumps(data, ensure_ascii=False, indent=1, default=str), content_type="application/json; charset=utf-8"
    )
