"""What an organiser learns of its own units from the fit that all made together: computed at home, and it stays there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit

from likvard.flow.federation.envelope import Kind, unseal
from likvard.flow.federation.frozen import thaw
from likvard.flow.federation.keys import Keys
from likvard.flow.federation.ledger import Ledger, Remembered
from likvard.models import federated
from likvard.terms import UsageError

_Z95 = 1.959963984540054


def told(lake: Path, organiser: str) -> tuple[Remembered, ...]:
    """Every study of which the organiser has answered a round: what has been told, for whoever keeps the register of it."""
    return tuple(study for study in Ledger.of(lake, organiser).studies() if study.answered)


@dataclass(frozen=True, slots=True)
class OwnIndex:
    """A unit's index of need: 100 is the mean of all pupils of the study; with the 95 % interval of the coefficients."""

    unit: str
    pupils: int
    index: float
    low: float
    high: float


def own_index(content: bytes, *, lake: Path, keys: Keys) -> tuple[OwnIndex, ...]:
    """The need of the organiser's own units by the model that all fitted together: computed here, and it stays here.

    The mean chance of not reaching the goal given background, through that of all pupils, times 100.
    """
    ledger = Ledger.of(lake, keys.organiser)
    body = unseal(content, Kind.FIT, "the fit", signer=ledger.node()).body
    past = ledger.find(str(body["id"]))
    rows = None if past is None else thaw(ledger.kept(past.id, "rows.npz"), past.study)
    if rows is None or rows.patterns is None or rows.at_units is None or "reached" not in body:
        raise UsageError("The fit is of no logistic study that was answered here.", "Answer the study's rounds first.")
    x = rows.patterns.x[:, [rows.patterns.names.index(name) for name in body["names"]]]
    missed = expit(-(x @ np.array(body["beta"], dtype=float)))
    nation, vcov = 1 - float(body["reached"]) / float(body["n"]), np.array(body["vcov"], dtype=float)
    found = []
    for unit in np.unique(rows.at_units):
        here = rows.at_units == unit
        n, p = rows.patterns.n[here], missed[here]
        mean, slope = float(n @ p / n.sum()), (n * p * (1 - p)) @ x[here] / n.sum()
        half = _Z95 * float(np.sqrt(slope @ vcov @ slope))
        ends = [100 * v / nation for v in (mean, mean - half, mean + half)]
        found.append(OwnIndex(str(unit), int(n.sum()), ends[0], ends[1], ends[2]))
    return tuple(found)


def own_effects(content: bytes, *, lake: Path, keys: Keys) -> tuple[federated.OwnEffects, ...]:
    """The effects of the organiser's own units from the fit that all made together. They are computed here and stay here."""
    ledger = Ledger.of(lake, keys.organiser)
    body = unseal(content, Kind.FIT, "the fit", signer=ledger.node()).body
    past = ledger.find(str(body["id"]))
    told = body.get("common")
    if past is None or told is None:
        raise UsageError(
            "The fit is of no multilevel study that was answered here.", "Answer the study's rounds first."
        )
    rows = thaw(ledger.kept(past.id, "rows.npz"), past.study)
    if rows.moments is None:
        raise UsageError("The rows of this study are of another kind.", "Answer round 0 again.")
    parts = (np.array(told[name], dtype=float) for name in ("theta", "residual", "doubt"))
    theta, residual, doubt = parts
    common = federated.Common(theta, float(told["sigma2"]), residual, doubt)
    return federated.own_effects(rows.moments, past.study.model, common)
