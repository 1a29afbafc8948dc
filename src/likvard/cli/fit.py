"""`likvard fit`: a multilevel model in lme4's formula language."""

from __future__ import annotations

import json
from pathlib import Path

import click

from likvard.flow import fit as flow
from likvard.models.multilevel import Fit


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("formula")
@click.option("--ml", is_flag=True, help="Maximum likelihood instead of REML.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON with full precision.")
def fit(file: Path, formula: str, ml: bool, as_json: bool) -> None:
    """Fit FORMULA, as in lme4, to the CSV or Parquet FILE.

    For example: likvard fit Exam.csv "normexam ~ standLRT + (standLRT | school)"
    """
    found = flow.fit(file, formula, reml=not ml)
    click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))


def _as_json(found: Fit) -> dict[str, object]:
    return {
        "method": found.method,
        "nobs": found.nobs,
        "dropped": found.dropped,
        "ngroups": dict(found.ngroups),
        "fixef": dict(found.fixef),
        "se": dict(zip(found.names, found.se.tolist(), strict=True)),
        "sigma2": found.sigma2,
        "varcomp": {name: cov.tolist() for name, cov in found.varcomp.items()},
        "criterion": found.criterion,
        "loglik": found.loglik,
        "gradient": found.gradient,
        "aliased": list(found.aliased),
    }
