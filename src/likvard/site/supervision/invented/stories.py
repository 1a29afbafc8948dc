"""The texts of the invented inspections. Nothing in them exists; the phrases follow how decisions are usually written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """A finding: where, on which provisions, with which instrument, what was seen, how it is judged, what must be done."""

    area: str
    instrument: str
    provisions: tuple[str, ...]
    observed: str
    assessment: str
    measures: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the organiser answers to a finding, and the evidence with it: kind, title, what it shows."""

    measure: str
    effect: str
    responsible: str
    kind: str
    title: str
    shows: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How the Inspectorate judges a finding after the answer; with a public reason it is closed."""

    outcome: str
    reasons: str
    missing: str = ""
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An inspection from its risk to its decision. `days` is how many days before today it was opened."""

    type: str
    level: str
    days: int
    risk: str
    rationale: str
    lowered_when: str
    seen: tuple[tuple[str, str, str, str], ...]  # area, how, from whom, what
    background: str
    in_short: str
    findings: tuple[Told, ...]
    answers: tuple[Answered, ...] = ()
    judged: tuple[Judged, ...] = ()


ORGANISER = Story(
    type="planned",
    level="organiser",
    days=200,
    risk="high",
    rationale="Skillnaderna mellan kommunens skolor är stora, och kvalitetsarbetet omfattar inte alla skolformer.",
    lowered_when="Alla skolformer följs upp, och anmälningar når huvudmannen samma dag två månader i rad.",
    seen=(
        ("organiser.development", "interview", "skolchef och kvalitetsansvariga",
         "Kvalitetsdialoger hålls med varje grundskola. Anpassad grundskola och anpassad gymnasieskola ingår inte."),
        ("organiser.development", "interview", "rektorer i sex skolor",
         "Fyra av sex rektorer vet inte hur modersmålsundervisningen går för deras elever."),
        ("organiser.development", "document", "anmälningar om kränkande behandling, tre terminer",
         "Anmälningar når huvudmannen efter i median nio dagar. De längsta har tagit två månader."),
        ("organiser.conditions", "document", "beslut om resursfördelning",
         "Resurser fördelas efter en modell som räknas om varje år. Stödet till rektorer beskrivs som gott."),
    ),
    background=(
        "Tillsynen är planerad tillsyn av huvudmannen. Inspektörerna har läst huvudmannens kvalitetsrapporter, intervjuat skolchef, "
        "politiker, rektorer och elevhälsa och gått igenom anmälningar om kränkande behandling. Kommunens skolor granskas samtidigt; "
        "fristående skolor i kommunen får egna beslut."
    ),
    in_short=(
        "Kommunen vet mycket om sina skolor och pratar ofta med dem. Men särskilda skolformer glöms bort i arbetet, ingen följer upp "
        "modersmålsundervisningen, och det tar för lång tid innan kommunen får veta att en elev känner sig kränkt."
    ),
    findings=(
        Told(
            area="organiser.development", instrument="injunction", provisions=("skollagen 4:3", "skollagen 4:5"),
            observed=(
                "Huvudmannen har kvalitetsdialoger med varje grundskola och gymnasieskola. Anpassad grundskola och anpassad "
                "gymnasieskola ingår varken i dialogerna eller i kvalitetsrapporten. Skolchefen bekräftar det vid intervjun."
            ),
            assessment=(
                "Huvudmannen ska systematiskt och kontinuerligt planera, följa upp och utveckla utbildningen i alla sina skolformer. "
                "När två skolformer saknas i uppföljningen kan huvudmannen inte veta om eleverna där får det de har rätt till."
            ),
            measures=(
                "uppföljning, analys och utveckling omfattar anpassad grundskola och anpassad gymnasieskola",
                "resultatet av uppföljningen dokumenteras för varje enhet",
            ),
        ),
        Told(
            area="organiser.development", instrument="injunction", provisions=("skollagen 10:7", "skollagen 4:3"),
            observed=(
                "Modersmålsundervisningen ordnas av en central enhet. Av sex intervjuade rektorer har två fått veta hur det går för "
                "eleverna på deras egen skola."
            ),
            assessment="Varje rektor ansvarar för att utbildningen på enheten följs upp. Det gäller också när en annan enhet undervisar.",
            measures=("varje rektor följer upp modersmålsundervisningen för sin enhets elever",),
        ),
        Told(
            area="organiser.development", instrument="injunction", provisions=("skollagen 6:10",),
            observed=(
                "Av 214 anmälningar om kränkande behandling under tre terminer har 61 nått huvudmannen samma dag. Mediantiden är nio "
                "dagar. I ett ärende på Hasselbackens enhet i årskurs 5 dröjde anmälan i nio veckor."
            ),
            assessment="Uppgifter om kränkande behandling ska utan dröjsmål nå huvudmannen. Så är det inte i dag.",
            measures=(
                "de ansvariga snabbt får veta när skolor har signaler om kränkande behandling",
                "tiden från anmälan till huvudman följs upp varje månad",
            ),
        ),
    ),
    answers=(
        Answered(
            "Båda skolformerna ingår i dialogerna från september. Matrisen över enheter, skolformer och steg är ny.",
            "Alla 4 enheter med anpassad skola följs upp i samma steg som övriga, varje termin.", "kvalitetschefen", "result",
            "Uppföljning av anpassad grundskola och gymnasieskola, höstterminen",
            "Resultat, trygghet och stöd för varje enhet, med analys. Fyra av fyra enheter är med.",
        ),
        Answered(
            "Varje rektor får en lista över sina elever och ett samtal med modersmålsenheten två gånger per termin.",
            "Alla rektorer kan redovisa hur det går för eleverna.", "chefen för modersmålsenheten", "record",
            "Rektorernas uppföljningar, oktober", "Uppföljning från 27 av 28 rektorer, med datum och elevantal.",
        ),
        Answered(
            "Anmälan görs i ett gemensamt system. Rektor och huvudman får den samtidigt.",
            "Minst 95 procent når huvudmannen samma dag.", "skolchefen", "plan", "Rutin för anmälningar",
            "Hur anmälningar ska gå. Systemet har varit i drift i två veckor.",
        ),
    ),
    judged=(
        Judged(
            "remedied", "Uppföljningen är gjord och omfattar båda skolformerna.",
            closing=(
                "Bristen är avhjälpt: huvudmannen har följt upp alla fyra enheter med anpassad grundskola och anpassad gymnasieskola, "
                "analyserat resultaten och beslutat om åtgärder. Vi har läst uppföljningen för varje enhet."
            ),
        ),
        Judged(
            "remedied", "Nästan alla rektorer följer upp, och den som återstår har fått stöd.",
            closing=(
                "Bristen är avhjälpt: 27 av 28 rektorer har visat hur modersmålsundervisningen går för deras elever, och den sista gör "
                "det före terminens slut. Vi har läst uppföljningarna."
            ),
        ),
        Judged(
            "remains", "En rutin är beslutad, men inget resultat visar att anmälningarna kommer fram i tid.",
            missing="Visa för tre månader i rad hur lång tid anmälningarna har tagit.",
        ),
    ),
)  # fmt: skip

