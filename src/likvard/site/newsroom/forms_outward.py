"""The questions of somebody who wants letters."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from likvard.site.newsroom.topics import Frequency


class FollowForm(forms.Form):
    """Where letters go, and how often."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("You get a letter with a link, where you confirm. Until then no other letters come."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    frequency = forms.ChoiceField(
        label=_("How often?"),
        choices=Frequency.choices,
        initial=Frequency.AT_ONCE,
        widget=forms.RadioSelect,
    )


class FrequencyForm(forms.Form):
    """Which of one's subscriptions, and how often from now on."""

    subscription = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency.choices)
