"""`likvard segregation`: how unevenly groups of pupils go to different schools."""

from __future__ import annotations

import json
import math
from pathlib import Path

import click
from rich.console import JustifyMethod

from likvard.cli.terminal import out, table
from likvard.flow import segregation as flow
from likvard.models.segregation import Indices
from likvard.models.segregation_change import Change

CHANGE = ("additions", "removals", "group_marginal", "unit_marginal", "structural")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unit", required=True, help="Column of the school (or class, or place).")
@click.option("--group", required=True, help="Column of the group of pupils.")
@click.option("--count", required=True, help="Column of how many they are.")
@click.option("--within", multiple=True, help="Column of what units lie in; may be repeated, the largest first.")
@click.option("--before", type=click.Path(path_type=Path), help="The same table of an earlier year: split the change.")
@click.option(
    "--replicates",
    type=click.IntRange(min=20),
    default=flow.REPLICATES,
    show_default=True,
    help="How many times pupils are drawn anew for the intervals.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Seed of the draws: the same seed, the same intervals."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON with full precision.")
def segregation(
    file: Path,
    unit: str,
    group: str,
    count: str,
    within: tuple[str, ...],
    before: Path | None,
    replicates: int,
    seed: int,
    as_json: bool,
) -> None:
    """Measure how unevenly groups go to different schools.

    FILE is CSV or Parquet, with one row for each unit and group. docs/segregation.md tells what the measures mean.

    For example: likvard segregation schools.csv --unit school --group race --count n --within district
    """
    columns = {"unit": unit, "group": group, "count": count}
    found, rows = flow.of_file(file, within=within, replicates=replicates, seed=seed, **columns)
    moved = flow.between_files(before, file, **columns) if before is not None else None
    if as_json:
        drawn = {"dropped": rows.dropped, "repeated": rows.repeated, "replicates": replicates, "seed": seed}
        shown = _as_dict(found, moved) | drawn
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1, allow_nan=False))
        return
    _print(found, unit, rows)
    if moved is not None:
        _print_change(moved)


def _as_dict(found: flow.Segregation, moved: Change | None) -> dict[str, object]:
    split = found.parts if len(found.parts) > 1 else ()
    inside = _inside(split)
    shown: dict[str, object] = {
        "M": found.m.plain,
        "H": found.h.plain,
        "D": found.d.plain,
        "expected": {"M": found.m.expected, "H": found.h.expected, "D": found.d.expected},
        "corrected": {"M": found.m.corrected, "H": found.h.corrected, "D": found.d.corrected},
        "between": {"M": split[0].m.plain, "H": split[0].h.plain} if split else None,
        "within": inside,
        "intervals": {"M": _ends(found.m), "H": _ends(found.h), "D": _ends(found.d)},
        "se": _each(found.errors),
        "bias": _each(found.biases),
        "levels": [_part(part) for part in split],
        "groups": {
            g.name: {"pupils": g.pupils, "isolation": _number(g.isolation), "local": _number(g.local)}
            for g in found.groups
        },
        "pairs": flow.pairs(found.counts),
        "cautions": list(flow.cautions(found)),
        "pupils": found.pupils,
        "units": found.units,
    }
    return shown | ({} if moved is None else {"change": _change(moved)})


def _inside(split: tuple[flow.Part, ...]) -> dict[str, float] | None:
    """What lies inside the places of the largest level: all parts but the first."""
    if not split:
        return None
    return {"M": sum(part.m.plain for part in split[1:]), "H": sum(part.h.plain for part in split[1:])}


def _part(part: flow.Part) -> dict[str, object]:
    return {
        "between": part.level,
        "within": list(part.within),
        "M": part.m.plain,
        "H": part.h.plain,
        "expected": {"M": part.m.expected, "H": part.h.expected},
        "corrected": {"M": part.m.corrected, "H": part.h.corrected},
        "intervals": {"M": _ends(part.m), "H": _ends(part.h)},
    }


def _change(moved: Change) -> dict[str, float]:
    named = {name: float(getattr(moved, name)) for name in CHANGE}
    return {"before": moved.before, "after": moved.after, "difference": moved.difference, **named}


def _each(found: Indices) -> dict[str, float | None]:
    return {"M": _number(found.m), "H": _number(found.h), "D": _number(found.d)}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _ends(value: flow.Value) -> list[float | None]:
    return [_number(value.low), _number(value.high)]


NUMBERS: tuple[tuple[str, JustifyMethod], ...] = (
    ("as it is", "right"),
    ("by chance", "right"),
    ("corrected", "right"),
    ("95 % interval", "right"),
)


def _print(found: flow.Segregation, unit: str, read: flow.Rows) -> None:
    left = f", {_of_rows(read.dropped)} left out for a missing value" if read.dropped else ""
    added = f", {_of_rows(read.repeated)} added to another of the same unit and group" if read.repeated else ""
    out.print(f"{found.pupils:,.0f} pupils in {found.units:,} units{left}{added}\n", markup=False)
    rows = [(name, *_row(value)) for name, value in (("M (nats)", found.m), ("H", found.h), ("D", found.d))]
    for part in found.parts if len(found.parts) > 1 else ():
        inside = f", inside {part.within[-1]}" if part.within else ""
        rows.append((f"H between {unit if part is found.parts[-1] else part.level}{inside}", *_row(part.h)))
    out.print(table((("", "left"), *NUMBERS), rows))
    columns: list[tuple[str, JustifyMethod]] = [("group", "left")]
    columns += [(name, "right") for name in ("pupils", "isolation", "local (nats)")]
    groups = [(g.name, f"{g.pupils:,.0f}", f"{g.isolation:.3f}", f"{g.local:.3f}") for g in found.groups]
    out.print()
    out.print(table(columns, groups))
    for caution in flow.cautions(found):
        out.print(f"Bear in mind: {caution}", markup=False)


def _of_rows(number: int) -> str:
    return f"{number} row{'s' * (number != 1)}"


def _print_change(moved: Change) -> None:
    parts = [(words, f"{getattr(moved, name):+.4f}") for name, words in zip(CHANGE, _WORDS, strict=True)]
    rows = [("before", f"{moved.before:.4f}"), *parts, ("after", f"{moved.after:.4f}")]
    out.print()
    out.print(table((("change of M", "left"), ("nats", "right")), rows))


_WORDS = ("new units", "units that are gone", "sizes of groups", "sizes of units", "how pupils are mixed")


def _row(value: flow.Value) -> tuple[str, ...]:
    plain, lot, true = (f"{number:.4f}" for number in (value.plain, value.expected, value.corrected))
    known = math.isfinite(value.low) and math.isfinite(value.high)
    return plain, lot, true, f"{value.low:.4f} to {value.high:.4f}" if known else "not known"
