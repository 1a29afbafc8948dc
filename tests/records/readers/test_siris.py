"""SIRIS exports in every header shape that was met, with invented values."""

from __future__ import annotations

import pytest

from likvard.terms import InputError

UNIT = "Skola;Skol-enhetskod;Skolkommun;Kommun-kod;Typ av huvudman;Huvudman;Huvudman orgnr"
PLACE = "Kommun;Kommun-kod;Län;Läns-kod;Typ av huvudman"
NORTH = "Norra skolan;10000001;Ale;1440;Kommunal;Ale kommun;2120001439"
SOUTH = "Södra skolan*;20000002;Ale;1440;Enskild;Södra AB;5560000000"


def export(title: str, *lines: str, chosen: str = "Valt läsår: 2023/24", notices: tuple[str, ...] = ()) -> str:
    banner = ["Statistik från Skolverket, https://www.skolverket.se", "", title, chosen, *notices, ""]
    return "\ufeff" + "\n".join([*banner, *lines]) + "\n"


def cells(reading, *columns: str) -> list[tuple]:
    return [tuple(row[column] for column in columns) for row in reading.tables["statistic"].to_pylist()]


def by_measure(reading) -> dict:
    return {(r["measure"], r["group"]): (r["value"], r["status"]) for r in reading.tables["statistic"].to_pylist()}


FINAL = "Grundskola - Slutbetyg årskurs 9, samtliga elever"


def test_final_grades_keep_every_symbol_apart(read):
    header = f"{UNIT};Antal elever;Andel (%) elever som uppfyllt betygskriterierna i alla ämnen;Andel (%) elever behöriga till yrkesprog.;Genomsnittligt meritvärde (17 ämnen);"
    made = read("a.csv", export(FINAL, header, f"{NORTH};94;59,6;~100;205,1;", f"{SOUTH};..;.;..;...;"))
    assert (made.source, made.scope) == ("skolverket-siris-final-grades", "2023/24 1440")
    assert cells(made, "measure", "area_code", "year", "value", "status", "n") == [
        ("pupils_final_grades_year_9", "10000001", 2023, 94.0, "", None),
        ("pupils_final_grades_year_9", "20000002", 2023, None, "few", None),
        ("share_all_subjects_year_9", "10000001", 2023, 0.596, "", 94),
        ("share_all_subjects_year_9", "20000002", 2023, None, "unavailable", None),
        ("share_eligible_vocational", "10000001", 2023, None, "near_all", 94),
        ("share_eligible_vocational", "20000002", 2023, None, "few", None),
        ("merit_value", "10000001", 2023, 205.1, "", 94),
        ("merit_value", "20000002", 2023, None, "majority", None),
    ]
    near = next(r for r in made.tables["statistic"].to_pylist() if r["status"] == "near_all")
    assert (near["low"], near["high"], near["raw"]) == (90 / 94, 93 / 94, "~100")


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("Genomsnittligt meritvärde (16)", "merit_value_16"),
        ("Genomsnittligt meritvärde (17)", "merit_value"),
        ("Genomsnittligt meritvärde (17 ämnen)", "merit_value"),
        ("Genomsnittligt meritvärde", "merit_value"),
        ("Andel som uppnått kunskapskraven i alla ämnen", "share_all_subjects_year_9"),
        ("Andel (%) behörig yrkesprog.", "share_eligible_vocational"),
    ],
)
def test_column_names_drift_and_measures_stay(name, measure, read):
    made = read("a.csv", export(FINAL, f"{UNIT};{name};", f"{NORTH};98,0;"))
    assert {m for m, _ in by_measure(made)} == {measure}


def test_a_merit_value_without_a_number_is_of_16_subjects_in_2014(read):
    made = read(
        "a.csv", export(FINAL, f"{UNIT};Genomsnittligt meritvärde;", f"{NORTH};215,0;", chosen="Valt läsår: 2013/14")
    )
    assert cells(made, "measure", "year") == [("merit_value_16", 2013)]


