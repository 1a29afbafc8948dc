"""The tables of open data: what each column means. Pure."""

from __future__ import annotations

from likvard.flow.tables import Column, Kind, Table
from likvard.terms import Words

LICENCE = "CC0-1.0"
ENDINGS = ("csv", "json", "parquet")

_NUMBER = Column(
    "register_number",
    Kind.TEXT,
    Words("Ärendets diarienummer. Tillsammans med issued_number pekar det ut ett beslut.", "The matter's register number. With issued_number it names one decision."),
)  # fmt: skip
_ISSUED = Column(
    "issued_number",
    Kind.WHOLE,
    Words("Vilket i ordningen av ärendets beslut, från 1.", "Which of the matter's decisions, from 1."),
)


def _text(name: str, sv: str, en: str) -> Column:
    return Column(name, Kind.TEXT, Words(sv, en))


def _whole(name: str, sv: str, en: str) -> Column:
    return Column(name, Kind.WHOLE, Words(sv, en))


def _day(name: str, sv: str, en: str) -> Column:
    return Column(name, Kind.DAY, Words(sv, en))


def _moment(name: str, sv: str, en: str) -> Column:
    return Column(name, Kind.MOMENT, Words(sv, en))


def _yes(name: str, sv: str, en: str) -> Column:
    return Column(name, Kind.YES_NO, Words(sv, en))


def _texts(name: str, sv: str, en: str) -> Column:
    return Column(name, Kind.TEXTS, Words(sv, en))


DECISIONS = Table(
    "beslut",
    Words("Beslut", "Decisions"),
    Words("Varje publicerat beslut, en rad för varje.", "Every published decision, a row for each."),
    (
        _NUMBER, _ISSUED,
        _text("address", "Beslutets adress på webben. Den leder rätt även om den ändras.", "The decision's address on the web. It leads on even if it changes."),
        _text("title", "Rubrik.", "Title."),
        _text("kind", "decision, follow_up eller report.", "decision, follow_up or report."),
        _text("type", "Typ av granskning, regelbokens kod.", "Type of inspection, the rulebook's code."),
        _text("type_name_sv", "Typens namn på svenska den dag beslutet fattades.", "The type's name in Swedish on the day of the decision."),
        _text("type_name_en", "Typens namn på engelska.", "The type's name in English."),
        _text("level", "Vad beslutet gäller: organiser, unit …", "What the decision is about: organiser, unit …"),
        _text("organiser_number", "Huvudmannens organisationsnummer, tio siffror.", "The organiser's organisation number, ten digits."),
        _text("organiser_name", "Huvudmannens namn när beslutet fattades.", "The organiser's name at the time."),
        _text("organiser_kind", "municipal, independent, regional eller state.", "municipal, independent, regional or state."),
        _text("unit_code", "Skolenhetskod, åtta siffror; tomt för beslut om huvudmannen.", "Code of the school unit, eight digits; empty for an organiser."),
        _text("unit_name", "Skolans namn när beslutet fattades.", "The school's name at the time."),
        _text("municipality_code", "Kommunkod, fyra siffror.", "Code of the municipality, four digits."),
        _texts("school_forms", "Skolformer, koder.", "School forms, codes."),
        _day("decided_on", "Beslutsdag.", "Day of the decision."),
        _day("report_due", "Dag då huvudmannen senast ska redovisa.", "Day by which the organiser reports back."),
        _yes("may_be_appealed", "Om beslutet kan överklagas.", "Whether the decision may be appealed."),
        _whole("points", "Antal punkter i beslutet.", "Number of points in the decision."),
        _whole("points_left", "Hur många av dem som inte är klara.", "How many of them are not settled."),
        _texts("areas", "Bedömningsområden, regelbokens koder.", "Assessment areas, the rulebook's codes."),
        _texts("instruments", "Ingripanden, regelbokens koder.", "Instruments, the rulebook's codes."),
        _texts("tags", "Ämnesord.", "Tags."),
        _moment("published_at", "När beslutet först publicerades.", "When it was first published."),
        _moment("changed_at", "När texten senast ändrades.", "When its text was last changed."),
        _whole("version", "Publicerad version; från 2 är det en rättelse.", "Published version; from 2 on it is a correction."),
        _whole("masked_passages", "Antal ställen i beslutet som är maskerade.", "Number of passages of the decision that are masked."),
        _yes("invented", "Sant om beslutet är påhittat (demonstration).", "True if the decision is invented (a demonstration)."),
    ),
)  # fmt: skip

