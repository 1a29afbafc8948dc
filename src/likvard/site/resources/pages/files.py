"""A round as files: the memorandum as PDF, the table as CSV, everything as JSON. The same figures as on the page."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from likvard.allocation.memo import LIMITS
from likvard.site.resources import memo
from likvard.site.resources.models import Round, Version
from likvard.site.resources.pages.visit import fetch
from likvard.site.resources.shown import left_out
from likvard.site.ui.components import Download
from likvard.site.ui.language import current
from likvard.site.writing.pdf import pdf as set_pdf
from likvard.site.writing.text import Written, from_data

SCHEMA = 1


def links(round: Round) -> tuple[Download, ...]:
    """The files of a round."""
    return (
        Download(_("Memorandum (PDF)"), round.href("pdf")),
        Download(_("Every school (CSV)"), round.href("csv")),
        Download(_("Everything (JSON)"), round.href("json")),
    )


@require_safe
def pdf(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """The memorandum: as it was decided, or as a draft."""
    found = fetch(request, number, slug)
    answer = HttpResponse(set_pdf(document(found)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="fordelning-{found.organiser_id}-{found.slug}.pdf"'
    return answer


def document(round: Round) -> Written:
    """The memorandum in the page's language: of a decided round as it was frozen."""
    if round.memo is not None:
        return from_data(round.memo[current().value])
    return memo.written(round, round.newest, current())


COLUMNS = (
    "unit", "name", "organiser_kind", "area", "pupils", "need_index", "need_low", "need_high", "need_unseen", "need_stated",
    "crowns_last_year", "pupils_last_year", "crowns", "crowns_by_need", "crowns_without_limits", "limit", "reason_sv", "reason_en",
)  # fmt: skip


def _rows(version: Version) -> list[dict[str, Any]]:
    return [
        {
            "unit": s.unit_id, "name": s.name, "organiser_kind": s.kind, "area": s.area, "pupils": s.pupils,
            "need_index": s.need, "need_low": s.need_low, "need_high": s.need_high, "need_unseen": s.unseen,
            "need_stated": s.stated, "crowns_last_year": s.last, "pupils_last_year": s.last_pupils, "crowns": s.crowns,
            "crowns_by_need": s.by_need, "crowns_without_limits": s.full, "limit": LIMITS[s.limit].en,  # type: ignore[index]
            "reason_sv": s.reason_sv, "reason_en": s.reason_en,
        }
        for s in version.shares.all()
    ]  # fmt: skip


@require_safe
def table(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Every school as CSV: commas, UTF-8, a row of headings."""
    found = fetch(request, number, slug)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_rows(found.newest))
    answer = HttpResponse(text.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="fordelning-{found.organiser_id}-{found.slug}.csv"'
    return answer


@require_safe
def data(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """The round for programs: rule, grounds, schools, decision."""
    found = fetch(request, number, slug)
    version = found.newest
    return JsonResponse(
        {
            "schema": SCHEMA, "organiser": found.organiser_id, "round": found.slug, "year": found.year, "form": found.form,
            "state": found.state, "synthetic": version.synthetic, "version": version.number, "frame": version.frame,
            "rule": version.data, "inputs": version.inputs_data, "publication": version.publication,
            "decided_at": found.decided_at.isoformat() if found.decided_at else None,
            "decided_by": str(found.decided_by) if found.decided_by else None, "body": found.body, "reason": found.reason,
            "fingerprint": found.fingerprint, "left_out": list(left_out(version)), "units": _rows(version),
        },
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip
