"""The screening report in a real browser: what was wrong with a file must be readable by everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser

from likvard.flow.ingest import ingest, write_screening
from likvard.terms import Language

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ROWS = (
    "\ufeffStatistik från Skolverket, https://www.skolverket.se\n\nGrundskola - Antal elever per årskurs\n"
    "Valt läsår: 2023/24\n\n"
    "Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Elever, årskurs 1-9;\n"
    "Skolan vars kod tappat sin nolla;9900001;Botkyrka;0127;Kommunal;Botkyrka kommun;2120002882;212;\n"
)


@pytest.fixture(scope="session")
def screening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screening")
    (folder / "Grundskola - Antal elever per årskurs 2023 Skolenhet.csv").write_text(ROWS, encoding="utf-8")
    (folder / "läsmig.txt").write_text("Hej", encoding="utf-8")
    report = ingest((folder,), folder.parent / "screening-lake", at=datetime(2026, 11, 21, tzinfo=UTC))
    write_screening(report, folder / "pages")
    return folder / "pages"


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", list(Language))
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    browser: Browser, screening: Path, language: Language, scheme: str, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((screening / f"screening-{language}.html").as_uri())
    page.add_script_tag(content=Path(AXE_FILE_PATH).read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [v["id"] for v in found["violations"]] == []
    assert wide <= width
