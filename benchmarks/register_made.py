"""An invented register: 230,000 matters and 50,000 published decisions, their points and what has happened since.

`python -m benchmarks.register_made DECISIONS CASES` fills the database of a new site. The same numbers give the same register: the
phrases follow the handbook's appendix A, the sizes the diary of the real authority as it has been counted from outside. All names
are put together from syllables and belong to nobody.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import django

django.setup()

import numpy as np  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from likvard.rulebook import municipalities, rule  # noqa: E402
from likvard.site.cases.models import (  # noqa: E402
    Case,
    CaseLink,
    Document,
    DocumentVersion,
    Issued,
    IssuedHappening,
    IssuedPoint,
    Series,
)
from likvard.site.newsroom import composing, search  # noqa: E402
from likvard.site.newsroom.models import Address, Publication, Tag, Version  # noqa: E402
from likvard.site.newsroom.rules import TAGS, folded  # noqa: E402
from likvard.site.people.models import Organiser, Unit, User  # noqa: E402
from likvard.site.writing.text import Bullets, Heading, Paragraph, Run, Written, as_data  # noqa: E402

SEED = 2013
FIRST, LAST = date(2008, 1, 2), date(2026, 6, 30)
UNITS, INDEPENDENT = 6_400, 1_050
BATCH = 2_000
PEOPLE = ("registrator", "andra-lasare")

HEADS = (
    "Ek",
    "Björk",
    "Sjö",
    "Berg",
    "Lind",
    "Ås",
    "Kvarn",
    "Häst",
    "Älv",
    "Gran",
    "Lärk",
    "Sten",
    "Vik",
    "Ton",
    "Fager",
    "Nor",
    "Söder",
    "Öst",
    "Väst",
    "Hammar",
)
TAILS = (
    "backa",
    "lunda",
    "holm",
    "dal",
    "näs",
    "torp",
    "vik",
    "ås",
    "fors",
    "hult",
    "stad",
    "mo",
    "ryd",
    "by",
    "sätra",
)
AREAS = ("unit.teaching", "unit.support", "unit.grading", "unit.safety", "unit.conditions", "unit.steering")
ORGANISER_AREAS = ("organiser.conditions", "organiser.development")
SEEN = (
    "Vid besöket framkom i samtal med elever och lärare att arbetet skiljer sig mellan årskurserna.",
    "Av utredningen framgår att rektorn inte har följt upp hur rutinerna tillämpas i undervisningen.",
    "Elevhälsans personal beskriver att ärenden blir liggande när flera elever behöver stöd samtidigt.",
    "I intervjuer uppger lärare att de saknar tid för att planera extra anpassningar tillsammans.",
    "Av dokumentationen går det inte att se vilka åtgärder som har beslutats eller när de ska följas upp.",
    "Eleverna uppger att det ofta är stökigt på lektionerna och att de vuxna agerar på olika sätt.",
    "Huvudmannen har inte analyserat skillnaderna i resultat mellan skolenheterna.",
    "Modersmålsundervisningen följs inte upp av rektorn på elevernas hemskola.",
    "Signaler om kränkande behandling når inte huvudmannen skyndsamt.",
    "Undervisningen ger inte alla elever den ledning och stimulans som de behöver för att nå målen.",
    "Frånvaron utreds inte skyndsamt, och vårdnadshavare får inte alltid information samma dag.",
    "Resurserna fördelas på samma sätt år efter år, utan att behoven på varje skola har kartlagts.",
    "Skolbiblioteket är inte bemannat och används sällan i undervisningen.",
    "Studiehandledning på modersmålet ges inte i den omfattning som eleverna har rätt till.",
    "Rektorn har delegerat beslut om åtgärdsprogram på ett sätt som bestämmelserna inte medger.",
    "Betygen sätts utan att lärarna har ett tillräckligt underlag i alla ämnen.",
)
JUDGED = (
    "Skolinspektionen bedömer att detta inte uppfyller författningarnas krav.",
    "Bristen har funnits under en längre tid och berör elever i flera årskurser.",
    "Huvudmannen har under utredningen redovisat åtgärder, men det går ännu inte att se vilken effekt de har haft.",
    "Rektorn behöver tillsammans med personalen se till att stödet sätts in utan dröjsmål.",
    "Det är huvudmannen som ansvarar för att utbildningen genomförs i enlighet med bestämmelserna.",
)
DONE = (
    "Skolinspektionen bedömer att huvudmannen har avhjälpt bristen. Elever och lärare beskriver samma förändring.",
    "Besöket visar att rutinerna används och att stödet följs upp varje månad.",
)


@dataclass(frozen=True)
class Where:
    """Everybody and everything that the cases are about."""

    units: Sequence[Unit]
    organisers: dict[str, Organiser]
    registrar: User
    reader: User
    tags: dict[str, Tag]


def made(decisions: int, cases: int) -> None:
    """Fill the database. One that was interrupted is filled on from where it stopped, by whole batches, with the same register."""
    where = _places(np.random.default_rng(SEED)) if not Unit.objects.exists() else _known_places()
    days = _days(cases)
    size = BATCH * (cases // decisions)
    for first in range(Case.objects.count(), cases, size):
        random = np.random.default_rng([SEED, first])
        last = min(first + size, cases)
        with transaction.atomic():
            kept = Case.objects.bulk_create(_cases(random, where, days[first:last]), batch_size=BATCH)
            # Spread evenly over the cases, and as many as were asked for.
            _publish(random, where, [case for n, case in enumerate(kept, first) if n * decisions % cases < decisions])
    _series()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("analyze")


def _days(cases: int) -> list[tuple[date, int]]:
    """The day of each case, and its number of the year."""
    span = (LAST - FIRST).days
    given: Counter[int] = Counter()
    found = []
    for n in range(cases):
        day = FIRST + timedelta(days=n * span // cases)
        given[day.year] += 1
        found.append((day, given[day.year]))
    return found


def _name(random: np.random.Generator) -> str:
    return HEADS[random.integers(len(HEADS))] + TAILS[random.integers(len(TAILS))]


def _places(random: np.random.Generator) -> Where:
    """Municipalities under invented names, independent organisers, and units that are spread among them as in the country."""
    codes = list(municipalities())
    municipal = [
        Organiser(number=f"2129{n:06d}", name=f"{_name(random)}s kommun {n}", kind="municipal", municipality_code=code)
        for n, code in enumerate(codes)
    ]
    independent = [
        Organiser(number=f"5599{n:06d}", name=f"{_name(random)} skolor {n} AB", kind="independent")
        for n in range(INDEPENDENT)
    ]
    Organiser.objects.bulk_create(municipal + independent)
    sizes = random.zipf(1.6, UNITS) % len(municipal)
    units = []
    for n in range(UNITS):
        owner = independent[n % INDEPENDENT] if n % 5 == 0 else municipal[sizes[n]]
        code = owner.municipality_code or codes[n % len(codes)]
        units.append(Unit(code=f"7{n:07d}", name=f"{_name(random)}skolan {n}", organiser=owner, municipality_code=code))
        units[-1].forms = ("GR",) if n % 4 else ("GR", "FKLASS", "FTH")
    Unit.objects.bulk_create(units, batch_size=BATCH)
    for name in PEOPLE:
        User.objects.create_user(f"{name}@example.org", name=name)
    names = sorted({name for names in TAGS.values() for name in names})
    Tag.objects.bulk_create(Tag(name=name, slug=folded(name)) for name in names)
    return _known_places()


def _known_places() -> Where:
    people = [User.objects.get(name=name) for name in PEOPLE]
    organisers = {one.number: one for one in Organiser.objects.all()}
    return Where(list(Unit.objects.order_by("code")), organisers, *people, {tag.name: tag for tag in Tag.objects.all()})


def _cases(random: np.random.Generator, where: Where, days: Sequence[tuple[date, int]]) -> Iterator[Case]:
    """Cases in the order of their days; two years' are open, the others closed."""
    for day, number in days:
        unit = where.units[random.integers(len(where.units))]
        owner = where.organisers[unit.organiser_id or ""]
        of_organiser = random.random() < 0.15
        opened = datetime.combine(day, time(8), UTC)
        is_closed = day < date(2025, 1, 1)
        closed = {
            "closed_at": opened + timedelta(days=int(random.integers(40, 400))),
            "closed_by": where.registrar,
            "closing_reason": "Handläggningen är avslutad.",
        }
        yield Case(
            kind_code="supervision", series="SYN", year=day.year, number=number,
            title=f"Tillsyn av {owner.name if of_organiser else unit.name}", organiser=owner,
            unit=None if of_organiser else unit, state_code="closed" if is_closed else "drafting", state_since=opened,
            opened_at=opened, opened_by=where.registrar, **(closed if is_closed else {}),
        )  # fmt: skip


