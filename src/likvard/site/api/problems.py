"""What can go wrong, in both languages, as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from likvard.site.people.access import Denied
from likvard.terms import Words

MEDIA = "application/problem+json"
PAGE = "/api/v1/"
"""Where each kind of problem is explained; `#problem-<kind>` is the place on the page."""


class Kind(StrEnum):
    """Kinds of problem, as they end the address in `type`."""

    BAD_CURSOR = "bad-cursor"
    UNKNOWN_TOKEN = "unknown-token"  # noqa: S105 - no token
    NEEDS_TOKEN = "needs-token"  # noqa: S105 - no token
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    NOTHING_PUBLISHED = "nothing-published"
    METHOD = "method-not-allowed"
    WRONG_QUESTION = "wrong-question"
    TOO_MANY = "too-many-requests"


@dataclass(frozen=True, slots=True)
class Explained:
    """A kind of problem: its status, its title, and what to do about it."""

    status: int
    title: Words
    remedy: Words


PROBLEMS: Mapping[Kind, Explained] = {
    Kind.BAD_CURSOR: Explained(
        400,
        Words("Markören gäller inte", "The cursor does not hold"),
        Words("Börja om från första sidan, utan markör.", "Begin again from the first page, without a cursor."),
    ),
    Kind.UNKNOWN_TOKEN: Explained(
        401,
        Words("Nyckeln gäller inte", "The token does not hold"),
        Words(
            "Skicka en nyckel som gäller, som Authorization: Bearer. Öppna siffror läser du utan nyckel.",
            "Send a token that holds, as Authorization: Bearer. Public figures need none.",
        ),
    ),
    Kind.NEEDS_TOKEN: Explained(
        401,
        Words("Här behövs en nyckel", "A token is needed"),
        Words(
            "Skapa en nyckel under Konto, och skicka den som Authorization: Bearer.",
            "Make a token under Account, and send it as Authorization: Bearer.",
        ),
    ),
    Kind.NOT_ALLOWED: Explained(
        403,
        Words("Du har inte åtkomst", "You do not have access"),
        Words("Be om åtkomst, eller läs det som är öppet.", "Ask for access, or read what is public."),
    ),
    Kind.NOT_FOUND: Explained(
        404,
        Words("Det finns inte", "There is no such thing"),
        Words("Sök i listan: den säger vad som finns.", "Look in the list: it says what there is."),
    ),
    Kind.NOTHING_PUBLISHED: Explained(
        404,
        Words("Inga siffror är publicerade än", "No figures are published yet"),
        Words("Försök igen när siffror har publicerats.", "Try again when figures have been published."),
    ),
    Kind.METHOD: Explained(
        405,
        Words("Här går det bara att läsa", "This can only be read"),
        Words("Använd GET, HEAD eller OPTIONS.", "Use GET, HEAD or OPTIONS."),
    ),
    Kind.WRONG_QUESTION: Explained(
        422,
        Words("Frågan går inte att förstå", "The question cannot be understood"),
        Words("Rätta det som räknas upp i errors.", "Mend what is listed in errors."),
    ),
    Kind.TOO_MANY: Explained(
        429,
        Words("För många frågor på kort tid", "Too many requests in a short time"),
        Words("Vänta så många sekunder som Retry-After säger.", "Wait as many seconds as Retry-After says."),
    ),
}
"""Every problem that is answered with."""


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """A request that cannot be answered, and why. `more` are further members of the answer."""

    def __init__(
        self,
        kind: Kind,
        detail: Words | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        explained = PROBLEMS[kind]
        self.kind, self.status = kind, explained.status
        self.detail = detail or explained.remedy
        self.headers, self.more = dict(headers or {}), dict(more or {})
        super().__init__(self.detail.en)

    @property
    def content(self) -> dict[str, Any]:
        """The members of the answer."""
        explained = PROBLEMS[self.kind]
        return {
            "type": f"{settings.BASE_URL}{PAGE}#problem-{self.kind}",
            "title": explained.title.en,
            "status": self.status,
            "detail": self.detail.en,
            "words": {
                "sv": f"{explained.title.sv}. {self.detail.sv}",
                "en": f"{explained.title.en}. {self.detail.en}",
            },
            **self.more,
        }

    @property
    def response(self) -> HttpResponse:
        """The answer. It is never kept by anyone."""
        text = json.dumps(self.content, ensure_ascii=False)
        headers = {"Cache-Control": "no-store", **self.headers}
        return HttpResponse(text, status=self.status, content_type=MEDIA, headers=headers)


def in_both(say: Callable[[], str]) -> Words:
    """What a function says in each language of the site."""
    said = []
    for code in ("sv", "en"):
        with translation.override(code):
            said.append(str(say()))
    return Words(*said)


def denied(deny: Callable[[], object]) -> Words | None:
    """The reason with which a check refuses, in both languages; None if it does not."""

    def say() -> str:
        try:
            deny()
        except Denied as refusal:
            return f"{refusal.reason} {refusal.ask}".strip()
        return ""

    words = in_both(say)
    return words if words.en else None
