"""What a symbol in a file becomes in the figure: the manual's table, run.

A symbol is never zero, never a number, and never loses its meaning between the file and the reader.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from likvard.flow.ingest import ingest
from likvard.flow.report import report, write
from likvard.terms import Audience

HEAD = (
    "\ufeffStatistik från Skolverket, https://www.skolverket.se\n\nGrundskola - Slutbetyg årskurs 9\nValt läsår: 2023/24\n\n"
    "Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;Antal elever;"
    "Andel (%) elever som uppfyllt betygskriterierna i alla ämnen;Andel (%) elever behöriga till yrkesprog.;"
    "Genomsnittligt meritvärde (17 ämnen);\n"
)
SCHOOL = "{name};{code};Botkyrka;0127;Kommunal;Botkyrka kommun;2120002882;{n};{all_subjects};{eligible};{merit};\n"

SPEC = {
    # in the file   state            what a reader is told
    "84,5": (None, None),
    "..": ("few", "för få elever"),
    ".": ("unavailable", "saknas"),
    "~100": ("near_all", "en till fyra elever nådde inte målet"),
}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("spec")
    rows = [
        SCHOOL.format(name=f"Skola {i}", code=f"9900000{i}", n=48, all_subjects="70,0", eligible=symbol, merit="212,5")
        for i, symbol in enumerate(SPEC)
    ]
    (folder / "Grundskola - Slutbetyg årskurs 9 2024 Skolenhet.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    ingest((folder,), folder / "lake", at=datetime(2026, 11, 21, tzinfo=UTC))
    made = report(folder / "lake", "0127", audience=Audience.PUBLIC, on=date(2026, 11, 21))
    write(made, folder / "out")
    data = json.loads((folder / "out" / "equity-0127.json").read_text(encoding="utf-8"))
    return next(figure for figure in data["figures"] if figure["id"] == "schools-table")["table"]


@pytest.mark.parametrize("symbol", SPEC)
def test_a_symbol_keeps_its_meaning(symbol: str, table: dict[str, Any]) -> None:
    state, told = SPEC[symbol]
    place = [c["heading"]["sv"].startswith("Behöriga") for c in table["columns"]].index(True)
    cell = table["rows"][list(SPEC).index(symbol)]["cells"][place]
    assert cell["missing"] == state
    if told is None:
        assert cell["value"] == pytest.approx(0.845)
    else:
        assert cell["value"] is None
        assert told in cell["reason"]["sv"]