POINTS = Table(
    "punkter",
    Words("Punkter i besluten", "Points of the decisions"),
    Words(
        "Varje brist eller bedömning i ett beslut och hur den står nu.",
        "Every finding or judgement of a decision and how it stands now.",
    ),
    (
        _NUMBER, _ISSUED,
        _whole("point", "Punktens nummer i beslutet.", "The point's number in the decision."),
        _text("area", "Bedömningsområde, regelbokens kod.", "Assessment area, the rulebook's code."),
        _text("area_name_sv", "Områdets namn på svenska den dag beslutet fattades.", "The area's name in Swedish on the day of the decision."),
        _text("area_name_en", "Områdets namn på engelska.", "The area's name in English."),
        _text("instrument", "Ingripande, regelbokens kod; tomt i en kvalitetsgranskning.", "Instrument, the rulebook's code; empty in a quality audit."),
        _text("instrument_name_sv", "Ingripandets namn på svenska.", "The instrument's name in Swedish."),
        _text("instrument_name_en", "Ingripandets namn på engelska.", "The instrument's name in English."),
        _text("judgement", "Bedömning i en kvalitetsgranskning.", "Judgement of a quality audit."),
        _texts("provisions", "Bestämmelser, regelbokens koder.", "Provisions, the rulebook's codes."),
        _yes("serious", "Om bristen är ett allvarligt missförhållande.", "Whether it is a serious irregularity."),
        _whole("fine", "Vite i kronor.", "Fine in crowns."),
        _day("due", "Dag då bristen senast ska vara avhjälpt.", "Day by which it is to be remedied."),
        _text("state", "open, reported, partly, remains, remedied eller ended.", "open, reported, partly, remains, remedied or ended."),
        _day("state_since", "Sedan vilken dag den står så.", "Since which day it stands so."),
    ),
)  # fmt: skip

HAPPENINGS = Table(
    "handelser",
    Words("Vad som hänt sedan", "What has happened since"),
    Words(
        "Redovisningar, uppföljningar, avslut och annat som hänt efter besluten.",
        "Report-backs, follow-ups, closings and whatever else has happened after the decisions.",
    ),
    (
        _NUMBER, _ISSUED,
        _whole("point", "Punkten det gäller; tomt om det gäller hela beslutet.", "The point it is about; empty for the whole decision."),
        _text("what", "reported, extended, visited, assessed, closed, reopened, escalated, lifted, appealed, force eller corrected.", "reported, extended, visited, assessed, closed, reopened, escalated, lifted, appealed, force or corrected."),
        _day("day", "Dag.", "Day."),
        _text("seen", "Hur det har setts: visit eller papers.", "How it was seen: visit or papers."),
        _text("text", "Vad som skrevs, när det har lästs och släppts; maskerade ställen saknas.", "What was written, once read and released; masked passages are left out."),
    ),
)  # fmt: skip

LINKS = Table(
    "arenden-dokument",
    Words("Ärenden och dokument", "Matters and documents"),
    Words(
        "Vad som hör ihop: ett ärende kan ha flera beslut, och ett beslut kan nämna flera ärenden.",
        "What hangs together: a matter may have several decisions, and a decision may mention several matters.",
    ),
    (
        _text("case_number", "Ärendets diarienummer.", "The matter's register number."),
        _text("link", "own: beslutet hör till ärendet. mentioned: nämns. follows: följer på.", "own: the decision belongs to the matter. mentioned: is mentioned. follows: follows on."),
        _text("document", "Beslutets adress; tomt när länken går till ett ärende.", "The decision's address; empty when the link goes to a matter."),
        _text("to_number", "Diarienumret som länken går till.", "The register number that the link goes to."),
    ),
)  # fmt: skip

TEXTS = Table(
    "texter",
    Words("Beslutens texter", "Texts of the decisions"),
    Words(
        "Hela texten i varje beslut och i dess korta version, med maskerade ställen borttagna.",
        "The whole text of every decision and of its short version, with masked passages taken out.",
    ),
    (
        _NUMBER, _ISSUED,
        _text("form", "text: beslutet. plain: kort och med enkla ord.", "text: the decision. plain: in short and in plain words."),
        _text("language", "Språk: sv eller en.", "Language: sv or en."),
        _text("text", "Texten, en rad för varje rubrik, stycke och punkt.", "The text, a line for each heading, paragraph and point."),
    ),
)  # fmt: skip

TABLES = (DECISIONS, POINTS, HAPPENINGS, LINKS, TEXTS)
BY_NAME = {table.name: table for table in TABLES}

KEYWORDS = (
    Words("skola", "school"),
    Words("tillsyn", "supervision"),
    Words("beslut", "decisions"),
    Words("Skolinspektionen", "Swedish Schools Inspectorate"),
    Words("huvudman", "school organiser"),
)
