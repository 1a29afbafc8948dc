"""Every benchmark, one after the other: `make bench`, or `python -m benchmarks NAME ...` for some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import (
    allocation,
    circle,
    coverage,
    federation,
    fits,
    lake_fits,
    main_job,
    national_report,
    need,
    recovery,
    register,
    segregation,
    selection,
    site,
    suppression,
)

BENCHMARKS: dict[str, Callable[[], object]] = {
    "main_job": main_job.run,
    "fits": fits.run,
    "lake_fits": lake_fits.run,
    "suppression": suppression.run,
    "coverage": coverage.run,
    "recovery": recovery.run,
    "need": need.run,
    "circle": circle.run,
    "allocation": allocation.run,
    "federation": federation.run,
    "national_report": national_report.run,
    "segregation": segregation.run,
    "site": site.run,
    "register": register.run,
    "selection": selection.run,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()
