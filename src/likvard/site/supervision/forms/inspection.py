"""What is asked of inspectors up to the signed decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.forms import Day, Person
from likvard.site.cases.models import Case, Document
from likvard.site.cases.register import RegisterNumber
from likvard.site.cases.states import CaseError
from likvard.site.people.models import User
from likvard.site.supervision.models import (
    Department,
    Direction,
    Finding,
    Inspection,
    Level,
    Observation,
    Remark,
    Risk,
    Visit,
)

Choices = Iterable[tuple[str, object]]


def box(rows: int = 4) -> forms.Textarea:
    """A box for a text of some rows."""
    return forms.Textarea(attrs={"rows": rows})


class Opening(forms.Form):
    """A new inspection: of what, of which kind."""

    place = forms.RegexField(
        r"^\s*(\d{8}|\d{10})\s*$",
        label=_("Which school or organiser?"),
        help_text=_("Write the unit's code (8 digits) or the organisation number (10 digits)."),
    )
    type = forms.ChoiceField(label=_("What kind of inspection?"))
    level = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Level.choices,
        help_text=_("The addressee of the decision is the organiser all the same."),
    )
    part_of = forms.CharField(
        label=_("Is it a part of the organiser's inspection?"),
        max_length=30,
        required=False,
        help_text=_("Write the number of that inspection, as SI 2026:12. Only for a school unit."),
    )
    department = forms.ModelChoiceField(
        label=_("Which department?"), queryset=Department.objects.none(), required=False, empty_label=_("none yet")
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("Left empty, it says the kind and the place. No names of pupils."),
    )
    forms = forms.MultipleChoiceField(
        label=_("Which school forms?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Choose none for all that the school has."),
    )

    def __init__(
        self, *args: Any, types: Choices, forms: Choices, departments: Any, wholes: QuerySet[Inspection], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["type"].choices = list(types)  # type: ignore[attr-defined]
        self.fields["forms"].choices = list(forms)  # type: ignore[attr-defined]
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        self.wholes = wholes

    @property
    def main(self) -> list[BoundField]:
        """What is asked of every inspection."""
        return [field for field in self if field.name != "forms"]

    @property
    def forms_are_open(self) -> bool:
        """Whether school forms have been chosen, or are wrong."""
        return bool(self["forms"].errors or self["forms"].value())

    def clean_part_of(self) -> Inspection | None:
        """The organiser's inspection of the number, among the open ones that the person works with."""
        text = self.cleaned_data["part_of"].strip()
        if not text:
            return None
        try:
            found = self.wholes.filter(case__in=Case.objects.numbered(RegisterNumber.parse(text))).first()
        except CaseError as error:
            raise ValidationError(str(error)) from error
        if found is None:
            raise ValidationError(_("You have no open inspection of an organiser with this number."))
        return found


