"""What a topic is called, for whoever follows it. None for a topic that nothing is found under here."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from likvard.rulebook import municipalities, rule
from likvard.site.cases.register import RegisterNumber
from likvard.site.newsroom.models import Publication, Tag
from likvard.site.newsroom.topics import About, Topic
from likvard.site.people.models import Organiser, Unit
from likvard.site.ui.language import current as language
from likvard.terms import RuleError


def name_of(topic: Topic, on: date) -> str | None:
    """The name of a topic in the active language, or None if there is no such thing here."""
    key = topic.key
    match topic.about:
        case About.REGISTER:
            return _("all decisions and press releases")
        case About.ORGANISER:
            return Organiser.objects.filter(pk=key).values_list("name", flat=True).first()
        case About.UNIT:
            return Unit.objects.filter(pk=key).values_list("name", flat=True).first()
        case About.MUNICIPALITY:
            name = municipalities().get(key)
            return _("schools in %(municipality)s") % {"municipality": name} if name else None
        case About.AREA:
            return _area(key, on)
        case About.TAG:
            return Tag.objects.filter(slug=key).values_list("name", flat=True).first()
        case About.CASE:
            number = str(RegisterNumber.from_slug(key))
            known = Publication.objects.public().filter(register_number=number).exists()
            return _("the matter %(number)s") % {"number": number} if known else None


def _area(key: str, on: date) -> str | None:
    try:
        return str(rule(f"assessment_areas:{key}", on).value.name[language()])
    except RuleError:
        return None
