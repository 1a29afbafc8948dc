"""The chart of a figure as pictures of a document."""

from __future__ import annotations

from likvard.figures.charts import VarianceShares
from likvard.figures.figure import Figure
from likvard.figures.standalone import charts_alone, drawable
from likvard.site.writing.text import Picture
from likvard.terms import Language, Words

_CHART = Words(
    "Diagram. {name} {desc} Siffrorna står i tabellen efter.",
    "Chart. {name} {desc} The numbers are in the table after it.",
)
_BAR = Words("Diagram. {name}: {desc}.", "Chart. {name}: {desc}.")


def pictured(figure: Figure, language: Language) -> tuple[Picture, ...]:
    """The figure's chart with its key, one picture or one for each bar of shares. Their words are its question and what it says by
    rule, or what a bar shows; the document puts the figure's table after them.

    None for a figure that is only a table.
    """
    if not drawable(figure):
        return ()
    words = _BAR if isinstance(figure.chart, VarianceShares) else _CHART
    parts = charts_alone(figure, language)
    return tuple(Picture(one.svg, words[language].format(name=one.name, desc=one.desc)) for one in parts)
