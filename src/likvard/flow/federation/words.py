"""What an answer holds and what it does not, in words, before it is written."""

from __future__ import annotations

from likvard.flow.federation.check import LEAST, LEAST_PUPILS, Block
from likvard.flow.federation.rounds import Round
from likvard.flow.federation.rows import Rows
from likvard.flow.federation.study import LABELS, Study, Way
from likvard.terms import SchoolYear, Words


def explained(asked: Round, study: Study, block: Block, rows: Rows, numbers: int, pools: int) -> tuple[Words, ...]:
    """The whole explanation, one paragraph each."""
    return (
        _what(asked, study),
        _which(study, rows),
        _holds(asked, study, numbers, pools),
        *_seen(study, block),
        _stays(study),
    )


def _what(asked: Round, study: Study) -> Words:
    if study.way is Way.ONCE:
        which = Words("Svaret lämnas en gång.", "The answer is given once.")
    else:
        which = Words(
            f"Det här är runda {asked.number} av högst {study.most_rounds}.",
            f"This is round {asked.number} of at most {study.most_rounds}.",
        )
    return Words(
        f"Studien ”{study.name}”: {study.purpose} {which.sv}", f"The study “{study.name}”: {study.purpose} {which.en}"
    )


def _which(study: Study, rows: Rows) -> Words:
    years = ", ".join(str(SchoolYear(y)) for y in study.years)
    names = [LABELS.get(v, Words(v, v)) for v in study.variables]
    return Words(
        f"Underlaget: {rows.pupils} elever med slutbetyg i årskurs 9 vid {rows.crowd.units} enheter, läsåren {years}. "
        f"Uppgifter som används: {', '.join(n.sv for n in names)}.",
        f"The rows: {rows.pupils} pupils with final grades in year 9 at {rows.crowd.units} units, school years {years}. "
        f"What is used of them: {', '.join(n.en for n in names)}.",
    )


def _holds(asked: Round, study: Study, numbers: int, pools: int) -> Words:
    if study.way is Way.ONCE:
        return Words(
            f"Filen innehåller {numbers} tal: summor över {pools} grupper av en eller flera enheter, utan namn. Varje grupp har "
            f"minst {LEAST_PUPILS} elever, och ingen summa handlar om färre än {LEAST}.",
            f"The file holds {numbers} numbers: sums over {pools} groups of one or more units, without names. Every group has "
            f"at least {LEAST_PUPILS} pupils, and no sum is about fewer than {LEAST}.",
        )
    first = asked.number == 0
    sv = (
        "antal elever och grupper, och summor av uppgifterna två och två"
        if first
        else "det som modellen behöver vid en punkt"
    )
    en = (
        "numbers of pupils and groups, and sums of the columns two by two"
        if first
        else "what the model needs at one point"
    )
    return Words(
        f"Filen innehåller {numbers} tal, summerade över alla era enheter: {sv}.",
        f"The file holds {numbers} numbers, summed over all your units: {en}.",
    )


def _seen(study: Study, block: Block) -> tuple[Words, ...]:
    if study.way is not Way.MASKED:
        return (
            Words(
                "Talen är inte maskerade. Den som tar emot dem kan räkna ut varje grupps egna summor, och förstå vilken enhet "
                "det är av antalet elever. Granskningen har utgått från det, och funnit att ingen kombination av summorna "
                f"berättar om färre än {LEAST} elever.",
                "The numbers are not masked. Whoever receives them can work out the sums of every group, and understand which "
                "unit it is by its number of pupils. The check has taken that for granted, and found that no combination of the "
                f"sums tells of fewer than {LEAST} pupils.",
            ),
        )
    least = study.least_groups()
    counted = (
        Words("", "")
        if study.is_goal
        else Words(
            f" Blocket har omkring {block.groups(study)} grupper; först under {least} skulle studiens alla rundor räcka för "
            "att lösa ut en enskild grupp.",
            f" The block has about {block.groups(study)} groups; only below {least} would all the study's rounds be enough "
            "to solve for a single group.",
        )
    )
    return (
        Words(
            f"Talen är maskerade: filen ensam är slumpsiffror. Det enda som kan läsas är summan över blocket, "
            f"{len(block.cards)} huvudmän med omkring {block.pupils} elever.{counted.sv}",
            f"The numbers are masked: the file alone is random digits. All that can be read is the sum over the block, "
            f"{len(block.cards)} organisers with about {block.pupils} pupils.{counted.en}",
        ),
        Words(
            "Masken gömmer er bland dem i blocket som finns på riktigt och håller sina nycklar för sig själva; ju färre de är, "
            "desto mindre gömmer den. Jämför blockets fingeravtryck med någon ni litar på.",
            "The mask hides you among those of the block who are real and keep their keys to themselves; the fewer they are, "
            "the less it hides. Compare the block's fingerprint with somebody you trust.",
        ),
    )


def _stays(study: Study) -> Words:
    units = Words(" och inga läsbara tal om en enskild enhet", " and no readable number about a single unit")
    masked = study.way is Way.MASKED
    return Words(
        f"Inga rader, inga namn{', inga pseudonymer' + units.sv if masked else ' och inga pseudonymer'} lämnar er. Underlaget "
        "ligger stilla: alla rundor besvaras ur samma summor.",
        f"No rows, no names{', no pseudonyms' + units.en if masked else ' and no pseudonyms'} leave you. The rows stand still: "
        "all rounds are answered from the same sums.",
    )
