"""What is asked after the decision: of the organiser, and of inspectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from likvard.figures import formats
from likvard.rulebook.kinds.supervision import EVIDENCE, EvidenceKind
from likvard.site.cases.forms import Day
from likvard.site.cases.models import Clock, Document, Seen
from likvard.site.supervision.models import Answer, Appeal, Assessment, Decision, Evidence, Visit
from likvard.site.supervision.rules.ladder import Ending
from likvard.site.ui.language import current

PUBLIC = gettext_lazy("Everybody will be able to read it. Write no names, and nothing about single pupils.")


def area(rows: int = 4) -> forms.Textarea:
    """Room for a text."""
    return forms.Textarea(attrs={"rows": rows})


def kinds() -> list[tuple[str, str]]:
    """The kinds of evidence, as choices."""
    return [(kind.value, EVIDENCE[kind][current()].capitalize()) for kind in EvidenceKind]


class Write(forms.Form):
    """The organiser's answer to a finding. It may be saved half-written."""

    measure = forms.CharField(
        label=gettext_lazy("What have you done, and what will you do?"), max_length=10_000, required=False, widget=area(6),
        help_text=gettext_lazy("Write no names of pupils or staff."),
    )  # fmt: skip
    expected_effect = forms.CharField(
        label=gettext_lazy("What effect do you expect?"), max_length=3000, required=False, widget=area(3),
        help_text=gettext_lazy("As something that can be measured: from what, to what."),
    )  # fmt: skip
    expected_by = Day(label=gettext_lazy("By when will it show?"), required=False)
    responsible = forms.CharField(
        label=gettext_lazy("Who is responsible?"), max_length=200, required=False,
        help_text=gettext_lazy("The function, for example the head of education."),
    )  # fmt: skip

    @classmethod
    def of(cls, answer: Answer | None, data: Any) -> Write:
        """The form with what an answer says."""
        names = cls.base_fields
        return cls(data, initial={name: getattr(answer, name) for name in names} if answer else None)


