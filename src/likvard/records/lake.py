"""The lake: deliveries in Parquet with a catalogue, which survives being killed at any point.

    lake/
      catalogue.json            which deliveries there are; replaced whole in one rename
      deliveries/<id>/          one import: <table>.parquet and manifest.json, never changed afterwards
      staging/<id>/             an import on its way; what a killed one leaves, the next writer removes
      spill/                    where large questions put what memory cannot hold
      pseudonym.key             the key of pseudonyms, for the owner alone
      writer.lock               held by whoever writes; readers never wait

A reader sees the catalogue as it was when it looked, and no file that a catalogue names is ever changed or removed.
The lock is that of one machine: do not write to a lake from several machines at once.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from likvard.records import catalogue as catalogues
from likvard.records import durable, parquet
from likvard.records.catalogue import Catalogue
from likvard.records.checks import screen
from likvard.records.delivery import Delivery, State, Stored, as_json
from likvard.records.durable import LakeError
from likvard.records.masking import masked
from likvard.records.reading import Finding, Reading, Severity, said
from likvard.records.schema import TABLES
from likvard.terms import InputError, Language, UsageError


class RefusedError(InputError):
    """A reading with errors. Nothing was delivered; `findings` says why."""

    def __init__(self, reading: Reading, findings: tuple[Finding, ...]) -> None:
        errors = [f for f in findings if f.severity is Severity.ERROR]
        found, expected = said(errors[0].found, Language.EN), said(errors[0].expected, Language.EN)
        more = f" {len(errors) - 1} more errors follow." if len(errors) > 1 else ""
        message = f"{reading.file} was not imported. Found: {found} Expected: {expected}{more}"
        super().__init__(message, said(errors[0].remedy, Language.EN))
        self.findings = findings


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

    def deliver(self, reading: Reading, *, at: datetime) -> Delivery:
        """Take a reading into the lake: all of it, or nothing.

        The same file again, by the same reader for the same source and scope, gives the delivery that is there, with
        `repeated`. New content for the same source and scope replaces the former in the same step as it arrives.
        Raises `RefusedError` if the reading has errors, `LakeError` if the lake cannot be written.
        """
        _aware(at)
        if repeated := _repeated(self.catalogue(), reading):
            return repeated
        findings = (*(masked(f) for f in reading.findings), *screen(reading, on=at.date()))
        if any(f.severity is Severity.ERROR for f in findings):
            raise RefusedError(reading, findings)
        with self._writing() as catalogue:
            if repeated := _repeated(catalogue, reading):
                return repeated
            delivery = self._store(catalogue, reading, findings, at)
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
            delivery = catalogue.find(delivery_id)
            if delivery is None:
                raise UsageError(f"There is no delivery {delivery_id!r}.", "List the deliveries and copy the id.")
            if delivery.state is State.WITHDRAWN:
                return replace(delivery, repeated=True)
            changed = catalogue.withdrawing(delivery_id, at, reason.strip())
            catalogues.save(self.root, changed)
        return next(d for d in changed.deliveries if d.id == delivery_id)

    def connect(self, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB connection with a view per declared table over the active deliveries of this moment.

        Each view has the declared columns and `delivery` and `source`; without any delivery it is typed and empty.
        The table `delivery` lists what the views read. A connection serves one thread at a time: give every other
        thread its own `connection.cursor()`. It reads no file outside the lake and loads no extension.
        """
        active = self.catalogue().active
        self._require(active)
        con = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        con.execute(f"set temp_directory = {parquet.text(str(self._spill()))}")
        parquet.confine(con, self.root / "deliveries")
        if threads is not None:
            con.execute(f"set threads = {int(threads)}")
        for declared in TABLES.values():
            parquet.create_view(
                con, declared, [self._path(d, declared.name) for d in active if declared.name in d.tables]
            )
        _list(con, active)
        return con

    def pseudonym_key(self) -> bytes:
        """The 32 bytes that pseudonyms are keyed with: made once, kept in the lake, readable by its owner alone.

        Raises `LakeError` if it is damaged, open to others, or gone while pupils lie in the lake.
        """
        path = self.root / "pseudonym.key"
        if not path.exists():
            with self._writing() as catalogue:
                if not path.exists():
                    _require_no_pupils(catalogue, path)
                    durable.put(path, (secrets.token_hex(32) + "\n").encode(), private=True)
        return _read_key(path)

    def _path(self, delivery: Delivery, table: str) -> Path:
        return self.root / "deliveries" / delivery.id / f"{table}.parquet"

    def _spill(self) -> Path:
        return self.root / "spill" / f"{os.getpid()}-{secrets.token_hex(4)}"

    def _require(self, deliveries: tuple[Delivery, ...]) -> None:
        """Tell of a missing or cut file before a question meets it."""
        for delivery in deliveries:
            for table, stored in delivery.tables.items():
                path = self._path(delivery, table)
                if not path.is_file() or path.stat().st_size != stored.bytes:
                    raise LakeError(
                        f"{path} is missing or not whole.",
                        f"Bring it back from a backup, or withdraw {delivery.id} and import {delivery.file} again.",
                    )

    @contextmanager
    def _writing(self) -> Iterator[Catalogue]:
        with durable.locked(self.root / "writer.lock", wait=self.wait):
            self._recover(self.catalogue())
            try:
                yield self.catalogue()
            except BaseException:
                self._recover(self.catalogue())
                raise

    def _recover(self, catalogue: Catalogue) -> None:
        """Remove what a killed import left. `staging/<id>` stays until the catalogue names the delivery.

        A folder in `deliveries` that neither the catalogue nor staging knows is not ours to remove.
        """
        for staged in (self.root / "staging").iterdir():
            if catalogue.find(staged.name) is None and (self.root / "deliveries" / staged.name).exists():
                shutil.rmtree(self.root / "deliveries" / staged.name)
            shutil.rmtree(staged)

    def _store(
        self,
        catalogue: Catalogue,
        reading: Reading,
        findings: tuple[Finding, ...],
        at: datetime,
    ) -> Delivery:
        former = catalogue.standing(reading.source, reading.scope)
        identity = self._new_id(catalogue, reading.source)
        staged = self.root / "staging" / identity / "content"
        staged.parent.mkdir(mode=0o700)
        staged.mkdir(mode=0o700 if _personal(reading) else 0o777)
        delivery = Delivery(
            id=identity,
            source=reading.source,
            scope=reading.scope,
            vintage=reading.vintage,
            file=reading.file,
            reader=reading.reader,
            sha256=reading.sha256,
            tables={n: _store_table(staged, n, rows, identity, reading) for n, rows in reading.tables.items()},
            delivered_at=at,
            replaces=former.id if former else None,
            synthetic=reading.synthetic,
            warnings=sum(f.severity is Severity.WARNING for f in findings),
        )
        _write_manifest(staged, delivery, reading, findings)
        durable.move(staged, self.root / "deliveries" / identity)
        return delivery

    def _new_id(self, catalogue: Catalogue, source: str) -> str:
        """A number, one higher than any before, and the source in plain letters: 0007-skolverket-siris."""
        taken = [d.id for d in catalogue.deliveries] + [p.name for p in (self.root / "deliveries").iterdir()]
        number = 1 + max((int(t[:4]) for t in taken if re.match(r"\d{4}", t)), default=0)
        plain = unicodedata.normalize("NFKD", source.lower()).encode("ascii", "ignore").decode()
        return f"{number:04d}-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:32] or 'delivery'}"


