"""The national report's texts: questions, how to read each figure, and sentences made by rule from its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from likvard.figures import formats
from likvard.figures.figure import Explanation
from likvard.figures.measures import Scale, Unit
from likvard.flow.national_rows import Fit, National, Statement, Together
from likvard.models.alarms import RATE
from likvard.models.cooccurrence import FEWEST_MATTERS
from likvard.terms import Language, Missing, SchoolYear, Words

NOTHING = Missing.NOT_APPLICABLE
_SHARE = Scale(Words("Andel", "Share"), Unit.SHARE)


@dataclass(frozen=True, slots=True)
class Told:
    """What stands around a figure: its question, a line below, and how it was done."""

    question: Words
    subtitle: Words
    method: tuple[Explanation, ...]


QUESTIONS: Mapping[str, Words] = MappingProxyType(
    {
        "shares": Words("Hur många huvudmän gör tillräckligt?", "How many organisers do enough?"),
        "criteria": Words("Vad brister?", "What is lacking?"),
        "together": Words("Vad brister tillsammans?", "What is lacking together?"),
        "later": Words(
            "Säger klassen något om det som kommer sedan?", "Does the class say anything of what comes later?"
        ),
        "sure": Words("Hur säkert är det?", "How sure is it?"),
    }
)
BETWEEN_SCHOOLS = Words("Hur åtskilda är skolorna?", "How segregated are schools?")
FEW_MARKED = Words(
    "Tecknet .. betyder här att färre än tio bedömda huvudmän ligger bakom.",
    "The sign .. means here that fewer than ten marked organisers lie behind.",
)
CAUTION = Words("Att tänka på", "Bear in mind")
STANDING = Words("Vad kriterierna är", "What the criteria are")
CORRECTED = Words("rättat för urvalet", "corrected for selection")
AS_MARKED = Words("som de bedömda fördelar sig", "as the marked are")
ALL = Words("alla områden", "all criteria")
ESTIMATED = Words("skattning med osäkerhet", "estimate with uncertainty")
COVERED = Words("orden täcker", "the words cover")
WHOLE_COUNTRY = Words("hela landet, med osäkerhet", "the whole country, with uncertainty")
MARKED_ALONE = Words("bara de bedömda", "only those marked")
ALPHA = Words("Krippendorffs alfa", "Krippendorff's alpha")
MARKED_BY_TWO = Words("Huvudmän med två", "Organisers with two")

_WEIGHTS = Explanation(
    Words("Rättat för urvalet", "Corrected for selection"),
    Words(
        "Huvudmän med hög risk väljs oftare. Varje bedömd huvudman räknas därför för så många som den står för: ett delat med "
        "sannolikheten att den skulle väljas. Utan det blir bilden för mörk.",
        "Organisers at high risk are selected more often. So each one that is marked counts for as many as it stands for: one over "
        "the probability that it would be selected. Without that the picture is too dark.",
    ),
)
_CLASS = Explanation(
    Words("Klass med sannolikhet", "Class with a probability"),
    Words(
        "Två personer bedömer varje område var för sig, och båda kan ta fel. En modell väger samman bedömningarna till hur sannolik "
        "varje nivå är, och rubrikens räkneregel gör klasser av nivåerna. Klassen är inget betyg på huvudmannen.",
        "Two persons mark each criterion by themselves, and both may err. A model weighs their marks into how probable each level is, "
        "and the rubric's arithmetic makes classes of levels. The class is no grade of the organiser.",
    ),
)
_INTERVAL = Explanation(
    Words("Osäkerheten", "The uncertainty"),
    Words(
        "Intervallet är på 95 procent. Det tar med vilka som valdes, att bedömare kan ta fel och att modellen är skattad.",
        "The interval is at 95 per cent. It holds which organisers were selected, that markers may err, and that the model is "
        "estimated.",
    ),
)
METHODS = (
    _WEIGHTS,
    _CLASS,
    _INTERVAL,
    Explanation(
        Words("Ingen huvudman pekas ut", "No organiser is singled out"),
        Words(
            "Rapporten visar andelar. En enskild huvudmans klass visas bara för huvudmannen själv och för dem som granskar. Inget "
            "ordnas efter resultat.",
            "The report shows shares. A single organiser's class is shown only to that organiser and to those who inspect it. Nothing "
            "is ordered by result.",
        ),
    ),
)


def about(found: National) -> Words:
    """One line on what the report rests on."""
    return Words(
        f"Bedömning av {found.marked} av landets {found.population} huvudmän hösten {found.round}, rättad för hur de valdes.",
        f"Marking of {found.marked} of the country's {found.population} organisers in autumn {found.round}, corrected for selection.",
    )


def classes(found: National) -> Told:
    """Around the shares by class."""
    return Told(
        Words(
            "Hur stor del av huvudmännen arbetar i vilken utsträckning?",
            "What share of organisers work to which degree?",
        ),
        Words(
            f"{found.marked} bedömda av {found.population} huvudmän, {found.round}",
            f"{found.marked} of {found.population} organisers marked, {found.round}",
        ),
        (_CLASS, _WEIGHTS, _INTERVAL),
    )


STATEMENTS = Told(
    Words("Stämmer det som har sagts?", "Is what has been said right?"),
    Words(
        "Påståenden om landets huvudmän mot skattningen", "Statements on the country's organisers against the estimate"
    ),
    (
        Explanation(
            Words("Vad orden täcker", "What the words cover"),
            Words(
                "”Tre av fyra” täcker andelar som ligger närmare tre fjärdedelar än två eller fyra: 62,5 till 87,5 procent. Påståendet "
                "håller om hela intervallet ryms där, och håller inte om hela ligger utanför.",
                "“Three of four” covers shares nearer to three quarters than to two or four: 62.5 to 87.5 per cent. The statement holds "
                "if the whole interval lies there, and does not hold if all of it lies outside.",
            ),
        ),
        _INTERVAL,
    ),
)
CRITERIA = Told(
    Words("Hur ligger huvudmännen på varje område?", "How do organisers lie on each criterion?"),
    Words("Andel av landets huvudmän på varje nivå", "Share of the country's organisers on each level"),
    (_CLASS, _WEIGHTS, _INTERVAL),
)
AGREEMENT = Told(
    Words("Hur överens är bedömarna?", "How far do markers agree?"),
    Words("Par av bedömningar gjorda var för sig", "Pairs of marks made independently"),
    (
        Explanation(
            Words("Alfa och kappa", "Alpha and kappa"),
            Words(
                "1 är full enighet och 0 vad slumpen ger. Två nivåers skillnad räknas mer än en. Bara bedömningar som gjordes utan att "
                "se den andres är med. Intervallet fås genom att dra om huvudmännen.",
                "1 is full agreement and 0 what chance gives. Two levels apart counts more than one. Only marks made without seeing the "
                "other's are counted. The interval comes from drawing organisers again.",
            ),
        ),
    ),
)
_UNEVEN = Explanation(
    Words("Hur ojämna vikter kostar", "What uneven weights cost"),
    Words(
        "Ju ojämnare vikter, desto mindre vet man. Sista kolumnen säger hur många lika vägda huvudmän som hade gett lika säkert "
        "svar (Kish).",
        "The more uneven the weights, the less is known. The last column says how many equally weighted organisers would have "
        "given as sure an answer (Kish).",
    ),
)
_SPREAD = Explanation(
    Words("Hur kvaliteten är fördelad", "How quality is spread"),
    Words(
        "Rapportens siffra räknar ut hur huvudmännens kvalitet är fördelad och tar inte för givet att den är normalfördelad. De två sista "
        "raderna visar vad det betyder: med normalfördelad kvalitet, och med latenta klasser som inte vet av någon skala. De latenta "
        "klasserna är en andra mening om siffran och har ingen osäkerhet.",
        "The report's figure estimates how organisers' quality is spread and does not take it to be normal. The last two rows show "
        "what that means: with a normal quality, and with latent classes, which know of no scale. The latent classes are a second opinion "
        "on the figure and have no uncertainty.",
    ),
)


def sensitivity(found: National) -> Told:
    """Around the same shares by other weights and models."""
    return Told(
        Words("Vad betyder sättet att räkna?", "What does the way of counting matter?"),
        Words(
            "Samma andelar med andra vikter och med andra modeller",
            "The same shares by other weights and by other models",
        ),
        (_WEIGHTS, _UNEVEN, *((_SPREAD, _fits(found.fit)) if found.fit is not None else ())),
    )


def _fits(fit: Fit) -> Explanation:
    """Which of the two spreads of quality meets the marks better, by which measure."""
    sv, en = (
        {"free": formats.number(fit.free, 1, one), "normal": formats.number(fit.normal, 1, one)} for one in Language
    )
    better_sv, better_en = (
        ("Den normalfördelade passar minst lika bra", "The normal one fits at least as well")
        if fit.normal_enough
        else ("Den uträknade passar bättre", "The estimated one fits better")
    )
    return Explanation(
        Words("Vilken fördelning som passar bedömningarna bäst", "Which spread fits the marks better"),
        Words(
            f"{better_sv}: Takeuchis mått är {sv['free']} med uträknad fördelning och {sv['normal']} med normalfördelning, och lägre är "
            "bättre. Rapporten använder den uträknade vilket som än gäller, eftersom få bedömda sällan räcker för att skilja dem åt.",
            f"{better_en}: Takeuchi's criterion is {en['free']} with the estimated spread and {en['normal']} with a normal one, and lower is "
            "better. The report uses the estimated one either way, as few marked seldom suffice to tell them apart.",
        ),
    )


_TOGETHER = (
    Explanation(
        Words("Oddskvot", "Odds ratio"),
        Words(
            "1 betyder att det ena inte säger något om det andra, mer än 1 att de följs åt. ”Utöver att några har mer av allt” är "
            "samma mått delat med vad en enda skala av allvar ger. Mer än 1 där säger att just de två hör ihop.",
            "1 means that one says nothing of the other, above 1 that they go together. “Beyond some having more of all” is the same "
            "measure over what a single scale of severity gives. Above 1 there says that these two belong together.",
        ),
    ),
    Explanation(
        Words("Många jämförelser", "Many comparisons"),
        Words(
            f"Alla par prövas tillsammans, så att högst en av {round(1 / RATE)} säkerställda väntas vara ett falskt larm.",
            f"All pairs are tested together, so that at most one in {round(1 / RATE)} found clear is expected to be a false alarm.",
        ),
    ),
    Explanation(
        Words("Vad det inte säger", "What it does not say"),
        Words(
            "Att två brister följs åt säger inte att den ena leder till den andra.",
            "That two go together does not say that one leads to the other.",
        ),
    ),
)
WEAK = Told(
    Words("Vilka områden saknas hos samma huvudmän?", "Which criteria are missing at the same organisers?"),
    Words(
        "Områden på lägsta nivån, inom samma riskgrupp", "Criteria on the lowest level, within the same group of risk"
    ),
    _TOGETHER,
)
FINDINGS = Told(
    Words("Vilka brister finns i samma beslut?", "Which findings are made in the same decisions?"),
    Words("Brister efter område i tillsynens beslut", "Findings by area in decisions of supervision"),
    _TOGETHER,
)


def _comparison(round_: int, compared: bool) -> Explanation:
    """What later results are."""
    result = (
        Words(
            "Resultatet är hur långt eleverna ligger från elever i landet med samma bakgrund.",
            "The result is how far pupils lie from the country's pupils with the same background.",
        )
        if compared
        else Words(
            "Resultatet är huvudmannens publicerade meritvärde, så som det är: det är inte jämfört med elever med samma bakgrund. "
            "Huvudmän vars värde är dolt är inte med.",
            "The result is the organiser's published merit value, as it is: it is not held against pupils with the same background. "
            "Organisers whose value is hidden are left out.",
        )
    )
    return Explanation(
        Words("Jämförelsen", "The comparison"),
        Words(
            f"{result.sv} Hänsyn är tagen till resultatet före bedömningen {round_}.",
            f"{result.en} The result before the marking in {round_} is taken into account.",
        ),
    )


def prediction(strongest: Words, round_: int, after: int | None, compared: bool) -> Told:
    """Around the comparison of later results: held against comparable pupils, or as they are published."""
    when = (
        Words("", "")
        if after is None
        else Words(f", våren {SchoolYear(after).spring}", f", spring {SchoolYear(after).spring}")
    )
    return Told(
        Words("Skiljer sig resultaten efteråt mellan klasserna?", "Do later results differ between classes?"),
        Words(
            f"Meritvärde{' mot jämförbara elever' * compared}{when.sv}, skillnad mot huvudmän som arbetar {strongest.sv}",
            f"Merit value{' against comparable pupils' * compared}{when.en}, difference to organisers that work {strongest.en}",
        ),
        (
            _comparison(round_, compared),
            Explanation(
                Words("Kontrollen", "The check"),
                Words(
                    "Samma jämförelse av hur resultaten ändrades före bedömningen. Där ska klassen inte säga något: gör den det har något "
                    "annat drivit båda.",
                    "The same comparison of how results moved before the marking. There the class should say nothing: if it does, something "
                    "else has driven both.",
                ),
            ),
            Explanation(
                Words("Vad det inte säger", "What it does not say"),
                Words(
                    "Att klass och resultat följs åt är inget bevis för orsak.",
                    "That class and results go together is no proof of cause.",
                ),
            ),
        ),
    )


def _percent(value: float, language: Language) -> str:
    return formats.with_unit(value, _SHARE, language)


def _both(sv: str, en: str, *values: float) -> Words:
    """A sentence with shares put in at `{}` in both languages."""
    return Words(
        sv.format(*(_percent(v, Language.SV) for v in values)), en.format(*(_percent(v, Language.EN) for v in values))
    )


def span(low: float, high: float) -> Words:
    """From one share to another, in words."""
    sv, en = (
        f"{formats.number(100 * low, 1, one)}–{formats.number(100 * high, 1, one)}{formats.percent_sign(one)}"
        for one in Language
    )
    return Words(sv, en)


_CLAIMS = {
    "three_of_four": Words("Att tre av fyra inte gör tillräckligt", "That three of four do not do enough"),
    "one_of_four": Words("Att arbetet är tydligt svagt hos en av fyra", "That the work is clearly weak at one of four"),
}
_VERDICTS = {
    "holds": Words("håller", "holds"),
    "open": Words("går varken att bekräfta eller avfärda", "can be neither confirmed nor dismissed"),
    "fails": Words("håller inte", "does not hold"),
}


def judged(found: National) -> Words:
    """Whether each statement holds, with its share and uncertainty, and that the statements are nested."""
    sv, en = (" ".join(_judged(one, language) for one in found.statements) for language in Language)
    return Words(
        f"{sv} Den senare gruppen är en del av den förra.",
        f"{en} The second group is part of the first.",
    )


def _judged(one: Statement, language: Language) -> str:
    claim = _CLAIMS.get(one.key, one.words)[language]
    share = _percent(one.estimate.value, language)
    ends = formats.interval(one.estimate.low, one.estimate.high, _SHARE, language) + formats.percent_sign(language)
    between = {
        Language.SV: f"andelen är {share}, med osäkerheten {ends}",
        Language.EN: f"the share is {share}, with uncertainty {ends}",
    }
    return f"{claim} **{_VERDICTS[one.verdict][language]}**: {between[language]}."


def hardest(name: Words) -> Words:
    """The criterion that most organisers have on the lowest level."""
    return Words(
        f"Lägsta nivån är vanligast för **{name.sv[0].lower()}{name.sv[1:]}**.",
        f"The lowest level is most common for **{name.en[0].lower()}{name.en[1:]}**.",
    )


def agreed(alpha: float) -> Words:
    """How far markers agree, by Krippendorff's own limits."""
    if math.isnan(alpha):
        return Words(
            "Ingen är bedömd av två. Enigheten går inte att räkna ut.",
            "Nobody is marked by two. Agreement cannot be told.",
        )
    sv, en = formats.number(alpha, 2, Language.SV), formats.number(alpha, 2, Language.EN)
    if alpha >= 0.8:
        return Words(
            f"Alfa är **{sv}**: enigheten räcker för säkra slutsatser.",
            f"Alpha is **{en}**: agreement is enough for firm conclusions.",
        )
    if alpha >= 0.667:
        return Words(
            f"Alfa är **{sv}**: enigheten räcker för försiktiga slutsatser.",
            f"Alpha is **{en}**: agreement is enough for tentative conclusions.",
        )
    return Words(
        f"Alfa är **{sv}**: enigheten räcker inte för slutsatser om enskilda huvudmän.",
        f"Alpha is **{en}**: agreement is not enough for conclusions on single organisers.",
    )


