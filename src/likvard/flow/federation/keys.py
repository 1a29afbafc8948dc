"""Keys and cards: with what an organiser signs and masks, and what it shows of it to others.

A key file holds two private keys: one to sign with (Ed25519), one to agree on masks with (X25519). A card is the public
half, signed by itself, with the organiser's number, name and how many units and pupils it has; the numbers are public
statistics and let others see how large the company is in which their sums will be hidden.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from likvard.flow.federation.envelope import EnvelopeError, Kind, seal, unseal
from likvard.records import durable
from likvard.terms import InputError, UsageError

NODE = "node"
"""Instead of an organiser's number: the national node."""

_NAME = re.compile(r"[0-9]{10}|node")


@dataclass(frozen=True, slots=True)
class Keys:
    """An organiser's private keys. Never printed."""

    organiser: str
    signing: Ed25519PrivateKey = field(repr=False)
    agreement: X25519PrivateKey = field(repr=False)

    @property
    def signer(self) -> str:
        """The public half of the signing key, in hexadecimal."""
        return self.signing.public_key().public_bytes_raw().hex()


@dataclass(frozen=True, slots=True)
class Card:
    """What others know of an organiser: number, name, public keys in hexadecimal, units and pupils.

    `signed` is the file it was read from, which travels in a round: so the node cannot change a word of it.
    """

    organiser: str
    name: str
    signing: str
    agreement: str
    units: int
    pupils: int
    signed: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        fits = _NAME.fullmatch(self.organiser) and all(re.fullmatch("[0-9a-f]{64}", k) for k in self.keys)
        if not fits or self.units < 0 or self.pupils < 0:
            raise EnvelopeError(f"The card of {self.organiser!r} is not whole.", "Ask the organiser for a new card.")

    @property
    def keys(self) -> tuple[str, str]:
        """Both public keys."""
        return self.signing, self.agreement


def new_keys(path: Path, organiser: str) -> Keys:
    """Make a key file, for its owner alone, and its folder if need be. Raises `UsageError` if the file is there, or the number is no organiser's."""
    if not _NAME.fullmatch(organiser):
        raise UsageError(f"{organiser!r} is no organiser's number.", "Give its ten digits, without a hyphen.")
    if path.exists():
        raise UsageError(
            f"{path} is there already.", "Keep it: earlier answers were signed with it. Or name a new file."
        )
    keys = Keys(organiser, Ed25519PrivateKey.generate(), X25519PrivateKey.generate())
    halves = {"signing": keys.signing.private_bytes_raw().hex(), "agreement": keys.agreement.private_bytes_raw().hex()}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    durable.put(path, (json.dumps({"organiser": organiser, **halves}) + "\n").encode(), private=True)
    return keys


def read_keys(path: Path) -> Keys:
    """Read a key file. Raises `InputError` if it is not there, open to others than its owner, or damaged."""
    if not path.is_file():
        raise InputError(f"There is no key in {path}.", "Make one with --new-key.")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise InputError(f"The key {path} is open to others than its owner.", f'Close it: chmod 600 "{path}"')
    try:
        said = json.loads(path.read_bytes())
        signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(said["signing"]))
        agreement = X25519PrivateKey.from_private_bytes(bytes.fromhex(said["agreement"]))
        return Keys(str(said["organiser"]), signing, agreement)
    except (ValueError, KeyError, TypeError):
        raise InputError(f"The key {path} is damaged.", "Bring it back from a backup.") from None


def card_of(keys: Keys, name: str, *, units: int, pupils: int) -> bytes:
    """The organiser's card, as a signed file."""
    agreement = keys.agreement.public_key().public_bytes_raw().hex()
    body = {"organiser": keys.organiser, "name": name, "signing": keys.signer, "agreement": agreement}
    return seal(Kind.CARD, {**body, "units": units, "pupils": pupils}, keys.signing)


def read_card(content: bytes, name: str) -> Card:
    """Read a card. Raises `EnvelopeError` unless it is signed by the very key that it shows."""
    sealed = unseal(content, Kind.CARD, name)
    body = sealed.body
    try:
        texts = [str(body[k]) for k in ("organiser", "name", "signing", "agreement")]
        numbers = int(body["units"]), int(body["pupils"])
        card = Card(texts[0], texts[1], texts[2], texts[3], *numbers, content.decode().strip())
    except (KeyError, TypeError, ValueError):
        raise EnvelopeError(f"{name} lacks a field of a card.", "Ask the organiser for a new card.") from None
    if card.signing != sealed.signer:
        raise EnvelopeError(f"{name} is not signed by its owner.", "Ask the organiser for its card.")
    return card
