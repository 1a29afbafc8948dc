"""A backup file: a tar with a manifest of hashes, written whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from likvard import __version__
from likvard.terms import InputError

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: each member's SHA-256, the audit chain's head, and what made it when."""

    format: int
    software: str
    at: str
    head: str
    files: Mapping[str, str]


class Writer:
    """Writes a backup beside its name and gives it the name at the end; a half-written one disappears."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._part = file.with_name(file.name + ".part")
        self._part.touch(mode=0o600, exist_ok=False)
        self._tar = tarfile.open(self._part, "w")  # noqa: SIM115 - closed in __exit__
        self._hashes: dict[str, str] = {}

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._tar.close()
        if kind is None:
            with self._part.open("rb") as written:
                os.fsync(written.fileno())
            self._part.rename(self.file)
        else:
            self._part.unlink(missing_ok=True)

    def add_file(self, name: str, path: Path) -> None:
        """Add a file under a name; nothing if it is not there."""
        if path.is_file():
            self._hashes[name] = _sha256(path)
            self._tar.add(path, name, recursive=False)

    def add_tree(self, name: str, folder: Path, *, without: tuple[str, ...] = ()) -> None:
        """Add every file of a folder but those below the names in `without`."""
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = path.relative_to(folder)
            if path.is_file() and inside.parts[0] not in without:
                self.add_file(f"{name}/{inside.as_posix()}", path)

    def add_made(self, name: str, make: Callable[[Path], None]) -> None:
        """Add a file that `make` writes to the path it is given."""
        with tempfile.TemporaryDirectory(dir=self.file.parent) as folder:
            path = Path(folder) / "made"
            make(path)
            self.add_file(name, path)

    def finish(self, *, head: str, at: datetime) -> Manifest:
        """Add the manifest, last."""
        manifest = Manifest(FORMAT, f"likvard {__version__}", at.isoformat(), head, dict(sorted(self._hashes.items())))
        text = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        self._tar.addfile(entry, io.BytesIO(text))
        return manifest


class Reader:
    """Reads a backup; trusts nothing in it before `check`. Raises `InputError` on what is no backup of ours."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._tar = tarfile.open(file)  # noqa: SIM115 - closed in __exit__
        except tarfile.TarError as error:
            raise self._none_of_ours(error) from error
        try:
            self.names = frozenset(self._tar.getnames())
            with self._open(MANIFEST) as text:
                self.manifest = Manifest(**json.load(text))
            if self.manifest.format != FORMAT:
                raise ValueError(f"format {self.manifest.format}, and {FORMAT} is known")
        except (tarfile.TarError, KeyError, ValueError, TypeError) as error:
            self._tar.close()
            raise self._none_of_ours(error) from error

    def _none_of_ours(self, error: Exception) -> InputError:
        return InputError(
            f"{self.file} is no backup of a site that this version can read ({error}).",
            "Choose a file that `likvard site backup` made, and the version that made it.",
        )

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()

    def check(self) -> None:
        """Compare every member with its hash. Raises `InputError` at the first that differs, is missing or is too many."""
        odd = self.names ^ {*self.manifest.files, MANIFEST}
        if odd:
            raise InputError(
                f"{self.file} does not hold what its manifest says: {sorted(odd)[0]}.", "Take another backup."
            )
        for name, wanted in self.manifest.files.items():
            with self._open(name) as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != wanted:
                    raise InputError(f"{name} in {self.file} is damaged.", "Take another backup.")

    def take_tree(self, name: str, folder: Path) -> None:
        """Write every member below `name/` into a folder."""
        for member in sorted(self.manifest.files):
            if member.startswith(f"{name}/"):
                inside = Path(member).relative_to(name)
                if inside.is_absolute() or ".." in inside.parts:
                    raise InputError(f"{member} in {self.file} points outside.", "Take another backup.")
                self.take_file(member, folder / inside)

    def take_file(self, name: str, path: Path) -> None:
        """Write one member, readable by its owner only; nothing if the backup does not have it."""
        if name not in self.manifest.files:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        with self._open(name) as content, path.open("wb") as out:
            while block := content.read(1 << 20):
                out.write(block)

    @contextmanager
    def taken(self, name: str) -> Iterator[Path]:
        """A member as a file for a while."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "taken"
            self.take_file(name, path)
            yield path

    def _open(self, name: str) -> io.BufferedReader:
        content = self._tar.extractfile(name)
        if not isinstance(content, io.BufferedReader):  # a folder or a link, which no backup of ours holds
            raise KeyError(name)
        return content


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
