"""A round from a file or from the lake's publication, and the files and lines that come out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from likvard.allocation.errors import AllocationError
from likvard.allocation.round import Selection, from_yaml
from likvard.cli.allocate import allocate as command
from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, write
from likvard.flow import allocate as flow
from likvard.flow import allocate_units
from likvard.flow.register import OrganiserRow, Register, UnitRow
from likvard.terms import Audience, Level, OrganiserKind, Words

TOWN, OTHER, FREE = "2120009991", "2120009983", "5560009995"
DAY = date(2025, 11, 14)
HEAD = """\
name: {sv: Grundskola 2026, en: Compulsory school 2026}
calendar_year: 2026
organiser: 2120009991
rule: {base: 60 000, share: 10 %}
"""
WRITTEN = """\
inputs:
  - {name: {sv: Inkomst, en: Income}, of: 2021}
units:
  - {code: 90000001, name: Almskolan, pupils: 100, need: 150, last: 6_400_000, last_pupils: 100}
  - {code: 90000002, name: Bokskolan, pupils: 300, need: 83.333, last: 19_000_000, last_pupils: 300}
"""


def unit(code: str, organiser: str, municipality: str = "9999", status: str = "active", last: int = 2024) -> UnitRow:
    return UnitRow(code, f"Skola {code[-1]}", organiser, municipality, ("GR",), 0, 9, status, 2015, last)


REGISTER = Register(
    organisers=(
        OrganiserRow(TOWN, "Staden", "municipal", "9999"),
        OrganiserRow(OTHER, "Byn", "municipal", "9998"),
        OrganiserRow(FREE, "Fria skolor", "independent", ""),
    ),
    units=(
        unit("90000001", TOWN),
        unit("90000002", TOWN),
        unit("90000003", TOWN, status="closed"),
        unit("90000004", TOWN, last=2022),
        unit("90000005", FREE),
        unit("90000006", FREE, municipality="9998"),
        unit("90000007", OTHER),
        unit("90000008", TOWN),
    ),
    lineage=(),
    municipalities={},
)
"""A town with two running schools of known size, a third of unknown, and a free school in it; others elsewhere."""


def cells() -> Iterator[Cell]:
    def of(measure: str, code: str, value: float, year: int, n: int, half: float = 0.0) -> Cell:
        at = FigureKey(measure, "observed", "", "all", "unit", code, "GR", str(year))
        ends = (value - half, value + half) if half else (None, None)
        return Cell(at, CellKind.ESTIMATE, value, n=n, low=ends[0], high=ends[1], level=Level.UNIT)

    for code, need, pupils in (("90000001", 150.0, 200), ("90000002", 80.0, 400), ("90000005", 60.0, 100)):
        for year in (2023, 2024):
            yield of("need_index", code, need + year - 2024, year, pupils, 9.0)
        yield of("need_unseen", code, 0.04, 2024, pupils)
        for year in (2025, 2026):
            yield of("crowns_per_pupil", code, 65_000.0 + year, year, pupils)
    yield of("pupils", "90000001", 210.0, 2024, 210)
    yield of("pupils_preschool_class", "90000001", 25.0, 2024, 25)


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands for a lake: a register and a publication."""
    path = tmp_path / "a.sqlite"
    parts = [(release(list(cells()), audience=a, on=DAY), TOWN, frozenset[FigureKey]()) for a in Audience]
    inputs = {"income": {"sv": "Familjens inkomst", "en": "Family income", "year": 2022}}
    fits = {"slope": 0.7, "low": 0.6, "high": 0.8, "n": 3000.0}
    facts = {
        "need": {"GR": {"of_year": 2024, "inputs": inputs, "calibration": fits, "checked_on": {"2022": {}, "2023": {}}}}
    }
    write(path, releases=parts, about=About("lake", "likvard 1", DAY, synthetic=True, sources={}, facts=facts))
    monkeypatch.setattr(allocate_units, "current", lambda lake: path)
    monkeypatch.setattr(allocate_units, "register", lambda lake: REGISTER)
    return tmp_path


@pytest.fixture
def from_lake(tmp_path: Path) -> Path:
    path = tmp_path / "round.yaml"
    path.write_text(HEAD + "lake: {form: GR}\n", encoding="utf-8")
    return path


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "written.yaml"
    path.write_text(HEAD + WRITTEN, encoding="utf-8")
    return path


def test_running_schools_take_part_and_free_schools_in_town_on_the_same_grounds(lake: Path, from_lake: Path) -> None:
    shared = flow.share_out(from_lake, lake=lake, on=DAY)
    assert [u.code for u in shared.round.units] == ["90000001", "90000002", "90000005"]
    assert shared.round.units[2].organiser_kind is OrganiserKind.INDEPENDENT
    assert shared.taken.left_out == ("Skola 8",)
    assert shared.taken.synthetic


