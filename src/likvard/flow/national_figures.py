"""The national report as figures: shares, statements, criteria, agreement, sensitivity, what goes together, what comes after.

Every number passes the gate by the rule `ratings` of the rulebook's disclosure. No organiser is named and none has a row: the
public sees shares. Classes stand in the rubric's order, criteria in the rubric's, kinds of organiser by the alphabet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from likvard.disclosure.cells import Cell, CellKind, Key, Released
from likvard.disclosure.gate import release
from likvard.figures import formats, twins
from likvard.figures.charts import Chart, SharesBar, VarianceShares
from likvard.figures.charts_intervals import IntervalRow, Intervals
from likvard.figures.facts import Fact
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import Scale, Unit
from likvard.figures.report import MadeFrom, Report, Section
from likvard.figures.table import Column, Entry, Kind, Row, Table
from likvard.flow import national_words as say
from likvard.flow.national_rows import Agreement, Estimate, National, Pair, Together
from likvard.flow.national_rows import Level as Graded
from likvard.rulebook import rule
from likvard.rulebook.kinds.rubric import Rubric
from likvard.terms import Audience, Language, Level, Missing, RuleError, Words

RULE = "ratings"
CLASSES = "organiser-classes"
"""The figure that the report opens with."""
_SHARE = Scale(Words("Andel", "Share"), Unit.SHARE)
_RATIO = Scale(Words("Mått", "Measure"), Unit.RATIO)
_ALPHA = Scale(Words("Alfa", "Alpha"), Unit.RATIO, high=1.0)
_COUNT = Scale(Words("Antal", "Number"), Unit.COUNT)
_POINTS = Scale(Words("Skillnad", "Difference"), Unit.MERIT, decimals=1, signed=True)
_DOUBT = Words("Osäkerhet", "Uncertainty")


@dataclass(frozen=True, slots=True)
class _Page:
    """What every figure of the report needs."""

    found: National
    rubric: Rubric
    sources: tuple[Source, ...]
    on: date

    def cells(self, asked: Mapping[Key, tuple[Estimate | None, int]]) -> Mapping[Key, Released]:
        """Each estimate after the gate; what is not there says so."""
        out = release(
            [_cell(key, one, n, self.on) for key, (one, n) in asked.items()], audience=Audience.PUBLIC, on=self.on
        )
        return {key: out[key] for key in asked}

    def class_name(self, key: str) -> Words:
        """What a class is called."""
        return next(one.name for one in self.rubric.classes if one.key == key)


def _least(on: date) -> int:
    """Fewest marked organisers that a share or comparison may rest on."""
    return int(rule(f"disclosure:{RULE}", on).value.fewest[Level.NATION])


def _cell(key: Key, one: Estimate | None, n: int, on: date) -> Cell:
    def finite(number: float) -> float | None:
        return number if math.isfinite(number) else None

    if one is None or not math.isfinite(one.value):
        why = Missing.FEW if one is not None and 0 < n < _least(on) else say.NOTHING
        return Cell(key, CellKind.ESTIMATE, None, n=n, missing=why, source=RULE, level=Level.NATION)
    return Cell(
        key,
        CellKind.ESTIMATE,
        one.value,
        n=n,
        low=finite(one.low),
        high=finite(one.high),
        source=RULE,
        level=Level.NATION,
    )


def report(
    found: National,
    rubric: Rubric,
    made: MadeFrom,
    *,
    synthetic: bool,
    deliveries: tuple[str, ...] = (),
    after: int | None = None,
    segregation: tuple[Figure, ...] = (),
) -> Report:
    """The whole report of a round, ready to be written as a page, a workbook and data; `segregation` is a chapter of its own."""
    source = Source(Words("Bedömningsomgången", "The marking round"), str(found.round), deliveries)
    page = _Page(found, rubric, (source,), made.on)
    return Report(
        id=f"national-{found.round}",
        title=rubric.name,
        about=say.about(found),
        lead=tuple(_lead(one.words, one.told, one.estimate) for one in found.statements),
        audience=Audience.PUBLIC,
        sections=(*sections(page, after), *_between_schools(segregation)),
        missing=tuple(Explanation(say.CAUTION, one.words) for one in found.warnings),
        methods=(Explanation(say.STANDING, rubric.standing), *say.METHODS),
        sources=tuple(dict.fromkeys([source, *(one for figure in segregation for one in figure.sources)])),
        made=made,
        synthetic=synthetic,
    )


def _between_schools(figures: tuple[Figure, ...]) -> tuple[Section, ...]:
    return (Section("between-schools", say.BETWEEN_SCHOOLS, figures),) if figures else ()


def figures(
    found: National, rubric: Rubric, *, on: date, source: Source, after: int | None = None
) -> tuple[Figure, ...]:
    """Every figure of the report in its order, for a page of its own."""
    page = _Page(found, rubric, (source,), on)
    return tuple(figure for section in sections(page, after) for figure in section.figures)


def _lead(words: Words, told: Words, one: Estimate) -> Words:
    """A statement with its verdict and the estimate."""
    share = {language: _of(one, language) for language in Language}
    return Words(
        f"”{words.sv}” **Skattningen är {share[Language.SV]}.** {told.sv}",
        f"“{words.en}” **The estimate is {share[Language.EN]}.** {told.en}",
    )


def _of(one: Estimate, language: Language) -> str:
    ends = formats.interval(one.low, one.high, _SHARE, language)
    return f"{formats.with_unit(one.value, _SHARE, language)} ({ends})"


def sections(page: _Page, after: int | None) -> tuple[Section, ...]:
    """The report's questions, each with its figures; a question without an answer is left out."""
    found = page.found
    wanted: list[tuple[str, tuple[Figure | None, ...]]] = [
        ("shares", (_classes(page), _statements(page))),
        ("criteria", (_criteria(page),)),
        ("together", (_weak(page), _findings(page))),
        ("later", (_prediction(page, after),)),
        ("sure", (_agreement(page), _sensitivity(page))),
    ]
    kept = [(key, tuple(one for one in made if one is not None)) for key, made in wanted]
    return tuple(Section(key, say.QUESTIONS[key], made) for key, made in kept if made and found.marked)


