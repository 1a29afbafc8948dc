"""Version 1 of the API: its operations, its problems, and its description as OpenAPI."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from likvard.site.api import catalogue, figures, places
from likvard.site.api.answering import as_json
from likvard.site.api.negotiation import MEDIA, Format
from likvard.site.api.problems import MEDIA as PROBLEM_MEDIA
from likvard.site.api.problems import PROBLEMS, Kind, Problem
from likvard.site.api.schemas import ProblemAnswer
from likvard.site.api.words import ABOUT, TITLE
from likvard.terms import Words

PREFIX = "api/v1/"

api = NinjaAPI(
    title=TITLE.en,
    version="1",
    description=ABOUT.en,
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url=None,
)
api.add_router("", figures.router)
api.add_router("", catalogue.router)
api.add_router("", places.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return Problem(Kind.NOT_FOUND).response


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"name": _parameter(one["loc"]), "message": str(one["msg"])} for one in error.errors]
    names = ", ".join(sorted({one["name"] for one in errors}))
    detail = Words(f"Något är fel i {names}.", f"Something is wrong in {names}.")
    return Problem(Kind.WRONG_QUESTION, detail, more={"errors": errors}).response


def _parameter(place: tuple[Any, ...]) -> str:
    """The name of the parameter, from where ninja found the fault: ("query", "asked", "limit")."""
    return next((str(part) for part in reversed(place) if isinstance(part, str)), "")


@functools.cache
def description() -> dict[str, Any]:
    """The API as OpenAPI 3.1, with what ninja does not know: problems, CSV, headers, how a token is sent."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=f"/{PREFIX}"))
    found["servers"] = [{"url": settings.BASE_URL}]
    found["components"]["schemas"]["Problem"] = ProblemAnswer.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    found["components"]["schemas"] |= found["components"]["schemas"]["Problem"].pop("$defs", {})
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path in found["paths"].values():
        for operation in path.values():
            _complete(operation)
            for parameter in operation["parameters"]:
                parameter["schema"] = _plain(parameter["schema"], found["components"]["schemas"])
    return found


def _plain(schema: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema without what says nothing in an address: null, titles, references."""
    (inner,) = schema.get("allOf") or [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    told = {**inner, **{name: value for name, value in schema.items() if name == "default"}}
    if "$ref" in told:
        told |= known[told.pop("$ref").rpartition("/")[2]]
    if "items" in told:
        told["items"] = _plain(told["items"], known)
    return {name: value for name, value in told.items() if name not in ("title", "description")}


def _complete(operation: dict[str, Any]) -> None:
    operation["security"] = [{}, {"token": []}]
    answers = {str(status): said for status, said in operation["responses"].items()}
    parameters = {parameter["name"] for parameter in operation["parameters"]}
    if "format" in parameters:
        answers["200"]["content"][MEDIA[Format.CSV].partition(";")[0]] = {"schema": {"type": "string"}}
    answers["200"]["headers"] = {
        name: {"schema": {"type": "string"}} for name in ("ETag", "RateLimit", "RateLimit-Policy")
    }
    answers["304"] = {"description": "You have this version already."}
    for status in sorted({explained.status for kind, explained in PROBLEMS.items() if _may(kind, parameters)}):
        answers[str(status)] = _problems(status)
    operation["responses"] = answers


def _may(kind: Kind, parameters: set[str]) -> bool:
    """Whether an operation with these parameters can answer with this kind of problem."""
    match kind:
        case Kind.METHOD:
            return False
        case Kind.BAD_CURSOR:
            return "cursor" in parameters
        case Kind.NOT_ALLOWED | Kind.NEEDS_TOKEN:
            return "audience" in parameters
        case Kind.NOT_FOUND | Kind.NOTHING_PUBLISHED:
            return bool(parameters & {"id", "number", "code", "audience"})
        case _:
            return True


def _problems(status: int) -> dict[str, Any]:
    titles = [explained.title.en for explained in PROBLEMS.values() if explained.status == status]
    said = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": ". ".join(titles) + ".", "content": {PROBLEM_MEDIA: said}}


def openapi(request: HttpRequest) -> HttpResponse:
    """The description as JSON."""
    return HttpResponse(as_json(description()), content_type=MEDIA[Format.JSON])


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The answer to an address that there is not."""
    raise Problem(Kind.NOT_FOUND)
