"""What every page's template can use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The language of the page and the clock of the request."""
    return {"language": request.LANGUAGE_CODE, "now": request.now}  # type: ignore[attr-defined]
