"""SCB's pupil files: no number and no name is left, and every code keeps its meaning."""

from __future__ import annotations

import pytest

from likvard.records.readers import pseudonyms
from likvard.records.readers.scb_layouts import LAYOUTS, column_name, layout_of_cells
from likvard.terms import InputError

HEADER_9 = (
    "System;Datum(åååå-mm-dd);Version;PersonNr(12);Skolenhetskod(8);Klass;Fornamn;Efternamn;Bl;En;Hkk;Idh;Ma;M1 (språk);"
    "M1 (betyg);M2 (språk);M2 (betyg);ML (språk);ML (betyg);Mu;Bi;Fy;Ke;Ge;Hi;Re;Sh;Sl;Sv;Sva;Tn;Tk;OVR"
)


def row(who: str, *, school: str = "10000001", day: str = "2026-06-12", **grades: str) -> str:
    """A row of final grades: C in every subject but those given."""
    own = dict.fromkeys(LAYOUTS[0].columns[8:], "C") | {"sva": "2", "ovr": "", "m2_betyg": "2", "ml_betyg": "2"}
    own |= {"m1_sprak": "FRE", "m2_sprak": "", "ml_sprak": ""} | grades
    return ";".join(["Sys", day, "1", who, school, "9A", "Förnamn", "Efternamn", *own.values()])


def grades(reading) -> dict:
    return {r["subject"]: (r["grade"], r["points"], r["status"]) for r in reading.tables["grade"].to_pylist()}


def test_grades_and_codes_are_kept_apart(read, number):
    found = read("a.txt", row(number(7), bl="F", en="9", ma="3", mu="2", m1_betyg="e"))
    known = grades(found)
    assert (known["Bl"], known["En"], known["Ma"]) == (
        ("F", 0.0, ""),
        (None, None, "no_basis"),
        (None, None, "not_taken"),
    )
    assert (known["Mu"], known["M1"], known["Sva"]) == (
        (None, None, "not_graded"),
        ("E", 10.0, ""),
        (None, None, "not_graded"),
    )
    assert (found.source, found.scope) == ("scb-grades-year-9", "2025/26 10000001")
    french = next(r for r in found.tables["grade"].to_pylist() if r["subject"] == "M1")
    assert (french["language"], french["term"], french["kind"], french["school_year"]) == ("FRE", "VT", "final", 2025)


def test_a_header_row_in_any_order_reads_the_same(read, number):
    names = HEADER_9.split(";")
    cells = row(number(7)).split(";")
    turned = "\n".join(";".join(line[::-1]) for line in (names, cells))
    plain, headed = read("a.txt", row(number(7))), read("b.txt", turned)
    assert grades(headed) == grades(plain)
    assert headed.tables["pupil"]["pupil_id"] == plain.tables["pupil"]["pupil_id"]


def test_no_number_and_no_name_is_left_anywhere(read, number):
    found = read("a.txt", row(number(7)))
    everything = str([table.to_pylist() for table in found.tables.values()]) + str(found)
    assert number(7)[:8] not in everything
    assert "namn" not in everything.replace("Words", "")


def test_sex_and_birth_come_from_the_number(read, number):
    found = read("a.txt", row(number(7))).tables["pupil"].to_pylist()[0]
    assert (found["birth_year"], found["birth_month"], found["protected"]) == (2010, int(number(7)[4:6]), False)
    assert found["sex"] == ("boy" if int(number(7)[10]) % 2 else "girl")


@pytest.mark.parametrize(
    ("who", "sex", "month", "temporary"),
    [
        ("20100315TF10", "boy", 3, True),
        ("20100315TF20", "girl", 3, True),
        ("20100315TF01", None, 3, True),
        ("20100315A123", None, 3, True),
        ("201003751233", "boy", 3, False),
        ("20100315-1237", "boy", 3, False),
        ("201000601234", "boy", None, False),
    ],
)
def test_coordination_and_temporary_numbers_are_read(who, sex, month, temporary):
    found = pseudonyms.person(b"key", who)
    assert found is not None
    assert (found.sex, found.birth_month, found.temporary) == (sex, month, temporary)


@pytest.mark.parametrize(
    "who", ["", "2010", "201013151234", "201002301234", "20100399123", "1003151234", "99990101123X", "x" * 12]
)
def test_what_is_no_personal_number_is_none(who):
    assert pseudonyms.person(b"key", who) is None


