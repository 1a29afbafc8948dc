"""The fixed words of the report's page and workbook, in both languages."""

from __future__ import annotations

from likvard.terms import Audience, Language, Words

TEXTS: dict[str, Words] = {
    "skip": Words("Hoppa till innehållet", "Skip to content"),
    "synthetic": Words("Påhittade uppgifter.", "Invented data."),
    "synthetic_text": Words(
        "Kommunerna, skolorna, eleverna och siffrorna finns inte.",
        "The municipalities, schools, pupils and figures do not exist.",
    ),
    "contents": Words("I rapporten", "In this report"),
    "show_as": Words("Visa som", "Show as"),
    "chart": Words("Diagram", "Chart"),
    "table": Words("Tabell", "Table"),
    "method": Words("Så mäter vi", "How we measure"),
    "school": Words("Skola", "School"),
    "distance": Words("Avstånd", "Distance"),
    "result": Words("Resultat", "Result"),
    "expected": Words("Väntat", "Expected"),
    "missing": Words("Vad som saknas, och varför", "What is missing, and why"),
    "methods": Words("Så har vi räknat", "How we worked it out"),
    "symbols": Words("Tecken i tabellerna", "Symbols in the tables"),
    "symbol": Words("Tecken", "Symbol"),
    "meaning": Words("Betyder", "Means"),
    "sources": Words("Källor", "Sources"),
    "source": Words("Källa", "Source"),
    "pupils_behind": Words("Bygger på", "Based on"),
    "made_by": Words(
        "Likvärd är öppen programvara. Rapporten kan göras om av vem som helst som har samma uppgifter.",
        "Likvärd is open software. Anybody with the same data can make this report again.",
    ),
    "surely_below": Words("säkert under", "clearly below"),
    "surely_above": Words("säkert över", "clearly above"),
    "uncertainty": Words("osäkerhet, 95 %", "uncertainty, 95%"),
    "expected_zero": Words("väntat", "expected"),
    "expected_band": Words("väntat", "expected"),
    "no_data": Words("ingen uppgift", "no data"),
    "gap_itself": Words("Gapet för sig", "The gap by itself"),
    "from": Words("från", "from"),
    "to": Words("till", "to"),
    "reason": Words("varför", "why"),
    "about": Words("Om rapporten", "About the report"),
    "all_values": Words("Alla värden", "All values"),
    "differs": Words("Varför skiljer sig siffran?", "Why does the figure differ?"),
    "more_method": Words("Mer om måttet", "More about the measure"),
    "download": Words("Hämta", "Download"),
    "print_all": Words("Visa allt för utskrift", "Show everything for print"),
    "order": Words("Ordna", "Order"),
    "no_list": Words("Därför finns ingen topplista", "Why there is no league table"),
    "risen": Words("har ökat sedan året före", "has risen since the year before"),
    "fallen": Words("har minskat sedan året före", "has fallen since the year before"),
    "arrows": Words("säkerställd ändring sedan året före", "change since the year before, clear of chance"),
    "not_here": Words("gäller inte här", "does not apply here"),
    "changed": Words("Vad har ändrats sedan sist?", "What has changed since last time?"),
    "now": Words("Nu", "Now"),
    "compared": Words("Vilka jämförs skolan med?", "Which schools is it compared with?"),
    "compared_group": Words("Din egen grupp", "Your own group"),
    "characteristic": Words("Kännetecken", "Characteristic"),
    "the_school": Words("Skolan", "The school"),
    "the_others": Words("De andra", "The others"),
    "see_them": Words("Se skolorna", "See the schools"),
    "own_group": Words("Gör en egen grupp", "Make a group of your own"),
}

AUDIENCES: dict[Audience, Words] = {
    Audience.PUBLIC: Words(
        "För alla. Små tal är dolda enligt reglerna för offentlig statistik.",
        "For everybody. Small numbers are hidden by the rules for public statistics.",
    ),
    Audience.ORGANISER: Words(
        "För huvudmannens eget arbete. Lägg den inte bland nämndens handlingar: de är offentliga.",
        "For the organiser's own work. Do not put it among the committee's papers: those are public.",
    ),
}

LANGUAGE_NAMES: dict[Language, str] = {Language.SV: "Svenska", Language.EN: "English"}


def texts(language: Language) -> dict[str, str]:
    """Every fixed text in one language, by name."""
    return {name: words[language] for name, words in TEXTS.items()}


def other(language: Language) -> Language:
    """The twin language."""
    return Language.EN if language is Language.SV else Language.SV
