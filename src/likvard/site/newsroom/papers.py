"""The documents around a decision: its own files, what it follows on and what follows on it, what it mentions. Only what is public."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.models import CaseLink, Issued, LinkType
from likvard.site.cases.register import quoted
from likvard.site.newsroom import composing
from likvard.site.newsroom.models import Mask, Publication, Version
from likvard.site.newsroom.reading import titles
from likvard.site.writing.text import plain_text


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: what it is called, where it is, how it hangs together with the decision.

    `type` is that of the link: `own`, `mentioned` or `follows`. `number` is a register number that is quoted and leads nowhere here.
    """

    title: str
    href: str
    note: str
    type: str
    shape: str = "document"
    number: str = ""


def documents(publication: Publication, version: Version) -> list[Paper]:
    """Every document around a decision: own files first, then other decisions, press releases, and quoted numbers."""
    return [*own(publication, version), *others(publication), *releases(publication), *mentions(publication, version)]


def own(publication: Publication, version: Version) -> list[Paper]:
    """The files of the decision itself."""
    found = [
        Paper(
            _("Decision (PDF)"), reverse("decision_pdf", args=[publication.slug]), _("for reading and listening"),
            LinkType.OWN, "download",
        )
    ]  # fmt: skip
    if version.content.get(Mask.Part.PLAIN.value):
        address = reverse("decision_plain_pdf", args=[publication.slug])
        found.append(Paper(_("In short (PDF)"), address, _("in plain words"), LinkType.OWN, "download"))
    return found


def others(publication: Publication) -> list[Paper]:
    """Other published decisions: those it follows on, that follow on it, of the same matter, and of matters tied to it."""
    issued = publication.issued
    cases = {issued.case_id}
    ties = CaseLink.objects.filter(to_case__isnull=False).filter(Q(case=issued.case_id) | Q(to_case=issued.case_id))
    for one, other in ties.values_list("case", "to_case"):
        cases |= {one, other}
    # By ids that were found before: asked for in one question, the whole register would be walked.
    near = set(Issued.objects.filter(case__in=cases).order_by().values_list("pk", flat=True))
    near |= set(Issued.objects.filter(follows=issued.pk).order_by().values_list("pk", flat=True))
    near |= {issued.follows_id} if issued.follows_id else set()
    public = Publication.objects.filter(issued__in=near - {issued.pk}, shown=True).select_related("issued")
    found = list(public.defer("issued__content").order_by("decided_on", "id")[:20])
    said = titles(found)
    return [Paper(said[one.pk], one.get_absolute_url(), *_tie(publication, one)) for one in found]


def _tie(publication: Publication, other: Publication) -> tuple[str, str]:
    """How two decisions hang together: in words, and as the type of the link."""
    if publication.issued.follows_id == other.issued_id:
        return _("this decision follows on it"), LinkType.FOLLOWS.value
    if other.issued.follows_id == publication.issued_id:
        return _("follows on this decision"), LinkType.FOLLOWS.value
    if publication.issued.case_id == other.issued.case_id:
        return _("in the same matter"), LinkType.OWN.value
    return _("in a matter that is tied to this one"), LinkType.MENTIONED.value


def releases(publication: Publication) -> list[Paper]:
    """The press releases about it."""
    found = publication.releases.filter(shown=True).order_by("-published_at")
    return [
        Paper(one.content["title"], one.get_absolute_url(), _("press release"), LinkType.MENTIONED) for one in found
    ]


def mentions(publication: Publication, version: Version) -> list[Paper]:
    """Register numbers that the masked text quotes, other than its own; with a way to what is published under them."""
    texts = composing.texts_of(version)
    said = "\n".join(plain_text(written) for written in texts.values())
    numbers = [number for number in quoted(said) if str(number) != publication.register_number]
    known = set(
        Publication.objects.public()
        .filter(register_number__in=[str(number) for number in numbers])
        .values_list("register_number", flat=True)
    )
    return [_mention(str(number), str(number) in known) for number in numbers]


def _mention(number: str, is_known: bool) -> Paper:
    slug = number.replace(" ", "-", 1).replace(":", "-", 1)
    href = reverse("decision_by_number", args=[slug]) if is_known else ""
    return Paper(number, href, _("mentioned in the text"), LinkType.MENTIONED, number=number)
