"""Segregation between schools as figures: over time, who meets whom, between which levels, and what a change is made of.

For the national report and for an organiser or municipality. Places stand by name, never by value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import FigureKey, Publication
from likvard.figures import formats, twins
from likvard.figures.charts import Line, SharesBar, Trend, VarianceShares
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.insight.measured import capital
from likvard.figures.insight.reach import places
from likvard.figures.insight.reading import source
from likvard.figures.insight.segregation_area import Area, everybody
from likvard.figures.insight.segregation_words import (
    BETWEEN,
    BY,
    CHANGE,
    EXPOSURE,
    FRAMES,
    GROUPS,
    INDEX,
    LABELS,
    LEVEL_WORDS,
    LEVELS,
    MEET,
    METHOD,
    METHOD_MET,
    METHOD_RESULTS,
    METHOD_SPLIT,
    NATS,
    ONE,
    PART,
    RESULTS,
    SHARE,
    STEPS,
    SUBJECTS,
    TOO,
    WHO,
    H,
)
from likvard.figures.measures import Scale, swedish_order
from likvard.figures.table import Column, Kind, Row, Table
from likvard.terms import Audience, Language, Level, SchoolYear, Words

_IT, _PART = Words("Den", "It"), Words("Delen", "The part")
EVERY = "segregation-by-municipality"


def chapter(pub: Publication, audience: Audience, area: Area | None = None, *, form: str = "GR") -> tuple[Figure, ...]:
    """Every figure of the chapter that the publication can give of an area, or of everybody; none where nothing is published."""
    asked = _Asked(pub, audience, area or everybody(pub), form)
    made = (over_time(asked), *(meeting(asked, s) for s in SUBJECTS), levels(asked), moved(asked), results(asked))
    return tuple(figure for figure in made if figure is not None)


@dataclass(frozen=True, slots=True)
class SegregationPage:
    """The figures of an area, and what they are of; `figures` are none where nothing is published of it."""

    about: Words
    figures: tuple[Figure, ...]


def page(
    pub: Publication, audience: Audience, area: Area | None = None, *, names: Mapping[str, str], form: str = "GR"
) -> SegregationPage:
    """The chapter of an area; of everybody, if none is given, with every municipality by name (`names`, by code)."""
    area = area or everybody(pub)
    every = by_municipality(pub, audience, names, form=form) if area.level is Level.NATION else None
    found = (*chapter(pub, audience, area, form=form), *(() if every is None else (every,)))
    return SegregationPage(capital(area.name), found)


@dataclass(frozen=True, eq=False)
class _Asked:
    """The cells of one area and form, read once for each measure."""

    pub: Publication
    audience: Audience
    area: Area
    form: str

    def cells(self, measure: str, *, area: Area | None = None) -> dict[tuple[str, str, str, int], Released]:
        """By aspect, subject, group and year."""
        place = area or self.area
        found = self.pub.cells(
            self.audience, measure=measure, level=place.level.value, areas=(place.code,), form=self.form
        )
        return {
            (key.aspect, key.subject, key.group, int(key.year)): one.cell
            for key, one in found.items()
            if one.cell.value is not None
        }

    @property
    def sources(self) -> tuple[Source, ...]:
        return source(self.pub, H)


def _years(cells: Mapping[tuple[str, str, str, int], Released], aspect: str, subject: str, group: str) -> list[int]:
    return sorted({key[3] for key in cells if key[:3] == (aspect, subject, group)})


def frame_of(cells: Mapping[tuple[str, str, str, int], Released], subject: str) -> str:
    """Which units: those of which there are most years, all units before those with year 9."""
    return max(FRAMES, key=lambda f: (len(_years(cells, "corrected", subject, f)), f == "all"))


def _which(frame: str) -> Words:
    if frame == "year_9":
        return Words("skolor med årskurs 9", "schools with year 9")
    return Words("alla skolor", "all schools")


def over_time(asked: _Asked) -> Figure | None:
    """Both indices year by year, chance taken away; for a place everybody's beside the first."""
    cells = asked.cells(H)
    frame = frame_of(cells, SUBJECTS[0])
    known = [s for s in SUBJECTS if len(_years(cells, "corrected", s, frame)) > 1]
    years = sorted(set.intersection(*(set(_years(cells, "corrected", s, frame)) for s in known))) if known else []
    if len(years) < 2:
        return None
    lines = tuple(Line(LABELS[s], tuple(cells["corrected", s, frame, y] for y in years)) for s in known)
    chart = Trend(INDEX, tuple(SchoolYear(y) for y in years), lines, comparisons=_nation(asked, known[0], frame, years))
    which = _which(frame)
    return _figure(
        asked,
        "segregation-over-time",
        Words("Hur åtskilda går elever i skolan?", "How segregated are the schools?"),
        Words(
            f"{capital(asked.area.name).sv}, {which.sv}, slumpen borträknad",
            f"{capital(asked.area.name).en}, {which.en}, corrected for chance",
        ),
        chart,
        _joined(_told(cells, s, frame, years) for s in known),
        METHOD,
    )


