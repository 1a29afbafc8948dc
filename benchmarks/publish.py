"""How long it takes to publish a lake, and to read what pages read: `python -m benchmarks.publish LAKE [DAY]`.

Publishes into a folder of links beside the lake, so that the lake's own publications stay as they are.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from likvard.disclosure.publication import Publication
from likvard.flow import publish
from likvard.terms import Audience


def linked(lake: Path, folder: Path) -> Path:
    """The same lake at another place, without its publications."""
    for part in lake.absolute().iterdir():
        if part.name not in (publish.FOLDER, "spill", "staging"):
            (folder / part.name).symlink_to(part)
    for empty in ("spill", "staging"):
        (folder / empty).mkdir()
    return folder


def reading(made: Publication) -> list[str]:
    """Milliseconds for what a page asks: the organiser with most figures, one measure, all years."""
    owners = {k.area for k in made.cells(Audience.PUBLIC, level="organiser", measure="merit_value", group="all")}
    largest = max(sorted(owners), key=lambda o: len(made.cells(Audience.ORGANISER, organiser=o, group="all")))
    lines = []
    for name, asked in (
        ("open", None),
        ("one measure, all groups and years", {"measure": "merit_value"}),
        ("one measure, all pupils", {"measure": "merit_value", "group": "all"}),
        ("every measure, two years", {"years": [2023, 2024], "group": "all"}),
    ):
        times, size = [], 0
        for _ in range(20):
            begin = time.perf_counter()
            if asked is None:
                Publication.open(made.path)
            else:
                size = len(made.cells(Audience.ORGANISER, organiser=largest, **asked))
            times.append(1000 * (time.perf_counter() - begin))
        lines.append(f"{name:40} {sorted(times)[10]:8.2f} ms  {size:6} figures")
    return lines


def main(lake: Path, on: date) -> None:
    """Publish once and print what it took."""
    with tempfile.TemporaryDirectory(dir=lake.absolute().parent) as folder:
        begin, cpu = time.perf_counter(), time.process_time()
        path = publish.publish(linked(lake, Path(folder)), on=on, at=datetime.now(UTC))
        seconds, used = time.perf_counter() - begin, time.process_time() - cpu
        made = Publication.open(path)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{made.count} figures in {seconds:.1f} s ({used:.1f} s of processor), {memory:.0f} MB, ", end="")
        print(f"file {path.stat().st_size / 1e6:.1f} MB, hidden {made.facts['counts']['hidden']}")
        begin = time.perf_counter()
        made.verify()
        print(f"verify {time.perf_counter() - begin:.1f} s", *reading(made), sep="\n")
        shutil.rmtree(Path(folder) / publish.FOLDER)


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else datetime.now(UTC).date())