def moved(found: National) -> Words:
    """How far the lowest class moves between ways of counting organisers."""
    last = found.classes[-1]
    values = [one.shares[last].value for one in found.sensitivity if one.key != "pupils"]
    return _both(
        "Andelen i den lägsta klassen går från **{}** till **{}** beroende på hur man räknar.",
        "The share in the lowest class goes from **{}** to **{}** by the way of counting.",
        min(values),
        max(values),
    )


def together(found: Together) -> Words:
    """How many pairs go together, and how many still do among equally troubled."""
    plain, beyond = sum(one.survives for one in found.pairs), sum(one.beyond_survives for one in found.pairs)
    sv = {n: formats.count(n, Language.SV) for n in (plain, beyond, found.tests)} | {0: "inget av dem"}
    en = {n: formats.count(n, Language.EN) for n in (plain, beyond, found.tests)} | {0: "none of them"}
    if not plain:
        return Words(
            f"Inget av {sv[found.tests]} par följs åt så att det är säkerställt.",
            f"None of {en[found.tests]} pairs goes together clear of chance.",
        )
    told = Words(
        f"**{sv[plain]} av {sv[found.tests]} par** följs åt så att det är säkerställt.",
        f"**{en[plain]} of {en[found.tests]} pairs** go together clear of chance.",
    )
    rest = _beyond(found, sv[beyond], en[beyond])
    return Words(f"{told.sv} {rest.sv}", f"{told.en} {rest.en}")


