"""What readers choose, and what the desk fills in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from likvard.site.cases.models import PointState
from likvard.site.newsroom import names
from likvard.site.newsroom.models import PressContact, PressRelease, Publication
from likvard.site.newsroom.reading import SETTLED_ALL, UNSETTLED, Filters
from likvard.site.newsroom.rules import LONGEST
from likvard.site.ui.language import current
from likvard.site.writing.text import REASONS, Reason

_AREA = forms.Textarea(attrs={"rows": 3})


def register_filters(
    filters: Filters,
    on: date,
    *,
    years: Sequence[int],
    municipalities: Sequence[tuple[str, str]],
    fixed: Sequence[str] = (),
) -> forms.Form:
    """The choices of the register, with the present ones chosen; read by `Filters.parse`, never validated.

    `fixed` are those that the address itself says.
    """
    fields: dict[str, forms.Field] = {
        "q": forms.CharField(
            label=_("Words, a school, a place or a number"), initial=filters.words,
            widget=forms.TextInput({"type": "search"}),
        ),
        "lage": _choice(_("How it stands"), _("All"), _states(), filters.state),
        "omrade": _choice(_("Area"), _("All areas"), names.choices("assessment_areas", on), filters.area),
        "instrument": _choice(_("Instrument"), _("All instruments"), names.choices("instruments", on), filters.instrument),
        "typ": _choice(_("Kind of inspection"), _("All kinds"), names.choices("inspections", on), filters.type),
        "kommun": _choice(_("Municipality"), _("All municipalities"), municipalities, filters.municipality),
        "ar": _choice(_("Year"), _("All years"), [(str(year), str(year)) for year in years], str(filters.year or "")),
    }  # fmt: skip
    if filters.tag:
        fields["amnesord"] = forms.CharField(initial=filters.tag, widget=forms.HiddenInput())

    class Choices(forms.Form):
        use_required_attribute = False

    form = Choices(auto_id="id_%s")
    form.fields.update({name: field for name, field in fields.items() if name not in fixed})
    return form


def _choice(label: Any, every: Any, choices: Sequence[tuple[str, Any]], chosen: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", every), *choices], initial=chosen, widget=Quick)


class Quick(forms.Select):
    """A list to choose from, written in one go: Django's own renders a template for each of 290 municipalities."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The control as HTML."""
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (code, SafeString(" selected") if str(code) == str(value or "") else "", label)
                for code, label in self.choices
            ),
        )
        given = format_html_join("", ' {}="{}"', self.build_attrs(self.attrs, attrs).items())
        return format_html('<select name="{}"{}>{}</select>', name, given, options)


def _states() -> list[tuple[str, str]]:
    whole = [(UNSETTLED, gettext("something is left to do")), (SETTLED_ALL, gettext("nothing is left to do"))]
    points = [(state.value, gettext("a point is: %(state)s") % {"state": state.label}) for state in PointState]
    return whole + points


def reasons() -> list[tuple[str, str]]:
    """The reasons for hiding something, in words."""
    return [(reason.value, REASONS[reason][current()]) for reason in Reason]


