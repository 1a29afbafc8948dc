"""The API in words, in both languages: every operation, every parameter, every member of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from likvard.terms import Words

TITLE = Words("Likvärds öppna data", "Likvärd's open data")

ABOUT = Words(
    "Allt som webbplatsen visar kan läsas härifrån, av vem som helst och utan nyckel. Det går bara att läsa. "
    "Siffror som är dolda på sidorna är dolda även här, med samma skäl.",
    "Everything that the site shows can be read from here, by anybody and without a token. It can only be read. "
    "Numbers that are hidden on the pages are hidden here too, for the same reason.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """An operation: what it gives, and what to know about it."""

    title: Words
    about: Words


OPERATIONS: Mapping[str, Said] = {
    "figures": Said(
        Words("Siffror", "Figures"),
        Words(
            "Varje siffra med osäkerhet, antal elever och källa, eller skälet till att den saknas. Välj med filtren; "
            "utan filter kommer allt, i nyckelns ordning. Bläddra med länken next tills den är null.",
            "Every figure with its interval, number of pupils and source, or the reason why it is missing. Choose with "
            "the filters; without them everything comes, in the order of the keys. Follow the link next until it is null.",
        ),
    ),
    "indicators": Said(
        Words("Alla mått", "All indicators"),
        Words(
            "Varje mått: vad det är, varför det spelar roll, hur det görs och vem som har granskat det.",
            "Every indicator: what it is, why it matters, how it is made and who has checked it.",
        ),
    ),
    "indicator": Said(
        Words("Ett mått", "One indicator"),
        Words("Ett mått efter sin kod.", "An indicator by its id."),
    ),
    "organisers": Said(
        Words("Huvudmän", "Organisers"),
        Words(
            "Kommuner, enskilda huvudmän, regioner och staten.",
            "Municipalities, independent organisers, regions, the state.",
        ),
    ),
    "organiser": Said(
        Words("En huvudman", "One organiser"),
        Words("En huvudman med sina enheter.", "An organiser with its units."),
    ),
    "units": Said(
        Words("Skolenheter", "School units"),
        Words(
            "Enheter med skolformer, årskurser, huvudman och tillstånd. Nedlagda enheter är kvar.",
            "Units with forms, grades, organiser and status. Closed units stay.",
        ),
    ),
    "unit": Said(
        Words("En skolenhet", "One school unit"),
        Words(
            "En enhet med sina namn över åren och det den fortsätter eller fortsätts av.",
            "A unit with its names over the years, and what it continues or is continued by.",
        ),
    ),
    "publications": Said(
        Words("Publiceringar", "Publications"),
        Words(
            "Den publicering som alla siffror kommer från, med underlag och källor. Efter varje inläsning görs en ny.",
            "The publication that all figures come from, with what it was made of and its sources. Each import makes a new one.",
        ),
    ),
    "symbols": Said(
        Words("Tecken", "Symbols"),
        Words(
            "Varje skäl till att en siffra saknas, med tecknet i tabellerna.",
            "Every reason why a number is missing, with the symbol in the tables.",
        ),
    ),
}
"""Every operation by its id."""

PARAMETERS: Mapping[str, Words] = {
    "measure": Words("Mått, efter kod. Får upprepas.", "Indicator, by id. May be repeated."),
    "aspect": Words(
        "Vad som sägs om måttet: observed (utfallet), expected (det väntade), difference (skillnaden), change "
        "(förändring sedan året före), gap (skillnad mellan grupper) med flera. Får upprepas.",
        "What is said of the indicator: observed, expected, difference, change (since the year before), gap (between "
        "groups) and others. May be repeated.",
    ),
    "subject": Words("Ämneskod, till exempel Ma. Får upprepas.", "Subject code, as Ma. May be repeated."),
    "group": Words(
        "Elevgrupp, till exempel all eller girls. Får upprepas.", "Group of pupils, as all or girls. May be repeated."
    ),
    "level": Words(
        "Nivå: unit, organiser, municipality eller nation. Får upprepas.",
        "Level: unit, organiser, municipality or nation. May be repeated.",
    ),
    "area": Words(
        "Enhetskod, organisationsnummer eller kommunkod; 00 är riket. Får upprepas.",
        "Unit code, organisation number or municipality code; 00 is the nation. May be repeated.",
    ),
    "organiser": Words(
        "Organisationsnummer: huvudmannen och dess enheter.", "Organisation number: the organiser and its units."
    ),
    "form": Words("Skolform, till exempel GR. Får upprepas.", "School form, as GR. May be repeated."),
    "year": Words(
        "Första kalenderåret i läsåret; kalenderår för enkäter och pengar. Får upprepas.",
        "First calendar year of the school year; calendar year for surveys and money. May be repeated.",
    ),
    "audience": Words(
        "public är öppet för alla. organiser är huvudmannens egna siffror: det kräver nyckel, och organiser eller en "
        "enda area med en enhets kod.",
        "public is open to everybody. organiser is the organiser's own figures: it needs a token, and organiser or one "
        "single area with a unit's code.",
    ),
    "limit": Words("Hur många som högst kommer på en sida.", "How many come on a page, at most."),
    "cursor": Words(
        "Var sidan börjar. Ta den ur next; den gäller tills siffrorna publiceras på nytt.",
        "Where the page begins. Take it from next; it holds until the figures are published anew.",
    ),
    "format": Words(
        "json eller csv. Utan den avgör huvudet Accept, annars json.",
        "json or csv. Without it the header Accept decides, else json.",
    ),
    "id": Words("Måttets kod.", "The indicator's id."),
    "number": Words("Organisationsnummer, tio siffror.", "Organisation number, ten digits."),
    "code": Words("Skolenhetskod, åtta siffror.", "School unit code, eight digits."),
    "kind": Words("Slag av huvudman.", "Kind of organiser."),
    "municipality": Words("Kommunkod, fyra siffror.", "Municipality code, four digits."),
    "status": Words("active, dormant, closed eller planned.", "active, dormant, closed or planned."),
}
"""Every parameter by its name."""

MEMBERS: Mapping[str, Words] = {
    "synthetic": Words("Sant om allt är påhittat.", "True where everything is invented."),
    "publication": Words("Publiceringen som siffrorna kommer från.", "The publication that the figures come from."),
    "audience": Words("För vem siffrorna är släppta.", "For whom the figures are released."),
    "access": Words("Varför du får se det, när det inte är öppet.", "Why you may see this, where it is not public."),
    "sources": Words(
        "Källor efter mått, med årgång och leveranser.", "Sources by measure, with vintage and deliveries."
    ),
    "next": Words(
        "Adressen till nästa sida; null på den sista.", "The address of the next page; null on the last one."
    ),
    "measure": Words("Måttets kod.", "The indicator's id."),
    "aspect": Words("Vad som sägs om måttet.", "What is said of the indicator."),
    "subject": Words("Ämneskod; tom när det inte gäller ett ämne.", "Subject code; empty where it is of no subject."),
    "group": Words(
        "Elevgrupp; två med bindestreck är ett gap, första minus andra.",
        "Group of pupils; two with a hyphen are a gap, the first minus the second.",
    ),
    "level": Words("Nivå.", "Level."),
    "area": Words("Platsens kod på den nivån.", "The place's code on that level."),
    "form": Words("Skolform.", "School form."),
    "year": Words(
        "År, som i filtret; null när det inte gäller ett år.", "Year, as in the filter; null where it is of no year."
    ),
    "period": Words("Året i skrift: 2023/24 för läsår.", "The year as written: 2023/24 for a school year."),
    "indicator": Words(
        "Måttet som definierar siffran, att slå upp under indicators; null när inget gör det.",
        "The indicator that defines the figure, to be looked up under indicators; null where none does.",
    ),
    "value": Words(
        "Värdet: andelar 0–1, övriga i måttets enhet. Null när det saknas; missing säger då varför.",
        "The value: shares 0–1, others in the indicator's unit. Null where it is missing; missing then says why.",
    ),
    "low": Words(
        "Osäkerhetens undre gräns; när värdet saknas det minsta det kan vara, om det får sägas.",
        "Lower end of the interval; where the value is missing the least it can be, if that may be told.",
    ),
    "high": Words("Övre gräns, på samma sätt.", "Upper end, in the same way."),
    "n": Words(
        "Antal elever (eller svar, lärare) bakom; null när det inte får sägas.",
        "Pupils (or answers, teachers) behind it; null where that may not be told.",
    ),
    "missing": Words("Varför värdet saknas, som kod; se Tecken.", "Why the value is missing, as a code; see Symbols."),
    "reason": Words("Skälet i ord.", "The reason in words."),
    "kept": Words(
        "Sant om skillnaden är säkerställd inom den uttalade andelen falska larm.",
        "True where the difference is clear of chance, within the stated share of false alarms.",
    ),
    "source": Words(
        "Källan vars regler har avgjort vad som är dolt; tom när siffran är räknad ur huvudmannens egna uppgifter.",
        "The source whose rules have decided what is hidden; empty where it was computed from the organiser's own records.",
    ),
    "kind": Words("Slag av tal.", "Kind of number."),
}
"""Every member of a figure and of its answer, by name. The columns of the CSV are the same."""


def said(id: str) -> dict[str, Any]:
    """An operation's id, title and description, as ninja takes them."""
    words = OPERATIONS[id]
    return {"operation_id": id, "summary": words.title.en, "description": words.about.en}


def about(name: str) -> str:
    """What a parameter is, in English."""
    return PARAMETERS[name].en


def member(name: str) -> str:
    """What a member of an answer is, in English."""
    return MEMBERS[name].en
