"""Publish invented decisions for a demonstration: with what is hidden, what has been released since, and a press release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from likvard.site.cases.models import Issued
from likvard.site.cases.states import CaseError
from likvard.site.newsroom import actions
from likvard.site.newsroom.models import PressContact, Publication
from likvard.site.people.models import User
from likvard.site.writing.text import Reason

DAY = timedelta(days=1)
HIDDEN = ("på Hasselbackens enhet i årskurs 5", "För tre elever fanns ingen utredning")
"""Passages of the invented decisions that could point at pupils, if there were any."""

LEAD = (
    "Skolinspektionen har granskat alla skolor i kommunen. Skillnaderna mellan skolorna är stora. Kommunen pratar ofta med sina "
    "skolor, men två skolformer saknas i uppföljningen. Allt i det här pressmeddelandet är påhittat."
)
BODY = """Kommunen har kvalitetsdialoger med varje grundskola och gymnasieskola, frågar eleverna om trygghet och följer frånvaron snabbt.

Det här ska kommunen rätta till:

- följa upp anpassad grundskola och anpassad gymnasieskola
- låta varje rektor följa upp modersmålsundervisningen
- snabbt få veta när en elev känner sig kränkt

Sex fristående skolor i kommunen får egna beslut."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is at the desk: one prepares, another reads again."""

    press_officer: User
    lead_inspector: User


def fill(crew: Crew, issued: Sequence[Issued], *, at: datetime) -> list[Publication]:
    """Publish all but the last two of what was issued; one of those waits for a second reader, the other in the queue."""
    if Publication.objects.exists():
        return []
    with transaction.atomic():
        made = [_published(crew, one) for one in issued[:-2]]
        for one in issued[-2:-1]:
            waiting = actions.prepare(issued=one, by=crew.press_officer, at=at - 2 * DAY)
            actions.move(publication=waiting, code="ask", by=crew.press_officer, at=at - DAY)
        if made:
            _press_release(crew, made, at)
    return made


def _published(crew: Crew, issued: Issued) -> Publication:
    begun = issued.issued_at + DAY
    made = actions.prepare(issued=issued, by=crew.press_officer, at=begun)
    for words in HIDDEN:
        try:
            actions.hide(publication=made, words=words, reason=Reason.PUPIL, by=crew.press_officer, at=begun)
        except CaseError:
            continue  # the passage does not stand in this one
    actions.move(publication=made, code="ask", by=crew.press_officer, at=begun)
    actions.move(publication=made, code="publish", by=crew.lead_inspector, at=begun + DAY)
    for happening in issued.happenings.exclude(text="").exclude(by=crew.press_officer):
        actions.release(publication=made, happening=happening, by=crew.press_officer, at=happening.at + DAY)
    made.refresh_from_db()
    return made


def _press_release(crew: Crew, decisions: Sequence[Publication], at: datetime) -> None:
    by, begun = crew.press_officer, decisions[0].published_at or at
    contact: PressContact = actions.keep_contact(
        name="Presstjänsten (påhittad)", title="", phone="08-000 00 00", email="press@demo.example", by=by, at=begun
    )
    text = actions.Text(
        title=f"Stora skillnader mellan skolorna: {decisions[0].organiser_name} ska rätta till tre brister",
        lead=LEAD, body=BODY, contact=contact, tags=("systematiskt kvalitetsarbete", "likvärdighet"),
        decisions=tuple(decisions),
    )  # fmt: skip
    made = actions.write(text=text, by=by, at=begun)
    actions.move_release(release=made, code="ask", by=by, at=begun)
    actions.move_release(release=made, code="publish", by=crew.lead_inspector, at=begun)
