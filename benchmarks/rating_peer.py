"""Agreement, latent classes or a graded response model by a package of others, on marks in a JSON file: seconds and what comes out.

Run by `benchmarks.national_report` in an environment of its own: python rating_peer.py PACKAGE FILE. The file holds `first` and
`second` (organisers by criteria, levels from 0), and `classes`, how many latent ones. Seconds are of processor time.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np


def krippendorff(peer: ModuleType, marks: dict[str, Any]) -> Callable[[], float]:
    coded = np.stack([np.array(marks[name]).ravel() for name in ("first", "second")]).astype(float)
    return lambda: float(peer.alpha(reliability_data=coded, level_of_measurement="ordinal"))


def stepmix(peer: ModuleType, marks: dict[str, Any]) -> Callable[[], float]:
    levels = np.array(marks["first"])
    model = peer.StepMix(marks["classes"], measurement="categorical", n_init=5, max_iter=5000, abs_tol=1e-7, random_state=1, progress_bar=0)  # fmt: skip
    return lambda: float(model.fit(levels).score(levels) * len(levels))


def girth(peer: ModuleType, marks: dict[str, Any]) -> Callable[[], float]:
    levels = np.array(marks["first"]).T
    return lambda: float(np.mean(peer.grm_mml(levels)["Discrimination"]))


ASKED = {"krippendorff": krippendorff, "stepmix": stepmix, "girth": girth}

if __name__ == "__main__":
    with open(sys.argv[2], encoding="ascii") as file:  # noqa: PTH123
        asked = ASKED[sys.argv[1]](import_module(sys.argv[1]), json.load(file))
    asked()
    start = time.process_time()
    value = asked()
    print(json.dumps({"seconds": time.process_time() - start, "value": value}))
