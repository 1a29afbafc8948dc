"""lme4's formula language: columns and groups named as R 4.2.2 and lme4 1.1-31 name them."""

from __future__ import annotations

import duckdb
import pytest

from likvard.models.formula import read_formula
from likvard.models.formula_plan import make_plan, needs
from likvard.terms import ModelError, UsageError

KINDS = {"y": "number", "x": "number", "z": "number", "day of week": "number", "r": "number", "d": "number"}
KINDS |= {"f": "text", "a": "coded", "b": "coded", "c": "coded", "g": "flag", "when": "other"}
LEVELS = {"f": ("u", "v", "w"), "a": ("1", "2"), "b": ("1", "2", "3"), "c": ("1", "2"), "g": (False, True)}
LEVELS |= {"factor(r)": (1, 2, 3), "as.factor(b)": LEVELS["b"]}


def plan(text: str, shifts: dict[str, float] | None = None):
    formula = read_formula(text)
    wanted = needs(formula, KINDS)
    levels = {name: LEVELS[name] for name in wanted.factors}
    return make_plan(formula, wanted, levels, shifts or {}, {"d"}, reml=True)


def fixed(text: str) -> str:
    return ", ".join(c.name for c in plan(text).model.fixed)


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("y ~ x + (1|a)", "(Intercept), x"),
        ("y ~ (1|a)", "(Intercept)"),
        ("y ~ 1 + ((1|a))", "(Intercept)"),
        ("y ~ x*f + (1|a)", "(Intercept), x, fv, fw, x:fv, x:fw"),
        ("y ~ f:x + (1|a)", "(Intercept), fu:x, fv:x, fw:x"),
        ("y ~ b:f + x + f + (1|a)", "(Intercept), x, fv, fw, b2:fu, b3:fu, b2:fv, b3:fv, b2:fw, b3:fw"),
        ("y ~ 0 + f*x + (1|a)", "fu, fv, fw, x, fv:x, fw:x"),
        ("y ~ f*b - x + (1|a)", "(Intercept), fv, fw, b2, b3, fv:b2, fw:b2, fv:b3, fw:b3"),
        (
            "y ~ x + x:f:g + (1|a)",
            "(Intercept), x, " + ", ".join(f"x:f{i}:g{j}" for j in ("FALSE", "TRUE") for i in "uvw"),
        ),
        ("y ~ (x+f+g)^2 + (1|a)", "(Intercept), x, fv, fw, gTRUE, x:fv, x:fw, x:gTRUE, fv:gTRUE, fw:gTRUE"),
        ("y ~ (x+f)**2 + (1|a)", "(Intercept), x, fv, fw, x:fv, x:fw"),
        ("y ~ x*f - 1 + (1|a)", "x, fu, fv, fw, x:fv, x:fw"),
        ("y ~ -1 + x + (1|a)", "x"),
        ("y ~ x/f + (1|a)", "(Intercept), x, x:fv, x:fw"),
        ("y ~ f/x + (1|a)", "(Intercept), fv, fw, fu:x, fv:x, fw:x"),
        ("y ~ (x + z)/f + (1|a)", "(Intercept), x, z, x:z:fu, x:z:fv, x:z:fw"),
        ("y ~ x*f*z - x:f:z - f:z + (1|a)", "(Intercept), x, fv, fw, z, x:fv, x:fw, x:z"),
        ("y ~ factor(r) + as.factor(b) + (1|a)", "(Intercept), factor(r)2, factor(r)3, as.factor(b)2, as.factor(b)3"),
        ("y ~ I(x^2) + I(2*x+1) + log(x+10) + (1|a)", "(Intercept), I(x^2), I(2 * x + 1), log(x + 10)"),
        (
            "y ~ x + I(x*x) + exp(x) + sqrt(x+9) + abs(-x) + (1|a)",
            "(Intercept), x, I(x * x), exp(x), sqrt(x + 9), abs(-x)",
        ),
        ("y ~ f*g + x - f + (1|a)", "(Intercept), gTRUE, x, fv:gFALSE, fw:gFALSE, fv:gTRUE, fw:gTRUE"),
        ("y ~ 0 + x:f + f:g + (1|a)", "x:fu, x:fv, x:fw, fu:gTRUE, fv:gTRUE, fw:gTRUE"),
        ("y ~ f:g - 1 + (1|a)", "fu:gFALSE, fv:gFALSE, fw:gFALSE, fu:gTRUE, fv:gTRUE, fw:gTRUE"),
        ("y ~ I(x/2) + I(-x^2) + I((x + 1)*2) + (1|a)", "(Intercept), I(x/2), I(-x^2), I((x + 1) * 2)"),
        ("log(y+10) ~ d + `day of week` + (1|a)", "(Intercept), d, day of week"),
    ],
)
def test_fixed_columns_are_named_and_ordered_as_in_r(formula, columns):
    assert fixed(formula) == columns