def _series() -> None:
    """The last number given in each year, so that the site goes on from there."""
    last: dict[int, int] = {}
    for year, number in Case.objects.values_list("year", "number"):
        last[year] = max(last.get(year, 0), number)
    Series.objects.bulk_create(Series(series="SYN", year=year, last=number) for year, number in last.items())


def _publish(random: np.random.Generator, where: Where, cases: Sequence[Case]) -> None:
    """A decision for each of the cases, published with its texts, points, happenings, address, tags and search words."""
    by = where.registrar
    days = [case.opened_at.date() + timedelta(days=int(random.integers(20, 90))) for case in cases]
    areas = [_areas(random, case) for case in cases]
    texts = [_written(random, case, day, some) for case, day, some in zip(cases, days, areas, strict=True)]
    papers = Document.objects.bulk_create(Document(title=t.title, dated=d) for t, d in zip(texts, days, strict=True))
    sums = [hashlib.sha256(str(paper.pk).encode()).hexdigest() for paper in papers]
    at = [datetime.combine(day, time(9), UTC) for day in days]
    DocumentVersion.objects.bulk_create(
        DocumentVersion(document=paper, number=1, sha256=sha, size=80_000, media_type="application/pdf",
                        filename="beslut.pdf", uploaded_at=when, uploaded_by=by, scan="clean")
        for paper, sha, when in zip(papers, sums, at, strict=True)
    )  # fmt: skip
    CaseLink.objects.bulk_create(
        CaseLink(case=case, type="own", document=paper, made_at=when, made_by=by)
        for case, paper, when in zip(cases, papers, at, strict=True)
    )
    contents = [
        _content(case, day, text, some) for case, day, text, some in zip(cases, days, texts, areas, strict=True)
    ]
    issued = Issued.objects.bulk_create(
        Issued(case=case, kind="decision", number=1, title=text.title, about="planned", level="unit" if case.unit else
               "organiser", dated=day, signed_by="En enhetschef", content=content, document=paper, sha256=sha,
               issued_at=when, issued_by=by)
        for case, day, text, content, paper, sha, when in zip(cases, days, texts, contents, papers, sums, at, strict=True)
    )  # fmt: skip
    points = IssuedPoint.objects.bulk_create(
        point for one, some in zip(issued, areas, strict=True) for point in _points(random, one, some)
    )
    IssuedHappening.objects.bulk_create(_happenings(random, points, by))
    shown = Publication.objects.bulk_create(_publication(one, when, by) for one, when in zip(issued, at, strict=True))
    Version.objects.bulk_create(
        Version(publication=one, number=1, title=one.title, content=content, at=one.published_at, prepared_by=by,
                read_by=where.reader)
        for one, content in zip(shown, contents, strict=True)
    )  # fmt: skip
    Address.objects.bulk_create(Address(slug=one.slug, publication=one, since=one.published_at) for one in shown)
    through = Publication.tags.through
    through.objects.bulk_create(
        through(publication=one, tag=where.tags[name])
        for one, some in zip(shown, areas, strict=True)
        for name in sorted({name for area in some for name in TAGS[area]})
    )
    search.put_many(
        (one.pk, *composing.indexed(one, one.title, {"text": text}, ())) for one, text in zip(shown, texts, strict=True)
    )


