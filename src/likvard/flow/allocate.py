"""An allocation round from a file: units written in it or taken from the lake, the money shared, the files written."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from likvard.allocation import memo, sensitivity, staleness
from likvard.allocation.compare import Compared, Follows, compare, little_known, unseen_need
from likvard.allocation.page import Picture, html
from likvard.allocation.reasons import reason
from likvard.allocation.round import Round, Unit, from_yaml
from likvard.allocation.sensitivity import Range, Sensitivity
from likvard.allocation.share import Outcome, Row, allocate
from likvard.figures.figure import Source
from likvard.figures.formats import day
from likvard.figures.insight.money import MoneyRow, of_round
from likvard.figures.standalone import svg
from likvard.flow.allocate_units import Taken, from_lake
from likvard.terms import Language, Words


@dataclass(frozen=True)
class Shared:
    """A round with its money shared, as of a day, and everything that is told about it.

    `doubt` is what each unit, by code, would get with its own index at either end of its interval.
    """

    taken: Taken
    outcome: Outcome
    compared: Compared
    sensitivity: Sensitivity
    doubt: Mapping[str, Range]
    on: date

    @property
    def round(self) -> Round:
        """The round, with its units."""
        return self.taken.round


def share_out(file: Path, *, lake: Path, on: date) -> Shared:
    """Read a round from `file` and share its money. The lake is opened only if the round takes its units from there.

    Raises `AllocationError` for what is wrong in the file, for a lake that lacks what is asked for, and for an impossible wish.
    """
    read = from_yaml(file)
    taken = from_lake(read, read.lake, lake) if read.lake is not None else Taken(read)
    outcome = allocate(taken.round.units, taken.round.rule)
    units, rule = taken.round.units, taken.round.rule
    variants = (
        *sensitivity.of_earlier_years(units, rule, taken.earlier),
        *sensitivity.of_other_model(units, rule, taken.other),
        *sensitivity.usual(units, rule),
    )
    doubt = {one.code: one for one in sensitivity.by_doubt(taken.round.units, taken.round.rule)}
    return Shared(taken, outcome, compare(outcome), sensitivity.sensitivity(outcome, variants), doubt, on)


def document(shared: Shared) -> dict[str, Any]:
    """Everything about the round as plain data, for JSON."""
    outcome, round = shared.outcome, shared.round
    return {
        "name": asdict(round.name),
        "calendar_year": round.calendar_year,
        "organiser": round.organiser,
        "on": shared.on.isoformat(),
        "publication": shared.taken.publication,
        "synthetic": shared.taken.synthetic,
        "rule": asdict(outcome.rule),
        "frame": outcome.frame,
        "bound": outcome.bound,
        "shift": outcome.shift,
        "per_point": outcome.per_point,
        "messages": [asdict(words) for words in outcome.messages],
        "units": [
            _row(row, shared) | {"reason": asdict(reason(row, outcome.rule, since=round.compared_with))}
            for row in outcome.rows
        ],
        "compared_with": round.compared_with,
        "follows": {name: _follows(getattr(shared.compared, name)) for name in ("now", "proposed", "full")},
        "moved": shared.compared.moved,
        "unseen_need": [_about(one.unit, one.why) | {"need": one.need} for one in unseen_need(outcome.rows)],
        "little_known": [_about(one.unit, one.why) | {"unseen": one.unseen} for one in little_known(outcome.rows)],
        "inputs": [_age(found) for found in staleness.ages(round.inputs, shared.on)],
        "calibration": None if shared.taken.calibration is None else asdict(shared.taken.calibration),
        "sensitivity": [
            asdict(one.name) | {"moved": one.moved, "share": one.share, "impossible": one.instead is not None}
            for one in shared.sensitivity.variants
        ],
        "left_out": list(shared.taken.left_out),
    }


def _row(row: Row, shared: Shared) -> dict[str, Any]:
    unit = row.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "organiser_kind": str(unit.organiser_kind),
        "form": str(unit.form),
        "pupils": unit.pupils,
        "need": row.need,
        "crowns": row.crowns,
        "crowns_low": shared.doubt[unit.code].low,
        "crowns_high": shared.doubt[unit.code].high,
        "base": row.base,
        "by_need": row.by_need,
        "set_apart": row.set_apart,
        "by_limits": row.by_limits,
        "full": row.full,
        "per_pupil": row.per_pupil,
        "last": unit.last,
        "change": row.change,
        "change_per_pupil": row.change_per_pupil,
        "limit": row.limit,
    }


def _follows(found: Follows) -> dict[str, Any]:
    return {"slope": found.slope, "rank_correlation": found.rank, "units": found.units}


def _about(unit: Unit, why: Words) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "why": asdict(why)}


def _age(found: staleness.Age) -> dict[str, Any]:
    of = found.input.of
    return {
        "name": asdict(found.input.name),
        "of": of.isoformat() if isinstance(of, date) else of,
        "months": found.months,
        "state": found.state,
    }


def write(shared: Shared, out: Path) -> tuple[Path, ...]:
    """Write the memo as a page in each language, the rows as CSV and everything as JSON; return the files' paths."""
    out.mkdir(parents=True, exist_ok=True)
    stem = f"allocation-{shared.round.organiser}-{shared.round.calendar_year}"
    calibration = shared.taken.calibration
    told = memo.content(
        shared.round, shared.outcome, shared.on, sensitivity=shared.sensitivity, calibration=calibration
    )
    at = next(i for i, block in enumerate(told) if isinstance(block, memo.Table) and block.total) - 1
    blocks = (*told[:at], *_picture(shared), *told[at:])
    about = Words(*(f"{day(shared.on, language)}{_from(shared, language)}" for language in Language))
    pages = {language: f"{stem}_{language}.html" for language in Language}
    for language, name in pages.items():
        twin = next(file for said, file in pages.items() if said is not language)
        page = html(shared.round.name, about, blocks, language, synthetic=shared.taken.synthetic, twin=twin)
        (out / name).write_text(page, encoding="utf-8")
    plain = document(shared)
    (out / f"{stem}.json").write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _write_rows(out / f"{stem}.csv", [_row(row, shared) for row in shared.outcome.rows])
    return (*(out / name for name in pages.values()), out / f"{stem}.json", out / f"{stem}.csv")


