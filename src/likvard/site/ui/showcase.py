"""Every component once, with invented content: for whoever builds a page, and for the tests that look at it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from likvard.figures.views import legend
from likvard.site.ui.components import (
    Cell,
    Column,
    Download,
    Fact,
    Happening,
    Row,
    State,
    Table,
    Task,
    Trait,
    Waiting,
    clock,
)
from likvard.site.ui.language import current
from likvard.terms import Words

TODAY = date(2025, 11, 14)


class Example(forms.Form):
    """A form with one field of each kind."""

    name = forms.CharField(label=_("What is the school called?"), help_text=_("At least two letters."), min_length=2)
    day = forms.DateField(label=_("Which day?"), widget=forms.DateInput(attrs={"type": "date"}))
    where = forms.ChoiceField(
        label=_("Where?"),
        widget=forms.RadioSelect,
        choices=[("room", _("In a classroom")), ("yard", _("In the corridor or outdoors")), ("other", _("Elsewhere"))],
    )
    form = forms.ChoiceField(
        label=_("Form of schooling"), choices=[("GR", _("Compulsory school")), ("GY", _("Upper secondary school"))]
    )
    text = forms.CharField(label=_("What happened?"), widget=forms.Textarea, required=False)
    sure = forms.BooleanField(label=_("I have told the principal"), required=False)


class Choices(forms.Form):
    """A filter."""

    area = forms.ChoiceField(
        label=_("Area"), choices=[("", _("All areas")), ("n", "Norrheda"), ("s", "Söderlida")], required=False
    )
    order = forms.ChoiceField(
        label=_("Order"), choices=[("area", _("Area and name")), ("need", _("Need"))], required=False
    )


def context(page: int, asked: Any) -> dict[str, Any]:
    """What the page of components shows. `asked` fills the forms; without anything asked they are empty."""
    wrong = Example({"name": "E", "where": "yard", "text": "Någon"})
    return {
        "form": wrong,
        "choices": Choices(asked or None),
        "states": STATES,
        "tasks": TASKS,
        "happenings": HAPPENINGS,
        "clocks": clocks(),
        "waiting": WAITING,
        "facts": FACTS,
        "traits": TRAITS,
        "files": FILES,
        "table": TABLE,
        "conditions": CONDITIONS,
        "legend": legend(current()),
        "page": Paginator(range(240), 20).get_page(page),
        "panel": PANEL,
    }


STATES = (
    State("late", Words("2 dagar sen", "2 days late")),
    State("soon", Words("14 dagar kvar", "14 days left")),
    State("paused", Words("pausad sedan 3 november", "paused since 3 November")),
    State("done", Words("i tid", "in time")),
    State("ongoing", Words("pågår", "ongoing")),
    State("locked", Words("kan inte börja", "cannot start")),
    State("failed", Words("hjälpte inte", "did not help")),
    State("better", Words("bättre", "better")),
    State("document", Words("Föreläggande, 26 kap. 10 §", "Injunction (föreläggande)")),
    State("plain", Words("3 brister", "3 findings")),
)

TASKS = (
    Task(Words("Underlag", "Documents"), STATES[3], "#tasks"),
    Task(
        Words("Redovisning", "Report on measures"),
        STATES[4],
        note=Words("Två av tre svar finns", "Two of three answers are there"),
    ),
    Task(
        Words("Uppföljning", "Follow-up"),
        STATES[5],
        note=Words("Väntar på redovisningen", "Waits for the report on measures"),
    ),
)

HAPPENINGS = (
    Happening(
        Words(
            "**Signal:** stödbehov utreds sent. Väntetid 47 dagar.",
            "**Signal:** support is looked into late. 47 days of waiting.",
        ),
        date(2025, 2, 12),
        Words("Skolinspektionen, vid besök", "the Schools Inspectorate, at a visit"),
    ),
    Happening(
        Words("**Åtgärd:** en specialpedagog till", "**Measure:** one more special educator"),
        date(2025, 9, 1),
        Words("skolchefen ansvarar", "the head of education is responsible"),
    ),
    Happening(
        Words("**Avslut:** Skolinspektionen avgör", "**Closure:** the Schools Inspectorate decides"),
        None,
        Words("inte påbörjat", "not begun"),
        done=False,
    ),
)

WAITING = (
    Waiting(
        7,
        Words(
            "elever över frånvarogränsen där inget är antecknat", "pupils over the absence limit with nothing recorded"
        ),
        "#waits",
        Words(
            "Äldst: 19 dagar, Igelvikaskolan. Rektor äger nästa steg.",
            "Oldest: 19 days. The principal owns the next step.",
        ),
    ),
    Waiting(
        1, Words("redovisning till Skolinspektionen, 28 november", "report to the Inspectorate, 28 November"), "#waits"
    ),
)

FACTS = (
    Fact(Words("Elever", "Pupils"), "412", Words("96 i årskurs 9", "96 in year 9")),
    Fact(Words("Behov", "Need"), "164", Words("100 = riket", "100 = the nation")),
    Fact(Words("Rektor", "Principal"), Words("Sedan augusti 2024", "Since August 2024")),
)

TRAITS = (
    Trait(Words("Eftergymnasial utbildning", "Post-secondary education"), "29 %", "24–34 %"),
    Trait(Words("Nyanlända, fyra år", "Newly arrived, four years"), "11 %", "8–14 %"),
)

PANEL = {
    "title": Words("Vilka jämförs skolorna med?", "Whom are the schools compared with?"),
    "about": Words("30 skolor med liknande elever", "30 schools with similar pupils"),
    "own": "Hasselmo",
    "others": Words("De 30", "The 30"),
    "not_in": Words("betyg tidigare år, boendeområde", "earlier grades, place of residence"),
    "links": ((Words("Se de 30 skolorna", "See the 30 schools"), "#panel"),),
}

FILES = (Download("CSV", "#files"), Download("Excel", "#files", "12 kB"), Download("PNG", "#files"))

TABLE = Table(
    Words("Åtgärder", "Measures"),
    (
        Column(Words("Åtgärd", "Measure")),
        Column(Words("Ansvarig", "Owner")),
        Column(Words("Effekt", "Effect"), numeric=True),
    ),
    (
        Row(
            Cell(Words("Två lärare i matematik", "Two teachers of mathematics"), "#table"),
            (Cell(Words("rektor", "the principal"), note="2025-08-12"), Cell("+3")),
        ),
        Row(
            Cell(Words("Studierum alla dagar", "A study room every day")),
            (
                Cell(state=State("failed", Words("hjälpte inte", "did not help"))),
                Cell("..", spoken=Words("för få elever", "too few pupils")),
            ),
        ),
    ),
)

CONDITIONS = (
    Task(
        Words(
            "**Resultatet visar att bristen är borta.** Saknas: väntetiden är 22 dagar, kravet är högst 15.",
            "**The result shows that the fault is gone.** Missing: the wait is 22 days, at most 15 are allowed.",
        ),
        State("failed", Words("inte uppfyllt", "not met")),
    ),
    Task(
        Words("**Någon har sett det.** Besök 21 oktober.", "**Somebody has seen it.** Visit on 21 October."),
        State("done", Words("uppfyllt", "met")),
    ),
    Task(
        Words(
            "**Ett skäl som alla kan läsa.** Utkast finns.", "**A reason that everybody can read.** There is a draft."
        ),
        State("ongoing", Words("påbörjat", "begun")),
    ),
)


def clocks() -> tuple[Any, ...]:
    """A clock of each kind."""
    report = Words("Redovisning av brist 1", "Report on finding 1")[current()]
    premises = Words("Svar om lokaler", "Answer about premises")[current()]
    fire = Words("väntar på brandskyddet", "waiting for the fire service")[current()]
    return (
        clock(what=report, due=date(2025, 11, 12), today=TODAY),
        clock(what=report, due=date(2025, 11, 28), today=TODAY),
        clock(what=premises, due=date(2025, 12, 12), today=TODAY, paused=date(2025, 11, 3), reason=fire),
        clock(what=report, due=date(2025, 11, 12), today=TODAY, met=date(2025, 11, 10)),
    )
