"""What a reader asks for in an address, and what a unit may be compared by. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from likvard.terms import SchoolForm, Words

LONGEST = 600
"""Signs of a value in an address; a longer one is left out."""

LARGEST_GROUP = 60
"""Units in a group to compare with."""

SMALLEST_GROUP = 2
"""With fewer, the group's range would be one school's own value."""

TABLE, METHOD = "tabell", "metod"
"""Which cards show their table, and which how it is measured; the others show their chart."""

PANES: Mapping[str, str] = {TABLE: "table", METHOD: "method"}

_CODE = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Asked:
    """An address with the choices in it that its page knows, in the page's own order: the same question, the same value.

    Every address is a permalink. `without` are the choices that a page has, each with an empty text until chosen.
    """

    path: str
    chosen: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: str, query: Mapping[str, str], names: Sequence[str]) -> Asked:
        """What a query asks for of the choices in `names`; everything else in it is left out."""
        given = {name: query.get(name, "").strip() for name in (*names, *PANES)}
        return cls(path, tuple((name, value if len(value) <= LONGEST else "") for name, value in given.items()))

    def __getitem__(self, name: str) -> str:
        return dict(self.chosen)[name]

    def with_(self, **changes: str) -> Asked:
        """The same page with other choices."""
        return replace(self, chosen=tuple((name, changes.get(name, value)) for name, value in self.chosen))

    @property
    def href(self) -> str:
        """The address, with only what is chosen in it."""
        query = urlencode([(name, value) for name, value in self.chosen if value], safe=",:")
        return self.path + (f"?{query}" if query else "")

    def shown(self, name: str) -> tuple[str, ...]:
        """The figures named in a choice, parted by commas."""
        return tuple(part for part in self[name].split(",") if part)

    def pane(self, figure: str) -> str:
        """Which pane of a figure's card is asked for: `chart`, `table` or `method`."""
        return next((pane for name, pane in PANES.items() if figure in self.shown(name)), "chart")

    def pane_href(self, figure: str) -> Callable[[str], str]:
        """What gives the address of a figure's card with another pane, and all other cards as they are."""

        def href(pane: str) -> str:
            changes = {
                name: ",".join([*(f for f in self.shown(name) if f != figure), *([figure] if pane == shows else [])])
                for name, shows in PANES.items()
            }
            return f"{self.with_(**changes).href}#{figure}"

        return href

    def figure_href(self, figure: str) -> str:
        """A figure's own address, with the page's choices but without its panes."""
        return self.with_(tabell="", metod="").moved(f"figur/{figure}/").href

    def moved(self, below: str) -> Asked:
        """The same choices at an address below this one."""
        return replace(self, path=f"{self.path}{below}")

    def file_href(self, figure: str, kind: str) -> str:
        """Where a figure is downloaded as a file of a kind."""
        href = self.figure_href(figure)
        return f"{href}{'&' if '?' in href else '?'}som={kind}"


def joined(query: Mapping[str, str]) -> dict[str, str]:
    """A query in which a choice that is made several times is one text parted by commas."""
    several = getattr(query, "getlist", None)
    return {name: ",".join(several(name)) if several else query[name] for name in query}


def codes_of(text: str | Iterable[str]) -> tuple[str, ...]:
    """The codes of units in a text parted by commas, each once, in order; what is no code is left out."""
    parts = text.split(",") if isinstance(text, str) else text
    return tuple(dict.fromkeys(part for part in parts if _CODE.fullmatch(part)))[:LARGEST_GROUP]


def uuid_of(text: str) -> UUID | None:
    """The id that a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


_OWN_CRITERIA = Words(
    "Anpassad skola: följs med egna kriterier", "Adapted school (anpassad skola): followed by its own criteria"
)
_SPECIAL = Words(
    "Specialskola: följs med egna kriterier", "Special school (specialskola): followed by its own criteria"
)
_NO_GRADES = Words("Inga betyg i den här verksamheten", "No grades are set here")
_INSTEAD: tuple[tuple[frozenset[str], Words | None], ...] = (
    (frozenset({SchoolForm.COMPULSORY, SchoolForm.SAMI, SchoolForm.UPPER_SECONDARY}), None),
    (frozenset({SchoolForm.ADAPTED_COMPULSORY, SchoolForm.ADAPTED_UPPER_SECONDARY}), _OWN_CRITERIA),
    (frozenset({SchoolForm.SPECIAL}), _SPECIAL),
)


def instead(forms: Sequence[str]) -> Words | None:
    """Why a unit is followed in another way than by final grades; None where it is not, or nothing is known of it."""
    if not forms:
        return None
    return next((words for kinds, words in _INSTEAD if kinds & set(forms)), _NO_GRADES)