def _nation(asked: _Asked, subject: str, frame: str, years: Sequence[int]) -> tuple[Line, ...]:
    if asked.area.level is Level.NATION:
        return ()
    every = everybody(asked.pub)
    cells = asked.cells(H, area=every)
    points = tuple(cells[key] for y in years if (key := ("corrected", subject, frame, y)) in cells)
    name = Words(every.name.sv.split(" (")[0], every.name.en.split(" (")[0])
    label = Words(f"{name.sv}, {LABELS[subject].sv.lower()}", f"{name.en}, {LABELS[subject].en.lower()}")
    return (Line(label, points),) if len(points) == len(years) else ()


def _told(cells: Mapping[tuple[str, str, str, int], Released], subject: str, frame: str, years: Sequence[int]) -> Words:
    """How much there is the last year, and whether it has changed since the first beyond what chance gives."""
    first, last = (cells["corrected", subject, frame, y] for y in (years[0], years[-1]))
    lot = cells.get(("expected", subject, frame, years[-1]))
    by, when, since = BY[subject], SchoolYear(years[-1]), SchoolYear(years[0])

    def say(language: Language) -> str:
        value, doubt = formats.cell(last, INDEX, language), _doubt(last, language)
        chance = formats.cell(lot, INDEX, language) if lot is not None else ""
        if language is Language.SV:
            alone = f" Att lotta eleverna hade gett {chance}." if chance else ""
            return f"Skolsegregationen {by.sv} är **{value}** {when}{doubt}.{alone} {_way(first, last, since).sv}"
        alone = f" Random placement would have given {chance}." if chance else ""
        return f"School segregation {by.en} is **{value}** in {when}{doubt}.{alone} {_way(first, last, since).en}"

    return Words(say(Language.SV), say(Language.EN))


def _doubt(cell: Released, language: Language, scale: Scale = INDEX) -> str:
    if cell.low is None or cell.high is None:
        return ""
    ends = formats.interval(cell.low, cell.high, scale, language)
    return f" (osäkerhet {ends})" if language is Language.SV else f" (uncertainty {ends})"


def _way(first: Released, last: Released, since: SchoolYear, what: Words = _IT) -> Words:
    """Whether two years differ: only where the interval of their difference does not hold nought."""
    moved = (last.value or 0.0) - (first.value or 0.0)
    halves = [((c.high or 0.0) - (c.low or 0.0)) / 2 for c in (first, last)]
    if abs(moved) <= hypot(*halves):
        return Words(
            f"Det går inte att säga att {what.sv.lower()} har ändrats sedan {since}.",
            f"We cannot say that {what.en.lower()} has changed since {since}.",
        )
    sv, en = ("ökat", "risen") if moved > 0 else ("minskat", "fallen")
    return Words(
        f"{what.sv} har **{sv}** sedan {since}; skillnaden är säkerställd.",
        f"{what.en} has **{en}** since {since}; the difference is clear of chance.",
    )


