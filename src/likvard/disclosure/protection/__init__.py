"""Complementary suppression: sums as linear equations, an attacker as a linear program, and what else must be hidden."""
