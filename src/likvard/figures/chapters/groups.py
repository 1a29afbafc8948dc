"""For whom? Gaps between groups of pupils, and between schools with different intakes, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from likvard.disclosure.cells import Cell, CellKind, Key, Relation, Release
from likvard.figures.chapters import scales
from likvard.figures.chapters.evidence import Gap
from likvard.figures.chapters.frame import Draft, Frame, area_key
from likvard.figures.chapters.spread import SEVENTEEN_SUBJECTS, series_line
from likvard.figures.charts import Break, GapTrend, Line
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import Period, Scale
from likvard.figures.twins import figure
from likvard.terms import Level, SchoolYear, Words

METHOD_GAP = Explanation(
    Words("Gapet för sig", "The gap by itself"),
    Words(
        "Skillnaden mellan grupperna har en egen osäkerhet. Vi säger bara att gapet ändrats när hela osäkerheten "
        "för ändringen ligger på samma sida om noll.",
        "The difference between the groups has an uncertainty of its own. We say that the gap has changed only when "
        "the whole uncertainty of the change lies on the same side of zero.",
    ),
)


def gap_trend(
    frame: Frame,
    found: Gap,
    *,
    id: str,
    question: Words,
    what: Words,
    subtitle: Words,
    scale: Scale,
    gap_scale: Scale,
    level: Level,
    source: str,
    indicator: str,
    sources: tuple[Source, ...],
    method: Sequence[Explanation] = (),
    notes: Sequence[Words] = (),
    breaks: tuple[Break, ...] = (),
) -> Draft:
    """Two or three groups over time, and the gap by itself below them with its own interval."""
    periods: tuple[Period, ...] = tuple(int(y) if found.calendar else SchoolYear(int(y)) for y in found.gap.year)
    cells, lines = [], []
    for label, series in (*found.groups, (Words("gapet", "the gap"), found.gap)):
        kind = CellKind.MEAN if found.rest is not None and series is not found.gap else CellKind.ESTIMATE
        made, keys = series_line(frame, (id, label.en), series, level, source, kind)
        cells += made
        lines.append((label, keys))
    change = frame.cell(
        (id, "change"),
        CellKind.ESTIMATE,
        found.change[0],
        low=found.change[1],
        high=found.change[2],
        n=found.gap.n[-1],
        level=level,
        source=source,
    )

    def lay(out: Release) -> Figure:
        drawn = [Line(label, tuple(out[key] for key in keys)) for label, keys in lines]
        return figure(
            id=id,
            question=question,
            subtitle=subtitle,
            chart=GapTrend(scale, gap_scale, periods, tuple(drawn[:-1]), drawn[-1], breaks=breaks),
            sources=sources,
            method=(*method, METHOD_GAP),
            indicator=indicator,
            facts={"change": out[id, "change"], "what": what},
            notes=tuple(notes),
        )

    rest, ties = _ties(frame, found, id) if found.rest is not None else ((), ())
    return Draft((*cells, *rest, change), lay, ties)


def _ties(frame: Frame, found: Gap, id: str) -> tuple[tuple[Cell, ...], tuple[Relation, ...]]:
    """The groups and the rest are together all the area's pupils, who are also its schools' pupils."""
    rest = (
        []
        if found.rest is None
        else series_line(frame, (id, "rest"), found.rest, frame.place.level, kind=CellKind.MEAN)[0]
    )
    others = {cell.key[-1]: cell.key for cell in rest}
    ties = []
    for year in found.gap.year:
        parts: list[Key] = [(id, label.en, str(int(year))) for label, _ in found.groups]
        parts += [others[str(int(year))]] if str(int(year)) in others else []
        ties.append(Relation(area_key(int(year)), tuple(parts)))
    return tuple(replace(cell, shown=False) for cell in rest), tuple(ties)


def by_sex(frame: Frame, found: Gap, sources: tuple[Source, ...]) -> Draft:
    """Girls and boys who live in the municipality: eligible for upper secondary school."""
    return gap_trend(
        frame,
        found,
        id="gap-by-sex",
        what=Words("Behörighet till yrkesprogram", "Eligibility for vocational programmes"),
        question=Words("Ändras gapet mellan flickor och pojkar?", "Is the gap between girls and boys changing?"),
        subtitle=Words(
            f"Behöriga till yrkesprogram av elever som bor i {frame.place.name}, var de än går i skola",
            f"Eligible for vocational programmes among pupils who live in {frame.place.name}, wherever they go to school",
        ),
        scale=scales.PERCENT,
        gap_scale=scales.PERCENT_GAP,
        level=Level.MUNICIPALITY,
        source="kolada",
        indicator="share_eligible_vocational",
        sources=sources,
        method=(
            Explanation(
                Words("Osäkerhet", "Uncertainty"),
                Words(
                    "Källan säger inte hur många eleverna är. Osäkerheten räknas som om hälften av eleverna i "
                    "årskurs 9 i kommunens skolor var flickor och hälften pojkar.",
                    "The source does not say how many the pupils are. The uncertainty is worked out as if half of the "
                    "pupils in year 9 of the municipality's schools were girls and half boys.",
                ),
            ),
        ),
    )


def by_intake(frame: Frame, found: Gap, id: str, sources: tuple[Source, ...], *, nation: bool) -> Draft:
    """Schools with the most and the fewest parents with post-secondary education: the outer quarters of pupils."""
    where = Words("hela landet", "the whole country") if nation else Words(frame.place.name, frame.place.name)
    return gap_trend(
        frame,
        found,
        id=id,
        what=scales.MERIT_NAME,
        question=Words(
            f"Växer gapet mellan skolor med olika elever i {where.sv}?",
            f"Is the gap between schools with different pupils growing in {where.en}?",
        ),
        subtitle=Words(
            "Meritvärde där flest och där färst föräldrar har eftergymnasial utbildning, en fjärdedel av eleverna var",
            "Merit value where most and where fewest parents have post-secondary education, a quarter of the pupils each",
        ),
        scale=scales.MERIT,
        gap_scale=scales.MERIT_GAP,
        level=Level.NATION if nation else frame.place.level,
        source=frame.rules,
        indicator="merit_value",
        sources=sources,
        method=(
            Explanation(
                Words("Fjärdedelarna", "The quarters"),
                Words(
                    "Skolorna ordnas efter andelen föräldrar med eftergymnasial utbildning. En fjärdedel av eleverna går "
                    "i skolorna högst upp, en fjärdedel i dem längst ner. Grupperna väljs om varje år.",
                    "Schools are ordered by the share of parents with post-secondary education. A quarter of the pupils "
                    "go to the schools at the top, a quarter to those at the bottom. The groups are chosen anew each year.",
                ),
            ),
        ),
        breaks=tuple(b for b in (SEVENTEEN_SUBJECTS,) if found.gap.year.min() < 2014 <= found.gap.year.max()),
    )


def between_pupils(frame: Frame, found: Gap, id: str, who: Words, sources: tuple[Source, ...]) -> Draft:
    """Two groups of the area's pupils in year 9, from their own records."""
    return gap_trend(
        frame,
        found,
        id=id,
        what=scales.MERIT_NAME,
        question=Words(f"Ändras gapet mellan {who.sv}?", f"Is the gap between {who.en} changing?"),
        subtitle=Words(
            f"Meritvärde i årskurs 9, eleverna i skolorna i {frame.place.name}",
            f"Merit value in year 9, pupils of the schools in {frame.place.name}",
        ),
        scale=scales.MERIT,
        gap_scale=scales.MERIT_GAP,
        level=frame.place.level,
        source=frame.rules,
        indicator="merit_value",
        sources=sources,
        method=(
            Explanation(
                Words("Osäkerhet", "Uncertainty"),
                Words(
                    "Den säger hur gapet kunde ha blivit med andra elever i samma skolor, eller ett annat år.",
                    "It says what the gap could have been with other pupils in the same schools, or in another year.",
                ),
            ),
        ),
    )
