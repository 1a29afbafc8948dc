"""What is asked on the pages of ratings. Names of fields in an address are Swedish, as addresses are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.rulebook.kinds.rubric import Criterion, Rubric
from likvard.site.cases.forms import Day
from likvard.site.people.models import User
from likvard.site.ratings.drawing import Rule
from likvard.site.ratings.rubrics import level_name
from likvard.site.ratings.states import Level, choice_of, level_of
from likvard.site.ui.language import current


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _per_cent(label: Any, hint: Any = "", *, initial: int = 100) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=1, max_value=100, initial=initial, help_text=hint, widget=widget)


class NewRound(forms.Form):
    """A new round: its rubric, how it is drawn, and how long an organiser has to reply."""

    name = forms.CharField(label=_("What is the round called?"), max_length=100)
    rubric_on_day = Day(
        label=_("From which day does the rubric count?"),
        help_text=_("The version of that day holds for the whole round."),
    )
    measure = forms.ChoiceField(
        label=_("What tells the risk?"),
        required=False,
        help_text=_("Those with most reason to look are a stratum of their own."),
    )
    highest = _per_cent(_("Per cent of each kind of organiser that count as high risk"), initial=33)
    high = _per_cent(_("Per cent drawn among those of high risk"))
    rest = _per_cent(_("Per cent drawn among the others"))
    unknown = _per_cent(_("Per cent drawn among those without figures"))
    seed = forms.CharField(label=_("Seed of the draw"), max_length=100)
    seed_from = forms.CharField(
        label=_("Where does the seed come from?"), max_length=300,
        help_text=_("Take one that nobody here can choose: the numbers of a public draw on a day that you tell beforehand."),
    )  # fmt: skip
    reply_days = forms.IntegerField(
        label=_("Days that an organiser has to reply"), min_value=7, max_value=90, initial=21
    )
    audit_share = _per_cent(_("Per cent of the ratings that a third person reads"), initial=20)

    def __init__(self, *args: Any, measures: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["measure"].choices = [("", _("nothing: all are alike")), *measures]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The rule of the draw, made of its numbers."""
        asked = super().clean() or {}
        if not self.errors:
            names = ("seed", "high", "rest", "unknown", "highest")
            asked["rule"] = Rule(**{name: asked.pop(name) for name in names})
        return asked


class Reasoned(forms.Form):
    """A step that takes a reason."""

    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=_area())


class Nothing(forms.Form):
    """Nothing but the button."""


