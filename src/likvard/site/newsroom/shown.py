"""Decisions as the components of a page: states, what has happened since, documents, facts. From masked text only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from likvard.figures import formats
from likvard.site.cases.models import IssuedHappening, IssuedKind, IssuedPoint, PointState
from likvard.site.cases.timing import day_of
from likvard.site.newsroom import names
from likvard.site.newsroom.models import Publication, Version
from likvard.site.newsroom.reading import Published
from likvard.site.ui.components import Fact, State
from likvard.site.ui.language import current
from likvard.site.ui.templatetags.likvard import masked
from likvard.site.ui.templatetags.likvard import state as tag
from likvard.site.writing import html
from likvard.site.writing.text import REASONS, Reason, Written, bar

_LOOKS = {
    PointState.OPEN: "plain",
    PointState.REPORTED: "document",
    PointState.PARTLY: "ongoing",
    PointState.REMAINS: "soon",
    PointState.REMEDIED: "done",
    PointState.ENDED: "done",
}


def day(when: date) -> str:
    """A day in the page's language."""
    return formats.day(when, current())


def point_state(point: IssuedPoint, today: date) -> State:
    """How a point stands, as shape, word and colour. One that nothing has been heard of is late after its day."""
    if point.state == PointState.OPEN and point.due is not None and point.due < today:
        return State("late", _("not reported back in time"))
    return State(_LOOKS[PointState(point.state)], point.get_state_display())


def summary(points: Sequence[IssuedPoint], today: date, kind: str = "") -> list[State]:
    """How many points stand how: `1 remedied`. What is left comes first. A first decision without points found nothing."""
    if kind == IssuedKind.DECISION and not points:
        return [State("done", _("no deficiency was found"))]
    order = [code.value for code in PointState]
    stood = [(order.index(point.state), point_state(point, today)) for point in points]
    counted = Counter((place, found.kind, str(found.word)) for place, found in stood)
    return [State(kind, f"{number} {word}") for (_place, kind, word), number in sorted(counted.items())]


def kicker(publication: Publication) -> str:
    """What it is, after what kind of inspection, and when it was published."""
    said = kind_of(publication)
    if publication.published_at is None:
        return said
    return said + " · " + _("published %(day)s") % {"day": day(day_of(publication.published_at))}


def kind_of(publication: Publication) -> str:
    """What it is, and after what kind of inspection: `Decision after planned supervision`."""
    about = names.inspection(publication.about, publication.decided_on) if publication.about else ""
    kind = publication.issued.get_kind_display()
    what = _("%(kind)s after %(inspection)s") % {"kind": kind, "inspection": about} if about else kind
    return what[:1].upper() + what[1:]


@dataclass(frozen=True, slots=True)
class Shown:
    """A point as the page shows it beside its heading in the text: its instrument, how it stands, and by when."""

    point: IssuedPoint
    area: str
    instrument: str
    state: State

    @property
    def tags(self) -> SafeString:
        """The line of states under a heading."""
        first = tag("document", self.instrument[:1].upper() + self.instrument[1:]) if self.instrument else ""
        fine = ""
        if self.point.fine:
            crowns = formats.number(self.point.fine, 0, current())
            fine = format_html('<span class="meta">{}</span>', _("fine (vite) of %(sum)s kronor") % {"sum": crowns})
        due = ""
        if self.point.due and not self.point.is_settled:
            due = format_html('<span class="meta">{}</span>', _("by %(day)s") % {"day": day(self.point.due)})
        return format_html('<p class="row">{}{}{}{}</p>', first, tag(self.state.kind, str(self.state.word)), due, fine)


def points(publication: Publication, found: Iterable[IssuedPoint], today: date) -> list[Shown]:
    """The points of a decision, named as on the day it was made."""
    on = publication.decided_on
    return [
        Shown(
            point,
            names.area(point.area, on) if point.area else "",
            names.instrument(point.instrument, on) if point.instrument else point.judgement,
            point_state(point, today),
        )
        for point in found
    ]


_HEADING = re.compile(r'<h[3-6] id="beslutet-\d+">(.*?)</h[3-6]>')


def text(written: Written, shown: Sequence[Shown]) -> SafeString:
    """The decision as HTML, with the states of each point under the first heading that names it.

    A point whose heading the text does not have is left to the list of points: nothing is guessed.
    """
    body = html.body(written, deeper=1, anchor="beslutet")
    waiting = {_plain(one.point.heading): one for one in reversed(shown)} | {
        _plain(one.area): one for one in reversed(shown) if one.area and _is_alone(one, shown)
    }
    done: set[int] = set()

    def with_state(match: re.Match[str]) -> str:
        one = waiting.get(_plain(match[1]))
        if one is None or one.point.number in done:
            return match[0]
        done.add(one.point.number)
        return match[0] + one.tags

    return mark_safe(_HEADING.sub(with_state, body))  # noqa: S308 - escaped by writing.html, and by Shown.tags


def _is_alone(one: Shown, others: Sequence[Shown]) -> bool:
    return sum(other.area == one.area for other in others) == 1


def _plain(heading: str) -> str:
    return " ".join(heading.replace("\u00a0", " ").replace("&amp;", "&").casefold().split())


def unnamed(written: Written, shown: Sequence[Shown]) -> list[Shown]:
    """The points whose states stand under no heading of the text."""
    body = text(written, shown)
    return [one for one in shown if one.tags not in body]