def _areas(random: np.random.Generator, case: Case) -> tuple[str, ...]:
    known = AREAS if case.unit else ORGANISER_AREAS
    number = 1 + int(random.integers(min(4, len(known))))
    return tuple(known[n] for n in sorted(random.choice(len(known), number, replace=False)))


def _pick(random: np.random.Generator, texts: Sequence[str], number: int) -> str:
    return " ".join(texts[n] for n in random.choice(len(texts), number, replace=False))


def _written(random: np.random.Generator, case: Case, day: date, areas: Sequence[str]) -> Written:
    """A decision of some 600 words: what is decided, and the reasons area by area."""
    owner, place = str(case.organiser), str(case.unit or case.organiser)
    until = day + timedelta(days=120)
    blocks: list[Any] = [Heading(2, "Skolinspektionens beslut")]
    for area in areas:
        blocks += [
            Heading(3, rule(f"assessment_areas:{area}", max(day, date(2011, 7, 1))).value.name.sv),
            Paragraph((Run(f"Skolinspektionen förelägger med stöd av 26 kap. 10 § skollagen {owner} att senast den {until} "
                           f"vidta åtgärder så att"),)),
            Bullets(((Run("elevers behov av särskilt stöd skyndsamt utreds (3 kap. 7 § skollagen), och"),),
                     (Run(f"arbetet i {place} följs upp och dokumenteras (4 kap. 6 § skollagen)."),))),
        ]  # fmt: skip
    blocks.append(Heading(2, "Skäl för beslutet"))
    for area in areas:
        blocks += [
            Heading(3, rule(f"assessment_areas:{area}", max(day, date(2011, 7, 1))).value.name.sv),
            Paragraph((Run("Rättslig reglering. ", strong=True), Run("Barn och elever ska ges den ledning och stimulans som de "
                           "behöver i sitt lärande och sin personliga utveckling (3 kap. 2 § skollagen)."))),
            Paragraph((Run(_pick(random, SEEN, 5)),)),
            Paragraph((Run(_pick(random, JUDGED, 3)),)),
        ]  # fmt: skip
    blocks += [
        Heading(2, "Uppföljning"),
        Paragraph((Run(f"{owner} ska senast den {until} redovisa vidtagna åtgärder till Skolinspektionen."),)),
    ]
    return Written(
        title=f"Beslut för {place} efter planerad tillsyn", kicker="Beslut", language="sv", register_number=case.dnr,
        dated=day, authority="Skolinspektionen", addressee=(owner,), blocks=tuple(blocks),
        signatures=(("Beslutsfattare", "En enhetschef"),), notice="SYNTETISKT – EJ ETT MYNDIGHETSBESLUT",
    )  # fmt: skip