class Hide(forms.Form):
    """What is hidden, and why."""

    words = forms.CharField(
        label=_("Which words are to be hidden?"), max_length=2000, required=False, strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy them from the text. They are hidden wherever they stand, with a genitive s too."),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Why?"), choices=reasons)
    note = forms.CharField(
        label=_("A note for the desk"), max_length=300, required=False,
        help_text=_("Write nothing here that is to be hidden."),
    )  # fmt: skip

    def __init__(self, *args: Any, whole: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if whole:
            self.fields["words"].help_text = _(
                "Copy them from the paragraph. Leave the box empty to hide the whole paragraph."
            )
        else:
            self.fields["words"].required = True


class Reasoned(forms.Form):
    """A deed that needs a reason."""

    reason = forms.CharField(label=_("Why?"), max_length=500, widget=_AREA)


class Plain(forms.Form):
    """A deed that only needs to be confirmed."""


class Describe(forms.Form):
    """Title, address and tags."""

    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.CharField(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("As botkyrka-2013. A former address leads on to the new one."),
    )
    tags = forms.CharField(
        label=_("Words to find it by"), max_length=500, required=False, help_text=_("With commas between them.")
    )

    @classmethod
    def of(cls, publication: Publication, data: Any) -> Describe:
        """The form with what stands there now."""
        words = ", ".join(word.name for word in publication.words)
        return cls(data, initial={"title": publication.title, "slug": publication.slug, "tags": words})

    def clean_tags(self) -> list[str]:
        """The words one by one."""
        return commas(self.cleaned_data["tags"])


def commas(text: str) -> list[str]:
    """What stands between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


class ReleaseWords(forms.Form):
    """Which words about a happening stay hidden."""

    words = forms.CharField(
        label=_("Which words are to be hidden?"), max_length=2000, required=False, widget=_AREA,
        help_text=_("One passage on each line. Leave the box empty to hide nothing."),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Why are they hidden?"), choices=reasons, initial=Reason.PUPIL.value)

    def clean_words(self) -> list[str]:
        """The passages one by one."""
        return [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]


class Decisions(forms.ModelMultipleChoiceField):
    """Decisions by register number and title."""

    def label_from_instance(self, publication: Publication) -> str:
        """Number and title."""
        return f"{publication.register_number}: {publication.title}"


class WriteRelease(forms.Form):
    """A press release."""

    title = forms.CharField(label=_("Title"), max_length=200)
    lead = forms.CharField(label=_("Introduction"), max_length=1000, widget=_AREA)
    body = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("A blank line between paragraphs. A line that begins with a hyphen and a space is a point of a list."),
    )  # fmt: skip
    contact = forms.ModelChoiceField(label=_("Whom do journalists call?"), queryset=PressContact.objects.none())
    decisions = forms.CharField(
        label=_("Addresses of the decisions that it is about"), max_length=1000, required=False,
        help_text=_("As botkyrka-2013, with commas between them."),
    )  # fmt: skip
    tags = forms.CharField(
        label=_("Words to find it by"), max_length=500, required=False, help_text=_("With commas between them.")
    )
    links = forms.CharField(
        label=_("Links"), max_length=3000, required=False, widget=_AREA,
        help_text=_("One on each line: the address, a blank, and what it leads to."),
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        open_ones = PressContact.objects.filter(closed__isnull=True) | PressContact.objects.filter(closed__gte=on)
        self.fields["contact"].queryset = open_ones  # type: ignore[attr-defined]

    @classmethod
    def of(cls, release: PressRelease, data: Any, on: date) -> WriteRelease:
        """The form with what stands there now."""
        known = {
            "title": release.title,
            "lead": release.lead,
            "body": release.body,
            "contact": release.contact,
            "decisions": ", ".join(release.decisions.values_list("slug", flat=True)),
            "tags": ", ".join(word.name for word in release.words),
            "links": "\n".join(f"{link.url} {link.title}" for link in release.links.all()),
        }
        return cls(data, initial=known, on=on)

    def clean_decisions(self) -> tuple[Publication, ...]:
        """The decisions of the addresses, which must be published."""
        asked = commas(self.cleaned_data["decisions"])
        known = {one.slug: one for one in Publication.objects.public().filter(slug__in=asked)}
        unknown = [slug for slug in asked if slug not in known]
        if unknown:
            raise forms.ValidationError(
                _("There is no published decision at %(slug)s."), params={"slug": ", ".join(unknown)}
            )
        return tuple(known[slug] for slug in asked)

    def clean_tags(self) -> tuple[str, ...]:
        """The words one by one."""
        return tuple(commas(self.cleaned_data["tags"]))

    def clean_links(self) -> tuple[tuple[str, str], ...]:
        """Pairs of title and address."""
        found = []
        for line in self.cleaned_data["links"].splitlines():
            url, _blank, title = line.strip().partition(" ")
            if url:
                forms.URLField(assume_scheme="https").clean(url)
                if not url.startswith(("https://", "http://")):
                    raise forms.ValidationError(_("An address begins with https://."))
                found.append((title.strip() or url, url))
        return tuple(found)


class Contact(forms.ModelForm):
    """Whom journalists call."""

    class Meta:
        model = PressContact
        fields = ("name", "title", "phone", "email")
