"""The page about access, made from the tables: `python -m likvard.site.people.manual > docs/access.md`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import django
from django.utils.translation import override

from likvard.site.people.roles import REGISTERS, SCOPES, TABLE, WITHOUT_SECOND_FACTOR, Content, Role, Where

_MARKS = {
    Where.NOWHERE: "–",
    Where.ASSIGNED: "handed",
    Where.REGISTER: "register",
    Where.OWN: "**own**",
    Where.EVERYWHERE: "all",
}

_HEAD = """# Access

This page is made from the tables in `likvard.site.people.roles` by `python -m likvard.site.people.manual > docs/access.md`.
Do not edit it.

Everything is denied that this table does not give. Access has two axes: *where* (units and organisers) and *what* (kinds of
content). A role is held by a membership: at a place, from a first day to a last one. A membership that ended yesterday or begins
tomorrow gives nothing; the day is an argument of every question.

Pages fetch *through* access and get the reason with what they fetch:

    organiser, grant = access.organiser_for(user, number, Content.FIGURES, on=day)
    unit, grant = access.unit_for(user, code, Content.MATTERS, on=day)

`grant.reason` is shown on the page, and logged where the content is not public. What does not exist is 404. What is not for this
reader is 403 with the reason and whom to ask; the public is sent to sign in. `access.reach(user, content, on=day)` gives all
places at once, and `Unit.objects.within(reach)` the units. Looking at a page as somebody else shows what *both* see
(`access.reach_of_both`), never more.

## Who sees what
"""

_MEANING = """
- **own**: the place of the membership. An organiser's holds all its units; one for the whole country holds everything.
- *handed*: the unit or organiser of a matter that is handed to the person, as long as it is. The actions of cases write it
  (`models.Assignment`), so that a question of access has one answer.
- *register*: as handed, and all matters in the role's own register, which cases asks for (`access.registers`): {registers}.
- all: everywhere. –: nowhere.

Everybody, signed in or not, sees what is published. An administrator sees accounts and the log, and no content of matters.

## What a role is tied to
"""

_TAIL = """
A constraint of the database says the same, so that no membership can be otherwise.

## Who may change access

- Only an administrator, and only for the places that the administrator looks after.
- Nobody changes their own access: an administrator cannot make themselves a principal.
- Every change asks for the password or the code once more if the last time was more than a quarter of an hour ago, asks for a
  reason, and leaves an event in the audit chain in the same transaction.
- An account with a membership elsewhere can be closed only by an administrator of the whole site.
"""


def manual() -> str:
    """The page, in English."""
    with override("en"):
        return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "| role | " + " | ".join(str(content.label) for content in Content) + " |"
    yield "|" + "---|" * (len(Content) + 1)
    yield "| the public | all |" + " – |" * (len(Content) - 1)
    for role, row in TABLE.items():
        yield f"| {role.label} | " + " | ".join(_MARKS[row[content]] for content in Content) + " |"
    registers = ", ".join(f"{name} ({role.label})" for role, name in REGISTERS.items())
    yield _MEANING.format(registers=registers)
    yield "| role | tied to | second factor |"
    yield "|---|---|---|"
    for role in Role:
        places = " or ".join(str(scope.label) for scope in sorted(SCOPES[role], reverse=True))
        yield f"| {role.label} | {places} | {'–' if role in WITHOUT_SECOND_FACTOR else 'demanded'} |"
    yield _TAIL.rstrip()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "likvard.site.settings")
    django.setup()
    sys.stdout.write(manual())
