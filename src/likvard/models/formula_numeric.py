"""Numbers computed inside a formula, such as log(x) or I(x^2): R's name for them, and their SQL."""

from __future__ import annotations

from dataclasses import dataclass

from formulae import expr as tree

from likvard.moments.columns import identifier


class FormulaError(Exception):
    """What is wrong with a formula, as a clause."""


@dataclass(frozen=True)
class Atom:
    """A variable, or a call of one: R's name of it, the columns used, and for a call its SQL.

    `powers` says that it is a product of whole powers of columns, which is kept as such so that it can be shifted.
    `factor` says that factor() was asked for.
    """

    name: str
    variables: tuple[str, ...]
    sql: str = ""
    powers: tuple[tuple[str, int], ...] = ()
    factor: bool = False

    @property
    def is_call(self) -> bool:
        """Whether it is a computed number."""
        return bool(self.sql)


# Each takes its argument's SQL. What R gives NaN for is missing here.
_FUNCTIONS = {
    "log": "CASE WHEN {0} > 0 THEN LN({0}) END",
    "log2": "CASE WHEN {0} > 0 THEN LN({0}) / LN(2) END",
    "log10": "CASE WHEN {0} > 0 THEN LN({0}) / LN(10) END",
    "log1p": "CASE WHEN {0} > -1 THEN LN(1 + {0}) END",
    "sqrt": "CASE WHEN {0} >= 0 THEN SQRT({0}) END",
    "exp": "EXP({0})",
    "abs": "ABS({0})",
    "I": "{0}",
}
_OPERATORS = {"PLUS": "+", "MINUS": "-", "STAR": "*"}


def variable_name(node: object) -> str | None:
    """The column that a node names, or None."""
    if isinstance(node, tree.Variable) and node.level is None:
        return str(node.name.lexeme)
    if isinstance(node, tree.QuotedName):
        return str(node.expression.lexeme)[1:-1]
    return None


def numeric_atom(node: object) -> Atom:
    """Translate a call. Raises `FormulaError` naming what is not known."""
    if not isinstance(node, tree.Call):
        raise FormulaError(f"{_show(node)} is not a term")
    if variable_name(node.callee) not in _FUNCTIONS:
        raise FormulaError(
            f"{_show(node)} is not supported; known are {', '.join(sorted(_FUNCTIONS))}, factor and as.factor"
        )
    powers = _monomial(node.args[0]) if variable_name(node.callee) == "I" and len(node.args) == 1 else None
    shown, sql, used = _number(node)
    if not used:
        raise FormulaError(f"{shown} uses no column")
    return Atom(shown, tuple(dict.fromkeys(used)), sql, tuple(sorted((powers or {}).items())))


def _number(node: object) -> tuple[str, str, list[str]]:
    """R's text of a numeric expression, its SQL, and the columns it uses."""
    if (name := variable_name(node)) is not None:
        shown = name if isinstance(node, tree.Variable) else f"`{name}`"
        return shown, f"CAST({identifier(name)} AS DOUBLE)", [name]
    if isinstance(node, tree.Literal) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return f"{node.value:g}", f"CAST({node.value} AS DOUBLE)", []
    if isinstance(node, tree.Grouping):
        shown, sql, used = _number(node.expression)
        return f"({shown})", f"({sql})", used
    if isinstance(node, tree.Unary):
        shown, sql, used = _number(node.right)
        return f"{node.operator.lexeme}{shown}", f"({node.operator.lexeme}{sql})", used
    if isinstance(node, tree.Binary):
        bound = _as_r_binds(node)
        return _number(bound) if isinstance(bound, tree.Unary) else _arithmetic(bound)
    if isinstance(node, tree.Call) and (name := variable_name(node.callee)) in _FUNCTIONS and len(node.args) == 1:
        shown, sql, used = _number(node.args[0])
        return f"{name}({shown})", f"({_FUNCTIONS[str(name)].format(f'({sql})')})", used
    raise FormulaError(f"{_show(node)} cannot be computed here")


def _as_r_binds(node: tree.Binary) -> tree.Binary | tree.Unary:
    """-x^2 is -(x^2) in R, while formulae reads (-x)^2."""
    left = node.left
    if node.operator.kind == "STAR_STAR" and isinstance(left, tree.Unary):
        return tree.Unary(left.operator, tree.Binary(left.right, node.operator, node.right))
    return node


def _arithmetic(node: tree.Binary) -> tuple[str, str, list[str]]:
    left, left_sql, left_used = _number(node.left)
    right, right_sql, right_used = _number(node.right)
    used, kind = left_used + right_used, node.operator.kind
    if kind in _OPERATORS:
        return f"{left} {_OPERATORS[kind]} {right}", f"({left_sql} {_OPERATORS[kind]} {right_sql})", used
    if kind == "SLASH":
        return f"{left}/{right}", f"({left_sql} / NULLIF({right_sql}, 0))", used
    if kind == "STAR_STAR":
        return f"{left}^{right}", f"POWER({left_sql}, {right_sql})", used
    raise FormulaError(f"{node.operator.lexeme!r} cannot be computed here")


def _monomial(node: object) -> dict[str, int] | None:
    """The powers of a product of columns, such as x^2 * z; None if it is not one."""
    if (name := variable_name(node)) is not None:
        return {name: 1}
    if isinstance(node, tree.Grouping):
        return _monomial(node.expression)
    if isinstance(node, tree.Binary) and node.operator.kind == "STAR":
        left, right = _monomial(node.left), _monomial(node.right)
        if left is None or right is None:
            return None
        return {name: left.get(name, 0) + right.get(name, 0) for name in {**left, **right}}
    if isinstance(node, tree.Binary) and node.operator.kind == "STAR_STAR":
        base = _monomial(node.left)
        power = node.right.value if isinstance(node.right, tree.Literal) else None
        if base is not None and isinstance(power, int) and 1 <= power <= 9:
            return {name: k * power for name, k in base.items()}
    return None


def _show(node: object) -> str:
    """Name a part of a formula for people."""
    if (name := variable_name(node)) is not None:
        return name
    if isinstance(node, tree.Literal):
        return repr(node.value)
    if isinstance(node, tree.Call):
        return f"{variable_name(node.callee)}({', '.join(_show(a) for a in node.args)})"
    if isinstance(node, tree.Binary):
        return f"{_show(node.left)} {node.operator.lexeme} {_show(node.right)}"
    if isinstance(node, tree.Grouping):
        return f"({_show(node.expression)})"
    return "a part"