def _figure(
    page: _Page,
    id: str,
    words: say.Told,
    chart: Chart | None,
    table: Table,
    facts: Mapping[str, Fact],
    kind: str = "told",
) -> Figure:
    return Figure(
        id=id,
        question=words.question,
        subtitle=words.subtitle,
        chart=chart,
        table=table,
        kind=kind,
        facts=facts,
        sources=page.sources,
        method=words.method,
        indicator="",
        notes=(say.FEW_MARKED,) if _hides(table) else (),
    )


def _hides(table: Table) -> bool:
    """Whether any cell is hidden because it rests on few."""
    cells = (cell for row in table.rows for cell in row.entries if isinstance(cell, Released))
    return any(cell.missing is Missing.FEW for cell in cells)


def _classes(page: _Page) -> Figure:
    """Shares of organisers by class: corrected, as marked, and by kind of organiser."""
    found, order = page.found, page.found.classes
    bars: list[tuple[Words, str, Mapping[str, Estimate], int]] = [
        (say.CORRECTED, "weighted", {one.cls: one.weighted for one in found.shares}, found.marked),
        (say.AS_MARKED, "unweighted", {one.cls: one.unweighted for one in found.shares}, found.marked),
    ]
    bars += [(page.rubric.kinds[kind], kind, shares, found.marked) for kind, shares in sorted(found.kinds.items())]
    out = page.cells({("organiser_class", key, cls): (shares[cls], n) for _, key, shares, n in bars for cls in order})
    laid = tuple(SharesBar(name, tuple(out["organiser_class", key, cls] for cls in order)) for name, key, _, _ in bars)
    chart = VarianceShares(tuple(page.class_name(key) for key in order), laid, focus=0)
    words = say.classes(found)
    table = replace(twins.twin(chart, words.question), head=Words("Klass", "Class"))
    facts: dict[str, Fact] = {
        "scale": _SHARE,
        "top": out["organiser_class", "weighted", order[0]],
        "bottom": out["organiser_class", "weighted", order[-1]],
        "top_name": page.class_name(order[0]),
        "bottom_name": page.class_name(order[-1]),
        "marked": found.marked,
        "population": found.population,
    }
    return _figure(page, CLASSES, words, chart, table, facts, kind="organiser-classes")


