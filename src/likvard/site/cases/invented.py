"""A few invented matters for a demonstration, made by the same actions as real ones, each on a day of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from likvard.site.cases import actions
from likvard.site.cases.models import Case, LinkType, Outgoing
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Organiser, Unit, User

_NOTE = "Anteckning från besöket. Allt i den är påhittat.\n"


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is in the invented matters: each holds the role of the name, at the unit, its organiser or the whole country."""

    principal: User
    organiser_head: User
    inspector: User
    lead_inspector: User


def fill(crew: Crew, *, unit: Unit, at: datetime, folder: Path | None = None) -> list[Case]:
    """Open five matters about a unit and its organiser, in different states; nothing if there are matters already.

    The unit must have an organiser. The clocks of them are late, soon due, paused, running and met.
    """
    if Case.objects.exists() or unit.organiser is None:
        return []
    with transaction.atomic():
        waiting = _waiting_time(crew, unit, at, folder or settings.DOCUMENTS)
        made = [
            waiting,
            _follow_up(crew, unit, waiting, at),
            _calm(crew, unit, at),
            _not_shared_out(crew, unit.organiser, at),
            _closed(crew, unit, at),
        ]
        # Invented people have no letter boxes.
        Outgoing.objects.filter(case__in=made).update(state=Outgoing.State.DROPPED)
    return made


def _waiting_time(crew: Crew, unit: Unit, at: datetime, folder: Path) -> Case:
    """A matter in the midst of its investigation: one clock late, one paused, one soon due; a document and messages."""
    rut, start = crew.principal, at - timedelta(days=60)
    case = actions.open_case(kind="matter", title="Väntetid för utredning av stöd", place=unit, by=rut, at=start)
    case = actions.share_out(case=case, to=rut, by=crew.organiser_head, at=start + timedelta(days=1))
    case = actions.move(case=case, code="begin", by=rut, at=start + timedelta(days=2))
    today = day_of(at)
    answer = {"case": case, "by": rut, "at": start + timedelta(days=3)}
    actions.start_clock(name="Återkoppling till vårdnadshavare", due=today - timedelta(days=2), **answer)  # type: ignore[arg-type]
    rooms = actions.start_clock(name="Svar om lokaler", due=today + timedelta(days=10), **answer)  # type: ignore[arg-type]
    actions.start_clock(name="Redovisning till huvudmannen", due=today + timedelta(days=5), **answer)  # type: ignore[arg-type]
    actions.start_clock(duty="support_investigated", **answer)  # type: ignore[arg-type]
    actions.pause_clock(clock=rooms, reason="Väntar på brandskyddet", by=rut, at=at - timedelta(days=11))
    actions.attach(
        case=case, name="anteckning.txt", chunks=[_NOTE.encode()], title="Anteckning från besök", by=rut,
        at=at - timedelta(days=9), dated=today - timedelta(days=12), sensitive=False, folder=folder, scanner="",
    )  # fmt: skip
    head = crew.organiser_head
    question = "Väntetiden har halverats sedan mars. Räcker det för att lägga fram ärendet?"
    actions.send_message(case=case, to=[head], text=question, sensitive=False, by=rut, at=at - timedelta(days=4))
    about = "Påhittad uppgift om en påhittad elev."
    actions.send_message(case=case, to=[rut], text=about, sensitive=True, by=head, at=at - timedelta(days=3))
    actions.link(case=case, type=LinkType.MENTIONED, number="SI 2024:4573", by=rut, at=at - timedelta(days=3))
    return case


def _follow_up(crew: Crew, unit: Unit, follows: Case, at: datetime) -> Case:
    """An inspector's matter that follows on another: opened by the lead inspector and shared out."""
    ines, start = crew.inspector, at - timedelta(days=25)
    case = actions.open_case(
        kind="matter", title="Uppföljning av särskilt stöd", place=unit, by=crew.lead_inspector, at=start
    )
    case = actions.share_out(case=case, to=ines, by=crew.lead_inspector, at=start + timedelta(days=1))
    actions.link(case=case, type=LinkType.FOLLOWS, number=follows.dnr, by=ines, at=start + timedelta(days=2))
    case = actions.move(case=case, code="begin", by=ines, at=start + timedelta(days=2))
    due = day_of(at) + timedelta(days=14)
    actions.start_clock(case=case, name="Redovisning från huvudmannen", due=due, warn=14, by=ines, at=start)
    return actions.move(case=case, code="ask", by=ines, at=start + timedelta(days=3))


def _calm(crew: Crew, unit: Unit, at: datetime) -> Case:
    """A matter about individual pupils, waiting to be decided."""
    rut, start = crew.principal, at - timedelta(days=40)
    case = actions.open_case(
        kind="matter", title="Trygghet i korridorerna", place=unit, by=rut, secrecy="pupil", at=start
    )
    case = actions.share_out(case=case, to=rut, by=crew.organiser_head, at=start + timedelta(days=1))
    for days, code in ((2, "begin"), (20, "propose")):
        case = actions.move(case=case, code=code, by=rut, at=start + timedelta(days=days))
    return case


def _not_shared_out(crew: Crew, organiser: Organiser, at: datetime) -> Case:
    """A matter about the organiser as a whole, that nobody is responsible for yet."""
    start = at - timedelta(days=2)
    title = "Fråga om resursfördelning till skolor med olika behov"
    return actions.open_case(kind="matter", title=title, place=organiser, by=crew.organiser_head, at=start)


def _closed(crew: Crew, unit: Unit, at: datetime) -> Case:
    """A matter that was closed in time, with a reason that everybody can read."""
    rut, start = crew.principal, at - timedelta(days=200)
    case = actions.open_case(kind="matter", title="Studiero i årskurs 8", place=unit, by=rut, at=start)
    case = actions.share_out(case=case, to=rut, by=crew.organiser_head, at=start + timedelta(days=1))
    due = day_of(start) + timedelta(days=60)
    clock = actions.start_clock(case=case, name="Plan för studiero", due=due, by=rut, at=start + timedelta(days=1))
    case = actions.move(case=case, code="begin", by=rut, at=start + timedelta(days=2))
    actions.meet_clock(clock=clock, by=rut, at=start + timedelta(days=50))
    case = actions.move(case=case, code="propose", by=rut, at=start + timedelta(days=55))
    reason = "Enkäten visar att studieron är på samma nivå som i liknande skolor, två år i rad."
    return actions.move(case=case, code="close", by=crew.organiser_head, at=start + timedelta(days=60), reason=reason)
