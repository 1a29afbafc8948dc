"""The lake: deliveries in Parquet with a catalogue, which survives being killed at any point.

    lake/
      catalogue.json            which deliveries there are; replaced whole in one rename
      deliveries/<id>/          one import: <table>.parquet and manifest.json, never changed afterwards
      staging/<id>/             an import on its way; what a killed one leaves, the next writer removes
      spill/                    where large questions put what memory cannot hold
      pseudonym.key             the key of pseudonyms, for its owner alone
      writer.lock               held by whoever writes; readers never wait

A reader sees the catalogue as it was when it looked, and no file that a catalogue names is ever changed or removed.
The lock is that of one machine: do not write to a lake from several machines at once.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from likvard.records import catalogue as catalogues
from likvard.records import durable, parquet, pseudonyms, soundness, storage
from likvard.records.catalogue import Catalogue
from likvard.records.checks import compare, screen
from likvard.records.delivery import Delivery, State
from likvard.records.durable import LakeError
from likvard.records.masking import masked
from likvard.records.reading import Finding, Reading, Severity, said
from likvard.records.schema import TABLES
from likvard.records.storage import Progress
from likvard.terms import InputError, Language, UsageError

FOLDERS = {"deliveries": 0o777, "staging": 0o700, "spill": 0o700}
LOCK = "writer.lock"


class RefusedError(InputError):
    """A reading with errors. Nothing was delivered; `findings` says why."""

    def __init__(self, reading: Reading, findings: tuple[Finding, ...]) -> None:
        errors = [f for f in findings if f.severity is Severity.ERROR]
        found, expected = said(errors[0].found, Language.EN), said(errors[0].expected, Language.EN)
        more = f" {len(errors) - 1} more errors follow." if len(errors) > 1 else ""
        message = f"{reading.file} was not imported. Found: {found} Expected: {expected}{more}"
        super().__init__(message, said(errors[0].remedy, Language.EN))
        self.findings = findings


def _silent(done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Lake:
    """A folder of deliveries. Open it with `Lake.open`.

    `wait` says what a writer does when another one is at work: wait, or be refused with `LakeBusyError`.
    """

    root: Path
    wait: bool = True

    @classmethod
    def open(cls, path: Path, *, create: bool = False, wait: bool = True) -> Lake:
        """Open the lake at `path`. Raises `LakeError` if there is none and `create` is false, or if it is broken."""
        lake = cls(Path(path).absolute(), wait)
        if create and not (lake.root / catalogues.NAME).exists():
            _found(lake)
        lake.catalogue()
        return lake

    def catalogue(self) -> Catalogue:
        """The catalogue as it is now."""
        return catalogues.load(self.root)

    @property
    def version(self) -> str:
        """A hash of the active deliveries: the same as long as every question has the same answer."""
        return self.catalogue().version

    def deliveries(self, *, withdrawn: bool = False) -> tuple[Delivery, ...]:
        """The active deliveries, oldest first; with `withdrawn` also those that were replaced or withdrawn."""
        catalogue = self.catalogue()
        return catalogue.deliveries if withdrawn else catalogue.active

    def findings(self, delivery_id: str) -> tuple[Finding, ...]:
        """What screening found when the delivery came. Raises `UsageError` if there is no such delivery."""
        delivery = _known(self.catalogue(), delivery_id)
        return storage.read_findings(self.root / "deliveries" / delivery.id)

    def screen(self, reading: Reading, *, at: datetime) -> tuple[Finding, ...]:
        """Everything that `deliver` would find: the reader's findings, the rules', and jumps from what it replaces."""
        found = (*(masked(f) for f in reading.findings), *screen(reading, on=at.date()))
        standing = self.catalogue().standing(reading.source, reading.scope)
        if standing is None or any(f.severity is Severity.ERROR for f in found):
            return found
        former = {name: self._path(standing, name) for name in standing.tables if name in TABLES}
        return (*found, *compare(reading.tables, former))

    def deliver(self, reading: Reading, *, at: datetime, progress: Progress = _silent) -> Delivery:
        """Take a reading into the lake: all of it, or nothing.

        The same file again, by the same reader for the same source and scope, gives the delivery that is there, with
        `repeated`. New content for the same source and scope replaces the former in the same step as it arrives.
        `at` is the time of the import, with its zone. Raises `RefusedError` if the reading has errors, `LakeError`
        if the lake cannot be written.
        """
        _aware(at)
        with self._writing() as catalogue:
            if repeated := _repeated(catalogue, reading):
                return repeated
        findings = self.screen(reading, at=at)
        if any(f.severity is Severity.ERROR for f in findings):
            raise RefusedError(reading, findings)
        with self._writing() as catalogue:
            if repeated := _repeated(catalogue, reading):
                return repeated
            delivery = self._store(catalogue, reading, findings, at, progress)
            catalogues.save(self.root, catalogue.adding(delivery))
            shutil.rmtree(self.root / "staging" / delivery.id)
            return delivery

    def withdraw(self, delivery_id: str, *, at: datetime, reason: str) -> Delivery:
        """Undo an import: it is no longer read, and what it replaced is read again. Its files are kept.

        A delivery that is already withdrawn is given back as it is, with `repeated`. Raises `UsageError` if there is
        no such delivery or no reason.
        """
        _aware(at)
        if not reason.strip():
            raise UsageError("A withdrawal needs a reason.", "Say in a few words why the delivery is withdrawn.")
        with self._writing() as catalogue:
            delivery = _known(catalogue, delivery_id)
            if delivery.state is State.WITHDRAWN:
                return replace(delivery, repeated=True)
            changed = catalogue.withdrawing(delivery_id, at, reason.strip())
            catalogues.save(self.root, changed)
            return _known(changed, delivery_id)

    def connect(self, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB connection with a view per declared table over the active deliveries of this moment.

        Each view has the declared columns and `delivery` and `source`; without any delivery it is typed and empty.
        The table `delivery` lists what the views read, with times in UTC. A connection serves one thread at a time:
        give every other thread its own `connection.cursor()`. It reads no file outside the lake, loads no extension,
        and sees Python's variables only after `register`. Raises `LakeError` if a file is missing or not whole.
        """
        active = self.catalogue().active
        if damages := tuple(damage for d in active for damage in soundness.missing(self.root, d)):
            raise soundness.DamagedLakeError(damages)
        con = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        spill = self.root / "spill" / f"{os.getpid()}-{secrets.token_hex(4)}"
        con.execute(f"set temp_directory = {parquet.text(str(spill))}")
        parquet.confine(con, self.root / "deliveries")
        if threads is not None:
            con.execute(f"set threads = {int(threads)}")
        for name, declared in TABLES.items():
            parquet.create_view(con, declared, [self._path(d, name) for d in active if name in d.tables])
        _list(con, active)
        return con

    def verify(self) -> None:
        """Read every byte of every delivery and compare it with the catalogue.

        Raises `DamagedLakeError` with all that is missing, changed or unlisted.
        """
        if damages := tuple(soundness.damages(self.root, self.catalogue())):
            raise soundness.DamagedLakeError(damages)

    def pseudonym_key(self) -> bytes:
        """The 32 bytes that pseudonyms are keyed with: made once, kept in the lake, readable by its owner alone.

        Raises `LakeError` if it is damaged, open to others, or gone while pupils lie in the lake.
        """
        if not (self.root / pseudonyms.NAME).exists():
            with self._writing() as catalogue:
                pseudonyms.make_key(self.root, catalogue)
        return pseudonyms.read_key(self.root)

    def _path(self, delivery: Delivery, table: str) -> Path:
        return self.root / "deliveries" / delivery.id / f"{table}.parquet"

    @contextmanager
    def _writing(self) -> Iterator[Catalogue]:
        """Hold the lock, tidy up after a killed writer, and tidy up again if this one fails."""
        try:
            with durable.locked(self.root / LOCK, wait=self.wait):
                _recover(self.root)
                try:
                    yield self.catalogue()
                except BaseException:
                    _recover(self.root)
                    raise
        except (OSError, duckdb.IOException) as error:
            raise LakeError(
                f"{self.root} could not be written: {error}.", "See that the disk has room and is yours to write."
            ) from error

    def _store(
        self, catalogue: Catalogue, reading: Reading, findings: tuple[Finding, ...], at: datetime, progress: Progress
    ) -> Delivery:
        former = catalogue.standing(reading.source, reading.scope)
        identity = _new_id(self.root, catalogue, reading.source)
        staged = self.root / "staging" / identity / "content"
        storage.make_folder(staged.parent, private=True)
        storage.make_folder(staged, private=storage.personal(reading.tables))
        delivery = Delivery(
            id=identity,
            source=reading.source,
            scope=reading.scope,
            vintage=reading.vintage,
            file=reading.file,
            reader=reading.reader,
            sha256=reading.sha256,
            tables=storage.write_tables(staged, reading, identity, progress),
            delivered_at=at,
            replaces=former.id if former else None,
            synthetic=reading.synthetic,
            warnings=sum(f.severity is Severity.WARNING for f in findings),
        )
        storage.write_manifest(staged, delivery, reading, findings)
        durable.move(staged, self.root / "deliveries" / identity)
        return delivery


