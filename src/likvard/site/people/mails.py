"""Messages by e-mail about access."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from likvard.site.people.models import Invitation
from likvard.site.people.roles import Role, in_words


def invitation(invitation: Invitation, link: str) -> None:
    """Send an invitation's link, in both languages: the reader's own is not known yet."""
    context = {"invitation": invitation, "link": link}
    subjects, bodies = [], []
    for language in ("sv", "en"):
        with translation.override(language):
            words = {**context, "role": in_words(Role(invitation.role))}
            subjects.append(render_to_string("people/email/invitation_subject.txt", words).strip())
            bodies.append(render_to_string("people/email/invitation.txt", words).strip())
    send_mail(" / ".join(subjects), "\n\n---\n\n".join(bodies) + "\n", None, [invitation.email])
