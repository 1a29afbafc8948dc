"""What is asked on the pages of rounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.allocation.errors import AllocationError
from likvard.allocation.round import MOST_BY_NEED, Rule, Unit
from likvard.figures import formats
from likvard.rulebook import school_form_names
from likvard.site.cases.forms import Day
from likvard.site.resources import rules
from likvard.site.resources.models import Use
from likvard.site.ui.language import current
from likvard.terms import Language, SchoolForm

MOST_CHANGE = 50
"""Per cent a year: above it a limit protects nobody."""

_AREA = forms.Textarea(attrs={"rows": 4})


_BLANKS = str.maketrans("", "", " \u00a0\u2009\u202f")


_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
"""An amount as English writes it. A comma elsewhere is a decimal one, which no amount has."""


class Number(forms.DecimalField):
    """A number as people write it: `12,5`, `12.5`, `12 %`."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """The number; blanks, a per cent sign and a decimal comma are no errors."""
        text = "" if value is None else str(value).translate(_BLANKS).removesuffix("%").replace(",", ".")
        return super().to_python(text)


class Crowns(forms.IntegerField):
    """An amount as people write it: `1 188 100 000`, `60 000 kr`."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        """The amount; blanks and the name of the money are no errors."""
        text = "" if value is None else str(value).translate(_BLANKS).lower()
        text = text.removesuffix("kronor").removesuffix("kr")
        return super().to_python(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)


def _per_cent(label: Any, hint: Any, most: int, *, required: bool = True) -> Number:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return Number(
        label=label, help_text=hint, min_value=0, max_value=most, decimal_places=2, required=required, widget=widget
    )  # fmt: skip


def _crowns(label: Any, hint: Any = "", *, required: bool = False) -> Crowns:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return Crowns(label=label, help_text=hint, min_value=1, max_value=10**12, required=required, widget=widget)


class RuleForm(forms.Form):
    """A rule in per cent and crowns; the names are those of the address, so that every wish has an address of its own."""

    use_required_attribute = False

    andel = _per_cent(_("Share that follows need, per cent"), _("Between 0 and 40."), round(MOST_BY_NEED * 100))
    hogst = _per_cent(
        _("Highest change a year, per cent"),
        _("Protects schools from sudden turns. Empty: no limit."),
        MOST_CHANGE,
        required=False,
    )
    ram = _crowns(_("Frame, crowns"), _("All the money that is shared. Give this or the base amount."), required=True)
    grund = _crowns(
        _("Base amount, crowns a pupil"),
        _("What follows every pupil alike. The frame then follows from it. Empty: the frame holds."),
    )
    golv = _crowns(_("Floor, crowns a pupil"), _("No school gets less. Empty: no floor."))
    topp = _crowns(_("Ceiling, crowns a pupil"), _("No school gets more. Empty: no ceiling."))
    index = forms.ChoiceField(
        label=_("Which index"),
        choices=[("model", _("Our own model")), ("stated", _("The statistics office's index"))],
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["ram"].required = not (data or {}).get("grund")
        self.fields["ram"].error_messages["required"] = _("Give a frame, or a base amount below.")

    def clean(self) -> dict[str, Any]:
        """The rule that the numbers make."""
        asked = super().clean() or {}
        if not self.errors:
            try:
                asked["rule"] = _rule(asked)
            except AllocationError as error:
                raise forms.ValidationError(f"{error.said[current()]} {error.instead[current()]}") from error
        return asked


def _rule(asked: Mapping[str, Any]) -> Rule:
    cap = asked["hogst"]
    return Rule(
        share=float(asked["andel"]) / 100, frame=asked["ram"], base=asked["grund"], floor=asked["golv"], ceiling=asked["topp"],
        cap=None if cap is None else float(cap) / 100, source="stated" if asked["index"] == "stated" else "model",
    )  # fmt: skip


def _typed(value: float) -> str:
    """A number as one would type it: `12,5`, or `12.5` in English."""
    text = f"{value:g}"
    return text.replace(".", ",") if current() is Language.SV else text


def _grouped(amount: int | None) -> str:
    """An amount with its thousands apart, so that one sees how large it is; empty where there is none."""
    return "" if amount is None else formats.number(amount, 0, current())


def asked_of(rule: Rule, frame: int) -> dict[str, Any]:
    """A rule as the form asks for it."""
    return {
        "andel": _typed(rule.share * 100),
        "hogst": "" if rule.cap is None else _typed(rule.cap * 100),
        "ram": _grouped(frame if rule.base is None else None), "grund": _grouped(rule.base),
        "golv": _grouped(rule.floor), "topp": _grouped(rule.ceiling), "index": rule.source,
    }  # fmt: skip


class TryRule(RuleForm):
    """A rule to try, and which grounds to try it on."""

    uppgifter = forms.ChoiceField(label=_("Figures from"), required=False)

    FIRST = ("andel", "hogst", "uppgifter")

    def __init__(
        self, data: Mapping[str, Any] | None, *, grounds: Iterable[tuple[str, str]], stated: bool, **more: Any
    ) -> None:
        super().__init__(data, **more)
        choices = list(grounds)
        if len(choices) > 1:
            self.fields["uppgifter"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["uppgifter"]
        if not stated:
            del self.fields["index"]

    def clean(self) -> dict[str, Any]:
        """The rule; without a choice of index it is our own model."""
        self.cleaned_data.setdefault("index", "model")
        return super().clean()

    @property
    def first(self) -> list[forms.BoundField]:
        """The questions that stand open."""
        return [self[name] for name in self.FIRST if name in self.fields]

    @property
    def more_is_open(self) -> bool:
        """Whether something behind the fold must be put right."""
        return any(field.errors for field in self.more)

    @property
    def more(self) -> list[forms.BoundField]:
        """Those behind a fold."""
        return [self[name] for name in self.fields if name not in self.FIRST]


class NewRound(RuleForm):
    """A new round with its first rule."""

    year = forms.IntegerField(label=_("For which calendar year?"), min_value=2000, max_value=2100)
    form = forms.ChoiceField(label=_("Which school form?"))
    body = forms.CharField(label=_("Who decides?"), max_length=150, help_text=_("The board or the person, by title."))
    planned_on = Day(label=_("When is it planned to be decided?"), required=False)
    field_order = ("year", "form", "body", "planned_on", "ram", "grund", "andel", "hogst", "golv", "topp", "index")

    def __init__(self, data: Mapping[str, Any] | None, *, on: date, forms_of: Iterable[str], **more: Any) -> None:
        super().__init__(data, initial={"year": on.year + 1, "andel": "12", "hogst": "3"}, **more)
        del self.fields["index"]
        names = form_names(on)
        self.fields["form"].choices = [(code, names[code]) for code in forms_of]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The rule is by our own model to begin with."""
        self.cleaned_data["index"] = "model"
        return super().clean()


