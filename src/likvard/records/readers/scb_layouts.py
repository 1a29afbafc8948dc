"""The layouts of the pupil files that student-record systems export for Statistics Sweden (SCB).

Semicolon-separated text, one row per pupil, often without a header row: then the number of cells tells which it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from likvard.records.readers.naming import slug
from likvard.terms import InputError

_WHO = ("system", "datum", "version", "personnr", "skolenhetskod")
_NAMED = (*_WHO, "klass", "fornamn", "efternamn")
_NINE = (
    "bl en hkk idh ma m1_sprak m1_betyg m2_sprak m2_betyg ml_sprak ml_betyg mu bi fy ke ge hi re sh sl sv sva tn tk ovr"
)
_SIX = (
    "bl en hkk idh ma m1_sprak m1_betyg m2_sprak m2_betyg modm_anm modmalbe mu no bi fy ke so ge hi re sh sl "
    "sv sva tn tk ovr"
)
_TESTS_9 = (
    "ma_grupp ma_a_delt ma_b_delt ma_c_delt ma_d_delt ma_provb sv_grupp sv_kursplan sv_a_prp sv_b_prp sv_c_prp "
    "sv_provb en_grupp en_a_prp en_b_prp en_c_prp en_provb no_prov no_a_delt no_b_delt no_grupp no_provb so_prov "
    "so_a_delt so_b_delt so_grupp so_provb"
)
_TESTS_6 = (
    "ma_grupp ma_a_delt ma_b_delt ma_c_delt ma_d_delt ma_e_delt ma_provb sv_grupp sv_kursplan sv_a_delt sv_b_delt "
    "sv_c_delt sv_a_prp sv_b_prp sv_c_prp sv_provb en_grupp en_a_delt en_b_delt en_c_delt en_a_prp en_b_prp en_c_prp "
    "en_provb"
)
_TESTS_3 = (
    "ma_grupp ma_a_pr ma_b_pr ma_c_pr ma_d_pr ma_e_pr ma_f_pr ma_g_pr ma_g1_pr ma_g2_pr ma_b_poang ma_c_poang "
    "ma_d_poang ma_e_poang ma_f_poang ma_g_poang ma_g1_poang ma_g2_poang sv_grupp sv_kursplan sv_a_pr sv_b_pr sv_c_pr "
    "sv_d_pr sv_e_pr sv_f_pr sv_g_pr sv_h_pr sv_b_poang sv_c_poang"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: the year of study, whether it is of grades or of national tests, and its columns in order."""

    grade_year: int
    tests: bool
    columns: tuple[str, ...]

    @property
    def source(self) -> str:
        """The name of the source that a file of this layout is."""
        return f"scb-tests-{self.grade_year}" if self.tests else f"scb-grades-year-{self.grade_year}"


LAYOUTS: tuple[Layout, ...] = (
    Layout(9, False, (*_NAMED, *_NINE.split())),
    Layout(6, False, (*_NAMED, *_SIX.split())),
    Layout(9, True, (*_WHO, *_TESTS_9.split())),
    Layout(6, True, (*_WHO, *_TESTS_6.split())),
    Layout(3, True, (*_WHO, *_TESTS_3.split())),
)

DROPPED = frozenset({"system", "version", "fornamn", "efternamn"})  # names are never taken further

_GRADE = re.compile(r"[A-F239YZ]")
_WORD = re.compile(r"[^\W\d][^\d]+")
_ANYTHING = re.compile(r".*")
_CELLS = {
    "grupp": _ANYTHING,
    "kursplan": re.compile(r"[12]"),
    "delt": re.compile(r"[01]|88|99"),
    "pr": re.compile(r"[01]|88|99"),
    "prp": re.compile(r"[A-F]|\d{1,3}"),
    "poang": re.compile(r"\d{1,3}"),
    "provb": re.compile(r"[A-F]|88|99"),
}

FIRST_ROW = re.compile(r"[^;\n]{0,60};\"?\d{4}-?\d\d-?\d\d\"?;[^;\n]{0,40};\"?[0-9A-Za-z+-]{10,13}\"?;\"?\d{7,8}\"?;")


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row is a header row: it names the personal number and the school unit code."""
    return {"personnr", "skolenhetskod"} <= {column_name(cell) for cell in cells}


def column_name(text: str) -> str:
    """A column's name in the form used here: `M1 (språk)` is m1_sprak, `PersonNr(12)` personnr."""
    plain = re.sub(r"\(\s*(\d+|å{4}[^)]*|[yY]{4}[^)]*)\s*\)", "", text)
    return slug(plain)


def layout_of_header(columns: Sequence[str]) -> Layout:
    """The layout that a header row belongs to: the one it shares most columns with. Raises `InputError` if none."""
    named = set(columns)
    best = max(LAYOUTS, key=lambda layout: len(named.intersection(layout.columns[5:])))
    missing = {"datum", "personnr", "skolenhetskod"} - named
    if missing or len(named.intersection(best.columns[5:])) < 3:
        raise InputError(
            f"The header row is of no known layout; missing: {', '.join(sorted(missing)) or 'subjects or tests'}.",
            "Export the file for SCB again.",
        )
    return best


def layout_of_cells(name: str, rows: Sequence[Sequence[str]]) -> Layout:
    """The layout of a file without a header row: of as many cells, and the one whose columns the first rows fit best.

    One empty cell more, after a closing semicolon, is allowed. Raises `InputError` if no layout fits.
    """
    width = len(rows[0])
    shown = [row for row in rows if len(row) == width]
    widths = (width, width - 1) if not any(row[-1] for row in shown) else (width,)
    fitting = [layout for layout in LAYOUTS if len(layout.columns) in widths]
    if not fitting:
        known = ", ".join(str(len(layout.columns)) for layout in LAYOUTS)
        raise InputError(
            f"{name} has {width} cells in a row; the known layouts have {known}.",
            "Export the file for SCB again, or add the header row.",
        )
    return max(fitting, key=lambda layout: (_fit(layout, shown), len(layout.columns)))


def _fit(layout: Layout, rows: Sequence[Sequence[str]]) -> int:
    """How many of the filled cells look like what the layout has in their columns."""
    patterns = [_cell_pattern(column) for column in layout.columns]
    pairs = ((pattern, cell.strip().upper()) for row in rows for pattern, cell in zip(patterns, row, strict=False))
    return sum(1 if pattern.fullmatch(cell) else -1 for pattern, cell in pairs if cell)


def _cell_pattern(column: str) -> re.Pattern[str]:
    kind = column.rpartition("_")[2]
    if column in (*_NAMED, "no_prov", "so_prov") or kind in ("sprak", "anm"):
        return _WORD if column in ("fornamn", "efternamn", "no_prov", "so_prov") or kind == "sprak" else _ANYTHING
    return _CELLS.get(kind, _GRADE)
