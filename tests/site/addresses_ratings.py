"""Examples of the addresses of ratings: a round of Ekvik's in which Ines marks, its rating with the organiser, and a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from likvard.site.people.models import Membership, User
from likvard.site.ratings import content, frozen
from likvard.site.ratings.actions import marking, rounds, settling
from likvard.site.ratings.actions.marking import Given
from likvard.site.ratings.drawing import Rule
from likvard.site.ratings.models import Outcome, Rating, Report, ReportVersion, Round, Sheet
from likvard.site.ratings.rubrics import asked

Variants = Mapping[str, Mapping[str, Any]]
AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)


def _round(cast: Any) -> Round:
    """An open round in which Ines and a second inspector mark everybody; Ekvik's levels have been sent to it."""
    known = Round.objects.filter(name="Omgången").first()
    if known is not None:
        return known
    own = {"by": cast.lea, "at": AT}
    made = rounds.make_round(
        name="Omgången", rubric_on_day=date(2025, 11, 1), rule=Rule(seed="3 9 17"), seed_from="Lottdragning", measure="",
        publication=None, **own,
    )  # fmt: skip
    second = User.objects.create_user("andra@example.se", "x", name="Andra")
    Membership.objects.create(user=second, role="inspector", start=date(2024, 1, 1), given_at=AT)
    rounds.share_out(round=made, markers=[cast.ines, second], **own)
    return rounds.open_round(round=made, reason="Plan", **own)


def _sent(cast: Any, places: Any) -> Rating:
    rating = _round(cast).ratings.get(organiser=places.ekvik)
    if rating.state == "marking":
        for sheet in rating.sheets.order_by("pk"):
            given = {code: Given(1, "Skäl", evidence=(("Rapport", "s. 3"),)) for code in asked(rating)}
            marking.fill_in(rating=rating, given=given, by=sheet.marker, at=AT)
            marking.hand_in(rating=rating, by=sheet.marker, at=AT)
        settling.send(rating=Rating.objects.get(pk=rating.pk), by=cast.ines, at=AT)
    return rating


def _marked(cast: Any, places: Any) -> Rating:
    """Lärkan's rating, which is being marked."""
    return _round(cast).ratings.get(organiser=places.lärkan)


def a_round(cast: Any, places: Any) -> Variants:
    """A round, and none."""
    return {"": {"pk": _round(cast).pk}, "none": {"pk": 0}}


def marking_of(**more: Any) -> Callable[[Any, Any], Variants]:
    """The rating that is being marked, and none."""
    return lambda cast, places: {"": {"pk": _marked(cast, places).pk, **more}, "none": {"pk": 0, **more}}


def sent(**more: Any) -> Callable[[Any, Any], Variants]:
    """Ekvik's rating, which it may reply to; Lärkan's, which has not been sent; and none."""

    def made(cast: Any, places: Any) -> Variants:
        found = {"own": _sent(cast, places).pk, "other": _marked(cast, places).pk, "none": 0}
        return {name: {"pk": pk, **more} for name, pk in found.items()}

    return made


def a_sheet(cast: Any, places: Any) -> Variants:
    """Ines's sheet of Lärkan."""
    rating = _marked(cast, places)
    return {"": {"pk": rating.pk, "sheet": Sheet.objects.get(rating=rating, marker=cast.ines).pk}}


def evidence(cast: Any, places: Any) -> Variants:
    """A piece of evidence of Ines's."""
    rating, own = _marked(cast, places), {"by": cast.ines, "at": AT}
    marking.fill_in(rating=rating, given={"support": Given(1, "Skäl")}, **own)
    made = marking.add_evidence(rating=rating, criterion="support", title="Rapport", **own)
    return {"": {"pk": rating.pk, "criterion": "support", "evidence": made.pk}}


def _report(cast: Any, *, state: str = "published") -> Report:
    """A report on a round that was closed last year: published, with one version."""
    known = Report.objects.filter(slug="rapporten-2024").first()
    if known is not None:
        return known
    before = AT - timedelta(days=300)
    made = closed_round(cast.lea, before, name="Förra omgången", rubric_on=date(2024, 11, 1))
    Outcome.objects.create(round=made, data=outcome(), marks="0" * 64, software="likvard 0", at=before, by=cast.lea)
    texts = {"title": "Rapporten", "lead": "Så gick det.", "title_en": "The report", "lead_en": "So it went."}
    report = Report.objects.create(
        round=made,
        slug="rapporten-2024",
        state=state,
        written_at=before,
        written_by=cast.lea,
        published_at=before,
        **texts,
    )
    ReportVersion.objects.create(
        report=report, number=1, content=content.of(report, before.date()), at=before, by=cast.petra
    )
    return report


