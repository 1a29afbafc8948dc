"""What everybody will read of an issued document: its two texts with the masks on, and its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from likvard.site.newsroom.models import Mask, Publication, Version
from likvard.site.writing import masking
from likvard.site.writing.text import Reason, Run, Written, as_data, from_data, items, plain_text

PARTS = (Mask.Part.TEXT, Mask.Part.PLAIN)


def originals(content: Mapping[str, Any]) -> dict[str, Written]:
    """The texts of an issued document by part, as they were signed. Only for the desk."""
    return {part.value: from_data(content[part.value]) for part in PARTS if content.get(part.value)}


def masked(content: Mapping[str, Any], masks: Iterable[Mask]) -> dict[str, Written]:
    """The texts by part with the masks on: what is hidden is gone from them."""
    wanted: dict[str, list[masking.Mask]] = {part.value: [] for part in PARTS}
    for mask in masks:
        wanted[mask.part].append(masking.Mask(mask.place, mask.start, mask.end, Reason(mask.reason)))
    return {part: masking.mask(written, wanted[part]) for part, written in originals(content).items()}


def proposed(publication: Publication) -> dict[str, Written]:
    """The texts as everybody would read them if it were published now."""
    return masked(publication.issued.content, publication.masks.filter(lifted_at__isnull=True))


def to_publish(publication: Publication) -> dict[str, Any]:
    """The content of the next version: masked texts as data, and the facts, which hold no free text."""
    texts = {part: as_data(written) for part, written in proposed(publication).items()}
    return {**texts, "facts": publication.issued.content.get("facts", {})}


def texts_of(version: Version) -> dict[str, Written]:
    """The texts of a version by part, as everybody reads them."""
    return {part.value: from_data(version.content[part.value]) for part in PARTS if version.content.get(part.value)}


def indexed(
    publication: Publication, title: str, texts: Mapping[str, Written], released: Iterable[str]
) -> tuple[str, str]:
    """Title and text by which a publication is found, of what everybody reads and of released words only.

    `title` is the version's: that of the publication may be one that a correction is only preparing.
    """
    tags = " ".join(publication.tags.values_list("name", flat=True))
    number = publication.register_number
    # The number is also one word in each of the ways that people write it.
    title = f"{title} {publication.place} {number} {number.replace(':', ' ')} {tags}"
    return title, "\n".join([*map(plain_text, texts.values()), *released])


def hidden_reasons(written: Written) -> list[str]:
    """The reason of each bar in the text, in order."""
    return [run.masked for block in written.blocks for runs in items(block) for run in runs if run.masked]


def as_runs(runs: Iterable[Run]) -> list[dict[str, str]]:
    """Runs to keep in the database."""
    return [{"text": run.text, "masked": run.masked} for run in runs]
