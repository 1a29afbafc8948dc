"""Fit one three-level model with gpboost to a CSV file, and print its seconds and estimates as JSON.

Run by `benchmarks.fits` in an environment of its own: python gpboost_peer.py FILE OUTCOME COVARIATE...
"""

import csv
import json
import sys
import time

import gpboost
import numpy as np


def main() -> None:
    path, outcome, *covariates = sys.argv[1:]
    with open(path, encoding="ascii") as file:  # noqa: PTH123
        header = next(csv.reader(file))
    values = np.loadtxt(path, delimiter=",", skiprows=1)
    # gpboost reads strided views as if they were contiguous, and then fits something else.
    column = {name: np.ascontiguousarray(values[:, i]) for i, name in enumerate(header)}
    X = np.column_stack([np.ones(len(values)), *(column[name] for name in covariates)])
    groups = np.column_stack([column["school"], column["municipality"]]).astype(int)
    began = time.perf_counter()
    model = gpboost.GPModel(group_data=groups, likelihood="gaussian")
    model.fit(y=column[outcome], X=X)
    seconds = time.perf_counter() - began
    variances = np.asarray(model.get_cov_pars(std_err=False)).ravel().tolist()
    names = ("Residual", "school", "municipality")
    shown = {"seconds": seconds, "rows": len(values), "variances": dict(zip(names, variances, strict=True))}
    print(json.dumps(shown))


if __name__ == "__main__":
    main()
