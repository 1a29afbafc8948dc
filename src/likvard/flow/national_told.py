"""What the national report says in words: statements held against the estimate, names of weights, and cautions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from likvard.flow.national_rows import SETTLED, Caution, Estimate, Frame, Mark, Statement
from likvard.rulebook.kinds.rubric import Rubric
from likvard.terms import Words

HALF_A_QUARTER = 0.125
"""What "three of four" covers to each side: any share nearer to it than to the next quarter."""

FEW_MARKED = 30
LOW_ALPHA = 0.667
"""Krippendorff's lower limit for tentative conclusions (Content Analysis, 2004, ch. 11)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that is made of the nation: in words, of all classes but the strongest or of the weakest alone, in quarters."""

    key: str
    words: Words
    weakest_only: bool
    claim: float

    def classes(self, order: Sequence[str]) -> tuple[str, ...]:
        """The classes it speaks of."""
        return tuple(order[-1:] if self.weakest_only else order[1:])


STATEMENTS = (
    Said(
        "three_of_four",
        Words(
            "Tre av fyra huvudmän gör inte tillräckligt för elever med sämre förutsättningar.",
            "Three of four organisers do not do enough for pupils with weaker conditions.",
        ),
        weakest_only=False,
        claim=0.75,
    ),
    Said(
        "one_of_four",
        Words(
            "Hos en av fyra huvudmän är arbetet tydligt svagt.", "At one of four organisers the work is clearly weak."
        ),
        weakest_only=True,
        claim=0.25,
    ),
)
"""The two headline figures of Text B. They are nested: the second group is part of the first (domain.md 4)."""

_VERDICTS = {
    "holds": Words(
        "Påståendet håller: hela intervallet ryms i det som orden täcker.",
        "The statement holds: the whole interval lies within what the words cover.",
    ),
    "open": Words(
        "Påståendet går varken att bekräfta eller avfärda: intervallet når utanför det som orden täcker.",
        "The statement can be neither confirmed nor dismissed: the interval reaches beyond what the words cover.",
    ),
    "fails": Words(
        "Påståendet håller inte: hela intervallet ligger utanför det som orden täcker.",
        "The statement does not hold: the whole interval lies outside what the words cover.",
    ),
}


def statement(said: Said, rubric: Rubric, found: Estimate) -> Statement:
    """Hold a statement against the share of its classes: verdict, probability, and what could be said instead."""
    low, high = said.claim - HALF_A_QUARTER, said.claim + HALF_A_QUARTER
    inside, outside = low <= found.low and found.high <= high, found.high < low or found.low > high
    verdict = "holds" if inside else "fails" if outside else "open"
    return Statement(
        key=said.key,
        words=said.words,
        classes=said.classes(rubric.order),
        claim=said.claim,
        low=low,
        high=high,
        estimate=found,
        probability=_within(found, low, high),
        verdict=verdict,
        told=_VERDICTS[verdict],
        instead=in_words(found.value),
    )


def _within(found: Estimate, low: float, high: float) -> float:
    """Probability that the share lies between two limits, normal on the scale of its logit."""
    if not (0 < found.value < 1 and found.se > 0):
        return float(low <= found.value <= high)
    spread = found.se / (found.value * (1 - found.value))
    centre = np.log(found.value / (1 - found.value))
    return float(np.diff(ndtr((np.log([low / (1 - low), high / (1 - high)]) - centre) / spread))[0])