def _found(lake: Lake) -> None:
    """Make an empty lake. The catalogue comes last: without it there is no lake."""
    try:
        lake.root.mkdir(parents=True, exist_ok=True)
        with durable.locked(lake.root / LOCK, wait=lake.wait):
            if not (lake.root / catalogues.NAME).exists():
                _require_nothing_else(lake.root)
                _make_folders(lake.root)
                catalogues.save(lake.root, Catalogue())
    except OSError as error:
        raise LakeError(f"No lake could be made in {lake.root}: {error}.", "Name a folder that is yours.") from error


def _require_nothing_else(root: Path) -> None:
    """A folder with other files is no place for a lake, and deliveries without a catalogue are a broken one."""
    known = {*FOLDERS, LOCK, f"{catalogues.NAME}.new"}
    other = sorted(path.name for path in root.iterdir() if path.name not in known)
    if (root / "deliveries").is_dir() and any((root / "deliveries").iterdir()):
        raise LakeError(f"The lake in {root} has lost its catalogue.", "Bring the file back from the latest backup.")
    if other:
        raise LakeError(f"{root} holds other files, for instance {other[0]}.", "Name a new or empty folder.")


def _make_folders(root: Path) -> None:
    for name, mode in FOLDERS.items():
        (root / name).mkdir(mode=mode, exist_ok=True)


