"""What the tests of the interface share."""

from __future__ import annotations

from pathlib import Path

import pytest

import likvard.site


@pytest.fixture(scope="session")
def site_folder() -> Path:
    """The folder of the site's code and templates."""
    return Path(likvard.site.__file__).parent
