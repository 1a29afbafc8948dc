"""A study's rows as a file beside the lake: sums and patterns that stand still while the rounds last."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np

from likvard.flow.federation.rows import Crowd, Rows
from likvard.flow.federation.study import Study
from likvard.models.logistic import Patterns
from likvard.moments.moments import Moments
from likvard.terms import UsageError


def freeze(rows: Rows) -> bytes:
    """A study's rows as bytes, so that later rounds are answered from the very same sums."""
    crowd, content = rows.crowd, io.BytesIO()
    held = {
        "nodes": crowd.nodes,
        "labels": np.array(crowd.labels),
        "x": crowd.x,
        "flags": crowd.flags,
        "pupils": crowd.n,
    }
    held |= {"names": np.array(crowd.names), "units": np.array([crowd.units]), "prints": rows.prints}
    if rows.moments is not None:
        m = rows.moments
        held |= {"n": m.n, "products": m.products, "total": m.total, "groups": np.array(m.groups)}
        held |= {f"key{i}": key for i, key in enumerate(m.keys)}
    if rows.patterns is not None:
        held |= {"patterns": rows.patterns.x, "of": rows.patterns.n, "reached": rows.patterns.reached}
        held |= {"at_units": np.zeros(0, str) if rows.at_units is None else rows.at_units}
    np.savez_compressed(content, allow_pickle=False, **held)
    return content.getvalue()


def thaw(content: bytes | None, study: Study) -> Rows:
    """The rows that `freeze` wrote."""
    if content is None:
        raise UsageError(
            "The rows of this study are gone.", "Bring the ledger's folder back from a backup, or withdraw."
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        f = {name: held[name] for name in held.files}
    labels, names = tuple(f["labels"].tolist()), tuple(f["names"].tolist())
    crowd = Crowd(f["nodes"], labels, f["x"], f["flags"], names, f["pupils"], int(f["units"][0]), study.is_goal)
    found = Rows(crowd, f["prints"])
    if found.pupils == 0:
        return found
    if study.is_goal:
        patterns = Patterns.of(f["patterns"], f["of"], f["reached"], [c.name for c in study.design])
        return replace(found, patterns=patterns, at_units=f["at_units"])
    groups = tuple(f["groups"].tolist())
    held_keys = tuple(f[f"key{i}"] for i in range(len(groups)))
    columns = (*study.design, study.target)
    return replace(found, moments=Moments(groups, held_keys, columns, (0,), f["n"], f["products"], f["total"]))
