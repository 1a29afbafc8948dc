"""A whole study by the two commands, from keys to the fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest
from click.testing import CliRunner, Result
from tests.flow.federation.conftest import ORGANISERS, deliver, invent

from likvard.cli.merge import merge
from likvard.cli.share import share
from likvard.flow.federation.check import RefusedShareError
from likvard.terms import LikvardError, UsageError

WHO = ORGANISERS[:3]
DAY = ("--answer-by", "2098-12-31")
STUDY = """
name: Likvärdighet
purpose: Hur mycket skiljer mellan skolor?
years: [2024]
outcome: merit
fixed: [girl]
levels: [unit]
way: {way}
most_rounds: 9
"""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a lake, keys and cards."""
    folder = tmp_path_factory.mktemp("commands")
    deliver(folder / "lake", invent(11, (50, 70), (4,) * 3))
    run(merge, "--new-key", folder / "node.key", "--out", folder)
    for o in WHO:
        card = ("--name", f"Huvudman {o}", "--units", 4, "--pupils", 240)
        run(share, "--new-key", folder / f"{o}.key", "--organiser", o, *card, "--out", folder / "cards")
    return folder


def run(command: Callable[..., object], *words: object, stdin: str = "") -> Result:
    found = CliRunner().invoke(command, [str(w) for w in words], input=stdin)  # type: ignore[arg-type]
    if isinstance(found.exception, LikvardError):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found


def begin(ground: Path, name: str, way: str, *changes: tuple[str, str]) -> Path:
    """Open a study in a folder of its own, before organisers who remember nothing."""
    folder = ground / name
    folder.mkdir()
    text = STUDY.format(way=way)
    for was, becomes in changes:
        text = text.replace(was, becomes)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    rmtree(ground / "lake" / "federation", ignore_errors=True)
    key = ("--key", ground / "node.key")
    run(merge, "--open", folder / "study.yaml", "--card", ground / "cards", *key, "--out", folder, *DAY)
    return folder


def answer(ground: Path, asked: Path, folder: Path, who: str = WHO[0], *more: object, stdin: str = "") -> Result:
    key = ("--organiser", who, "--key", ground / f"{who}.key")
    return run(share, asked, "--lake", ground / "lake", *key, "--out", folder, *more, stdin=stdin)


def test_a_study_from_the_first_round_to_the_fit(ground: Path) -> None:
    folder = begin(ground, "whole", "clear")
    for number in range(10):
        asked, answers = folder / f"round-{number:02d}.json", folder / f"answers-{number}"
        for who in WHO:
            answer(ground, asked, answers, who, "--yes", "--node", ground / "node-card.json")
        found = run(merge, answers, "--round", asked, "--key", ground / "node.key", "--out", folder, *DAY, "--json")
        if fit := json.loads(found.stdout)["fit"]:
            break
    assert fit["names"] == ["(Intercept)", "girl"]
    assert fit["components"][0]["groups"] == 12
    assert 0 < fit["beta"][0] < 340
    assert fit["sigma2"] ** 0.5 < 100
    own = json.loads(answer(ground, folder / "fit.json", folder, WHO[1], "--json").stdout)
    assert [one["key"] for one in own["unit"]] == ["10000004", "10000005", "10000006", "10000007"]


def test_nothing_is_written_without_a_yes(ground: Path) -> None:
    folder = begin(ground, "asked", "clear")
    with pytest.raises(UsageError, match="Nothing was written"):
        answer(ground, folder / "round-00.json", folder / "answers", stdin="n\n")
    assert not (folder / "answers").exists()
    found = answer(ground, folder / "round-00.json", folder / "answers", stdin="y\n")
    assert "Filen innehåller" in found.output
    assert len(list((folder / "answers").iterdir())) == 1


def test_too_few_for_masks_are_told_so_when_the_study_is_opened(ground: Path) -> None:
    with pytest.raises(UsageError, match="at least 10"):
        begin(ground, "masked", "masked")


