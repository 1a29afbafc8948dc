"""What a search's words mean: stems, compounds, and the names that things had before. Pure.

Three things make a Swedish search find what a reader means. *Stems*: `kränkningar` finds `kränkning`. *Parts of compounds*: `beslut`
finds `tillsynsbeslut`, if both parts are words of the trade (`PARTS`); others are found by how they begin only. *Names of other
times*: `grundsärskola` finds `anpassad grundskola` (`SYNONYMS`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 200
"""Letters of a search that are read."""
MOST_WORDS = 12
SHORTEST_BEGINNING = 3
"""A shorter word is sought whole: half the register has a word that begins with `an`."""

_TOKEN = re.compile(r"[0-9a-zà-öø-ÿ]+")
_ASKED = re.compile(r'"([^"]*)"?|(\S+)')

SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("anpassad grundskola", "grundsärskola", "grundsärskolan"),
    ("anpassad gymnasieskola", "gymnasiesärskola", "gymnasiesärskolan"),
    ("komvux som anpassad utbildning", "särskild utbildning för vuxna", "särvux"),
    ("betygskriterier", "kunskapskrav"),
    ("planerad tillsyn", "regelbunden tillsyn"),
    ("skolregler", "ordningsregler"),
    ("stödundervisning", "extra anpassningar"),
    ("rektor", "förskolechef"),
    ("modersmål", "modersmålsundervisning", "hemspråk", "hemspråksundervisning"),
    ("fritidshem", "fritids"),
    ("kränkande behandling", "kränkning", "kränkningar", "mobbning"),
    ("särskilt stöd", "stödåtgärder"),
    ("föreläggande", "förelägganden"),
    ("vite", "viten", "vitesföreläggande"),
    ("huvudman", "huvudmän", "huvudmannen"),
    ("frånvaro", "skolk", "skolfrånvaro"),
)
"""Groups of words that are sought together. Most are names that the law gave up: in 2022, 2023 and 2026."""

_TRADE = """
anmälan ansvar arbete assistent barn behandling behov beslut betyg bibliotek chef elev elever enhet fritids frånvaro
förbud föreläggande förskola granskning grund grundskola grupp gymnasie gymnasieskola handledning hem hälsa inspektion
klass kommun krav kränkning kunskap kvalitet ledning lokal lokaler lärar lärare läro miljö moders modersmål mål nivå
nämnd närvaro omgång ordning plan plikt program prov regel regler rektor resultat resurs ro rutin rutiner råd samråd
situation skol skola skolan språk studie studier stöd svar särskola tid tillstånd tillsyn trygghet undervisning
uppföljning utbildning utredning vecka verksamhet vite vuxen vägledning vård ämne åtgärd åtgärder
"""
PARTS = frozenset(_TRADE.split())
"""Words that a compound is taken apart into: those of school law and supervision. A word that is not here stays whole."""

_VOWELS = "aeiouyäåö"
_INFLECTED = """
a arna erna heterna orna ad e ade ande arne are aste en anden aren heten ern ar er heter or as arnas ernas ornas es ades
andes ens arens hetens erns at andet het ast
"""
_ENDINGS = sorted(_INFLECTED.split(), key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row. `whole`: as they stand (somebody wrote quotation marks); else also by stem, and the last by its beginning."""

    words: tuple[str, ...]
    whole: bool = False

    @property
    def begins(self) -> bool:
        """Whether a longer word that begins so will do."""
        return not self.whole and len(self.words) == 1 and len(self.words[0]) >= SHORTEST_BEGINNING


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search asks for: every group must be found, each by any of its phrases."""

    groups: tuple[tuple[Phrase, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Every phrase that may have been found, for the marks in a snippet."""
        return tuple(phrase for group in self.groups for phrase in group)


