"""When a page cannot be shown: what happened, what was saved, what to do. Never an apology without an action."""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from likvard.site.ui.context import frame
from likvard.site.ui.menu import Reader

log = logging.getLogger("likvard.site")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form does not make sense."""
    return render(request, "400.html", status=400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this reader. Tells why and whom to ask, where the refusal carries it (`people.access.Denied`)."""
    known = {name: getattr(exception, name, "") for name in ("reason", "ask", "sign_in")}
    return render(request, "403.html", known, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page. A reason written for the reader is shown; Django's own, for programmers, are not."""
    reason = exception.args[0] if exception is not None and exception.args else ""
    for_readers = isinstance(reason, str) and not reason.endswith("matches the given query.")
    return render(request, "404.html", {"reason": reason if for_readers else ""}, status=404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form came from elsewhere, or had lain open for too long."""
    return render(request, "403_csrf.html", status=403)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries in a short time."""
    return render(request, "429.html", status=429)


def error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The number on the page stands in the log. Uses neither database nor session: they may be the fault."""
    number = secrets.token_hex(4)
    log.error("The page %s failed; the reader was told the number %s.", request.path, number)
    context = {**frame(request, Reader()), "request": request, "number": number}
    return HttpResponse(loader.get_template("500.html").render(context), status=500)
