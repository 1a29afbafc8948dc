"""Every address × every role × own, other's and nobody's, against a table that a person can read: docs/access-matrix.md.

A new address without an example here fails, and so does an answer that differs from the table. To change the table, run the
test with LIKVARD_WRITE=1 and read the difference before you commit it. SQLite is asked for the whole table, PostgreSQL for every
address and every reader, but of each address only a fifth of the readers, which takes a fifth of the time.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.site.addresses import EXAMPLES, examples

from likvard.disclosure import Cell, CellKind, release
from likvard.disclosure.publication import About, FigureKey, Publication, write
from likvard.site import published
from likvard.site.ui import failures
from likvard.terms import Audience

TABLE = Path(__file__).resolve().parents[2] / "docs" / "access-matrix.md"
WHO = {
    "public": None,
    "no role": "olle",
    "staff": "sten",
    "principal": "rut",
    "pupil health": "elsa",
    "head": "harald",
    "quality": "kim",
    "analyst": "anna",
    "admin": "adam",
    "inspector": "ines",
    "lead": "lea",
    "BEO": "bea",
    "licence": "lis",
    "press": "petra",
    "site admin": "nils",
}
Case = tuple[str, str, str, Mapping[str, Any]]
"""Name of the address, own, other or none, method, arguments."""

HEAD = """# Who may open what

Every address of the site, every role, for what is the reader's own, somebody else's, and not there at all. Made and checked by
`tests/site/test_access_matrix.py` with the cast of `tests/site/conftest.py`: all of them belong to Ekvik, but for the authorities'
people and the site's administrator, who belong to the whole country. `own` is Ekvik's, `other` is Lärkan's, `none` does not exist.
For an account, `own` is one of Ekvik's people. Second factors are taken to be in place.

*yes*: the page; *sign in*: sent to sign-in; *on*: sent on to another page; *no*: refused, with the reason and whom to ask;
*–*: not found, which is also said of what a reader may not know exists; *wrong*: what was sent is refused as wrong.

"""


def _named(resolver: URLResolver, within: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield within + (entry.name or str(entry.pattern))
        else:
            yield from _named(entry, f"{within}{entry.namespace}:" if entry.namespace else within)


NAMES = frozenset(_named(get_resolver()))


def test_every_address_has_an_example() -> None:
    assert sorted(NAMES - set(EXAMPLES)) == []


def test_no_example_is_of_an_address_that_is_gone() -> None:
    assert sorted(set(EXAMPLES) - NAMES) == []


def _said(response: Any) -> str:
    match response.status_code:
        case 200 | 304:
            return "yes"
        case 301 | 302 | 303:
            return "sign in" if "/konto/logga-in/" in response["Location"] else "on"
        case 403 | 401:
            return "no"
        case 404:
            return "–"
        case 400 | 415 | 422:
            return "wrong"
        case code:
            return str(code)


def _answer(client: Client, method: str, address: str) -> Any:
    """What the site answers; whatever it did is undone, in the database and in the browser."""
    before = copy(client.cookies)
    with transaction.atomic():
        response = client.get(address) if method == "GET" else client.post(address)
        transaction.set_rollback(True)
    client.cookies = before
    return response


@pytest.fixture
def published_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A publication with one figure of the country: enough for every page to be there."""
    cell = Cell(
        FigureKey("merit_value", level="nation", area="00", year="2024"), CellKind.MEAN, 228.0, n=90_000, ceiling=340.0
    )
    day = date(2025, 9, 1)
    releases = [(release([cell], audience=audience, on=day), "", frozenset()) for audience in Audience]
    write(tmp_path / "a.sqlite", releases=releases, about=About("lake", "likvard", day, True))
    with closing(Publication.open(tmp_path / "a.sqlite")) as opened:
        monkeypatch.setattr(published, "current", lambda: opened)
        yield


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a refusal is made once for each reader and each kind, since it takes longer than the answer; then its status."""
    whole, made = failures.render, set[tuple[object, str]]()

    def once(request: HttpRequest, template: str, context: Any = None, *, status: int) -> HttpResponse:
        kind = (request.user.pk, template)
        if kind in made:
            return HttpResponse(status=status)
        made.add(kind)
        return whole(request, template, context, status=status)

    monkeypatch.setattr(failures, "render", once)


@pytest.fixture
def unlogged() -> Iterator[None]:
    """Thousands of refusals are not written down one by one, which would take a fifth of the time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.django_db
@pytest.mark.usefixtures("published_figures", "plain_refusals", "unlogged")
def test_the_table_says_what_every_role_may_open(
    cast: Any, places: Any, enter: Callable[..., Client], settings: Any
) -> None:
    settings.SECOND_FACTOR = False
    clients = [enter(getattr(cast, who) if who else None) for who in WHO.values()]
    cases = list(_cases(examples(cast, places)))
    if connection.vendor == "postgresql":
        _compare_a_fifth(clients, cases)
        return
    rows = [_row(case, [_said(_answer(client, *_asked(case))) for client in clients]) for case in cases]
    table = f"| address | {' | '.join(WHO)} |\n|---|{'---|' * len(WHO)}\n" + "".join(row for row in rows if row)
    made = HEAD + table
    if os.environ.get("LIKVARD_WRITE"):
        TABLE.write_text(made, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == made


def _compare_a_fifth(clients: Sequence[Client], cases: Sequence[Case]) -> None:
    """Every fifth reader of each address, others at the next one; addresses that refuse all with 405 have no row."""
    rows = [line.strip("| \n").split(" | ") for line in TABLE.read_text(encoding="utf-8").splitlines() if "|" in line]
    table = {row[0]: row[1:] for row in rows}
    wrong = []
    for number, case in enumerate(cases):
        expected = table.get(_label(case), ["405"] * len(clients))
        for reader in range(number % 5, len(clients), 5):
            said = _said(_answer(clients[reader], *_asked(case)))
            if said != expected[reader]:
                wrong.append((_label(case), list(WHO)[reader], said, expected[reader]))
    assert wrong == []


def _cases(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[Case]:
    for name in sorted(found):
        for variant, arguments in found[name].items():
            for method in ("GET", "POST"):
                yield name, variant, method, arguments


def _asked(case: Case) -> tuple[str, str]:
    """Method and address."""
    name, _variant, method, arguments = case
    return method, arguments["address"] if "address" in arguments else reverse(name, kwargs=arguments)


def _label(case: Case) -> str:
    name, variant, method, _arguments = case
    return f"{method} `{name}`" + (f" {variant}" if variant else "")


def _row(case: Case, said: Sequence[str]) -> str:
    return "" if set(said) == {"405"} else f"| {_label(case)} | {' | '.join(said)} |\n"
