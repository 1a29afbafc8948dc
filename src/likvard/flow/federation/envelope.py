"""Signed files: a kind, a body in JSON, and an Ed25519 signature over both in one canonical form."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from likvard.terms import InputError

VERSION = 1
LARGEST = 50_000_000
"""Bytes of the largest file that is read."""


class Kind(StrEnum):
    """What a file is: one kind is never taken for another."""

    CARD = "federation card"
    ROUND = "federation round"
    ANSWER = "federation answer"
    WITHDRAWAL = "federation withdrawal"
    FIT = "federation fit"


class EnvelopeError(InputError):
    """A file that is not what it says, or not from whom it says. It was not used."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file whose signature holds: its body, who signed it (public key in hexadecimal), and its SHA-256.

    The digest is of the canonical form, so that a file that was only laid out anew is the same file.
    """

    kind: Kind
    body: Mapping[str, Any]
    signer: str
    digest: str


def canonical(value: object) -> bytes:
    """The one way to write a value: sorted keys, no spaces, UTF-8, numbers as Python writes them."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def seal(kind: Kind, body: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """Write a signed file."""
    signer = key.public_key().public_bytes_raw().hex()
    said = {"kind": str(kind), "version": VERSION, "body": dict(body), "signer": signer}
    return canonical({**said, "signature": key.sign(canonical(said)).hex()}) + b"\n"


def unseal(content: bytes, kind: Kind, name: str, *, signer: str | None = None) -> Sealed:
    """Read a signed file of one kind. Raises `EnvelopeError` unless it is whole, signed, and by `signer` if one is given."""
    said = _parse(content, name)
    if "kind" not in said or "signature" not in said:
        raise EnvelopeError(f"{name} is no file of a study.", "Check which file you were sent.")
    if said.get("kind") != str(kind) or said.get("version") != VERSION or not isinstance(said.get("body"), dict):
        raise EnvelopeError(
            f"{name} is a {said.get('kind')!r} of version {said.get('version')!r}; expected a {str(kind)!r} of {VERSION}.",
            "Check which file you were sent, and that both sides run the same version.",
        )
    signature = said.pop("signature", "")
    try:
        by = Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(said.get("signer", ""))))
        by.verify(bytes.fromhex(str(signature)), canonical(said))
    except (InvalidSignature, ValueError):
        raise EnvelopeError(
            f"The signature of {name} does not hold: it was changed after it was signed, or is not whole.",
            "Ask for the file again, and do not use this one.",
        ) from None
    if signer is not None and said["signer"] != signer:
        raise EnvelopeError(
            f"{name} is signed by {said['signer'][:16]}…, expected {signer[:16]}….",
            "Find out who sent it before anything else.",
        )
    return Sealed(kind, said["body"], str(said["signer"]), digest_of(canonical({**said, "signature": signature})))


def kind_of(content: bytes, name: str) -> Kind:
    """What a file says it is; `unseal` then sees whether it holds."""
    said = _parse(content, name).get("kind")
    try:
        return Kind(str(said))
    except ValueError:
        what = "no file of a study" if said is None else f"a {said!r}, which is no file of a study"
        raise EnvelopeError(f"{name} is {what}.", "Check which file you were sent.") from None


def digest_of(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _parse(content: bytes, name: str) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise EnvelopeError(f"{name} is larger than {LARGEST // 1_000_000} MB.", "Check that it is the right file.")
    try:
        said = json.loads(content, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise EnvelopeError(
            f"{name} cannot be read: it is not JSON, or was cut short on its way.",
            "Check that it is a file of the study, and ask for it again.",
        ) from None
    if not isinstance(said, dict):
        raise EnvelopeError(f"{name} is no file of a study.", "Check that it is the right file.")
    return said


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: two readers could see two different files."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
