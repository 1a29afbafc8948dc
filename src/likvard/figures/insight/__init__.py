"""The pages that look into the figures: from released cells of one publication to figures, tables and sentences.

Nothing here computes a number from anything that has not passed the gate. Pages read a publication, a scope (whose
units, for which audience) and the reader's choices, and return values that `html` and `files` write out.
"""
