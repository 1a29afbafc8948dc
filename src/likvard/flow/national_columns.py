"""What each column of the national report's data files holds, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from likvard.terms import Words

_SE = Words("medelfel", "standard error")
_LOW = Words("intervallets nedre gräns (95 procent)", "lower end of the interval (95 per cent)")
_HIGH = Words("intervallets övre gräns (95 procent)", "upper end of the interval (95 per cent)")

COLUMNS: Mapping[str, Words] = {
    "class": Words("klass enligt mallen, från den starkaste", "class by the rubric, the strongest first"),
    "weights": Words("hur huvudmännen är vägda, eller vilken modell", "how organisers are weighed, or which model"),
    "kind": Words("typ av huvudman", "kind of organiser"),
    "criterion": Words("område i mallen; all är alla tillsammans", "criterion of the rubric; all is all together"),
    "level": Words("nivå, 0 är den lägsta", "level, 0 is the lowest"),
    "value": Words(
        "andel av landets huvudmän (0–1); i later meritvärde",
        "share of the country's organisers (0–1); in later merit value",
    ),
    "se": _SE,
    "low": _LOW,
    "high": _HIGH,
    "alpha": Words("Krippendorffs alfa, ordinalt avstånd", "Krippendorff's alpha, ordinal distance"),
    "alpha_se": _SE,
    "alpha_low": _LOW,
    "alpha_high": _HIGH,
    "kappa": Words("Cohens kappa, kvadratiska vikter", "Cohen's kappa, quadratic weights"),
    "same": Words("andel par av bedömningar på samma nivå", "share of pairs of marks on the same level"),
    "error": Words("andel felmarkeringar enligt modellen", "share of marks in error by the model"),
    "pairs": Words("antal par av bedömningar", "number of pairs of marks"),
    "organisers": Words("antal huvudmän som talet vilar på", "number of organisers that the number rests on"),
    "effective": Words(
        "så många lika vägda huvudmän hade gett lika säkert svar (Kish)",
        "as many equally weighted organisers would give as sure an answer (Kish)",
    ),
    "statement": Words("påståendets kod", "the statement's code"),
    "claim": Words("andelen som påståendet nämner", "the share that the statement names"),
    "from": Words("lägsta andel som orden täcker", "lowest share that the words cover"),
    "to": Words("högsta andel som orden täcker", "highest share that the words cover"),
    "probability": Words(
        "sannolikhet att andelen ligger inom orden", "probability that the share lies within the words"
    ),
    "verdict": Words(
        "holds (håller), open (går inte att avgöra) eller fails (håller inte)", "holds, open (cannot be told) or fails"
    ),
    "first": Words("det ena av paret", "one of the pair"),
    "second": Words("det andra av paret", "the other of the pair"),
    "both": Words("antal där båda finns", "number with both"),
    "by_chance": Words("antal som slumpen ger", "number that chance gives"),
    "odds": Words("oddskvot inom samma riskgrupp", "odds ratio within the same group of risk"),
    "odds_se": Words("medelfel för oddskvotens logaritm", "standard error of the odds ratio's logarithm"),
    "odds_low": _LOW,
    "odds_high": _HIGH,
    "beyond": Words(
        "oddskvot utöver att några har mer av allt; tom där det inte går att räkna",
        "odds ratio beyond some having more of all; empty where it cannot be told",
    ),
    "beyond_se": Words("medelfel för dess logaritm", "standard error of its logarithm"),
    "beyond_low": _LOW,
    "beyond_high": _HIGH,
    "clear": Words(
        "om paret är säkerställt när alla prövas tillsammans", "whether the pair is clear when all are tested together"
    ),
    "clear_beyond": Words("detsamma utöver det allmänna", "the same beyond the general"),
    "side": Words(
        "after: efter bedömningen; placebo: kontrollen före den", "after the marking; placebo: the check before it"
    ),
    "p": Words(
        "sannolikhet för minst så stora skillnader av en slump", "probability of differences as large by chance"
    ),
}
"""By name. An empty cell is a number that is not there, or that rests on too few organisers to be shown."""


def described(tables: Mapping[str, Iterable[str]]) -> tuple[Mapping[str, object], ...]:
    """A row for each column of each table, with what it holds. Raises `KeyError` for a column that nobody has described."""
    return tuple(
        {"table": table, "column": column, "sv": COLUMNS[column].sv, "en": COLUMNS[column].en}
        for table, columns in tables.items()
        for column in columns
    )