def side_by_side(figure: Figure) -> Figure:
    """The figure of the classes with another chart: the nation's share of each class with its interval, and beside it that of the
    marked alone. The cells are those of its bars. Any other figure as it is."""
    chart = figure.chart
    if figure.id != CLASSES or not isinstance(chart, VarianceShares):
        return figure
    corrected, marked = chart.bars[:2]
    rows = tuple(
        IntervalRow(name, own, beside)
        for name, own, beside in zip(chart.levels, corrected.shares, marked.shares, strict=True)
    )
    return replace(figure, chart=Intervals(rows, _SHARE, figure.table.head, say.WHOLE_COUNTRY, beside=say.MARKED_ALONE))


def _statements(page: _Page) -> Figure:
    """What has been said of the nation, held against the estimate."""
    found = page.found
    out = page.cells({("statement", one.key): (one.estimate, found.marked) for one in found.statements})
    chances = page.cells(
        {("statement_probability", one.key): (_bare(one.probability), found.marked) for one in found.statements}
    )
    columns = (
        Column(Words("Skattning", "Estimate"), Kind.NUMBER, _SHARE),
        Column(_DOUBT, Kind.INTERVAL, _SHARE),
        Column(say.COVERED),
        Column(Words("Sannolikhet att det stämmer", "Probability that it is right"), Kind.NUMBER, _SHARE),
        Column(Words("Slutsats", "Conclusion")),
        Column(Words("Det går att säga", "What can be said")),
    )
    rows = tuple(
        Row(
            one.words,
            (
                out["statement", one.key],
                out["statement", one.key],
                say.span(one.low, one.high),
                chances["statement_probability", one.key],
                one.told,
                one.instead,
            ),
        )
        for one in found.statements
    )
    words, head = say.STATEMENTS, Words("Påstående", "Statement")
    drawn = tuple(
        IntervalRow(one.words, out["statement", one.key], covered=(one.low, one.high)) for one in found.statements
    )
    chart = Intervals(drawn, _SHARE, head, say.ESTIMATED, covered=say.COVERED)
    return _figure(
        page, "statements", words, chart, Table(words.question, head, columns, rows), {"says": say.judged(found)}
    )


def public(found: National, on: date) -> National:
    """What everybody may have as numbers: no organiser, and nothing that rests on fewer than the rule allows (nan in its place).

    Data files are written from this, so that they hold what the figures show and no more. By pupils, a share rests on as many
    organisers as weigh as much: one large organiser's class is no share.
    """
    least = _least(on)
    return replace(
        found,
        organisers=(),
        levels=tuple(one if _on(one, found) >= least else replace(one, share=_NOT) for one in found.levels),
        agreement=tuple(
            one if one.organisers >= least else replace(one, alpha=_NOT, kappa=_NOT, same=math.nan)
            for one in found.agreement
        ),
        marker_error={
            key: error
            for key, error in found.marker_error.items()
            if all(one.organisers >= least for one in found.agreement if one.criterion == key)
        },
        sensitivity=tuple(
            one if one.effective >= least else replace(one, shares=dict.fromkeys(one.shares, _NOT))
            for one in found.sensitivity
        ),
    )


_NOT = Estimate(math.nan, math.nan, math.nan, math.nan)


def _on(one: Graded, found: National) -> int:
    """How many organisers are marked on the criterion of a level."""
    return found.marked if one.organisers is None else one.organisers


def _bare(value: float) -> Estimate:
    return Estimate(value, float("nan"), float("nan"), float("nan"))