def _beyond(found: Together, sv: str, en: str) -> Words:
    """How many pairs go together beyond some having more of all; that it cannot be told where there are too few."""
    if all(math.isnan(one.beyond.value) for one in found.pairs):
        return Words(
            f"Om det är något utöver att några har mer av allt går inte att säga: det krävs minst {FEWEST_MATTERS}.",
            f"Whether that is more than some having more of all cannot be told: it takes {FEWEST_MATTERS} at least.",
        )
    return Words(
        f"Utöver att några har mer av allt gäller det {sv}.",
        f"Beyond some having more of all, that is so for {en}.",
    )


def clear(plain: bool, beyond: bool) -> Words:
    """Whether a pair stands within the budget of false alarms."""
    if beyond:
        return Words("ja, också utöver det allmänna", "yes, also beyond the general")
    return Words("ja", "yes") if plain else Words("nej", "no")


def foretold(found: National) -> Words:
    """Whether classes foretell results, and whether the check holds."""
    one = found.prediction
    if one is None:
        return Words("", "")
    failed = any(value.low > 0 or value.high < 0 for value in one.placebo.values())
    if one.p >= 0.05:
        return Words(
            "Det går inte att säga att klassen säger något om resultaten efteråt.",
            "We cannot say that the class says anything of later results.",
        )
    if failed:
        return Words(
            "Resultaten efteråt skiljer sig mellan klasserna, men det gjorde de också innan. Skillnaden ska inte läsas som en följd.",
            "Later results differ between classes, but so did the change before. The difference must not be read as a consequence.",
        )
    return Words(
        "Resultaten efteråt **skiljer sig mellan klasserna**, med hänsyn till resultaten före. Skillnaden är säkerställd.",
        "Later results **differ between classes**, given the results before. The difference is clear of chance.",
    )
