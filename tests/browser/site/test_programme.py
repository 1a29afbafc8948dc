"""The programme of supervision in the browser: its map, lists, rule and protocol, on a phone and without a script."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.browser.conftest import follow

from likvard.site.people.models import Unit
from likvard.site.supervision import candidates
from likvard.site.supervision.actions import programme as actions
from likvard.site.supervision.models import Programme, ProgrammeUnit
from likvard.site.supervision.selection import Rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
RULE = Rule(seed="3 9 17", places=3, random=34, unknown=34, organisers=1, units_needed=2, lowest=100)


@pytest.fixture
def programme(cast, places) -> Programme:
    """A programme of the cast's units, two of them with figures, with a rule that is set."""
    made = Programme.objects.create(
        name="Tillsyn 2026", start=date(2026, 1, 1), end=date(2026, 12, 31), measure="merit_value", publication="p",
        published_on=date(2025, 9, 1), made_at=AT, made_by=cast.lea,
    )  # fmt: skip
    for unit in Unit.objects.active():
        value = {places.björk.code: -30.0, places.gran.code: 12.0}.get(unit.code)
        known = {"organiser": unit.organiser, "county": "01", "municipality": "9999", "form": unit.forms[0]}
        ProgrammeUnit.objects.create(
            programme=made, unit=unit, difference=value, missing="" if value else "few", **known
        )
    made.fingerprint = candidates.fingerprint(made)
    made.save()
    actions.set_rule(programme=made, rule=RULE, seed_from="Lotto", reason="Prövning", by=cast.lea, at=AT)
    return made


@pytest.mark.parametrize(("language", "width"), [("sv", 1280), ("en", 320)])
def test_its_pages_have_no_fault_on_a_phone_or_a_screen(visit, faults, cast, programme, language, width):
    actions.decide(programme=programme, decision="Enligt regeln", by=cast.lea, at=AT)
    root, found = f"/tillsyn/program/{programme.pk}/", {}
    for rest in ("", "?lan=01", "lista/", "lista/?visa=enheter", "regel/?platser=1", "urval/", "planera/"):
        page = visit(root + rest, reader=cast.lea, language=language, width=width)
        found[rest] = [*faults(page), *([] if page.status == 200 else [page.status])]
    assert found == {key: [] for key in found}
    assert faults(visit(f"/tillsyn/urvalsregel/{programme.pk}/", language=language, width=width)) == []


def test_a_rule_is_tried_without_a_script(visit, cast, programme):
    page = visit(f"/tillsyn/program/{programme.pk}/regel/", reader=cast.lea, language="en", script=False)
    page.get_by_label("Units to select").fill("1")
    follow(page.get_by_role("button", name="Work it out"))
    assert "platser=1" in page.url
    assert "would go out" in page.locator("main").inner_text()
