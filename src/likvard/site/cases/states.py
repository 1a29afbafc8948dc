"""State tables: what states a kind of case can be in, who owns each, and what leads from one to the next. Pure.

A subject hands in its own `Kind`; nothing here knows any of them. The diagram of a table is made from it, never drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.terms import LikvardError

Text = str | Promise


class CaseError(LikvardError):
    """Something that this case does not allow now, said so that the person can act on it."""

    exit_code = 8


class Owner(TextChoices):
    """Who moves next."""

    REGISTRAR = "registrar", _("whoever shares out the matters")
    OFFICER = "officer", _("the officer responsible")
    PARTY = "party", _("the one who was asked")
    LEAD = "lead", _("whoever decides")
    ARCHIVE = "archive", _("nobody: the matter is closed")


@dataclass(frozen=True, slots=True)
class State:
    """A state: its code, its name, and who owns the next step. An end has no next step."""

    code: str
    label: Text
    owner: Owner
    end: bool = False

    def __post_init__(self) -> None:
        if self.end != (self.owner is Owner.ARCHIVE):
            raise ValueError(f"the state {self.code} is an end if and only if the archive owns it")


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one state to another: the verb on its button. `reasoned` asks for a reason that stays in the record."""

    code: str
    label: Text
    start: str
    to: str
    reasoned: bool = False


@dataclass(frozen=True)
class StateTable:
    """States in the order of reading, and moves between them. Valid from birth: see `flaws`."""

    states: tuple[State, ...]
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        found = flaws(self.states, self.moves)
        if found:
            raise ValueError("; ".join(found))

    @property
    def first(self) -> State:
        """Where a case begins."""
        return self.states[0]

    def state(self, code: str) -> State:
        """The state of a code. Raises `CaseError` if the table has none."""
        for state in self.states:
            if state.code == code:
                return state
        raise CaseError(f"There is no state {code!r} in this kind of case.", "Check the kind of the case.")

    def moves_from(self, code: str) -> tuple[Move, ...]:
        """What can be done in a state, in the order of the table."""
        return tuple(move for move in self.moves if move.start == code)

    def move(self, state: str, code: str) -> Move:
        """The move of a code, if it leads out of the state. Raises `CaseError` with what can be done instead."""
        ways = self.moves_from(state)
        for move in ways:
            if move.code == code:
                return move
        instead = ", ".join(str(move.label) for move in ways)
        raise CaseError(
            gettext("A matter that is “%(state)s” cannot do that now.") % {"state": self.state(state).label},
            gettext("What can be done: %(moves)s.") % {"moves": instead} if instead else gettext("It is closed."),
        )


def flaws(states: tuple[State, ...], moves: tuple[Move, ...]) -> list[str]:
    """What is wrong with a table: doubles, ways to nowhere, states that cannot be reached or left; empty if nothing is."""
    codes = [state.code for state in states]
    ends = {state.code for state in states if state.end}
    found = [f"{code} is there twice" for code in sorted({c for c in codes if codes.count(c) > 1})]
    found += [f"{m.code} leads from or to a state that is not there" for m in moves if not {m.start, m.to} <= {*codes}]
    doubles = {(m.start, m.code) for m in moves if sum((n.start, n.code) == (m.start, m.code) for n in moves) > 1}
    found += [f"{start} has two moves called {code}" for start, code in sorted(doubles)]
    found += [f"{m.code} leaves the end {m.start}" for m in moves if m.start in ends]
    ahead = {code: {m.to for m in moves if m.start == code} for code in codes}
    behind = {code: {m.start for m in moves if m.to == code} for code in codes}
    found += [f"{code} cannot be reached" for code in codes if code not in closure(codes[:1], ahead)]
    found += [f"no end can be reached from {code}" for code in codes if code not in closure(sorted(ends), behind)]
    return found


def closure(start: Iterable[str], ways: Mapping[str, set[str]]) -> set[str]:
    """Everything that can be reached along the ways, the start included."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += ways.get(at, ())
    return seen


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the task list: under way in these states. Steps are in order; one that cannot start waits for the one before."""

    label: Text
    states: tuple[str, ...]


class Progress(TextChoices):
    """How far a step has come. Each has a shape, a word and a colour."""

    DONE = "done", _("done")
    ONGOING = "ongoing", _("under way")
    LOCKED = "locked", _("cannot start")


@dataclass(frozen=True, slots=True)
class Task:
    """A step as it stands in a case. `waits_for` is the label of the step that must come first."""

    label: Text
    progress: Progress
    waits_for: Text = ""


@dataclass(frozen=True)
class Kind:
    """A kind of case, handed in by its subject (`settings.CASE_KINDS`).

    * `series`: letters of its register numbers. `register`: the register that an officer keeps it in (`people.roles.REGISTERS`).
    * `openers`, `leads`: roles that may open such a case, and that share it out and decide in it, at the places they reach.
    * `parties`: roles for which the place is enough to read it. Others who reach the place must give a reason.
    * `by_place`: whether a role at the place opens it at all. It does not open an authority's own file: those it is about read
      what the authority issues to them, not its drafts and notes.
    * `page`: name of the address of such a case's own page; the plain one is `cases_case`.
    * `gate`: path of a function that a move must pass besides the table: takes the case and the move, raises `CaseError`.
    * `words`: the events of the subject's own deeds, for the timeline.
    * `secrecy`, `retention`: what a new case of the kind has (`models.Secrecy`, `models.Retention`).
    """

    code: str
    label: Text
    series: str
    table: StateTable
    steps: tuple[Step, ...]
    openers: frozenset[str]
    leads: frozenset[str]
    parties: frozenset[str] = frozenset()
    by_place: bool = True
    register: str = ""
    secrecy: str = "open"
    retention: str = "ten_years"
    page: str = "cases_case"
    gate: str = ""
    words: Mapping[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inner = {state.code for state in self.table.states if not state.end}
        placed = [code for step in self.steps for code in step.states]
        if set(placed) != inner or len(placed) != len(inner):
            raise ValueError(f"every state of {self.code} but its ends belongs to one step")

    def tasks(self, state: str) -> tuple[Task, ...]:
        """The task list of a case in this state: steps before are done, steps after wait for the one before them."""
        here = next((n for n, step in enumerate(self.steps) if state in step.states), len(self.steps))
        found = []
        for n, step in enumerate(self.steps):
            progress = Progress.DONE if n < here else Progress.ONGOING if n == here else Progress.LOCKED
            found.append(Task(step.label, progress, self.steps[n - 1].label if n > here else ""))
        return tuple(found)
