"""The read-only API: figures, indicators, units and organisers, for machines."""
