"""What is said, in both languages, when money cannot be shared as asked."""

from __future__ import annotations

from likvard.terms import LikvardError, Words


class AllocationError(LikvardError):
    """Money that cannot be shared as asked: what is impossible, by how much, and what to do instead."""

    exit_code = 9

    def __init__(self, said: Words, instead: Words) -> None:
        super().__init__(said.en, instead.en)
        self.said = said
        self.instead = instead