SUPPORT = Told(
    area="unit.support", instrument="injunction", provisions=("skollagen 3:7", "skollagen 3:9"),
    observed=(
        "Vid besöket hade 14 elever väntat mer än en månad på att behovet av särskilt stöd skulle utredas. Mediantiden var 47 dagar. "
        "För tre elever fanns ingen utredning fast vårdnadshavare och lärare hade begärt den i höstas."
    ),
    assessment="Behovet av särskilt stöd ska utredas skyndsamt när det kan befaras att en elev inte når kriterierna. Det görs inte.",
    measures=("elevers behov av särskilt stöd utreds skyndsamt", "elever som har rätt till särskilt stöd får det"),
)  # fmt: skip

SAFETY = Told(
    area="unit.safety", instrument="remark", provisions=("skollagen 6:10",),
    observed="Personalen anmäler till rektor. Av 41 anmälningar fördes sex vidare till huvudmannen först efter en vecka.",
    assessment="Rektor ska anmäla vidare till huvudmannen. Överträdelsen är mindre allvarlig: de flesta anmälningar går fram i tid.",
)  # fmt: skip

GRADING = Told(
    area="unit.grading", instrument="refrain", provisions=("skollagen 3:13-21",),
    observed="Två lärare utan legitimation satte betyg i höstas. I mars hade båda fått legitimation.",
    assessment="Betyg ska sättas av legitimerad lärare. Huvudmannen har vidtagit nödvändig rättelse före beslutet.",
    more={"refrain": "rectified"},
)  # fmt: skip

