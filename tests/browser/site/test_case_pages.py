"""The pages of matters in a real browser: every one examined, and a matter taken from opening to its end."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import follow

from likvard.site.cases import invented
from likvard.site.cases.models import Case, DocumentVersion

pytestmark = pytest.mark.browser

PAGES = [
    ("/arenden/", "rut"),
    ("/arenden/", "harald"),
    ("/arenden/", "kim"),
    ("/arenden/", "bea"),
    ("/arenden/?visa=stangda", "rut"),
    ("/arenden/nytt/", "lea"),
    ("/arenden/nytt/", "rut"),
    ("{case}", "rut"),
    ("{case}", "harald"),
    ("{case}", "kim"),
    ("{closed}", "rut"),
    ("{asked}", "ines"),
    ("{case}handelser/", "harald"),
    ("{case}dela-ut/", "harald"),
    ("{case}oppna-for/", "harald"),
    ("{case}jav/", "harald"),
    ("{case}klocka/", "rut"),
    ("{case}klocka/{clock}/pausa/", "rut"),
    ("{case}dokument/", "rut"),
    ("{case}meddelande/", "rut"),
    ("{case}meddelande/{message}/", "harald"),
    ("{case}koppla/", "rut"),
    ("{case}ratta/", "rut"),
    ("{case}steg/propose/", "rut"),
]


@pytest.fixture
def matters(cast: Any, places: Any, settings: Any, tmp_path: Any) -> list[Case]:
    """The invented matters of the demonstration, about Björkskolan."""
    settings.DOCUMENTS = tmp_path
    crew = invented.Crew(cast.rut, cast.harald, cast.ines, cast.lea)
    return invented.fill(crew, unit=places.björk, at=timezone.now())


def names(matters: list[Case]) -> dict[str, Any]:
    case, asked, closed = matters[0], matters[1], matters[4]
    return {
        **{name: f"/arenden/{matter.slug}/" for name, matter in (("case", case), ("asked", asked), ("closed", closed))},
        "clock": case.clocks.get(name__startswith="Redovisning").pk,
        "message": case.messages.get(sensitive=False).pk,
    }


def test_the_pages_of_matters_have_no_fault_wide_or_narrow(cast, matters, visit, faults):
    wrong, known = {}, names(matters)
    for number, (path, who) in enumerate([*PAGES, *reversed(PAGES[:10])]):
        language, width, scheme = (("sv", 320, "dark"), ("en", 1280, "light"))[number % 2]
        page = visit(path.format(**known), reader=getattr(cast, who), language=language, width=width, scheme=scheme)
        found = faults(page) + ([] if page.status == 200 else [f"status {page.status}"])
        wrong |= {f"{path} {who} {language}": found} if found else {}
    assert wrong == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_principal_attaches_an_answer_and_the_head_reads_it(cast, matters, visit, script, tmp_path):
    answer = tmp_path / "svar.pdf"
    answer.write_bytes(b"%PDF-1.7\n")
    page = visit(names(matters)["case"], reader=cast.rut, script=script)
    follow(page.get_by_role("link", name="Lägg till ett dokument"))
    page.get_by_label("Vilken fil?").set_input_files(answer)
    page.get_by_label("Vad heter dokumentet?").fill("Svar till huvudmannen")
    page.get_by_label("Det innehåller uppgifter om elever").uncheck()
    follow(page.get_by_role("button", name="Lägg till"))
    expect(page.get_by_text("Dokumentet är tillagt.")).to_be_visible()
    page = visit(names(matters)["case"], reader=cast.harald, script=script)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Svar till huvudmannen").click()
    assert saved.value.suggested_filename == "svar.pdf"
    assert DocumentVersion.objects.filter(filename="svar.pdf").exists()


def test_somebody_who_is_no_party_says_why_and_then_reads(cast, matters, visit):
    page = visit(names(matters)["case"], reader=cast.kim)
    expect(page.get_by_role("heading", level=1)).to_have_text(matters[0].dnr)
    follow(page.get_by_role("button", name="Visa ärendet"))
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Varför?").fill("Uppföljning av väntetider")
    follow(page.get_by_role("button", name="Visa ärendet"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Väntetid för utredning av stöd")
    expect(page.get_by_text("Du har skrivit varför du behöver se det")).to_be_visible()


def test_a_matter_is_walked_with_the_keyboard(cast, matters, visit, tab_stops):
    stops = tab_stops(visit(names(matters)["case"], reader=cast.rut))
    wanted = [
        "Begär svar",
        "Lägg fram för beslut",
        "Lägg till ett dokument",
        "Skriv ett meddelande",
        "Starta en klocka",
    ]
    assert [stop for stop in stops if stop in wanted] == wanted
