"""Who may see, change and take away a group: whoever made it, and nobody else."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from likvard.site.insight.models import ComparisonGroup
from likvard.site.people.access import Denied, Reader
from likvard.site.people.models import User


def check_can_keep_groups(user: Reader) -> User:
    """The reader as a person. `Denied` without an account to keep a group in; a group can still stand in an address."""
    if not isinstance(user, User):
        raise Denied(
            _("Sign in to keep a group under a name. You can still compare: the group stands in the address."),
            sign_in=True,
        )
    return user


def can_keep_groups(user: Reader) -> bool:
    """Whether the reader can keep groups."""
    return user.is_authenticated


def group_for(user: Reader, id: UUID) -> ComparisonGroup:
    """The reader's own group. Http404 if there is none of that id that is the reader's, and `Denied` without an account."""
    owner = check_can_keep_groups(user)
    found = ComparisonGroup.objects.kept_by(owner).filter(pk=id).first()
    if found is None:
        raise Http404(_("You have no group at this address."))
    return found
