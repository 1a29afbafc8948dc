"""What came after a round: organisers' published results before it and since, and whether its classes foretell them.

The site has no records, only what is published: merit values as they are, hidden ones left out. Results before the round are held
equal, and the change before it is the check, as in `likvard national`; there results are also held against those of pupils with the
same background.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from likvard.disclosure.publication import Publication
from likvard.flow.national import Later, National, Prediction, follow_up
from likvard.site.ratings.frames import frame_of
from likvard.site.ratings.models import Round
from likvard.terms import Audience, SchoolYear

MEASURE = "merit_value"
SUMMER = 7
"""From this month a round is of the school year that begins."""

Results = Mapping[tuple[str, int], float]


def year_of(round: Round) -> int:
    """The school year in which a round is held, by the year in which it begins."""
    return round.rubric_on.year - (round.rubric_on.month < SUMMER)


def awaited(round: Round) -> SchoolYear:
    """The first school year whose results are results after the round: the one in which it is held ends in spring."""
    return SchoolYear(year_of(round))


def prediction(round: Round, national: National, publication: Publication | None) -> Prediction | None:
    """Whether the classes of a closed round foretell the results that are published now; None without enough of them."""
    results = _published(publication)
    year = year_of(round)
    after = max((known for _, known in results if year <= known <= year + 1), default=None)
    if after is None:
        return None
    who = sorted({o for o, known in results if known == after} & {o for o, known in results if known == year - 1})
    later = [Later(o, results[o, year - 1], results[o, after], results.get((o, year - 3))) for o in who]
    found = follow_up(national, frame_of(round), later)
    return found and replace(found, after=after, compared=False)


def is_told(said: Mapping[str, Any]) -> bool:
    """Whether a version of a report holds later results."""
    return said["national"].get("prediction") is not None


def is_new(now: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the report would hold other later results if it were published again."""
    return is_told(now) and now["national"]["prediction"] != before["national"].get("prediction")


def _published(publication: Publication | None) -> Results:
    """The merit value of each organiser and school year, where it is shown to everybody."""
    if publication is None:
        return {}
    cells = publication.cells(
        Audience.PUBLIC, measure=MEASURE, aspect="observed", subject="", group="all", level="organiser"
    )
    known = {(key.area, int(key.year)): found.cell.value for key, found in cells.items()}
    return {place: value for place, value in known.items() if value is not None}
