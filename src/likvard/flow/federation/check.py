"""The disclosure check before an answer is written: what could be worked out of it by somebody who knows everything else.

In the clear, sums of few are records. A single answer of an organiser with no more schools than columns gives every
school's sums to whoever solves an eigenvalue problem (Harshman 1970 after Jennrich; `tests/flow/federation/test_attacks.py`
does it), so the check takes for granted that the sums of every group are told, and every pupil's background known:

* a group has at least `LEAST_PUPILS`, and of every mark at least `LEAST` who have it and `LEAST` who have not, or none;
* of every two marks together, over all the organiser's groups, at least `LEAST` in each of the four cells, or none;
* no combination of the sums tells of fewer than `LEAST`: of all weights that a combination can give to pupils' results, no
  pupil has more than a `LEAST`th of their squares. That is the leverage of the pupil's row, at most 1 / `LEAST`.

Masked, an answer alone is random digits; what is seen is the sum over the block, which must be of many enough (`Block`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from likvard.flow.federation.keys import Card
from likvard.flow.federation.rows import Crowd
from likvard.flow.federation.study import LABELS, Study
from likvard.terms import DisclosureError, Language, Words

Floats = NDArray[np.float64]

LEAST = 5
"""Fewest pupils that any sum may tell of, as for own figures at levels above the unit (rulebook `disclosure:records_public`)."""

LEAST_PUPILS = 10
"""Fewest pupils of a group whose sums are told, as for own figures of a unit."""

LEAST_ORGANISERS = 10
"""Fewest organisers whose answers hide one another."""

LEAST_IN_BLOCK = 1000
"""Fewest pupils of a block."""


class RefusedShareError(DisclosureError):
    """An answer that may not leave; `reasons` are in both languages."""

    def __init__(self, reasons: Sequence[Words], remedy: Words, language: Language = Language.EN) -> None:
        super().__init__(" ".join(reason[language] for reason in reasons), remedy[language])
        self.reasons = tuple(reasons)
        self.remedies = remedy

    def said(self, language: Language) -> RefusedShareError:
        """The same refusal in a language."""
        return RefusedShareError(self.reasons, self.remedies, language)


@dataclass(frozen=True, slots=True)
class Block:
    """Organisers whose answers can only be read as one sum."""

    cards: tuple[Card, ...]

    @property
    def units(self) -> int:
        """Units of all of them, as their cards say."""
        return sum(card.units for card in self.cards)

    @property
    def pupils(self) -> int:
        """Pupils of all of them, as their cards say."""
        return sum(card.pupils for card in self.cards)

    def groups(self, study: Study) -> int:
        """About how many of the finest groups they have."""
        return self.units * (len(study.years) if "unit:year" in study.levels else 1)

    @property
    def names(self) -> frozenset[str]:
        """The organisers' numbers."""
        return frozenset(card.organiser for card in self.cards)


def too_small(block: Block, study: Study) -> tuple[Words, ...]:
    """Why the sum over a block may not be told; nothing if it may."""
    found = []
    if len(block.cards) < LEAST_ORGANISERS:
        found.append(
            Words(
                f"Blocket har {len(block.cards)} huvudmän; det behövs minst {LEAST_ORGANISERS} för att dölja varandra.",
                f"The block has {len(block.cards)} organisers; it takes at least {LEAST_ORGANISERS} to hide one another.",
            )
        )
    if block.pupils < LEAST_IN_BLOCK:
        found.append(
            Words(
                f"Blocket har {block.pupils} elever; det behövs minst {LEAST_IN_BLOCK}.",
                f"The block has {block.pupils} pupils; it takes at least {LEAST_IN_BLOCK}.",
            )
        )
    if (groups := block.groups(study)) < (least := study.least_groups()):
        found.append(
            Words(
                f"Blocket har {groups} grupper, och studiens högst {study.most_rounds} rundor berättar så mycket att "
                f"varje grupps summor kan lösas ut om de är färre än {least}.",
                f"The block has {groups} groups, and the study's {study.most_rounds} rounds at most tell so much that "
                f"every group's sums can be solved for if they are fewer than {least}.",
            )
        )
    return tuple(found)


def exposed(crowd: Crowd) -> tuple[Words, ...]:
    """What the sums of every group, taken as told, would tell of too few; nothing if they tell of nobody."""
    patterns = _rare_patterns(crowd) if crowd.patterns_told else []
    return (*_small_groups(crowd), *_rare_marks(crowd), *_rare_pairs(crowd), *patterns, *_leverage(crowd))


