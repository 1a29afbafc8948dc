"""What a reader can choose and fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.figures.insight.scope import Choice, Choices, UnitInfo
from likvard.rulebook import school_form_names
from likvard.site.insight.models import ComparisonGroupQuerySet
from likvard.site.insight.rules import Asked
from likvard.site.people.models import Organiser
from likvard.terms import Language, SchoolForm


def choices_form(fields: Mapping[str, forms.Field]) -> forms.Form:
    """A form of choices that stand in the address; read by `rules.Asked`, never validated. The names are the address's."""

    class Choices(forms.Form):
        use_required_attribute = False

    form = Choices(auto_id="id_%s")
    form.fields.update(fields)
    return form


def named_forms(on: date, language: Language, codes: Iterable[str] = tuple(SchoolForm)) -> list[tuple[str, str]]:
    """School forms by the names they have on a day: pairs of code and name."""
    names = ((code, school_form_names(SchoolForm(code), on).name[language]) for code in codes)
    return [(str(code), name[:1].upper() + name[1:]) for code, name in names]


def school_search(asked: Asked, on: date, language: Language) -> forms.Form:
    """The search among schools: words, school form, kind of organiser."""
    every = [("", _("All school forms")), *named_forms(on, language)]
    kinds = [("", _("All organisers")), *Organiser.Kind.choices]
    words = forms.CharField(
        label=_("Name, place or number"), initial=asked["q"], widget=forms.TextInput({"type": "search"})
    )
    return choices_form(
        {
            "q": words,
            "form": forms.ChoiceField(label=_("School form"), choices=every, initial=asked["form"]),
            "huvudman": forms.ChoiceField(label=_("Organiser"), choices=kinds, initial=asked["huvudman"]),
        }
    )


class GroupForm(forms.Form):
    """The name of a group to keep."""

    namn = forms.CharField(label=_("What is the group called?"), max_length=80)

    def __init__(
        self, data: QueryDict | None = None, *, others: ComparisonGroupQuerySet | None = None, name: str = ""
    ) -> None:
        super().__init__(data, initial={"namn": name})
        self._others = others

    def clean_namn(self) -> str:
        """The name, if none of the reader's other groups has it."""
        name: str = self.cleaned_data["namn"].strip()
        if self._others is not None and self._others.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("You already have a group called %(name)s."), params={"name": name})
        return name


def of_choices(label: str, choices: Sequence[Choice], language: Language) -> forms.ChoiceField:
    """A field of choices that the figures gave, with the present one chosen."""
    chosen = next((choice.value for choice in choices if choice.chosen), "")
    values = [(choice.value, choice.label[language]) for choice in choices]
    return forms.ChoiceField(label=label, choices=values, initial=chosen)


def group_search(asked: Asked, on: date, language: Language) -> forms.Form:
    """The search among schools of one form, for a group to compare with."""
    words = forms.CharField(
        label=_("Name, place or number"), initial=asked["q"], widget=forms.TextInput({"type": "search"})
    )
    kinds = forms.ChoiceField(label=_("School form"), choices=named_forms(on, language), initial=asked["form"])
    return choices_form({"q": words, "form": kinds})


def results_form(choices: Choices, units: Sequence[UnitInfo], asked: Asked, language: Language) -> forms.Form:
    """What the results page shows: subject, year, measure, split, and which school is held beside similar ones."""
    fields: dict[str, forms.Field] = {
        "amne": of_choices(gettext("Subject"), choices.subjects, language),
        "lasar": of_choices(gettext("School year"), choices.years, language),
        "matt": of_choices(gettext("Indicator"), choices.measures, language),
        "delat": of_choices(gettext("Split by"), choices.splits, language),
    }
    if units and not asked["jamfor"]:
        schools = [(unit.code, unit.name) for unit in units]
        chosen = asked["lik"] or schools[0][0]
        fields["lik"] = forms.ChoiceField(label=_("Compare with similar schools"), choices=schools, initial=chosen)
    return choices_form(fields)
