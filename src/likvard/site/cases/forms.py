"""What is asked on the pages of cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.kinds import kinds
from likvard.site.cases.models import Case, Document, LinkType, Participant, Secrecy
from likvard.site.cases.timing import Counting
from likvard.site.people.models import User

SHOWN_PLACES = 100
"""How many places are offered as choices; beyond that a code is written."""

_AREA = forms.Textarea(attrs={"rows": 3})


class Day(forms.DateField):
    """A day, chosen or written as 2026-03-01."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ("%Y-%m-%d",)


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why?"), max_length=300, widget=_AREA, help_text=_("Your reason is kept and shown in the record.")
    )


class Confirm(forms.Form):
    """Nothing but the button."""


class OptionalReason(forms.Form):
    """Why, if there is something to say."""

    reason = forms.CharField(label=_("Comment"), max_length=300, widget=_AREA, required=False)


class OpenCase(forms.Form):
    """A new matter."""

    kind = forms.ChoiceField(label=_("What kind of matter is it?"))
    place = forms.ChoiceField(label=_("Which school or organiser is it about?"))
    title = forms.CharField(
        label=_("What is it about, in a few words?"), max_length=200, help_text=_("Write no names of pupils here.")
    )
    secrecy = forms.ChoiceField(label=_("Whom may it be shown to?"), choices=Secrecy.choices, initial=Secrecy.OPEN)

    def __init__(self, *args: Any, places: list[tuple[str, str]], kind_codes: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"] = forms.ChoiceField(
            label=_("What kind of matter is it?"), choices=[(code, kinds()[code].label) for code in kind_codes]
        )
        label = _("Which school or organiser is it about?")
        if len(places) > SHOWN_PLACES:
            hint = _("Write the unit's code (8 digits) or the organisation number (10 digits).")
            self.fields["place"] = forms.RegexField(r"^\s*(\d{8}|\d{10})\s*$", label=label, help_text=hint)
        else:
            self.fields["place"] = forms.ChoiceField(label=label, choices=places)


class Person(forms.ModelChoiceField):
    """One of the people that a matter can be handed to."""

    def label_from_instance(self, user: User) -> str:
        """Name and address: two people may have one name."""
        return f"{user.name} ({user.email})"


class AmongPeople(forms.Form):
    """A form that asks for some of these people, in the field `asked_for`."""

    asked_for: ClassVar[str] = "user"

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields[self.asked_for].queryset = people  # type: ignore[attr-defined]


class ShareOut(AmongPeople):
    """Who becomes responsible."""

    asked_for = "to"
    to = Person(label=_("Who becomes responsible?"), queryset=User.objects.none())


class LetIn(AmongPeople):
    """To whom the matter is opened."""

    user = Person(label=_("Who?"), queryset=User.objects.none())
    part = forms.ChoiceField(label=_("What for?"), choices=Participant.Part.choices)
    until = Day(label=_("Until and including"), required=False)
    reason = forms.CharField(
        label=_("Why?"), max_length=300, widget=_AREA, help_text=_("Your reason is kept and shown in the record.")
    )


class Exclude(AmongPeople):
    """Who is kept out."""

    user = Person(label=_("Who is to be kept out?"), queryset=User.objects.none())
    reason = forms.CharField(
        label=_("Why?"), max_length=300, widget=_AREA, help_text=_("Your reason is kept and shown in the record.")
    )


class StartClock(forms.Form):
    """A duty that runs against time."""

    name = forms.CharField(label=_("What is to be done?"), max_length=120)
    due = Day(label=_("By which day?"))
    counting = forms.ChoiceField(
        label=_("Which days count if it is paused?"), choices=Counting.choices, initial=Counting.CALENDAR
    )


class Done(forms.Form):
    """When it was done."""

    on = Day(label=_("When was it done?"))


class Attach(forms.Form):
    """A file."""

    file = forms.FileField(
        label=_("Which file?"), help_text=_("PDF, Word, Excel, OpenDocument, text or picture; at most 25 MB.")
    )
    document = forms.ModelChoiceField(
        label=_("Is it a new version of a document that is here?"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=_("No, a new document"),
    )
    title = forms.CharField(label=_("What is the document called?"), max_length=200, required=False)
    dated = Day(label=_("Which day is the document from?"), help_text=_("The day on the document, not today's."))
    sensitive = forms.BooleanField(label=_("It holds personal data of pupils"), required=False, initial=True)
    finished = forms.BooleanField(label=_("It is finished, not a draft"), required=False, initial=True)

    def __init__(self, *args: Any, documents: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["dated"].initial = today
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]


class Write(AmongPeople):
    """A message."""

    asked_for = "to"
    to = forms.ModelMultipleChoiceField(
        label=_("To whom?"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("What do you want to say?"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    sensitive = forms.BooleanField(label=_("It holds personal data of pupils"), required=False, initial=True)


class Link(forms.Form):
    """A tie to another matter."""

    number = forms.CharField(
        label=_("Which register number?"),
        max_length=40,
        help_text=_(
            "Ours as LV 2025:1; another authority's as it writes it: SI 2022:4573, 400-2011:6497 or 2018:7409."
        ),
    )
    type = forms.ChoiceField(
        label=_("How do they hang together?"),
        choices=[
            (LinkType.MENTIONED.value, _("it is mentioned here")),
            (LinkType.FOLLOWS.value, _("this follows on it")),
        ],
    )


class Correct(forms.Form):
    """What is put right."""

    title = forms.CharField(label=_("Title"), max_length=200)
    secrecy = forms.ChoiceField(label=_("Whom may it be shown to?"), choices=Secrecy.choices)
    reason = forms.CharField(
        label=_("Why?"), max_length=300, widget=_AREA, help_text=_("What stood there before is kept in the record.")
    )

    @classmethod
    def of(cls, case: Case, data: Any) -> Correct:
        """The form with what stands there now."""
        return cls(data, initial={"title": case.title, "secrecy": case.secrecy})
