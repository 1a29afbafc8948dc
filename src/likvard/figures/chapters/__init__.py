"""The chapters of the equity report: evidence in (arrays), through the gate, a figure out. No engine in sight."""