def meeting(asked: _Asked, subject: str) -> Figure | None:
    """How many of the first group there are in the schools of both groups' pupils, year by year."""
    cells, (first, other) = asked.cells(EXPOSURE), WHO[subject]
    groups = GROUPS[subject]
    years = sorted(set.intersection(*(set(_years(cells, "observed", subject, g)) for g in groups)))
    if not years:
        return None
    lines = tuple(
        Line(who, tuple(cells["observed", subject, g, y] for y in years))
        for who, g in zip((first, other), groups, strict=True)
    )
    chart = Trend(SHARE, tuple(SchoolYear(y) for y in years), lines)
    values = [line.points[-1] for line in lines]

    def say(language: Language) -> str:
        a, b = (formats.cell(v, SHARE, language) for v in values)
        if language is Language.SV:
            return (
                f"{ONE[subject].sv} går i genomsnitt i en skola där **{a}** av eleverna {TOO[subject].sv}. För övriga elever är det "
                f"**{b}**."
            )
        return (
            f"{ONE[subject].en} goes, on average, to a school where **{a}** of the pupils {TOO[subject].en}. For other pupils it is "
            f"**{b}**."
        )

    return _figure(
        asked,
        f"segregation-meeting-{subject}",
        MEET[subject],
        Words(f"Andel {first.sv} i skolan", f"Share of {first.en} in the school"),
        chart,
        Words(say(Language.SV), say(Language.EN)),
        (METHOD_MET, METHOD[-1]),
        indicator=EXPOSURE,
    )


def levels(asked: _Asked) -> Figure | None:
    """How much of everybody's segregation lies between municipalities, organisers and schools."""
    cells = asked.cells(H)
    found = {subject: _bar(cells, subject) for subject in SUBJECTS}
    bars = {subject: bar for subject, bar in found.items() if bar is not None}
    if not bars:
        return None
    chart = VarianceShares(LEVEL_WORDS, tuple(bars.values()), focus=-1)
    subject, bar = next(iter(bars.items()))

    def say(language: Language) -> str:
        a, b, c = (formats.cell(one, PART, language) for one in bar.shares)
        doubt = _doubt(bar.shares[-1], language, PART)
        if language is Language.SV:
            return (
                f"Av segregationen {BY[subject].sv} ligger **{c}** mellan skolor hos samma huvudman{doubt}, {b} mellan huvudmän i samma "
                f"kommun och {a} mellan kommuner."
            )
        return (
            f"Of segregation {BY[subject].en}, **{c}** lies between schools of the same organiser{doubt}, {b} between organisers in the "
            f"same municipality and {a} between municipalities."
        )

    return _figure(
        asked,
        "segregation-levels",
        Words("På vilken nivå ligger segregationen?", "At which level does segregation lie?"),
        Words("Andel av skolsegregationen, slumpen borträknad", "Share of school segregation, corrected for chance"),
        chart,
        Words(say(Language.SV), say(Language.EN)),
        METHOD,
    )


def _bar(cells: Mapping[tuple[str, str, str, int], Released], subject: str) -> SharesBar | None:
    """The newest year's shares; None where a share is below nought, as chance may make it where there is hardly any."""
    years = _years(cells, f"share_{LEVELS[0]}", subject, "all")
    frame = "all" if years else "year_9"
    years = years or _years(cells, f"share_{LEVELS[0]}", subject, frame)
    if not years:
        return None
    shares = tuple(cells.get((f"share_{level}", subject, frame, years[-1])) for level in LEVELS)
    if any(s is None or (s.value or 0.0) < 0 for s in shares):
        return None
    label = Words(f"{LABELS[subject].sv} {SchoolYear(years[-1])}", f"{LABELS[subject].en} {SchoolYear(years[-1])}")
    return SharesBar(label, tuple(s for s in shares if s is not None))


