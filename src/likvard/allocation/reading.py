"""Values from a YAML text that a person has written: by the type hints of the dataclass, every error with its line.

The rulebook's reader is for files that are reviewed and shipped; this one is for files that arrive, so it names the line,
speaks both languages, and takes numbers as people write them: `564 000 000`, `12 %`.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import yaml

from likvard.allocation.errors import AllocationError
from likvard.terms import Words

T = TypeVar("T")

_EMPTY = ("", "~", "null")
_BLANKS = str.maketrans("", "", " _\u00a0\u202f")


def read(kind: type[T], text: str) -> T:
    """Make a value of the dataclass `kind`. Raises `AllocationError` with the line and the field of what is wrong."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        raise AllocationError(
            Words(f"Rad {line}: filen är inte YAML.", f"Line {line}: the file is not YAML."), _LOOK
        ) from error
    return cast(T, _value(kind, yaml.ScalarNode("", "") if node is None else node, ""))


_MEND = Words("Rätta filen.", "Mend the file.")
_LOOK = Words(
    "Se efter på raden och den före: kolon, hakar, citattecken, och blanksteg i stället för tabbar i början.",
    "Look at the line and the one before: colons, brackets, quotation marks, and blanks instead of tabs at the start.",
)
_COPY = Words(
    "Skriv namn: värde på varje rad; docs/allocation.md har en hel omgång att kopiera.",
    "Write name: value on each line; docs/allocation.md has a whole round to copy.",
)


def _wrong(node: yaml.Node, field: str, sv: str, en: str, remedy: Words = _MEND) -> AllocationError:
    line = 1 if node.start_mark is None else node.start_mark.line + 1
    where = f", {field}" if field else ""
    return AllocationError(Words(f"Rad {line}{where}: {sv}", f"Line {line}{where}: {en}"), remedy)


def _value(hint: Any, node: yaml.Node, field: str) -> object:  # noqa: ANN401 - a type hint has no type of its own
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _either(inner, node, field)
    if origin is tuple:
        return _every(inner[0], node, field)
    if origin is Literal:
        return _one_of(inner, node, field)
    if hint is Words:
        return _words(node, field)
    if is_dataclass(hint):
        return _made(hint, node, field)  # type: ignore[arg-type]
    if issubclass(hint, Enum):
        return hint(_one_of(tuple(str(member.value) for member in hint), node, field))
    return _scalar(hint, node, field)


def _either(hints: tuple[Any, ...], node: yaml.Node, field: str) -> object:
    """The first of the types that takes the value; nothing written is None where that is allowed."""
    if type(None) in hints and isinstance(node, yaml.ScalarNode) and node.value in _EMPTY:
        return None
    kinds = [hint for hint in hints if hint is not type(None)]
    for hint in kinds[:-1]:
        try:
            return _value(hint, node, field)
        except AllocationError:
            continue
    if len(kinds) == 1:
        return _value(kinds[0], node, field)
    return _scalar(kinds[-1], node, field, [_SCALARS[kind][1] for kind in kinds])


def _every(hint: object, node: yaml.Node, field: str) -> tuple[object, ...]:
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong(node, field, "här ska det stå en lista.", "a list is expected here.")
    found = tuple(_value(hint, item, f"{field} {number}") for number, item in enumerate(node.value, start=1))
    _refuse_doubles(found, node, field)
    return found


def _refuse_doubles(found: tuple[object, ...], node: yaml.SequenceNode, field: str) -> None:
    """Refuse a second row of the same code, by its line."""
    first: dict[object, int] = {}
    for number, (one, item) in enumerate(zip(found, node.value, strict=True), start=1):
        code = getattr(one, "code", None)
        if code is not None and code in first:
            said = Words(
                f"koden {code} står redan i {field} {first[code]}.",
                f"the code {code} is in {field} {first[code]} already.",
            )
            raise _wrong(item, f"{field} {number}", said.sv, said.en, _ONCE)
        first[code] = number


_ONCE = Words("Ta bort den ena raden, eller rätta koden.", "Remove one of the rows, or correct the code.")


def _one_of(allowed: tuple[Any, ...], node: yaml.Node, field: str) -> str:
    text = _text(node, field)
    if text not in allowed:
        raise _wrong(
            node,
            field,
            f"väntade {', '.join(allowed)}, fick {text!r}.",
            f"expected {', '.join(allowed)}, got {text!r}.",
        )
    return text


def _words(node: yaml.Node, field: str) -> Words:
    """A text in both languages; one that is written once is the same in both."""
    if isinstance(node, yaml.ScalarNode):
        return Words(*(_text(node, field),) * 2)
    return cast(Words, _made(Words, node, field))


_SCALARS: dict[type, tuple[Callable[[str], object], Words]] = {
    str: (str, Words("en text", "a text")),
    int: (lambda text: int(text.translate(_BLANKS)), Words("ett heltal", "a whole number")),
    float: (lambda text: _number(text.translate(_BLANKS)), Words("ett tal med decimalpunkt", "a number")),
    date: (date.fromisoformat, Words("en dag som 2025-10-15", "a day such as 2025-10-15")),
    bool: (lambda text: {"true": True, "false": False}[text], Words("true eller false", "true or false")),
}


_WRITE = {
    int: Words(
        "Skriv bara siffror, till exempel 28 000 000, utan decimaler.",
        "Write digits alone, for instance 28 000 000, without decimals.",
    ),
    float: Words(
        "Skriv till exempel 401.5, 0.1 eller 10 %, med punkt och inte komma.",
        "Write for instance 401.5, 0.1 or 10 %, with a point and no comma.",
    ),
}


def _number(text: str) -> float:
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def _scalar(kind: type, node: yaml.Node, field: str, expected: Sequence[Words] = ()) -> object:
    text = _text(node, field)
    make, usual = _SCALARS[kind]
    try:
        return make(text)
    except (ValueError, KeyError):
        sv, en = (" eller ".join(w.sv for w in expected or [usual]), " or ".join(w.en for w in expected or [usual]))
        write = _MEND if expected else _WRITE.get(kind, _MEND)
        raise _wrong(node, field, f"väntade {sv}, fick {text!r}.", f"expected {en}, got {text!r}.", write) from None


def _text(node: yaml.Node, field: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.value in _EMPTY:
        raise _wrong(node, field, "här saknas ett värde.", "a value is missing here.")
    return str(node.value).strip()


def _made(kind: type, node: yaml.Node, field: str) -> object:
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(node, field, "här ska det stå fält med namn.", "named fields are expected here.", _COPY)
    known = {f.name: f for f in fields(kind)}
    written: dict[str, yaml.Node] = {}
    for key, value in node.value:
        _check_name(key, known, written)
        written[key.value] = value
    for name, one in known.items():
        if name not in written and one.default is MISSING and one.default_factory is MISSING:
            raise _wrong(node, field, f"fältet {name} saknas.", f"the field {name} is missing.")
    hints = get_type_hints(kind)
    values = {name: _value(hints[name], value, name) for name, value in written.items()}
    try:
        return kind(**values)
    except AllocationError as error:
        raise _wrong(node, field, error.said.sv, error.said.en, error.instead) from error


def _check_name(key: yaml.Node, known: dict[str, Any], written: dict[str, yaml.Node]) -> None:
    if key.value in written:
        raise _wrong(key, key.value, "fältet står två gånger.", "the field is written twice.")
    if key.value not in known:
        near = difflib.get_close_matches(str(key.value), known, n=1)
        names = near[0] if near else ", ".join(known)
        raise _wrong(
            key, str(key.value), f"det fältet finns inte; menas {names}?", f"there is no such field; is it {names}?"
        )
