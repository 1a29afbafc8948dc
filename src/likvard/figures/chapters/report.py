"""The whole report: its questions in their order, its lead, what is missing and why, and how it was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, islice

from likvard.figures.chapters.frame import Draft, Frame, laid
from likvard.figures.figure import Explanation, Figure, Source
from likvard.figures.report import MadeFrom, Report, Section
from likvard.figures.sentences import verdict
from likvard.terms import Words

QUESTIONS: Mapping[str, Words] = {
    "results": Words("Hur går det?", "How is it going?"),
    "groups": Words("För vem?", "For whom?"),
    "safety": Words("Är det tryggt och lugnt?", "Is it safe and calm?"),
    "attendance": Words("Är eleverna här?", "Are the pupils here?"),
    "measures": Words("Vad gör vi, och hjälper det?", "What are we doing, and does it help?"),
    "open": Words("Vad är öppet?", "What is open?"),
    "schools": Words("Skolorna", "The schools"),
}
"""The six fixed questions, the same for every school, dialogue and report; and last the schools themselves."""

LEADING = (
    ("result-against-expected", "lead-expected"),
    ("spread-over-time", "lead-spread"),
    ("gap-by-sex", "lead-gap"),
    ("gap-by-education", "lead-gap"),
    ("gap-by-intake", "lead-gap"),
)
"""The figures that the report opens with, and the kind of sentence that says what each of them shows."""

UNANSWERED: Mapping[str, Words] = {
    "results": Words("Lagret saknar resultat för området.", "The lake holds no results for the area."),
    "groups": Words(
        "Betyg per skola och kön eller bakgrund finns inte bland de uppgifter som lästs in.",
        "Grades by school and sex or background are not among the data that were read in.",
    ),
    "safety": Words(
        "Skolenkäten omfattar hälften av huvudmännen varje år. Ingen omgång som gäller skolorna här är inläst.",
        "The school survey (Skolenkäten) covers half of the organisers each year. No round with the schools here "
        "has been read in.",
    ),
    "attendance": Words(
        "Frånvaro per skola publiceras inte. Den finns bara när huvudmannen lämnar sina egna uppgifter.",
        "Absence per school is not published. It is here only when the organiser delivers its own records.",
    ),
    "measures": Words(
        "Inga beslutade åtgärder är inlästa. Därför går det inte att säga om något har hjälpt.",
        "No measures decided on have been read in, so we cannot say whether anything has helped.",
    ),
    "open": Words(
        "Anmälningar, klagomål och tillsyn är inte inlästa.",
        "Reports of abuse, complaints and supervision have not been read in.",
    ),
}

METHODS = (
    Explanation(
        Words("Vad rapporten gör", "What the report does"),
        Words(
            "Den visar hur mycket skolor skiljer sig, hur mycket av det som hänger samman med vilka elever de har, "
            "hur det har ändrats, och vilka skolor som skiljer sig från det väntade. Den säger inte varför.",
            "It shows how much schools differ, how much of that goes together with which pupils they have, how it has "
            "changed, and which schools differ from what was expected. It does not say why.",
        ),
    ),
    Explanation(
        Words("Inga topplistor", "No league tables"),
        Words(
            "Skolorna står i bokstavsordning i varje bild och fil. Ingen elev bedöms.",
            "Schools stand in alphabetical order in every figure and file. No pupil is scored.",
        ),
    ),
    Explanation(
        Words("Skydd av enskilda", "Protection of individuals"),
        Words(
            "En siffra som vilar på för få elever visas inte, och inte heller en siffra som skulle avslöja en sådan. "
            "Det som källan har dolt är dolt också här.",
            "A number that rests on too few pupils is not shown, nor one that would give such a number away. "
            "What the source has hidden is hidden here too.",
        ),
    ),
    Explanation(
        Words("Osäkerhet", "Uncertainty"),
        Words(
            "Varje osäkerhet är på 95 procent. ”Säkerställd” betyder att hela osäkerheten ligger på samma sida om noll.",
            "Every uncertainty is at 95 per cent. “Clear of chance” means that all of it lies on one side of zero.",
        ),
    ),
)


def assemble(
    frame: Frame,
    answers: Mapping[str, Sequence[Draft]],
    made: MadeFrom,
    *,
    synthetic: bool,
    missing: Sequence[Explanation] = (),
) -> Report:
    """Put all figures through the gate together and lay them under the six questions.

    A question without a figure says why it has none.
    """
    figures = laid(frame, tuple(chain.from_iterable(answers[id] for id in QUESTIONS if id in answers)))
    place = iter(figures)
    sections = tuple(
        Section(id, title, tuple(islice(place, len(answers[id])))) for id, title in QUESTIONS.items() if answers.get(id)
    )
    silent = tuple(Explanation(QUESTIONS[id], why) for id, why in UNANSWERED.items() if not answers.get(id))
    return Report(
        id=f"equity-{frame.place.code}",
        title=Words(f"Likvärdigheten i {frame.place.name}", f"Equity between schools in {frame.place.name}"),
        about=Words(
            f"Skillnader mellan skolor i {frame.place.name}: hur stora de är, vad de hänger samman med och hur säkert "
            "vi vet det.",
            f"Differences between schools in {frame.place.name}: how large they are, what they go together with and "
            "how surely we know it.",
        ),
        lead=_lead(frame, figures),
        audience=frame.audience,
        sections=sections,
        missing=(*missing, *silent),
        methods=METHODS,
        sources=_sources(figures),
        made=made,
        synthetic=synthetic,
    )


def _lead(frame: Frame, figures: Sequence[Figure]) -> tuple[Words, ...]:
    """What is the case, in words made by rule: a paragraph for each leading figure."""
    by_id = {f.id: f for f in figures}
    place = Words(frame.place.name, frame.place.name)
    found = (verdict(kind, {**by_id[id].facts, "place": place}) for id, kind in LEADING if id in by_id)
    return tuple(
        Words(" ".join(s.sv for s in sentences), " ".join(s.en for s in sentences)) for sentences in found if sentences
    )


def _sources(figures: Sequence[Figure]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
