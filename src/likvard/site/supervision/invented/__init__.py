"""Invented inspections for a demonstration, made by the same actions as real ones, each deed on a day of its own."""

from likvard.site.supervision.invented.fill import Crew, fill

__all__ = ["Crew", "fill"]
