"""The whole of supervision in a real browser, by the people whose work it is: from the programme to a closed finding.

The story is that of a municipality in whose schools results differ. Its organiser is inspected, and six independent schools
separately. Three findings: special school forms are left out of the quality work, mother-tongue tuition is not followed up, signals
of abuse come late. They are answered and followed up; two are closed, one is taken further.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from tests.browser.conftest import follow
from tests.site.supervision.test_programme import publication

from likvard.site import published
from likvard.site.audit import chain
from likvard.site.cases import outbox
from likvard.site.cases.models import Case
from likvard.site.newsroom import background
from likvard.site.newsroom.models import Publication
from likvard.site.people.models import Organiser, Unit
from likvard.site.supervision.models import Decision, Finding
from likvard.site.ui import middleware

__all__ = ["publication"]
pytestmark = pytest.mark.browser

HIDDEN = "en elev i årskurs 5 på Hasselbackens enhet"
FINDINGS = (
    (("skollagen 4:3", "skollagen 4:5"), "Anpassad grundskola och gymnasieskola ingår inte i kvalitetsdialogerna.",
     "följa upp anpassad grundskola och anpassad gymnasieskola"),
    (("skollagen 4:3",), "Två av sex rektorer vet hur det går för deras elever i modersmål.",
     "varje rektor följer upp modersmålsundervisningen"),
    (("skollagen 6:10",), f"Anmälningar når huvudmannen efter nio dagar. För {HIDDEN} tog det nio veckor.",
     "de ansvariga snabbt får veta när skolor har signaler om kränkande behandling"),
)  # fmt: skip
ANSWERS = (
    ("result", "Uppföljning av anpassad skola", "Fyra av fyra enheter är uppföljda."),
    ("record", "Rektorernas uppföljningar", "27 av 28 rektorer har följt upp."),
    ("plan", "Rutin för anmälningar", "Hur en anmälan ska gå."),
)
CLOSED = "Bristen är avhjälpt: uppföljningen är gjord för varje enhet och vi har läst resultaten."


@dataclass
class Calendar:
    """What day it is on the site."""

    now: datetime

    def turn_to(self, month: int, day: int, year: int = 2025) -> date:
        """Another day, at nine in the morning."""
        self.now = datetime(year, month, day, 8, tzinfo=UTC)
        return self.now.date()

    @property
    def today(self) -> date:
        return self.now.date()


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The site's clock, turned by the test."""
    found = Calendar(datetime(2025, 1, 13, 8, tzinfo=UTC))
    monkeypatch.setattr(middleware, "timezone", SimpleNamespace(now=lambda: found.now))
    return found


