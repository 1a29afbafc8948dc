"""Steps that made the tables what they are."""