def closed_round(lead: User, at: datetime, **more: Any) -> Round:
    """A round that was made, opened and closed by a lead at one time. What it came to is not written down yet."""
    rule = {"seed": "3 9 17", "high": 100, "rest": 50, "unknown": 50, "highest": 33}
    when = {
        f"{what}_{which}": value for what in ("made", "opened", "closed") for which, value in (("at", at), ("by", lead))
    }
    known = {"name": "Omgången", "rubric_on": at.date(), "rule": rule, "seed_from": "Lottdragning"}
    return Round.objects.create(state="closed", **when, **{**known, **more})


def outcome() -> dict[str, Any]:
    """A small outcome, as `likvard.flow.national` gives them."""
    one = {"value": 0.3, "se": 0.05, "low": 0.2, "high": 0.4}
    classes = ["high", "several", "low"]
    agreed = {"criterion": "", "alpha": one, "kappa": one, "same": 0.8, "pairs": 40, "organisers": 20}
    criteria = ("overview", "analysis", "measures", "allocation", "support", "follow_up")
    return {
        "schema": frozen.SCHEMA,
        "national": {
            "round": 2024, "rubric": "2022", "classes": classes, "organisers": [], "overall": agreed,
            "shares": [{"cls": cls, "weighted": one, "unweighted": {**one, "value": 0.35}, "marked": 10} for cls in classes],
            "levels": [{"criterion": code, "level": level, "share": one} for code in criteria for level in range(3)],
            "agreement": [{**agreed, "criterion": code} for code in criteria], "marker_error": dict.fromkeys(criteria, 0.1),
            "sensitivity": [{"key": "design", "name": {"sv": "som valt", "en": "as drawn"}, "shares": dict.fromkeys(classes, one), "effective": 25.0}],
            "statements": [], "weak_together": {"pairs": [], "n": 30, "tests": 0, "counts": {}}, "findings_together": None,
            "prediction": None, "population": 42, "marked": 30, "doubled": 30, "warnings": [], "kinds": {},
        },
    }  # fmt: skip


def a_report(cast: Any, places: Any) -> Variants:
    """A report at the desk, and none."""
    return {"": {"pk": _report(cast).pk}, "none": {"pk": 0}}


def public(**more: Any) -> Callable[[Any, Any], Variants]:
    """A published report, and none."""
    return lambda cast, places: {"": {"slug": _report(cast).slug, **more}, "none": {"slug": "ingen-1999", **more}}


def plain(cast: Any, places: Any) -> Variants:
    """An address without parts that vary."""
    return {"": {}}


EXAMPLES: Mapping[str, Callable[[Any, Any], Variants]] = {
    **dict.fromkeys(["ratings", "rating_rubric", "rating_round_new", "rating_replies", "report_desk", "national_reports"], plain),
    **dict.fromkeys([f"rating_round{name}" for name in ("", "_share", "_open", "_draw", "_close")], a_round),
    "rating_outcome": a_round,
    "rating_write": a_round,
    **{f"rating{name}": marking_of() for name in ("", "_conflict", "_sheet", "_hand_in", "_send", "_go_on", "_answer", "_audit")},
    **{f"rating_{name}": marking_of(criterion="support") for name in ("mark", "evidence", "settle", "answer_point")},
    "rating_hand_out": marking_of(part="first"),
    "rating_take_back": a_sheet,
    "rating_evidence_drop": evidence,
    "rating_reply": sent(),
    "rating_reply_hand_in": sent(),
    "rating_say": sent(criterion="support"),
    "report_draft": a_report,
    "report_move": lambda cast, places: {name: {**kwargs, "code": "correct"} for name, kwargs in a_report(cast, places).items()},
    **{f"national_report{name}": public() for name in ("", "_pdf", "_csv", "_json")},
    "national_report_version": public(number=1),
    "national_report_figure": public(figure="agreement", ending="csv"),
}  # fmt: skip
