"""The words by which a decision or a press release is found: they belong to what has been published, as its text does."""

from __future__ import annotations

from collections.abc import Sequence

from likvard.site.newsroom.models import PressRelease, Publication, Tag
from likvard.site.newsroom.rules import tag_slug, tidy


def tag(name: str) -> Tag:
    """The tag of a name; a new one is made. Its address is made from the name as it is first written."""
    name = tidy(name)
    return Tag.objects.get_or_create(name=name, defaults={"slug": tag_slug(name)})[0]


def propose(about: Publication | PressRelease, names: Sequence[str]) -> None:
    """Let it be found by these words: at once while nobody reads it, else from the moment that its correction is published."""
    names = [name for name in names if name.strip()]
    if about.shown:
        about.proposed_tags = sorted({tidy(name) for name in names})
        about.save(update_fields=["proposed_tags"])
    else:
        about.tags.set([tag(name) for name in names])


def settle(about: Publication | PressRelease, *, published: bool) -> None:
    """The words that were proposed hold from now on, or are dropped with the correction. The caller saves the row."""
    if published and about.proposed_tags is not None:
        about.tags.set([tag(name) for name in about.proposed_tags])
    about.proposed_tags = None
