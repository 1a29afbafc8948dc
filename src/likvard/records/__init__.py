"""Declared tables, readers and immutable deliveries. Pupils exist only here."""
