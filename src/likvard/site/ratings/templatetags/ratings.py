"""A level as three squares and its word."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from likvard.rulebook.kinds.rubric import Rubric
from likvard.site.ratings.rubrics import level_name
from likvard.site.ratings.shown import look

register = template.Library()


@register.simple_tag
def level(value: int | None, rubric: Rubric, name: str = "") -> SafeString:
    """The level as the rubric calls it, or as it was called before."""
    form = '<span class="lv {}"><i aria-hidden="true"><b></b><b></b><b></b></i><span>{}</span></span>'
    return format_html(form, look(value, rubric), name or level_name(rubric, value))
