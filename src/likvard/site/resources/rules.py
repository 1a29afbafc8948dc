"""The way of an allocation round from a draft to a decision, the rule it holds, and the addresses it gets. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from likvard.allocation.round import Input, Rule, Unit
from likvard.site.cases.states import Move, Owner, State, StateTable, Text
from likvard.terms import OrganiserKind, SchoolForm, Words

TABLE = StateTable(
    states=(
        State("draft", _("draft"), Owner.OFFICER),
        State("heard", _("out for views"), Owner.PARTY),
        State("decided", _("decided"), Owner.ARCHIVE, end=True),
        State("dropped", _("dropped"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("hear", _("Send out for views"), "draft", "heard"),
        Move("drop", _("Drop the round"), "draft", "dropped", reasoned=True),
        Move("rework", _("Take back and rework"), "heard", "draft", reasoned=True),
        Move("decide", _("Decide"), "heard", "decided", reasoned=True),
        Move("drop", _("Drop the round"), "heard", "dropped", reasoned=True),
    ),
)
"""How an allocation round goes. What is decided is frozen: a change is a round of its own that follows on it."""

USES = StateTable(
    states=(
        State("waits", _("to be looked at"), Owner.OFFICER),
        State("again", _("cannot be told yet"), Owner.OFFICER),
        State("settled", _("looked at"), Owner.ARCHIVE, end=True),
    ),
    moves=(
        Move("settle", _("Say how it went"), "waits", "settled", reasoned=True),
        Move("look_again", _("Name a new day to look"), "waits", "again", reasoned=True),
        Move("settle", _("Say how it went"), "again", "settled", reasoned=True),
        Move("look_again", _("Name a new day to look"), "again", "again", reasoned=True),
    ),
)
"""How the use of money goes. What cannot be told yet gets a new day, as often as it takes, or a reason why it gets none."""

OPEN_STATES = frozenset({"draft", "heard"})
"""States in which a round is not settled; an organiser has one such per year and form."""

SHARED_STATES = frozenset({"heard", "decided"})
"""States in which the schools that it concerns read it."""

FORMS = (
    SchoolForm.COMPULSORY,
    SchoolForm.PRESCHOOL_CLASS,
    SchoolForm.LEISURE_TIME_CENTRE,
    SchoolForm.PRESCHOOL,
    SchoolForm.UPPER_SECONDARY,
    SchoolForm.ADAPTED_COMPULSORY,
    SchoolForm.ADAPTED_UPPER_SECONDARY,
)
"""Forms that an organiser shares a frame among; each has rounds of its own."""


def state_label(code: str) -> Text:
    """What a state is called."""
    return TABLE.state(code).label


def slug_of(year: int, form: str, edition: int) -> str:
    """The last part of a round's address: `2026`, `2026-gy` for another form, `2026-2` for what follows on a decided one."""
    parts = [str(year)]
    if form != SchoolForm.COMPULSORY:
        parts.append(form.lower())
    if edition > 1:
        parts.append(str(edition))
    return "-".join(parts)


def rule_data(rule: Rule) -> dict[str, Any]:
    """The rule as data that JSON can hold."""
    return asdict(rule)


def rule_of(data: Mapping[str, Any]) -> Rule:
    """The rule that was written as this data."""
    return Rule(**data)


def inputs_data(inputs: Iterable[Input]) -> list[dict[str, Any]]:
    """What a round rests on, as data."""
    return [
        {"sv": one.name.sv, "en": one.name.en, "of": one.of.isoformat() if isinstance(one.of, date) else one.of}
        for one in inputs
    ]


def inputs_of(data: Iterable[Mapping[str, Any]]) -> tuple[Input, ...]:
    """What a round rests on, read back."""
    return tuple(
        Input(Words(row["sv"], row["en"]), date.fromisoformat(row["of"]) if isinstance(row["of"], str) else row["of"])
        for row in data
    )


def unit_data(unit: Unit) -> dict[str, Any]:
    """A unit's basis as data: every field that shares money."""
    return {**asdict(unit), "organiser_kind": unit.organiser_kind.value, "form": unit.form.value}


def unit_of(data: Mapping[str, Any]) -> Unit:
    """The unit's basis that was written as this data."""
    kinds = {"organiser_kind": OrganiserKind(data["organiser_kind"]), "form": SchoolForm(data["form"])}
    return Unit(**{**data, **kinds})


def seal(value: object) -> str:
    """A SHA-256 over data, in hexadecimal: the same data, the same seal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