def test_a_year_alone_is_the_spring_for_results_and_the_autumn_for_pupils(read):
    results = read("a.csv", export(FINAL, f"{UNIT};Antal elever", f"{NORTH};94", chosen="Valt år: 2024"))
    pupils = export(
        "Grundskola - Antal elever per årskurs", f"{UNIT};Elever, årskurs 1-9", f"{NORTH};1 241", chosen="Valt år: 2023"
    )
    assert cells(results, "year") == cells(read("b.csv", pupils), "year") == [(2023,)]


def test_the_file_name_gives_the_year_where_the_banner_has_none(read):
    content = export(FINAL, f"{UNIT};Antal elever", f"{NORTH};94", chosen="")
    assert cells(read("Grundskola - Slutbetyg årskurs 9 2025 Skolenhet.csv", content), "year") == [(2024,)]
    with pytest.raises(InputError, match="which year"):
        read("a.csv", content)


def test_a_file_name_of_another_year_is_told(read):
    content = export(FINAL, f"{UNIT};Antal elever", f"{NORTH};94")
    assert "file.year" in [f.rule for f in read("Grundskola 2020 Skolenhet.csv", content).findings]
    assert not read("Grundskola 2024 Skolenhet.csv", content).findings


def test_sexes_stand_in_a_row_above_the_header(read):
    made = read(
        "a.csv",
        export(
            "Grundskola - Slutbetyg årskurs 9, per kön",
            ";;;;;;;Flickor;Flickor;Pojkar;Pojkar;",
            f"{UNIT};Antal elever;Genomsnittligt meritvärde (17);Antal elever;Genomsnittligt meritvärde (17);",
            f"{NORTH};40;220,0;50;..;",
        ),
    )
    assert by_measure(made) == {
        ("pupils_final_grades_year_9", "girls"): (40.0, ""),
        ("merit_value", "girls"): (220.0, ""),
        ("pupils_final_grades_year_9", "boys"): (50.0, ""),
        ("merit_value", "boys"): (None, "few"),
    }
    assert made.tables["measure"]["sex_split"].to_pylist() == [True, True]


def test_salsa_joins_the_category_row_with_the_header(read):
    made = read(
        "a.csv",
        export(
            "Grundskola - Salsa, skolenheters resultat av slutbetygen i årskurs 9",
            ";;;;;;;Bakgrundsinformation;Bakgrundsinformation;Bakgrundsinformation;Andel (%) som uppn. kunskapskraven;"
            "Andel (%) som uppn. kunskapskraven;Andel (%) som uppn. kunskapskraven;Genomsnittligt meritvärde;"
            "Genomsnittligt meritvärde;Genomsnittligt meritvärde;",
            f"{UNIT};Föräldrarnas genomsnittliga utb.nivå;Andel (%) nyinvandrade;Andel (%) pojkar;Faktiskt värde (F);"
            "Modell- beräknat värde (B);Residual (R=F-B);Faktiskt värde (F);Modell- beräknat värde (B);Residual (R=F-B);",
            f"{NORTH};2,46;0;52;96;85;11;214;231;-17;",
        ),
    )
    assert {measure: value for (measure, _), (value, _) in by_measure(made).items()} == {
        "salsa_parents_education": 2.46,
        "salsa_share_newly_arrived": 0.0,
        "salsa_share_boys": 0.52,
        "salsa_share_all_subjects_actual": 0.96,
        "salsa_share_all_subjects_expected": 0.85,
        "salsa_share_all_subjects_residual": 0.11,
        "salsa_merit_value_actual": 214.0,
        "salsa_merit_value_expected": 231.0,
        "salsa_merit_value_residual": -17.0,
    }
    assert not made.findings


