"""From a formula and what its table holds to the columns to gather and the model to fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from likvard.models.formula import Formula, Terms
from likvard.models.formula_numeric import Atom
from likvard.models.multilevel_basis import express_all, spans_constant
from likvard.models.multilevel_problem import Effect, Model
from likvard.moments.columns import ONE, Column, Factor, Level, Number, identifier
from likvard.terms import ModelError, UsageError


@dataclass(frozen=True)
class Needs:
    """What must be looked up in the table before planning: its numbers, its factors by name to SQL, its groups."""

    numbers: tuple[Number, ...]
    factors: Mapping[str, str]
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What to gather, and the model to fit to it."""

    groups: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Column, ...]
    model: Model


def needs(formula: Formula, kinds: Mapping[str, str]) -> Needs:
    """Tell what the formula needs to know of its table; `kinds` maps columns to number, text, coded, flag or other.

    Text and flags are factors, numbers are numbers; text that is all numbers (coded) is a factor unless it stands
    inside a call. Where the outcome itself is coded, the file quotes every value and quotes mean nothing: then coded
    columns are numbers. Raises `UsageError` for a column that cannot be used as it is.
    """
    if all(kinds[name] == "coded" for name in formula.response.variables):
        kinds = {name: "number" if kind == "coded" else kind for name, kind in kinds.items()}
    for name in formula.variables:
        if kinds[name] == "other":
            raise UsageError(f"The column {name!r} is neither numbers nor text.", "Use another column.")
    numbers: dict[str, Number] = {}
    factors: dict[str, str] = {}
    for atom in _atoms(formula):
        if atom is not formula.response and _is_factor(atom, kinds):
            factors[atom.name] = identifier(atom.variables[0])
        for x in _numbers(atom, kinds) if atom is formula.response or not _is_factor(atom, kinds) else ():
            numbers[x.name] = x
    groups = tuple(dict.fromkeys(g for bar in formula.bars for g in bar.group))
    return Needs(tuple(numbers.values()), factors, groups)


def _atoms(formula: Formula) -> list[Atom]:
    random = [a for bar in formula.bars for t in bar.terms.terms for a in t]
    return [formula.response, *(a for t in formula.fixed.terms for a in t), *random]


def _is_factor(atom: Atom, kinds: Mapping[str, str]) -> bool:
    return atom.factor or (not atom.is_call and kinds[atom.variables[0]] != "number")


def _numbers(atom: Atom, kinds: Mapping[str, str]) -> list[Number]:
    for name in atom.variables:
        if kinds[name] not in {"number", "coded"}:
            raise UsageError(f"{atom.name} needs numbers, and the column {name!r} holds {kinds[name]}.", "Use numbers.")
    if atom.is_call and not atom.powers:
        return [Number(atom.name, atom.sql)]
    return [Number(name, f"CAST({identifier(name)} AS DOUBLE)") for name in atom.variables]


def make_plan(
    formula: Formula,
    wanted: Needs,
    levels: Mapping[str, tuple[Level, ...]],
    shifts: Mapping[str, float],
    binary: Iterable[str],
    *,
    reml: bool,
) -> Plan:
    """Make the plan, given the factors' levels, a shift for every number, and which numbers are only 0 and 1.

    A number is shifted only where the fixed part is closed under it, so that the shifted columns span the same
    models. Raises `ModelError` for a factor with one level.
    """
    for name, found in levels.items():
        if len(found) < 2:
            raise ModelError(f"The column {name!r} has the same value in every row.", f"Leave out {name!r}.")
    design = _Design(formula, wanted, levels, frozenset(binary))
    outcome = design.outcome()
    fixed = design.columns(formula.fixed)
    _check_outcome(outcome, fixed)
    random = [design.columns(bar.terms) for bar in formula.bars]
    allowed = _shiftable(fixed, outcome, shifts)
    moved = {name: shifts[name] for name in allowed if name in shifts}
    outcome, *flat = (_shift(c, moved) for c in (outcome, *fixed, *(c for part in random for c in part)))
    model = Model(outcome, tuple(flat[: len(fixed)]), _effects(formula, flat[len(fixed) :], random), reml)
    rows = _lower(c for effect in model.effects for c in effect.columns)
    return Plan(wanted.groups, (*model.fixed, *rows, outcome), rows, model)


def _check_outcome(outcome: Column, fixed: Sequence[Column]) -> None:
    if any(c.content == outcome.content for c in fixed):
        raise UsageError(f"{outcome.name!r} stands on both sides of the formula.", "Leave it out on the right.")


def _effects(formula: Formula, flat: Sequence[Column], random: Sequence[Sequence[Column]]) -> tuple[Effect, ...]:
    found, begin = [], 0
    for bar, columns in zip(formula.bars, random, strict=True):
        found.append(Effect(bar.name, bar.group, tuple(flat[begin : begin + len(columns)])))
        begin += len(columns)
    return tuple(found)