def _picture(shared: Shared) -> tuple[Picture, ...]:
    """Money against need at all schools whose need is known, as far as the public may see it; nothing if none is."""
    outcome = shared.outcome
    rows = [
        MoneyRow(
            code=point.unit.code,
            name=point.unit.name,
            pupils=point.unit.pupils,
            need=point.need,
            now=point.now,
            proposed=point.proposed,
        )
        for point in shared.compared.points
    ]
    if not rows:
        return ()
    pupils = sum(row.unit.pupils for row in outcome.rows)
    mean = sum(row.full - row.set_apart for row in outcome.rows) / pupils
    figure = of_round(
        rows,
        on=shared.on,
        subtitle=Words(f"{len(rows)} skolor, 100 är snittet i ramen", f"{len(rows)} schools, 100 is the frame's mean"),
        sources=(Source(shared.round.name, str(outcome.rule.of_year or shared.on.year)),),
        full=(mean - 100 * outcome.per_point, outcome.per_point),
        before=shared.round.compared_with,
        named=frozenset(one.unit.code for one in unseen_need(outcome.rows)),
    )
    drawn = Words(*(svg(figure, language, synthetic=shared.taken.synthetic) for language in Language))
    alt = Words(
        "Kronor per elev mot behov, skola för skola. Samma uppgifter står i tabellen.",
        "Crowns a pupil against need, school by school. The same figures stand in the table.",
    )
    return (Picture(drawn, alt),)


def _from(shared: Shared, language: Language) -> str:
    if not shared.taken.publication:
        return ""
    word = "publicering" if language is Language.SV else "publication"
    return f" · {word} {shared.taken.publication}"


def _write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