def leverage(crowd: Crowd) -> Floats:
    """Of each pattern, the greatest share that one of its pupils can have of the squared weights of a told sum of results.

    The told sums of results are those over each group, and with each column as weight. A group of g pupils that some
    combination singles out gives each of them at least 1/g; 1 is a pupil whose result can be worked out.
    """
    D = np.column_stack([crowd.nodes[:, None] == np.arange(len(crowd.labels)), crowd.x]).astype(float)
    D /= np.maximum(np.abs(D).max(axis=0), 1e-300)
    gram = (D.T * crowd.n) @ D
    half = D @ np.linalg.pinv(gram, rcond=1e-12, hermitian=True)
    found: Floats = np.einsum("ij,ij->i", half, D)
    return found


def _label(name: str) -> Words:
    if name.startswith("year"):
        year = int(name[4:])
        return Words(f"läsåret {year}/{(year + 1) % 100:02d}", f"the school year {year}/{(year + 1) % 100:02d}")
    return LABELS.get(name, Words(name, name))


def _groups(n: int) -> Words:
    return Words(f"{n} grupp{'er' * (n != 1)}", f"{n} group{'s' * (n != 1)}")


def _small_groups(crowd: Crowd) -> list[Words]:
    few = [label for label, n in zip(crowd.labels, crowd.sizes, strict=True) if n < LEAST_PUPILS]
    if not few:
        return []
    return [
        Words(
            f"{len(few)} av {len(crowd.labels)} grupper har färre än {LEAST_PUPILS} elever, till exempel {few[0]}.",
            f"{len(few)} of {len(crowd.labels)} groups have fewer than {LEAST_PUPILS} pupils, for instance {few[0]}.",
        )
    ]


def _few(count: Floats) -> NDArray[np.bool_]:
    return (count > 0) & (count < LEAST)


def _rare_marks(crowd: Crowd) -> list[Words]:
    found = []
    for j, name in enumerate(crowd.names):
        if not crowd.flags[j] and not name.startswith("share_"):
            continue
        weight = crowd.n * crowd.x[:, j] / (1 if crowd.flags[j] else 1000)  # a share in thousandths tells how many
        have = np.round(np.bincount(crowd.nodes, weights=weight, minlength=len(crowd.labels)).astype(float))
        rare = np.flatnonzero(_few(have) | _few(crowd.sizes - have))
        if len(rare):
            label, where = _label(name), crowd.labels[rare[0]]
            found.append(
                Words(
                    f"{label.sv}: i {_groups(len(rare)).sv} skulle summan berätta om färre än {LEAST} elever, till exempel {where}.",
                    f"{label.en}: in {_groups(len(rare)).en} the sum would tell of fewer than {LEAST} pupils, for instance {where}.",
                )
            )
    return found


def _rare_pairs(crowd: Crowd) -> list[Words]:
    found = []
    for a, b in combinations(np.flatnonzero(crowd.flags), 2):
        x, y = crowd.x[:, a], crowd.x[:, b]
        cells = np.array([crowd.n @ (u * v) for u in (x, 1 - x) for v in (y, 1 - y)])
        if _few(cells).any():
            first, second = _label(crowd.names[a]), _label(crowd.names[b])
            found.append(
                Words(
                    f"{first.sv} och {second.sv} tillsammans: färre än {LEAST} elever i någon av de fyra rutorna.",
                    f"{first.en} and {second.en} together: fewer than {LEAST} pupils in one of the four cells.",
                )
            )
    return found


def _rare_patterns(crowd: Crowd) -> list[Words]:
    """A logistic model's answers tell, round by round, how many pupils have each combination of all marks."""
    rare = int(_few(crowd.n).sum())
    if not rare:
        return []
    return [
        Words(
            f"{rare} kombinationer av bakgrund finns hos färre än {LEAST} elever, och svaren skulle berätta om dem.",
            f"{rare} combinations of background are those of fewer than {LEAST} pupils, and the answers would tell of them.",
        )
    ]


def _leverage(crowd: Crowd) -> list[Words]:
    worst = float(leverage(crowd).max(initial=0.0))
    if worst <= 1 / LEAST + 1e-9:
        return []
    share = round(100 * worst)
    return [
        Words(
            f"Genom att räkna summorna mot varandra kan man komma åt en elevs resultat: {share} procent av det som då "
            f"sägs skulle handla om en enda elev, högst {round(100 / LEAST)} är tillåtet.",
            f"By setting the sums against one another one could come at a pupil's result: {share} per cent of what is "
            f"then said would be about one single pupil, at most {round(100 / LEAST)} is allowed.",
        )
    ]