@pytest.mark.parametrize(
    ("formula", "effects"),
    [
        ("y ~ x + (1|a/b/c)", {"c:(b:a)": "(Intercept)", "b:a": "(Intercept)", "a": "(Intercept)"}),
        ("y ~ x + (1|a:b) + (1|a)", {"a:b": "(Intercept)", "a": "(Intercept)"}),
        ("y ~ x + (x||a)", {"a": "(Intercept)", "a.1": "x"}),
        (
            "y ~ x + (x + z || a/b)",
            dict.fromkeys(("b:a", "a"), "(Intercept)")
            | dict.fromkeys(("b:a.1", "a.1"), "x")
            | dict.fromkeys(("b:a.2", "a.2"), "z"),
        ),
        ("y ~ x*f + (f||a)", {"a": "(Intercept)", "a.1": "fu,fv,fw"}),
        ("y ~ x + (0+f|a) + (1|b)", {"a": "fu,fv,fw", "b": "(Intercept)"}),
        ("y ~ x + (1|a) + (0+x|a)", {"a": "(Intercept)", "a.1": "x"}),
        ("y ~ x + (x-1|a)", {"a": "x"}),
        ("y ~ x + (1+x+f|a)", {"a": "(Intercept),x,fv,fw"}),
        ("y ~ x + (x*f|a)", {"a": "(Intercept),x,fv,fw,x:fv,x:fw"}),
        ("y ~ (1 + x) + (d|a)", {"a": "(Intercept),d"}),
    ],
)
def test_random_terms_are_named_as_in_lme4(formula, effects):
    found = plan(formula).model.effects
    assert {e.name: ",".join(c.name for c in e.columns) for e in found} == effects


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("y ~ x", "no random term"),
        ("x + (1|a)", "no ~"),
        ("y ~ poly(x, 2) + (1|a)", "poly"),
        ("y ~ x x2 + (1|a)", "x2"),
        ("y ~ x + (1|a", "Expect"),
        ("y ~ . + (1|a)", "parse"),
        ("y ~ x + (1|log(a))", "after |"),
        ("y ~ (x > 0) + (1|a)", "'>'"),
        ("y ~ I(f(x)) + (1|a)", "f"),
        ("y ~ x || a", "outside parentheses"),
        ("factor(y) ~ x + (1|a)", "outcome"),
        ("y ~ x + (0|a)", "no columns"),
        ("y ~ x^10 + (1|a)", "power"),
        ("y ~ 2 + (1|a)", "2"),
        ("y ~ x - (1|a)", "|"),
        ("", "length 0"),
        ("y ~ 'x' + (1|a)", "'x'"),
        ("y ~ I(1) + (1|a)", "uses no column"),
        ("f ~ x + (1|a)", "holds text"),
        ("y ~ log(f) + (1|a)", "holds text"),
        ("y ~ when + (1|a)", "neither numbers nor text"),
        ("y ~ y + (1|a)", "both sides"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(formula, said):
    with pytest.raises(UsageError) as error:
        plan(formula)
    assert said in str(error.value)


def test_a_factor_with_one_level_is_refused():
    formula = read_formula("y ~ f + (1|a)")
    with pytest.raises(ModelError, match="same value in every row"):
        make_plan(formula, needs(formula, KINDS), {"f": ("u",)}, {}, (), reml=True)


@pytest.mark.parametrize(
    ("formula", "shifted"),
    [
        ("y ~ x + z + (1|a)", {"x", "z", "y"}),
        ("y ~ x*f + (x|a)", {"x", "y"}),
        ("y ~ x + I(x^2) + (1|a)", {"x", "y"}),
        ("y ~ I(x^2) + (1|a)", {"y"}),
        ("y ~ f:x + (1|a)", {"y"}),
        ("y ~ 0 + x + (1|a)", set()),
        ("y ~ 0 + f + x + (1|a)", {"x", "y"}),
        ("y ~ f/x + (1|a)", {"x", "y"}),
        ("y ~ x + (z|a)", {"x", "z", "y"}),
    ],
)
def test_a_number_is_shifted_where_the_model_is_closed_under_it(formula, shifted):
    found = plan(formula, {"x": 3.0, "z": 4.0, "y": 5.0})
    moved = {x.name for c in found.columns for x, _ in c.powers if x.shift}
    assert moved == shifted


def test_a_double_bar_inside_quotes_is_left_alone():
    assert read_formula("y ~ `a||b` + (1|a)").variables == ("y", "a||b", "a")


def test_a_minus_binds_more_loosely_than_a_power_as_in_r():
    (atom,) = (a for t in read_formula("y ~ I(-x^2) + (1|a)").fixed.terms for a in t)
    assert duckdb.sql(f"select {atom.sql} from (select 3 as x)").fetchall() == [(-9.0,)]