@dataclass(frozen=True)
class _Design:
    """Turns terms into columns, by R's rules of treatment contrasts."""

    formula: Formula
    needs: Needs
    levels: Mapping[str, tuple[Level, ...]]
    binary: frozenset[str]

    def outcome(self) -> Column:
        atom = self.formula.response
        return replace(self._numeric(atom, plain=True), name=atom.name)

    def columns(self, terms: Terms) -> tuple[Column, ...]:
        """The columns of terms in R's order: within a term the first factor's levels run fastest.

        R codes a factor by contrasts if the rest of its term is empty or lies within an earlier term, else by all
        its levels (Chambers & Hastie 1992, Statistical Models in S, page 38; R's TermCode).
        """
        found = [ONE] if terms.intercept else []
        earlier: list[set[str]] = [set()]
        full = _first_factor(terms, self.needs.factors)
        for t in terms.terms:
            names = {a.name for a in t}
            choices = []
            for atom in t:
                contrasts = any(names - {atom.name} <= other for other in earlier) and (t, atom.name) != full
                choices.append(self._choices(atom, contrasts))
            found += [_multiply(picked[::-1]) for picked in product(*reversed(choices))]
            earlier.append(names)
        return tuple(found)

    def _choices(self, atom: Atom, contrasts: bool) -> list[Column]:
        if atom.name not in self.needs.factors:
            return [self._numeric(atom, plain=False)]
        levels = self.levels[atom.name]
        factor = Factor(atom.name, self.needs.factors[atom.name], levels)
        first = 1 if contrasts else 0
        return [Column(f"{atom.name}{_show(v)}", ((factor, i),)) for i, v in enumerate(levels) if i >= first]

    def _numeric(self, atom: Atom, *, plain: bool) -> Column:
        numbers = {x.name: x for x in self.needs.numbers}
        if atom.powers:
            return Column(atom.name, powers=tuple((numbers[name], k) for name, k in atom.powers))
        only = numbers[atom.name]
        if only.name in self.binary and not plain and not self._in_power(only.name):
            return Column(atom.name, marks=((Factor(only.name, only.sql, (0, 1)), 1),))
        return Column(atom.name, powers=((only, 1),))

    def _in_power(self, name: str) -> bool:
        return (
            any(name == used for a in _atoms(self.formula) for used, _ in a.powers)
            or name == self.formula.response.name
        )


def _first_factor(terms: Terms, factors: Mapping[str, str]) -> tuple[tuple[Atom, ...], str] | None:
    """Without an intercept R codes the first factor it finds by all its levels."""
    if terms.intercept:
        return None
    return next(((t, a.name) for t in terms.terms for a in t if a.name in factors), None)


def _multiply(parts: Sequence[Column]) -> Column:
    powers: dict[Number, int] = {}
    for part in parts:
        for x, k in part.powers:
            powers[x] = powers.get(x, 0) + k
    marks = tuple(m for part in parts for m in part.marks)
    return Column(":".join(part.name for part in parts), marks, tuple(powers.items()))


def _show(level: Level) -> str:
    """A level as R prints it."""
    if isinstance(level, bool):
        return "TRUE" if level else "FALSE"
    return f"{level:.15g}" if isinstance(level, float) else str(level)


def _shift(column: Column, shifts: Mapping[str, float]) -> Column:
    powers = tuple((replace(x, shift=shifts.get(x.name, 0.0)), k) for x, k in column.powers)
    return replace(column, powers=powers)


def _shiftable(fixed: Sequence[Column], outcome: Column, shifts: Mapping[str, float]) -> list[str]:
    """Numbers that may be shifted: the fixed columns, shifted, still span the fixed columns."""
    allowed: list[str] = []
    for name in dict.fromkeys(x.name for c in (*fixed, outcome) for x, _ in c.powers):
        if not any(x.name == name for c in fixed for x, _ in c.powers):
            if spans_constant(fixed) and len(outcome.powers) == 1 and outcome.powers[0][1] == 1:
                allowed.append(name)
            continue
        moved = [_shift(c, dict.fromkeys([*allowed, name], 1.0)) for c in fixed]
        if all(t is not None for t in express_all(moved, moved)):
            allowed.append(name)
    return allowed + [
        name for name in shifts if not any(x.name == name for c in (*fixed, outcome) for x, _ in c.powers)
    ]


def _lower(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns and everything below them: what is needed to write them out in their own units."""
    found: dict[object, Column] = {ONE.content: ONE}
    for column in columns:
        found.setdefault(column.content, column)
        for powers in product(*(range(k, -1, -1) for _, k in column.powers)):
            part = tuple((x, k) for (x, _), k in zip(column.powers, powers, strict=True) if k)
            below = Column(":".join([f.name for f, _ in column.marks] + [x.name for x, _ in part]), column.marks, part)
            if any(x.shift for x, _ in column.powers):
                found.setdefault(below.content, below)
    return tuple(found.values())
