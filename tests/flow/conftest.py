"""Invented statistics in the national agency's own file format: sixty schools, three years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from likvard.flow.ingest import ingest

DAY = datetime(2026, 11, 21, tzinfo=UTC)
BANNER = "\ufeffStatistik från Skolverket, https://www.skolverket.se\n\nGrundskola - {title}\nValt läsår: {year}\n\n"
HEAD = "Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr;"
PUPILS = (
    "Elever, årskurs 1-9;Andel (%) flickor, årskurs 1-9;Andel (%) elever med utländsk bakgrund, åk 1-9;"
    "Andel (%) elever med föräldrar med eftergymnasial utb., åk 1-9;Elever, årskurs 9;"
)
RESULTS = (
    "Antal elever;Andel (%) elever som uppfyllt betygskriterierna i alla ämnen;"
    "Andel (%) elever behöriga till yrkesprog.;Genomsnittligt meritvärde (17 ämnen);"
)


def _sv(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _school(i: int) -> str:
    kind = ("Kommunal", "Botkyrka kommun", "2120002882") if i % 3 else ("Enskild", "Påhittade skolor AB", "5599999999")
    return f"Påhittade skolan {i:02d};990000{i:02d};Botkyrka;0127;{';'.join(kind)};"


def _files(folder: Path, rng: np.random.Generator) -> Iterator[Path]:
    own = rng.normal(0, 12, 60)
    for year in (2021, 2022, 2023):
        label = f"{year}/{(year + 1) % 100:02d}"
        tertiary, foreign, girls = rng.uniform(30, 80, 60), rng.uniform(5, 60, 60), rng.uniform(42, 58, 60)
        size = rng.integers(20, 120, 60)
        merit = 150 + tertiary + 0.3 * girls + own + rng.normal(0, 64 / np.sqrt(size))
        pupils, results = [], []
        for i in range(60):
            foreign_text = ".." if i == 7 else _sv(foreign[i])
            pupils.append(f"{_school(i)}{size[i] * 9};{_sv(girls[i])};{foreign_text};{_sv(tertiary[i])};{size[i]};")
            shown = f"{size[i]};{_sv(60 + i / 4)};{'~100' if i == 5 else _sv(80 + i / 10)};{_sv(merit[i])};"
            results.append(_school(i) + ("..;..;..;..;" if i == 3 else shown))
        for title, head, rows in (
            ("Antal elever per årskurs", PUPILS, pupils),
            ("Slutbetyg årskurs 9", RESULTS, results),
        ):
            path = folder / f"Grundskola - {title} {year} Skolenhet.csv"
            text = BANNER.format(title=title, year=label) + HEAD + head + "\n" + "\n".join(rows) + "\n"
            path.write_text(text, encoding="utf-8")
            yield path


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    list(_files(folder, np.random.default_rng(4)))
    return folder


@pytest.fixture(scope="session")
def lake(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("lake") / "lake"
    assert ingest((files,), lake, at=DAY).stopped == ()
    return lake