def test_eligibility_has_a_column_of_sexes_and_notices_before_the_header(read):
    made = read(
        "a.csv",
        export(
            "Grundskola - Behörighet till gymnasieskolan, fr.o.m. 2011",
            f"{PLACE};Kön;Antal elever;Andel (%) elever behöriga till yrkesprog.;Andel elever (%) behöriga till estetiskt program;"
            "Andel elever (%) behöriga till Ekonomi-, humanistiska och samhällsvetenskaps- program;"
            "Andel elever (%) behöriga till Naturvetenskapligt och tekniskt program;",
            "Ale;1440;Västra Götalands län;14;Samtliga;Flickor;214;83,2;81,8;80,8;79,0;",
            "Ale;1440;Västra Götalands län;14;Enskild;Samtliga;25;~100;~100;..;76,0;",
            notices=("Inför nya gymnasieskolan 2011 skärptes kraven; se beskrivningen.",),
        ),
    )
    known = by_measure(made)
    assert known["share_eligible_vocational", "girls"] == (0.832, "")
    assert known["share_eligible_arts", "independent"] == (None, "near_all")
    assert known["share_eligible_social", "independent"] == (None, "few")
    assert known["share_eligible_science", "independent"] == (0.76, "")
    assert (made.source, made.scope) == ("skolverket-siris-eligibility-municipality", "2023/24 1440")
    assert "skärptes kraven" in made.tables["measure"]["about"][0].as_py()


def test_national_tests_have_a_subject_per_row_and_sexes_below_the_measure(read):
    title = "Grundskola - Resultat nationella prov årskurs 9, provbetyg per kön - Engelska, Matematik och Svenska"
    made = read(
        "a.csv",
        export(
            title,
            ";;;;;;Antal elever med provbetyg A-F;Antal elever med provbetyg A-F;Genomsnittlig betygspoäng;Genomsnittlig betygspoäng;",
            f"{PLACE};Ämne;Totalt;Flickor;Totalt;Flickor;",
            "Ale;1440;Västra Götalands län;14;Samtliga;Engelska;371;186;15,7;15,5;",
            "Ale;1440;Västra Götalands län;14;Kommunal;Svenska som andraspråk;34;..;11,1;..;",
        ),
    )
    known = by_measure(made)
    assert known["test_mean_eng_year_9", "all"] == (15.7, "")
    assert known["test_mean_eng_year_9", "girls"] == (15.5, "")
    assert known["test_mean_sva_year_9", "municipal"] == (11.1, "")
    assert known["test_takers_sva_year_9", "municipal/girls"] == (None, "few")
    assert len(known) == 8


def test_the_subject_of_a_test_may_stand_above_the_header_or_end_the_title(read):
    title = "Grundskola - Resultat nationella prov årskurs 6"
    columns = "Antal elever med provbetyg A-F;Genomsnittlig betygspoäng;"
    above = export(
        title,
        ";;;;;;;Engelska;Engelska;Matematik;Matematik;",
        f"{UNIT};{columns}{columns}",
        f"{NORTH};20;15,5;21;12,0;",
    )
    ended = export(f"{title} - Matematik", f"{UNIT};{columns}", f"{NORTH};21;12,0;")
    assert list(by_measure(read("a.csv", above)).items())[1::2] == [
        (("test_mean_eng_year_6", "all"), (15.5, "")),
        (("test_mean_ma_year_6", "all"), (12.0, "")),
    ]
    assert cells(read("b.csv", ended), "measure", "n") == [("test_takers_ma_year_6", None), ("test_mean_ma_year_6", 21)]


def test_grades_of_year_6_are_read(read):
    made = read(
        "a.csv",
        export(
            "Grundskola - Betyg årskurs 6, andel som fått godkänt betyg (A-E), samtliga elever",
            f"{PLACE};Antal elever;Antal ämnesbetyg (genomsnitt);Andel (%) elever som fått godkänt betyg i alla ämnen;"
            "Andel (%) elever som ej fått godkänt betyg i ett ämne;"
            "Andel (%) elever som ej fått godkänt betyg i fler, alternativt alla ämnen;",
            "Botkyrka;0127;Stockholms län;01;Samtliga;1 014;16,1;60,4;12,0;27,6;",
        ),
    )
    assert [value for value, _ in by_measure(made).values()] == [1014.0, 16.1, 0.604, 0.12, 0.276]
    assert not made.findings


