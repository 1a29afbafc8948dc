"""The national report: two pairs of eyes, every version kept, corrections visible, and nobody's class in anything public."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.site.addresses_ratings import closed_round, outcome

from likvard.flow.national import Estimate, Prediction
from likvard.site.audit.models import Event
from likvard.site.cases.states import CaseError
from likvard.site.people.access import Denied
from likvard.site.people.roles import Place
from likvard.site.ratings import composing, content, frozen, later, logged
from likvard.site.ratings.actions import reporting
from likvard.site.ratings.models import Outcome, Rating, Report, ReportVersion
from likvard.site.writing.pdf import pdf
from likvard.site.writing.text import Picture, Table, plain_text

pytestmark = pytest.mark.django_db
TEXTS = {"title": "Så arbetar huvudmännen", "lead": "En av tre.", "body": "Första stycket.\n\n- En punkt"}


@pytest.fixture(autouse=True)
def _here(settings, monkeypatch, now):
    settings.SECOND_FACTOR, settings.LANGUAGE_CODE = False, "en"
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def closed(cast, places, now):
    """A closed round in which Ekvik was marked, with what it came to."""
    made = closed_round(cast.lea, now)
    framed = made.frame.create(organiser=places.ekvik, kind="municipal", stratum="municipal.rest", probability=0.5, selected=True)  # fmt: skip
    Rating.objects.create(round=made, organiser=places.ekvik, framed=framed, state="closed")
    data = outcome()
    probability = {"high": 0.1, "several": 0.2, "low": 0.7}
    data["national"]["organisers"] = [
        {
            "organiser": places.ekvik.pk,
            "probability": probability,
            "likeliest": "low",
            "by_marks": "low",
            "readings": 12,
        }
    ]
    Outcome.objects.create(round=made, data=data, marks="1" * 64, software="likvard", at=now, by=cast.lea)
    return made


@pytest.fixture
def published(closed, cast, now):
    report = reporting.write(round=closed, texts=TEXTS, by=cast.lea, at=now)
    reporting.move(report=report, code="ask", by=cast.lea, at=now)
    return reporting.move(report=report, code="publish", by=cast.petra, at=now)


def corrected(report, cast, now):
    reporting.move(report=report, code="correct", reason="Andelen för kommuner var fel.", by=cast.lea, at=now)
    reporting.write(round=report.round, texts={**TEXTS, "lead": "Två av fem."}, by=cast.lea, at=now)
    reporting.move(report=report, code="ask", by=cast.lea, at=now)
    return reporting.move(report=report, code="publish", by=cast.petra, at=now + timedelta(days=3))


def test_whoever_wrote_a_report_does_not_publish_it(closed, cast, now):
    report = reporting.write(round=closed, texts=TEXTS, by=cast.lea, at=now)
    reporting.move(report=report, code="ask", by=cast.lea, at=now)
    with pytest.raises(CaseError, match="second person"):
        reporting.move(report=report, code="publish", by=cast.lea, at=now)
    with pytest.raises(Denied):
        reporting.move(report=report, code="publish", by=cast.ines, at=now)
    assert reporting.move(report=report, code="publish", by=cast.petra, at=now).is_shown


@pytest.fixture
def lars(cast, member):
    """A second lead."""
    made = type(cast.lea).objects.create_user("lars@example.se", "ett-par-gröna-stövlar-7", name="Lars")
    member(made, "lead_inspector", Place())
    return made


def test_a_colleague_who_changes_a_comma_does_not_free_the_one_who_wrote_the_rest(closed, cast, lars, now):
    report = reporting.write(round=closed, texts=TEXTS, by=cast.lea, at=now)
    reporting.write(round=closed, texts={**TEXTS, "lead": "En, av tre."}, by=lars, at=now)
    reporting.move(report=report, code="ask", by=cast.lea, at=now)
    for writer in (cast.lea, lars):
        for code in ("publish", "send_back"):
            with pytest.raises(CaseError, match="written in it"):
                reporting.move(report=report, code=code, reason="Nej", by=writer, at=now)
    assert reporting.move(report=report, code="publish", by=cast.petra, at=now).is_shown


def test_a_correction_is_not_published_by_whoever_wrote_what_it_keeps(published, cast, lars, now):
    reporting.move(report=published, code="correct", reason="Fel", by=lars, at=now)
    reporting.write(round=published.round, texts=TEXTS, by=lars, at=now)
    reporting.move(report=published, code="ask", by=lars, at=now)
    with pytest.raises(CaseError, match="written in it"):
        reporting.move(report=published, code="publish", by=cast.lea, at=now)
    assert reporting.move(report=published, code="publish", by=cast.petra, at=now).state == "published"


def test_a_lead_who_has_written_nothing_publishes(closed, cast, lars, now):
    report = reporting.write(round=closed, texts=TEXTS, by=cast.lea, at=now)
    reporting.move(report=report, code="ask", by=cast.lea, at=now)
    assert reporting.move(report=report, code="publish", by=lars, at=now).is_shown


def test_a_writer_takes_the_report_back_from_the_second_reader_with_a_reason(published, cast, lars, now):
    reporting.move(report=published, code="correct", reason="Fel", by=cast.lea, at=now)
    reporting.move(report=published, code="ask", by=cast.lea, at=now)
    with pytest.raises(CaseError, match="reason"):
        reporting.move(report=published, code="take_back", by=cast.lea, at=now)
    for other in (lars, cast.petra):
        with pytest.raises((CaseError, Denied)):
            reporting.move(report=published, code="take_back", reason="Jag såg ett fel", by=other, at=now)
    back = reporting.move(report=published, code="take_back", reason="Jag såg ett fel", by=cast.lea, at=now)
    assert back.state == "revising"
    assert Event.objects.about(published.subject).last().what == "report.take_back"
    assert logged.LOGGED["report.take_back"]


@pytest.mark.parametrize(
    ("language", "label", "wrote", "why"),
    [
        ("sv", "Ta tillbaka", "Skriv texten", "det behövs en andra person, som inte har det"),
        ("en", "Take back", "Write the text", "it takes a second person, who has not"),
    ],
)
def test_the_desk_says_who_wrote_and_offers_a_writer_to_take_it_back(
    closed, cast, enter, now, settings, language, label, wrote, why
):
    report = reporting.write(round=closed, texts=TEXTS, by=cast.lea, at=now)
    reporting.move(report=report, code="ask", by=cast.lea, at=now)
    reader = enter(cast.lea)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = reader.get(reverse("report_draft", args=[report.pk])).content.decode()
    assert f'href="{reverse("report_move", args=[report.pk, "take_back"])}">{label}' in page
    assert f"Lea Ledare: {wrote}" in page
    assert why in page


def test_a_closed_round_leads_to_its_report_once_there_is_one(closed, cast, enter, now):
    pages = [reverse(name, args=[closed.pk]) for name in ("rating_round", "rating_outcome")]
    write = f'href="{reverse("rating_write", args=[closed.pk])}"'
    assert all(write in enter(cast.lea).get(page).content.decode() for page in pages)
    report = reporting.write(round=closed, texts=TEXTS, by=cast.lea, at=now)
    draft = f'href="{reverse("report_draft", args=[report.pk])}"'
    for page in pages:
        said = enter(cast.lea).get(page).content.decode()
        assert draft in said
        assert write not in said


def test_nobody_reads_a_report_before_it_is_published(closed, cast, now):
    report = reporting.write(round=closed, texts=TEXTS, by=cast.lea, at=now)
    assert Client().get(report.get_absolute_url()).status_code == 404
    assert TEXTS["title"] not in Client().get("/nationell-rapport/").content.decode()


def test_a_correction_is_visible_and_the_version_before_stays(published, cast, now):
    report = corrected(published, cast, now)
    page = Client().get(report.get_absolute_url()).content.decode()
    assert "Andelen för kommuner var fel." in page
    assert "Två av fem." in page
    before = Client().get(reverse("national_report_version", args=[report.slug, 1])).content.decode()
    assert "En av tre." in before
    assert "There is a newer one." in before
    assert [one.number for one in ReportVersion.objects.all()] == [1, 2]


def test_everybody_reads_the_last_version_while_a_correction_is_written(published, cast, now):
    reporting.move(report=published, code="correct", reason="Fel", by=cast.lea, at=now)
    reporting.write(round=published.round, texts={**TEXTS, "lead": "HALVSKRIVET"}, by=cast.lea, at=now)
    page = Client().get(published.get_absolute_url()).content.decode()
    assert "En av tre." in page
    assert "HALVSKRIVET" not in page


def test_a_withdrawn_report_leaves_its_address_and_why(published, cast, now):
    reporting.move(report=published, code="withdraw", reason="Bedömningarna görs om.", by=cast.lea, at=now)
    answer = Client().get(published.get_absolute_url())
    assert answer.status_code == 410
    assert "Bedömningarna görs om." in answer.content.decode()
    assert Client().get(reverse("national_report_csv", args=[published.slug])).status_code == 404


def test_no_class_of_any_organiser_is_in_anything_public(published, places):
    addresses = [
        published.get_absolute_url(),
        *(reverse(f"national_report_{name}", args=[published.slug]) for name in ("csv", "json")),
    ]
    said = "".join(Client().get(address).content.decode() for address in addresses)
    said += plain_text(composing.written(ReportVersion.objects.get()))
    assert places.ekvik.pk not in said
    assert "Ekviks" not in said
    assert frozen.from_data(ReportVersion.objects.get().content).organisers == ()


def test_the_class_is_shown_to_the_organiser_itself_and_to_leads(closed, cast, enter):
    rating = closed.ratings.get()
    own = enter(cast.harald).get(reverse("rating_reply", args=[rating.pk])).content.decode()
    assert "70" in own
    assert "to a low degree" in own
    assert enter(cast.other_harald).get(reverse("rating_reply", args=[rating.pk])).status_code == 403
    assert enter(cast.anna).get(reverse("rating_reply", args=[rating.pk])).status_code == 403
    assert "to a low degree" in enter(cast.lea).get(reverse("rating_outcome", args=[closed.pk])).content.decode()


def test_the_data_hold_every_share_with_its_interval(published):
    text = Client().get(reverse("national_report_csv", args=[published.slug])).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    weighted = {row["class_or_level"]: row for row in rows if (row["part"], row["item"]) == ("classes", "weighted")}
    assert set(weighted) == {"high", "several", "low"}
    assert [weighted["low"][name] for name in ("value", "low", "high")] == ["0.3", "0.2", "0.4"]
    data = json.loads(Client().get(reverse("national_report_json", args=[published.slug])).content)
    assert data["version"] == 1
    assert data["round"]["rule"]["seed"] == "3 9 17"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pdf_is_made_of_the_same_words_in_the_language_of_the_reader(published, language, settings):
    reader = Client()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = reader.get(reverse("national_report_pdf", args=[published.slug]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    with translation.override(language):
        made = composing.written(ReportVersion.objects.get())
    assert made.language == language
    assert answer.content == pdf(made)
    assert "3 9 17" in plain_text(made)
    assert {"sv": "Så är siffrorna framräknade", "en": "How the figures were made"}[language] in plain_text(made)


@pytest.mark.parametrize(
    ("language", "own", "beside"),
    [("sv", "hela landet", "bara de bedömda"), ("en", "the whole country", "only those marked")],
)
def test_the_paper_shows_its_charts_before_their_tables(published, language, own, beside):
    with translation.override(language):
        blocks = composing.written(ReportVersion.objects.get()).blocks
    at = [n for n, block in enumerate(blocks) if isinstance(block, Picture)]
    assert any(text.startswith(own) for text in blocks[at[0]].texts)
    assert beside in blocks[at[0]].texts
    assert len(at) == 9  # the classes, the statements, each of six criteria, agreement
    assert all(isinstance(blocks[n + 1], Picture | Table) for n in at)


def test_the_headline_has_its_uncertainty_on_the_page_and_on_paper(published):
    page = Client().get(published.get_absolute_url()).content.decode()
    assert "(uncertainty 20–40%)" in page
    assert "(uncertainty 20–40%)" in plain_text(composing.written(ReportVersion.objects.get()))


def test_a_figure_can_be_had_as_a_file_and_others_are_not_there(published):
    known = {"slug": published.slug, "figure": "agreement", "ending": "csv"}
    assert b"Krippendorff" in Client().get(reverse("national_report_figure", kwargs=known)).content
    for wrong in ({"figure": "none"}, {"ending": "exe"}):
        assert Client().get(reverse("national_report_figure", kwargs={**known, **wrong})).status_code == 404


def test_every_step_of_a_report_stands_in_the_chain(published, cast, now):
    report = corrected(published, cast, now)
    steps = list(Event.objects.about(report.subject).values_list("what", flat=True))
    assert steps == [
        "report.written", "report.ask", "report.publish", "report.correct", "report.written", "report.ask", "report.publish",
    ]  # fmt: skip
    assert Report.objects.get().state == "published"


@pytest.mark.parametrize(("after", "count"), [(1, 0), (2, 1)])
def test_an_audit_that_kept_the_level_is_not_told_as_a_change(closed, cast, now, after, count):
    rating = closed.ratings.get()
    Rating.objects.filter(pk=rating.pk).update(audited=True)
    for how, level in (("settled", 1), ("audit", after)):
        rating.levels.create(criterion="support", level=level, how=how, grounds="Skäl", at=now, by=cast.lea)
    assert content.about(closed)["changed_by_audit"] == count


def test_a_report_is_written_only_on_a_closed_round(make_round, cast, now):
    with pytest.raises(CaseError, match="not closed"):
        reporting.write(round=make_round(), texts=TEXTS, by=cast.lea, at=now)


TOLD = Prediction(
    {"several": Estimate(-1, 0.5, -2, 0), "low": Estimate(-3, 0.5, -4, -2)}, {}, 0.01, 24, 2026, compared=False
)


def test_results_that_came_later_reach_the_next_version_and_the_one_before_stays(
    published, cast, enter, now, monkeypatch
):
    desk, address, lead = reverse("report_draft", args=[published.pk]), published.get_absolute_url(), enter(cast.lea)
    assert "We cannot tell yet" in lead.get(desk).content.decode()
    monkeypatch.setattr(later, "prediction", lambda *_: TOLD)
    assert "have been published since the last version" in lead.get(desk).content.decode()
    assert "later-results" not in lead.get(address).content.decode()
    corrected(published, cast, now)
    page = lead.get(address).content.decode()
    assert 'id="later-results"' in page
    assert "Merit value, spring 2027" in page
    before = reverse("national_report_version", args=[published.slug, 1])
    assert "later-results" not in lead.get(before).content.decode()
    rows = lead.get(reverse("national_report_csv", args=[published.slug])).content.decode()
    assert "later;2026;low;-3.0;-4.0;-2.0" in rows


def test_what_a_round_came_to_says_when_later_results_can_be_told(closed, cast, enter):
    page = enter(cast.lea).get(reverse("rating_outcome", args=[closed.pk])).content.decode()
    assert "We cannot tell yet. It takes published results of school year 2025/26" in page