def form_names(on: date) -> dict[str, str]:
    """The forms that rounds are of, by name on the day."""
    found = {}
    for form in rules.FORMS:
        name = school_form_names(SchoolForm(form), on).name[current()]
        found[form.value] = name[:1].upper() + name[1:]
    return found


def chosen_form(choices: list[tuple[str, str]], chosen: str) -> forms.Form:
    """The choice of a school form, in the address."""

    class Chosen(forms.Form):
        use_required_attribute = False
        form = forms.ChoiceField(label=gettext("School form"), choices=choices, initial=chosen)

    return Chosen()


class Why(forms.Form):
    """Why a version is made, or a step is taken."""

    why = forms.CharField(
        label=_("Why?"), max_length=500, widget=_AREA, help_text=_("Your reason is kept and shown in the record.")
    )


class Shown(forms.Form):
    """Which version the page showed: what is asked is done to that one, or not at all."""

    shown = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, shown: int) -> None:
        super().__init__(data, initial={"shown": shown})


class Draft(Shown, Why):
    """Why a new draft is made."""


class Grounds(Draft):
    """Pupils and crowns set apart of each school, as they are to be counted."""

    field_order = ("why",)

    def __init__(self, data: Mapping[str, Any] | None, *, shown: int, units: Iterable[Unit]) -> None:
        super().__init__(data, shown=shown)
        self.units = list(units)
        for unit in self.units:
            self.fields[f"elever_{unit.code}"] = Number(
                label=gettext("%(school)s: pupils") % {"school": unit.name}, min_value=Decimal("0.001"), max_value=100_000,
                decimal_places=3, initial=_typed(unit.pupils), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip
            self.fields[f"avsatt_{unit.code}"] = Crowns(
                label=gettext("%(school)s: crowns set apart") % {"school": unit.name}, min_value=0, max_value=10**10,
                initial=_grouped(unit.set_apart), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """The name of each school with its two questions."""
        return [(u.name, self[f"elever_{u.code}"], self[f"avsatt_{u.code}"]) for u in self.units]

    @property
    def pupils(self) -> dict[str, float]:
        """The pupils that were typed, by school."""
        return {u.code: float(self.cleaned_data[f"elever_{u.code}"]) for u in self.units}

    @property
    def set_apart(self) -> dict[str, int]:
        """The crowns set apart that were typed, by school."""
        return {u.code: self.cleaned_data[f"avsatt_{u.code}"] or 0 for u in self.units}


class SendOut(Shown):
    """Until when schools may give views."""

    until = Day(label=_("Until which day may schools give views?"), help_text=_("At least a week."))


class Decision(Shown):
    """The decision."""

    reason = forms.CharField(
        label=_("Why is it decided so?"), max_length=2000, widget=_AREA,
        help_text=_("Everybody reads it. It stands in the memorandum."),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("I decide this. I have read the proposal and what the schools said. It cannot be changed afterwards.")
    )


class GiveView(forms.Form):
    """What a school thinks."""

    text = forms.CharField(
        label=_("What does the school think?"), max_length=4000, widget=_AREA,
        help_text=_("Write no names of pupils. Your text and the answer are kept with the round."),
    )  # fmt: skip


class Answer(forms.Form):
    """The answer to a view."""

    text = forms.CharField(label=_("What is done about it, or why is nothing done?"), max_length=4000, widget=_AREA)


class PlanUse(forms.Form):
    """What the money is used for at a school."""

    unit = forms.ChoiceField(label=_("At which school?"))
    what = forms.CharField(label=_("What is done for the money?"), max_length=300)
    crowns = _crowns(_("How many crowns?"), required=True)
    measure = forms.ChoiceField(label=_("In which indicator should it be seen?"))
    direction = forms.ChoiceField(
        label=_("Which way is it expected to go?"), choices=Use.Direction.choices, widget=forms.RadioSelect
    )
    expected = forms.CharField(
        label=_("What is expected, in words?"),
        max_length=300,
        help_text=_("For example: five more in a hundred by year 9."),
    )
    begins_on = Day(
        label=_("When does it begin?"),
        help_text=_("The day is marked in the school's curves, so that one sees what came after."),
    )
    look_on = Day(
        label=_("When do you look?"), help_text=_("When new figures can have come that it should be seen in.")
    )
    case = forms.RegexField(
        r"^\s*[A-ZÅÄÖa-zåäö-]+ \d{4}:\d+\s*$",
        label=_("Register number of a matter it belongs to"),
        help_text=_("For example SI 2026:12. Empty: it belongs to none."),
        error_messages={"invalid": _("Write the number as it stands in the register, for example SI 2026:12.")},
        required=False,
        max_length=60,
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, units: Iterable[tuple[str, str]], measures: Iterable[tuple[str, str]],
        begins_on: date,
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"begins_on": begins_on})
        for name, known in (("unit", units), ("measure", measures)):
            self.fields[name].choices = [("", gettext("Choose")), *known]  # type: ignore[attr-defined]


class SettleUse(forms.Form):
    """What came of it."""

    outcome = forms.ChoiceField(label=_("How did it go?"), choices=Use.Outcome.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("How can you tell?"), max_length=1000, widget=_AREA,
        help_text=_("A figure that moved as expected does not prove that the money did it."),
    )  # fmt: skip
    again_on = Day(
        label=_("If it cannot be told: when do you look again?"), help_text=_("Choose a day when new figures can have come."),
        required=False,
    )  # fmt: skip
    no_more = forms.CharField(
        label=_("If there is no new day: why does nobody look again?"), max_length=300, required=False,
        help_text=_("For example: the measure has ended, or the indicator is no longer published."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A new day, or why there is none, where it cannot be told; neither where it can."""
        asked = super().clean() or {}
        unclear = asked.get("outcome") == Use.Outcome.UNCLEAR
        day, reason = asked.get("again_on"), asked.get("no_more", "").strip()
        if unclear and day is None and not reason and "again_on" not in self.errors:
            self.add_error("again_on", _("Name a new day to look, or say below why nobody looks again."))
        if unclear and day is not None and reason:
            self.add_error("no_more", _("There is a new day. Leave this empty, or take the day away."))
        if "outcome" in asked and not unclear:
            for name in ("again_on", "no_more"):
                if asked.get(name):
                    self.add_error(name, _("Leave it empty: you have told how it went."))
        return asked


def with_year(rule: Rule, of_year: int | None) -> Rule:
    """The rule with the year that its index is of."""
    return replace(rule, of_year=of_year)