def moved(asked: _Asked) -> Figure | None:
    """What the change of M since the first year is made of, a row for each part."""
    cells = asked.cells(CHANGE)
    facts: Mapping[str, Any] = asked.pub.facts.get("segregation", {})
    told: list[tuple[str, str, int, int]] = []
    for subject in SUBJECTS:
        frames = facts.get(subject, {}).get("frames", {})
        years = {f: _years(cells, "after", subject, f) for f in FRAMES}
        frame = min((f for f in FRAMES if years[f]), key=lambda f: frames[f"{asked.form}/{f}"]["since"], default="")
        if frame:
            told.append((subject, frame, int(frames[f"{asked.form}/{frame}"]["since"]), years[frame][-1]))
    if not told:
        return None
    alike = len({(a, b) for *_, a, b in told}) == 1  # else the years stand in the headings, which makes them long
    columns = tuple(
        Column(
            LABELS[s] if alike else Words(f"{LABELS[s].sv}, {_span(a, b).sv}", f"{LABELS[s].en}, {_span(a, b).en}"),
            Kind.NUMBER,
            NATS,
        )
        for s, _, a, b in told
    )
    rows = tuple(
        Row(words, tuple(cells.get((aspect, s, f, b)) for s, f, _, b in told)) for aspect, words in STEPS.items()
    )
    span = _span(*told[0][2:])
    caption = Words("M före, efter och skillnadens delar", "M before, after and the parts of the difference")
    if alike:
        caption = Words(f"{caption.sv}, {span.sv}", f"{caption.en}, {span.en}")
    return Figure(
        id="segregation-change",
        question=Words("Vad består förändringen av?", "What is the change made of?"),
        subtitle=caption,
        chart=None,
        table=Table(caption, Words("Del", "Part"), columns, rows),
        kind="told",
        facts={"says": _shared(cells, *told[0])},
        sources=asked.sources,
        method=(METHOD_SPLIT, *METHOD),
        indicator=CHANGE,
    )


def _span(first: int, last: int) -> Words:
    return Words(f"{SchoolYear(first)} till {SchoolYear(last)}", f"{SchoolYear(first)} to {SchoolYear(last)}")


def _shared(
    cells: Mapping[tuple[str, str, str, int], Released], subject: str, frame: str, first: int, last: int
) -> Words:
    """M before and after, and the two parts that readers ask for: the group's own size, and how pupils are mixed."""
    asked = ("before", "after", "group_marginal", "structural")

    def say(language: Language) -> str:
        signed = (False, False, True, True)
        a, b, group, mixed = (
            formats.with_unit(cells[part, subject, frame, last].value or 0.0, replace(NATS, signed=sign), language)
            for part, sign in zip(asked, signed, strict=True)
        )
        if language is Language.SV:
            moved = (
                f"har gått från **{a}** {SchoolYear(first)} till **{b}** {SchoolYear(last)}"
                if a != b
                else f"är **{b}** både {SchoolYear(first)} och {SchoolYear(last)}"
            )
            return (
                f"Segregationen {BY[subject].sv}, mätt med M, {moved}. Att gruppen har ändrat storlek ger {group}; att eleverna är "
                f"blandade på ett annat sätt ger **{mixed}**. Delarna har ingen egen osäkerhet: små tal kan vara slump."
            )
        moved = (
            f"has gone from **{a}** in {SchoolYear(first)} to **{b}** in {SchoolYear(last)}"
            if a != b
            else f"is **{b}** in both {SchoolYear(first)} and {SchoolYear(last)}"
        )
        return (
            f"Segregation {BY[subject].en}, measured by M, {moved}. The change in the group's size accounts for {group}; the change "
            f"in how pupils are mixed accounts for **{mixed}**. The parts have no uncertainty of their own: small numbers may be "
            "chance."
        )

    return Words(say(Language.SV), say(Language.EN))


def results(asked: _Asked) -> Figure | None:
    """How much of pupils' differences in merit value lies between schools, year by year."""
    cells = asked.cells(RESULTS)
    years = _years(cells, "observed", "", "all")
    if len(years) < 2:
        return None
    points = tuple(cells["observed", "", "all", y] for y in years)
    chart = Trend(BETWEEN, tuple(SchoolYear(y) for y in years), (Line(BETWEEN.name, points),))

    def say(language: Language) -> str:
        value, doubt = formats.cell(points[-1], BETWEEN, language), _doubt(points[-1], language)
        way = _way(points[0], points[-1], SchoolYear(years[0]), _PART)
        if language is Language.SV:
            return f"Av alla skillnader i meritvärde ligger **{value}** mellan skolor {SchoolYear(years[-1])}{doubt}. {way.sv}"
        return f"Of all differences in merit value, **{value}** lies between schools in {SchoolYear(years[-1])}{doubt}. {way.en}"

    return _figure(
        asked,
        "results-between",
        Words(
            "Hur stor del av skillnaderna i resultat ligger mellan skolor?",
            "How much of the differences in results lies between schools?",
        ),
        Words("Meritvärde i årskurs 9, del av variansen", "Merit value in year 9, share of the variance"),
        chart,
        Words(say(Language.SV), say(Language.EN)),
        METHOD_RESULTS,
        indicator=RESULTS,
    )


