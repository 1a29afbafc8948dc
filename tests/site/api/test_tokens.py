"""Tokens: made by their owners, shown once, never wider than the owner's own access on the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.site.api.conftest import EKVIK, LÄRKAN, SECRET_VALUE

from likvard.site.api import actions
from likvard.site.api.models import Token
from likvard.site.api.rules import TOKENS_AT_ONCE
from likvard.site.audit.models import Event
from likvard.site.people.access import Denied
from likvard.site.people.models import Membership

OWN = f"figures?audience=organiser&organiser={EKVIK}"
BJÖRK, GRAN = "90000001", "90000002"


def values(answer) -> set:
    return {figure["value"] for figure in answer["figures"]}


def test_the_organisers_own_figures_are_read_with_a_token_and_its_reason(program_of, cast, publication):
    answer = program_of(cast.harald).get(OWN)
    assert SECRET_VALUE in values(answer)
    assert answer["access"]["role"] == "organiser_head"
    assert "Ekviks kommun" in answer["access"]["reason"]["sv"]
    assert answer["access"]["reason"]["sv"] != answer["access"]["reason"]["en"]


def test_the_public_does_not_see_what_the_organiser_sees(anybody, publication):
    assert SECRET_VALUE not in values(anybody.get(f"figures?organiser={EKVIK}"))


def test_a_token_alone_does_not_turn_public_figures_into_the_organisers(program_of, cast, publication):
    answer = program_of(cast.harald).get(f"figures?organiser={EKVIK}")
    assert SECRET_VALUE not in values(answer)
    assert answer["audience"] == "public"


@pytest.mark.parametrize("who", ["sten", "elsa", "adam", "olle", "bea", "lis", "petra", "nils", "ines", "other_harald"])
def test_whoever_does_not_reach_an_organiser_is_refused(who, cast, places, publication, member, program_of, now):
    owner = getattr(cast, who)
    program = program_of(owner, reads_organiser=False)
    Token.objects.update(reads_organiser=True)
    answer = program.ask(OWN)
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (403, "problem-not-allowed")
    assert answer.json()["words"]["sv"] != answer.json()["words"]["en"]


@pytest.mark.parametrize("who", ["harald", "kim", "anna"])
def test_whoever_works_for_the_organiser_reads_its_figures(who, cast, publication, program_of):
    assert SECRET_VALUE in values(program_of(getattr(cast, who)).get(OWN))


def test_a_principal_reads_the_own_unit_and_not_the_organiser(cast, publication, program_of):
    program = program_of(cast.rut)
    own = program.get(f"figures?audience=organiser&area={BJÖRK}")
    assert {(f["level"], f["area"]) for f in own["figures"]} == {("unit", BJÖRK)}
    assert program.ask(OWN).status_code == 403
    assert program.ask(f"figures?audience=organiser&area={GRAN}").status_code == 403


def test_other_organisers_never_come_along(cast, publication, program_of):
    program = program_of(cast.harald)
    assert program.get(f"{OWN}&area=90000005")["figures"] == []
    assert program.ask(f"figures?audience=organiser&organiser={LÄRKAN}").status_code == 403
    assert {f["area"] for f in program.get(OWN)["figures"]} == {EKVIK, BJÖRK, GRAN}


def test_an_audience_without_a_place_is_no_question(cast, publication, program_of):
    for path in ("figures?audience=organiser", f"figures?audience=organiser&area={BJÖRK}&area={GRAN}"):
        assert program_of(cast.harald).ask(path).status_code == 422


@pytest.mark.parametrize(
    "path", ["figures?audience=organiser&organiser=9999999999", "figures?audience=organiser&area=x"]
)
def test_a_place_that_there_is_not_is_not_found(path, cast, publication, program_of):
    assert program_of(cast.harald).ask(path).status_code == 404


def test_without_a_token_one_is_asked_for(anybody, places, publication):
    answer = anybody.ask(OWN)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="likvard"')


def test_a_token_without_the_right_is_refused(cast, publication, program_of):
    assert program_of(cast.harald, reads_organiser=False).ask(OWN).status_code == 403


def test_access_that_ended_yesterday_has_ended_for_the_token_too(cast, publication, program_of, today):
    program = program_of(cast.harald)
    Membership.objects.filter(user=cast.harald).update(end=today - timedelta(days=1))
    assert program.ask(OWN).status_code == 403


@pytest.mark.parametrize(
    "sent", ["Bearer likvard_0123456789_" + "A" * 43, "Bearer", "Basic YTpi", "likvard", "Bearer ö"]
)
def test_a_token_that_does_not_hold_is_refused_everywhere(sent, anybody, publication):
    answer = anybody.ask("symbols", Authorization=sent)
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (401, "problem-unknown-token")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_revoked_token_stops_at_once(cast, publication, program_of, now):
    program = program_of(cast.harald)
    actions.revoke_token(by=cast.harald, token=Token.objects.get(), at=now)
    assert program.ask("symbols").status_code == 401


def test_a_token_that_is_too_old_stops(cast, publication, program_of, clock):
    program = program_of(cast.harald, days=30)
    clock(30 * 86400 - 1)
    assert program.ask("symbols").status_code == 200
    clock(1)
    assert program.ask("symbols").status_code == 401


def test_a_closed_account_closes_its_tokens(cast, publication, program_of):
    program = program_of(cast.harald)
    type(cast.harald).objects.filter(pk=cast.harald.pk).update(is_active=False)
    assert program.ask("symbols").status_code == 401


def test_the_secret_is_nowhere_in_the_database(cast, program_of):
    program = program_of(cast.harald)
    kept = Token.objects.values().get()
    assert program.token.secret not in str(kept)
    assert program.token.secret not in str(list(Event.objects.values()))


def test_the_day_of_the_last_use_is_noted(cast, publication, program_of, today):
    program_of(cast.harald).ask("symbols")
    assert Token.objects.get().last_used == today


def test_making_and_revoking_are_in_the_chain(cast, program_of, now):
    program = program_of(cast.harald)
    actions.revoke_token(by=cast.harald, token=Token.objects.get(), at=now)
    actions.revoke_token(by=cast.harald, token=Token.objects.get(), at=now)
    events = Event.objects.about(f"user:{cast.harald.pk}").of("token.*")
    assert [event.what for event in events] == ["token.made", "token.revoked"]
    assert {event.values["token"] for event in events} == {program.token.prefix}


def test_reading_what_is_not_public_is_in_the_chain(cast, publication, program_of):
    program = program_of(cast.harald)
    version = program.ask(f"{OWN}&year=2023")["ETag"]
    program.ask(f"{OWN}&year=2023", **{"If-None-Match": version})
    program.ask("figures")
    (event,) = Event.objects.of("figures.read")
    assert (event.actor, event.role, event.subject) == (str(cast.harald.pk), "organiser_head", f"organiser:{EKVIK}")
    assert event.values["publication"] == publication.id
    assert event.values["asked"]["year"] == [2023]
    assert event.reason


def test_reading_a_unit_names_the_unit_in_the_chain(cast, publication, program_of):
    program_of(cast.rut).get(f"figures?audience=organiser&area={BJÖRK}")
    (event,) = Event.objects.of("figures.read")
    assert (event.subject, event.unit) == (f"unit:{BJÖRK}", BJÖRK)


def test_nobody_makes_a_token_that_reaches_further_than_themselves(cast, now):
    with pytest.raises(Denied):
        actions.make_token(by=cast.olle, name="x", reads_organiser=True, days=30, at=now)
    assert not Token.objects.exists()


def test_nobody_has_more_tokens_than_one_may_have(cast, program_of, now):
    for _ in range(TOKENS_AT_ONCE):
        program_of(cast.harald)
    with pytest.raises(Denied):
        program_of(cast.harald)
    actions.revoke_token(by=cast.harald, token=Token.objects.first(), at=now)
    program_of(cast.harald)


def test_nobody_revokes_anothers_token(cast, program_of, now):
    program_of(cast.harald)
    with pytest.raises(Denied):
        actions.revoke_token(by=cast.other_harald, token=Token.objects.get(), at=now)
    assert Token.objects.get().revoked_at is None
