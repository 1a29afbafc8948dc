"""An invented report with every kind of chart and every kind of missing value, through the real gate."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from likvard.disclosure.cells import Cell, CellKind, Released
from likvard.disclosure.gate import release
from likvard.figures.charts import (
    Break,
    Distribution,
    Expected,
    ExpectedRow,
    Funnel,
    FunnelLimit,
    GapTrend,
    Heat,
    HeatRow,
    Line,
    MeasureTaken,
    Panel,
    School,
    SharesBar,
    SmallMultiples,
    Spread,
    Subject,
    Trend,
    VarianceShares,
)
from likvard.figures.charts_map import MunicipalityMap, Outline
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.measures import Scale, Unit
from likvard.figures.report import MadeFrom, Report, Section
from likvard.figures.table import Column, Kind, Row, Table
from likvard.figures.twins import figure
from likvard.terms import Audience, Level, Missing, SchoolYear, Words

TODAY = date(2025, 11, 14)
NAMES = {
    "Norrheda": (
        "Brantåsaskolan",
        "Hedvallaskolan",
        "Rymlaskolan",
        "Stenkilaskolan",
        "Tallmoraskolan",
        "Vindlidaskolan",
    ),
    "Ekvik": ("Ekviks hamnskola", "Klockarlidaskolan", "Kvarnlyckaskolan", "Lindholmaskolan", "Sundvretaskolan"),
    "Mossby": ("Fågelnässkolan", "Ljungviddaskolan", "Mossby internationella resursskola", "Rågåkraskolan"),
    "Söderlida": ("Björnhultaskolan", "Hasselmoskolan", "Igelvikaskolan", "Kärrtunaskolan", "Ängsholmaskolan"),
}
MERIT = Scale(Words("Meritvärde", "Merit value"), Unit.MERIT)
FROM_EXPECTED = Scale(Words("Avstånd från det väntade", "Distance from expected"), Unit.MERIT, 0, signed=True)
SHARE = Scale(Words("Andel som når alla ämnen", "Share reaching all subjects"), Unit.SHARE, low=0.4)
GAP = Scale(Words("Gap", "Gap"), Unit.SHARE_POINTS)
POINTS = Scale(Words("Avstånd från det väntade", "Distance from expected"), Unit.SHARE_POINTS, signed=True)
SOURCE = Source(Words("Påhittad statistik, årskurs 9", "Invented statistics, year 9"), "2025-10-02", ("d-0001",))
METHOD = (
    Explanation(
        Words("Det väntade", "The expected"),
        Words("Vad skolor med liknande elever brukar nå.", "What schools with similar pupils usually reach."),
    ),
    Explanation(
        Words("Osäkerhet", "Uncertainty"),
        Words("Spannet täcker det sanna värdet 95 gånger av 100.", "The range covers the true value 95 times in 100."),
    ),
)


class Gate:
    """Sends one cell at a time through the real gate, so that a test can write values inline."""

    def __init__(self, audience: Audience = Audience.PUBLIC) -> None:
        self.audience = audience
        self.sent = 0

    def __call__(
        self,
        value: float | None,
        half: float | None = None,
        *,
        n: int | None = 900,
        missing: Missing | None = None,
        low: float | None = None,
        high: float | None = None,
        kind: CellKind = CellKind.ESTIMATE,
    ) -> Released:
        self.sent += 1
        key = (str(self.sent),)
        if value is not None and half is not None:
            low, high = value - half, value + half
        cell = Cell(key, kind, value, n=n, low=low, high=high, missing=missing, level=Level.NATION)
        return release([cell], audience=self.audience, on=TODAY)[key]


def schools(count: int | None = None) -> list[School]:
    """The invented schools, or so many with made-up names."""
    named = [
        School(name, area, f"9{i:07d}")
        for area, names in NAMES.items()
        for i, name in enumerate(names, len(area) * 100)
    ]
    if count is None:
        return named
    areas = list(NAMES)
    return [School(f"Provskolan {i + 1}", areas[i % 4], f"8{i:07d}") for i in range(count)]


def years(first: int = 2013, last: int = 2024) -> tuple[SchoolYear, ...]:
    return tuple(SchoolYear(y) for y in range(first, last + 1))


def distribution(gate: Gate, units: list[School], rest: int = 0, seed: int = 1) -> Distribution:
    rng = np.random.default_rng(seed)
    levels = {s.code: 222 + float(rng.normal(0, 20)) for s in units}
    spreads = []
    for year in years():
        own = []
        for s in units:
            if rng.random() < 0.06:
                own.append((s, gate(None, missing=Missing.FEW)))
            else:
                own.append((s, gate(levels[s.code] + float(rng.normal(0, 7)), 9.0)))
        mean = 226 + (year.start - 2013) * 0.3
        others = tuple(gate(228 + float(rng.normal(0, 25))) for _ in range(rest))
        spreads.append(Spread(year, tuple(own), others, gate(mean, 1.0), gate(mean - 33), gate(mean + 31)))
    cut = Break(
        SchoolYear(2014), Words("Från våren 2015 räknas 17 ämnen, före det 16.", "From spring 2015, 17 subjects count.")
    )
    return Distribution(
        MERIT,
        tuple(spreads),
        Words("skola i Ekvik", "school in Ekvik"),
        Words("annan skola i landet", "other school in the country"),
        Words("landets medelvärde", "the country's mean"),
        Words("åtta av tio elever i landet", "eight in ten pupils in the country"),
        (cut,),
    )


def expected(gate: Gate, units: list[School], seed: int = 2) -> Expected:
    rng = np.random.default_rng(seed)
    rows = []
    for i, s in enumerate(units):
        n = int(rng.integers(18, 120))
        difference, half = float(rng.normal(0, 11)), 130 / math.sqrt(n)
        if i == 3:
            words = Words(
                "Anpassad grundskola: följs med egna kriterier", "Adapted school: followed by its own criteria"
            )
            rows.append(ExpectedRow(School(s.name, s.area, s.code, words), None))
        elif i == 7:
            rows.append(ExpectedRow(s, gate(None, missing=Missing.FEW)))
        else:
            level = 221 + float(rng.normal(0, 12))
            rows.append(
                ExpectedRow(s, gate(difference, half, n=n), gate(level + difference, 8.0, n=n), gate(level, 3.0, n=n))
            )
    return Expected(tuple(rows), FROM_EXPECTED, MERIT)


def funnel(gate: Gate, units: list[School], seed: int = 3, outside: int = 2) -> Funnel:
    rng = np.random.default_rng(seed)
    points = []
    out = []
    for i, s in enumerate(units):
        n = int(rng.integers(14, 118))
        value = 0.82 + float(rng.normal(0, 0.35)) / math.sqrt(n)
        if i < outside:
            value, n = (0.58, 96) if i % 2 else (0.985, 92 + 3 * i)
            out.append(s.code)
        if i == outside + 3:
            points.append((s, gate(None, missing=Missing.FEW, kind=CellKind.SHARE)))
        else:
            points.append((s, gate(min(max(value, 0.3), 1), n=n)))
    sizes = tuple(float(k) for k in range(10, 131, 4))
    limits = tuple(
        FunnelLimit(
            c,
            sizes,
            tuple(0.82 - z * 0.384 / math.sqrt(k) for k in sizes),
            tuple(0.82 + z * 0.384 / math.sqrt(k) for k in sizes),
        )
        for c, z in ((0.95, 1.96), (0.998, 3.09))
    )
    return Funnel(
        SHARE,
        Words("elever i årskurs 9", "pupils in year 9"),
        tuple(points),
        gate(0.82, 0.02),
        Words("kommunen", "municipality"),
        limits,
        frozenset(out),
        0.04,
    )


def gap(gate: Gate) -> GapTrend:
    periods = years(2018, 2024)
    high = (0.93, 0.925, 0.93, 0.92, 0.915, 0.92, 0.925)
    low = (0.78, 0.77, 0.758, 0.742, 0.73, 0.735, 0.744)
    upper = tuple(gate(v, 0.02) for v in high)
    lower = tuple(gate(v, 0.028) if i != 2 else gate(None, missing=Missing.NOT_COLLECTED) for i, v in enumerate(low))
    apart = tuple(
        gate(a - b, 0.035) if i != 2 else gate(None, missing=Missing.NOT_COLLECTED)
        for i, (a, b) in enumerate(zip(high, low, strict=True))
    )
    measures = (
        MeasureTaken(
            Words("Studiero i alla klassrum", "Calm in every classroom"),
            date(2022, 1, 10),
            date(2023, 6, 10),
            Words("Väntad effekt +4.", "Expected effect +4."),
            Words(
                "Utfall: hjälpte inte (−2, osäkerhet −7 till +3).", "Outcome: did not help (−2, uncertainty −7 to +3)."
            ),
        ),
        MeasureTaken(
            Words("Två lärare i matematik", "Two teachers in mathematics"),
            date(2023, 8, 15),
            None,
            Words("Väntad effekt +5 till juni 2026.", "Expected effect +5 by June 2026."),
            Words("Kan inte avgöras än. Besked i juli 2026.", "Cannot tell yet. We will know in July 2026."),
        ),
    )
    return GapTrend(
        SHARE,
        GAP,
        periods,
        (
            Line(Words("eftergymnasial utbildning", "tertiary education"), upper),
            Line(Words("annan utbildning", "other education"), lower),
        ),
        Line(Words("skillnad i procentenheter", "difference in percentage points"), apart),
        (Break(SchoolYear(2020), Words("Nya frågor 2020. Jämför inte med tiden före.", "New questions in 2020.")),),
        measures,
    )


SUBJECTS = tuple(
    Subject(Words(sv, en), Words(ssv, sen))
    for sv, en, ssv, sen in (
        ("Bild", "Art", "Bild", "Art"),
        ("Biologi", "Biology", "Bi", "Bi"),
        ("Engelska", "English", "En", "En"),
        ("Fysik", "Physics", "Fy", "Ph"),
        ("Geografi", "Geography", "Ge", "Ge"),
        ("Hem- och konsumentkunskap", "Home economics", "Hkk", "HEc"),
        ("Historia", "History", "Hi", "Hi"),
        ("Idrott och hälsa", "Physical education", "Idh", "PE"),
        ("Kemi", "Chemistry", "Ke", "Ch"),
        ("Matematik", "Mathematics", "Ma", "Ma"),
        ("Moderna språk", "Modern languages", "M.språk", "Lang."),
        ("Musik", "Music", "Mu", "Mu"),
        ("Religionskunskap", "Religion", "Re", "Re"),
        ("Samhällskunskap", "Civics", "Sh", "Ci"),
        ("Slöjd", "Crafts", "Sl", "Cr"),
        ("Svenska", "Swedish", "Sv", "Sw"),
        ("Teknik", "Technology", "Tk", "Te"),
    )
)
MISSING = [m for m in Missing if m is not Missing.APPROXIMATE]


def heat(gate: Gate, units: list[School], subjects: int = 17, seed: int = 5) -> Heat:
    rng = np.random.default_rng(seed)
    rows = []
    for i, s in enumerate(units):
        if i == 3:
            words = Words("Följs med egna kriterier", "Followed by its own criteria")
            rows.append(HeatRow(School(s.name, s.area, s.code, words), ()))
            continue
        values = [float(rng.normal(0, 0.045)) for _ in range(subjects)]
        cells = tuple(
            gate(None, missing=MISSING[(i * 5 + k) % len(MISSING)]) if rng.random() < 0.09 else gate(v, 0.06)
            for k, v in enumerate(values)
        )
        kept = frozenset(k for k, c in enumerate(cells) if c.value is not None and abs(c.value) > 0.085)
        rows.append(HeatRow(s, cells, kept))
    return Heat(POINTS, SUBJECTS[:subjects], tuple(rows), tests=len(units) * subjects, rate=0.05)


def multiples(gate: Gate, units: list[School], seed: int = 6) -> SmallMultiples:
    rng = np.random.default_rng(seed)
    panels = []
    for i, s in enumerate(units):
        if i == 3:
            words = Words("Anpassad grundskola. Egna kriterier, se skolans sida.", "Adapted school. Its own criteria.")
            panels.append(Panel(School(s.name, s.area, s.code, words), ()))
            continue
        level, drift = 222 + float(rng.normal(0, 16)), float(rng.normal(0, 1.4))
        own = [gate(level + drift * t + float(rng.normal(0, 4)), 11) for t in range(12)]
        if i % 5 == 1:
            own[4] = gate(None, missing=Missing.FEW)
        if i == 5:
            own[-1] = gate(None, missing=Missing.NOT_YET)
        if i == 8:
            own = [gate(None, missing=Missing.FEW) for _ in own]
        difference = gate(drift * 11, 14) if own[-1].value is not None else None
        panels.append(Panel(s, tuple(own), tuple(gate(level, 9) for _ in own), difference))
    return SmallMultiples(
        MERIT,
        years(),
        tuple(panels),
        (Break(SchoolYear(2014), Words("17 ämnen i stället för 16.", "17 subjects, not 16.")),),
    )


def town_map() -> MunicipalityMap:
    def block(x: float, y: float, w: float = 1.0) -> tuple[tuple[float, float], ...]:
        return ((x, y), (x + 0.3 * w, y + 0.2), (x + w, y), (x + w + 0.1, y + 0.5), (x + w, y + 1), (x, y + 1), (x, y))

    outlines = tuple(
        Outline(f"99{i}{j}", f"Provkommun {i}{j}", (block(14 + 1.0 * i, 58 + 1.0 * j),))
        for i in range(4)
        for j in range(3)
    )
    return MunicipalityMap(outlines, "9911", frozenset({"9920", "9912"}))


def shares(gate: Gate) -> VarianceShares:
    levels = (
        Words("huvudmän", "organisers"),
        Words("skolor", "schools"),
        Words("klasser", "classes"),
        Words("elever", "pupils"),
    )
    bars = (
        SharesBar(
            Words("Före hänsyn till elevernas bakgrund", "Before allowing for pupils' background"),
            (gate(0.03, 0.012), gate(0.17, 0.021), gate(0.06, 0.02), gate(0.74, 0.03)),
        ),
        SharesBar(
            Words("Efter hänsyn till elevernas bakgrund", "After allowing for pupils' background"),
            (gate(0.01, 0.008), gate(0.05, 0.014), gate(0.05, 0.02), gate(0.89, 0.03)),
        ),
    )
    return VarianceShares(levels, bars, focus=1)


def trend(gate: Gate) -> Trend:
    periods = years(2013, 2024)
    own = [gate(212 + 0.8 * t + (-1) ** t * 2, 7) for t in range(12)]
    own[3] = gate(None, missing=Missing.PROTECTED)
    own[6] = gate(None, missing=Missing.NEAR_ALL, low=224, high=231)
    return Trend(
        MERIT,
        periods,
        (Line(Words("Hasselmoskolan", "Hasselmoskolan"), tuple(own)),),
        (
            Line(Words("landet", "the country"), tuple(gate(227 + 0.2 * t, 0.4) for t in range(12))),
            Line(Words("det väntade", "the expected"), tuple(gate(219 + 0.1 * t, 3) for t in range(12))),
        ),
        (Break(SchoolYear(2014), Words("Från våren 2015 räknas 17 ämnen, före det 16.", "17 subjects, not 16.")),),
    )


def missing_table(gate: Gate) -> Table:
    """A row for every kind of missing value."""
    rows = [
        Row(
            Words(m.value, m.value),
            (gate(None, missing=m, low=0.9, high=0.99) if "near" in m.value else gate(None, missing=m),),
        )
        for m in MISSING
    ]
    rows.append(Row(Words("approximate", "approximate"), (gate(0.45, missing=Missing.APPROXIMATE),)))
    rows.append(Row(Words("noll", "zero"), (gate(0.0),)))
    return Table(
        Words("Tecken i bruk", "Symbols in use"),
        Words("Slag", "Kind"),
        (Column(SHARE.name, Kind.NUMBER, SHARE),),
        tuple(rows),
    )


def _figure(id: str, sv: str, en: str, chart: object, gate: Gate, **extra: object) -> Figure:
    return figure(
        id=id,
        question=Words(sv, en),
        subtitle=Words(
            "Meritvärde i årskurs 9, skolorna i Ekvik, 2024/25", "Merit value in year 9, schools in Ekvik, 2024/25"
        ),
        chart=chart,  # type: ignore[arg-type]
        sources=(SOURCE,),
        method=METHOD,
        indicator="merit_value",
        n=gate(1041, kind=CellKind.COUNT),
        **extra,  # type: ignore[arg-type]
    )


def report(units: list[School] | None = None, *, rest: int = 0, synthetic: bool = True) -> Report:
    """The demo report: ten figures, every chart, every missing value."""
    gate = Gate()
    all_ = schools() if units is None else units
    note = (Words("Tre nedlagda skolor finns inte i källan.", "Three closed schools are not in the source."),)
    sections = (
        Section(
            "how",
            Words("Hur går det?", "How is it going?"),
            (
                _figure(
                    "schools-over-time",
                    "Hur ligger skolorna till, år för år?",
                    "How are the schools doing, year by year?",
                    distribution(gate, all_, rest),
                    gate,
                    notes=note,
                    facts={"spread_change": gate(4.2, 3.0)},
                ),
                _figure(
                    "shares",
                    "Hur stor del av skillnaderna ligger mellan skolor?",
                    "How much of the differences lies between schools?",
                    shares(gate),
                    gate,
                ),
                _figure(
                    "over-time",
                    "Hur har det gått för Hasselmoskolan?",
                    "How has Hasselmoskolan fared?",
                    trend(gate),
                    gate,
                    facts={"change": gate(8.8, 9.9)},
                ),
            ),
            (Words("Skolorna är **ungefär lika olika** som förut.", "Schools differ **about as much** as before."),),
        ),
        Section(
            "which",
            Words("Vilka skolor skiljer sig, och hur säkert är det?", "Which schools differ, and how sure is that?"),
            (
                _figure(
                    "expected",
                    "Vilka skolor skiljer sig från det väntade?",
                    "Which schools differ from what was expected?",
                    expected(gate, all_),
                    gate,
                    facts={"explained": gate(0.62, 0.05)},
                ),
                _figure(
                    "funnel",
                    "Är skillnaderna mer än slump?",
                    "Are the differences more than chance?",
                    funnel(gate, all_),
                    gate,
                ),
                _figure(
                    "school-by-school",
                    "Hur har det gått för varje skola?",
                    "How has each school fared?",
                    multiples(gate, all_),
                    gate,
                ),
                _figure("subjects", "Alla ämnen, alla skolor", "All subjects, all schools", heat(gate, all_), gate),
            ),
        ),
        Section(
            "whom",
            Words("För vem?", "For whom?"),
            (
                _figure(
                    "gap",
                    "Blir gapet större?",
                    "Is the gap growing?",
                    gap(gate),
                    gate,
                    facts={"change": gate(0.031, 0.028)},
                ),
                _figure("place", "Var ligger Ekvik?", "Where is Ekvik?", town_map(), gate),
                Figure(
                    "symbols-in-use",
                    Words("Vad betyder tecknen?", "What do the symbols mean?"),
                    Words("Alla slag av saknade värden", "Every kind of missing value"),
                    None,
                    missing_table(gate),
                    "",
                    {},
                    (SOURCE,),
                    METHOD,
                    "merit_value",
                ),
            ),
        ),
    )
    return Report(
        "ekvik-9911",
        Words("Läget i Ekviks skolor", "How Ekvik's schools are doing"),
        Words("Ekviks kommun", "Municipality of Ekvik"),
        (
            Words(
                "4 av 18 grundskolor når lägre än väntat och en högre. För övriga går det inte att säga.",
                "4 of 18 schools are below what was expected and one above. For the others we cannot tell.",
            ),
        ),
        Audience.PUBLIC,
        sections,
        (
            Explanation(
                Words("Frånvaro", "Absence"), Words("Inte insamlat av kommunen.", "Not collected by the municipality.")
            ),
        ),
        METHOD,
        (SOURCE,),
        MadeFrom("3f9a1c2e", ("d-0001", "d-0002"), "likvard 0.1.0", TODAY),
        synthetic,
    )
