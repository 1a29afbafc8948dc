"""The set phrases of a decision, in Swedish: decisions are written in the language of the authorities (10 § språklagen).

Own wording, after the practice of the Inspectorate. What the law lays down stands with its section.
"""

from __future__ import annotations

from collections.abc import Mapping

AUTHORITY = "Skolinspektionen"

ORDERS: Mapping[str, str] = {
    "injunction": (
        "Skolinspektionen förelägger med stöd av 26 kap. 10 § skollagen {who} att senast den {due} vidta åtgärder så att"
    ),
    "injunction_with_fine": (
        "Skolinspektionen förelägger med stöd av 26 kap. 10 och 27 §§ skollagen {who} att, vid vite om {fine} kronor, "
        "senast den {due} vidta åtgärder så att"
    ),
    "remark": (
        "Skolinspektionen tilldelar med stöd av 26 kap. 11 § skollagen {who} en anmärkning. Bristen ska vara avhjälpt "
        "senast den {due}."
    ),
    "no_action": "Inga brister har framkommit.",
    "revocation": (
        "Skolinspektionen återkallar med stöd av 26 kap. 13 § skollagen godkännandet av {who} som huvudman för {what}."
    ),
    "revocation_unsuitable": (
        "Skolinspektionen återkallar med stöd av 26 kap. 14 § skollagen godkännandet av {who} som huvudman för {what}."
    ),
    "revocation_lapsed": (
        "Skolinspektionen återkallar med stöd av 26 kap. 14 b § skollagen godkännandet av {who} som huvudman för {what}."
    ),
    "revocation_repeated": (
        "Skolinspektionen återkallar med stöd av 26 kap. 15 § skollagen godkännandet av {who} som huvudman för {what}."
    ),
    "prohibition": (
        "Skolinspektionen förbjuder med stöd av 26 kap. 16 a § skollagen {who} att tills vidare driva {what} vidare."
    ),
    "prohibition_repeated": (
        "Skolinspektionen förbjuder med stöd av 26 kap. 16 b § skollagen {who} att tills vidare driva {what} vidare."
    ),
    "rectification": (
        "Skolinspektionen beslutar med stöd av 26 kap. 17 § skollagen att staten på bekostnad av {who} ska vidta de "
        "åtgärder som behövs för att åstadkomma rättelse."
    ),
    "temporary_prohibition": (
        "Skolinspektionen förbjuder med stöd av 26 kap. 18 § skollagen {who} att till och med den {until} driva {what} "
        "vidare. Förbudet gäller omedelbart."
    ),
    "sanction_charge": "Skolinspektionen beslutar att {who} ska betala en sanktionsavgift.",
}
"""What the Inspectorate decides, by instrument. A colon-less end in `så att` is followed by the required measures."""

REFRAINS: Mapping[str, str] = {
    "minor": (
        "Skolinspektionen avstår med stöd av 26 kap. 12 § 1 skollagen från att ingripa, eftersom överträdelsen är ringa."
    ),
    "rectified": (
        "Skolinspektionen avstår med stöd av 26 kap. 12 § 2 skollagen från att ingripa, eftersom huvudmannen har "
        "vidtagit nödvändig rättelse."
    ),
    "special": (
        "Skolinspektionen avstår med stöd av 26 kap. 12 § 3 skollagen från att ingripa, eftersom det finns särskilda skäl."
    ),
    "": "Skolinspektionen avstår med stöd av 26 kap. 12 § skollagen från att ingripa.",
}

SECTIONS: Mapping[str, str] = {
    "information_order": "26 kap. 8 §",
    "injunction": "26 kap. 10 §",
    "remark": "26 kap. 11 §",
    "refrain": "26 kap. 12 §",
    "revocation": "26 kap. 13 §",
    "revocation_unsuitable": "26 kap. 14 §",
    "revocation_repeated": "26 kap. 15 §",
    "prohibition": "26 kap. 16 a §",
    "prohibition_repeated": "26 kap. 16 b §",
    "rectification": "26 kap. 17 §",
    "temporary_prohibition": "26 kap. 18 §",
}
"""The section of each instrument, as a badge gives it."""

FOLLOWED: Mapping[str, str] = {
    "open": "Huvudmannen har ännu inte redovisat vad som har gjorts.",
    "reported": "Huvudmannen har redovisat. Skolinspektionen har ännu inte bedömt redovisningen.",
    "partly": "Skolinspektionen bedömer att bristen delvis är avhjälpt. Den kvarstår delvis.",
    "remains": "Skolinspektionen bedömer att bristen kvarstår.",
    "remedied": "Skolinspektionen bedömer att huvudmannen har avhjälpt bristen.",
    "ended": "Bristen följs inte upp längre.",
}
"""How an earlier finding stands, in a decision after follow-up."""
ALL_REMEDIED = "Skolinspektionen avslutar därmed tillsynen."

MUST_REPORT = "{who} ska senast den {due} redovisa vidtagna åtgärder till Skolinspektionen."
SERIOUS = "Bristen är ett allvarligt missförhållande."
AT_ONCE = "Föreläggandet gäller omedelbart."
NO_DEFICIENCY = "Inga brister har framkommit."
BY_DAY = "Bristen ska vara avhjälpt senast den {due}."