def test_staff_is_read_with_both_categories(read):
    made = read(
        "a.csv",
        export(
            "Grundskola - Personalstatistik med lärarlegitimation och behörighet",
            ";;;;;#Heltidstjänster;#Heltidstjänster;#Tjänstgörande lärare;#Tjänstgörande lärare;",
            f"{PLACE};Totalt antal;Andel med lärarlegitimation och behörighet;Totalt antal;Förstelärare;",
            "Göteborg;1480;Västra Götalands län;14;Samtliga;3 919,8;73,3;4 381;454;",
            notices=("Valt uttag: 2025-02-12",),
        ),
    )
    assert {m: v for (m, _), (v, _) in by_measure(made).items()} == {
        "teachers_full_time": 3919.8,
        "share_certified_teachers": 0.733,
        "teachers": 4381.0,
        "first_teachers": 454.0,
    }
    assert made.vintage == "2025-02-12"


def test_columns_that_leave_out_unknown_background_are_measures_of_their_own(read):
    made = read(
        "a.csv",
        export(
            FINAL,
            ";;;;;;;Inkl. elever med okänd bakgrund;Exkl. elever med okänd bakgrund;",
            f"{UNIT};Genomsnittligt meritvärde (17);Genomsnittligt meritvärde (17);",
            f"{NORTH};220,0;228,0;",
        ),
    )
    assert [m for m, _ in by_measure(made)] == ["merit_value", "merit_value_known_background"]


def test_an_unknown_column_is_named_and_kept_in_its_own_unit(read):
    made = read("a.csv", export(FINAL, f"{UNIT};Antal elever;Andel (%) med simborgarmärke", f"{NORTH};94;81,5"))
    assert by_measure(made)["siris:andel_med_simborgarmarke", "all"] == (81.5, "")
    assert [(f.rule, f.column) for f in made.findings] == [("column.unknown", "Andel (%) med simborgarmärke")]


def test_an_unknown_report_is_kept_whole_under_its_own_name(read):
    made = read(
        "a.csv",
        export(
            "Grundskola - Kostnader per kommun", f"{PLACE};Kostnad per elev (kr)", "Ale;1440;VG;14;Samtliga;131 000"
        ),
    )
    assert made.source == "skolverket-siris-grundskola-kostnader-per-kommun-municipality"
    assert by_measure(made) == {("siris:kostnad_per_elev_kr", "all"): (131000.0, "")}


def test_an_unknown_column_of_texts_is_named_and_left(read):
    made = read("a.csv", export(FINAL, f"{UNIT};Antal elever;Ort", f"{NORTH};94;Nödinge"))
    assert [(f.rule, f.column) for f in made.findings] == [("column.left", "Ort")]


def test_units_are_named_without_stars_and_organisers_once(read):
    header = f"{UNIT};Antal elever"
    made = read(
        "a.csv",
        export(
            FINAL, header, f"{NORTH};94", f"{SOUTH};12", "Mellan;30000003;Lerum;1441;Kommunal;Ale kommun;2120001439;5"
        ),
    )
    assert made.tables["unit"]["name"].to_pylist() == ["Norra skolan", "Södra skolan", "Mellan"]
    assert made.tables["organiser"].to_pylist() == [
        {
            "organiser_number": "2120001439",
            "school_year": 2023,
            "name": "Ale kommun",
            "kind": "municipal",
            "municipality_code": "1440",
        },
        {
            "organiser_number": "5560000000",
            "school_year": 2023,
            "name": "Södra AB",
            "kind": "independent",
            "municipality_code": None,
        },
    ]
    assert ("unit.international", 1) in [(f.rule, f.times) for f in made.findings]


