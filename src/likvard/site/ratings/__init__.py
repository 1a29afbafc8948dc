"""Rubrics, marking rounds, right of reply, classes: how well organisers work against the effects of segregation."""