class _Inspectors(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class HandOut(forms.Form):
    """Who marks an organiser. Those with a conflict of interest are not in the list."""

    marker = _Inspectors(label=_("Who?"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: Sequence[User], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["marker"].queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("name")  # type: ignore[attr-defined]


class ShareOut(forms.Form):
    """Among whom the organisers of a round are shared."""

    markers = forms.ModelMultipleChoiceField(
        label=_("Among whom?"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody gets an organiser in which they have a conflict of interest, and pairs are mixed."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[User], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["markers"].queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("name")  # type: ignore[attr-defined]


def levels(rubric: Rubric, criterion: Criterion) -> list[tuple[str, str]]:
    """The levels of a criterion as choices, the lowest first, each with what it looks like."""
    named = [(str(n), f"{name[current()]}: {criterion.anchors[n][current()]}") for n, name in enumerate(rubric.levels)]
    return [*named, (Level.NONE.value, level_name(rubric, None))]


class _Levelled(forms.Form):
    """A form with a level of a criterion in it; `clean` gives it as a number or None."""

    level = forms.ChoiceField(label=_("Which level?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["level"].choices = list(choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The level as a number, None where it cannot be judged."""
        asked = super().clean() or {}
        if asked.get("level"):
            asked["level"] = level_of(asked["level"])
        return asked


class WriteMark(_Levelled):
    """What a marker thinks of a criterion."""

    grounds = forms.CharField(
        label=_("On what grounds?"), max_length=4000, widget=_area(6), required=False,
        help_text=_("The organiser reads this. Name no pupil and no member of staff. You can save without grounds, but not hand in."),
    )  # fmt: skip
    private = forms.CharField(
        label=_("Note to colleagues"), max_length=2000, widget=_area(3), required=False,
        help_text=_("Never shown to the organiser. It is still a document at an authority."),
    )  # fmt: skip


class AddEvidence(forms.Form):
    """What a mark rests on."""

    title = forms.CharField(label=_("Document or source"), max_length=200)
    place = forms.CharField(label=_("Page or section"), max_length=100, required=False)
    dated = Day(label=_("Of which day is it?"), required=False)
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")


class Settle(_Levelled):
    """What stands where two markers differ."""

    grounds = forms.CharField(
        label=_("Why does this level stand?"),
        max_length=4000,
        widget=_area(6),
        help_text=_("The organiser reads this."),
    )


class AnswerPoint(_Levelled):
    """The answer to what the organiser said of a criterion, and the level that stands after it."""

    answer = forms.CharField(
        label=_("What do you answer?"), max_length=4000, widget=_area(6), help_text=_("The organiser reads this.")
    )


class Say(forms.Form):
    """What the organiser says of a criterion."""

    agrees = forms.ChoiceField(
        label=_("Do you agree with the level?"), widget=forms.RadioSelect,
        choices=[("ja", _("Yes, we agree")), ("nej", _("No, we do not agree"))],
    )  # fmt: skip
    text = forms.CharField(
        label=_("What do you want to tell us?"), max_length=4000, widget=_area(6), required=False,
        help_text=_("If you do not agree: say what is wrong or missing."),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("What shows it?"), max_length=2000, widget=_area(3), required=False,
        help_text=_("Name the document, its page and its day. You are asked for it if it is needed."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever disagrees says why; `agrees` becomes yes or no."""
        asked = super().clean() or {}
        if asked.get("agrees") == "nej" and not asked.get("text", "").strip():
            self.add_error("text", gettext("Say what is wrong or missing."))
        if "agrees" in asked:
            asked["agrees"] = asked["agrees"] == "ja"
        return asked


class SettleAudit(forms.Form):
    """A level and a reason for each criterion where the auditor thought otherwise."""

    def __init__(
        self, *args: Any, rubric: Rubric, differs: Mapping[str, Criterion], stands: Mapping[str, int | None], **more: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        self._codes = tuple(differs)
        for code, criterion in differs.items():
            self.fields[f"{code}.level"] = forms.ChoiceField(
                label=_("%(criterion)s: which level stands?") % {"criterion": criterion.name[current()]},
                choices=levels(rubric, criterion), widget=forms.RadioSelect, initial=choice_of(stands[code]),
            )  # fmt: skip
            self.fields[f"{code}.grounds"] = forms.CharField(
                label=_("%(criterion)s: why?") % {"criterion": criterion.name[current()]},
                max_length=4000,
                widget=_area(),
            )

    @property
    def decided(self) -> dict[str, tuple[int | None, str]]:
        """The level and the reason by criterion."""
        found = self.cleaned_data
        return {code: (level_of(found[f"{code}.level"]), found[f"{code}.grounds"]) for code in self._codes}


class WriteReport(forms.Form):
    """The text of a report. The figures come from the round."""

    title = forms.CharField(label=_("Title in Swedish"), max_length=150)
    lead = forms.CharField(
        label=_("Introduction in Swedish"),
        max_length=600,
        widget=_area(3),
        help_text=_("What was found, in two sentences."),
    )
    body = forms.CharField(
        label=_("What the Inspectorate says of it, in Swedish"), max_length=20_000, widget=_area(12), required=False,
        help_text=_("A blank line begins a new paragraph; a line with a hyphen first is a point."),
    )  # fmt: skip
    title_en = forms.CharField(label=_("Title in English"), max_length=150, required=False)
    lead_en = forms.CharField(label=_("Introduction in English"), max_length=600, widget=_area(3), required=False)
    body_en = forms.CharField(label=_("The same in English"), max_length=20_000, widget=_area(12), required=False)


class ChooseVersion(forms.Form):
    """Which version of the rubric is shown. The name is that of the address."""

    use_required_attribute = False

    dag = forms.ChoiceField(label=_("Version"), required=False)

    def __init__(self, *args: Any, days: Iterable[tuple[date, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["dag"].choices = [(day.isoformat(), label) for day, label in days]  # type: ignore[attr-defined]
