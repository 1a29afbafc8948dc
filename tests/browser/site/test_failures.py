"""The pages that are shown when another cannot be."""

from __future__ import annotations

import pytest
from django.urls import path

from likvard.site.ui import failures

pytestmark = pytest.mark.browser

PAGES = {
    "400": failures.bad_request,
    "403": failures.denied,
    "csrf": failures.csrf,
    "404": failures.not_found,
    "429": failures.too_many,
    "500": failures.error,
}


@pytest.mark.parametrize(("language", "width"), [("sv", 320), ("en", 1280)])
def test_no_page_of_failure_has_a_fault_itself(visit, faults, settings, language, width):
    settings.ROOT_URLCONF = tuple(path(name, page) for name, page in PAGES.items())
    found = {name: faults(visit(f"/{name}", language=language, width=width)) for name in PAGES}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
