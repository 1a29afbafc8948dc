"""What figures are about and come from: indicators, symbols, the publication."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from likvard.disclosure import LEGEND
from likvard.disclosure.publication import Publication
from likvard.indicators import Indicator, indicators
from likvard.indicators import load as load_indicator
from likvard.indicators.loading import families
from likvard.site import published
from likvard.site.api import rows
from likvard.site.api.answering import Table, answer, check_names, one, publication, synthetic
from likvard.site.api.problems import Kind, Problem
from likvard.site.api.schemas import Asked, IndicatorAnswer, IndicatorIdInPath, Indicators, Publications, Symbols
from likvard.site.api.words import said
from likvard.terms import Audience, UsageError

router = Router()


def _columns(row: rows.Row) -> tuple[str, ...]:
    return tuple(rows.flat(row))


@router.get("/indicators", response=Indicators, **said("indicators"))
def all_indicators(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Every indicator and every open family of them."""
    check_names(request, asked)
    listed = [rows.indicator(one) for one in (*indicators(), *families())]
    columns = [name for name in _columns(listed[0]) if name != "breaks"]
    return answer(request, asked, Table("indicators", listed, columns, {}))


@router.get("/indicators/{id}", response=IndicatorAnswer, **said("indicator"))
def one_indicator(request: HttpRequest, id: IndicatorIdInPath) -> HttpResponse:
    """One indicator by its id; an id of an open family gives the family's."""
    return one(request, rows.indicator(_indicator(id)))


def _indicator(id: str) -> Indicator:
    try:
        return load_indicator(id)
    except UsageError:
        raise Problem(Kind.NOT_FOUND) from None


@router.get("/symbols", response=Symbols, **said("symbols"))
def symbols(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Every reason why a number is missing."""
    check_names(request, asked)
    listed = [{"code": m.value, "symbol": sign, "words": rows.words(text)} for m, (sign, text) in LEGEND.items()]
    return answer(request, asked, Table("symbols", listed, _columns(listed[0]), {}))


@router.get("/publications", response=Publications, **said("publications"))
def publications(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """The publication that is read now; an empty list before the first one."""
    check_names(request, asked)
    found = published.current()
    listed = [] if found is None else [_publication(publication())]
    columns = ("synthetic", "id", "on", "lake", "software", "figures", "measures")
    return answer(request, asked, Table("publications", listed, columns, {"synthetic": synthetic()}))


@lru_cache(maxsize=1)
def _measures(one: Publication) -> tuple[str, ...]:
    """What the public may see of a publication, which never changes: at national scale the question takes a while."""
    return one.measures(Audience.PUBLIC)


def _publication(one: Publication) -> rows.Row:
    return {
        "id": one.id,
        "on": one.on.isoformat(),
        "lake": one.lake,
        "software": one.software,
        "figures": one.count,
        "measures": list(_measures(one)),
        "sources": {name: rows.source(row) for name, row in one.sources.items()},
    }