def test_a_refusal_is_in_the_readers_language(ground: Path) -> None:
    folder = begin(ground, "rare", "clear", ("[girl]", "[girl, newcomer, compulsory]"))
    with pytest.raises(RefusedShareError, match="skulle summan berätta om färre än 5 elever"):
        answer(ground, folder / "round-00.json", folder)
    with pytest.raises(RefusedShareError, match="the sum would tell of fewer than 5 pupils"):
        answer(ground, folder / "round-00.json", folder, WHO[0], "--language", "en")


def test_who_is_late_is_named(ground: Path) -> None:
    folder = begin(ground, "late", "clear")
    answer(ground, folder / "round-00.json", folder / "answers", WHO[0], "--yes")
    words = ("--round", folder / "round-00.json", "--key", ground / "node.key", "--out", folder, *DAY)
    found = run(merge, folder / "answers", *words)
    assert "2 answers are missing: Huvudman 2120000002, Huvudman 2120000003" in found.output
    assert "Nothing is written" in found.output


def test_what_has_been_told_is_listed(ground: Path) -> None:
    folder = begin(ground, "listed", "clear")
    answer(ground, folder / "round-00.json", folder / "answers", WHO[1], "--yes")
    told = ("--told", "--organiser", WHO[1], "--lake", ground / "lake")
    listed = json.loads(run(share, *told, "--json").stdout)
    assert {row["asked for"] for row in listed} == {"merit, girl"}
    assert "Hur mycket skiljer mellan skolor?" in run(share, *told).output
    assert (
        "Nothing has been told" in run(share, "--told", "--organiser", "2120009999", "--lake", ground / "lake").output
    )


