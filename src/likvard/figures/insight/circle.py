"""The vicious circle: how domains go together over time in all units there are records of, and where one unit lies.

Links, never causes: every sentence says so. A unit has a profile of domains and a count of those outside the expected for
two years; no sum, no order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from likvard.disclosure.cells import Released
from likvard.disclosure.publication import FigureKey, Publication, Published
from likvard.figures import formats, twins
from likvard.figures.charts_circle import CircleArrow, CircleDiagram, CircleDomain, DomainProfile, DomainRow
from likvard.figures.facts import Fact
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.insight.measured import schools
from likvard.figures.insight.reading import source
from likvard.figures.insight.scope import Scope, UnitInfo
from likvard.figures.measures import Scale, Unit
from likvard.figures.sentences import marked
from likvard.figures.table import Column, Kind, Row, Table
from likvard.terms import NATION, Language, SchoolYear, Words

LINK, GAIN, BROKEN, OUTSIDE, DOMAIN = "circle_link", "circle_gain", "circle_broken", "domains_outside", "domain_"
TURNOVER, RESULTS = "turnover", "results"
ORDER = ("steering", "teaching", "calm", "support", "health", TURNOVER, RESULTS)
"""The circle's order: as the inspectorate tells it, then principals and results."""
YEARS = 5
AFTER = 3
"""After how many years the sentence on broken links speaks."""

SIZE = Scale(Words("Styrka", "Size"), Unit.RATIO)
LEFT = Scale(Words("Andel kvar", "Share left"), Unit.SHARE, decimals=1)
MERIT = Scale(Words("Meritpoäng", "Merit points"), Unit.MERIT, decimals=1, signed=True)
PRINCIPALS = Scale(Words("Nya rektorer per skola och år", "New principals a school and year"), Unit.RATIO, signed=True)
APART = Scale(
    Words(
        "Avstånd från det väntade, i vanliga skillnader mellan skolor",
        "Distance from the expected, in typical differences between schools",
    ),
    Unit.RATIO,
    decimals=1,
    signed=True,
)
_SHORT = {
    "support": Words("Särskilt stöd", "Support"),
    "health": Words("Elevhälsa", "Pupil health"),
    TURNOVER: Words("Rektorsbyten", "Principals"),
}