def test_a_file_saved_again_from_excel_reads_the_same(read):
    plain = export(FINAL, f"{UNIT};Antal elever;", f"{NORTH};1 094;", "", "Fotnot om något")
    padded = "\n".join(
        line.rstrip(";") + ";" * (7 - line.count(";")) if line.count(";") < 6 else line.rstrip(";")
        for line in plain.lstrip("\ufeff").split("\n")
    )
    saved = padded.replace("1 094", "1\u00a0094").replace("\n", "\r\n").encode("cp1252")
    first, again = read("a.csv", plain), read("b.csv", saved)
    assert [r["value"] for r in again.tables["statistic"].to_pylist()] == [1094.0]
    assert again.tables["measure"]["about"] == first.tables["measure"]["about"]
    assert [f.rule for f in again.findings] == ["text.encoding"]


def test_the_whole_country_and_one_municipality_do_not_replace_one_another(read):
    both = export(FINAL, f"{UNIT};Antal elever", f"{NORTH};94", "C;30000003;Lerum;1441;Kommunal;Lerum;2120001447;5")
    assert read("a.csv", both).scope == "2023/24"
    assert read("b.csv", export(FINAL, f"{UNIT};Antal elever", f"{NORTH};94")).scope == "2023/24 1440"


PUPILS = f"{UNIT};" + ";".join(["Elever, årskurs 1-9", *(f"Elever, årskurs {year}" for year in range(1, 10))])


def test_years_of_study_that_do_not_add_up_are_told(read):
    rows = [f"{NORTH};90;" + ";".join(["10"] * 9), f"{SOUTH};91;" + ";".join(["10"] * 8 + ["."])]
    found = read("a.csv", export("Grundskola - Antal elever per årskurs", PUPILS, *rows)).findings
    assert [(f.rule, f.row) for f in found if f.rule == "row.sum"] == [("row.sum", 8)]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (NORTH.replace("10000001", "1000001") + ";94;205,1", "code.lost_zero"),
        (NORTH.replace("10000001", "Ale") + ";94;205,1", "code.form"),
        (NORTH + ";94", "row.width"),
        (NORTH + ";94;205,1;7", "row.width"),
        (NORTH + ";205,1;94", "cell.range"),
        (NORTH + ";94;999,0", "cell.range"),
        (NORTH + ";94;trettio", "cell.unreadable"),
        (NORTH + ";94;=A1", "cell.unreadable"),
        (NORTH + ";-4;205,1", "cell.range"),
        (f"{UNIT};Antal elever;Genomsnittligt meritvärde (17)", "row.second_header"),
    ],
)
def test_a_damaged_row_is_an_error_with_its_line(line, rule, read):
    header = f"{UNIT};Antal elever;Genomsnittligt meritvärde (17)"
    errors = read("a.csv", export(FINAL, header, f"{SOUTH};30;230,0", line)).errors
    assert [(f.rule, f.row) for f in errors] == [(rule, 8)]


def test_two_columns_of_one_meaning_are_an_error(read):
    header = f"{UNIT};Genomsnittligt meritvärde (17);Genomsnittligt meritvärde (17 ämnen)"
    assert [f.rule for f in read("a.csv", export(FINAL, header, f"{NORTH};1;2")).errors] == ["column.twice"]


@pytest.mark.parametrize("chosen", ["Valt läsår: 2099/00", "Valt läsår: 2023/25", "Valt år: 2099", "Valt år: 1066"])
def test_an_impossible_year_is_refused(chosen, read):
    with pytest.raises(InputError):
        read("a.csv", export(FINAL, f"{UNIT};Antal elever", f"{NORTH};94", chosen=chosen))


def test_half_a_file_is_told(read):
    whole = export("Grundskola - Antal elever per årskurs", PUPILS, f"{NORTH};90;" + ";".join(["10"] * 9))
    assert [f.rule for f in read("a.csv", whole).findings] == ["file.no_description"]
    assert "row.width" in [f.rule for f in read("b.csv", whole[:-14]).errors]


def test_a_file_without_rows_or_header_is_refused(read):
    with pytest.raises(InputError, match="no rows"):
        read("a.csv", export(FINAL, f"{UNIT};Antal elever"))
    with pytest.raises(InputError, match="no header row"):
        read("b.csv", export(FINAL, "Något annat;helt"))
