"""Open a case, take it through its states, close it, correct it, link it, make it unreachable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from likvard.site.cases import permissions
from likvard.site.cases.actions.holding import hold, tell
from likvard.site.cases.kinds import kind_of
from likvard.site.cases.models import Case, CaseLink, Document, LinkType, Participant, Secrecy, Series
from likvard.site.cases.register import RegisterNumber, quoted
from likvard.site.cases.states import CaseError, Kind
from likvard.site.cases.timing import day_of
from likvard.site.people.models import Assignment, Organiser, Unit, User


@transaction.atomic
def open_case(
    *,
    kind: str,
    title: str,
    place: Unit | Organiser,
    by: User,
    at: datetime,
    secrecy: str = "",
    school_form: str = "",
    take: bool = True,
) -> Case:
    """Open a case about a place, under the next number of its series. Whoever opens it works in it, if `take`."""
    found, on = kind_of(kind), day_of(at)
    role = permissions.check_can_open(by, found, place, on=on)
    unit, organiser = (place, place.organiser) if isinstance(place, Unit) else (None, place)
    forms = unit.forms if unit else ()
    case = Case.objects.create(
        kind_code=found.code,
        series=found.series,
        year=on.year,
        number=_next_number(found.series, on.year),
        title=title.strip(),
        organiser=organiser,
        unit=unit,
        school_form=school_form or (forms[0] if len(forms) == 1 else ""),
        state_code=found.table.first.code,
        state_since=at,
        opened_at=at,
        opened_by=by,
        secrecy=secrecy or found.secrecy,
        retention=found.retention,
    )
    if take:
        _take(case, found, by, at)
    tell("case.opened", case, by=by, role=role, at=at, data={"kind": found.code, "secrecy": case.secrecy})
    return case


def _take(case: Case, kind: Kind, by: User, at: datetime) -> None:
    Participant.objects.create(case=case, user=by, part=Participant.Part.HANDLER, since=at, given_by=by)
    assign_place(case, by, at)


def assign_place(case: Case, user: User, at: datetime) -> None:
    """Let the matter reach further than the person's own places (`people.Assignment`), from today."""
    where = {"unit": case.unit} if case.unit_id else {"organiser": case.organiser}
    Assignment.objects.get_or_create(user=user, matter=case.dnr, end=None, defaults={"start": day_of(at), **where})


def _next_number(series: str, year: int) -> int:
    """The next number, under the lock of its series until the transaction ends: a number is given or it is not there."""
    Series.objects.get_or_create(series=series, year=year)
    row = Series.objects.select_for_update().get(series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


@transaction.atomic
def move(*, case: Case, code: str, by: User, at: datetime, reason: str = "") -> Case:
    """Take a case from its state to another. Into an end it is closed: by whom, when and why."""
    case = hold(case)
    way, grant = permissions.check_can_move(by, case, code, on=day_of(at))
    if way.reasoned and not reason.strip():
        raise CaseError(
            _("This step needs a reason."), _("Write one that everybody who may read the matter understands.")
        )
    before, target = case.state_code, case.kind.table.state(way.to)
    case.state_code, case.state_since = target.code, at
    if target.end:
        case.closed_at, case.closed_by, case.closing_reason = at, by, reason.strip() or str(way.label)
        Assignment.objects.filter(matter=case.dnr, end=None).update(end=day_of(at))
    case.save()
    data = {"move": way.code, "from": before, "to": target.code}
    tell("case.closed" if target.end else "case.moved", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return case


@transaction.atomic
def correct(*, case: Case, title: str, secrecy: str, by: User, at: datetime, reason: str) -> Case:
    """Correct the title or the secrecy of a case. What stood there before is kept in the record."""
    case = hold(case)
    grant = permissions.check_can_work(by, case, on=day_of(at))
    if not reason.strip():
        raise CaseError(_("Say why it is corrected."), _("The reason is kept and shown in the record."))
    if secrecy not in Secrecy.values or not title.strip():
        raise CaseError(_("A matter needs a title and a class of secrecy."), _("Fill in both."))
    before = {"title": case.title, "secrecy": case.secrecy}
    case.title, case.secrecy = title.strip(), secrecy
    case.save(update_fields=["title", "secrecy"])
    after = {"title": case.title, "secrecy": case.secrecy}
    data = {"before": before, "after": after}
    tell("case.corrected", case, by=by, role=grant.role, at=at, reason=reason, data=data)
    return case


@transaction.atomic
def link(*, case: Case, type: str, number: str, by: User, at: datetime) -> CaseLink:
    """Tie a case to another by its number: one of ours, or one that is quoted from elsewhere."""
    case = hold(case)
    grant = permissions.check_can_work(by, case, on=day_of(at))
    if type not in (LinkType.MENTIONED, LinkType.FOLLOWS):
        raise CaseError(_("A matter can be mentioned or followed by another."), _("Choose one of the two."))
    other = _known(number)
    foreign = "" if other else _foreign(number)
    made = _unique(
        lambda: CaseLink.objects.create(case=case, type=type, to_case=other, quoted=foreign, made_at=at, made_by=by)
    )
    data = {"type": type, "to": other.dnr if other else foreign}
    tell("case.linked", case, by=by, role=grant.role, at=at, data=data)
    return made


def _unique(make: Callable[[], CaseLink]) -> CaseLink:
    """Make a row that must be the only one of its kind. Raises `CaseError` if it is there already."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        raise CaseError(_("They are tied to each other already."), _("Nothing needs to be done.")) from None


def _known(number: str) -> Case | None:
    try:
        return Case.objects.numbered(RegisterNumber.parse(number)).first()
    except CaseError:
        return None


def _foreign(number: str) -> str:
    found = quoted(number)
    if len(found) != 1:
        raise CaseError(
            _("“%(number)s” is not a register number.") % {"number": number[:40]},
            _("Write it as SI 2022:4573, 400-2011:6497 or 2018:7409."),
        )
    return str(found[0])


@transaction.atomic
def mention(*, case: Case, document: Document, by: User, at: datetime) -> CaseLink:
    """Tie a document that belongs to another case to this one, as mentioned. It opens the document to nobody."""
    case = hold(case)
    grant = permissions.check_can_work(by, case, on=day_of(at))
    made = _unique(
        lambda: CaseLink.objects.create(case=case, type=LinkType.MENTIONED, document=document, made_at=at, made_by=by)
    )
    data = {"type": LinkType.MENTIONED.value, "document": document.pk}
    tell("case.linked", case, by=by, role=grant.role, at=at, data=data)
    return made


@transaction.atomic
def make_unreachable(*, case: Case, by: User, at: datetime) -> Case:
    """Take a closed case whose time has run out from every page. Its rows and its events stay."""
    case = hold(case)
    permissions.check_can_hide(by, case, on=day_of(at))
    case.unreachable_at, case.unreachable_by = at, by
    case.save(update_fields=["unreachable_at", "unreachable_by"])
    tell("case.made_unreachable", case, by=by, role="administrator", at=at, data={"retention": case.retention})
    return case
