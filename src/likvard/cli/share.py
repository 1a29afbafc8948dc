"""`likvard share`: an organiser's side of a study whose records stay at home."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from likvard.cli.terminal import FOLDER, lake_option, now, out, write_file
from likvard.flow.federation import home
from likvard.flow.federation import keys as cards
from likvard.flow.federation import share as flow
from likvard.flow.federation.check import RefusedShareError
from likvard.flow.federation.envelope import Kind, kind_of, unseal
from likvard.flow.federation.keys import Keys
from likvard.flow.federation.study import Method, Way
from likvard.flow.pupils import SCALE
from likvard.models.federated import OwnEffects
from likvard.terms import Language, SchoolYear, UsageError


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@lake_option
@click.option("--organiser", required=True, help="The organiser's number, ten digits.")
@click.option("--key", type=click.Path(path_type=Path), help="The organiser's key file.")
@click.option("--out", "folder", type=FOLDER, default=Path(), help="Where the file to send is written.")
@click.option(
    "--node", type=click.Path(path_type=Path), help="The national node's card, that the round must be signed by."
)
@click.option("--yes", is_flag=True, help="Write without asking, once the check has passed.")
@click.option("--withdraw", is_flag=True, help="Leave the study instead of answering.")
@click.option("--new-key", type=click.Path(path_type=Path), help="Make a key file, and the card to send to the node.")
@click.option("--name", help="With --new-key: the organiser's name.")
@click.option("--units", type=click.IntRange(min=0), help="With --new-key: about how many units with year 9.")
@click.option("--pupils", type=click.IntRange(min=0), help="With --new-key: about how many pupils leave year 9 a year.")
@click.option("--told", is_flag=True, help="List every study that was answered from this lake, and what it asked for.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON; with a fit, the own units' effects.")
def share(
    file: Path | None,
    lake: Path,
    organiser: str,
    key: Path | None,
    folder: Path,
    node: Path | None,
    yes: bool,
    withdraw: bool,
    new_key: Path | None,
    name: str | None,
    units: int | None,
    pupils: int | None,
    told: bool,
    language: str,
    as_json: bool,
) -> None:
    """Answer a round of a national study with sums.

    FILE is the round. What leaves is checked first, and said in words.

    If FILE is the fit that all made together, show the own units' effects; these stay here.
    """
    if new_key is not None:
        _make(new_key, organiser, folder, name, units, pupils)
        return
    if told:
        _list_told(lake, organiser, as_json)
        return
    keys, content = _keys(key, organiser), _content(file)
    if kind_of(content, str(file)) is Kind.FIT:
        _show_own(content, lake, keys, as_json)
    elif withdraw:
        title, leaving = flow.withdraw(content, lake=lake, keys=keys, at=now())
        _write(folder, title, leaving)
    else:
        signer = None if node is None else cards.read_card(_node(node), str(node)).signing
        _answer(content, lake, keys, signer, folder, Language(language), yes, as_json)


def _list_told(lake: Path, organiser: str, as_json: bool) -> None:
    """The register of what has been told."""
    if not lake.is_dir():
        raise UsageError(f"There is no lake in {lake}.", "Name the lake that was answered from with --lake.")
    rows = [
        {
            "study": past.study.name,
            "purpose": past.study.purpose,
            "years": ", ".join(str(SchoolYear(y)) for y in past.study.years),
            "asked for": ", ".join(past.study.variables),
            "way": str(past.study.way),
            "organisers": sum(len(block.cards) for block in past.blocks),
            "rounds": len(past.answered),
            "last": str(past.last),
        }
        for past in home.told(lake, organiser)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(
        *(rows[0] if rows else (f"Nothing has been told of {organiser} from {lake}.",)), box=None, pad_edge=False
    )
    for row in rows:
        table.add_row(*map(str, row.values()))
    out.print(table)


def _keys(path: Path | None, organiser: str) -> Keys:
    if path is None:
        raise UsageError("No key is given.", "Name the key file with --key, or make one with --new-key.")
    keys = cards.read_keys(path)
    if keys.organiser != organiser:
        raise UsageError(f"The key is of {keys.organiser}, not of {organiser}.", "Name the organiser's own key.")
    return keys


def _content(file: Path | None) -> bytes:
    if file is None or not file.is_file():
        raise UsageError(f"There is no file {file}.", "Name the round that the national node sent.")
    return file.read_bytes()


def _node(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", "Name the node's card, or leave --node out.")
    return path.read_bytes()


def _make(path: Path, organiser: str, folder: Path, name: str | None, units: int | None, pupils: int | None) -> None:
    if name is None or units is None or pupils is None:
        raise UsageError("A card says name, units and pupils.", "Give --name, --units and --pupils.")
    folder.mkdir(parents=True, exist_ok=True)  # before there is a key that is never written over
    keys = cards.new_keys(path, organiser)
    _write(folder, f"card-{organiser}.json", cards.card_of(keys, name, units=units, pupils=pupils))


def _write(folder: Path, name: str, content: bytes) -> None:
    out.print(str(write_file(folder, name, content)), soft_wrap=True, markup=False)


def _answer(
    content: bytes, lake: Path, keys: Keys, node: str | None, folder: Path, language: Language, yes: bool, as_json: bool
) -> None:
    try:
        found = flow.prepare(content, lake=lake, keys=keys, at=now(), node=node)
    except RefusedShareError as refused:
        raise refused.said(language) from None
    sv = language is Language.SV
    if as_json:
        says = [w[language] for w in found.words]
        click.echo(json.dumps({"says": says, "fingerprint": found.fingerprint, "file": found.name}, ensure_ascii=False))
    else:
        for words in found.words:
            out.print(words[language] + "\n", markup=False)
        if found.round.study.way is Way.MASKED:
            out.print(("Blockets fingeravtryck: " if sv else "The block's fingerprint: ") + found.fingerprint)
        if found.new_node:
            new = (
                "Ingen fil från denna nod har kommit förut. Dess nyckel: "
                if sv
                else "No file of this node came before. Its key: "
            )
            out.print(new + found.round.signer, soft_wrap=True)
    if not yes and not click.confirm("Ska svaret skrivas?" if sv else "Write the answer?", err=True):
        raise UsageError("Nothing was written.", "Run again when you have decided.")
    path = flow.hand_out(found, folder)
    if not as_json:
        out.print(str(path), soft_wrap=True, markup=False)


def _show_own(content: bytes, lake: Path, keys: Keys, as_json: bool) -> None:
    """The own units by the fit that all made together: their effects, or for a goal their need."""
    shown: dict[str, list[dict[str, object]]]
    if unseal(content, Kind.FIT, "the fit").body.get("method") == str(Method.LOGISTIC):
        shown = {"need": [asdict(one) for one in home.own_index(content, lake=lake, keys=keys)]}
    else:
        shown = {level.name: _listed(level) for level in home.own_effects(content, lake=lake, keys=keys)}
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for name, rows in shown.items():
        table = Table(*rows[0], title=name, box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(f"{v:.2f}" if isinstance(v, float) else str(v) for v in row.values()))
        out.print(table)


def _listed(level: OwnEffects) -> list[dict[str, object]]:
    """In points: sums are of whole half points."""
    keys = zip(*(k.tolist() for k in level.keys), strict=True)
    each = zip(keys, (level.mode / SCALE).tolist(), (level.sd / SCALE).tolist(), strict=True)
    return [{"key": ":".join(map(str, key)), "effect": mode, "sd": sd} for key, mode, sd in each]
