"""Kolada's words for groups, statuses and areas, and ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from likvard.records.readers.codes import is_code
from likvard.terms import NATION, Level, Missing

GROUPS: Mapping[str, str] = {
    "T": "all",
    "K": "girls",
    "M": "boys",
    "Alla": "all",
    "Flicka": "girls",
    "Pojke": "boys",
    "F": "girls",  # an older description of the API; real answers use K
}
STATUSES: Mapping[str, str] = {
    "": "",
    "Missing": Missing.NOT_REPORTED.value,
    "Not applicable": Missing.NOT_APPLICABLE.value,
    "Privacy": Missing.PRIVACY.value,
    "Unavailable": Missing.UNAVAILABLE.value,
}
WHOLE_COUNTRY = "0000"


def level_of(code: str) -> str:
    """What a Kolada area is: 0000 is the nation, codes below 0100 are regions (counties), other four digits
    municipalities, and the rest units of Kolada's own numbering, which are no school unit codes."""
    if code == WHOLE_COUNTRY:
        return Level.NATION
    if re.fullmatch(r"00\d\d", code):
        return Level.COUNTY
    return Level.MUNICIPALITY if is_code(code, 4) else Level.UNIT


def area_of(code: str) -> str:
    """The area code of the house: the nation is 00, a region the county's two digits, the rest as Kolada writes it."""
    if code == WHOLE_COUNTRY:
        return NATION
    return code[2:] if re.fullmatch(r"00\d\d", code) else code
