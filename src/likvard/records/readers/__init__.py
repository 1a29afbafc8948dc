"""Readers, one per file format, in one explicit list; and the words about what is not read."""
