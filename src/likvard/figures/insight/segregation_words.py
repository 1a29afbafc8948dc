"""The words and scales of figures on segregation."""

from __future__ import annotations

from likvard.figures.figure import Explanation
from likvard.figures.measures import Scale, Unit
from likvard.terms import Words

H, EXPOSURE, CHANGE, RESULTS = "segregation_h", "segregation_exposure", "segregation_change", "results_between"
SUBJECTS = ("foreign", "education")
FRAMES = ("all", "year_9")

INDEX = Scale(Words("Skolsegregation", "School segregation"), Unit.SHARE, decimals=1, low=0)
SHARE = Scale(Words("Andel i skolan", "Share in the school"), Unit.SHARE, decimals=0, low=0)
BETWEEN = Scale(Words("Del mellan skolor", "Part between schools"), Unit.SHARE, decimals=1, low=0)
PART = Scale(Words("Andel", "Share"), Unit.SHARE)
NATS = Scale(Words("Förändring av M", "Change of M"), Unit.RATIO, decimals=3)

BY = {
    "foreign": Words("efter utländsk bakgrund", "by foreign background"),
    "education": Words("efter föräldrarnas utbildning", "by parents' education"),
}
LABELS = {
    "foreign": Words("Utländsk bakgrund", "Foreign background"),
    "education": Words("Föräldrars utbildning", "Parents' education"),
}
WHO = {
    "foreign": (
        Words("elever med utländsk bakgrund", "pupils with foreign background"),
        Words("övriga elever", "other pupils"),
    ),
    "education": (
        Words(
            "elever vars föräldrar har eftergymnasial utbildning", "pupils whose parents have post-secondary education"
        ),
        Words("övriga elever", "other pupils"),
    ),
}
ONE = {
    "foreign": Words("En elev med utländsk bakgrund", "A pupil with a foreign background"),
    "education": Words(
        "En elev vars föräldrar har eftergymnasial utbildning", "A pupil whose parents have post-secondary education"
    ),
}
TOO = {
    "foreign": Words("också har det", "have one too"),
    "education": Words("också har sådana föräldrar", "have such parents too"),
}
MEET = {
    "foreign": Words("Möts elever med olika bakgrund i skolan?", "Do pupils of different backgrounds meet at school?"),
    "education": Words(
        "Möts elever vars föräldrar har olika lång utbildning?",
        "Do pupils whose parents have shorter and longer education meet at school?",
    ),
}
LEVELS = ("municipality", "organiser", "unit")
LEVEL_WORDS = (
    Words("kommuner", "municipalities"),
    Words("huvudmän i samma kommun", "organisers in the same municipality"),
    Words("skolor hos samma huvudman", "schools of the same organiser"),
)
STEPS = {
    "before": Words("Första året", "First year"),
    "additions": Words("Nya skolor", "New schools"),
    "removals": Words("Skolor som har lagts ned", "Schools that have closed"),
    "group_marginal": Words("Fler eller färre elever i gruppen", "More or fewer pupils of the group"),
    "unit_marginal": Words("Skolor som har vuxit eller krympt", "Schools that have grown or shrunk"),
    "structural": Words("Hur eleverna är blandade", "How pupils are mixed"),
    "after": Words("Sista året", "Last year"),
}

METHOD = (
    Explanation(
        Words("Skolsegregation", "School segregation"),
        Words(
            "Hur mycket elevernas skola säger om deras bakgrund (Theils H). 0 procent: varje skola är blandad som alla skolor "
            "tillsammans. 100 procent: ingen skola har båda grupperna.",
            "How much a pupil's school tells about the pupil's background (Theil's H). 0 per cent: every school has the same mix as "
            "all schools together. 100 per cent: no school has both groups.",
        ),
    ),
    Explanation(
        Words("Slumpen borträknad", "Corrected for chance"),
        Words(
            "Små skolor skiljer sig åt av ren slump, även om elever hade lottats till dem. Det är borträknat. Annars ser det ut "
            "som mer segregation ju mindre skolorna är. Ett tal strax under noll betyder att eleverna inte är mer åtskilda än vid lottning.",
            "Small schools differ by mere chance, even where pupils are placed in them at random. That is taken away. Otherwise "
            "smaller schools would look more segregated. A number just below zero means that pupils are no more "
            "separated than if they had been placed at random.",
        ),
    ),
    Explanation(
        Words("Osäkerheten", "The uncertainty"),
        Words(
            "Vad andra elever i samma skolor kunde ha gett. Den säger inget om skolor som inte är med.",
            "What other pupils in the same schools could have given. It says nothing about schools that are not included.",
        ),
    ),
    Explanation(
        Words("Vad det inte säger", "What it does not say"),
        Words(
            "Måttet säger hur elever är fördelade, inte varför, och inte om någon skola är bra.",
            "The measure says how pupils are distributed, not why, and not whether any school is good.",
        ),
    ),
)
METHOD_MET = Explanation(
    Words("Andel i skolan", "Share in the school"),
    Words(
        "Medelvärdet över eleverna i gruppen av hur stor del av deras skola som tillhör den första gruppen. Alla elever är "
        "räknade, så här finns ingen osäkerhet av ett urval.",
        "The mean over the group's pupils of how large a part of their school belongs to the first group. All pupils are "
        "counted, so there is no uncertainty from sampling.",
    ),
)
METHOD_SPLIT = Explanation(
    Words("Förändringens delar", "Parts of the change"),
    Words(
        "Först räknas skolor som bara finns det ena året. Resten delas mellan hur många elever grupperna har, hur stora skolorna "
        "är, och hur eleverna är blandade när båda är lika (Elbers 2023). Delarna summerar till förändringen av M, i nat. M växer när "
        "gruppen växer, det gör inte H: därför kan de gå åt olika håll.",
        "First come schools that exist in one of the years only. The rest is shared between how many pupils the groups have, how "
        "large schools are, and how pupils are mixed when both are the same (Elbers 2023). The parts add up to the change of "
        "M, in nats. M grows when the group grows, H does not: so the two may go different ways.",
    ),
)
METHOD_RESULTS = (
    Explanation(
        Words("Del mellan skolor", "Part between schools"),
        Words(
            "Hur stor del av alla skillnader i meritvärde (variansen) som ligger mellan skolor, med slumpen borträknad. Resten ligger "
            "mellan elever i samma skola.",
            "How much of all differences in merit value (the variance) lies between schools, corrected for chance. The rest lies "
            "between pupils of the same school.",
        ),
    ),
    METHOD[-1],
)

GROUPS = {"foreign": ("foreign", "swedish"), "education": ("tertiary", "not_tertiary")}
