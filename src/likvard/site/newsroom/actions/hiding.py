"""Hide passages, show them again, and release the words about what has happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from likvard.site.cases.models import IssuedHappening
from likvard.site.cases.states import CaseError
from likvard.site.cases.timing import day_of
from likvard.site.newsroom import composing, passages, permissions
from likvard.site.newsroom.actions.desk import index
from likvard.site.newsroom.actions.holding import hold, tell
from likvard.site.newsroom.models import Mask, Publication, ReleasedText
from likvard.site.newsroom.reading import standing_version
from likvard.site.people.models import User
from likvard.site.writing import masking
from likvard.site.writing.text import Paragraph, Reason, Run, Written


@transaction.atomic
def hide(
    *,
    publication: Publication,
    words: str,
    reason: Reason,
    by: User,
    at: datetime,
    part: str = "",
    key: str = "",
    note: str = "",
) -> list[Mask]:
    """Hide these words wherever they stand, or in one paragraph (`part` and `key` of `passages.stretches`).

    Without words the whole paragraph is hidden. Raises `CaseError` if nothing is found that is not hidden already.
    """
    publication = hold(publication)
    role = permissions.check_can_change(by, publication, on=day_of(at))
    found = _found(publication, words, reason, part, key)
    known = {(m.part, m.place, m.start, m.end) for m in publication.masks.filter(lifted_at__isnull=True)}
    fresh = [(where, m) for where, m in found if (where, m.place, m.start, m.end) not in known]
    if not fresh:
        raise CaseError(
            _("The words do not stand there, or are hidden already."),
            _("Copy them from the text, without a line break."),
        )
    made = [
        Mask.objects.create(
            publication=publication, part=where, place=m.place, start=m.start, end=m.end, reason=m.reason.value,
            note=note.strip(), made_at=at, made_by=by,
        )
        for where, m in fresh
    ]  # fmt: skip
    # Where and why, never what: the chain is read by others.
    data = {"reason": reason.value, "masks": [mask.pk for mask in made], "places": [mask.place for mask in made]}
    tell("newsroom.masked", publication, by=by, role=role, at=at, data=data)
    return made


def _found(publication: Publication, words: str, reason: Reason, part: str, key: str) -> list[tuple[str, masking.Mask]]:
    texts = composing.originals(publication.issued.content)
    if key and not words.strip():
        if part not in texts:
            raise CaseError(_("There is no such paragraph in the document."), _("Choose one that is there."))
        return [(part, mask) for mask in passages.whole(texts[part], key, reason)]
    within = {part: texts[part]} if part in texts else texts
    return [
        (where, mask)
        for where, written in within.items()
        for mask in passages.masks_for(written, words, reason, within=key)
    ]


@transaction.atomic
def lift(*, mask: Mask, reason: str, by: User, at: datetime) -> Mask:
    """Show a passage again, with a reason. The mask stays in the log."""
    publication = hold(mask.publication)
    role = permissions.check_can_change(by, publication, on=day_of(at))
    mask = Mask.objects.select_for_update().get(pk=mask.pk)
    if mask.lifted_at is not None:
        raise CaseError(_("The passage is shown already."), _("Look at the list of what is hidden."))
    if not reason.strip():
        raise CaseError(_("A reason is needed."), _("Write it: it stays in the record."))
    mask.lifted_at, mask.lifted_by, mask.lifted_reason = at, by, reason.strip()
    mask.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    tell("newsroom.unmasked", publication, by=by, role=role, at=at, reason=reason, data={"mask": mask.pk})
    return mask


@transaction.atomic
def release(
    *,
    publication: Publication,
    happening: IssuedHappening,
    by: User,
    at: datetime,
    words: Sequence[str] = (),
    reason: Reason = Reason.PUPIL,
) -> ReleasedText:
    """Let everybody read what was written about a happening, without these words. Another than wrote it releases it."""
    publication = hold(publication)
    role = permissions.check_can_prepare(by, publication.issued, on=day_of(at))
    if happening.issued_id != publication.issued_id or not happening.text:
        raise CaseError(_("There is nothing written to release."), _("Look at what has happened."))
    if happening.by_id == by.pk:
        raise CaseError(_("You wrote it yourself."), _("Let another press officer read and release it."))
    runs = composing.as_runs(without(happening.text, words, reason))
    made, _is_new = ReleasedText.objects.update_or_create(
        happening=happening, defaults={"runs": runs, "at": at, "by": by}
    )
    if publication.shown:
        publication.changed_at = at
        publication.save(update_fields=["changed_at"])
        index(publication, standing_version(publication))
    data = {"happening": happening.pk, "masks": sum(bool(run["masked"]) for run in runs)}
    tell("newsroom.text_released", publication, by=by, role=role, at=at, data=data)
    return made


def without(text: str, words: Sequence[str], reason: Reason) -> tuple[Run, ...]:
    """A text as runs, with a bar wherever one of these words stands. Raises `CaseError` if one of them does not."""
    written = Written(
        title="-", kicker="", language="sv", register_number="", dated=None, authority="", addressee=(),
        blocks=(Paragraph((Run(text),)),), draft=True,
    )  # fmt: skip
    masks: list[masking.Mask] = []
    for passage in filter(None, (word.strip() for word in words)):
        hits = passages.masks_for(written, passage, reason, within="0.0")
        if not hits:
            raise CaseError(
                _("“%(words)s” does not stand in the text.") % {"words": passage}, _("Copy the words from the text.")
            )
        masks += hits
    (block,) = masking.mask(written, masks).blocks
    return block.runs if isinstance(block, Paragraph) else ()
