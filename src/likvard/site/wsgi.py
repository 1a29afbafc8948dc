"""What the web server loads. A worker takes requests only when it is warm: addresses known, figures open."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "likvard.site.settings")

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - what follows needs a Django that is set up

from likvard.site import published  # noqa: E402

ADDRESSES = len(get_resolver().url_patterns)
FIGURES = published.current()
