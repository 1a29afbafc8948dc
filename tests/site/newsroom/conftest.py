"""Issued documents of the cast, and decisions on their way to the register. In English unless a test asks for Swedish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from likvard.site.cases import actions as cases
from likvard.site.cases.actions.issuing import Point, issue
from likvard.site.cases.models import Issued
from likvard.site.newsroom import actions
from likvard.site.newsroom.models import Publication
from likvard.site.people.models import User
from likvard.site.people.roles import Place, Role
from likvard.site.writing.text import Bullets, Heading, Paragraph, Reason, Run, Written, as_data

CANARY = "Kanarina"
"""The name of a pupil: wherever it is seen after masking, something leaks."""
DECIDED = date(2025, 4, 28)
AT = datetime(2025, 4, 30, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Texts in the language that the code is written in."""
    with translation.override("en"):
        yield


def decision(canary: str = CANARY, place: str = "Björkskolan", number: str = "SYN 2025:1") -> Written:
    """A decision in which a pupil is named four times: in a paragraph, across bold, in a list, and as a genitive."""
    return Written(
        title=f"Beslut för {place} efter planerad tillsyn", kicker="Beslut", language="sv", register_number=number,
        dated=DECIDED, authority="Skolinspektionen", addressee=("Ekviks kommun",),
        blocks=(
            Heading(2, "Skolinspektionens beslut"),
            Heading(3, "Extra anpassningar och särskilt stöd"),
            Paragraph((Run("Ekviks kommun föreläggs att senast den 28 november 2025 vidta åtgärder så att"),)),
            Bullets(((Run("elevers behov av särskilt stöd utreds skyndsamt (3 kap. 7 § skollagen), och"),),
                     (Run(f"eleven {canary} Testsson får det stöd som eleven har rätt till."),))),
            Heading(3, "Trygghet, studiero och åtgärder mot kränkande behandling"),
            Paragraph((Run("Rektorn anmälde inte alltid uppgifter om kränkande behandling till huvudmannen."),)),
            Heading(2, "Skäl för beslutet"),
            Paragraph((Run(f"Vid besöket fanns {canary} "), Run("Testsson", strong=True), Run(" där utredningen dröjt."))),
            Paragraph((Run(f"{canary}s behov var känt. Ärende 400-2011:6497 gällde samma skola."),)),
        ),
        signatures=(("Beslutsfattare", "Lea Ledare"),), notice="SYNTETISKT – EJ ETT MYNDIGHETSBESLUT",
    )  # fmt: skip


def plain(canary: str = CANARY) -> Written:
    """The decision in plain words."""
    return Written(
        title="Kort och enkelt", kicker="", language="sv", register_number="SYN 2025:1", dated=DECIDED,
        authority="Skolinspektionen", addressee=(),
        blocks=(
            Paragraph((Run("Vad såg Skolinspektionen? ", strong=True),
                       Run(f"Elever som behövde stöd, som {canary}, fick vänta för länge."))),
            Paragraph((Run("Vad måste kommunen göra? ", strong=True), Run("Ta reda på snabbt vad eleverna behöver."))),
        ),
    )  # fmt: skip


POINTS = (
    Point(1, "Extra anpassningar och särskilt stöd", area="unit.support", instrument="injunction",
          provisions=("skollagen 3:7",), due=date(2025, 11, 28)),
    Point(2, "Trygghet, studiero och åtgärder mot kränkande behandling", area="unit.safety", instrument="remark",
          provisions=("skollagen 6:10",), due=date(2025, 11, 28)),
)  # fmt: skip


@pytest.fixture
def issued(cast: Any, places: Any, tmp_path: Any, settings: Any) -> Callable[..., Issued]:
    """Issue a decision about Björkskolan, unless told otherwise."""
    settings.DOCUMENTS = tmp_path

    def make(**more: Any) -> Issued:
        place = more.pop("place", places.björk)
        case = more.pop("case", None) or cases.open_case(
            kind="supervision", title=f"Tillsyn av {place}", place=place, by=cast.lea, at=AT
        )
        text = more.pop("text", None) or decision(place=str(place), number=case.dnr)
        facts = {
            "schema": 1, "register_number": case.dnr, "type": "planned", "level": "unit", "synthetic": True,
            "organiser": {"number": "2120009991", "name": "Ekviks kommun", "kind": "municipal"},
            "unit": {"code": place.pk, "name": str(place)} if len(place.pk) == 8 else None,
        }  # fmt: skip
        known = {
            "kind": "decision", "title": text.title, "dated": DECIDED, "signed_by": "Lea Ledare", "points": POINTS,
            "content": {"text": as_data(text), "plain": as_data(more.pop("plain", None) or plain()), "facts": facts},
            "pdf": b"%PDF-1.7\n", "filename": "beslut.pdf", "about": "planned", "level": "unit", "by": cast.lea,
            "role": "lead_inspector", "at": AT, "folder": tmp_path,
        }  # fmt: skip
        return issue(case=case, **{**known, **more})

    return make


@pytest.fixture
def pia(cast: Any, member: Callable[..., Any]) -> User:
    """A second press officer."""
    made = User.objects.create_user("pia@example.se", name="Pia Press")
    member(made, Role.PRESS_OFFICER, Place())
    return made


@pytest.fixture
def prepared(issued: Callable[..., Issued], cast: Any) -> Publication:
    """The decision being prepared, with the pupil hidden everywhere."""
    made = actions.prepare(issued=issued(), by=cast.petra, at=AT)
    for words in (f"{CANARY} Testsson", CANARY):
        actions.hide(publication=made, words=words, reason=Reason.PUPIL, by=cast.petra, at=AT)
    return made


@pytest.fixture
def publish(cast: Any) -> Callable[..., Publication]:
    """Let the lead inspector read it, and publish it."""

    def make(publication: Publication, at: datetime = AT) -> Publication:
        actions.move(publication=publication, code="ask", by=cast.petra, at=at)
        return actions.move(publication=publication, code="publish", by=cast.lea, at=at)

    return make


@pytest.fixture
def published(prepared: Publication, publish: Callable[..., Publication]) -> Publication:
    """The decision as everybody reads it."""
    return publish(prepared)


@pytest.fixture
def visit(client: Any, tmp_path: Any, settings: Any) -> Callable[..., Any]:
    """Ask for a page as somebody, in English; with data, send a form."""
    settings.DOCUMENTS = tmp_path
    settings.SECOND_FACTOR = False

    def ask(user: User | None, address: str, data: Any = None, language: str = "en", **more: Any) -> Any:
        client.logout()
        if user is not None:
            client.force_login(user)
        client.cookies["sprak"] = language
        return client.post(address, data, **more) if data is not None else client.get(address, **more)

    return ask
