"""What holds for every address of the API: methods, tokens, the rate, versions, other origins."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt

from likvard.site.api import actions
from likvard.site.api.cursors import etag
from likvard.site.api.models import Token
from likvard.site.api.problems import Kind, Problem
from likvard.site.api.rules import PUBLIC_RATE, TOKEN_RATE, Allowance, network
from likvard.terms import Words

View = Callable[..., HttpResponse]

METHODS = "GET, HEAD, OPTIONS"
EXPOSED = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
"""Headers that a page of another origin may read."""

PUBLIC_CACHE = "public, max-age=60"
PRIVATE_CACHE = "private, no-cache"


def front(view: View) -> View:
    """Wrap a view that answers GET. It finds the caller's token, or None, in `request.token`.

    A caller is counted before anything else is done, also one with a token that does not hold.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            return _options()
        head = request.method == "HEAD"
        allowance = None
        try:
            if request.method not in ("GET", "HEAD"):
                raise Problem(Kind.METHOD, headers={"Allow": METHODS})
            token, allowance = _admitted(request)
            request.token, request.method = token, "GET"  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
        except Problem as problem:
            response = problem.response
        return _finished(request, response, allowance, head=head)

    return csrf_exempt(answer)  # nothing is changed here, and a cookie opens nothing


def _options() -> HttpResponse:
    response = HttpResponse(status=204, headers={"Allow": METHODS, "Access-Control-Max-Age": "86400"})
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    return response


def _admitted(request: HttpRequest) -> tuple[Token | None, Allowance]:
    """The caller's token and what is left of the allowance. Raises `Problem` for a refused caller."""
    at = request.now  # type: ignore[attr-defined]
    sent = request.headers.get("Authorization")
    scheme, _, text = (sent or "").partition(" ")
    token = actions.find_token(text.strip(), at=at) if scheme.lower() == "bearer" else None
    if token is None:
        allowance = actions.take(rate=PUBLIC_RATE, caller=network(address(request)), at=at)
    else:
        allowance = actions.take(rate=TOKEN_RATE, caller=token.prefix, at=at)
    if not allowance.allowed:
        raise _too_many(allowance)
    if sent is not None and token is None:
        challenge = 'Bearer realm="likvard", error="invalid_token"'
        raise Problem(Kind.UNKNOWN_TOKEN, headers={"WWW-Authenticate": challenge, **counted(allowance)})
    if token is not None:
        actions.note_use(token, on=timezone.localdate(at))
    return token, allowance


def _too_many(allowance: Allowance) -> Problem:
    wait = allowance.retry_after
    detail = Words(f"Vänta {wait} sekunder och försök igen.", f"Wait {wait} seconds and try again.")
    return Problem(Kind.TOO_MANY, detail, headers={"Retry-After": str(wait), **counted(allowance)})


def counted(allowance: Allowance) -> dict[str, str]:
    """What is left, in the headers of the IETF's draft "RateLimit header fields for HTTP"."""
    rate = allowance.rate
    return {
        "RateLimit-Policy": f'"{rate.name}";q={rate.burst};w={rate.window}',
        "RateLimit": f'"{rate.name}";r={allowance.remaining};t={allowance.reset}',
    }


def address(request: HttpRequest) -> str:
    """The caller's address. What a proxy says of it is believed only where the site stands behind one."""
    believed = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if believed and len(forwarded) >= believed and forwarded[-believed].strip():
        return forwarded[-believed].strip()
    return request.META.get("REMOTE_ADDR", "")


def unchanged(request: HttpRequest, version: str) -> bool:
    """Whether the caller has this version already."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or any(tag.removeprefix("W/") == version for tag in known)


def not_modified(version: str) -> HttpResponse:
    """The answer to somebody who has this version."""
    return HttpResponse(status=304, headers={"ETag": version})


def _finished(request: HttpRequest, response: HttpResponse, allowance: Allowance | None, *, head: bool) -> HttpResponse:
    token = getattr(request, "token", None)
    if response.status_code == 200:
        response.headers.setdefault("ETag", etag(response.content.decode("utf-8", "replace")))
        if unchanged(request, response["ETag"]):
            response = not_modified(response["ETag"])
    if allowance is not None:
        for name, value in counted(allowance).items():
            response.headers.setdefault(name, value)
    if response.status_code in (200, 304):
        response.headers.setdefault("Cache-Control", PRIVATE_CACHE if token else PUBLIC_CACHE)
    if token is None:
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
    patch_vary_headers(response, ["Accept", "Authorization"])
    if head:
        request.method = "HEAD"
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
