"""Tags and filters: numbers and days by language, bold facts, addresses, icons, states."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from likvard.figures import formats
from likvard.site.ui import components, icons
from likvard.site.ui.language import current as language
from likvard.terms import Language, SchoolYear, Words

register = template.Library()

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LOOKS = {
    "ongoing": "info",
    "locked": "plain",
    "failed": "plain",
    "document": "plain",
    "planned": "info",
    "unreached": "plain",
    "better": "info",
    "worse": "info",
}


@register.filter
def said(text: Words | str) -> str:
    """Words in the page's language; other text as it is."""
    return text[language()] if isinstance(text, Words) else text


@register.filter
def bold(text: Words | str) -> SafeString:
    """The text with its `**facts**` in bold; everything else escaped."""
    return mark_safe(_BOLD.sub(r"<b>\1</b>", conditional_escape(said(text))))  # noqa: S308 - escaped first


@register.filter
def number(value: float, places: int = 0) -> str:
    """`1 234,5` or `1,234.5`."""
    return formats.number(value, places, language())


@register.filter
def count(value: int) -> str:
    """A count in running text: in words up to twelve."""
    return formats.count(value, language())


@register.filter
def day(when: date | datetime | None) -> str:
    """`14 november 2025`, on one line; empty for nothing."""
    if when is None:
        return ""
    return formats.day(_local(when), language())


@register.filter
def moment(when: datetime | None) -> str:
    """`14 november 2025 kl. 14.02`, `14 November 2025 at 14:02`; Swedish time."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    clock = f"kl.\u00a0{local:%-H.%M}" if language() is Language.SV else f"at\u00a0{local:%H:%M}"
    return f"{day(local.date())} {clock}"


@register.filter
def dated(when: date | datetime | None) -> str:
    """A moment with its time, a day without."""
    return moment(when) if isinstance(when, datetime) else day(when)


@register.filter
def pages(paginator: Paginator, here: int) -> list[int]:
    """The numbers of a list's pages: the first, the last and those around the present one; 0 for a gap."""
    shown = [n for n in paginator.page_range if n in (1, paginator.num_pages) or abs(n - here) <= 1]
    return [n for before, n in zip([0, *shown], shown, strict=False) for n in ([0, n] if n - before > 1 else [n])]


@register.filter
def school_year(first: int) -> str:
    """`2025/26` from its first calendar year."""
    return str(SchoolYear(int(first)))


def _local(when: date | datetime) -> date:
    return timezone.localtime(when).date() if isinstance(when, datetime) else when


@register.filter
def summed(found: list[tuple[str, str]]) -> str:
    """The heading of an error summary."""
    return components.summary(found)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The page's own address with other choices: `{% query visa="tabell" sida=None %}`. The choice of language is not
    carried on: the cookie remembers it."""
    request: HttpRequest = context["request"]
    chosen = request.GET.copy()
    chosen.pop("sprak", None)
    for name, value in changes.items():
        chosen.pop(name, None)
        if value not in (None, ""):
            chosen[name] = str(value)
    return request.path + ("?" + chosen.urlencode() if chosen else "")


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """What the page has put in a block, once more: the title is also the heading."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon by name; put a word beside it."""
    return icons.icon(name)


@register.simple_tag
def mark() -> SafeString:
    """The project's mark."""
    return icons.MARK


@register.simple_tag
def state(kind: str, text: Words | str) -> SafeString:
    """A state as shape + word + colour. Kinds: late, soon, done, info, ongoing, paused, locked, failed, plain,
    better, worse, document."""
    shape = icons.icon(kind) if kind in icons.PATHS else ""
    return format_html('<span class="tag {}">{}{}</span>', _LOOKS.get(kind, kind), shape, said(text))


@register.simple_tag
def masked(reason: Words | str) -> SafeString:
    """A bar in the place of hidden text, with the reason readable in it. Its length never follows the hidden text."""
    return format_html('<span class="mask">{}</span>', said(reason))


@register.simple_tag
def errors(form: BaseForm) -> list[tuple[str, str]]:
    """What is wrong in a form, in the order of the page: (id to jump to, message). Whole-form errors have no id.

    A message that Django says of any field is said after the field's question.
    """
    found = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        # A group without choices has no first one: then the group itself is where the error is.
        inside = (one.id_for_label for one in field.subwidgets) if field.widget_type in _GROUPS else iter(())
        first = next(inside, "") or field.id_for_label
        for error in field.errors.as_data():
            message = " ".join(error.messages)
            found.append(
                (first or field.auto_id, _after(str(field.label), message) if _common(field, error) else message)
            )
    return found


_GROUPS = ("radioselect", "checkboxselectmultiple")


def _common(field: BoundField, error: ValidationError) -> bool:
    """Whether a message is Django's for any field, rather than written for this question."""
    usual = {code: text for kind in reversed(type(field.field).mro()) for code, text in _messages(kind).items()}
    return error.code is not None and field.field.error_messages.get(error.code) == usual.get(error.code)


def _messages(kind: type) -> dict[str, str]:
    return kind.__dict__.get("default_error_messages", {})


def _after(question: str, message: str) -> str:
    return f"{question} {message}" if question.endswith("?") else f"{question}: {message}"
