"""The form with which a token is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.site.api.rules import LIFETIMES


def _lifetimes() -> list[tuple[int, str]]:
    return [(days, gettext("%(days)s days") % {"days": days}) for days in LIFETIMES]


class TokenForm(forms.Form):
    """A name, how long the token lives, and whether it may read the organiser's own figures."""

    name = forms.CharField(
        label=_("What is the token for?"),
        help_text=_("For instance the name of the program that will use it. Only you see it."),
        max_length=100,
    )
    days = forms.TypedChoiceField(
        label=_("How long should it hold?"),
        choices=_lifetimes,
        coerce=int,
        initial=LIFETIMES[1],
        widget=forms.RadioSelect,
    )
    reads_organiser = forms.BooleanField(
        label=_("Read the organiser's own figures, for the schools that I reach myself"),
        help_text=_("Without this the token reads what is public, only faster. Each reading is logged."),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, may_read_organiser: bool) -> None:
        super().__init__(data)
        if not may_read_organiser:
            del self.fields["reads_organiser"]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for, as `actions.make_token` takes it."""
        return {"reads_organiser": False, **self.cleaned_data}
