"""`likvard merge`: the national node's side of a study whose records stay with the organisers."""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime
from pathlib import Path

import click
import yaml

from likvard.cli.terminal import FOLDER, err, out, write_file
from likvard.flow.federation import keys as cards
from likvard.flow.federation import merge as flow
from likvard.flow.federation.check import Block
from likvard.flow.federation.envelope import Kind, unseal
from likvard.flow.federation.keys import NODE
from likvard.flow.federation.rounds import open_study, read_round
from likvard.flow.federation.study import study_from
from likvard.terms import InputError, Language, UsageError


@click.command()
@click.argument("answers", nargs=-1, type=click.Path(path_type=Path))
@click.option("--round", "asked", type=click.Path(path_type=Path), help="The round that the ANSWERS are to.")
@click.option("--key", type=click.Path(path_type=Path), help="The node's key file.")
@click.option("--out", "folder", type=FOLDER, required=True, help="The study's folder.")
@click.option(
    "--answer-by", type=click.DateTime(["%Y-%m-%d"]), help="The last day to answer the round that is written."
)
@click.option("--leave-out", is_flag=True, help="Go on without the blocks whose answers are missing or cannot be.")
@click.option("--open", "study", type=click.Path(path_type=Path), help="Open a study, declared in YAML.")
@click.option(
    "--card",
    "company",
    multiple=True,
    type=click.Path(path_type=Path),
    help="With --open: organisers' cards, files or folders.",
)
@click.option(
    "--withdrawal",
    multiple=True,
    type=click.Path(path_type=Path),
    help="With --open: of those who left an earlier study.",
)
@click.option(
    "--like", type=click.Path(path_type=Path), help="With --open: round 0 of an earlier study, whose blocks are kept."
)
@click.option("--seed", help="With --open: draws the blocks; random if not given.")
@click.option("--new-key", type=click.Path(path_type=Path), help="Make the node's key file, and its card.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def merge(
    answers: tuple[Path, ...],
    asked: Path | None,
    key: Path | None,
    folder: Path,
    answer_by: datetime | None,
    leave_out: bool,
    study: Path | None,
    company: tuple[Path, ...],
    withdrawal: tuple[Path, ...],
    like: Path | None,
    seed: str | None,
    new_key: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Open a study, or add up the answers to a round.

    What comes out is the next round, or the fit.

    A block of which an answer is missing is waited for. Nothing but sums over blocks can be read.
    """
    if new_key is not None:
        folder.mkdir(parents=True, exist_ok=True)  # before there is a key that is never written over
        keys = cards.new_keys(new_key, NODE)
        _write(folder, "node-card.json", cards.card_of(keys, NODE, units=0, pupils=0))
    elif study is not None:
        _open(study, company, withdrawal, like, seed, key, folder, _day(answer_by))
    elif asked is not None:
        _merge(asked, answers, key, folder, _day(answer_by), leave_out, Language(language), as_json)
    else:
        raise UsageError("Nothing to do.", "Give --new-key, --open or --round.")


def _write(folder: Path, name: str, content: bytes) -> None:
    out.print(str(write_file(folder, name, content)), soft_wrap=True, markup=False)


def _day(given: datetime | None) -> date:
    if given is None:
        raise UsageError("No day is given.", "Say with --answer-by which day is the last to answer.")
    return given.date()


def _files(paths: tuple[Path, ...]) -> list[tuple[str, bytes]]:
    """The files, and those in the folders, by name."""
    found = [f for path in paths for f in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    if gone := [f for f in found if not f.is_file()]:
        raise InputError(f"There is no file {gone[0]}.", "Check the path.")
    return [(f.name, f.read_bytes()) for f in found]


def _keys(path: Path | None) -> cards.Keys:
    if path is None:
        raise UsageError("No key is given.", "Name the node's key file with --key.")
    return cards.read_keys(path)


def _open(
    study: Path,
    company: tuple[Path, ...],
    withdrawal: tuple[Path, ...],
    like: Path | None,
    seed: str | None,
    key: Path | None,
    folder: Path,
    answer_by: date,
) -> None:
    try:
        declared = yaml.safe_load(study.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        raise InputError(f"{study} cannot be read as YAML.", "Check the file.") from None
    if not isinstance(declared, dict):
        raise InputError(f"{study} declares nothing.", "List the study's fields.")
    known = [cards.read_card(content, name) for name, content in _files(company)]
    left, gone = [], set()
    for name, content in _files(withdrawal):
        gone.add(str(unseal(content, Kind.WITHDRAWAL, name).body["organiser"]))
        left.append(content.decode().strip())
    path = folder / "round-00.json"
    if path.exists():
        raise UsageError(f"{path} is there already.", "Use a new folder for a new study.")
    asked, keys, before = study_from(declared), _keys(key), () if like is None else _blocks(like, gone)
    if not known:
        raise UsageError("No organiser is asked.", "Name the organisers' cards, or a folder of them, with --card.")
    content = open_study(
        asked,
        known,
        keys,
        answer_by=answer_by,
        withdrawals=left,
        seed=seed or secrets.token_hex(8),
        before=before,
    )
    blocks = len(read_round(content, path.name).blocks)
    out.print(
        f"{len(known)} organiser{'s' * (len(known) != 1)} in {blocks} block{'s' * (blocks != 1)}. Send each the file:"
    )
    _write(folder, path.name, content)


def _blocks(like: Path, gone: set[str]) -> tuple[Block, ...]:
    """The blocks of an earlier study, without those who have said that they never answered it."""
    if not like.is_file():
        raise InputError(f"There is no file {like}.", "Check the path.")
    blocks = read_round(like.read_bytes(), like.name).blocks
    return tuple(Block(tuple(card for card in block.cards if card.organiser not in gone)) for block in blocks)


def _merge(
    asked: Path,
    answers: tuple[Path, ...],
    key: Path | None,
    folder: Path,
    answer_by: date,
    leave_out: bool,
    language: Language,
    as_json: bool,
) -> None:
    if not asked.is_file():
        raise InputError(f"There is no file {asked}.", "Check the path.")
    files, keys = _files(answers), _keys(key)
    found = flow.merge(asked.read_bytes(), files, folder=folder, keys=keys, answer_by=answer_by, leave_out=leave_out)
    if as_json:
        click.echo(json.dumps(_as_dict(found, language), ensure_ascii=False, indent=1))
    else:
        _tell(found, language)


def _as_dict(found: flow.Merged, language: Language) -> dict[str, object]:
    fit = {}
    if found.fit is not None and found.path is not None:
        fit = dict(unseal(found.path.read_bytes(), Kind.FIT, "fit.json").body)
    return {
        "problems": [{"about": p.about, "words": p.words[language]} for p in found.problems],
        "missing": [card.organiser for card in found.missing],
        "left_out": {str(i + 1): words[language] for i, words in found.left_out.items()},
        "path": None if found.path is None else str(found.path),
        "next": found.asked,
        "fit": fit or None,
    }


def _tell(found: flow.Merged, language: Language) -> None:
    for problem in found.problems:
        said = problem.words[language]
        err.print(said if problem.about in said else f"{problem.about}: {said}", markup=False, soft_wrap=True)
    for i, words in found.left_out.items():
        err.print(f"Block {i + 1} is left out: {words[language]}.", markup=False)
    if found.missing:
        names = ", ".join(card.name for card in found.missing[:20])
        err.print(f"{len(found.missing)} answers are missing: {names}", markup=False, soft_wrap=True)
    if found.path is None:
        out.print("Nothing is written: some block is not whole. Wait, or use --leave-out.")
        return
    if found.fit is not None:
        _print_fit(found, found.path.read_bytes())
    else:
        out.print(f"Round {found.asked}. Send the file to everybody in the study:")
    out.print(str(found.path), soft_wrap=True, markup=False)


def _print_fit(found: flow.Merged, content: bytes) -> None:
    """The fit as its file tells it: results in points."""
    fit = unseal(content, Kind.FIT, "fit.json").body
    logistic = "loglik" in fit
    out.print(f"{'':<20} {'log odds' if logistic else 'points':>12} {'error':>10}")
    for name, beta, se in zip(fit["names"], fit["beta"], fit["se"], strict=True):
        out.print(f"{name:<20} {beta:12.5f} {se:10.5f}", markup=False)
    if logistic:
        out.print(f"{fit['n']} pupils, log likelihood {fit['loglik']:.4f}")
    else:
        for c in fit["components"]:
            told = f"standard deviation {c['variance'] ** 0.5:.3f} points ({c['groups']} groups)"
            out.print(f"{c['name']:<20} {told}", markup=False)
        out.print(f"{'pupils':<20} standard deviation {fit['sigma2'] ** 0.5:.3f} points ({fit['n']} pupils)")
        out.print(f"residual variance {fit['sigma2']:.5f}, criterion {fit['criterion']:.4f}")
    for s in found.stands_out:
        err.print(
            f"Block {s.block + 1} does not look like the others (chance {s.chance:.0e}): look into it before use."
        )