FINE_REASON = (
    "Bristen försvårar i allvarlig mån elevernas möjligheter att nå målen för utbildningen. Föreläggandet ska därför "
    "förenas med vite (26 kap. 27 § skollagen)."
)
NO_FINE_REASON = (
    "Bristen försvårar i allvarlig mån elevernas möjligheter att nå målen för utbildningen. Föreläggandet ska då förenas "
    "med vite, om det inte finns särskilda skäl (26 kap. 27 § skollagen). Särskilda skäl finns: {reason}"
)
RECURS = (
    "Skolinspektionen fann en brist inom samma område hos samma huvudman i beslutet {number} den {day}. "
    "Bristen är alltså återkommande."
)

CAN_APPEAL = "Beslutet kan överklagas. Hur man gör står i bilagan ”Hur man överklagar”."
CAN_APPEAL_PART = (
    "Beslutet kan överklagas i den del som gäller brist {numbers}. Hur man gör står i bilagan ”Hur man överklagar”. "
    "I övrigt kan beslutet inte överklagas (28 kap. 18 § skollagen)."
)
CANNOT_APPEAL = "Beslutet kan inte överklagas (28 kap. 18 § skollagen)."

HOW_TO_APPEAL = (
    "Den som vill överklaga beslutet skriver till förvaltningsrätten men skickar överklagandet till Skolinspektionen "
    "(43 § förvaltningslagen). Skolinspektionen prövar om det har kommit in i rätt tid och lämnar det sedan till "
    "förvaltningsrätten.",
    "Överklagandet ska ha kommit in till Skolinspektionen inom tre veckor från den dag då {who} fick del av beslutet. "
    "För en part som företräder det allmänna räknas de tre veckorna från den dag då beslutet meddelades "
    "(44 § förvaltningslagen).",
)
APPEAL_SAYS = (
    "vilket beslut som överklagas, med diarienumret {number} och beslutets datum",
    "på vilket sätt beslutet ska ändras och varför",
    "namn, organisationsnummer, postadress, e-postadress och telefonnummer.",
)

FOLLOW_UP = (
    "Redovisningen lämnas för varje brist för sig. Den ska visa vad huvudmannen har gjort, vilken verkan det har fått och "
    "hur huvudmannen vet det. Skolinspektionen avslutar en brist först när det finns underlag som visar att den är avhjälpt.",
    "Om en brist inte avhjälps kan Skolinspektionen besluta om ett nytt föreläggande, förelägga vid vite eller, vid "
    "allvarliga missförhållanden, gå vidare med de ingripanden som står i 26 kap. 13–18 §§ skollagen.",
)
FOLLOW_UP_AUDIT = (
    "Redovisningen lämnas för varje utvecklingsområde för sig. Den ska visa vad huvudmannen har gjort, vilken verkan det "
    "har fått och hur huvudmannen vet det. En kvalitetsgranskning slutar inte i något ingripande (26 kap. 19–23 §§ "
    "skollagen).",
)
NOTHING_TO_FOLLOW_UP = "Beslutet föranleder ingen redovisning. Skolinspektionen avslutar ärendet."

AUDIT_JUDGES = "Skolinspektionen bedömer att verksamheten håller hög kvalitet i {step}."
AUDIT_STEPS: Mapping[int, str] = {0: "hög utsträckning", 1: "flera delar", 2: "låg utsträckning"}
TO_DEVELOP = "Utvecklingsområde: huvudmannen behöver"

DRAFT_LEAD = (
    "Det här är ett utkast. Det är inte ett beslut och kan ändras. Kontrollera att uppgifterna stämmer, och skriv vad som "
    "är fel vid det stycke som det gäller."
)

PLAIN: Mapping[str, str] = {
    "injunction": "{who} måste rätta till det senast den {due}.",
    "injunction_with_fine": (
        "{who} måste rätta till det senast den {due}. Annars kan en domstol bestämma att {who} ska betala {fine} kronor."
    ),
    "remark": "Felet är mindre allvarligt, men {who} ska rätta till det senast den {due}.",
    "refrain_minor": "Felet är litet. Skolinspektionen kräver inget mer.",
    "refrain_rectified": "{who} har redan rättat till felet. Skolinspektionen kräver inget mer.",
    "refrain_special": "Det finns särskilda skäl att inte kräva något mer.",
    "refrain_": "Skolinspektionen kräver inget mer.",
    "no_action": "Skolinspektionen hittade inget fel.",
    "temporary_prohibition": "Verksamheten får inte fortsätta före den {until}. Förbudet gäller genast.",
}
PLAIN_OTHER = "Skolinspektionen har beslutat om {name}. {about}"
PLAIN_AUDIT: Mapping[int, str] = {
    0: "Det fungerar bra.",
    1: "Flera delar fungerar bra, men något behöver bli bättre.",
    2: "Det fungerar inte tillräckligt bra. Mycket behöver bli bättre.",
}
PLAIN_NOTHING = "Skolinspektionen hittade inga fel i: {areas}."
PLAIN_REPORT = "{who} ska berätta för Skolinspektionen vad som har gjorts, senast den {due}."
PLAIN_CHECK = "Sedan kontrollerar Skolinspektionen om felen är borta. Ett löfte räcker inte: det ska synas att det har blivit bättre."
PLAIN_CLOSED = "Ärendet är avslutat."
PLAIN_APPEAL = (
    "Den som beslutet gäller kan överklaga till förvaltningsrätten inom tre veckor. Hur man gör står i beslutet."
)
PLAIN_APPEAL_PART = "Bara en del av beslutet kan överklagas: brist {numbers}. Det ska göras inom tre veckor. Hur man gör står i beslutet."
PLAIN_NO_APPEAL = "Nej. Ett sådant beslut kan inte överklagas, men man kan be Skolinspektionen att se på det igen."
