"""Open data: the same in every form, put in place in one step, described for the national portal."""

from __future__ import annotations

import csv
import json
import re
from datetime import timedelta
from io import StringIO
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from tests.site.newsroom.conftest import AT, CANARY

from likvard.flow import tables
from likvard.site.cases.actions.issuing import happen
from likvard.site.newsroom import actions, catalogue, nightly, structured
from likvard.site.newsroom.open_data import ENDINGS, TABLES
from likvard.terms import Words

HERE = "https://beslut.example.se"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME, settings.BASE_URL = tmp_path, HERE
    return tmp_path / "open-data"


@pytest.fixture
def made(home, published):
    return nightly.write(AT, home, HERE)


def rows(made, name):
    return json.loads(made.path(f"{name}.json").read_text("utf-8"))["rows"]


@pytest.mark.django_db
class TestFiles:
    def test_what_a_row_of_a_decision_says(self, made, published):
        [row] = rows(made, "beslut")
        assert row["register_number"] == published.register_number
        assert row["address"] == HERE + published.get_absolute_url()
        assert (row["points"], row["points_left"], row["areas"]) == (2, 2, ["unit.support", "unit.safety"])
        assert (row["organiser_kind"], row["unit_code"], row["decided_on"]) == ("municipal", "90000001", "2025-04-28")
        assert (row["masked_passages"], row["invented"]) == (3, True)

    @pytest.mark.parametrize("name", [table.name for table in TABLES])
    def test_every_form_holds_the_same(self, made, name):
        as_json = rows(made, name)
        as_csv = list(csv.DictReader(StringIO(made.path(f"{name}.csv").read_text("utf-8-sig"))))
        as_parquet = pq.read_table(made.path(f"{name}.parquet")).to_pylist()
        assert len(as_json) == len(as_csv) == len(as_parquet) == made.rows[name]
        keys = [list(some[0]) for some in (as_json, as_csv, as_parquet) if some]
        assert all(key == keys[0] for key in keys)
        assert [row.get("register_number") for row in as_json] == [row.get("register_number") for row in as_parquet]

    def test_points_have_their_areas_names_and_states(self, made):
        first, second = rows(made, "punkter")
        assert first["area_name_sv"] == "Extra anpassningar och särskilt stöd"
        assert (second["instrument_name_sv"], second["state"]) == ("anmärkning", "open")

    def test_words_about_a_happening_come_only_when_they_are_released(self, home, published, cast):
        one = happen(
            issued=published.issued, what="closed", by=cast.ines, role="inspector", at=AT, text="Allt är gjort."
        )
        [row] = rows(nightly.write(AT, home, HERE), "handelser")
        assert (row["what"], row["text"]) == ("closed", None)
        actions.release(publication=published, happening=one, by=cast.petra, at=AT)
        [row] = rows(nightly.write(AT + HOUR, home, HERE), "handelser")
        assert row["text"] == "Allt är gjort."

    def test_matters_and_documents_hang_together_many_to_many(self, made, published):
        found = {(row["case_number"], row["link"], row["to_number"]) for row in rows(made, "arenden-dokument")}
        assert (published.register_number, "own", published.register_number) in found
        assert (published.register_number, "mentioned", "400-2011:6497") in found

    def test_what_is_withdrawn_is_gone_from_the_next_nights_files(self, home, published, cast):
        nightly.write(AT, home, HERE)
        actions.move(publication=published, code="withdraw", by=cast.petra, at=AT, reason="Fel.")
        made = nightly.write(AT + DAY, home, HERE)
        assert set(made.rows.values()) == {0}

    def test_nothing_that_is_masked_or_a_draft_is_in_any_file(self, made, issued, cast):
        for path in made.folder.iterdir():
            assert CANARY.encode() not in path.read_bytes()
        for name in ("texter", "beslut"):
            assert CANARY not in json.dumps(pq.read_table(made.path(f"{name}.parquet")).to_pylist(), default=str)


