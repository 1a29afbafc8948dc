"""Attach and fetch documents, write and read messages."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from likvard.site.cases import access, actions, files, permissions, shown
from likvard.site.cases.forms import Attach, Reason, Write
from likvard.site.cases.models import Case, Document, DocumentVersion, LinkType
from likvard.site.cases.pages.visit import crumbs, deed, fetch, here, moment, person, today
from likvard.site.cases.states import CaseError


def attach(request: HttpRequest, slug: str) -> HttpResponse:
    """Attach a file: a new document, or a new version of one."""
    case, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    own = Document.objects.filter(links__case=case, links__type=LinkType.OWN)

    def act(asked: dict) -> object:
        file = asked.pop("file")
        return actions.attach(
            case=case, name=file.name, chunks=file.chunks(), by=user, at=at,
            folder=settings.DOCUMENTS, scanner=settings.SCANNER, **asked,
        )  # fmt: skip

    return deed(
        request, case,
        title=_("Attach a document"), submit=_("Attach"),
        form=Attach(request.POST or None, request.FILES or None, documents=own, today=on),
        check=lambda: permissions.check_can_work(user, case, on=on),
        act=act, done=_("The document has been attached."),
    )  # fmt: skip


def document(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """A document's file. What is about pupils is asked for with a reason first."""
    case, grant = fetch(request, slug)
    version = get_object_or_404(
        DocumentVersion.objects.select_related("document"),
        pk=pk, document__links__case=case, document__links__type=LinkType.OWN,
    )  # fmt: skip
    form = Reason(request.POST or None)
    if version.document.sensitive and not form.is_valid():
        permissions.check_can_see_pupils(grant, "-")
        return _ask(request, case, form, str(version.document))
    try:
        content = actions.fetch(
            version=version, case=case, grant=grant, by=person(request), at=moment(request),
            folder=settings.DOCUMENTS, reason=form.cleaned_data["reason"] if form.is_valid() else "",
        )  # fmt: skip
    except CaseError as error:
        messages.error(request, str(error))
        return redirect(shown.address(case))
    return _file(content, version, inline=request.GET.get("visa") == "bild")


def _ask(request: HttpRequest, case: Case, form: Reason, what: str) -> HttpResponse:
    """Ask why the reader needs to see something about pupils."""
    context = {
        "case": case, "form": form, "heading": what, "submit": _("Show it"), "back": shown.address(case),
        "lead": _("It holds personal data of pupils."), "breadcrumbs": crumbs(case, what),
    }  # fmt: skip
    return render(request, "cases/deed.html", context)


def _file(content: bytes, version: DocumentVersion, *, inline: bool) -> HttpResponse:
    """The file as something to save; only pictures may be shown, and never with what a page may do."""
    shows = inline and version.media_type in files.SHOWN
    response = HttpResponse(content, content_type=version.media_type)
    disposition = content_disposition_header(not shows, version.filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a message to people whom the case is open to."""
    case, _grant = fetch(request, slug)
    user, at, on = person(request), moment(request), today(request)
    return deed(
        request, case,
        title=_("Write a message"), submit=_("Send"),
        lead=_("The receivers get a letter that says that there is a message, not what it says."),
        form=Write(request.POST or None, people=access.correspondents(case, on, but=user)),
        check=lambda: permissions.check_can_work(user, case, on=on),
        act=lambda asked: actions.send_message(case=case, by=user, at=at, address=here(case), **asked),
        done=_("The message has been sent."),
    )  # fmt: skip


def message(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The text of a message. What is about pupils is asked for with a reason first; the reading is its receipt."""
    case, grant = fetch(request, slug)
    found = get_object_or_404(case.messages.select_related("author").prefetch_related("to"), pk=pk)
    user, form = person(request), Reason(request.POST or None)
    heading = _("Message from %(person)s") % {"person": found.author}
    if found.sensitive and found.author_id != user.pk and not form.is_valid():
        permissions.check_can_see_pupils(grant, "-")
        return _ask(request, case, form, heading)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    text = actions.read_message(message=found, grant=grant, by=user, at=moment(request), reason=reason)
    context = {"case": case, "message": found, "text": text, "heading": heading, "breadcrumbs": crumbs(case, heading)}
    return render(request, "cases/message.html", context)
