"""What is asked on the pages of the programme."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.rulebook import school_form_names
from likvard.site.cases.forms import Day
from likvard.site.cases.states import CaseError
from likvard.site.people.models import Organiser
from likvard.site.supervision.coverage import Reached
from likvard.site.supervision.selection import FORMS, Rule
from likvard.site.ui.language import current
from likvard.terms import SchoolForm

_AREA = forms.Textarea(attrs={"rows": 4})


class NewProgramme(forms.Form):
    """A new programme. Its basis is taken when it is made."""

    name = forms.CharField(label=_("What is the programme called?"), max_length=100)
    start = Day(label=_("First day"))
    end = Day(label=_("Last day"))
    measure = forms.ChoiceField(
        label=_("Which results count?"), help_text=_("Each is compared with what was expected, given the pupils.")
    )

    def __init__(self, *args: Any, measures: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["measure"].choices = list(measures)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day comes after the first."""
        asked = super().clean() or {}
        if asked.get("start") and asked.get("end") and asked["end"] < asked["start"]:
            self.add_error("end", gettext("The last day comes before the first."))
        return asked


def _whole(label: Any, low: int, high: int, hint: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=low, max_value=high, help_text=hint, widget=widget)


class RuleForm(forms.Form):
    """The rule as numbers, in the address: each choice has an address of its own. The names are those of the address."""

    use_required_attribute = False

    platser = _whole(_("Units to select"), 0, 5000)
    slump = _whole(_("Per cent drawn by chance, with figures"), 0, 100)
    utan = _whole(_("Per cent drawn by chance, without figures"), 0, 100)
    niva = _whole(_("Weight of level"), 0, 10)
    klagomal = _whole(_("Weight of complaints"), 0, 10)
    tid = _whole(_("Weight of time since the last visit"), 0, 10)
    grans_niva = forms.FloatField(
        label=_("Full points when so far below the expected"), min_value=0.001, max_value=1000, localize=True
    )
    grans_klagomal = _whole(_("Full points at so many complaints"), 1, 1000)
    grans_tid = _whole(_("Full points after so many months"), 1, 600)
    huvudman = _whole(_("Organisers to select by spread"), 0, 1300)
    enheter = _whole(_("Units with figures that an organiser needs"), 2, 100)
    lagst = _whole(_("One of them among the lowest, per cent"), 1, 100)
    fro = forms.CharField(label=_("Seed of the draw"), max_length=100)

    def clean(self) -> dict[str, Any]:
        """The rule that the numbers make."""
        asked = super().clean() or {}
        if not self.errors:
            try:
                asked["rule"] = Rule(**{of: asked[name] for name, of in NAMES.items()})
            except CaseError as error:
                raise forms.ValidationError(str(error)) from error
        return asked


NAMES = {
    "platser": "places",
    "slump": "random",
    "utan": "unknown",
    "niva": "level",
    "klagomal": "complaints",
    "tid": "time",
    "grans_niva": "level_limit",
    "grans_klagomal": "complaints_limit",
    "grans_tid": "months_limit",
    "huvudman": "organisers",
    "enheter": "units_needed",
    "lagst": "lowest",
    "fro": "seed",
}
"""The fields of the form, by the names in the address, and the fields of the rule."""


def asked_of(rule: Rule) -> dict[str, Any]:
    """A rule as the form asks for it."""
    data = rule.as_data()
    return {name: data[of] for name, of in NAMES.items()}


class SetRule(RuleForm):
    """The rule that is tried, set: its numbers as they stand, where the seed comes from, and why."""

    seed_from = forms.CharField(
        label=_("Where does the seed come from?"),
        max_length=300,
        help_text=_(
            "Take one that nobody here can choose: the numbers of a public draw on a day that you tell beforehand."
        ),
    )
    reason = forms.CharField(label=_("Why is the rule set so?"), max_length=2000, widget=_AREA)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in NAMES:
            self.fields[name].widget = forms.HiddenInput()


class AddByHand(forms.Form):
    """A unit or an organiser that is added by hand."""

    place = forms.RegexField(
        r"^\s*(\d{8}|\d{10})\s*$",
        label=_("Which school or organiser?"),
        help_text=_("Write the unit's code (8 digits) or the organisation number (10 digits)."),
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=2000, widget=_AREA, help_text=_("The reason stands in the protocol.")
    )


class Decide(forms.Form):
    """The decision on a programme."""

    decision = forms.CharField(label=_("Why is it decided so?"), max_length=2000, widget=_AREA)


class Counts(forms.Form):
    """Complaints or last visits by unit, from elsewhere."""

    what = forms.ChoiceField(
        label=_("What is it?"),
        choices=[("complaints", _("number of complaints")), ("visits", _("day of the last visit"))],
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=_("Where do the numbers come from?"), max_length=200, help_text=_("As: the register of complaints, 2023–2025.")
    )  # fmt: skip
    rows = forms.CharField(
        label=_("One unit per line: its code, a semicolon, the number or the day"),
        help_text=_("As 12345678;4 or 12345678;2023-10-17. A unit that is not named has no complaints."),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        max_length=1_000_000,
    )

    def clean(self) -> dict[str, Any]:
        """The rows, read: `found` holds a number or a day by code."""
        asked = super().clean() or {}
        if asked.get("what") and asked.get("rows"):
            asked["found"] = _read(asked["rows"], asked["what"])
        return asked


def _read(text: str, what: str) -> dict[str, int | date]:
    found: dict[str, int | date] = {}
    for n, row in enumerate(csv.reader(io.StringIO(text), delimiter=";"), 1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells:
            continue
        try:
            code, value = cells
            found[_code(code)] = date.fromisoformat(value) if what == "visits" else _number(value)
        except ValueError:
            raise forms.ValidationError(gettext("Line %(n)s cannot be read.") % {"n": n}) from None
    return found


def _code(text: str) -> str:
    if len(text) != 8 or not text.isdecimal():
        raise ValueError(text)
    return text


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) > 100_000:
        raise ValueError(text)
    return int(text)


class Plan(forms.Form):
    """Nothing but the button."""


class ListFilters(forms.Form):
    """What of a programme is listed. The names are those of the address."""

    use_required_attribute = False

    visa = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("Organisers")), ("enheter", _("Units"))])
    q = forms.CharField(label=_("Name or number"), required=False, widget=forms.TextInput({"type": "search"}))
    lan = forms.ChoiceField(label=_("County"), required=False)
    kommun = forms.ChoiceField(label=_("Municipality"), required=False)
    form = forms.ChoiceField(label=_("School form"), required=False)
    slag = forms.ChoiceField(label=_("Kind of organiser"), required=False)
    lage = forms.ChoiceField(label=_("How far"), required=False)

    def __init__(
        self, *args: Any, counties: Sequence[tuple[str, str]], municipalities: Sequence[tuple[str, str]], on: date, **more: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        every = {
            "lan": [("", _("All counties")), *counties],
            "kommun": [("", _("All municipalities")), *municipalities],
            "form": [("", _("All school forms")), *form_names(on)],
            "slag": [("", _("All organisers")), *Organiser.Kind.choices],
            "lage": [("", _("All")), *Reached.choices],
        }
        for name, choices in every.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


def form_names(on: date) -> list[tuple[str, str]]:
    """School forms by the names they have on a day."""
    names = ((code, school_form_names(SchoolForm(code), on).name[current()]) for code in FORMS)
    return [(code, name[:1].upper() + name[1:]) for code, name in names]
