"""Who may do what at the desk: `check_can_x` raises with the reason, `can_x` asks.

Press officers keep the register of what is published. A second reader is another press officer or a lead inspector, and never
somebody who has prepared what is read. Whoever is kept out of a case for a conflict of interest is kept out of it here too.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.site.cases.models import Exclusion, Issued
from likvard.site.cases.permissions import asks
from likvard.site.cases.states import CaseError, Move
from likvard.site.newsroom import rules
from likvard.site.newsroom.models import Mask, PressRelease, Publication
from likvard.site.people import access
from likvard.site.people.access import Denied, Reader
from likvard.site.people.models import User
from likvard.site.people.roles import Role

KEEPERS = (Role.PRESS_OFFICER,)
READERS = (Role.PRESS_OFFICER, Role.LEAD_INSPECTOR)


def check_can_enter(user: Reader, *, on: date) -> Role:
    """Return the role in which the person may come to the desk at all: to prepare, or to read again."""
    if not user.is_authenticated:
        raise Denied(_("Sign in to see the newsroom's desk."), sign_in=True)
    held = access.roles(user, on)
    for role in READERS:
        if role in held:
            return role
    raise Denied(
        _("Only press officers and second readers see the newsroom's desk."),
        ask=access.whom_to_ask(access.administrators(None, on)),
    )


def check_can_keep(user: Reader, *, on: date) -> Role:
    """Return the role in which the person may prepare what is published."""
    role = check_can_enter(user, on=on)
    if role not in KEEPERS:
        raise Denied(_("Only press officers prepare what is published."))
    return role


def can_keep(user: Reader, *, on: date) -> bool:
    """Whether the person may prepare what is published."""
    return asks(lambda: check_can_keep(user, on=on))


def check_not_excluded(user: User, issued: Issued) -> None:
    """Raise `Denied`, in the words for what is not there, for whoever is kept out of the case."""
    if Exclusion.objects.in_force().filter(case=issued.case_id, user=user).exists():
        raise Denied(_("There is no document here, or it is not open to you."))


def check_can_read_original(user: Reader, issued: Issued, *, on: date) -> Role:
    """Return the role in which the person may read what a document says before anything in it is hidden."""
    role = check_can_enter(user, on=on)
    check_not_excluded(access_person(user), issued)
    return role


def access_person(user: Reader) -> User:
    """The reader, signed in. Raises `Denied` for the public."""
    if not isinstance(user, User):
        raise Denied(_("Sign in to see the newsroom's desk."), sign_in=True)
    return user


def check_can_prepare(user: Reader, issued: Issued, *, on: date) -> Role:
    """Return the role of a person who may begin to prepare a document. What is about an individual is never published."""
    role = check_can_keep(user, on=on)
    check_not_excluded(access_person(user), issued)
    if not issued.publishable:
        raise CaseError(
            _("This document is about an individual and is not published."),
            _("Whoever asks for it is answered by hand."),
        )
    return role


def check_can_change(user: Reader, publication: Publication, *, on: date) -> Role:
    """Return the role of a person who may change masks, title, address and tags: only while it is being prepared."""
    role = check_can_prepare(user, publication.issued, on=on)
    if publication.state not in rules.WORKED_ON:
        raise CaseError(
            _("It is “%(state)s”: nothing in it can be changed now.") % {"state": publication.stage.label},
            _("Send it back, or prepare a correction."),
        )
    return role


def can_change(user: Reader, publication: Publication, *, on: date) -> bool:
    """Whether the person may change masks, title, address and tags now."""
    return asks(lambda: check_can_change(user, publication, on=on))


def check_can_move(user: Reader, publication: Publication, code: str, *, on: date) -> tuple[Move, Role]:
    """Return the move and the role. What waits for a second reader is published or sent back by another than prepared it."""
    move = rules.TABLE.move(publication.state, code)
    role = check_can_read_original(user, publication.issued, on=on)
    if publication.state in rules.READ_AGAIN and code in ("publish", "send_back"):
        _check_is_another(access_person(user), publication.asked_by_id, _worked_on(publication))
    else:
        role = check_can_prepare(user, publication.issued, on=on)
    return move, role


def can_move(user: Reader, publication: Publication, code: str, *, on: date) -> bool:
    """Whether the person can take it this way now."""
    return asks(lambda: check_can_move(user, publication, code, on=on))


def _worked_on(publication: Publication) -> frozenset[object]:
    """Who has hidden or shown something in it since it was last published."""
    since = publication.versions.order_by("-number").values_list("at", flat=True).first()
    masks = Mask.objects.filter(publication=publication)
    made = masks.filter(made_at__gt=since) if since else masks
    lifted = masks.filter(lifted_at__gt=since) if since else masks.filter(lifted_at__isnull=False)
    return frozenset(made.values_list("made_by", flat=True)) | frozenset(lifted.values_list("lifted_by", flat=True))


def _check_is_another(user: User, asked_by: object, worked_on: frozenset[object]) -> None:
    if user.pk == asked_by or user.pk in worked_on:
        raise Denied(
            _("You have prepared this yourself. Another person reads it before it is published."),
            ask=_("Ask another press officer or a lead inspector."),
        )


def check_can_change_release(user: Reader, release: PressRelease, *, on: date) -> Role:
    """Return the role of a person who may write in a press release now."""
    role = check_can_keep(user, on=on)
    if release.state not in rules.WORKED_ON:
        raise CaseError(
            _("It is “%(state)s”: nothing in it can be changed now.") % {"state": release.stage.label},
            _("Send it back, or prepare a correction."),
        )
    return role


def can_change_release(user: Reader, release: PressRelease, *, on: date) -> bool:
    """Whether the person may write in a press release now."""
    return asks(lambda: check_can_change_release(user, release, on=on))


def check_can_move_release(user: Reader, release: PressRelease, code: str, *, on: date) -> tuple[Move, Role]:
    """Return the move and the role, as for a decision."""
    move = rules.TABLE.move(release.state, code)
    role = check_can_enter(user, on=on)
    if release.state in rules.READ_AGAIN and code in ("publish", "send_back"):
        _check_is_another(access_person(user), release.asked_by_id, frozenset())
    else:
        role = check_can_keep(user, on=on)
    return move, role


def can_move_release(user: Reader, release: PressRelease, code: str, *, on: date) -> bool:
    """Whether the person can take it this way now."""
    return asks(lambda: check_can_move_release(user, release, code, on=on))