def _found(lake: Lake) -> None:
    """Make an empty lake. The catalogue comes last: without it there is no lake."""
    lake.root.mkdir(parents=True, exist_ok=True)
    with durable.locked(lake.root / "writer.lock", wait=lake.wait):
        if (lake.root / catalogues.NAME).exists():
            return
        (lake.root / "deliveries").mkdir(exist_ok=True)
        (lake.root / "staging").mkdir(mode=0o700, exist_ok=True)
        (lake.root / "spill").mkdir(mode=0o700, exist_ok=True)
        catalogues.save(lake.root, Catalogue())


def _aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise UsageError(f"The time {at.isoformat()} has no time zone.", "Give the time with its zone, e.g. in UTC.")


def _repeated(catalogue: Catalogue, reading: Reading) -> Delivery | None:
    """The delivery that already holds this reading. Rows are compared too: a mended reader may find more of them."""
    standing = catalogue.standing(reading.source, reading.scope)
    rows = {name: table.num_rows for name, table in reading.tables.items()}
    if standing is None or (standing.sha256, standing.reader) != (reading.sha256, reading.reader):
        return None
    return replace(standing, repeated=True) if dict(standing.rows) == rows else None


def _personal(reading: Reading) -> bool:
    return any(TABLES[name].personal for name in reading.tables)


def _store_table(folder: Path, name: str, rows: pa.Table, identity: str, reading: Reading) -> Stored:
    path = folder / f"{name}.parquet"
    count = parquet.write(path, TABLES[name], rows, delivery=identity, source=reading.source)
    if TABLES[name].personal:
        path.chmod(0o600)
    durable.sync(path)
    return Stored(count, path.stat().st_size, durable.digest(path))


def _write_manifest(folder: Path, delivery: Delivery, reading: Reading, findings: tuple[Finding, ...]) -> None:
    """Lay beside the tables what was said when they came: findings, and the source's own description."""
    said = reading.tables["measure"].to_pylist() if "measure" in reading.tables else []
    content = {"delivery": as_json(delivery), "findings": [asdict(f) for f in findings], "described_by_source": said}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    durable.write(folder / "manifest.json", text.encode(), private=_personal(reading))
    durable.sync(folder)


def _list(con: duckdb.DuckDBPyConnection, active: tuple[Delivery, ...]) -> None:
    columns = (
        "id varchar, source varchar, scope varchar, vintage varchar, file varchar, reader varchar, sha256 varchar",
        "synthetic boolean, delivered_at timestamp, rows bigint, warnings integer",  # the time is in UTC
    )
    con.execute(f"create table delivery ({', '.join(columns)})")
    for d in active:
        said = [d.id, d.source, d.scope, d.vintage, d.file, d.reader, d.sha256, d.synthetic]
        counted = [d.delivered_at.astimezone(UTC).replace(tzinfo=None), sum(d.rows.values()), d.warnings]
        con.execute(f"insert into delivery values ({', '.join('?' * 11)})", [*said, *counted])


def _require_no_pupils(catalogue: Catalogue, path: Path) -> None:
    if any(TABLES[name].personal for d in catalogue.deliveries for name in d.tables if name in TABLES):
        raise LakeError(
            f"The key {path} is gone, and pupils in the lake were named with it.",
            "Bring the file back from a backup; with a new key old and new pupils could not be told to be the same.",
        )


def _read_key(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise LakeError(f"The key {path} is open to others than its owner.", f"Close it: chmod 600 {path}")
    content = path.read_text("ascii", "replace").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", content):
        raise LakeError(f"The key {path} is damaged.", "Bring the file back from a backup.")
    return bytes.fromhex(content)
