"""The key with which pupils are given pseudonyms: made once, kept in the lake, for its owner alone."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from likvard.records import durable
from likvard.records.catalogue import Catalogue
from likvard.records.durable import LakeError
from likvard.records.storage import personal

NAME = "pseudonym.key"
BYTES = 32


def make_key(root: Path, catalogue: Catalogue) -> None:
    """Make the key, unless it is there. Only for the holder of the writer's lock.

    Raises `LakeError` if the lake already holds pupils: with a new key the same pupil would get a second pseudonym.
    """
    path = root / NAME
    if path.exists():
        return
    if any(personal(d.tables) for d in catalogue.deliveries if not d.synthetic):
        raise LakeError(
            f"The key {path} is gone, and pupils in the lake were named with it.",
            "Bring the file back from a backup; with a new key the same pupil would get a second name.",
        )
    durable.put(path, (secrets.token_hex(BYTES) + "\n").encode(), private=True)


def read_key(root: Path) -> bytes:
    """The key. Raises `LakeError` if it is open to others than its owner, or damaged."""
    path = root / NAME
    if path.stat().st_mode & 0o077:
        raise LakeError(f"The key {path} is open to others than its owner.", f'Close it: chmod 600 "{path}"')
    content = path.read_text("ascii", "replace").strip()
    if not re.fullmatch(rf"[0-9a-f]{{{2 * BYTES}}}", content):
        raise LakeError(f"The key {path} is damaged.", "Bring the file back from a backup.")
    return bytes.fromhex(content)
