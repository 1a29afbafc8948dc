"""The page: self-contained, script-free, clean under its own policy, complete in both languages."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from likvard.figures.charts import School
from likvard.figures.page import html
from likvard.figures.rendering import pixels
from likvard.terms import Audience, Language, Missing, Words

VOID = {"meta", "link", "input", "br"}


class Tags(HTMLParser):
    """Collects tags, ids and attributes, and checks that every tag is closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.attributes, self.tags, self.refs = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        self.refs += [v for name, value in attrs if name == "aria-labelledby" for v in value.split()]
        self.refs += [value[1:] for name, value in attrs if name == "href" and value.startswith("#")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def pages(report):
    return {language: html(report, language) for language in Language}


@pytest.fixture(scope="module")
def parsed(pages):
    read = {}
    for language, text in pages.items():
        read[language] = Tags()
        read[language].feed(text)
    return read


@pytest.mark.parametrize("language", list(Language))
def test_every_tag_is_closed_every_id_is_unique_and_every_reference_leads_somewhere(parsed, language):
    page = parsed[language]
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.refs) <= set(page.ids)


@pytest.mark.parametrize("language", list(Language))
def test_there_is_no_script_no_style_attribute_no_handler_and_no_address_outside(parsed, pages, language):
    page = parsed[language]
    assert not {"script", "iframe", "object", "img", "form"} & set(page.tags)
    assert [a for a in page.attributes if a[1] == "style" or a[1].startswith("on")] == []
    assert re.search(r"https?://|url\((?!data:)", pages[language]) is None


def test_the_policy_names_the_hash_of_the_one_stylesheet(pages):
    text = pages[Language.SV]
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert f"style-src &#39;sha256-{digest}&#39;".replace("&#39;", "'") in policy.replace("&#39;", "'")
    assert "default-src 'none'" in policy.replace("&#39;", "'")
    assert "unsafe" not in policy
    assert text.count("<style>") == 1


def test_two_exports_are_byte_for_byte_the_same(demo):
    assert html(demo.report(), Language.SV) == html(demo.report(), Language.SV)


def test_each_language_links_to_its_twin(pages):
    assert 'href="ekvik-9911-en.html" hreflang="en"' in pages[Language.SV]
    assert 'href="ekvik-9911-sv.html" hreflang="sv"' in pages[Language.EN]


def test_the_english_page_holds_no_swedish_words_of_the_interface(pages):
    text = re.sub(r"<style>.*?</style>", "", pages[Language.EN], flags=re.DOTALL)
    swedish = re.findall(r"\b(osäkerhet|väntat|Tabell|Diagram|skolor|elever|från|Källa|läsåret|inte)\b", text)
    assert swedish == []


def test_both_languages_have_the_same_shape(parsed):
    assert parsed[Language.SV].tags == parsed[Language.EN].tags


def test_every_figure_stands_with_question_sentence_source_vintage_and_number_of_pupils(report, pages):
    for figure in report.figures:
        card = pages[Language.SV].partition(f'id="{figure.id}"')[2].partition("</article>")[0]
        assert figure.question.sv in card
        assert "2025-10-02" in card
        assert "Så mäter vi" in card
        assert figure.chart is None or 'class="verdict"' in card
        assert figure.n is None or "1\u00a0041\u00a0elever" in card


def test_every_kind_of_missing_value_stands_with_its_words(report, pages):
    card = pages[Language.SV].partition('id="symbols-in-use"')[2].partition("</article>")[0]
    for row in report.figures[-1].table.rows:
        cell = row.entries[0]
        if cell.value is None:
            assert cell.reason.sv in card, cell.missing
    assert "cirka\u00a045\u00a0%" in card
    assert "0\u00a0%" in card


def test_invented_data_say_so_first_and_real_data_do_not(demo, pages):
    assert "Påhittade uppgifter." in pages[Language.SV].partition("<main")[0]
    real = html(replace(demo.report(), synthetic=False), Language.SV)
    assert "Påhittade" not in real.partition("<main")[0]


def test_the_organisers_page_warns_about_public_papers(report):
    text = html(replace(report, audience=Audience.ORGANISER), Language.SV)
    assert "nämndens handlingar" in text


def test_a_name_with_markup_in_it_is_text_and_nothing_else(demo):
    units = [School('<script>x</script>"&', "A&B", "1"), *demo.schools(3)]
    text = html(demo.report(units), Language.SV)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_any_number_of_schools_makes_a_page(demo, count):
    tags = Tags()
    tags.feed(html(demo.report(demo.schools(count)), Language.EN))
    assert tags.open == []


def test_a_report_with_everything_hidden_says_why(demo):
    gate = demo.Gate()
    hidden = gate(None, missing=Missing.FEW)
    chart = demo.expected(gate, demo.schools(5))
    chart = type(chart)(tuple(replace(r, difference=hidden) for r in chart.rows), chart.difference, chart.result)
    report = demo.report(demo.schools(5))
    cards = tuple(
        demo._figure("expected", "Fråga?", "Question?", chart, gate) if f.id == "expected" else f
        for f in report.sections[1].figures
    )
    sections = (replace(report.sections[1], figures=cards),)
    text = html(replace(report, sections=sections), Language.SV)
    assert "Ingen skolas resultat kan jämföras" in text
    assert text.count("Dold av") == 4, "the fifth school has its own criteria"


def test_ranges_do_not_break_and_the_fact_is_bold(pages):
    assert re.search(r"<b>\w+ av \d+ skolor</b>", pages[Language.SV])
    assert "15–\u206022" in pages[Language.SV] or re.search(r"\d–\u2060\d", pages[Language.SV])


def test_there_is_no_ranking_in_any_table(report):
    for figure in report.figures:
        areas = [row.group.sv if row.group else "" for row in figure.table.rows if row.code and row.group]
        assert areas == sorted(areas) or figure.id == "place"


def test_the_words_of_missing_and_method_stand_in_the_report(pages):
    assert "Inte insamlat av kommunen." in pages[Language.SV]
    assert "How we worked it out" in pages[Language.EN]


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (1.5, "1.5"), (1 / 3, "0.33"), (-2.0, "-2"), (0.999, "1")])
def test_coordinates_are_short(value, text):
    assert pixels(value) == text


def test_a_figure_with_hidden_number_of_pupils_says_why(demo, report):
    hidden = demo.Gate()(None, missing=Missing.PROTECTED)
    figure = replace(report.figures[0], n=hidden)
    section = replace(report.sections[0], figures=(figure,), title=Words("x", "x"))
    assert hidden.reason.sv in html(replace(report, sections=(section,)), Language.SV)