_SV = ("", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio")
_EN = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(share: float) -> Words:
    """The share in the plainest words that are at most three percentage points off: quarters, thirds, fifths, tenths."""
    if share < 0.03:
        return Words("nästan ingen", "hardly any")
    if share > 0.97:
        return Words("nästan alla", "nearly all")
    for parts in (4, 2, 3, 5, 10):
        whole = round(share * parts)
        if 0 < whole < parts and abs(whole / parts - share) <= 0.03:
            return Words(f"ungefär {_SV[whole]} av {_SV[parts]}", f"about {_EN[whole]} of {_EN[parts]}")
    whole = min(max(round(share * 10), 1), 9)
    return Words(f"ungefär {_SV[whole]} av tio", f"about {_EN[whole]} of ten")


_SCHEMES = {
    "design": Words("rättat för urvalet (rapportens siffra)", "corrected for selection (the report's figure)"),
    "unweighted": Words("utan rättning för urvalet", "without correction for selection"),
    "calibrated": Words(
        "rättat också efter slag av huvudman och elevantal", "corrected also for kind of organiser and pupils"
    ),
    "trimmed": Words("rättat med de största vikterna kapade", "corrected, with the largest weights cut"),
    "pupils": Words("andel av eleverna i stället för av huvudmännen", "share of pupils rather than of organisers"),
    "marks": Words("bara markeringarna, utan modell", "marks alone, without a model"),
    "normal": Words("om kvaliteten antas vara normalfördelad", "if quality is taken to be normally distributed"),
    "latent": Words("med latenta klasser i stället för en skala", "with latent classes in place of a scale"),
}


def scheme_name(key: str) -> Words:
    """What a way to weigh is called."""
    return _SCHEMES[key]


def cautions(
    marks: Sequence[Mark], frame: Sequence[Frame], marked: Collection[str], rubric: Rubric, alpha: float
) -> tuple[Caution, ...]:
    """What a reader must know of what the report rests on."""
    found = [
        _unseen_strata(frame, marked),
        _few(marked),
        _single(marks),
        _low_agreement(alpha),
        _left_out(marks, marked, rubric),
        _unsettled(marks),
    ]
    return tuple(one for one in found if one is not None)


def _unseen_strata(frame: Sequence[Frame], marked: Collection[str]) -> Caution | None:
    seen = {row.stratum for row in frame if row.organiser in marked}
    lost = sum(row.stratum not in seen for row in frame)
    if not lost:
        return None
    return Caution(
        "unseen_strata",
        Words(
            f"{lost} av {len(frame)} huvudmän hör till grupper där ingen är bedömd. Rapporten säger inget om dem.",
            f"{lost} of {len(frame)} organisers are in groups where nobody is marked. The report says nothing of them.",
        ),
    )


def _few(marked: Collection[str]) -> Caution | None:
    if len(marked) >= FEW_MARKED:
        return None
    return Caution(
        "few",
        Words(
            f"Bara {len(marked)} huvudmän är bedömda. Intervallen är breda.",
            f"Only {len(marked)} organisers are marked. The intervals are wide.",
        ),
    )


def _single(marks: Sequence[Mark]) -> Caution | None:
    readers: dict[tuple[str, str], int] = {}
    for mark in marks:
        if mark.blind and mark.level is not None:
            key = (mark.organiser, mark.criterion)
            readers[key] = readers.get(key, 0) + 1
    single = sum(count == 1 for count in readers.values())
    if not readers or single <= len(readers) / 2:
        return None
    return Caution(
        "single",
        Words(
            f"{single} av {len(readers)} bedömningar är gjorda av en enda person. Hur säkra de är vilar på övriga.",
            f"{single} of {len(readers)} marks are by one person alone. How sure they are rests on the others.",
        ),
    )


def _low_agreement(alpha: float) -> Caution | None:
    if not alpha < LOW_ALPHA:
        return None
    sv, en = f"{alpha:.2f}".replace(".", ","), f"{alpha:.2f}"
    return Caution(
        "agreement",
        Words(
            f"Bedömarna är överens i låg grad (alfa {sv}). En enskild huvudmans klass ska läsas med sin sannolikhet.",
            f"Markers agree to a low degree (alpha {en}). A single organiser's class must be read with its probability.",
        ),
    )


def _left_out(marks: Sequence[Mark], marked: Collection[str], rubric: Rubric) -> Caution | None:
    lost = len({mark.organiser for mark in marks} - set(marked))
    if not lost:
        return None
    return Caution(
        "left_out",
        Words(
            f"{lost} huvudmän är bedömda på färre än {rubric.least_criteria} områden och är inte med.",
            f"{lost} organisers are marked on fewer than {rubric.least_criteria} criteria and are left out.",
        ),
    )


def _unsettled(marks: Sequence[Mark]) -> Caution | None:
    levels: dict[tuple[str, str], set[int]] = {}
    for mark in marks:
        if mark.blind and mark.level is not None:
            levels.setdefault((mark.organiser, mark.criterion), set()).add(mark.level)
    settled = {(mark.organiser, mark.criterion) for mark in marks if mark.marker == SETTLED}
    lost = sum(len(found) > 1 and key not in settled for key, found in levels.items())
    if not lost:
        return None
    return Caution(
        "unsettled",
        Words(
            f"{lost} skillnader mellan två bedömare är inte avgjorda. Båda nivåerna är med i beräkningen.",
            f"{lost} differences between two markers are not settled. Both levels are in the calculation.",
        ),
    )
