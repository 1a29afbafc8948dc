"""The pages of a round: what each says, that they work without a script, and that every way to share has an address."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.django_db
HOME = "/resurser/2120009991/"
ROUND = f"{HOME}2026/"


def text(answer) -> str:
    """What a page says, without its markup."""
    page = re.sub(r"(?s)<(script|style).*?</\1>", "", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


def test_the_round_shows_money_against_need_with_every_crown_accounted_for(draft, cast, enter):
    answer = enter(cast.anna).get(ROUND)
    said = text(answer)
    assert answer.status_code == 200
    assert "Följer pengarna behoven?" in said
    assert "152 000 000" in said
    assert "Ekskolan" in said
    assert "Lärkskolan" in said
