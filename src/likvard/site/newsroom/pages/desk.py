"""The desk: what waits, a decision being prepared, and each deed on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from likvard.site.cases.models import Issued, IssuedHappening
from likvard.site.cases.states import CaseError, Move
from likvard.site.newsroom import actions, composing, marked, passages, permissions, rules, shown
from likvard.site.newsroom.forms import Describe, Hide, Plain, Reasoned, ReleaseWords
from likvard.site.newsroom.models import Mask, Publication, Version
from likvard.site.newsroom.pages.decision import content
from likvard.site.newsroom.pages.visit import crumbs, deed, fetch, moment, person, today
from likvard.site.newsroom.queue import queue
from likvard.site.newsroom.reading import with_points
from likvard.site.writing.text import Reason


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the newsroom."""
    user = person(request)
    keeps = permissions.can_keep(user, on=today(request))
    waits = queue(user)
    words = [(one, shown.sentence(one)) for one in waits.words]
    context = {"queue": waits, "words": words, "keeps": keeps, "breadcrumbs": crumbs()}
    return render(request, "newsroom/desk.html", context)


def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to prepare a document."""
    user, issued = person(request), get_object_or_404(Issued.objects.select_related("case"), pk=pk)
    known = Publication.objects.filter(issued=issued).first()
    if known is not None:
        return redirect("newsroom_publication", pk=known.pk)
    return deed(
        request,
        title=_("Prepare for publication"), submit=_("Begin"), lead=f"{issued.case.dnr}: {issued.title}",
        form=Plain(request.POST if request.method == "POST" else None),
        check=lambda: permissions.check_can_prepare(user, issued, on=today(request)),
        act=lambda _asked: actions.prepare(issued=issued, by=user, at=moment(request)),
        done=_("It is being prepared. Nothing is public yet."),
        back=reverse("newsroom_desk"), trail=crumbs(issued.case.dnr),
    )  # fmt: skip


def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision at the desk: its text by paragraph, what is hidden and by whom, what looks as if it should be, what to do next."""
    found = fetch(request, pk)
    user, on = person(request), today(request)
    actions.note_original_read(issued=found.issued, by=user, at=moment(request))
    masks = list(found.masks.select_related("made_by", "lifted_by"))
    proposed = composing.proposed(found)
    parts = marked.parts(found.issued.content, [m for m in masks if m.lifted_at is None])
    told = IssuedHappening.objects.filter(issued=found.issued_id).exclude(text="").select_related("released", "point")
    context = {
        "publication": found,
        "parts": parts,
        "masks": [(mask, marked.where(parts, mask)) for mask in masks],
        "hints": marked.hints(proposed),
        "changes": permissions.can_change(user, found, on=on),
        "moves": _moves(found, request),
        "steps": found.steps.select_related("by"),
        "happenings": [(one, shown.sentence(one)) for one in told],
        "keeps": permissions.can_keep(user, on=on),
        "breadcrumbs": crumbs(found.register_number),
    }
    return render(request, "newsroom/publication.html", context)


def _moves(found: Publication, request: HttpRequest) -> list[Move]:
    """What the person may do next."""
    user, on = person(request), today(request)
    ways = sorted(rules.TABLE.moves_from(found.state), key=lambda way: way.code not in ("publish", "ask", "correct"))
    return [way for way in ways if permissions.can_move(user, found, way.code, on=on)]


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision exactly as everybody would read it if it were published now."""
    found = fetch(request, pk)
    found = with_points(Publication.objects.filter(pk=found.pk)).get()
    at = moment(request)
    would_be = Version(
        publication=found, number=found.version + 1, title=found.title, content=composing.to_publish(found), at=at
    )
    found.changed_at = found.changed_at or at
    return render(request, "newsroom/preview.html", content(found, would_be, request))


def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide words everywhere, or in one paragraph (`?del=text&stycke=5.0`)."""
    found, user = fetch(request, pk), person(request)
    part, key = request.GET.get("del", ""), request.GET.get("stycke", "")
    whole = marked.paragraph(found.issued.content, part, key)
    form = Hide(
        request.POST or None,
        whole=bool(whole),
        initial={"words": request.GET.get("ord", ""), "reason": _reason(request)},
    )
    return deed(
        request,
        title=_("Hide something in this paragraph") if whole else _("Hide words wherever they stand"), submit=_("Hide"),
        form=form, more={"quote": whole},
        check=lambda: permissions.check_can_change(user, found, on=today(request)),
        act=lambda asked: actions.hide(
            publication=found, words=asked["words"], reason=Reason(asked["reason"]), note=asked["note"], by=user,
            at=moment(request), part=part if whole else "", key=key if whole else "",
        ),
        done=_("It is hidden. Look at the whole text once more."), back=_home(found), trail=crumbs(found, _("Hide")),
    )  # fmt: skip