def test_a_unit_has_the_newest_need_and_the_money_of_the_year_before(lake: Path, from_lake: Path) -> None:
    first, second, _ = flow.share_out(from_lake, lake=lake, on=DAY).round.units
    assert (first.need, first.need_low, first.need_high, first.unseen) == (150, 141, 159, 0.04)
    assert (first.last, first.last_pupils) == (200 * 67_025, 200)
    assert (first.pupils, second.pupils) == (210, 400)


def test_pupils_of_preschool_class_stand_in_the_statistics_of_compulsory_school(lake: Path) -> None:
    with closing(Publication.open(lake / "a.sqlite")) as publication:
        found = allocate_units.public_cells(publication, ["90000001"], "FKLASS")
    assert {key.measure: one.cell.value for key, one in found.items()} == {"pupils_preschool_class": 25.0}


def test_the_doubt_of_the_index_is_told_in_crowns(lake: Path, from_lake: Path) -> None:
    first, *_ = flow.document(flow.share_out(from_lake, lake=lake, on=DAY))["units"]
    assert first["crowns_low"] < first["crowns"] < first["crowns_high"]


def test_own_schools_alone_and_an_earlier_year_can_be_chosen(lake: Path) -> None:
    round = from_yaml(HEAD + "lake: {year: 2023, own_only: true}\n")
    taken = allocate_units.from_lake(round, Selection(year=2023, own_only=True), lake)
    assert [(u.code, u.need) for u in taken.round.units] == [("90000001", 149), ("90000002", 79)]
    assert taken.round.rule.of_year == 2023


def test_the_age_of_every_input_is_known_from_the_publication(lake: Path, from_lake: Path) -> None:
    found = {one.name.en: one.of for one in flow.share_out(from_lake, lake=lake, on=DAY).round.inputs}
    assert found == {
        "Family income": 2022,
        "Model checked against results": 2023,
        "Number of pupils": date(2024, 10, 15),
        "Crowns of the year before": 2025,
    }


def test_the_index_of_an_earlier_year_is_tried(lake: Path, from_lake: Path) -> None:
    variants = flow.share_out(from_lake, lake=lake, on=DAY).sensitivity.variants
    assert [one.name.sv.replace("\u00a0", " ") for one in variants] == [
        "indexet från 2023",
        "5 % efter behov",
        "15 % efter behov",
    ]
    assert 0 < variants[0].share < 0.01


def with_another_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, year: int) -> None:
    """The publication again, with the index by another model of two schools in a year."""

    def other(code: str, value: float) -> Cell:
        at = FigureKey("need_index_within", "observed", "", "all", "unit", code, "GR", str(year))
        return Cell(at, CellKind.ESTIMATE, value, n=200, level=Level.UNIT)

    path = tmp_path / "within.sqlite"
    every = [*cells(), other("90000001", 130.0), other("90000002", 90.0)]
    parts = [(release(every, audience=a, on=DAY), TOWN, frozenset[FigureKey]()) for a in Audience]
    write(path, releases=parts, about=About("lake", "likvard 1", DAY, synthetic=True, sources={}, facts={}))
    monkeypatch.setattr(allocate_units, "current", lambda lake: path)


