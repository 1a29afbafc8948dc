"""What a token is, what it may be for, and how many requests are let through: pure functions, the time passed in."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from likvard.terms import Words

TOKENS_AT_ONCE = 10
"""How many tokens in use one person may have."""

LIFETIMES = (30, 90, 365)
"""Days that a token may live; nothing lives for ever."""

_TOKEN = re.compile(r"likvard_([0-9a-f]{10})_([A-Za-z0-9_-]{43})", re.ASCII)


class Scope(StrEnum):
    """What a token may be used for, beyond what everybody may read without one."""

    ORGANISER_FIGURES = "figures:organiser"


SCOPES: dict[Scope, Words] = {
    Scope.ORGANISER_FIGURES: Words(
        "Läsa huvudmannens siffror för de skolor som du själv når.",
        "Read the organiser's figures for the schools that you reach yourself.",
    ),
}
"""Every scope in words."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A token as its owner holds it: `prefix` finds the row, `secret` proves that it is the right one."""

    prefix: str
    secret: str

    @classmethod
    def parse(cls, text: str) -> Secret | None:
        """Read `likvard_<prefix>_<secret>`; None if it is anything else."""
        match = _TOKEN.fullmatch(text)
        return None if match is None else cls(match[1], match[2])

    @property
    def text(self) -> str:
        """What is shown once, and sent as `Authorization: Bearer …`."""
        return f"likvard_{self.prefix}_{self.secret}"

    @property
    def hashed(self) -> str:
        """What is kept: a SHA-256. The secret has 256 random bits, so that nothing slower is needed."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def proves(self, hashed: str) -> bool:
        """Whether it is the token that was hashed; takes the same time whatever the answer."""
        return hmac.compare_digest(self.hashed, hashed)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` requests at once, and then one every `1 / per_second` seconds."""

    name: str
    burst: int
    per_second: float

    @property
    def step(self) -> int:
        """Microseconds that one request takes to be forgotten."""
        return round(1_000_000 / self.per_second)

    @property
    def window(self) -> int:
        """Seconds in which an empty allowance is full again."""
        return round(self.burst / self.per_second)

    def latest(self, now: int) -> int:
        """The latest time at which the allowance may be full again, for one more request to be let through now."""
        return now + (self.burst - 1) * self.step


PUBLIC_RATE = Rate("address", 120, 2.0)
"""For an address without a token: 120 at once, two a second in the long run."""

TOKEN_RATE = Rate("token", 600, 10.0)
"""For a token: 600 at once, ten a second in the long run."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after a request, which was let through or refused. `full_at` and `now` are microseconds."""

    rate: Rate
    allowed: bool
    full_at: int
    now: int

    @property
    def remaining(self) -> int:
        """Requests that would be let through at once."""
        used = -(-max(self.full_at - self.now, 0) // self.rate.step)
        return max(self.rate.burst - used, 0)

    @property
    def reset(self) -> int:
        """Whole seconds until the allowance is full again."""
        return -(-max(self.full_at - self.now, 0) // 1_000_000)

    @property
    def retry_after(self) -> int:
        """Whole seconds until a request would be let through; at least one for a refused request."""
        wait = self.full_at - self.rate.latest(self.now)
        return max(-(-wait // 1_000_000), 1)


def microseconds(at: datetime) -> int:
    """A time as whole microseconds since 1970."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def bucket_of(kind: str, name: str, key: str) -> str:
    """The name under which requests are counted: a keyed hash, so that the table holds no one's address."""
    return hmac.new(key.encode(), f"{kind}:{name}".encode(), hashlib.sha256).hexdigest()[:32]


def network(address: str) -> str:
    """What of an address is counted together: IPv4 as it is, IPv6 by its first 64 bits, which one subscriber has.

    Anything else is counted as one.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> 64 << 64))
