"""Likvärd: see, explain and close the gaps between schools."""

__version__ = "0.1.0"
