"""The one place where a finding's state is changed: the row, its public point and what everybody may know, at once."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import override

from likvard.site.cases import outbox
from likvard.site.cases.actions import happen, met
from likvard.site.cases.models import Case, Issued, IssuedHappening
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User
from likvard.site.supervision import standing
from likvard.site.supervision.models import Decision, Finding
from likvard.site.supervision.party import people
from likvard.site.supervision.rules import findings as table
from likvard.site.supervision.words import LETTERS

What = IssuedHappening.What


def held(finding: Finding) -> Finding:
    """The finding as it is now, its case locked before it."""
    Case.objects.select_for_update().get(pk=finding.decision.inspection_id)
    return Finding.objects.select_related("decision__inspection__case__unit", "decision__issued", "point").get(
        pk=finding.pk
    )


def issued_of(decision: Decision) -> Issued:
    """The document that the decision is. Raises `CaseError` for a draft."""
    if decision.issued is None:
        raise CaseError("The decision is not signed.", "Sign it first.")
    return decision.issued


def stand(
    finding: Finding,
    code: str,
    *,
    what: str,
    by: User,
    role: str,
    at: datetime,
    text: str = "",
    seen: str = "",
    day: date | None = None,
) -> Finding:
    """Take the finding (held) along a way of its table; its point stands the same, and everybody may know it.

    The caller changes the other fields of the finding before: they are kept in the same write.
    """
    way = table.way(finding.state, code)
    finding.state, finding.state_since = way.to, day or day_of(at)
    finding.save()
    tell_of(finding, what, by=by, role=role, at=at, text=text, seen=seen, day=day, state=way.to)
    return finding


def tell_of(
    finding: Finding,
    what: str,
    *,
    by: User,
    role: str,
    at: datetime,
    text: str = "",
    seen: str = "",
    day: date | None = None,
    state: str = "",
) -> None:
    """Tell everybody what has happened to a finding."""
    happen(
        issued=issued_of(finding.decision), point=finding.point, what=what, state=state, by=by, role=role, at=at, text=text,
        seen=seen, day=day,
    )  # fmt: skip


def meet_follow_up(case: Case, *, by: User, role: str, at: datetime) -> None:
    """Meet the clock of the follow-up when every finding that is left has been judged since the organiser answered."""
    if all(standing.is_judged(finding) for finding in standing.unsettled(case)):
        for clock in case.clocks.all().going().filter(duty="follow_up"):
            met(clock=clock, by=by, role=role, at=at)


def write_to(to: User, letter: str, case: Case, at: datetime, address: str) -> None:
    """Put a letter in the outbox, in the receiver's language. It says that something waits, never what."""
    with override(to.language):
        subject, body = (str(text) for text in LETTERS[letter])
        words = {"dnr": case.dnr, "address": address}
        outbox.post(to=to.email, subject=subject % words, body=body % words, at=at, case=case)


def write_to_organiser(letter: str, case: Case, at: datetime, address: str) -> None:
    """The same letter to everybody at the organiser who reads what the Inspectorate sends."""
    for person in people(case, day_of(at)):
        write_to(person, letter, case, at, address)


def write_to_responsible(letter: str, case: Case, at: datetime, address: str) -> None:
    """The same letter to whoever is responsible for the case, if anybody is."""
    if case.responsible is not None:
        write_to(case.responsible, letter, case, at, address)