def test_one_may_withdraw(ground: Path) -> None:
    folder = begin(ground, "gone", "clear")
    answer(ground, folder / "round-00.json", folder / "answers", WHO[2], "--withdraw")
    assert [path.name.split("-")[1] for path in (folder / "answers").iterdir()] == ["withdrawal"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--organiser", WHO[0]), "No key"),
        (("--organiser", WHO[0], "--key", "{}/2120000002.key"), "is of 2120000002"),
        (("--organiser", WHO[0], "--key", "{}/2120000001.key", "nowhere.json"), "There is no file"),
        (("--organiser", WHO[0], "--new-key", "{}/new.key"), "A card says"),
        (("--organiser", WHO[0], "--told", "--lake", "{}/no-lake"), "There is no lake"),
    ],
)
def test_what_is_missing_is_told(ground: Path, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        run(share, *(w.format(ground) for w in words))


def test_the_nodes_card_must_be_there(ground: Path) -> None:
    folder = begin(ground, "card", "clear")
    with pytest.raises(UsageError, match=r"There is no file .*/none\.json"):
        answer(ground, folder / "round-00.json", folder / "answers", WHO[0], "--node", ground / "none.json")


def test_merge_without_a_task_says_what_it_can_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nothing to do"):
        run(merge, "--out", tmp_path)


def test_a_goal_in_words_from_the_first_round_to_each_units_need(ground: Path) -> None:
    goal = (("outcome: merit", "outcome: all_subjects\nmethod: logistic"), ("levels: [unit]", "levels: []"))
    folder = begin(ground, "goal", "clear", *goal)
    for number in range(10):
        asked, answers = folder / f"round-{number:02d}.json", folder / f"answers-{number}"
        for who in WHO:
            answer(ground, asked, answers, who, "--yes", "--json")
        found = run(merge, answers, "--round", asked, "--key", ground / "node.key", "--out", folder, *DAY)
        if (folder / "fit.json").exists():
            break
    assert "log likelihood" in found.output
    assert "girl" in found.output
    told = answer(ground, folder / "fit.json", folder, WHO[1]).output
    assert "10000004" in told
    assert "index" in told


def test_a_fit_of_levels_is_shown_in_words_and_a_stranger_is_told_of(ground: Path) -> None:
    folder = begin(ground, "words", "once")
    for who in WHO:
        answer(ground, folder / "round-00.json", folder / "answers", who, "--yes", "--language", "en")
    (folder / "answers" / "z.json").write_text("{}")
    words = ("--round", folder / "round-00.json", "--key", ground / "node.key", "--out", folder, *DAY)
    found = run(merge, folder / "answers", *words)
    assert "z.json" in found.output
    assert "(12 groups)" in found.output
    assert "residual variance" in found.output
    with pytest.raises(UsageError, match="no multilevel study"):
        answer(ground, folder / "fit.json", folder, WHO[0])


def test_a_block_is_left_out_when_told_so(ground: Path) -> None:
    folder = begin(ground, "out", "clear")
    for who in WHO[:2]:
        answer(ground, folder / "round-00.json", folder / "answers", who, "--yes")
    words = ("--round", folder / "round-00.json", "--key", ground / "node.key", "--out", folder, *DAY)
    found = run(merge, folder / "answers", *words, "--leave-out", "--language", "sv")
    assert "is left out: svar saknades" in found.output
    assert found.output.rstrip().endswith("round-01.json")
    again = (
        "--open",
        folder / "study.yaml",
        "--card",
        ground / "cards",
        "--key",
        ground / "node.key",
        "--out",
        folder,
        *DAY,
    )
    with pytest.raises(UsageError, match="there already"):
        run(merge, *again)
    (ground / "second").mkdir(exist_ok=True)
    like = ("--like", folder / "round-00.json", "--seed", "s")
    kept = run(merge, *again[:-4], "--out", ground / "second", *DAY, *like)
    assert "3 organisers in 3 blocks" in kept.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--round", "{}/nowhere.json", *DAY), "There is no file"),
        (("--round", "{}/nowhere.json"), "No day is given"),
        (("--open", "{}/nowhere.yaml", *DAY), "cannot be read as YAML"),
        (("--open", "{}/empty.yaml", *DAY), "declares nothing"),
        (("--open", "{}/study.yaml", "--card", "{}/none.json", *DAY), "There is no file"),
        (("--open", "{}/study.yaml", *DAY), "No key is given"),
        (("--open", "{}/study.yaml", "--key", "{}/node.key", *DAY), "No organiser is asked"),
        (("--open", "{}/study.yaml", "--key", "{}/node.key", "--like", "{}/none.json", *DAY), "There is no file"),
    ],
)
def test_what_merge_misses_is_told(ground: Path, tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    (ground / "empty.yaml").write_text("")
    (ground / "study.yaml").write_text(STUDY.format(way="clear"), encoding="utf-8")
    with pytest.raises(LikvardError, match=why):
        run(merge, *(w.format(ground) for w in words), "--out", tmp_path / "study")
    assert not (tmp_path / "study").exists()


def test_what_fails_leaves_neither_a_key_nor_a_folder(ground: Path, tmp_path: Path) -> None:
    """A key is never written over: made before its card could not be, it would stand in the way of the next try."""
    (tmp_path / "file").write_text("in the way")
    card = ("--organiser", WHO[0], "--name", "Huvudman", "--units", 4, "--pupils", 240)
    for command, more in ((share, card), (merge, ())):
        failed = CliRunner().invoke(
            command, [str(w) for w in ("--new-key", tmp_path / "new.key", *more, "--out", tmp_path / "file" / "sub")]
        )
        assert failed.exit_code != 0
        assert not (tmp_path / "new.key").exists()
    where = begin(ground, "signed by another", "clear")
    with pytest.raises(LikvardError, match="signed by"):
        run(merge, ground / "cards", "--round", where / "round-00.json", "--key", ground / f"{WHO[0]}.key", "--out", tmp_path / "x", *DAY)  # fmt: skip
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("field", ["--units", "--pupils"])
def test_a_card_cannot_say_fewer_than_none(tmp_path: Path, field: str) -> None:
    said = {"--units": 4, "--pupils": 240} | {field: -1}
    words = [
        "--new-key",
        tmp_path / "k",
        "--organiser",
        WHO[0],
        "--name",
        "x",
        *(w for pair in said.items() for w in pair),
    ]
    refused = CliRunner().invoke(share, [str(w) for w in words])
    assert (refused.exit_code, (tmp_path / "k").exists()) == (2, False)