class Areas(forms.Form):
    """Which areas are examined."""

    areas = forms.MultipleChoiceField(label=_("Which areas are examined?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, known: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["areas"].choices = list(known)  # type: ignore[attr-defined]


class JudgeRisk(forms.Form):
    """How serious it is, why, which way it goes, and when it can be lowered."""

    risk = forms.ChoiceField(
        label=_("How serious is it for the pupils?"), choices=Risk.choices, widget=forms.RadioSelect
    )
    rationale = forms.CharField(label=_("Why?"), max_length=2000, widget=box())
    direction = forms.ChoiceField(
        label=_("Which way does it go?"), choices=Direction.choices, widget=forms.RadioSelect, initial=Direction.UNKNOWN
    )
    numbers = forms.CharField(
        label=_("The two numbers behind it"), max_length=200, required=False,
        help_text=_("As: from 47 to 22 days in median, March to October."),
    )  # fmt: skip
    lowered_when = forms.CharField(
        label=_("What must hold for the risk to be lowered?"), max_length=500, widget=box(2), required=False
    )


class Notify(forms.Form):
    """What the organiser is told."""

    text = forms.CharField(
        label=_("What is the organiser told?"), max_length=10_000, widget=box(10),
        help_text=_("It goes by letter to the head of education, the quality manager and the unit's principal."),
    )  # fmt: skip


class AskFor(forms.Form):
    """A document to ask for."""

    what = forms.CharField(
        label=_("What is asked for?"), max_length=300, help_text=_("Only what exists already need be sent.")
    )
    why = forms.CharField(label=_("Why is it needed?"), max_length=300, required=False)
    area = forms.ChoiceField(label=_("For which area?"), required=False)
    due = Day(label=_("To be sent by"))

    def __init__(self, *args: Any, areas: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = [("", _("all areas")), *areas]  # type: ignore[attr-defined]


class AmongDocuments(forms.Form):
    """A form that asks for one of the case's documents."""

    def __init__(self, *args: Any, documents: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]


class Receive(AmongDocuments):
    """When a document came in, and which it is."""

    on = Day(label=_("When did it come in?"))
    document = forms.ModelChoiceField(
        label=_("Which document of the case is it?"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=_("none: an answer without a file"),
    )


class PlanVisit(forms.Form):
    """A visit to plan."""

    first_day = Day(label=_("First day"))
    last_day = Day(label=_("Last day"))
    team = forms.ModelMultipleChoiceField(
        label=_("Who goes?"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    announced = forms.BooleanField(label=_("Announced beforehand"), required=False, initial=True)
    plan = forms.CharField(
        label=_("Who is met and what is seen?"),
        max_length=5000,
        widget=box(6),
        help_text=_("Groups and activities, no names."),
    )

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["team"].queryset = people  # type: ignore[attr-defined]


class FinishVisit(forms.Form):
    """How a visit went."""

    on = Day(label=_("When was it done?"))
    note = forms.CharField(label=_("How did it go?"), max_length=5000, widget=box(), required=False)


class Observe(AmongDocuments):
    """One thing that was seen, heard or read."""

    area = forms.ChoiceField(label=_("Which area?"))
    how = forms.ChoiceField(label=_("How do you know it?"), choices=Observation.How.choices, widget=forms.RadioSelect)
    source = forms.CharField(
        label=_("From whom or what?"),
        max_length=200,
        help_text=_("A group or a document, no names: teachers of years 7–9."),
    )
    document = forms.ModelChoiceField(
        label=_("Document of the case"), queryset=Document.objects.none(), required=False, empty_label=_("none")
    )
    page = forms.CharField(
        label=_("Page or place in it"), max_length=40, required=False, help_text=_("Needed for a document.")
    )
    seen_on = Day(label=_("On which day?"))
    visit = forms.ModelChoiceField(
        label=_("On which visit?"), queryset=Visit.objects.none(), required=False, empty_label=_("on none")
    )
    text = forms.CharField(label=_("What was seen?"), max_length=5000, widget=box(6))

    def __init__(self, *args: Any, areas: Choices, visits: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]
        self.fields["visit"].queryset = visits  # type: ignore[attr-defined]


class WriteDecision(forms.Form):
    """What is written of a decision besides its findings."""

    background = forms.CharField(
        label=_("Background, and how the inspection was done"), max_length=20_000, widget=box(8), required=False,
        help_text=_("Blank lines part paragraphs. Lines that begin with “- ” become points."),
    )  # fmt: skip
    in_short = forms.CharField(
        label=_("What it comes to, in plain words"), max_length=3000, widget=box(), required=False,
        help_text=_("Stands first in the version in plain language."),
    )  # fmt: skip
    report_due = Day(label=_("The organiser reports back by"), required=False)
    presenter = Person(
        label=_("Who presents the case?"), queryset=User.objects.none(), required=False,
        help_text=_("Whoever presents it does not sign it."),
    )  # fmt: skip
    took_part = forms.CharField(label=_("Who else took part in the final handling?"), max_length=300, required=False)

    def __init__(self, *args: Any, people: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["presenter"].queryset = people  # type: ignore[attr-defined]


class Which(forms.Form):
    """In which area, and by the wording of which day."""

    area = forms.ChoiceField(label=_("Which area?"))
    event_on = Day(
        label=_("On which day did it happen?"),
        help_text=_("The finding is judged by the law as it was worded on that day."),
    )

    def __init__(self, *args: Any, areas: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]


class Observations(forms.ModelMultipleChoiceField):
    """Observations to choose among, each with its beginning."""

    def label_from_instance(self, row: Observation) -> str:
        """From whom or what, and how it begins."""
        return f"{row.number}. {row.source}: {row.text[:120]}{'…' if len(row.text) > 120 else ''}"


SPECIAL = ("serious", "hinders_goals", "fine", "no_fine_reason", "refrain", "until", "recurs")
"""Questions that few findings need: they are asked last, and folded together while all are empty."""


class WriteFinding(forms.Form):
    """A finding. Its area and day are known already: they decide which provisions can be chosen, and how they are worded."""

    instrument = forms.ChoiceField(label=_("What does the Inspectorate decide?"), widget=forms.RadioSelect)
    judgement = forms.TypedChoiceField(
        label=_("How far does it hold good quality?"), coerce=int, empty_value=None, widget=forms.RadioSelect
    )
    provisions = forms.MultipleChoiceField(
        label=_("Which provisions were not followed?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    observations = Observations(
        label=_("Which observations does it rest on?"),
        queryset=Observation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    observed = forms.CharField(label=_("What was seen"), max_length=20_000, widget=box(8), required=False)
    assessment = forms.CharField(label=_("Assessment"), max_length=20_000, widget=box(8), required=False)
    measures = forms.CharField(
        label=_("What must be done"), widget=box(), required=False,
        help_text=_("One measure on each line. In the decision they stand after “take measures so that”."),
    )  # fmt: skip
    due = Day(label=_("To be remedied by"), required=False, help_text=_("Left empty: by the day of the report-back."))
    serious = forms.BooleanField(label=_("It is a serious irregularity (allvarligt missförhållande)"), required=False)
    hinders_goals = forms.BooleanField(
        label=_("It seriously impedes the pupils' chances to reach the goals: an injunction then shall carry a fine"),
        required=False,
    )
    fine = forms.IntegerField(label=_("Fine (vite) in crowns"), min_value=1, required=False)
    no_fine_reason = forms.CharField(label=_("Special reasons for no fine"), max_length=500, required=False)
    refrain = forms.ChoiceField(label=_("Why the Inspectorate refrains"), required=False)
    until = Day(label=_("Temporary prohibition until"), required=False, help_text=_("At most six months."))
    recurs = forms.ModelChoiceField(
        label=_("Is it the same as an earlier finding?"),
        queryset=Finding.objects.none(),
        required=False,
        empty_label=_("no"),
    )

    def __init__(
        self, *args: Any, instruments: Choices, steps: Choices, provisions: Choices, refrains: Choices, observations: Any,
        earlier: Any, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **more)
        choices = {"instrument": instruments, "judgement": steps, "provisions": provisions, "refrain": refrains}
        for name, known in choices.items():
            self.fields[name].choices = list(known)  # type: ignore[attr-defined]
        self.fields["observations"].queryset = observations  # type: ignore[attr-defined]
        self.fields["recurs"].queryset = earlier  # type: ignore[attr-defined]
        self._keep_those_that_apply()

    def _keep_those_that_apply(self) -> None:
        in_audit = bool(self.fields["judgement"].choices)  # type: ignore[attr-defined]
        legal = ("instrument", "provisions", "serious", "hinders_goals", "fine", "no_fine_reason", "refrain", "until")
        for name in legal if in_audit else ("judgement",):
            del self.fields[name]
        if in_audit:
            self.fields["measures"].label = _("What needs to be developed")

    @property
    def main(self) -> list[forms.BoundField]:
        """What every finding needs."""
        return [field for field in self if field.name not in SPECIAL]

    @property
    def special(self) -> list[forms.BoundField]:
        """What few findings need."""
        return [field for field in self if field.name in SPECIAL]

    @property
    def special_is_open(self) -> bool:
        """Whether something of that has been filled in, or is wrong."""
        return any(field.errors or field.value() for field in self.special)

    def clean_measures(self) -> list[str]:
        """One measure on each line."""
        return [line.strip(" -–•\t") for line in self.cleaned_data["measures"].splitlines() if line.strip(" -–•\t")]


class SendDraft(forms.Form):
    """By which day the organiser answers."""

    due = Day(label=_("The organiser answers by"))


class JudgeRemark(forms.Form):
    """What comes of a remark."""

    outcome = forms.ChoiceField(label=_("What comes of it?"), choices=Remark.Outcome.choices, widget=forms.RadioSelect)
    reply = forms.CharField(
        label=_("Reason"), max_length=1000, widget=box(3), required=False, help_text=_("Needed if the text stands.")
    )


class Received(forms.Form):
    """When the organiser got the decision."""

    on = Day(label=_("When did the organiser receive it?"))


class Sign(forms.Form):
    """To sign is to decide: said once more before it is done."""

    read = forms.BooleanField(label=_("I have read the decision as it stands, and decide so."))