METHOD = (
    Explanation(
        Words("Led", "Link"),
        Words(
            "Hur ett område ett läsår hänger ihop med ett annat läsåret efter. 0,20 betyder: där det första ligger en vanlig "
            "skillnad mellan skolor över det väntade, ligger det andra året efter 0,20 av en vanlig skillnad högre. För "
            "rektorsbyten betyder mer att fler rektorer har tillträtt.",
            "How a domain in one school year is linked with another the year after. 0.20 means: where the first lies one typical "
            "difference between schools above the expected, the second lies 0.20 of a typical difference higher the year "
            "after. For principals more means that more have begun.",
        ),
    ),
    Explanation(
        Words("Skolans egen nivå", "The school's own level"),
        Words(
            "Det som skolan behåller år efter år är uttaget, liksom läsår och elevernas bakgrund. Leden handlar om det som "
            "rör sig inom en skola. Varje område ses genom flera uppgifter, och deras fel är med i modellen.",
            "What a school keeps year after year is taken out, and so are the school year and pupils' background. Links are about "
            "what moves within a school. Each domain is seen through several figures, whose errors are part of the model.",
        ),
    ),
    Explanation(
        Words("Omvänd i tid", "Reversed in time"),
        Words(
            "Samma led prövat baklänges: om nästa års nyheter i det första området säger något om det andra redan i år. "
            "Det ska de inte göra. Finns ett sådant led kvar stämmer inte ordningen i tiden.",
            "The same link tested backwards: whether next year's news in the first domain tells anything of the second already "
            "this year. It should not. If such a link is left, the order in time is wrong.",
        ),
    ),
    Explanation(
        Words("Vad det inte säger", "What it does not say"),
        Words(
            "Något som inte är mätt kan ligga bakom båda områdena. Ett led visar var det är värt att fråga vidare, inte vad "
            "som händer om någon gör något.",
            "Something that is not measured may lie behind both domains. A link shows where it is worth asking further, not "
            "what happens if somebody acts.",
        ),
    ),
)
_BROKEN = Explanation(
    Words("Om ett led bröts", "If a link were broken"),
    Words(
        "Tänk en skola där alla fem områden ligger en vanlig skillnad under det väntade. Siffran är hur mycket högre utfallet "
        "vore år för år om det ena ledet inte fördes vidare, och allt annat var som i modellen.",
        "Think of a school where all five domains lie one typical difference below the expected. The figure is how much higher the "
        "outcome would be year by year if this one link were not passed on, with all else as in the model.",
    ),
)
_GAIN = Explanation(
    Words("Kvar efter ett år", "Left after a year"),
    Words(
        "Det största egenvärdet av alla led mellan områdena. Under 100 procent klingar ett avstånd från det väntade av; ju "
        "närmare 100, desto längre tid tar det. En väg runt är produkten av dess led.",
        "The largest eigenvalue of all links between the domains. Below 100 per cent a distance from the expected dies away; the "
        "closer to 100, the longer it takes. A way round is the product of its links.",
    ),
)
_PROFILE = (
    Explanation(
        Words("Profil", "Profile"),
        Words(
            "Varje område för sig, jämfört med skolor med samma skolform och liknande elevunderlag. Ett är en vanlig skillnad "
            "mellan skolor (en standardavvikelse). Områdena läggs aldrig ihop till ett betyg och skolor ordnas aldrig efter dem.",
            "Each domain by itself, compared with schools of the same form and similar intake. One is a typical difference between "
            "schools (a standard deviation). Domains are never added up to a mark, and schools never ordered by them.",
        ),
    ),
    Explanation(
        Words("Under det väntade i två år", "Below the expected for two years"),
        Words(
            "Ett område räknas när det båda de senaste läsåren ligger mer än en halv vanlig skillnad under det väntade och det "
            "är mer än slump, när alla skolor, områden och år prövas tillsammans.",
            "A domain counts when it lies more than half a typical difference below the expected in both of the newest school years, "
            "beyond chance when all schools, domains and years are tested together.",
        ),
    ),
    METHOD[-1],
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A domain and what it is seen in: each proxy with the share of its variation that is the domain's, in words."""

    name: Words
    proxies: Words


@dataclass(frozen=True, slots=True)
class CirclePage:
    """The circle of all units; `instead` says why there is none, and then nothing else is there."""

    about: Words
    lead: tuple[Words, ...]
    figures: tuple[Figure, ...]
    seen: tuple[Seen, ...]
    instead: Words | None = None


def circle(pub: Publication, scope: Scope) -> CirclePage:
    """The page of all units: the diagram with its table, what a broken link would change, how much is left."""
    facts: Mapping[str, Any] = pub.facts.get("circle", {})
    if "domains" not in facts:
        why = facts.get("instead", {})
        instead = Words(
            why.get("sv", "Cirkeln är inte uträknad än."), why.get("en", "The circle is not worked out yet.")
        )
        return CirclePage(Words("", ""), (), (), (), instead)
    cells = pub.cells(scope.audience, measure=(LINK, GAIN, BROKEN), level="nation", areas=(NATION,))
    diagram = _diagram(pub, facts, cells)
    figures = [diagram, _gain(pub, facts, cells)]
    figures += [one for outcome in (RESULTS, TURNOVER) if (one := _broken(pub, facts, cells, outcome)) is not None]
    return CirclePage(_about(facts), marked("lead-circle", diagram.facts), tuple(figures), _seen(facts))


def _about(facts: Mapping[str, Any]) -> Words:
    first, last, units = SchoolYear(facts["years"][0]), SchoolYear(facts["years"][-1]), schools(int(facts["units"]))
    return Words(
        f"Alla {units.sv} i underlaget, läsåren {first} till {last}, ett läsår mellan områdena",
        f"All {units.en} in the records, school years {first} to {last}, one school year between the domains",
    )


def _seen(facts: Mapping[str, Any]) -> tuple[Seen, ...]:
    return tuple(Seen(Words(one["sv"], one["en"]), _proxies(one["proxies"])) for _, one in _domains(facts))


def _domains(facts: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    known = facts.get("domains", {})
    return [(code, known[code]) for code in ORDER if code in known]


def _proxies(found: Sequence[Mapping[str, Any]]) -> Words:
    sv, en = (
        formats.listed(tuple(f"{one[language]} ({_share(one['reliability'], language)})" for one in found), language)
        for language in Language
    )
    return Words(sv, en)


def _share(value: float, language: Language) -> str:
    return formats.number(100 * value, 0, language) + formats.percent_sign(language)


def _names(facts: Mapping[str, Any]) -> dict[str, Words]:
    return {code: _SHORT.get(code, Words(one["sv"], one["en"])) for code, one in _domains(facts)}


def _source(pub: Publication) -> tuple[Source, ...]:
    """Where the circle's figures come from: the sources of what it is seen in."""
    return source(
        pub, "abuse_reports_per_1000", "survey_index_studiero", "share_certified_teachers", "principal_turnover"
    )


def _diagram(pub: Publication, facts: Mapping[str, Any], cells: Mapping[FigureKey, Published]) -> Figure:
    found = {(key.subject, key.aspect): one.cell for key, one in cells.items() if key.measure == LINK}
    survives = frozenset(facts["survives"])
    names = _names(facts)
    arrows = tuple(
        CircleArrow(source, target, cell, found.get((subject, "placebo")), subject in survives)
        for (subject, aspect), cell in found.items()
        for source, target in [subject.split(">")]
        if aspect == "observed"
    )
    chart = CircleDiagram(SIZE, tuple(CircleDomain(c, n, c != RESULTS) for c, n in names.items()), arrows)
    turned: dict[str, Fact] = {
        "turned": int(facts["placebo"]["alarms"]),
        "turned_tests": int(facts["placebo"]["tests"]),
    }
    return twins.figure(
        id="circle",
        question=Words("Var hänger områdena ihop över tid?", "How are the domains linked over time?"),
        subtitle=Words(
            "Hur ett område hänger ihop med ett annat läsåret efter",
            "How one domain is linked with another the following school year",
        ),
        chart=chart,
        sources=_source(pub),
        method=METHOD,
        indicator=LINK,
        caption=Words("Alla led, från ett läsår till nästa", "All links, from one school year to the next"),
        facts=turned,
    )


def _gain(pub: Publication, facts: Mapping[str, Any], cells: Mapping[FigureKey, Published]) -> Figure:
    found = {(key.subject, key.group): one.cell for key, one in cells.items() if key.measure == GAIN}
    whole, alone = found.get(("", "all")), found.get(("", "alone"))
    names, named = _names(facts), frozenset(facts["named"])
    rows = [
        (Words("Alla områden tillsammans", "All domains together"), whole),
        (Words("Utan led mellan områdena", "Without links between the domains"), alone),
    ]
    rows += [(_way(way, names), found[way, "all"]) for way in facts["cycles"] if (way, "all") in found]
    table = Table(
        Words("Kvar efter ett år, och vägar runt", "Left after a year, and ways round"),
        Words("Vad", "What"),
        (Column(LEFT.name, Kind.NUMBER, LEFT), Column(Words("Osäkerhet", "Uncertainty"), Kind.INTERVAL, LEFT)),
        tuple(Row(head, (cell, cell)) for head, cell in rows),
    )
    ways = sum(way not in named for way in facts["cycles"])
    told = {"gain": whole, "alone": alone, "ways": ways, "scale": LEFT, "links": len(rows) - 2}
    return _table_figure(
        pub,
        "circle-gain",
        Words("Hur mycket finns kvar efter ett år?", "How much is left after a year?"),
        Words("Av ett avstånd från det väntade, genom alla led", "Of a distance from the expected, through all links"),
        table,
        {name: fact for name, fact in told.items() if fact is not None},
        (_GAIN, *METHOD[1:]),
    )


def _way(way: str, names: Mapping[str, Words]) -> Words:
    through = [names[code] for code in way.split(">")]
    return Words(" till ".join(one.sv.lower() for one in through), " to ".join(one.en.lower() for one in through))


def _broken(
    pub: Publication, facts: Mapping[str, Any], cells: Mapping[FigureKey, Published], outcome: str
) -> Figure | None:
    ahead = "" if outcome == RESULTS else f"{outcome}_"
    found = {(key.subject, key.group): one.cell for key, one in cells.items() if key.measure == BROKEN}
    names, scale = _names(facts), MERIT if outcome == RESULTS else PRINCIPALS
    links = [one for one in facts["survives"] if (one, f"{ahead}year1") in found]
    if not links or outcome not in names:
        return None
    rows = {one: [found[one, f"{ahead}year{year}"] for year in range(1, YEARS + 1)] for one in links}
    years = [
        Words(f"{year} år" if year > 1 else "1 år", f"{year} years" if year > 1 else "1 year") for year in range(1, 6)
    ]
    table = Table(
        Words(
            "Skillnad i utfall om ledet bröts, år för år", "Difference in outcome if the link were broken, year by year"
        ),
        Words("Led", "Link"),
        (
            *(Column(year, Kind.NUMBER, scale) for year in years),
            Column(Words(f"Osäkerhet, {AFTER} år", f"Uncertainty, {AFTER} years"), Kind.INTERVAL, scale),
        ),
        tuple(Row(_link(one, names), (*cells_, cells_[AFTER - 1])) for one, cells_ in rows.items()),
    )
    told: dict[str, Fact] = {"links": len(links), "scale": scale, "after": AFTER, "outcome": _OUTCOMES[outcome]}
    told |= _most(rows, names)
    questions = {
        RESULTS: Words(
            "Vad skulle ändras i resultaten om ett led bröts?", "What would change in results if a link were broken?"
        ),
        TURNOVER: Words(
            "Vad skulle ändras i rektorsbyten om ett led bröts?",
            "What would change in new principals if a link were broken?",
        ),
    }
    return _table_figure(
        pub,
        f"circle-broken-{outcome}",
        questions[outcome],
        Words(f"{scale.name.sv}, ett till fem år efteråt", f"{scale.name.en}, one to five years later"),
        table,
        told,
        (_BROKEN, *METHOD),
        kind="circle-broken",
    )


_OUTCOMES = {
    RESULTS: Words("resultat", "results"),
    TURNOVER: Words("antalet nya rektorer per skola och år", "the number of new principals a school and year"),
}


def _most(rows: Mapping[str, Sequence[Released]], names: Mapping[str, Words]) -> dict[str, Fact]:
    clear = [
        (abs(cell.value or 0.0), one, cell)
        for one, cells in rows.items()
        if (cell := cells[AFTER - 1]).value is not None and ((cell.low or 0) > 0 or (cell.high or 0) < 0)
    ]
    if not clear:
        return {}
    _, one, cell = max(clear, key=lambda found: found[:2])
    return {"most": cell, "most_link": _link(one, names)}


def _link(one: str, names: Mapping[str, Words]) -> Words:
    start, end = (names[code] for code in one.split(">"))
    return Words(f"{start.sv.lower()} till {end.sv.lower()}", f"{start.en.lower()} to {end.en.lower()}")


def _table_figure(
    pub: Publication,
    id: str,
    question: Words,
    subtitle: Words,
    table: Table,
    facts: Mapping[str, Fact],
    method: tuple[Explanation, ...],
    *,
    kind: str = "",
) -> Figure:
    indicator = GAIN if id == "circle-gain" else BROKEN
    return Figure(id, question, subtitle, None, table, kind or id, facts, _source(pub), method, indicator)


def profile(pub: Publication, scope: Scope, one: UnitInfo) -> Figure | None:
    """A unit's domains beside the expected; None where none was worked out for it."""
    facts: Mapping[str, Any] = pub.facts.get("circle", {})
    domains = {code: n for code, n in _all_names(facts).items() if code != RESULTS}
    if not domains:
        return None
    now = int(facts["years"][-1])
    cells = pub.cells(
        scope.audience,
        measure=[DOMAIN + code for code in domains],
        level="unit",
        areas=[one.code],
        years=[now - 1, now],
    )
    found = {(key.measure, key.aspect, int(key.year)): published for key, published in cells.items()}
    rows = tuple(_row(code, name, found, now) for code, name in domains.items())
    if all(row.difference is None for row in rows):
        return None
    outside = [name for code, name in domains.items() if _outside(code, found, now)]
    which: dict[str, Fact] = {"outside": len(outside)}
    if outside:
        which["which"] = _listed(outside)
    return twins.figure(
        id="domains",
        question=Words("Hur ser skolans profil ut?", "What does the school's profile look like?"),
        subtitle=Words(
            f"{formats.count(len(rows), Language.SV).capitalize()} områden kring undervisningen, läsåret {SchoolYear(now)}",
            f"{formats.count(len(rows), Language.EN).capitalize()} domains around teaching, the school year {SchoolYear(now)}",
        ),
        chart=DomainProfile(APART, rows, (SchoolYear(now - 1), SchoolYear(now))),
        sources=_source(pub),
        method=_PROFILE,
        indicator=OUTSIDE,
        caption=Words("Område för område, avstånd från det väntade", "Domain by domain, distance from the expected"),
        facts=which,
    )


def _all_names(facts: Mapping[str, Any]) -> dict[str, Words]:
    return {code: Words(one["sv"], one["en"]) for code, one in _domains(facts)}


def _listed(names: Sequence[Words]) -> Words:
    sv, en = ([name[language].lower() for name in names] for language in Language)
    return Words(formats.listed(tuple(sv), Language.SV), formats.listed(tuple(en), Language.EN))


def _row(code: str, name: Words, found: Mapping[tuple[str, str, int], Published], now: int) -> DomainRow:
    newest, before = found.get((DOMAIN + code, "difference", now)), found.get((DOMAIN + code, "observed", now - 1))
    if newest is None:
        return DomainRow(name, None, instead=_NOT_SEEN)
    return DomainRow(name, newest.cell, None if before is None else before.cell)


_NOT_SEEN = Words("Inga uppgifter om området", "No figures on the domain")


def _outside(code: str, found: Mapping[tuple[str, str, int], Published], now: int) -> bool:
    """Whether the domain has been below the expected for two years: as the publication counts it."""
    newest = found.get((DOMAIN + code, "difference", now))
    if newest is None or not newest.kept or newest.cell.value is None:
        return False
    if code == TURNOVER:
        return newest.cell.value < 0
    before = found.get((DOMAIN + code, "observed", now - 1))
    return newest.cell.value < 0 and before is not None and before.kept and (before.cell.value or 0) < 0
