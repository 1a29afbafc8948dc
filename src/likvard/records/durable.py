"""Writes that survive a killed process and a power cut: content first, its name last, both forced to disk."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from likvard.terms import LikvardError

CHUNK = 1 << 20


class LakeError(LikvardError):
    """The lake itself is not as it should be, or cannot be written. Nothing was changed."""

    exit_code = 3


class LakeBusyError(LakeError):
    """Somebody else is writing to the lake."""


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a new file and force it to disk. A private file is for its owner alone from its first moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put content at `path` in one step: whoever reads, sees all of the old or all of the new.

    Only for the holder of the writer's lock: the temporary name is fixed, so that a killed write leaves at most one.
    """
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    write(beside, content, private=private)
    beside.replace(path)
    sync(path.parent)


def move(source: Path, target: Path) -> None:
    """Move a finished folder to its place in one step, for good."""
    source.replace(target)
    sync(target.parent)
    sync(source.parent)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha.update(chunk)
    return sha.hexdigest()


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock at `path`. The system frees it when its holder ends, however it ends.

    Raises `LakeBusyError` if somebody holds it and `wait` is false.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _acquire(descriptor, path, wait=wait)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, *, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise LakeBusyError(
            f"Another import is writing to {path.parent}.", "Try again when it has finished, or let this one wait."
        ) from None
