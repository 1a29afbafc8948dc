"""Overview, results, unit, measure and data pages over the released figures."""
