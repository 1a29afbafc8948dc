"""Allocation rounds: money by need, decided by a named person, with a reason for every school."""