@pytest.mark.django_db
class TestNights:
    def test_they_are_written_once_a_night(self, home, published):
        night = AT.replace(hour=3)
        assert nightly.write_if_due(night, home, HERE) is not None
        assert nightly.write_if_due(night + HOUR, home, HERE) is None
        assert nightly.write_if_due(night + DAY, home, HERE) is not None

    def test_what_stood_stands_while_the_new_is_written_and_after_it_failed(self, home, published, monkeypatch):
        first = nightly.write(AT, home, HERE)
        monkeypatch.setattr(tables, "writing", lambda *some: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            nightly.write_if_due(AT + DAY, home, HERE)
        assert nightly.edition(home) == first
        assert nightly.write_if_due(AT + DAY + HOUR / 2, home, HERE) is None  # perhaps somebody still writes
        monkeypatch.undo()
        again = nightly.write_if_due(AT + DAY + 2 * HOUR, home, HERE)
        assert nightly.edition(home) == again != first

    def test_the_edition_before_stays_for_whoever_reads_it_and_older_ones_go(self, home, published):
        made = [nightly.write(AT + n * DAY, home, HERE) for n in range(4)]
        assert [one.folder.exists() for one in made] == [False, False, True, True]


@pytest.mark.django_db
class TestPages:
    def test_a_file_is_fetched_once(self, client, made):
        answer = client.get("/oppna-data/beslut.csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert b"".join(answer.streaming_content) == made.path("beslut.csv").read_bytes()
        for known in ({"if-none-match": answer["ETag"]}, {"if-modified-since": answer["Last-Modified"]}):
            assert client.get("/oppna-data/beslut.csv", headers=known).status_code == 304

    @pytest.mark.parametrize("path", ["beslut.xlsx", "manifest.json", "nothing.csv", "..csv"])
    def test_there_are_no_other_files(self, client, made, path):
        assert client.get(f"/oppna-data/{path}").status_code == 404

    def test_before_the_first_night_there_is_a_page_and_no_file(self, client, home):
        assert client.get("/oppna-data/").status_code == 200
        assert client.get("/oppna-data/beslut.csv").status_code == 404

    def test_the_page_lists_every_file_and_what_each_column_means(self, client, made):
        page = client.get("/oppna-data/?sprak=sv").content.decode()
        for table in TABLES:
            assert all(f"/oppna-data/{table.name}.{ending}" in page for ending in ENDINGS)
            assert all(column.means.sv in page for column in table.columns)


MUST = {
    "dcat:Catalog": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:license", "dcat:dataset"},
    "dcat:Dataset": {
        "dcterms:title",
        "dcterms:description",
        "dcterms:publisher",
        "dcat:contactPoint",
        "dcat:distribution",
    },
    "dcat:Distribution": {"dcat:accessURL", "dcat:downloadURL", "dcterms:license", "dcterms:format"},
    "foaf:Agent": {"foaf:name", "dcterms:type"},
    "vcard:Organization": {"vcard:fn", "vcard:hasEmail"},
}
"""What DCAT-AP-SE 3.0.1 demands of each, and what it recommends that we always know."""


@pytest.mark.django_db
class TestCatalogue:
    def said(self, client, settings):
        settings.CONTACT = "data@example.se"
        return client.get("/oppna-data/katalog.jsonld").json()["@graph"]

    def test_everything_that_is_demanded_is_there(self, client, made, settings):
        graph = self.said(client, settings)
        for kind, demanded in MUST.items():
            nodes = [node for node in graph if kind in node["@type"]]
            assert nodes, kind
            assert [demanded - node.keys() for node in nodes] == [set()] * len(nodes)

    def test_everything_that_is_named_is_described(self, client, made, settings):
        graph = self.said(client, settings)
        own = {node["@id"] for node in graph}
        named = {v["@id"] for node in graph for some in node.values() if isinstance(some, list)
                 for v in some if isinstance(v, dict) and "@id" in v}  # fmt: skip
        assert {name for name in named if "#" in name and name.startswith(HERE)} <= own

    def test_sizes_and_sums_are_those_of_the_files(self, client, made, settings):
        graph = {node["@id"]: node for node in self.said(client, settings)}
        one = graph[f"{HERE}/oppna-data/#beslut-parquet"]
        assert one["dcat:byteSize"][0]["@value"] == str(made.path("beslut.parquet").stat().st_size)

    def test_the_three_forms_say_the_same(self, client, made, settings):
        graph = self.said(client, settings)
        root = ElementTree.fromstring(client.get("/oppna-data/katalog.rdf").content)  # noqa: S314 - our own
        from_xml = {node.get(f"{RDF}about"): len(node) for node in root}
        from_json = {node["@id"]: sum(len(value) for key, value in node.items() if key != "@id") for node in graph}
        assert from_xml == from_json
        turtle = client.get("/oppna-data/katalog.ttl").content.decode()
        assert turtle.count(" ;\n") + turtle.count(" .\n") - len(catalogue.PREFIXES) == sum(from_xml.values())

    def test_there_is_no_other_form(self, client, made):
        assert client.get("/oppna-data/katalog.doc").status_code == 404


def test_a_text_with_quotation_marks_and_line_breaks_is_whole_in_turtle():
    text = 'En "sak"\nmed \\ i'
    said = [("https://a.se/", "dcterms:title", catalogue.Said(text, "sv"))]
    assert '"En \\"sak\\"\\nmed \\\\ i"@sv' in catalogue.turtle(said)
    assert catalogue.json_ld(said)["@graph"][0]["dcterms:title"] == [{"@value": text, "@language": "sv"}]


def test_the_words_of_the_tables_are_in_both_languages():
    said = [table.title for table in TABLES] + [column.means for table in TABLES for column in table.columns]
    assert all(isinstance(one, Words) and one.sv and one.en and one.sv != one.en for one in said if " " in one.sv)


@pytest.mark.django_db
def test_a_decision_tells_search_engines_what_it_is_and_nothing_hidden(client, published):
    page = client.get(f"/beslut/{published.slug}/").content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    said = json.loads(block)
    assert (said["@type"], said["reportNumber"]) == ("Report", published.register_number)
    assert said["about"][1] == {"@type": "School", "name": "Björkskolan", "identifier": "90000001"}
    assert CANARY not in block


def test_no_text_ends_the_block_of_data():
    made = structured.block({"name": "</script><script>alert(1)</script>&\u2028"})
    assert made.count("<") == 2
    assert json.loads(made.partition(">")[2].rpartition("<")[0])["name"].startswith("</script>")
