"""`likvard segregation`: how unevenly groups of pupils go to different schools."""

from __future__ import annotations

import json
import math
from pathlib import Path

import click
from rich.table import Table

from likvard.cli.terminal import out
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
@click.option("--replicates", type=click.IntRange(min=20), default=flow.REPLICATES, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
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
    found, dropped = flow.of_file(file, within=within, replicates=replicates, seed=seed, **columns)
    moved = flow.between_files(before, file, **columns) if before is not None else None
    if as_json:
        shown = _as_dict(found, moved) | {"dropped": dropped, "replicates": replicates, "seed": seed}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    _print(found, dropped)
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


def _print(found: flow.Segregation, dropped: int) -> None:
    left = f", {dropped} rows left out for a missing value" if dropped else ""
    out.print(f"{found.pupils:,.0f} pupils in {found.units:,} units{left}\n", markup=False)
    table = _table("", "as it is", "by chance", "corrected", "95 % interval")
    for name, value in (("M (nats)", found.m), ("H", found.h), ("D", found.d)):
        table.add_row(name, *_row(value))
    for part in found.parts if len(found.parts) > 1 else ():
        inside = f", inside {part.within[-1]}" if part.within else ""
        table.add_row(f"H between {part.level}{inside}", *_row(part.h))
    out.print(table)
    groups = _table("group", "pupils", "isolation", "local (nats)")
    for group in found.groups:
        groups.add_row(group.name, f"{group.pupils:,.0f}", f"{group.isolation:.3f}", f"{group.local:.3f}")
    out.print()
    out.print(groups)


def _print_change(moved: Change) -> None:
    table = _table("change of M", "nats")
    table.add_row("before", f"{moved.before:.4f}")
    for name, words in zip(CHANGE, _WORDS, strict=True):
        table.add_row(words, f"{getattr(moved, name):+.4f}")
    table.add_row("after", f"{moved.after:.4f}")
    out.print()
    out.print(table)


_WORDS = ("new units", "units that are gone", "sizes of groups", "sizes of units", "how pupils are mixed")


def _row(value: flow.Value) -> tuple[str, ...]:
    plain, lot, true = (f"{number:.4f}" for number in (value.plain, value.expected, value.corrected))
    return plain, lot, true, f"{value.low:.4f} to {value.high:.4f}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right", overflow="fold")
    return table