def _reason(request: HttpRequest) -> str:
    asked = request.GET.get("skal", "")
    return asked if asked in set(Reason) else Reason.PUPIL.value


def lift(request: HttpRequest, pk: int, mask: int) -> HttpResponse:
    """Show a passage again."""
    found, user = fetch(request, pk), person(request)
    chosen = get_object_or_404(Mask, pk=mask, publication=found)
    return deed(
        request,
        title=_("Show the passage again"), submit=_("Show it"), form=Reasoned(request.POST or None),
        more={"quote": marked.words_of(found.issued.content, chosen)},
        check=lambda: permissions.check_can_change(user, found, on=today(request)),
        act=lambda asked: actions.lift(mask=chosen, reason=asked["reason"], by=user, at=moment(request)),
        done=_("The passage is shown again."), back=_home(found), trail=crumbs(found, _("Show again")),
    )  # fmt: skip


def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Change title, address and tags."""
    found, user = fetch(request, pk), person(request)
    return deed(
        request,
        title=_("Title, address and words"), submit=_("Save"), form=Describe.of(found, request.POST or None),
        check=lambda: permissions.check_can_change(user, found, on=today(request)),
        act=lambda asked: actions.describe(publication=found, by=user, at=moment(request), **asked),
        done=_("Saved."), back=_home(found), trail=crumbs(found, _("Title, address and words")),
    )  # fmt: skip


def move(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Take a decision on to another state."""
    found, user = fetch(request, pk), person(request)
    try:
        way = rules.TABLE.move(found.state, code)
    except CaseError as error:
        raise Http404(str(error)) from error
    asks = Reasoned if way.reasoned else Plain
    warns = marked.hints(composing.proposed(found)) if code in ("ask", "publish") else []
    return deed(
        request,
        title=str(way.label), submit=str(way.label), form=asks(request.POST if request.method == "POST" else None),
        lead=_LEADS.get(code, lambda: "")(), more={"hints": warns},
        check=lambda: permissions.check_can_move(user, found, code, on=today(request)),
        act=lambda asked: actions.move(
            publication=found, code=code, by=user, at=moment(request), reason=asked.get("reason", "")
        ),
        done=_("Done: %(state)s.") % {"state": rules.TABLE.state(way.to).label},
        back=_home(found), trail=crumbs(found, str(way.label)),
    )  # fmt: skip


_LEADS = {
    "correct": lambda: _("Your reason is shown to everybody when the correction is published."),
    "withdraw": lambda: _("The text is taken away at once. Its address keeps when it was withdrawn, and your reason."),
    "again": lambda: _("Your reason is shown to everybody when it is published again."),
}


def release(request: HttpRequest, pk: int, happening: int) -> HttpResponse:
    """Let everybody read what was written about a happening."""
    found, user = fetch(request, pk), person(request)
    told = get_object_or_404(IssuedHappening, pk=happening, issued=found.issued)
    return deed(
        request,
        title=_("Release the words about what has happened"), submit=_("Release"),
        form=ReleaseWords(request.POST or None), more={"quote": told.text, "hints": list(passages.hints_in(told.text))},
        check=lambda: permissions.check_can_prepare(user, found.issued, on=today(request)),
        act=lambda asked: actions.release(
            publication=found, happening=told, words=asked["words"], reason=Reason(asked["reason"]), by=user,
            at=moment(request),
        ),
        done=_("Everybody can read it now."), back=_home(found), trail=crumbs(found, _("Release")),
    )  # fmt: skip


def _home(found: Publication) -> str:
    return reverse("newsroom_publication", args=[found.pk])
