"""Issue a document in a case, and tell everybody how it went. For subjects, whose own permissions have been checked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from likvard.site.cases import files
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.models import (
    Case,
    CaseLink,
    Document,
    DocumentVersion,
    Issued,
    IssuedHappening,
    IssuedPoint,
    LinkType,
)
from likvard.site.cases.timing import day_of
from likvard.site.people.models import User


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a document that is about to be issued; the fields are those of `models.IssuedPoint`."""

    number: int
    heading: str
    area: str = ""
    instrument: str = ""
    judgement: str = ""
    provisions: tuple[str, ...] = ()
    serious: bool = False
    fine: int | None = None
    due: date | None = None
    state: str = "open"


@transaction.atomic
def issue(
    *,
    case: Case,
    kind: str,
    title: str,
    dated: date,
    signed_by: str,
    content: Mapping[str, Any],
    points: Sequence[Point],
    pdf: bytes,
    filename: str,
    by: User,
    role: str,
    at: datetime,
    folder: Path,
    about: str = "",
    level: str = "",
    publishable: bool = True,
    follows: Issued | None = None,
) -> Issued:
    """Keep a signed document under the next number of its case, and write its hash into the audit chain.

    The PDF is kept before the row: a file without a row harms nobody. It is the site's own, so no scanner is asked.
    """
    case = hold(case)
    stored = files.take_in(folder, filename, [pdf], scanner="")
    document = Document.objects.create(title=title, dated=dated, sensitive=not publishable, finished=True)
    CaseLink.objects.create(case=case, type=LinkType.OWN, document=document, made_at=at, made_by=by)
    DocumentVersion.objects.create(
        document=document, number=1, sha256=stored.sha256, size=stored.size, media_type=stored.media_type,
        filename=stored.filename, uploaded_at=at, uploaded_by=by, scan=stored.scan,
    )  # fmt: skip
    number = (case.issued.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Issued.objects.create(
        case=case, kind=kind, number=number, title=title, about=about, level=level, dated=dated, signed_by=signed_by,
        content=dict(content), document=document, sha256=stored.sha256, publishable=publishable, follows=follows,
        issued_at=at, issued_by=by,
    )  # fmt: skip
    for point in points:
        IssuedPoint.objects.create(issued=made, state_since=dated, **{**asdict(point), "provisions": point.provisions})
    data = {
        "issued": made.number,
        "kind": kind,
        "sha256": stored.sha256,
        "document": document.pk,
        "points": len(points),
    }
    tell("case.issued", case, by=by, role=role, at=at, data=data)
    return made


@transaction.atomic
def happen(
    *,
    issued: Issued,
    what: str,
    by: User,
    role: str,
    at: datetime,
    point: IssuedPoint | None = None,
    state: str = "",
    text: str = "",
    seen: str = "",
    day: date | None = None,
) -> IssuedHappening:
    """Tell that something has happened to a point, or to the whole; with a `state` the point stands so from that day."""
    when = day or day_of(at)
    made = IssuedHappening.objects.create(
        issued=issued, point=point, what=what, day=when, text=text.strip(), seen=seen, at=at, by=by
    )
    if point is not None and state:
        point.state, point.state_since = state, when
        point.save(update_fields=["state", "state_since"])
    data = {"issued": issued.number, "point": point.number if point else None, "what": what, "state": state}
    tell("case.happened", issued.case, by=by, role=role, at=at, reason=text, data=data)
    return made
