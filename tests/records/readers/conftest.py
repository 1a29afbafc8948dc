"""Small files of every format, with invented values, and the key that pseudonyms are made with in tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from likvard.records.readers import READERS
from likvard.records.reading import ReadContext, Reading

KEY = bytes(range(32))

Read = Callable[[str, str | bytes], Reading]


@pytest.fixture(scope="session")
def context() -> ReadContext:
    return ReadContext(KEY)


@pytest.fixture
def read(tmp_path: Path, context: ReadContext) -> Read:
    """Write a file under a name and read it with the one reader that recognises it."""

    def write_and_read(name: str, content: str | bytes) -> Reading:
        path = tmp_path / name
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(raw)
        readers = [reader for reader in READERS if reader.recognises(path, raw[:65_536])]
        assert [reader.name for reader in readers] == [readers[0].name], "exactly one reader is for a file"
        return readers[0].read(path, context)

    return write_and_read


SUBJECTS_9 = "Bl;En;Hkk;Idh;Ma;M1 (språk);M1 (betyg);M2 (språk);M2 (betyg);ML (språk);ML (betyg);Mu;Bi;Fy;Ke;Ge;Hi;Re;Sh;Sl;Sv;Sva;Tn;Tk;OVR"
HEADER_9 = f"System;Datum;Version;PersonNr;Skolenhetskod;Klass;Fornamn;Efternamn;{SUBJECTS_9}"


def personal_number(number: int) -> str:
    """An invented personal number with a right check digit; never one of a real person's day and serial."""
    day = f"2010{1 + number % 12:02d}{1 + number // 12 % 28:02d}"
    serial = f"{number // 336 % 1000:03d}"
    digits = [int(digit) for digit in day[2:] + serial]
    total = sum(sum(divmod(2 * digit, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits))
    return day + serial + str(-total % 10)


def final_grades(pupils: int, schools: int = 40, seed: int = 1) -> str:
    """A file of final grades in year 9 without a header row, as student-record systems write it."""
    chance = random.Random(seed)
    rows = []
    for number in range(pupils):
        own = [chance.choice("ABCDEF") for _ in range(13)]
        swedish = [chance.choice("ABCDEF"), "2"]
        if chance.random() < 0.1:
            swedish.reverse()
        cells = [
            *("Elevsystem", "2026-06-12", "1.0", personal_number(number), f"{10_000_001 + number % schools}", "9A"),
            *("Förnamn", "Efternamn", *own[:5], "FRE", chance.choice("ABCDE2"), "", "2", "", "2", *own[5:13]),
            *(chance.choice("ABCDEF39"), *swedish, "2", chance.choice("ABCDEF"), ""),
        ]
        rows.append(";".join(cells))
    return "\n".join(rows) + "\n"
