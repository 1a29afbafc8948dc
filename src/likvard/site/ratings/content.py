"""What a version of a report holds: its texts and its figures, as they were published. No organiser's class is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from likvard.disclosure.publication import Publication
from likvard.flow.national import National
from likvard.flow.national_figures import public
from likvard.site import published
from likvard.site.ratings import chapters, frozen, later
from likvard.site.ratings.models import Report, Round
from likvard.site.ratings.rubrics import changed_by_audit
from likvard.site.ratings.states import How
from likvard.site.ui.language import current
from likvard.terms import Language

TEXTS = ("title", "lead", "body")


def of(report: Report, on: date) -> dict[str, Any]:
    """The report as it is on the day, for a version that is never changed."""
    texts = {
        name: {"sv": getattr(report, name), "en": getattr(report, f"{name}_en") or getattr(report, name)}
        for name in TEXTS
    }
    publication = published.current()
    found = with_later(report.round, publication)
    return {
        "texts": texts,
        "english": bool(report.title_en and report.lead_en),
        "round": about(report.round),
        "chapters": chapters.as_data(chapters.figures(publication, on), publication),
        **frozen.as_data(public(found, on)),
    }


def with_later(round: Round, publication: Publication | None) -> National:
    """What a closed round came to, and whether its classes foretell the results that have been published since."""
    found = frozen.from_data(round.outcome.data)
    return replace(found, prediction=later.prediction(round, found, publication))


def about(round: Round) -> dict[str, Any]:
    """What a report says of how a closed round was made."""
    outcome = round.outcome
    return {
        "name": round.name, "rubric_on": round.rubric_on.isoformat(), "rule": round.rule, "seed_from": round.seed_from,
        "measure": round.measure, "publication": round.publication, "frame": round.fingerprint, "marks": outcome.marks,
        "software": outcome.software, "audited": round.ratings.filter(audited=True).count(),
        "changed_by_reply": round.ratings.filter(levels__how=How.REPLY).distinct().count(),
        "changed_by_audit": sum(bool(changed_by_audit(one)) for one in round.ratings.filter(audited=True).select_related("round", "framed")),
    }  # fmt: skip


def outcome(said: Mapping[str, Any]) -> National:
    """The figures of a version."""
    return frozen.from_data(said)


def text(said: Mapping[str, Any], name: str, language: Language | None = None) -> str:
    """A text of a version in the language of the page."""
    found: str = said["texts"][name][(language or current()).value]
    return found


def language_of(said: Mapping[str, Any]) -> str:
    """The language that the texts of a version are in on this page: Swedish where nobody has translated them."""
    return current().value if said["english"] else Language.SV.value