class _Kinds(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What kind of evidence is it?"))
    title = forms.CharField(label=gettext_lazy("What is it called?"), max_length=200)
    dated = Day(
        label=gettext_lazy("Which day does it tell of?"),
        help_text=gettext_lazy("The day of what it shows, not today's."),
    )
    shows = forms.CharField(label=gettext_lazy("What does it show?"), max_length=2000, widget=area(3))
    place = forms.CharField(
        label=gettext_lazy("Where in it?"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("For example page 4."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]


class Attach(_Kinds):
    """A file as evidence, from the organiser."""

    file = forms.FileField(
        label=gettext_lazy("Which file?"),
        help_text=gettext_lazy("PDF, Word, Excel, OpenDocument, text or picture; at most 25 MB."),
    )
    sensitive = forms.BooleanField(label=gettext_lazy("It holds personal data of pupils"), required=False, initial=True)
    field_order = ("file", "kind", "title", "dated", "shows", "place", "sensitive")


class Noted(_Kinds):
    """Evidence that an inspector has."""

    document = forms.ModelChoiceField(
        label=gettext_lazy("Is it a document of the case?"), queryset=Document.objects.none(), required=False,
        empty_label=gettext_lazy("No, something that was seen or heard"),
    )  # fmt: skip

    def __init__(self, *args: Any, documents: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]


class Clocks(forms.ModelChoiceField):
    """One of the days by which to report back."""

    def label_from_instance(self, clock: Clock) -> str:
        """The day."""
        return formats.day(clock.due, current()) if clock.due else str(clock)


class MoreTime(forms.Form):
    """More time to report back."""

    clock = Clocks(label=gettext_lazy("Which day is it about?"), queryset=Clock.objects.none(), empty_label=None)
    wanted = Day(label=gettext_lazy("Until which day?"))
    reason = forms.CharField(label=gettext_lazy("Why do you need more time?"), max_length=2000, widget=area())

    def __init__(self, *args: Any, clocks: list[Clock], **more: Any) -> None:
        super().__init__(*args, **more)
        known = Clock.objects.filter(pk__in=[clock.pk for clock in clocks])
        self.fields["clock"].queryset = known  # type: ignore[attr-defined]
        if len(clocks) == 1:
            del self.fields["clock"]


class AnswerTime(forms.Form):
    """Grant or refuse more time."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Does the organiser get more time?"), widget=forms.RadioSelect,
        choices=(("yes", gettext_lazy("Yes, until the day below")), ("no", gettext_lazy("No, the day stands"))),
    )  # fmt: skip
    granted = Day(label=gettext_lazy("Until which day?"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("Why?"), max_length=2000, widget=area(), help_text=gettext_lazy("The organiser reads it.")
    )

    def clean(self) -> dict[str, Any]:
        """A day where more time is granted, and none where it is refused."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("verdict") == "yes" and not found.get("granted"):
            self.add_error("granted", _("Give the day."))
        if found.get("verdict") == "no":
            found["granted"] = None
        found.pop("verdict", None)
        return found


class AskAgain(forms.Form):
    """A new report-back."""

    due = Day(label=gettext_lazy("By which day?"))
    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=300, widget=area(3), help_text=gettext_lazy("The organiser reads it.")
    )


class Judge(forms.Form):
    """An assessment."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How does it stand?"), choices=Assessment.Outcome.choices, widget=forms.RadioSelect
    )
    rests_on = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Which evidence does it rest on?"), queryset=Evidence.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    seen = forms.ChoiceField(
        label=gettext_lazy("How have you seen it?"), choices=Seen.choices, widget=forms.RadioSelect
    )
    seen_on = Day(label=gettext_lazy("Which day?"))
    visit = forms.ModelChoiceField(
        label=gettext_lazy("On which visit?"), queryset=Visit.objects.none(), required=False,
        empty_label=gettext_lazy("None of the visits in the case"),
    )  # fmt: skip
    reasons = forms.CharField(label=gettext_lazy("Why?"), max_length=5000, widget=area(5), help_text=PUBLIC)
    missing = forms.CharField(
        label=gettext_lazy("What is missing?"), max_length=2000, widget=area(3), required=False,
        help_text=gettext_lazy("What must hold before the finding can be closed. Leave it empty if it is remedied."),
    )  # fmt: skip

    def __init__(self, *args: Any, evidence: Iterable[Evidence], visits: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = Evidence.objects.filter(pk__in=[one.pk for one in evidence])
        self.fields["rests_on"].queryset = known  # type: ignore[attr-defined]
        self.fields["rests_on"].label_from_instance = lambda one: f"{one.title} ({one.name})"  # type: ignore[attr-defined]
        if not known.exists():
            del self.fields["rests_on"]
        self.fields["visit"].queryset = visits  # type: ignore[attr-defined]
        if not visits.exists():
            del self.fields["visit"]


class PublicReason(forms.Form):
    """A reason that everybody reads."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=5000, widget=area(6), help_text=PUBLIC)


class SendBack(forms.Form):
    """Why a proposal is sent back."""

    answer = forms.CharField(label=gettext_lazy("What must be better?"), max_length=2000, widget=area())


class Consider(forms.Form):
    """A step: why, and when it is lifted."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=5000, widget=area())
    conditions = forms.CharField(
        label=gettext_lazy("What must hold for it to be lifted?"), max_length=3000, widget=area(3)
    )


class Ordered(Consider):
    """An injunction, by a signed decision."""

    decision = forms.ModelChoiceField(
        label=gettext_lazy("By which signed decision?"), queryset=Decision.objects.none(), empty_label=None
    )
    due = Day(label=gettext_lazy("To be followed by"))
    field_order = ("decision", "due", "fine", "reason", "conditions")

    def __init__(self, *args: Any, decisions: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]


class Fined(Ordered):
    """An injunction with a fine, by a signed decision."""

    fine = forms.IntegerField(label=gettext_lazy("Fine (vite) in crowns"), min_value=1)


class Sanctioned(Consider):
    """A sanction, by a signed decision."""

    decision = forms.ModelChoiceField(
        label=gettext_lazy("By which signed decision?"), queryset=Decision.objects.none(), empty_label=None
    )
    instrument = forms.ChoiceField(label=gettext_lazy("Which sanction?"))
    until = Day(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("For a temporary prohibition: at most six months."),
    )
    field_order = ("decision", "instrument", "until", "reason", "conditions")

    def __init__(self, *args: Any, decisions: Any, sanctions: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["decision"].queryset = decisions  # type: ignore[attr-defined]
        self.fields["instrument"].choices = list(sanctions)  # type: ignore[attr-defined]


class EndStep(forms.Form):
    """How a step ends."""

    ending = forms.ChoiceField(
        label=gettext_lazy("How does it end?"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Ending if one is not Ending.REPLACED],
    )  # fmt: skip
    on = Day(label=gettext_lazy("From which day?"))
    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=5000, widget=area(), help_text=PUBLIC)


class Appealed(forms.Form):
    """An appeal has come in."""

    came_on = Day(label=gettext_lazy("When did the appeal come in?"))
    court = forms.CharField(label=gettext_lazy("Which court?"), max_length=100)


class CourtSaid(forms.Form):
    """The court has spoken."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What did the court say?"), choices=Appeal.Outcome.choices, widget=forms.RadioSelect
    )
    ended_on = Day(label=gettext_lazy("Which day?"))
    note = forms.CharField(label=gettext_lazy("In short"), max_length=3000, widget=area(3), help_text=PUBLIC)


class Force(forms.Form):
    """The decision has legal force."""

    since = Day(label=gettext_lazy("From which day?"))