def tokens(text: str) -> list[str]:
    """The words of a text in small letters; å, ä and ö are letters of their own, an accent put on with a mark of its own is joined."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a Swedish word, by the rules of the Snowball project's Swedish stemmer; PostgreSQL uses the same.

    Source: https://snowballstem.org/algorithms/swedish/stemmer.html. Endings are taken only from the part after the first
    vowel and the consonant that follows it, and never from the first three letters.
    """
    start = _region(word)
    word = _without_ending(word, start)
    if len(word) - 2 >= start and word[-2:] in {"dd", "gd", "nn", "dt", "gt", "kt", "tt"}:
        word = word[:-1]
    for ending, instead in (("fullt", "full"), ("löst", "lös"), ("els", ""), ("lig", ""), ("ig", "")):
        if word.endswith(ending) and len(word) - len(ending) >= start:
            return word[: len(word) - len(ending)] + instead
    return word


def _region(word: str) -> int:
    for n in range(1, len(word)):
        if word[n - 1] in _VOWELS and word[n] not in _VOWELS:
            return max(3, n + 1)
    return len(word)


def _without_ending(word: str, start: int) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= start:
            return word[: len(word) - len(ending)]
    if word.endswith("s") and len(word) - 1 >= start and word[-2] in "bcdfghjklmnoprtvy":
        return word[:-1]
    return word


@lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, ...]:
    """The words of the trade that a compound is made of, `tillsynsbeslut` of `tillsyn` and `beslut`; none for what is not made so."""
    found = _apart(word)
    return found if len(found) > 1 else ()


def _apart(word: str) -> tuple[str, ...]:
    if word in PARTS:
        return (word,)
    for cut in range(len(word) - 2, 2, -1):
        head, rest = word[:cut], word[cut:]
        first = head if head in PARTS else head[:-1] if head[:-1] in PARTS and head[-1] == "s" else ""
        if first and (more := _apart(rest) or _inflected(rest)):
            return (first, *more)
    return ()


def _inflected(word: str) -> tuple[str, ...]:
    """`besluten` as `beslut`: an inflected last part."""
    root = stem(word)
    return (word,) if len(root) > 2 and root in _STEMS else ()


_STEMS = frozenset(stem(word) for word in PARTS)


def stems(words: Iterable[str]) -> list[str]:
    """What the words are found by besides themselves: their stems, and the stems of the parts of compounds."""
    found = []
    for word in words:
        found.append(stem(word))
        found += [stem(part) for part in parts(word)]
    return found


def sought(text: str) -> Sought:
    """Read a search: words that must all be there, `"words in a row"`, and known names with the names they had before."""
    asked: list[Phrase] = []
    for quoted, plain in _ASKED.findall(text[:LONGEST]):
        words = tuple(tokens(quoted or plain))
        if quoted and words:
            asked.append(Phrase(words, whole=True))
        else:
            asked += [Phrase((word,)) for word in words]
    return Sought(tuple(_grouped(asked[:MOST_WORDS])))


def _grouped(asked: list[Phrase]) -> list[tuple[Phrase, ...]]:
    """Each word with its synonyms; words in a row that are a known name together are one group."""
    groups, at = [], 0
    while at < len(asked):
        size, names = _known_at(asked, at)
        own = asked[at : at + size]
        words = tuple(word for phrase in own for word in phrase.words)
        groups.append((own[0] if size == 1 else Phrase(words), *_others(names, words)))
        at += size
    return groups


def _others(names: tuple[tuple[str, ...], ...], own: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(Phrase(name) for name in names if name != own)


def _known_at(asked: list[Phrase], at: int) -> tuple[int, tuple[tuple[str, ...], ...]]:
    """How many of the words from here on are a known name, and the names of its group. What stands in quotation marks is none."""
    if asked[at].whole:
        return 1, ()
    for size in range(_LONGEST_NAME, 0, -1):
        row = asked[at : at + size]
        if len(row) == size and not any(phrase.whole for phrase in row):
            names = _NAMES.get(_key(tuple(phrase.words[0] for phrase in row)), ())
            if names:
                return size, names
    return 1, ()


def _key(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(stem(word) for word in words)


_GROUPS = [tuple(tuple(tokens(name)) for name in group) for group in SYNONYMS]
_NAMES = {_key(name): group for group in _GROUPS for name in group}
_LONGEST_NAME = max(len(name) for name in _NAMES)
