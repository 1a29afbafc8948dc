"""What is found of a reader as a request begins serves the whole request."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from likvard.site.people import access
from likvard.site.people.roles import Place, Role


def test_memberships_are_asked_for_once_a_request(cast, enter, settings):
    settings.SECOND_FACTOR = False
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = enter(cast.rut).get("/arenden/")
    assert answer.status_code == 200
    assert sum('FROM "people_membership"' in query["sql"] for query in asked) == 1


def test_whoever_is_no_reader_of_a_page_is_asked_about_anew(cast, member, today):
    assert access.memberships(cast.olle, today) == []
    given = member(cast.olle, Role.STAFF, Place(unit="90000001"))
    assert access.memberships(cast.olle, today) == [given]
