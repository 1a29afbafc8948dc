"""Forms of people: signing in, one's own account, and access. Labels and hints are ours; what allauth checks stays."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from likvard.site.people import actions
from likvard.site.people.models import LANGUAGES, Organiser, Unit, User
from likvard.site.people.roles import SCOPES, Reach, Role, Scope

_HOW_LONG = _("At least 12 characters. A sentence that only you think of is easy to remember and hard to guess.")


def _say(form: forms.BaseForm, name: str, label: Any, hint: Any = "", **attributes: str) -> None:
    """Give a field our words, and take away what allauth puts into the empty field."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignIn(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", _("E-mail address"), autocomplete="username")
        _say(self, "password", _("Password"))


class Confirm(ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("Password"))


class ChangePassword(ChangePasswordForm):
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", _("Present password"))
        _say(self, "password1", _("New password"), _HOW_LONG)
        _say(self, "password2", _("New password, once more"))


class ForgottenPassword(ResetPasswordForm):
    """The address to which a link is sent, if there is an account with a password of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "email", _("E-mail address"), autocomplete="username")

    def clean_email(self) -> str:
        """The address. Whoever signs in through an identity provider gets no password by this way around it."""
        address: str = super().clean_email()
        self.users: list[User] = [user for user in self.users if user.has_usable_password()]
        return address


class NewPassword(ResetPasswordKeyForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password1", _("New password"), _HOW_LONG)
        _say(self, "password2", _("New password, once more"))


def _say_code(form: forms.BaseForm) -> None:
    hint = _("Six digits from your authenticator app, or one of your recovery codes.")
    _say(form, "code", _("Code"), hint, inputmode="numeric", autocomplete="one-time-code")


def _note_failed(user: User) -> None:
    actions.note(actor=None, subject=actions.about(user), what="account.second_factor_failed", at=context.request.now)


class Code(AuthenticateForm):
    """The second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self)

    def clean_code(self) -> str:
        """The code, if it is right; a wrong one is noted."""
        try:
            return super().clean_code()
        except ValidationError:
            _note_failed(self.user)
            raise


class ConfirmByCode(ReauthenticateByCodeForm):
    """The second factor once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self)

    def clean_code(self) -> str:
        """The code, if it is right; a wrong one is noted."""
        try:
            return super().clean_code()
        except ValidationError:
            _note_failed(self.user)
            raise


class AddApp(ActivateTOTPForm):
    """The first code of an authenticator app shows that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Six digits from the app.")
        _say(self, "code", _("Code"), hint, inputmode="numeric", autocomplete="one-time-code")


class Details(forms.Form):
    """One's own name and language."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language of messages to you"), choices=LANGUAGES)


class AcceptInvitation(forms.Form):
    """Name and password of a new account."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_HOW_LONG,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The password, once more"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The two passwords must be the same, and good enough."""
        given: dict[str, Any] = super().clean() or {}
        password, again = given.get("password"), given.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        if password:
            try:
                validate_password(password, User(email=self.email, name=given.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return given


class GiveRole(forms.Form):
    """A role, where it holds, and from when to when."""

    role = forms.ChoiceField(label=_("Role"))
    place = forms.CharField(
        label=_("Where"),
        required=False,
        help_text=_(
            "Name or code of the school unit, or name or organisation number of the organiser. "
            "Leave empty for the whole country."
        ),
    )
    start = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("The last day. Empty: until somebody ends it."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It is kept in the log and shown to the person.")
    )

    def __init__(self, *args: Any, held: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        roles = [r for r in Role if held.everything or SCOPES[r] - {Scope.NATIONAL}]
        self.fields["role"].choices = [("", "–"), *[(r.value, r.label) for r in roles]]  # type: ignore[attr-defined]
        if not held.everything:
            self.fields["place"].required = True
            self.fields["place"].help_text = _(
                "Name or code of the school unit, or name or organisation number of the organiser."
            )

    def clean_role(self) -> Role:
        """The role."""
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        """Find the place by what was written, and see that role, place and days go together."""
        given: dict[str, Any] = super().clean() or {}
        text = (given.get("place") or "").strip()
        given["organiser"], given["unit"] = self._place(text) if text else (None, None)
        role, start, end = given.get("role"), given.get("start"), given.get("end")
        if role and "place" not in self.errors:
            self._check_scope(role, given["organiser"], given["unit"])
        if start and end and end < start:
            self.add_error("end", _("The last day is before the first."))
        return given

    def _place(self, text: str) -> tuple[Organiser | None, Unit | None]:
        units = list(Unit.objects.active().within(self.held).filter(_named("code", text))[:2])
        organisers = Organiser.objects.filter(closed=None).filter(_named("number", text))
        if not self.held.everything:
            organisers = organisers.filter(number__in=self.held.organisers)
        match units, list(organisers[:2]):
            case [unit], []:
                return None, unit
            case [], [organiser]:
                return organiser, None
            case [], []:
                self.add_error("place", _("Nothing has this name or code."))
            case _:
                self.add_error("place", _("Several have this name. Write the code."))
        return None, None

    def _check_scope(self, role: Role, organiser: Organiser | None, unit: Unit | None) -> None:
        scope = Scope.UNIT if unit else Scope.ORGANISER if organiser else Scope.NATIONAL
        if scope not in SCOPES[role]:
            allowed = " / ".join(str(s.label) for s in sorted(SCOPES[role]))
            self.add_error("place", _("This role is tied to %(where)s.") % {"where": allowed})


def _named(code: str, text: str) -> Q:
    return Q(**{code: text}) | Q(name__iexact=text)


class Invite(GiveRole):
    """A role for somebody by e-mail address."""

    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The invitation is sent here and works for a week.")
    )
    name = forms.CharField(label=_("Name"), max_length=150)
    field_order = ("email", "name", "role", "place", "start", "end", "reason")


class EndRole(forms.Form):
    """The last day of a membership, and why."""

    last = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class Because(forms.Form):
    """Why something is done to an account. Its fields have ids of their own: it stands beside the form of a role."""

    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_because_%s", **kwargs})


class LogSearch(forms.Form):
    """Find events by person, matter or unit, and by day."""

    q = forms.CharField(
        label=_("Person, matter or school unit"),
        required=False,
        max_length=150,
    )
    start = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    fore = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class Search(forms.Form):
    """Find accounts by name, address or role."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=150)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices])