def test_a_pseudonym_needs_the_key_and_cannot_look_like_a_number():
    one, other = pseudonyms.pseudonym(b"a" * 32, "pupil", "x"), pseudonyms.pseudonym(b"b" * 32, "pupil", "x")
    assert one != other
    assert one == pseudonyms.pseudonym(b"a" * 32, "pupil", "x")
    assert set(one) <= set("abcdefghijklmnop")
    assert len(one) == 16
    assert pseudonyms.pseudonym(b"a" * 200, "pupil", "x") != one


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (lambda n: row("2010131512AB"), "pupil.number"),
        (lambda n: row(n(1), school="1000001"), "code.lost_zero"),
        (lambda n: row("10000001", school=n(1)), "pupil.number"),
        (lambda n: row(n(1), school="Norraskol"), "code.form"),
        (lambda n: row(n(1), bl="G"), "grade.unknown"),
        (lambda n: row(n(1), bl="Efternamn"), "grade.unknown"),
        (lambda n: row(n(1), sva="B"), "grade.swedish_twice"),
        (lambda n: row(n(0)), "pupil.duplicate"),
        (lambda n: row(n(1), day="2099-06-12"), "file.date"),
        (lambda n: row(n(1), day="12/6 2026"), "file.date"),
        (lambda n: row(n(1), day="2025-06-12"), "file.date"),
        (lambda n: row(n(1)) + ";A", "row.width"),
        (lambda n: row(n(1))[:-20], "row.width"),
        (lambda n: HEADER_9, "pupil.number"),
    ],
)
def test_a_damaged_row_is_an_error_that_shows_nothing_personal(line, rule, read, number):
    errors = read("a.txt", row(number(0)) + "\n" + line(number) + "\n").errors
    assert [f.rule for f in errors] == [rule]
    assert errors[0].row in (2, None)
    assert "2010" not in str(errors[0].found)
    assert "Efternamn" not in str(errors[0].found)


def test_a_pupil_at_two_schools_is_one_pupil(read, number):
    found = read("a.txt", row(number(0)) + "\n" + row(number(0), school="10000002"))
    assert [f.rule for f in found.findings if f.rule.startswith("pupil")] == ["pupil.two_schools"]
    assert (found.tables["pupil"].num_rows, found.tables["enrolment"].num_rows) == (1, 2)


def test_neither_swedish_nor_the_other_is_told(read, number):
    found = read("a.txt", row(number(0), sv="2", sva="2") + "\n" + row(number(1), sv="2", sva="F"))
    assert [(f.rule, f.row) for f in found.findings if "swedish" in f.rule] == [("grade.no_swedish", 1)]


def test_a_wrong_check_digit_is_told_without_the_number(read, number):
    wrong = number(0)[:-1] + str((int(number(0)[-1]) + 1) % 10)
    found = read("a.txt", row(wrong))
    assert [f.rule for f in found.findings if f.rule == "pupil.check_digit"] == ["pupil.check_digit"]
    assert wrong not in str(found.findings)


def six(who: str, **grades: str) -> str:
    own = dict.fromkeys(LAYOUTS[1].columns[8:], "C") | {"m1_sprak": "SPA", "m2_sprak": "", "modm_anm": "ARA"}
    own |= {"sva": "2", "ovr": "", "m2_betyg": "2"} | grades
    return ";".join(["Sys", "2026-06-12", "1", who, "10000001", "6A", "Namn", "Efternamn", *own.values()])


def test_term_grades_of_year_6_have_codes_of_their_own(read, number):
    found = read("a.txt", six(number(0), no="", so="B", hkk="Z", sl="Y"))
    known = grades(found)
    assert (known["Hkk"][2], known["Sl"][2], known["SO"][0]) == ("not_taught_yet", "no_knowledge_grades", "B")
    assert "NO" not in known
    assert {(r["kind"], r["grade_year"]) for r in found.tables["grade"].to_pylist()} == {("term", 6)}
    assert found.source == "scb-grades-year-6"


def test_the_codes_of_year_6_are_none_in_year_9(read, number):
    assert [f.rule for f in read("a.txt", row(number(0), sl="Y")).errors] == ["grade.unknown"]


def file_of_tests(year: int, who: str, **cells: str) -> str:
    layout = next(one for one in LAYOUTS if one.tests and one.grade_year == year)
    own = dict.fromkeys(layout.columns[5:], "") | cells
    return ";".join(["Sys", "2026-06-12", "1", who, "10000001", *own.values()])


def results(reading) -> dict:
    found = reading.tables["national_test"].to_pylist()
    return {(r["subject"], r["part"]): (r["grade"], r["points"], r["status"]) for r in found}


def test_national_tests_of_year_9_name_their_subjects(read, number):
    cells = {
        "ma_a_delt": "1", "ma_b_delt": "99", "ma_provb": "B", "sv_kursplan": "2", "sv_a_prp": "15", "sv_provb": "F",
        "en_a_prp": "C", "en_provb": "99", "no_prov": "BI", "no_provb": "A", "so_prov": "HI", "so_provb": "88",
    }  # fmt: skip
    found = read("a.txt", file_of_tests(9, number(0), **cells))
    assert results(found) == {
        ("Ma", "A"): (None, None, "took_part"),
        ("Ma", "B"): (None, None, "did_not_take_part"),
        ("Ma", "test"): ("B", 17.5, ""),
        ("Sva", "A"): (None, 15.0, ""),
        ("Sva", "test"): ("F", 0.0, ""),
        ("En", "A"): ("C", None, ""),
        ("En", "test"): (None, None, "did_not_take_part"),
        ("Bi", "test"): ("A", 20.0, ""),
        ("Hi", "test"): (None, None, "lost"),
    }
    assert found.source == "scb-tests-9"


