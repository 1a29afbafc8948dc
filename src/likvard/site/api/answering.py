"""How an answer is put together: the question checked, the page cut, the text written as JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from likvard.disclosure.publication import Publication
from likvard.site import published
from likvard.site.api import rows
from likvard.site.api.cursors import CursorError, Question
from likvard.site.api.negotiation import MEDIA, Format, preferred
from likvard.site.api.problems import Kind, Problem
from likvard.site.api.schemas import Asked, Paged
from likvard.terms import Words

NOT_FILTERS = frozenset({"format", "limit", "cursor"})
OF_THE_SITE = frozenset({"sprak"})
"""What the site itself reads from every address."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is answered: the members around the list, the list's name, its rows and its columns as CSV."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[str]
    around: Mapping[str, Any]
    link: str | None = None


def publication() -> Publication:
    """The publication that is read now. Raises `Problem` if there is none."""
    found = published.current()
    if found is None:
        raise Problem(Kind.NOTHING_PUBLISHED)
    return found


def synthetic() -> bool:
    """Whether everything is invented."""
    found = published.current()
    return settings.DEMO or (found is not None and found.synthetic)


def wrong(name: str, message: Words) -> Problem:
    """The problem of a parameter that is not as it should be."""
    return Problem(Kind.WRONG_QUESTION, message, more={"errors": [{"name": name, "message": message.en}]})


def check_names(request: HttpRequest, asked: Asked) -> None:
    """Raise `Problem` for a parameter that there is not: a filter that is misspelt would else be no filter."""
    known = set(type(asked).model_fields)
    for name in request.GET:
        if name not in known | OF_THE_SITE:
            listed = ", ".join(sorted(known))
            message = Words(
                f"Det finns ingen parameter {name!r}. Välj bland {listed}.",
                f"There is no parameter {name!r}. Choose among {listed}.",
            )
            raise wrong(name, message)


def question(request: HttpRequest, asked: Asked, version: str) -> Question:
    """What is asked, as cursors and versions are made from it: the order of parameters does not matter."""
    given = asked.model_dump(mode="json", exclude_none=True, exclude=set(NOT_FILTERS))
    filters = {
        name: sorted(str(v) for v in value) if isinstance(value, list) else [str(value)]
        for name, value in given.items()
    }
    return Question(request.path, version, filters)


def after(question: Question, asked: Paged, parts: int) -> tuple[str, ...] | None:
    """The key after which the page begins, None for the first page. Raises `Problem` for a cursor that does not hold."""
    if asked.cursor is None:
        return None
    try:
        return question.after(asked.cursor, parts)
    except CursorError as error:
        raise Problem(Kind.BAD_CURSOR, error.words) from None


def next_link(request: HttpRequest, cursor: str) -> str:
    """The address of the next page."""
    given = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    return f"{settings.BASE_URL}{request.path}?{urlencode([*given, ('cursor', cursor)])}"


def written(request: HttpRequest, asked: Asked) -> Format:
    """How the answer is to be written."""
    return asked.format or preferred(request.headers.get("Accept", ""))


def answer(request: HttpRequest, asked: Asked, table: Table, *, version: str = "") -> HttpResponse:
    """The table as JSON or CSV. `version` is the answer's ETag, made from its content if it is empty."""
    form = written(request, asked)
    if form is Format.CSV:
        text = rows.as_csv(table.columns, (rows.flat({**_told(table), **row}) for row in table.rows))
    else:
        text = as_json({**table.around, table.name: list(table.rows), **({"next": table.link} if paged(asked) else {})})
    response = HttpResponse(text, content_type=MEDIA[form])
    if version:
        response["ETag"] = version
    if table.link:
        response["Link"] = f'<{table.link}>; rel="next"'
    return response


def paged(asked: Asked) -> bool:
    """Whether answers come in pages."""
    return isinstance(asked, Paged)


def as_json(content: Mapping[str, Any]) -> str:
    """JSON in one line. Raises `ValueError` for a number that JSON does not know."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def one(request: HttpRequest, content: Mapping[str, Any]) -> HttpResponse:
    """One thing as JSON."""
    return HttpResponse(as_json(content), content_type=MEDIA[Format.JSON])


def _told(table: Table) -> dict[str, Any]:
    """The members around the list that every row of the CSV repeats."""
    told = {name: table.around[name] for name in ("synthetic",) if name in table.around}
    if "publication" in table.around:
        told["publication"] = table.around["publication"]["id"]
    return told
