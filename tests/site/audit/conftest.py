"""A database that several processes write to at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

WRITER = """
import sys, django
django.setup()
from datetime import datetime, UTC
from django.db import transaction
from likvard.site.audit import events
for n in range(int(sys.argv[1])):
    with transaction.atomic():
        event = events.record(at=datetime.now(UTC), actor=None, what="case.read", data={"n": n})
    print(event.seq, flush=True)
"""


@pytest.fixture
def environment(tmp_path: Path, transactional_db: None) -> dict[str, str]:
    """How another process reaches the database: the tests' own on PostgreSQL, else a file (memory is not shared)."""
    known = connection.settings_dict
    address = ""
    if connection.vendor == "postgresql":
        folder = quote(known["OPTIONS"].get("host", known["HOST"]), safe="")
        address = f"postgresql://{known['USER']}@/{known['NAME']}?host={folder}"
    found = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "likvard.site.settings",
        "LIKVARD_HOME": str(tmp_path),
        "LIKVARD_SECRET_KEY": "only-for-tests",
        "LIKVARD_DATABASE": address,
    }
    if not address:
        subprocess.run([sys.executable, "-m", "django", "migrate", "audit", "-v0"], env=found, check=True)
    return found


@pytest.fixture
def writer(environment: dict[str, str]) -> Callable[[int], subprocess.Popen[str]]:
    """Start a process that records so many events, and prints the number of each once it is committed."""
    return lambda number: subprocess.Popen(
        [sys.executable, "-c", WRITER, str(number)], env=environment, stdout=subprocess.PIPE, text=True
    )
