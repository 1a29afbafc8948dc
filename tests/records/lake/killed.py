"""Does a deed to copies of a lake, and dies by SIGKILL at its first step in the first, at its second in the next …

A step is every call to the file system below the lake, before and after each `fsync`, and between row groups. Before
an `fsync` half of the file is lost first, as a power cut may do. Prints the steps as JSON, last line "done".

Usage: killed.py JOB FOLDER, where JOB is a pickle of (deed, arguments) and FOLDER/before is the lake to begin with.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from likvard.records import parquet
from likvard.records.lake import Lake

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
parquet.ROW_GROUP = 2048  # so that a small table has several groups to be killed between
Lake.screen = lambda lake, reading, at: reading.findings  # it touches no file of the lake, and takes most of the time

Step = Callable[[str, int | None], None]


def _deliver(root: Path, step: Step, reading: Any) -> None:
    Lake.open(root).deliver(reading, at=AT, progress=lambda done, total: step(f"wrote {done} rows", None))


def _withdraw(root: Path, step: Step, delivery_id: str) -> None:
    Lake.open(root).withdraw(delivery_id, at=AT, reason="wrong year")


def _found(root: Path, step: Step) -> None:
    Lake.open(root, create=True)


def _key(root: Path, step: Step) -> None:
    Lake.open(root).pseudonym_key()


DEEDS: dict[str, Callable[..., None]] = {"deliver": _deliver, "withdraw": _withdraw, "found": _found, "key": _key}


def _dying_at(nth: int, root: Path, told: int) -> Step:
    """A step that counts, and at the nth writes its name to `told` and dies."""
    left = nth

    def step(name: str, descriptor: int | None) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            if descriptor is not None and not os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112
                os.truncate(f"/proc/self/fd/{descriptor}", os.fstat(descriptor).st_size // 2)
            os.write(told, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def _watch(root: Path, step: Step) -> None:
    """Call `step` for what Python audits below the lake, and around every fsync."""
    sync = os.fsync

    def watched(event: str, arguments: tuple[Any, ...]) -> None:
        paths = [str(a) for a in arguments if isinstance(a, str | os.PathLike)]
        if paths and paths[0].startswith(str(root)):
            step(f"{event} {Path(paths[0]).relative_to(root)}", None)

    def synced(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        step(f"before fsync {name}", descriptor)
        sync(descriptor)
        step(f"after fsync {name}", None)

    os.fsync = synced
    sys.addaudithook(watched)


def _child(nth: int, root: Path, told: int, deed: str, arguments: tuple[Any, ...]) -> None:
    step = _dying_at(nth, root, told)
    _watch(root, step)
    DEEDS[deed](root, step, *arguments)


def _run(nth: int, root: Path, deed: str, arguments: tuple[Any, ...]) -> str:
    """Do the deed in a process of its own; the step at which it died, or "done"."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _child(nth, root, told, deed, arguments)
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 1)
    os.close(told)
    _, status = os.waitpid(child, 0)
    with os.fdopen(heard) as pipe:
        name = pipe.read()
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return name
    return "done" if os.waitstatus_to_exitcode(status) == 0 else "failed"


def main() -> None:
    """Run the job until it is done without being killed."""
    folder = Path(sys.argv[2])
    deed, arguments = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 (the test wrote it)
    steps = [""]
    while steps[-1] not in ("done", "failed"):
        root = folder / str(len(steps))
        shutil.copytree(folder / "before", root) if (folder / "before").exists() else None
        steps.append(_run(len(steps), root, deed, arguments))
    sys.stdout.write(json.dumps(steps[1:]))


if __name__ == "__main__":
    main()
