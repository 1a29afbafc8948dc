"""From any spelling to the code of the house: school forms and subjects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache

from likvard.rulebook.kinds.schools import SchoolFormNames, Subject
from likvard.rulebook.lookup import rule, rule_file
from likvard.terms import SchoolForm


def _plain(text: str) -> str:
    """Fold what must not matter: case, accents, blanks and hyphens."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text.casefold()))


@cache
def _spellings(name: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, wordings in rule_file(name).entries.items():
        for value in (wording.value for wording in wordings):
            spellings = (key, value.name.sv, value.name.en, *value.aliases)
            found |= {_plain(text): key for text in spellings}
    return found


def spellings(name: str) -> dict[str, str]:
    """Return every known spelling, folded, of the keys of `school_forms` or `subjects`, and the key that it means."""
    return dict(_spellings(name))


def school_form(text: str) -> SchoolForm | None:
    """Return the school form that a code or a name stands for, old or new: GRS, TR, Grundsärskola, GRAN ….

    None if the text is unknown: registers and SS 12000 servers have many codes more, so no file is refused for one.
    """
    key = _spellings("school_forms").get(_plain(text))
    return SchoolForm(key) if key else None


def subject(text: str) -> str | None:
    """Return the subject code that a code or a name stands for: MA, ENG, SVE, GRGRMAT01, "idrott och hälsa" ….

    None if the text is unknown.
    """
    found = _spellings("subjects")
    national = re.fullmatch(r"gr(?:gr|sa|an)?([a-z]{3})\d{2}", _plain(text))
    return found.get(_plain(text)) or (found.get(national[1]) if national else None)


def school_form_names(form: SchoolForm, on: date) -> SchoolFormNames:
    """Return what a school form is called on a day: *grundsärskola* to 1 July 2023, then *anpassad grundskola*."""
    names: SchoolFormNames = rule(f"school_forms:{form}", on).value
    return names


def subjects(on: date) -> dict[str, Subject]:
    """Return the subjects of compulsory school on a day by code, in the order of SCB's files."""
    return dict(rule("subjects", on).value)
