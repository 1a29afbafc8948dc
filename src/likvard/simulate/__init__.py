"""A synthetic Sweden with a known truth, written as ordinary readings. Everything in it is invented."""

from likvard.simulate.deliveries import readings
from likvard.simulate.settings import SIZES, Settings, sized
from likvard.simulate.truth import Truth, truth, write_truth

__all__ = ["SIZES", "Settings", "Truth", "readings", "sized", "truth", "write_truth"]
