"""The chart of a figure as the picture of a document."""

from __future__ import annotations

from likvard.figures.figure import Figure
from likvard.figures.rendering import plain
from likvard.figures.sentences import marked
from likvard.figures.standalone import chart_alone
from likvard.site.writing.text import Picture
from likvard.terms import Language, Words

_DIAGRAM = Words(
    "Diagram. {says} Siffrorna står i tabellen efter.", "Chart. {says} The numbers are in the table after it."
)


def pictured(figure: Figure, language: Language) -> Picture:
    """The figure's chart with its key. Its words are its question and what it says by rule; the document puts its table after it.

    Raises `FigureError` for a figure that is only a table (`likvard.figures.standalone.drawable` tells).
    """
    says = " ".join(plain(words[language]) for words in marked(figure.kind, figure.facts))
    alt = _DIAGRAM[language].format(says=f"{figure.question[language]} {says}".strip())
    return Picture(chart_alone(figure, language), alt)
