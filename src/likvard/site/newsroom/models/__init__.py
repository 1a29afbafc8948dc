"""The tables of the newsroom. Nothing is deleted: a mask is lifted, a publication withdrawn."""

from likvard.site.newsroom.models.press import PressContact, PressRelease, ReleaseLink, ReleaseStep
from likvard.site.newsroom.models.register import (
    Address,
    Mask,
    Publication,
    ReleasedText,
    Step,
    Tag,
    Version,
    decided_within,
)
from likvard.site.newsroom.models.subscriptions import News, Subscription, Tally

__all__ = [
    "Address",
    "Mask",
    "News",
    "PressContact",
    "PressRelease",
    "Publication",
    "ReleaseLink",
    "ReleaseStep",
    "ReleasedText",
    "Step",
    "Subscription",
    "Tag",
    "Tally",
    "Version",
    "decided_within",
]