UNIT_SEEN = (
    ("unit.support", "document", "elevhälsans ärendelista", "14 elever har väntat mer än en månad på utredning."),
    ("unit.safety", "interview", "elever i årskurs 5 och 8", "De flesta är trygga. Korridoren vid matsalen upplevs som orolig."),
    ("unit.grading", "interview", "lärare i årskurs 7–9", "Lärarna sambedömer nationella prov."),
    ("unit.teaching", "lesson", "åtta lektioner", "Lektionerna börjar i tid och har tydliga mål."),
    ("unit.conditions", "interview", "elevhälsan", "Skolsköterska och kurator finns hela veckan, psykolog en dag."),
    ("unit.steering", "interview", "rektor", "Rektor följer upp resultaten två gånger per termin med ämneslagen."),
)  # fmt: skip

UNIT = Story(
    type="planned", level="unit", days=195, risk="high",
    rationale="Elever väntar på utredning av stöd. Väntetiden är längre än huvudmannens egen gräns.",
    lowered_when="Högst 15 dagar två månader i rad, och inget öppet beslut om stöd äldre än en månad.",
    seen=UNIT_SEEN,
    background="Inspektörerna besökte skolan två dagar, såg åtta lektioner och intervjuade elever, lärare, elevhälsa och rektor.",
    in_short="Elever som behöver extra stöd får vänta för länge. Skolan berättar inte alltid för kommunen när någon har blivit kränkt.",
    findings=(SUPPORT, SAFETY, GRADING),
    answers=(
        Answered(
            "En specialpedagog till och en ny gång för anmälan. Varje måndag går elevhälsan igenom vilka som väntar.",
            "Högst 15 dagar i median i slutet av terminen.", "rektor", "record", "Väntetider, mars till oktober",
            "31 ärenden: från 47 till 22 dagar i median.",
        ),
        Answered(
            "Rektor och huvudman får anmälan samtidigt i det nya systemet.", "Alla anmälningar når huvudmannen samma dag.",
            "rektor", "result", "Anmälningar sedan augusti", "38 av 41 anmälningar nådde huvudmannen samma dag.",
        ),
    ),
    judged=(
        Judged(
            "partly", "Väntetiden har mer än halverats men är fortfarande längre än huvudmannens egen gräns.",
            missing="Visa att väntetiden är högst 15 dagar i median under en månad.",
        ),
    ),
)  # fmt: skip

INDEPENDENT_SEEN = UNIT_SEEN
NOTHING_FOUND = Story(
    type="planned", level="unit", days=220, risk="low", rationale="Resultat och trygghet ligger över det väntade sedan tre år.",
    lowered_when="", seen=UNIT_SEEN,
    background="Inspektörerna besökte skolan en dag och intervjuade elever, lärare och rektor.",
    in_short="Vi hittade inga brister i det vi granskade.",
    findings=(),
)  # fmt: skip

INDEPENDENT = Story(
    type="planned", level="unit", days=215, risk="medium", rationale="Många elever är frånvarande, och skolan är ny.",
    lowered_when="Skolan visar att eleverna får det stöd de har rätt till.", seen=UNIT_SEEN,
    background="Inspektörerna besökte skolan två dagar och intervjuade elever, lärare, elevhälsa och rektor.",
    in_short="Elever som behöver extra stöd får vänta för länge.",
    findings=(SUPPORT,),
)  # fmt: skip