def test_parts_of_year_3_are_reached_or_not_with_their_points(read, number):
    found = read(
        "a.txt",
        file_of_tests(3, number(0), ma_a_pr="1", ma_b_pr="0", ma_b_poang="12", sv_kursplan="1", sv_c_poang="7,5"),
    )
    assert results(found) == {
        ("Ma", "A"): ("reached", None, ""),
        ("Ma", "B"): ("not_reached", 12.0, ""),
        ("Sv", "C"): (None, 7.5, ""),
    }


def test_national_tests_of_year_6_are_read(read, number):
    found = read("a.txt", file_of_tests(6, number(0), en_a_delt="1", en_a_prp="14", en_provb="D"))
    assert results(found) == {("En", "A"): (None, 14.0, ""), ("En", "test"): ("D", 12.5, "")}


def test_an_unknown_test_code_is_told_and_kept_as_status(read, number):
    found = read("a.txt", file_of_tests(9, number(0), ma_provb="Q", en_provb="Efternamn"))
    assert results(found) == {("Ma", "test"): (None, None, "code_q"), ("En", "test"): (None, None, "code_other")}
    assert [f.rule for f in found.findings] == ["test.unknown_code"] * 2


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.source)
def test_layouts_without_a_header_row_are_told_apart(layout):
    own = ["C" if "betyg" in name or len(name) <= 3 else "" for name in layout.columns]
    own[5:8] = ["1", "1", "2"] if layout.tests else ["9A", "Anna", "Ek"]
    filled = ["1" if layout.tests and at in (9, 10) else cell for at, cell in enumerate(own)]
    assert layout_of_cells("a", [filled]) == layout
    assert layout_of_cells("a", [[*filled[:-1], "C" if not layout.tests else "1", ""]]) == layout


def test_another_number_of_cells_is_refused(read, number):
    with pytest.raises(InputError, match="known layouts"):
        read("a.txt", ";".join(row(number(0)).split(";")[:20]))


def test_column_names_are_read_however_they_are_written():
    assert [column_name(n) for n in ("M1 (språk)", "M1_sprak", "PersonNr(12)", "Datum(åååå-mm-dd)", "OVR")] == [
        "m1_sprak", "m1_sprak", "personnr", "datum", "ovr",
    ]  # fmt: skip


def test_a_file_in_windows_1252_with_quotes_and_closing_semicolons_is_read(read, number):
    quoted = '"' + row(number(0)).replace(";", '";"') + '";'
    found = read("a.txt", (quoted + "\r\n").encode("cp1252"))
    assert grades(found) == grades(read("b.txt", row(number(0))))


def test_the_fast_reading_agrees_with_a_plain_one(read, grades_file):
    content = grades_file(200)
    points = {"A": 20.0, "B": 17.5, "C": 15.0, "D": 12.5, "E": 10.0, "F": 0.0}
    reasons = {"2": "not_graded", "3": "not_taken", "9": "no_basis"}
    subjects = {"ovr": "Ovr", "m1_betyg": "M1", "m2_betyg": "M2", "ml_betyg": "ML"}
    plain = []
    for line in content.splitlines():
        cells = dict(zip(LAYOUTS[0].columns, line.split(";"), strict=True))
        who = pseudonyms.pseudonym(bytes(range(32)), "pupil", cells["personnr"])
        for name in LAYOUTS[0].columns[8:]:
            cell = cells[name]
            if name.endswith("_sprak") or not cell:
                continue
            code = subjects.get(name, name.capitalize())
            plain.append(
                (
                    who,
                    cells["skolenhetskod"],
                    code,
                    cell if cell in points else None,
                    points.get(cell),
                    reasons.get(cell, ""),
                )
            )
    found = read("a.txt", content).tables["grade"].to_pylist()
    made = [(r["pupil_id"], r["unit_code"], r["subject"], r["grade"], r["points"], r["status"]) for r in found]
    assert sorted(made, key=str) == sorted(plain, key=str)


def test_the_organiser_in_the_file_name_keeps_files_apart(read, number):
    rows = row(number(0)) + "\n" + row(number(1), school="10000002")
    assert [read(name, rows).scope for name in ("a.txt", "slutbetyg-212000-2882.txt")] == [
        "2025/26",
        "2025/26 2120002882",
    ]