@pytest.fixture(autouse=True)
def shelf(publication: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Released figures to select by, and a folder for documents."""
    settings.DOCUMENTS = tmp_path
    monkeypatch.setattr(published, "current", lambda: publication)


@pytest.fixture
def independent(places: Any) -> list[Unit]:
    """Six independent schools in the municipality, each with an organiser of its own."""
    made = []
    for n in range(6):
        organiser = Organiser.objects.create(number=f"556000100{n}", name=f"Fristående {n} AB", kind="independent")
        unit = Unit(code=f"9100000{n}", name=f"Friskolan {n}", organiser=organiser, municipality_code="9999")
        unit.forms = ("GR",)
        unit.save()
        made.append(unit)
    return made


Do = Callable[..., Page]


@pytest.fixture
def do(visit: Callable[..., Page], cast: Any) -> Do:
    """Go to an address as somebody, fill in a form and send it; what is refused fails the test with what the page says."""

    def act(who: str, path: str, press: str = "", **fields: Any) -> Page:
        page = visit(path, reader=getattr(cast, who) if who else None, language="en")
        page.set_default_timeout(5000)
        assert page.status == 200, (path, page.status)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for name, value in fields.items():
            _fill(page, name, value)
        button = page.locator("main").get_by_role("button", name=press) if press else page.locator("main form button")
        follow(button.last)
        problems = page.locator(".errors, .error-summary, [role=alert]").all_inner_texts()
        assert not problems, (path, problems)
        return page

    return act


def _fill(page: Page, name: str, value: Any) -> None:
    field = page.locator(f"main [name='{name}']")
    kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind in ("radio", "checkbox"):
        for one in [value] if isinstance(value, str) else [] if value is True else value:
            page.check(f"main [name='{name}'][value='{one}']")
        if value is True:
            field.first.check()
    elif kind == "select":
        field.first.select_option(value)
    elif kind == "file":
        field.first.set_input_files(value)
    else:
        field.first.fill(value.isoformat() if isinstance(value, date) else str(value))


def test_a_municipality_is_inspected_from_the_programme_to_closed_findings(
    do: Do, visit: Any, cast: Any, places: Any, independent: list[Unit], calendar: Calendar, tmp_path: Path
) -> None:
    planned(do, places, independent)
    slug = Case.objects.get(organiser=places.ekvik, unit=None).slug
    inspected(do, cast, slug, calendar)
    decided(do, slug, calendar)
    address = published_by_two(do, slug, calendar, visit)
    answered(do, slug, calendar, tmp_path)
    followed_up(do, cast, slug, calendar)
    read_by_everybody(visit, address)
    assert chain.verify().broken is None


def planned(do: Do, places: Any, independent: list[Unit]) -> None:
    """The lead inspector makes a programme by an open rule, adds the municipality and six schools, decides, opens the cases."""
    page = do("lea", "/tillsyn/program/nytt/", name="Tillsyn 2025", start=date(2025, 1, 1), end=date(2025, 12, 31))
    programme = re.search(r"/program/(\d+)/", page.url)[1]  # type: ignore[index]
    base = f"/tillsyn/program/{programme}"
    tried = "?platser=1&slump=0&utan=0&niva=3&klagomal=1&tid=1&grans_niva=30&grans_klagomal=5&grans_tid=60"
    tried += "&huvudman=0&enheter=3&lagst=20&fro=3+9+17"
    do("lea", f"{base}/regel/{tried}", "Set this rule", seed_from="Talen i en offentlig dragning.", reason="Provår.")
    for place, why in [
        (places.ekvik.number, "Stora skillnader mellan skolorna."),
        *[(u.code, "Ingår.") for u in independent],
    ]:
        do("lea", f"{base}/urval/lagg-till/", place=place, reason=why)
    do("lea", f"{base}/besluta/", decision="Programmet för 2025.")
    do("lea", f"{base}/planera/")
    assert Case.objects.filter(kind_code="supervision", unit__in=independent).count() == 6


def inspected(do: Do, cast: Any, slug: str, calendar: Calendar) -> None:
    """Shared out, judged, told, asked, visited and written down."""
    base = f"/tillsyn/{slug}"
    do("lea", f"/arenden/{slug}/dela-ut/", to=str(cast.ines.pk))
    do(
        "ines",
        f"{base}/risk/",
        risk="high",
        rationale="Skillnaderna är stora.",
        lowered_when="Alla skolformer följs upp.",
    )
    do("ines", f"{base}/meddela/", text="Vi inleder planerad tillsyn av kommunen.")
    do("ines", f"{base}/underlag/begar/", what="Kvalitetsrapporten", due=calendar.turn_to(1, 27))
    do("ines", f"/arenden/{slug}/steg/gather/")
    do("ines", f"{base}/underlag/1/kommit/", on=calendar.today)
    calendar.turn_to(2, 3)
    days = {"first_day": date(2025, 2, 10), "last_day": date(2025, 2, 11)}
    do("ines", f"{base}/besok/nytt/", team=[str(cast.ines.pk)], plan="Intervjuer med skolchef och rektorer.", **days)
    do("ines", f"/arenden/{slug}/steg/visit/")
    do("ines", f"{base}/besok/1/klart/", on=calendar.turn_to(2, 11))
    areas = list(
        Case.objects.get(kind_code="supervision", pk=_pk(slug)).inspection.areas.values_list("area", flat=True)
    )
    for area in areas:
        do("ines", f"{base}/iakttagelser/ny/", area=area, how="interview", source="skolchef", text="Det vi såg.",
           seen_on=calendar.today)  # fmt: skip
    do("ines", f"/arenden/{slug}/steg/write/")


def _pk(slug: str) -> int:
    return next(case.pk for case in Case.objects.all() if case.slug == slug)


def decided(do: Do, slug: str, calendar: Calendar) -> None:
    """Written, checked by the organiser, put forward, signed: to be reported back by 20 May."""
    base = f"/tillsyn/{slug}/beslut"
    calendar.turn_to(2, 17)
    do("ines", f"/tillsyn/{slug}/", "Begin the decision")
    for provisions, seen, measure in FINDINGS:
        page = do("ines", f"{base}/1/brist/ny/", area="organiser.development", event_on=date(2025, 2, 11))
        do("ines", _path(page), instrument="injunction", provisions=list(provisions), observed=seen,
           assessment="Det uppfyller inte kraven.", measures=measure, observations=_rests_on(slug))  # fmt: skip
    do("ines", f"{base}/1/", "Keep", background="Inspektörerna har intervjuat skolchef och rektorer.",
       in_short="Kommunen glömmer två skolformer.", report_due=date(2025, 5, 20))  # fmt: skip
    do("ines", f"{base}/1/faktagranska/", due=date(2025, 3, 3))
    do("harald", f"/svar/{slug}/faktagranskning/", "Give our answer")
    do("ines", f"/tillsyn/{slug}/faktagranskning/avsluta/")
    do("ines", f"{base}/1/", "Put forward for decision")
    calendar.turn_to(3, 10)
    do("lea", f"{base}/1/underteckna/", read=True)
    assert Decision.objects.get().decided_on == calendar.today


def _path(page: Page) -> str:
    """Where the page is, without the site."""
    return re.sub(r"^https?://[^/]+", "", page.url)


def _rests_on(slug: str) -> list[str]:
    found = Case.objects.get(pk=_pk(slug)).inspection.observations.filter(area="organiser.development")
    return [str(pk) for pk in found.values_list("pk", flat=True)]


def published_by_two(do: Do, slug: str, calendar: Calendar, visit: Any) -> str:
    """A subscriber first; then hidden by one, read by another, published, and the letter comes."""
    do("", "/folj/", email="lasare@example.se")
    _send(calendar)
    link = re.search(r"https?://[^\s]+(/folj/bekrafta/\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]
    do("", link)
    issued = Decision.objects.get().issued
    calendar.turn_to(3, 11)
    do("petra", f"/redaktion/nytt/{issued.pk}/")  # type: ignore[union-attr]
    found = Publication.objects.get()
    do("petra", f"/redaktion/{found.pk}/dolj/", words=HIDDEN, reason="pupil")
    do("petra", f"/redaktion/{found.pk}/steg/ask/")
    do("lea", f"/redaktion/{found.pk}/steg/publish/")
    found.refresh_from_db()
    mail.outbox.clear()
    _send(calendar)
    assert [letter.to for letter in mail.outbox if "/beslut/" in letter.body] == [["lasare@example.se"]]
    assert HIDDEN not in visit(found.get_absolute_url()).inner_text("main")
    assert visit(f"/{found.slug}/").url.endswith(found.get_absolute_url())
    return found.get_absolute_url()


def _send(calendar: Calendar) -> None:
    """What the worker does: news become letters, letters are sent."""
    background.do_due(calendar.now)
    outbox.send_due(calendar.now + timedelta(minutes=1))


def answered(do: Do, slug: str, calendar: Calendar, tmp_path: Path) -> None:
    """The organiser reads, saves one answer and comes back, adds evidence with its own day, and hands in."""
    file = tmp_path / "underlag.txt"
    file.write_text("Påhittat underlag.\n", "utf-8")
    calendar.turn_to(5, 12)
    for number, (kind, title, shows) in enumerate(ANSWERS, start=1):
        base = f"/svar/{slug}/1/brist/{number}/"
        do("harald", base, "Save the draft", measure="Vi har börjat om.", expected_effect="Alla enheter är med.",
           expected_by=date(2025, 6, 1), responsible="skolchefen")  # fmt: skip
        do("harald", f"{base}underlag/", file=str(file), kind=kind, title=title, dated=date(2025, 5, 5), shows=shows)
    page = do("harald", f"/svar/{slug}/1/lamna-in/")
    assert "/kvitto/" in page.url
    assert set(Finding.objects.values_list("state", flat=True)) == {"reported"}


def followed_up(do: Do, cast: Any, slug: str, calendar: Calendar) -> None:
    """Two are closed by two people; the third remains, and is taken further by a decision with a fine."""
    calendar.turn_to(6, 2)
    evidence = {finding.number: str(finding.evidence.get().pk) for finding in Finding.objects.all()}
    for number in (1, 2, 3):
        base, gone = f"/tillsyn/{slug}/brist/1-{number}", number < 3
        do("ines", f"{base}/bedom/", outcome="remedied" if gone else "remains", rests_on=[evidence[number]], seen="papers",
           seen_on=calendar.today, reasons="Så står det i underlaget.",
           **({} if gone else {"missing": "Resultat för tre månader."}))  # fmt: skip
        if gone:
            do("ines", f"{base}/skal/", reason=CLOSED)
            do("lea", f"{base}/", "I have read it: close the finding")
    do("ines", f"/tillsyn/{slug}/brist/1-3/stegen/considered/", reason="Rutinen har inte gett något än.",
       conditions="Tre månader i rad i tid.")  # fmt: skip
    taken_further(do, slug, calendar)
    assert [f.state for f in Finding.objects.order_by("pk")] == ["remedied", "remedied", "ended", "open"]


def taken_further(do: Do, slug: str, calendar: Calendar) -> None:
    """A follow-up decision: the same finding again, now with a fine."""
    base = f"/tillsyn/{slug}/beslut"
    do("ines", f"/tillsyn/{slug}/", "Begin a follow-up decision")
    page = do("ines", f"{base}/2/brist/ny/", area="organiser.development", event_on=calendar.today)
    do("ines", _path(page), instrument="injunction", provisions=["skollagen 6:10"], observed="Inget har ändrats.",
       assessment="Bristen kvarstår.", measures="anmälningar når huvudmannen utan dröjsmål", fine="500000",
       observations=_rests_on(slug), recurs=str(Finding.objects.get(number=3).pk))  # fmt: skip
    do("ines", f"{base}/2/", "Keep", background="Uppföljning av beslutet i mars.", in_short="Det går fortfarande för långsamt.",
       report_due=date(2025, 9, 1))  # fmt: skip
    do("lea", f"{base}/2/underteckna/", read=True)


def read_by_everybody(visit: Any, address: str) -> None:
    """What anybody sees of it: what is closed, what went on, and nothing of what was hidden."""
    page = visit(address, width=390)
    expect(page.locator("main")).to_contain_text("avhjälpt")
    text = page.inner_text("main")
    assert HIDDEN not in text
