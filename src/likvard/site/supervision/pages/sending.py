"""A document's file as an answer: something to save, never something that a page may run."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from likvard.site.cases.models import DocumentVersion


def as_file(content: bytes, version: DocumentVersion) -> HttpResponse:
    """The content of a document's version, to be saved under its name."""
    response = HttpResponse(content, content_type=version.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, version.filename) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
