"""Why a file is not read: said in words, so that nothing is left in silence."""

from __future__ import annotations

import re
from pathlib import Path

from likvard.terms import Words

_SPREADSHEET = Words(
    "En arbetsbok som ingen läsare känner igen. Mallen för egna uppgifter skrivs med likvard template.",
    "A workbook that no reader recognises. The template for own data is written with likvard template.",
)
_TABLE = Words(
    "En tabell som ingen läsare känner igen på namn eller rubrikrad. Vad som kan läsas står i handbokens kapitel om format.",
    "A table that no reader recognises by name or header row. The manual's chapter on formats says what can be read.",
)

# The first pattern that matches the path's end (folder/name, lower case) gives the reason.
_REASONS: tuple[tuple[str, Words], ...] = (
    (
        r"(^|/)(readme|note|license|licence|copying|changelog|läs[-_ ]?mig|(likvard-)?f[oö]rklaring)[^/]*$",
        Words("Text om filerna, inga uppgifter.", "Text about the files, no data."),
    ),
    (
        r"(^|/)ss12000/|\.schema\.json$|openapi[^/]*\.(ya?ml|json)$",
        Words(
            "En specifikation av ett gränssnitt (SS 12000), inga uppgifter.",
            "The specification of an interface (SS 12000), no data.",
        ),
    ),
    (
        r"(^|/)statistics/|_reference\.json$",
        Words(
            "Data för undervisning och prov av statistiken, inte svenska skoluppgifter. Använd likvard fit.",
            "Data for teaching and for tests of the statistics, not Swedish school data. Use likvard fit.",
        ),
    ),
    (
        r"\.(pdf|docx?|odt|pptx?|md|html?|rtf)$",
        Words(
            "Ett dokument. Läs in den fil med uppgifter som det bygger på.",
            "A document. Import the data file behind it.",
        ),
    ),
    (
        r"\.(zip|gz|7z|tar|rar|bz2|xz)$",
        Words("Ett arkiv. Packa upp det och läs in filerna.", "An archive. Unpack it and import the files."),
    ),
    (
        r"\.(xls|xlsb|ods)$",
        Words(
            "Ett äldre eller annat kalkylformat. Spara som XLSX.",
            "An older or other spreadsheet format. Save it as XLSX.",
        ),
    ),
    (r"\.xlsm$", Words("En arbetsbok med makron. Spara som XLSX.", "A workbook with macros. Save it as XLSX.")),
    (r"\.xlsx$", _SPREADSHEET),
    (r"\.(csv|tsv|txt)$", _TABLE),
    (
        r"\.parquet$",
        Words("Parquet som inte är Koladas tabeller.", "Parquet that is not Kolada's tables."),
    ),
    (
        r"\.json$",
        Words(
            "JSON som inte är ett svar från Skolverkets öppna api eller Kolada, och inga kommungränser.",
            "JSON that is no answer of Skolverket's open API or Kolada, and no municipality outlines.",
        ),
    ),
    (
        r"\.(png|jpe?g|gif|svg|webp)$",
        Words("En bild.", "A picture."),
    ),
)
_OTHERWISE = Words("Ingen läsare känner igen filen.", "No reader recognises the file.")


def why_left(path: Path) -> Words:
    """Why no reader takes the file, judged by its name and folder."""
    end = "/".join(path.parts[-2:]).lower()
    return next((reason for pattern, reason in _REASONS if re.search(pattern, end)), _OTHERWISE)
