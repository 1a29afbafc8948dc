"""Counties and municipalities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from likvard.terms import Words


@dataclass(frozen=True, slots=True)
class Places:
    """The counties (län) by two-digit code and the municipalities (kommuner) by four-digit code."""

    counties: Mapping[str, Words]
    municipalities: Mapping[str, str]

    def __post_init__(self) -> None:
        for code in self.counties:
            if not re.fullmatch(r"\d{2}", code):
                raise ValueError(f"{code!r} is not the code of a county")
        for code in self.municipalities:
            if not re.fullmatch(r"\d{4}", code) or code[:2] not in self.counties:
                raise ValueError(f"{code!r} is not the code of a municipality in a county of the list")
        if len(set(self.municipalities.values())) != len(self.municipalities):
            raise ValueError("two municipalities have the same name")
