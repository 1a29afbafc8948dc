"""Open data: the page that explains them, the files, and the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from likvard.site.newsroom import catalogue as dcat
from likvard.site.newsroom import nightly
from likvard.site.newsroom.nightly import Edition
from likvard.site.newsroom.open_data import BY_NAME, ENDINGS, KEYWORDS, TABLES
from likvard.site.newsroom.structured import NAMELESS
from likvard.site.ui.caching import published
from likvard.site.ui.components import Cell, Column, Download, Row
from likvard.site.ui.components import Table as Shown
from likvard.site.ui.language import current as language
from likvard.terms import Words

SINCE = date(2026, 1, 1)
TITLE = Words("Beslut om skolor och hur de följts upp", "Decisions about schools and how they were followed up")
ABOUT = Words(
    "Alla publicerade beslut efter tillsyn och granskning av skolor och huvudmän: punkter, lägen, händelser, texter och hur ärenden och dokument hör ihop.",
    "All published decisions after supervision and audit of schools and organisers: points, states, happenings, texts, and how matters and documents hang together.",
)


def folder() -> Path:
    """Where the files of open data lie."""
    return Path(settings.HOME) / "open-data"


def _version(request: HttpRequest, **kwargs: object) -> str:
    made = nightly.edition(folder())
    return made.made_at.isoformat() if made else "none"


@require_safe
@published(_version)
def page(request: HttpRequest) -> HttpResponse:
    """What there is, under which licence, how old, how large, and what each column means."""
    made = nightly.edition(folder())
    sets = [{"table": table, "files": _files(table.name, made), "columns": _columns(table.name)} for table in TABLES]
    sets = [{**one, "rows": made.rows.get(one["table"].name) if made else None} for one in sets]  # type: ignore[attr-defined]
    catalogues = [Download(label, reverse("open_data_catalogue", args=[form])) for form, label in _CATALOGUES.items()]
    context = {"edition": made, "sets": sets, "catalogues": catalogues, "base": settings.BASE_URL}
    return render(request, "newsroom/opendata.html", context)


def _etag(request: HttpRequest, table: str, ending: str) -> str | None:
    made = nightly.edition(folder())
    told = made.files.get(f"{table}.{ending}") if made else None
    return f'"{told["sha256"]}"' if told else None


def _modified(request: HttpRequest, table: str, ending: str) -> datetime | None:
    made = nightly.edition(folder())
    return made.made_at.astimezone(UTC).replace(microsecond=0) if made else None


@require_safe
@condition(etag_func=_etag, last_modified_func=_modified)
def file(request: HttpRequest, table: str, ending: str) -> HttpResponseBase:
    """A file of the edition that stands. The tags tell whether it is the one that the reader has."""
    made = nightly.edition(folder())
    path = made.path(f"{table}.{ending}") if made and table in BY_NAME and ending in ENDINGS else None
    if path is None:
        raise Http404(
            _("There is no such file. The files are written every night; the page about open data lists them.")
        )
    response = FileResponse(path.open("rb"), content_type=_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
    response.headers["Cache-Control"] = "public, max-age=3600"
    return _open(response)


@require_safe
@published(_version)
def catalogue(request: HttpRequest, form: str) -> HttpResponse:
    """The catalogue by DCAT-AP-SE, for the national portal and others that collect."""
    make = _FORMS.get(form)
    if make is None:
        raise Http404(_("The catalogue cannot be had in this form."))
    response = make(list(dcat.triples(_catalogue(nightly.edition(folder()), request))))
    _open(response)
    return response


def _catalogue(made: Edition | None, request: HttpRequest) -> dcat.Catalogue:
    at: datetime = made.made_at if made else request.now  # type: ignore[attr-defined]
    return dcat.Catalogue(
        base_url=settings.BASE_URL,
        title=TITLE,
        about=ABOUT,
        publisher=settings.OPERATOR or NAMELESS,
        contact=settings.OPERATOR or NAMELESS,
        email=settings.CONTACT,
        issued=SINCE,
        modified=at.astimezone(UTC),
        datasets=tuple(_dataset(name, made) for name in BY_NAME),
    )


def _dataset(name: str, made: Edition | None) -> dcat.Dataset:
    table, here = BY_NAME[name], f"{settings.BASE_URL}/oppna-data/"
    told = made.files if made else {}
    files = [(ending, told.get(f"{name}.{ending}", {})) for ending in ENDINGS]
    return dcat.Dataset(
        id=f"{here}#{name}",
        title=table.title,
        about=table.about,
        page=here,
        keywords=KEYWORDS,
        files=tuple(dcat.File(f"{here}{name}.{e}", e, one.get("size", 0), one.get("sha256", "")) for e, one in files),
        first_day=made.first_day if made else None,
    )


def _files(name: str, made: Edition | None) -> list[Download]:
    """Each form of a table, with its size."""
    if made is None:
        return []
    found = [(ending, made.files.get(f"{name}.{ending}")) for ending in ENDINGS]
    return [
        Download(_LABELS[ending], reverse("open_data_file", args=[name, ending]), _size(told["size"]))
        for ending, told in found
        if told
    ]


def _size(size: int) -> str:
    """A size in bytes, kB or MB, rounded up to a whole number."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{-(-size // factor)} {unit}"
    return f"{size} B"


def _columns(name: str) -> Shown:
    table = BY_NAME[name]
    heads = (Column(_("Column")), Column(_("Kind")), Column(_("Means")))
    rows = [
        Row(Cell(c.name), (Cell(_KINDS[c.kind.name][language()]), Cell(c.means[language()]))) for c in table.columns
    ]
    return Shown(_("Columns of %(table)s") % {"table": table.title[language()].lower()}, heads, tuple(rows))


def _open(response: HttpResponseBase) -> HttpResponseBase:
    """Let programs of other origins read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


_LABELS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet"}
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "parquet": dcat.PARQUET}
_CATALOGUES = {"rdf": "RDF/XML", "ttl": "Turtle", "jsonld": "JSON-LD"}
_KINDS = {
    "TEXT": Words("text", "text"),
    "WHOLE": Words("heltal", "whole number"),
    "YES_NO": Words("sant/falskt", "true/false"),
    "DAY": Words("dag", "day"),
    "MOMENT": Words("tidpunkt (UTC)", "moment (UTC)"),
    "TEXTS": Words("lista av texter", "list of texts"),
}
_FORMS: dict[str, Callable[[list[dcat.Triple]], HttpResponse]] = {
    "rdf": lambda said: HttpResponse(dcat.rdf_xml(said), content_type="application/rdf+xml; charset=utf-8"),
    "ttl": lambda said: HttpResponse(dcat.turtle(said), content_type="text/turtle; charset=utf-8"),
    "jsonld": lambda said: JsonResponse(
        dcat.json_ld(said), content_type="application/ld+json", json_dumps_params={"ensure_ascii": False}
    ),
}
