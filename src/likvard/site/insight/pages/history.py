"""A unit's history, as a line of what it was called and what it continues."""

from __future__ import annotations

from django.utils.translation import gettext as _

from likvard.site.people.history import Link, line_of
from likvard.site.people.models import Lineage, Unit
from likvard.site.ui.components import Happening


def history(unit: Unit) -> tuple[Happening, ...]:
    """What has happened to the unit, oldest first: its names, and the units that it continues or that continue it.

    Nothing where nothing has happened but that it began.
    """
    names = [Happening(_("Was called **%(name)s**") % {"name": row.name}, row.start) for row in unit.names.all()]
    line = [_happened(link, unit) for link in line_of(unit) if link.how or link.unit.pk != unit.pk]
    renamed = names if len(names) > 1 else []
    return tuple(sorted([*renamed, *line], key=lambda one: (one.when is not None, str(one.when or ""))))


def _happened(link: Link, unit: Unit) -> Happening:
    how = str(Lineage.Kind(link.how).label) if link.how else ""
    name = {"name": link.unit.name, "code": link.unit.code}
    what = _("**This school**, code %(code)s") if link.unit.pk == unit.pk else _("**%(name)s**, code %(code)s")
    href = "" if link.unit.pk == unit.pk else f"/skolor/{link.unit.code}/"
    return Happening(what % name, link.start, how, href=href)
