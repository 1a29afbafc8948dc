"""The static files as they are served in use: every reference leads somewhere, under a name that changes with its content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
BUDGET = 120_000
"""Bytes of style and script that a first visit may load, not compressed: on a slow phone this is what is waited for."""


@pytest.fixture
def collected(settings, tmp_path: Path) -> Path:
    """The files as `likvard site serve` gathers them. Gathering fails if a style sheet asks for a file that is not there."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_file_that_a_page_asks_for_was_gathered(collected: Path, client: Client):
    page = client.get("/om/siffror/").content.decode()
    asked = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert len(asked) == 6
    assert all((collected / name).is_file() for name in asked)
    assert all(re.search(r"\.[0-9a-f]{12}\.", name) for name in asked)


def test_the_fonts_of_the_style_sheet_are_the_ones_that_were_gathered(collected: Path):
    [sheet] = collected.glob("ui/site.????????????.css")
    fonts = re.findall(r'url\("([^"]+woff2)"\)', sheet.read_text("utf-8"))
    assert len(fonts) == 2
    assert all((sheet.parent / font).is_file() for font in fonts)


def test_no_style_sheet_or_script_asks_for_anything_elsewhere():
    for name in ("ui/site.css", "ui/site.js", "figures/report.css"):
        text = Path(finders.find(name)).read_text("utf-8")
        assert not re.search(r"@import|url\([\"']?(https?:)?//|fetch\(", text)


def test_style_and_script_stay_within_their_budget():
    sizes = {
        name: Path(finders.find(name)).stat().st_size
        for name in ("ui/site.css", "ui/site.js", "ui/htmx.min.js", "figures/report.css")
    }
    assert sum(sizes.values()) <= BUDGET, sizes


def test_the_library_of_others_has_its_licence_beside_it():
    assert "Zero-Clause BSD" in Path(finders.find("ui/htmx.LICENSE")).read_text("utf-8")
