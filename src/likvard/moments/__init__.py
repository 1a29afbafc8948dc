"""Sums per group that replace the rows: gathered in SQL, merged exactly across organisers, fitted without the rows."""
