"""`likvard site`: the way in for whoever runs the site. Settings come from the environment (docs/running.md)."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "likvard.site.settings")
django.setup()

from likvard.site.command.main import site  # noqa: E402 - models can be imported only after Django is set up

__all__ = ["site"]
