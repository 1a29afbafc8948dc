"""Read lme4's formula language: the text to terms, by the kept parser `formulae` and R's rules of expansion.

`formulae` gives the syntax tree. Its own expansion is not used: it does not keep apart (x | g) and
(1 | g) + (0 + x | g), which differ in whether intercepts and slopes are correlated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from formulae import expr as tree
from formulae.parser import ParseError, Parser
from formulae.scanner import ScanError, Scanner

from likvard.models.formula_numeric import Atom, FormulaError, numeric_atom, variable_name
from likvard.terms import UsageError

_QUOTED = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"")
_INDEPENDENT = "independent__"
_FACTOR_CALLS = {"factor", "as.factor"}

Term = frozenset[str]
INTERCEPT: Term = frozenset()


@dataclass(frozen=True)
class Terms:
    """Terms in R's order: by degree, then by appearance. Each is a tuple of atoms, by appearance of the atoms."""

    intercept: bool
    terms: tuple[tuple[Atom, ...], ...]


@dataclass(frozen=True)
class Bar:
    """A random term: its columns' terms, and the variables whose combination is the group, under lme4's name."""

    terms: Terms
    group: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Formula:
    """A model formula: response, fixed terms and random terms."""

    text: str
    response: Atom
    fixed: Terms
    bars: tuple[Bar, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of the table that are used, each once."""
        atoms = [self.response, *(a for t in self.fixed.terms for a in t)]
        atoms += [a for bar in self.bars for t in bar.terms.terms for a in t]
        groups = [g for bar in self.bars for g in bar.group]
        return tuple(dict.fromkeys([v for a in atoms for v in a.variables] + groups))


def read_formula(text: str) -> Formula:
    """Read a formula such as `y ~ x + (1 | a/b)`. Raises `UsageError` naming the term that cannot be used."""
    try:
        return _read(text)
    except FormulaError as error:
        raise UsageError(f"The formula {text!r}: {error}.", "See lme4's formulas: y ~ x + (1 | school).") from error


def _read(text: str) -> Formula:
    root = _parse(text)
    if not (isinstance(root, tree.Binary) and root.operator.kind == "TILDE"):
        raise FormulaError("there is no ~ with an outcome before it")
    fixed, bars = _part_bars(root.right)
    scope = _Scope()
    terms = scope.sort(_without_bars(scope, fixed))
    found = [bar for node in bars for bar in _bars(node)]
    if not found:
        raise FormulaError("it has no random term such as (1 | school)")
    return Formula(text, _response(root.left), terms, _unique(found))


def _parse(text: str) -> object:
    """Parse with formulae, after writing ^ as ** and || as a marked |."""
    plain = _mark_double_bars(_outside_quotes(text, "^", "**"))
    try:
        parser = Parser(Scanner(plain).scan(add_intercept=False))
        root = parser.parse()
    except (ScanError, ParseError, AttributeError, IndexError, TypeError) as error:
        raise FormulaError(str(error) or "it cannot be read") from error
    if not parser.at_end():
        raise FormulaError(f"{parser.peek().lexeme!r} cannot be read there")
    return root


def _outside_quotes(text: str, old: str, new: str) -> str:
    parts, end = [], 0
    for quoted in _QUOTED.finditer(text):
        parts += [text[end : quoted.start()].replace(old, new), quoted[0]]
        end = quoted.end()
    return "".join([*parts, text[end:].replace(old, new)])


def _mark_double_bars(text: str) -> str:
    """Write `(x || g)` as `(x | independent__(g))`, which formulae can parse."""
    masked = _QUOTED.sub(lambda m: "_" * len(m[0]), text)
    while (at := masked.find("||")) >= 0:
        depth, end = 0, at + 2
        while end < len(masked) and depth >= 0:
            depth += {"(": 1, ")": -1}.get(masked[end], 0)
            end += 1
        if depth >= 0:
            raise FormulaError("a || stands outside parentheses")
        group = f"| {_INDEPENDENT}({text[at + 2 : end - 1]})"
        text = text[:at] + group + text[end - 1 :]
        masked = (
            masked[:at]
            + "| "
            + "_" * len(_INDEPENDENT)
            + masked[at + 1 : at + 1]
            + group[2 + len(_INDEPENDENT) :]
            + masked[end - 1 :]
        )
    return text


def _part_bars(node: object) -> tuple[list[tuple[str, object]], list[tree.Binary]]:
    """Split the right side into signed parts without bars, and the bars."""
    if isinstance(node, tree.Binary) and node.operator.kind in {"PLUS", "MINUS"}:
        left, bars = _part_bars(node.left)
        if node.operator.kind == "PLUS":
            right, more = _part_bars(node.right)
            return left + right, bars + more
        return [*left, ("-", node.right)], bars
    bare = _ungroup(node)
    if isinstance(bare, tree.Binary) and bare.operator.kind == "PIPE":
        return [], [bare]
    return [("+", node)], []


def _ungroup(node: object) -> object:
    while isinstance(node, tree.Grouping):
        node = node.expression
    return node


@dataclass(frozen=True)
class _Sum:
    """Terms as R keeps them: unordered sets of atoms' names, and whether an intercept was asked for or taken away."""

    terms: tuple[Term, ...]
    intercept: bool | None = None


class _Scope:
    """The atoms of one side of a formula in order of appearance."""

    def __init__(self) -> None:
        self.atoms: dict[str, Atom] = {}

    def sort(self, found: _Sum) -> Terms:
        """Put terms in R's order, with an intercept unless it was taken away."""
        place = {name: i for i, name in enumerate(self.atoms)}
        terms = sorted(found.terms, key=len)
        ordered = tuple(tuple(self.atoms[name] for name in sorted(t, key=place.__getitem__)) for t in terms)
        return Terms(found.intercept is not False, ordered)

    def expand(self, node: object) -> _Sum:
        """Expand a part of a formula into terms by R's rules for + - : * / and **."""
        bare = _ungroup(node)
        if isinstance(bare, tree.Literal) and bare.value in (0, 1):
            return _Sum((), intercept=bool(bare.value))
        if isinstance(bare, tree.Unary):
            right = self.expand(bare.right)
            if bare.operator.kind == "PLUS":
                return right
            return _minus(_Sum(()), right)
        if isinstance(bare, tree.Binary):
            return self._binary(bare)
        atom = _atom(bare)
        self.atoms.setdefault(atom.name, atom)
        return _Sum((frozenset({atom.name}),))

    def _binary(self, node: tree.Binary) -> _Sum:
        kind = node.operator.kind
        if kind == "STAR_STAR":
            return _power(self.expand(node.left), _whole(node.right))
        if kind not in {"PLUS", "MINUS", "COLON", "STAR", "SLASH"}:
            raise FormulaError(f"{node.operator.lexeme!r} is not used between terms")
        left, right = self.expand(node.left), self.expand(node.right)
        if kind == "PLUS":
            return _plus(left, right)
        if kind == "MINUS":
            return _minus(left, right)
        if kind == "COLON":
            return _Sum(_cross(left.terms, right.terms))
        if kind == "STAR":
            return _Sum(_union(left.terms, right.terms, _cross(left.terms, right.terms)))
        whole = frozenset().union(*left.terms)
        return _Sum(_union(left.terms, _cross((whole,), right.terms)))


def _plus(left: _Sum, right: _Sum) -> _Sum:
    intercept = left.intercept if right.intercept is None else right.intercept
    return _Sum(_union(left.terms, right.terms), intercept)


def _minus(left: _Sum, right: _Sum) -> _Sum:
    intercept = left.intercept if right.intercept is None else not right.intercept
    return _Sum(tuple(t for t in left.terms if t not in right.terms), intercept)


def _union(*lists: Sequence[Term]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(t for terms in lists for t in terms))


def _cross(left: Sequence[Term], right: Sequence[Term]) -> tuple[Term, ...]:
    return _union([a | b for a in left for b in right])


def _power(base: _Sum, times: int) -> _Sum:
    terms = base.terms
    for _ in range(times - 1):
        terms = _union(terms, _cross(terms, base.terms))
    return _Sum(terms, base.intercept)


def _whole(node: object) -> int:
    bare = _ungroup(node)
    if isinstance(bare, tree.Literal) and isinstance(bare.value, int) and 1 <= bare.value <= 9:
        return bare.value
    raise FormulaError("the power of terms must be a whole number from 1 to 9; write I(x^2) for a square")


def _without_bars(scope: _Scope, parts: Sequence[tuple[str, object]]) -> _Sum:
    total = _Sum(())
    for sign, node in parts:
        total = (_plus if sign == "+" else _minus)(total, scope.expand(node))
    return total


def _atom(node: object) -> Atom:
    """Make the atom of a variable, of factor(x), or of a numeric call."""
    if isinstance(node, tree.Call) and variable_name(node.callee) in _FACTOR_CALLS:
        name = variable_name(node.args[0]) if len(node.args) == 1 else None
        if name is None:
            raise FormulaError("factor() takes one column")
        return Atom(f"{variable_name(node.callee)}({name})", (name,), factor=True)
    if (name := variable_name(node)) is not None:
        return Atom(name, (name,))
    return numeric_atom(node)


def _response(node: object) -> Atom:
    atom = _atom(_ungroup(node))
    if atom.factor:
        raise FormulaError("the outcome must be a number")
    return atom


def _bars(node: tree.Binary) -> list[Bar]:
    """Expand one random term: (x || g) into independent terms, (x | a/b) into one term per level."""
    group, independent = node.right, False
    bare = _ungroup(group)
    if isinstance(bare, tree.Call) and variable_name(bare.callee) == _INDEPENDENT:
        group, independent = bare.args[0], True
    scope = _Scope()
    terms = scope.sort(scope.expand(node.left))
    if not terms.intercept and not terms.terms:
        raise FormulaError("a random term has no columns")
    apart = _apart(terms) if independent else [terms]
    return [Bar(part, names, label) for part in apart for names, label in _groups(group)]


def _apart(terms: Terms) -> list[Terms]:
    first = [Terms(True, ())] if terms.intercept else []
    return first + [Terms(False, (t,)) for t in terms.terms]


def _groups(node: object) -> list[tuple[tuple[str, ...], str]]:
    """The groupings of a bar's right side with lme4's names: a/b gives b:a and a, a:b gives a:b."""
    bare = _ungroup(node)
    if isinstance(bare, tree.Binary) and bare.operator.kind == "SLASH":
        above = _groups(bare.left)
        names, label = _groups(bare.right)[0]
        coarse, coarse_label = above[0]
        shown = f"({coarse_label})" if len(coarse) > 1 else coarse_label
        return [((*names, *coarse), f"{label}:{shown}"), *above]
    if isinstance(bare, tree.Binary) and bare.operator.kind == "COLON":
        (left, left_label), (right, right_label) = _groups(bare.left)[0], _groups(bare.right)[0]
        return [((*left, *right), f"{left_label}:{right_label}")]
    if (name := variable_name(bare)) is None:
        raise FormulaError("after | there must be columns, combined by / or :")
    return [((name,), name)]


def _unique(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Name repeated groups as lme4 does: g, g.1, g.2."""
    seen: dict[str, int] = {}
    named = []
    for bar in bars:
        times = seen.get(bar.name, 0)
        seen[bar.name] = times + 1
        named.append(Bar(bar.terms, bar.group, f"{bar.name}.{times}" if times else bar.name))
    return tuple(named)