def _criteria(page: _Page) -> Figure:
    """How the nation's organisers lie on each criterion, highest level first."""
    found, levels = page.found, range(len(page.rubric.levels))
    share = {(one.criterion, one.level): one.share for one in found.levels}
    on = {one.criterion: _on(one, found) for one in found.levels}
    out = page.cells(
        {
            ("criterion", key, str(level)): (share[key, level], on[key])
            for key in page.rubric.criteria
            for level in levels
        }
    )
    down = tuple(reversed(levels))
    bars = tuple(
        SharesBar(criterion.name, tuple(out["criterion", key, str(level)] for level in down))
        for key, criterion in page.rubric.criteria.items()
    )
    chart = VarianceShares(tuple(page.rubric.levels[level] for level in down), bars, focus=0)
    words = say.CRITERIA
    table = replace(twins.twin(chart, words.question), head=Words("Nivå", "Level"))
    shown = [key for key in page.rubric.criteria if out["criterion", key, "0"].value is not None]
    weakest = max(shown or page.rubric.criteria, key=lambda key: share[key, 0].value)
    return _figure(
        page, "levels-by-criterion", words, chart, table, {"says": say.hardest(page.rubric.criteria[weakest].name)}
    )


def _agreement(page: _Page) -> Figure:
    """How far markers agree, over all and on each criterion."""
    found = page.found
    rows = (found.overall, *found.agreement)
    asked: dict[Key, tuple[Estimate | None, int]] = {}
    for one in rows:
        asked["agreement", "alpha", one.criterion] = (one.alpha, one.organisers)
        asked["agreement", "kappa", one.criterion] = (one.kappa, one.organisers)
        asked["agreement", "same", one.criterion] = (_bare(one.same), one.organisers)
        error = found.marker_error.get(one.criterion)
        asked["agreement", "error", one.criterion] = (None if error is None else _bare(error), one.organisers)
    out = page.cells(asked)
    columns = (
        Column(say.ALPHA, Kind.NUMBER, _RATIO),
        Column(_DOUBT, Kind.INTERVAL, _RATIO),
        Column(Words("Vägd kappa", "Weighted kappa"), Kind.NUMBER, _RATIO),
        Column(Words("Samma nivå", "Same level"), Kind.NUMBER, _SHARE),
        Column(Words("Felmarkeringar enligt modellen", "Marks in error by the model"), Kind.NUMBER, _SHARE),
        Column(say.MARKED_BY_TWO, Kind.PUPILS),
    )
    words, head = say.AGREEMENT, Words("Område", "Criterion")
    table = Table(words.question, head, columns, tuple(_agreed(page, one, out) for one in rows))
    drawn = tuple(IntervalRow(_criterion_name(page, one), out["agreement", "alpha", one.criterion]) for one in rows)
    chart = Intervals(drawn, _ALPHA, head, say.ALPHA, counted=say.MARKED_BY_TWO)
    return _figure(page, "agreement", words, chart, table, {"says": say.agreed(found.overall.alpha.value)})


def _agreed(page: _Page, one: Agreement, out: Mapping[Key, Released]) -> Row:
    alpha = out["agreement", "alpha", one.criterion]
    entries: tuple[Entry, ...] = (
        alpha,
        alpha,
        *(out["agreement", what, one.criterion] for what in ("kappa", "same")),
        out["agreement", "error", one.criterion] if one.criterion else None,
        alpha,
    )
    return Row(_criterion_name(page, one), entries)


def _criterion_name(page: _Page, one: Agreement) -> Words:
    return page.rubric.criteria[one.criterion].name if one.criterion else say.ALL


def _sensitivity(page: _Page) -> Figure:
    """The same shares by other weights."""
    found = page.found
    ends = (found.classes[0], found.classes[-1])
    asked: dict[Key, tuple[Estimate | None, int]] = {
        ("sensitivity", one.key, cls): (one.shares[cls], int(one.effective))
        for one in found.sensitivity
        for cls in ends
    }
    asked |= {("sensitivity", one.key, "n"): (_bare(one.effective), found.marked) for one in found.sensitivity}
    out = page.cells(asked)
    columns: list[Column] = []
    for cls in ends:
        columns += [Column(page.class_name(cls), Kind.NUMBER, _SHARE), Column(_DOUBT, Kind.INTERVAL, _SHARE)]
    columns.append(
        Column(Words("Motsvarar så många lika vägda", "As good as so many equally weighted"), Kind.NUMBER, _COUNT)
    )
    rows = tuple(
        Row(
            one.name,
            (*(out["sensitivity", one.key, cls] for cls in ends for _ in range(2)), out["sensitivity", one.key, "n"]),
        )
        for one in found.sensitivity
    )
    words = say.sensitivity(found)
    table = Table(words.question, Words("Sätt att räkna", "Way of counting"), tuple(columns), rows)
    return _figure(page, "sensitivity", words, None, table, {"says": say.moved(found)})