def by_municipality(
    pub: Publication, audience: Audience, names: Mapping[str, str], *, form: str = "GR"
) -> Figure | None:
    """Every municipality with at least three schools, by name: both indices with their uncertainty. No order by value."""
    cells = pub.cells(audience, measure=H, aspect="corrected", group="all", level="municipality", form=form)
    newest = max((key.year for key in cells), default="")
    found: dict[str, dict[str, Released]] = {}
    for key, one in cells.items():
        if key.year == newest and one.cell.value is not None:
            found.setdefault(FigureKey(*key).area, {})[key.subject] = one.cell
    if not found:
        return None
    columns = [
        column
        for s in SUBJECTS
        for column in (
            Column(LABELS[s], Kind.NUMBER, INDEX),
            Column(
                Words(f"Osäkerhet, {LABELS[s].sv.lower()}", f"Uncertainty, {LABELS[s].en.lower()}"),
                Kind.INTERVAL,
                INDEX,
            ),
        )
    ]
    rows = tuple(
        Row(twins.same(names.get(code, code)), tuple(one.get(s) for s in SUBJECTS for _ in range(2)), code=code)
        for code, one in sorted(found.items(), key=lambda pair: swedish_order(names.get(pair[0], pair[0])))
    )
    caption = Words(
        f"Skolsegregation i varje kommun {SchoolYear(int(newest))}",
        f"School segregation in each municipality {SchoolYear(int(newest))}",
    )
    return Figure(
        id=EVERY,
        question=Words("Hur är det i varje kommun?", "What is it like in each municipality?"),
        subtitle=caption,
        chart=None,
        table=Table(caption, Words("Kommun", "Municipality"), tuple(columns), rows),
        kind="told",
        facts={"says": _clear(found)},
        sources=source(pub, H),
        method=METHOD,
        indicator=H,
        notes=_left_out(places(pub).get("municipalities", 0) - len(rows)),
    )


def _left_out(count: int) -> tuple[Words, ...]:
    """That municipalities are not in the table, and why."""
    if count <= 0:
        return ()
    sv, en = (formats.count(count, language).capitalize() for language in Language)
    name = Words("kommun" if count == 1 else "kommuner", "municipality" if count == 1 else "municipalities")
    sv, is_ = ("En" if count == 1 else sv), "is" if count == 1 else "are"
    return (
        Words(
            f"{sv} {name.sv} är inte med: där finns färre än tre skolor i underlaget, eller så visas siffran inte.",
            f"{en} {name.en} {is_} not included: fewer than three schools in the records, or the figure is not shown.",
        ),
    )


def _clear(found: Mapping[str, Mapping[str, Released]]) -> Words:
    subject = SUBJECTS[0]
    shown = [one[subject] for one in found.values() if subject in one]
    some = sum((cell.low or 0.0) > 0 for cell in shown)
    return Words(
        f"I **{some} av {len(shown)}** kommuner är elever mer åtskilda {BY[subject].sv} än om de hade lottats till skolorna.",
        f"In **{some} of {len(shown)}** municipalities, pupils are more separated {BY[subject].en} than if they had been placed at random.",
    )


def _figure(
    asked: _Asked,
    id: str,
    question: Words,
    subtitle: Words,
    chart: Trend | VarianceShares,
    says: Words,
    method: tuple[Explanation, ...],
    *,
    indicator: str = H,
) -> Figure:
    """A figure with its table, and the sentence that its maker has made by rule."""
    made = twins.figure(
        id=id,
        question=question,
        subtitle=subtitle,
        chart=chart,
        sources=asked.sources,
        method=method,
        indicator=indicator,
    )
    return replace(made, kind="told", facts={**made.facts, "says": says})


def _joined(parts: Iterable[Words]) -> Words:
    several = tuple(parts)
    return Words(" ".join(one.sv for one in several), " ".join(one.en for one in several))
