"""Of whom a publication is told: the country only where it is one."""

from __future__ import annotations

import pytest

from likvard.figures.insight.reach import OF_THE_COUNTRY, OF_THE_RECORDS, reach


class Told:
    """As much of a publication as the words are made from."""

    def __init__(self, **subjects: dict[str, int]) -> None:
        self.facts = {"segregation": {name: {"places": places} for name, places in subjects.items()}}


@pytest.mark.parametrize(
    ("municipalities", "words"),
    [(290, OF_THE_COUNTRY), (261, OF_THE_COUNTRY), (260, OF_THE_RECORDS), (1, OF_THE_RECORDS)],
)
def test_nine_in_ten_municipalities_are_the_country_and_fewer_are_the_records(municipalities, words):
    assert reach(Told(foreign={"municipalities": municipalities, "organisers": 9, "units": 90})) is words


def test_the_subject_of_which_most_units_are_known_decides():
    few = {"municipalities": 3, "organisers": 3, "units": 20}
    most = {"municipalities": 290, "organisers": 800, "units": 4000}
    assert reach(Told(education=few, foreign=most)) is OF_THE_COUNTRY


def test_records_are_nowhere_called_the_country():
    for field in OF_THE_RECORDS.__dataclass_fields__:
        words = getattr(OF_THE_RECORDS, field)
        assert "land" not in words.sv.lower()
        assert "riket" not in words.sv
        assert "country" not in words.en
