"""What every page's frame says of the figures: whether they are invented, and of which day they are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from likvard.site.insight.pages.answers import publication_of


def figures(request: HttpRequest) -> dict[str, Any]:
    """`synthetic` and `updated`."""
    publication = publication_of(request)
    if publication is None:
        return {"synthetic": settings.DEMO, "updated": None}
    return {"synthetic": settings.DEMO or publication.synthetic, "updated": publication.on}
