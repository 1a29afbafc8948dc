"""`likvard fit`: a multilevel model in lme4's formula language."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.table import Table

from likvard.cli.terminal import out
from likvard.flow import fit as flow
from likvard.models.multilevel import Component, Fit
from likvard.models.multilevel_effects import GroupEffects
from likvard.models.profile import RESIDUAL, Interval

_Z95 = 1.959963984540054


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("formula")
@click.option("--ml", is_flag=True, help="Maximum likelihood instead of REML.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON with full precision.")
@click.option("--effects", "with_effects", is_flag=True, help="Add every group's effect and its conditional SD.")
def fit(file: Path, formula: str, ml: bool, as_json: bool, with_effects: bool) -> None:
    """Fit a multilevel model, as in lme4, to a table.

    FILE is CSV or Parquet; FORMULA is in lme4's language.

    For example: likvard fit Exam.csv "normexam ~ standLRT + (standLRT | school)"
    """
    found = flow.fit(file, formula, reml=not ml)
    groups = flow.effects(found) if with_effects else ()
    if as_json:
        click.echo(json.dumps(_as_dict(found, groups), ensure_ascii=False, indent=1))
        return
    _print_head(found, file, formula)
    _print_random(found)
    _print_fixed(found)
    for group in groups:
        _print_effects(group)


def _as_dict(found: Fit, groups: tuple[GroupEffects, ...]) -> dict[str, object]:
    shown: dict[str, object] = {
        "method": found.method,
        "nobs": found.nobs,
        "dropped": found.dropped,
        "ngroups": dict(found.ngroups),
        "fixef": dict(found.fixef),
        "se": dict(zip(found.names, found.se.tolist(), strict=True)),
        "sigma2": found.sigma2,
        "varcomp": {name: covariance.tolist() for name, covariance in found.varcomp.items()},
        "criterion": found.criterion,
        "loglik": found.loglik,
        "gradient": found.gradient,
        "aliased": list(found.aliased),
    }
    if groups:
        shown["effects"] = {group.name: _effects_as_list(group) for group in groups}
    return shown


def _effects_as_list(group: GroupEffects) -> list[dict[str, object]]:
    """One entry per group; a single effect is a number, several are a list in the order of the covariance."""
    single = len(group.columns) == 1
    modes = group.mode[:, 0].tolist() if single else group.mode.tolist()
    sds = group.sd[:, 0].tolist() if single else group.sd.tolist()
    return [
        {"level": label, "mode": mode, "cond_sd": sd} for label, mode, sd in zip(group.labels, modes, sds, strict=True)
    ]


def _print_head(found: Fit, file: Path, formula: str) -> None:
    out.print(f"{formula}\n{file}", markup=False)
    rows = f"{found.nobs} rows" + (f", {found.dropped} left out for a missing value" if found.dropped else "")
    groups = ", ".join(f"{name} {size}" for name, size in found.ngroups.items())
    name = "REML criterion" if found.method == "REML" else "-2 log likelihood"
    out.print(f"{rows}; groups: {groups}", markup=False)
    out.print(f"{name} {found.criterion:.4f}, gradient {found.gradient:.0e}, {found.structure} groups\n")
    if found.aliased:
        out.print(f"Left out as combinations of other columns: {', '.join(found.aliased)}\n", markup=False)


def _print_random(found: Fit) -> None:
    intervals = {(i.name, i.column): i for i in flow.sd_intervals(found)}
    correlated = any(len(c.columns) > 1 for c in found.components)
    headings = ("random effect", "effect", "variance", "sd", "95 % interval of sd")
    table = _table(*headings, *(["correlation"] if correlated else []))
    for c in found.components:
        for i, column in enumerate(c.columns):
            variance = f"{c.covariance[i, i]:.5g}"
            table.add_row(
                c.name if i == 0 else "",
                column,
                variance,
                f"{c.sd[i]:.5g}",
                _ends(intervals.get((c.name, column))),
                *([_correlations(c, i)] if correlated else []),
            )
    residual = found.sigma2**0.5
    table.add_row(RESIDUAL, "", f"{found.sigma2:.5g}", f"{residual:.5g}", _ends(intervals.get((RESIDUAL, ""))))
    out.print(table)
    for share in flow.variance_shares(found):
        out.print(f"Share of variance, {share.name}: {share.estimate:.4f} ({_ends(share)})", markup=False)
    if not intervals:
        out.print("Intervals of the variances are left out: with crossed groups this large they take long.")
    out.print()


def _print_fixed(found: Fit) -> None:
    table = _table("fixed effect", "estimate", "standard error", "95 % interval")
    for name, beta, se in zip(found.names, found.beta, found.se, strict=True):
        ends = f"{beta - _Z95 * se:.5g} to {beta + _Z95 * se:.5g}"
        table.add_row(name, f"{beta:.5g}", f"{se:.4g}", ends)
    out.print(table)


def _print_effects(group: GroupEffects) -> None:
    low, high = group.interval()
    table = _table(group.name, "effect", "mode", "conditional sd", "95 % interval")
    for j, label in enumerate(group.labels):
        for i, column in enumerate(group.columns):
            ends = f"{low[j, i]:.4g} to {high[j, i]:.4g}"
            table.add_row(label if i == 0 else "", column, f"{group.mode[j, i]:.5g}", f"{group.sd[j, i]:.4g}", ends)
    out.print()
    out.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 or column == "effect" else "right", overflow="fold")
    return table


def _ends(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.low:.4g} to {interval.high:.4g}"


def _correlations(component: Component, i: int) -> str:
    return " ".join(f"{component.correlation[i, j]:.2f}" for j in range(i))
