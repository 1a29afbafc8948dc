"""Whether there is a round that one may not read cannot be told: the same answer as for one that there is not."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from likvard.site.resources import actions
from likvard.site.resources.urls import urlpatterns

pytestmark = pytest.mark.django_db
OF_A_ROUND = sorted(str(one.name) for one in urlpatterns if "slug:slug" in str(one.pattern))
MORE = {"resources_version": {"version": 1}, "resources_give_view": {"code": "90000001"}, "resources_answer": {"pk": 1}}
MORE["resources_settle"] = {"pk": 1}
OUTSIDE = {"draft": ["nobody", "rut"], "heard": ["nobody"], "dropped": ["lea"]}


def answered(client, method, name, number, slug):
    """What an address answers, without what differs each time: the address itself, and tokens of forms."""
    response = getattr(client, method)(reverse(name, kwargs={"number": number, "slug": slug, **MORE.get(name, {})}))
    said = f"{response.status_code} {response.get('Location', '')} {response.content.decode()}".replace(slug, "SLUG")
    return re.sub(r'(value|nonce|content|data-[a-z]+)="[0-9A-Za-z_-]{20,}"', "", said)


@pytest.fixture
def dropped(draft, cast, now):
    """The draft, dropped."""
    return actions.drop(round=draft, reason="Fel år.", by=cast.kim, at=now)


@pytest.mark.parametrize("state", OUTSIDE)
def test_a_round_that_is_not_open_answers_as_one_that_is_not_there(state, request, cast, enter):
    round = request.getfixturevalue(state)
    assert len(OF_A_ROUND) == 19
    for who in OUTSIDE[state]:
        client = enter(None if who == "nobody" else getattr(cast, who))
        for name in OF_A_ROUND:
            for method in ("get", "post") if who == "nobody" else ("get",):
                there = answered(client, method, name, round.organiser_id, round.slug)
                assert there[:3] in {"302", "403", "404", "405"}, (who, name, method)
                assert there == answered(client, method, name, round.organiser_id, "2031"), (who, name, method)


def test_a_stranger_is_asked_to_sign_in_and_whoever_is_signed_in_is_told_that_nothing_is_there(draft, cast, enter):
    for slug in (draft.slug, "2031"):
        address = reverse("resources_round", kwargs={"number": draft.organiser_id, "slug": slug})
        assert enter(None).get(address).status_code == 302
        assert enter(cast.lea).get(address).status_code == 404
