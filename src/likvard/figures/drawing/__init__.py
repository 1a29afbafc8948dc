"""Charts laid out: from a chart as data to shapes whose x is in per cent and whose y is in pixels."""
