"""The circle of a lake as it may be told: put through the gate, as one dictionary and as files."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from likvard.disclosure.cells import Released
from likvard.disclosure.gate import releases
from likvard.disclosure.publication import FigureKey
from likvard.flow import register
from likvard.flow.domains import NAMES
from likvard.flow.publish_circle import ALONE, BROKEN, GAIN, LINK, circle_cells
from likvard.flow.publish_results import results
from likvard.records.lake import Lake
from likvard.terms import InputError

COLUMNS = ("from", "to", "what", "value", "low", "high")


@dataclass(frozen=True, eq=False)
class Told:
    """The circle of all units in the records, as everybody may see it: released cells by key, and the facts beside them."""

    cells: Mapping[FigureKey, Released]
    facts: Mapping[str, Any]

    def of(self, measure: str, **parts: str) -> dict[FigureKey, Released]:
        """The cells of a measure with these parts of the key."""
        return {
            key: cell
            for key, cell in self.cells.items()
            if key.measure == measure and all(getattr(key, name) == value for name, value in parts.items())
        }

    @property
    def survives(self) -> frozenset[str]:
        """The links that are clear of chance when all are tested together."""
        return frozenset(self.facts["survives"])


def told(lake: Path, *, on: date) -> Told:
    """Work the circle of a lake out and put it through the gate. Raises `InputError` where it cannot be done."""
    con = Lake.open(lake).connect()
    try:
        owner = register.read(con).owner
        found = results(con, owner)
        made = circle_cells(con, owner, None if found is None else found.records.merit)
    finally:
        con.close()
    if "domains" not in made.facts:
        raise InputError("The circle cannot be worked out from this lake.", str(made.facts["instead"]["en"]))
    public = next(iter(releases(made.country, on=on)))
    return Told({FigureKey(*key): cell for key, cell in public.cells.items()}, made.facts)


def as_dict(found: Told) -> dict[str, Any]:
    """The whole circle: links with their placebo, gain, cycles, broken links and the facts beside them."""
    whole = next(iter(found.of(GAIN, subject="", group="all").values()))
    alone = next(iter(found.of(GAIN, subject="", group=ALONE).values()))
    return {
        **found.facts,
        "links": [
            _link(found, key, cell) for key, cell in sorted(found.of(LINK, aspect="observed").items(), key=_place)
        ],
        "gain": _interval(whole),
        "alone": _interval(alone),
        "ways": [{"way": key.subject, **_interval(cell)} for key, cell in found.of(GAIN).items() if key.subject],
        "broken": [
            {"link": key.subject, "when": key.group, **_interval(cell)} for key, cell in found.of(BROKEN).items()
        ],
    }


def _place(row: tuple[FigureKey, Released]) -> list[int]:
    """Links stand in the circle's order, never by size."""
    order = list(NAMES)
    return [order.index(name) for name in row[0].subject.split(">")]


def _link(found: Told, key: FigureKey, cell: Released) -> dict[str, Any]:
    source, target = key.subject.split(">")
    turned = found.cells[key._replace(aspect="placebo")]
    return {
        "from": source,
        "to": target,
        **_interval(cell),
        "placebo": _interval(turned),
        "survives": key.subject in found.survives,
    }


def _interval(cell: Released) -> dict[str, float | None]:
    return {"value": cell.value, "low": cell.low, "high": cell.high}


def write(found: Told, folder: Path) -> tuple[Path, Path]:
    """Write `circle.json` and `circle-links.csv` into the folder; return the two paths. Same circle, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    whole, links = folder / "circle.json", folder / "circle-links.csv"
    whole.write_text(json.dumps(as_dict(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    with links.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for key, cell in sorted(found.of(LINK).items()):
            what = "turned round in time" if key.aspect == "placebo" else "link"
            rows.writerow((*key.subject.split(">"), what, cell.value, cell.low, cell.high))
    return whole, links