def _weak(page: _Page) -> Figure | None:
    names = {key: one.name for key, one in page.rubric.criteria.items()}
    return _together(page, page.found.weak_together, names, "weak-together", say.WEAK)


def _findings(page: _Page) -> Figure | None:
    found = page.found.findings_together
    if found is None:
        return None
    names = {area: _area_name(area, page.on) for area in found.counts}
    return _together(page, found, names, "findings-together", say.FINDINGS)


def _area_name(area: str, on: date) -> Words:
    """What the rulebook calls an assessment area on the day; the key itself where it knows none."""
    try:
        name: Words = rule(f"assessment_areas:{area}", on).value.name
    except RuleError:
        return Words(area, area)
    return name


def _together(page: _Page, found: Together, names: Mapping[str, Words], id: str, words: say.Told) -> Figure | None:
    """Every pair, in the order of the kinds; those that stand within the budget are marked."""
    if not found.pairs:
        return None
    asked: dict[Key, tuple[Estimate | None, int]] = {}
    for one in found.pairs:
        for name, value in (("odds", one.odds), ("beyond", one.beyond), ("both", _bare(float(one.both)))):
            asked[id, name, one.first, one.second] = (value, found.n)
        asked[id, "chance", one.first, one.second] = (_bare(one.expected), found.n)
    out = page.cells(asked)
    columns = (
        Column(Words("Båda", "Both"), Kind.NUMBER, _COUNT),
        Column(Words("Av en slump", "By chance"), Kind.NUMBER, Scale(_COUNT.name, Unit.COUNT, decimals=1)),
        Column(Words("Oddskvot", "Odds ratio"), Kind.NUMBER, _RATIO),
        Column(_DOUBT, Kind.INTERVAL, _RATIO),
        Column(Words("Utöver att några har mer av allt", "Beyond some having more of all"), Kind.NUMBER, _RATIO),
        Column(Words("Säkerställd", "Clear of chance")),
    )
    rows = tuple(_pair(id, one, names, out) for one in found.pairs)
    table = Table(words.question, Words("Par", "Pair"), columns, rows)
    return _figure(page, id, words, None, table, {"says": say.together(found)})


def _pair(id: str, one: Pair, names: Mapping[str, Words], out: Mapping[Key, Released]) -> Row:
    first, second = names[one.first], names[one.second]
    both = Words(f"{first.sv} – {second.sv}", f"{first.en} – {second.en}")
    odds = out[id, "odds", one.first, one.second]
    rest = tuple(out[id, what, one.first, one.second] for what in ("both", "chance"))
    beyond = out[id, "beyond", one.first, one.second]
    return Row(both, (*rest, odds, odds, beyond, say.clear(one.survives, one.beyond_survives)))


def _prediction(page: _Page, after: int | None) -> Figure | None:
    """Later results of the weaker classes against the strongest."""
    found = page.found.prediction
    if found is None:
        return None
    asked: dict[Key, tuple[Estimate | None, int]] = {
        ("later", key): (one, found.n) for key, one in found.differences.items()
    }
    asked |= {("placebo", key): (one, found.n) for key, one in found.placebo.items()}
    out = page.cells(asked)
    columns = [Column(Words("Efter", "After"), Kind.NUMBER, _POINTS), Column(_DOUBT, Kind.INTERVAL, _POINTS)]
    if found.placebo:
        columns += [Column(Words("Före (kontroll)", "Before (a check)"), Kind.NUMBER, _POINTS)]
        columns += [Column(_DOUBT, Kind.INTERVAL, _POINTS)]
    rows = tuple(
        Row(
            page.class_name(key),
            (out["later", key], out["later", key], *((out["placebo", key],) * 2 if found.placebo else ())),
        )
        for key in found.differences
    )
    words = say.prediction(
        page.class_name(page.found.classes[0]), page.found.round, found.after or after, found.compared
    )
    table = Table(words.question, Words("Klass", "Class"), tuple(columns), rows)
    return _figure(page, "later-results", words, None, table, {"says": say.foretold(page.found)})
