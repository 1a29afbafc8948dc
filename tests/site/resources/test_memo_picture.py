"""The memorandum shows money against need at every school before the table of the same schools."""

from __future__ import annotations

import pytest

from likvard.figures.standalone import PAPER
from likvard.site.resources import memo
from likvard.site.writing.text import Picture, Table, as_data, from_data
from likvard.terms import Language

pytestmark = pytest.mark.django_db


def test_the_picture_stands_before_the_table_of_schools_in_both_languages(decided):
    for language, rings in ((Language.SV, "enligt beslutet"), (Language.EN, "by the decision")):
        blocks = memo.written(decided, decided.newest, language).blocks
        at = next(n for n, block in enumerate(blocks) if isinstance(block, Picture))
        assert isinstance(blocks[at + 1], Table)
        assert len(blocks[at + 1].rows) == decided.newest.shares.count() + 1  # and the sum
        assert rings in blocks[at].texts
        assert blocks[at].size[0] == PAPER


def test_the_frozen_memorandum_keeps_its_picture(decided):
    kept = from_data(decided.memo["sv"])
    assert sum(isinstance(block, Picture) for block in kept.blocks) == 1
    assert as_data(kept) == decided.memo["sv"]