def _content(case: Case, day: date, text: Written, areas: Sequence[str]) -> dict[str, Any]:
    plain = Written(
        title="Kort och enkelt", kicker="", language="sv", register_number=case.dnr, dated=day, authority="Skolinspektionen",
        addressee=(), blocks=(Paragraph((Run(f"Skolinspektionen såg brister på {len(areas)} områden som ska åtgärdas."),)),),
    )  # fmt: skip
    owner = case.organiser
    facts = {
        "schema": 1, "register_number": case.dnr, "type": "planned", "level": "unit", "forms": ["GR"], "synthetic": True,
        "organiser": {"number": owner.number, "name": owner.name, "kind": owner.kind} if owner else None,
        "unit": {"code": case.unit.code, "name": case.unit.name} if case.unit else None,
        "decided_on": day.isoformat(), "report_due": (day + timedelta(days=120)).isoformat(),
        "appeal": {"can": False, "until": None}, "points": [],
    }  # fmt: skip
    return {"text": as_data(text), "plain": as_data(plain), "facts": facts}


def _points(random: np.random.Generator, one: Issued, areas: Sequence[str]) -> Iterator[IssuedPoint]:
    old = one.dated.year < 2025
    for number, area in enumerate(areas, 1):
        state = (
            ("remedied" if random.random() < 0.8 else "ended")
            if old
            else ("open", "reported", "partly")[random.integers(3)]
        )
        yield IssuedPoint(
            issued=one, number=number, area=area, heading=area, instrument="injunction" if number == 1 else "remark",
            provisions=["skollagen 3:7"], due=one.dated + timedelta(days=120), state=state, state_since=one.dated,
        )  # fmt: skip


def _happenings(random: np.random.Generator, points: Iterable[IssuedPoint], by: User) -> Iterator[IssuedHappening]:
    for point in points:
        reported = point.issued.dated + timedelta(days=110)
        steps = [("reported", reported, "")] if point.state != "open" else []
        if point.state == "remedied":
            steps.append(("closed", reported + timedelta(days=60), DONE[random.integers(len(DONE))]))
        for what, day, text in steps:
            yield IssuedHappening(
                issued=point.issued, point=point, what=what, day=day, text=text, seen="visit" if text else "",
                at=datetime.combine(day, time(10), UTC), by=by,
            )  # fmt: skip


def _publication(one: Issued, when: datetime, by: User) -> Publication:
    case = one.case
    owner, unit = case.organiser, case.unit
    return Publication(
        issued=one, state="published", shown=True, slug=f"{folded(str(unit or owner))[:50]}-{case.year}-{case.number}-{one.dated.year}",
        title=one.title, register_number=case.dnr, kind=one.kind, about=one.about, level=one.level, organiser=owner,
        organiser_name=str(owner), unit=unit, unit_name=str(unit or ""), synthetic=True, decided_on=one.dated, version=1,
        municipality_code=unit.municipality_code if unit else owner.municipality_code if owner else "",
        published_at=when + timedelta(days=3), changed_at=when + timedelta(days=3), prepared_at=when, prepared_by=by,
    )  # fmt: skip


if __name__ == "__main__":
    made(int(sys.argv[1]), int(sys.argv[2]))
