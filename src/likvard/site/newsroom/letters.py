"""What a letter to a subscriber says: the title, what happened and the address; nothing that stands in the text of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from likvard.site.newsroom.models import News, Subscription
from likvard.site.newsroom.reading import standing_version
from likvard.site.ui.templatetags.likvard import day as in_words

CONFIRM, END, OWN = "newsroom.follow.confirm", "newsroom.follow.end", "newsroom.follow.own"
"""What a signed link is for. A link for one thing opens no other."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, before it is put into the outbox."""

    subject: str
    body: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of news as a letter tells it: what it is, what happened on which day, and where it can be read."""

    title: str
    happened: str
    href: str

    def __str__(self) -> str:
        return f"{self.title}\n{self.happened}\n{self.href}"


def signed(purpose: str, keys: Iterable[int]) -> str:
    """A link's last part: the numbers of subscriptions, signed. It works as long as the site's key, and tells no address."""
    return Signer(salt=purpose).sign(".".join(map(str, sorted(keys))))


def unsigned(purpose: str, token: str) -> tuple[int, ...]:
    """The numbers that were signed for this purpose; none for anything else."""
    try:
        return tuple(map(int, Signer(salt=purpose).unsign(token).split(".")))
    except (BadSignature, ValueError):
        return ()


def link(address: str, name: str, purpose: str, keys: Iterable[int]) -> str:
    """A whole address with a signed part, in the active language."""
    code = translation.get_language()
    return address + reverse(name, args=[signed(purpose, keys)]) + (f"?sprak={code}" if code == "en" else "")


def list_headers(address: str, keys: Sequence[int] = ()) -> dict[str, str]:
    """Headers of every letter of the list (RFC 2369, 2919, 3834), and of one that can be ended with one click (RFC 8058)."""
    found = {"List-Id": f"<beslut.{urlsplit(address).hostname}>", "Auto-Submitted": "auto-generated"}
    if keys:
        found["List-Unsubscribe"] = f"<{link(address, 'follow_end', END, keys)}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def item(news: News, address: str) -> Item | None:
    """The news in the active language; None for news of what has been withdrawn since."""
    thing = news.publication or news.release
    if thing is None or not (thing.shown or news.what == News.What.WITHDRAWN):
        return None
    return Item(_title(news), _happened(news), address + thing.get_absolute_url())


def _title(news: News) -> str:
    """The title that everybody reads, never one that is being prepared. What was withdrawn may have been so for its title."""
    if news.release is not None:
        return news.release.content["title"] if news.what != News.What.WITHDRAWN else _("Press release")
    if news.publication is None or news.what == News.What.WITHDRAWN:
        number = news.publication.register_number if news.publication else ""
        return _("The decision %(number)s") % {"number": number}
    return standing_version(news.publication).title


def _happened(news: News) -> str:
    if news.happening is not None:
        what = str(news.happening.get_what_display())
        return _("%(day)s: %(what)s") % {"day": in_words(news.happening.day), "what": what}
    day = in_words(_local(news.at))
    match news.what:
        case News.What.PUBLISHED if news.publication is not None:
            decided = in_words(news.publication.decided_on)
            return _("Decided on %(decided)s. Published on %(day)s.") % {"decided": decided, "day": day}
        case News.What.PUBLISHED:
            return _("Press release, published on %(day)s.") % {"day": day}
        case News.What.CORRECTED:
            return _("Corrected on %(day)s. The page tells what was changed and why.") % {"day": day}
        case _other:
            return _("Withdrawn on %(day)s. The page tells why.") % {"day": day}


def _local(at: datetime) -> date:
    return timezone.localdate(at)


def news_letter(items: Sequence[Item], followed: Sequence[Subscription], names: Sequence[str], address: str) -> Letter:
    """A letter with one or several pieces of news, for one address; in the active language.

    `followed` are the subscriptions that it comes from, `names` what they are called. Its one-click link ends just these.
    """
    keys = [one.pk for one in followed]
    if len(items) == 1:
        subject = items[0].title
    else:
        text = ngettext(
            "%(number)s piece of news about decisions", "%(number)s pieces of news about decisions", len(items)
        )
        subject = text % {"number": len(items)}
    said = "\n\n".join(map(str, items))
    end = link(address, "follow_end", END, keys)
    own = link(address, "follow_own", OWN, keys[:1])
    foot = _(
        "You get this letter because you follow: %(names)s.\nStop these letters: %(end)s\nChange how often, or see all that you follow: %(own)s"
    )
    return Letter(
        subject,
        f"{said}\n\n-- \n{foot % {'names': '; '.join(names), 'end': end, 'own': own}}\n",
        list_headers(address, keys),
    )


def confirming(subscription: Subscription, name: str, address: str) -> Letter:
    """The letter that asks whether the address's owner wants letters; in the subscription's language."""
    with translation.override(subscription.language):
        url = link(address, "follow_confirm", CONFIRM, [subscription.pk])
        body = _(
            "Somebody, most likely you, asked for letters to this address about: %(name)s.\n\n"
            "Open this page and press the button if you want them:\n%(url)s\n\n"
            "The link works for 48 hours. If you did not ask, do nothing: no more letters come, and the address is erased after seven days."
        )
        return Letter(
            _("Confirm that you want letters"), body % {"name": name, "url": url} + "\n", list_headers(address)
        )


def known_already(subscription: Subscription, name: str, address: str) -> Letter:
    """The letter to somebody who asks for what they have; in the subscription's language."""
    with translation.override(subscription.language):
        url = link(address, "follow_own", OWN, [subscription.pk])
        body = _(
            "Somebody, most likely you, asked for letters to this address about: %(name)s.\n\n"
            "You follow it already. Here you see all that you follow, change how often letters come, and end them:\n%(url)s"
        )
        return Letter(_("You follow this already"), body % {"name": name, "url": url} + "\n", list_headers(address))