def _recover(root: Path) -> None:
    """Remove what a killed import left. `staging/<id>` stays until the catalogue names the delivery.

    A folder in `deliveries` that neither the catalogue nor staging knows is not ours to remove: `verify` tells of it.
    """
    _make_folders(root)
    catalogue = catalogues.load(root)
    for staged in (root / "staging").iterdir():
        arrived = root / "deliveries" / staged.name
        if catalogue.find(staged.name) is None and arrived.exists():
            shutil.rmtree(arrived)
        shutil.rmtree(staged)
    for spilt in (root / "spill").iterdir():
        if not _lives(spilt.name.partition("-")[0]):
            shutil.rmtree(spilt, ignore_errors=True)


def _lives(pid: str) -> bool:
    """Whether the process that spilt is still there; what it has spilt may be about pupils."""
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _new_id(root: Path, catalogue: Catalogue, source: str) -> str:
    """A number, one higher than any before, and the source in plain letters: 0007-skolverket-siris."""
    taken = [d.id for d in catalogue.deliveries] + [path.name for path in (root / "deliveries").iterdir()]
    number = 1 + max((int(match[0]) for name in taken if (match := re.match(r"\d+", name))), default=0)
    plain = unicodedata.normalize("NFKD", source.lower()).encode("ascii", "ignore").decode()
    return f"{number:04d}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:32].rstrip('-') or 'delivery'}"


def _aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise UsageError(
            f"The time {at.isoformat()} has no time zone.", "Give the time with its zone, for instance UTC."
        )


def _known(catalogue: Catalogue, delivery_id: str) -> Delivery:
    delivery = catalogue.find(delivery_id)
    if delivery is None:
        raise UsageError(f"There is no delivery {delivery_id!r}.", "List the deliveries and copy the id.")
    return delivery


def _repeated(catalogue: Catalogue, reading: Reading) -> Delivery | None:
    """The delivery that already holds this reading. Rows are compared too: a mended reader may find more of them."""
    standing = catalogue.standing(reading.source, reading.scope)
    rows = {name: table.num_rows for name, table in reading.tables.items()}
    if standing is None or (standing.sha256, standing.reader) != (reading.sha256, reading.reader):
        return None
    return replace(standing, repeated=True) if dict(standing.rows) == rows else None


_LISTED = (
    "id varchar, source varchar, scope varchar, vintage varchar, file varchar, reader varchar, sha256 varchar, "
    "synthetic boolean, delivered_at timestamp, rows bigint, warnings integer"  # the time is in UTC
)


def _list(con: duckdb.DuckDBPyConnection, active: tuple[Delivery, ...]) -> None:
    """Make the table `delivery`, in one statement: a registered Arrow table would load pandas, which takes 0.4 s."""
    con.execute(f"create table delivery ({_LISTED})")
    if not active:
        return
    said = [
        (d.id, d.source, d.scope, d.vintage, d.file, d.reader, d.sha256, d.synthetic,
         d.delivered_at.astimezone(UTC).replace(tzinfo=None), sum(d.rows.values()), d.warnings)
        for d in active
    ]  # fmt: skip
    row = f"({', '.join('?' * len(said[0]))})"
    con.execute(f"insert into delivery values {', '.join([row] * len(said))}", [value for one in said for value in one])