@dataclass(frozen=True, slots=True)
class Since:
    """A point of the timeline: what has happened or is to come, when, and the released words, hidden passages as bars."""

    what: str
    when: date
    words: SafeString
    note: str = ""
    done: bool = True


def since(publication: Publication, found: Iterable[IssuedPoint], today: date) -> list[Since]:
    """What has happened since the decision, and by when the next is due."""
    told = IssuedHappening.objects.filter(issued=publication.issued_id).select_related("point", "released")
    to_come: dict[date, list[IssuedPoint]] = {}
    for point in found:
        if point.state in (PointState.OPEN, PointState.PARTLY, PointState.REMAINS) and point.due and point.due >= today:
            to_come.setdefault(point.due, []).append(point)
    return [_happened(one) for one in told] + [_due(publication, to_come[due], due) for due in sorted(to_come)]


def _happened(one: IssuedHappening) -> Since:
    released = getattr(one, "released", None)
    note = one.get_seen_display() if one.seen else ""
    if one.text and released is None:
        note = " · ".join(filter(None, (note, _("the words about it are published when they have been read"))))
    return Since(sentence(one), one.day, words(released.runs) if released else SafeString(""), note)


def sentence(one: IssuedHappening) -> str:
    """What has happened, as a sentence."""
    of_point, of_whole = _SENTENCES[one.what]
    return str(of_point) % {"point": called(one.point)} if one.point else str(of_whole)


def called(point: IssuedPoint) -> str:
    """What a point is called: a finding, unless it is of an audit, which finds no breach of the law."""
    name = _("Finding %(number)s") if point.instrument else _("Point %(number)s")
    return name % {"number": point.number}


_SENTENCES = {
    "reported": (gettext_lazy("%(point)s was reported back"), gettext_lazy("The organiser reported back")),
    "extended": (gettext_lazy("%(point)s was given more time"), gettext_lazy("The organiser was given more time")),
    "visited": (gettext_lazy("%(point)s: inspectors visited again"), gettext_lazy("Inspectors visited again")),
    "assessed": (gettext_lazy("%(point)s was assessed"), gettext_lazy("The report-back was assessed")),
    "closed": (gettext_lazy("%(point)s was closed"), gettext_lazy("The matter was closed")),
    "reopened": (gettext_lazy("%(point)s was opened again"), gettext_lazy("The matter was opened again")),
    "escalated": (gettext_lazy("%(point)s was taken further"), gettext_lazy("The matter was taken further")),
    "lifted": (gettext_lazy("%(point)s: what was decided was lifted"), gettext_lazy("The decision was lifted")),
    "appealed": (gettext_lazy("%(point)s: the decision was appealed"), gettext_lazy("The decision was appealed")),
    "force": (
        gettext_lazy("%(point)s: the decision gained legal force"),
        gettext_lazy("The decision gained legal force"),
    ),
    "corrected": (gettext_lazy("%(point)s was corrected"), gettext_lazy("The decision was corrected")),
}
"""What has happened, to one point and to the whole."""


def _due(publication: Publication, left: Sequence[IssuedPoint], due: date) -> Since:
    numbers = formats.listed(tuple(str(point.number) for point in left), current())
    what = ngettext(
        "%(organiser)s must remedy and report back finding %(numbers)s",
        "%(organiser)s must remedy and report back findings %(numbers)s",
        len(left),
    ) % {"organiser": publication.organiser_name, "numbers": numbers}
    return Since(what, due, SafeString(""), done=False)


def words(runs: Iterable[dict[str, str]]) -> SafeString:
    """Released words as HTML: text, and bars with their reasons."""
    language = current()
    said = (masked(bar(run["masked"], language)) if run["masked"] else run["text"] for run in runs)
    return format_html_join("", "{}", ((one,) for one in said))


def hidden(reasons: Sequence[str]) -> str:
    """How many passages are hidden, and why, in a sentence; empty if none is."""
    if not reasons:
        return ""
    why = formats.listed(tuple(REASONS[reason][current()] for reason in Reason if reason.value in reasons), current())
    return ngettext(
        "%(count)s passage is hidden: %(why)s.", "%(count)s passages are hidden: %(why)s.", len(reasons)
    ) % {"count": formats.count(len(reasons), current()).capitalize(), "why": why}


def facts(row: Published, version: Version) -> list[Fact]:
    """What the right column says about the matter."""
    publication = row.publication
    found = [Fact(_("Register number"), publication.register_number, href=by_number(publication))]
    if publication.organiser_id:
        found.append(
            Fact(
                _("Organiser"),
                publication.organiser_name,
                href=reverse("decisions_of_organiser", args=[publication.organiser_id]),
            )
        )
    if publication.unit_id:
        found.append(
            Fact(_("School"), publication.unit_name, href=reverse("decisions_of_unit", args=[publication.unit_id]))
        )
    found.append(Fact(_("Decided"), day(publication.decided_on)))
    if version.number > 1:
        found.append(Fact(_("Corrected"), day(day_of(version.at))))
    return found


def by_number(publication: Publication) -> str:
    """The address of everything under the register number."""
    slug = publication.register_number.replace(" ", "-", 1).replace(":", "-", 1)
    return reverse("decision_by_number", args=[slug])