def test_the_index_by_another_model_is_tried_where_the_publication_has_it(
    lake: Path, from_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_another_model(tmp_path, monkeypatch, 2024)
    shared = flow.share_out(from_lake, lake=lake, on=DAY)
    assert shared.taken.other == {"90000001": 130.0, "90000002": 90.0}
    told = flow.document(shared)["sensitivity"]
    assert [one["en"].replace("\u00a0", " ") for one in told] == [
        "the index of 2023",
        "the index that compares pupils within the same school",
        "5% by need",
        "15% by need",
    ]
    # By need goes a tenth of the frame, by pupils x index: 210 x 150, 400 x 80 and 100 x 60, or 210 x 130 and 400 x 90.
    frame = shared.outcome.frame
    before, after = 31_500 / 69_500, 27_300 / 69_300
    assert told[1]["moved"] == pytest.approx(0.1 * frame * (before - after), abs=2)
    page = flow.write(shared, tmp_path / "out")[0].read_text(encoding="utf-8")
    assert "ndexet där elever jämförs inom samma skola" in page


def test_another_model_s_index_of_another_year_is_not_tried(
    lake: Path, from_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_another_model(tmp_path, monkeypatch, 2023)
    assert flow.share_out(from_lake, lake=lake, on=DAY).taken.other == {}


def test_an_organiser_that_is_not_there_is_refused(lake: Path) -> None:
    round = from_yaml(HEAD.replace(TOWN, "2120000000") + "lake: {}\n")
    with pytest.raises(AllocationError, match="no organiser 2120000000"):
        allocate_units.from_lake(round, Selection(), lake)


def test_a_year_without_an_index_is_refused_and_no_other_taken_in_its_place(lake: Path) -> None:
    round = from_yaml(HEAD + "lake: {}\n")
    for asked in (1999, 2025):
        with pytest.raises(AllocationError, match=rf"no need index of {asked} for these schools; it has 2023, 2024\."):
            allocate_units.from_lake(round, Selection(year=asked), lake)


def test_a_form_without_pupils_is_refused(lake: Path) -> None:
    round = from_yaml(HEAD.replace(TOWN, OTHER) + "lake: {}\n")
    with pytest.raises(AllocationError, match="has no pupils of these schools"):
        allocate_units.from_lake(round, Selection(own_only=True), lake)


def test_a_lake_that_was_never_published_is_refused(from_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocate_units, "current", lambda lake: None)
    with pytest.raises(AllocationError, match="no publication"):
        flow.share_out(from_lake, lake=Path("lake"), on=DAY)


def test_a_round_with_its_units_written_needs_no_lake(written: Path) -> None:
    shared = flow.share_out(written, lake=Path("nowhere"), on=DAY)
    assert shared.outcome.frame == 26_666_667
    # 7 000 002.575 and 19 666 664.425: the last crown goes to the larger remainder.
    assert [row.crowns for row in shared.outcome.rows] == [7_000_003, 19_666_664]


def test_four_files_are_written_and_the_rows_sum_to_the_frame(written: Path, tmp_path: Path) -> None:
    shared = flow.share_out(written, lake=Path("nowhere"), on=DAY)
    paths = flow.write(shared, tmp_path / "out")
    assert [p.name for p in paths] == [
        f"allocation-{TOWN}-2026{end}" for end in ("_sv.html", "_en.html", ".json", ".csv")
    ]
    rows = list(csv.DictReader(paths[3].read_text(encoding="utf-8").splitlines()))
    assert sum(int(row["crowns"]) for row in rows) == shared.outcome.frame
    page = paths[0].read_text(encoding="utf-8")
    assert "Det äldsta är 47 månader gammalt" in page
    assert 'alt="Kronor per elev mot behov' in page
    assert json.loads(paths[2].read_text(encoding="utf-8")) == json.loads(json.dumps(flow.document(shared)))


def test_the_publication_is_named_and_invented_data_are_marked(lake: Path, from_lake: Path) -> None:
    shared = flow.share_out(from_lake, lake=lake, on=DAY)
    page = flow.write(shared, lake / "out")[1].read_text(encoding="utf-8")
    assert f"publication {shared.taken.publication}" in page
    assert "Invented data" in page
    assert "The model has drifted" in page


def test_the_command_prints_a_table_and_what_must_be_known(lake: Path, from_lake: Path) -> None:
    shown = CliRunner().invoke(command, [str(from_lake), "--lake", str(lake), "--on", "2025-11-14"])
    assert shown.exit_code == 0, shown.output
    assert "Compulsory school 2026" in shown.output
    assert "crowns a pupil for each index point" in shown.output
    assert "Left out, for no number of pupils is known: Skola 8." in shown.output
    assert "Too old or never done" in shown.output
    assert "The model has drifted: its slope is 0.70 (0.60–0.80)." in shown.output


def test_the_command_prints_json_alone_and_writes_files(written: Path, tmp_path: Path) -> None:
    shown = CliRunner().invoke(command, [str(written), "--json", "--out", str(tmp_path / "out"), "--on", "2025-11-14"])
    found = json.loads(shown.stdout)
    assert sum(row["crowns"] for row in found["units"]) == found["frame"]
    assert found["name"] == {"sv": "Grundskola 2026", "en": "Compulsory school 2026"}
    assert found["inputs"][0]["state"] == "too_old"
    assert Words(**found["units"][0]["reason"]).sv.startswith("Ni får")
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_schools_whose_need_nobody_knows_make_no_picture(written: Path, tmp_path: Path) -> None:
    text = (
        written.read_text(encoding="utf-8")
        .replace("10 %", "0")
        .replace("need: 150, ", "")
        .replace("need: 83.333, ", "")
    )
    written.write_text(text, encoding="utf-8")
    page, *_ = flow.write(flow.share_out(written, lake=Path("nowhere"), on=DAY), tmp_path / "out")
    assert "<img" not in page.read_text(encoding="utf-8")


def test_need_that_gets_nothing_extra_is_printed(written: Path) -> None:
    written.write_text(written.read_text(encoding="utf-8").replace("10 %", "0"), encoding="utf-8")
    shown = CliRunner().invoke(command, [str(written)])
    assert "In need, gets nothing extra: Almskolan (index 150): nothing is shared by need." in shown.output


def test_the_example_in_the_manual_is_a_round(tmp_path: Path) -> None:
    manual = Path(__file__).parents[2] / "docs" / "allocation.md"
    example = manual.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "round.yaml"
    path.write_text(example, encoding="utf-8")
    outcome = flow.share_out(path, lake=Path("nowhere"), on=DAY).outcome
    assert sum(row.crowns for row in outcome.rows) == 28_000_000
    assert [row.limit for row in outcome.rows] == ["", "cap_up", ""]
