"""An example of every address of the site: for what is the reader's own, somebody else's, and what is not there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from likvard.site.cases import actions
from likvard.site.cases.models import Case
from likvard.site.supervision.models import Programme, Selected

Kwargs = Mapping[str, Any]
Variants = Mapping[str, Kwargs]
AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)
NOBODY = uuid.UUID(int=7)
AT = datetime(2025, 11, 14, 9, 30, tzinfo=UTC)


def plain(cast: Any, places: Any) -> Variants:
    """An address without parts that vary."""
    return {"": {}}


def a_unit(cast: Any, places: Any) -> Variants:
    """A unit's address."""
    codes = {"own": places.björk.code, "other": places.lärkskolan.code, "none": "99999999"}
    return {variant: {"code": code} for variant, code in codes.items()}


def an_organiser(cast: Any, places: Any) -> Variants:
    """An organiser's address."""
    numbers = {"own": places.ekvik.number, "other": places.lärkan.number, "none": "0000000000"}
    return {variant: {"number": number} for variant, number in numbers.items()}


def a_person(cast: Any, places: Any) -> Variants:
    """The page of an account."""
    people = {"own": cast.sten.pk, "other": cast.other_rut.pk, "none": NOBODY}
    return {variant: {"pk": pk} for variant, pk in people.items()}


def of(variants: Callable[[Any, Any], Variants], **more: Any) -> Callable[[Any, Any], Variants]:
    """The same variants with further parts of the address."""
    return lambda cast, places: {name: {**kwargs, **more} for name, kwargs in variants(cast, places).items()}


def fixed(**kwargs: Any) -> Callable[[Any, Any], Variants]:
    """One address with these parts."""
    return lambda cast, places: {"": kwargs}


def a_membership(cast: Any, places: Any) -> Variants:
    """A membership of an account."""
    own, other = cast.sten.memberships.get(), cast.other_rut.memberships.get()
    return {
        "own": {"pk": cast.sten.pk, "membership": own.pk},
        "other": {"pk": cast.other_rut.pk, "membership": other.pk},
        "none": {"pk": cast.sten.pk, "membership": 0},
    }


def a_case(cast: Any, places: Any) -> Variants:
    """A matter: about Björkskolan, its principal responsible for it; about Lärkan; and none."""
    return {
        "own": {"slug": _own(cast, places).slug},
        "other": {"slug": _other(cast, places).slug},
        "none": {"slug": "LV-1999-1"},
    }


def _own(cast: Any, places: Any) -> Case:
    known = Case.objects.filter(unit=places.björk).first()
    return known or actions.share_out(
        case=actions.open_case(kind="matter", title="Own", place=places.björk, by=cast.rut, at=AT),
        to=cast.rut, by=cast.harald, at=AT,
    )  # fmt: skip


def _other(cast: Any, places: Any) -> Case:
    known = Case.objects.filter(organiser=places.lärkan).first()
    return known or actions.open_case(kind="matter", title="Other", place=places.lärkan, by=cast.other_harald, at=AT)


def a_clock(cast: Any, places: Any) -> Variants:
    """A clock of the own matter."""
    case = _own(cast, places)
    return {"": {"slug": case.slug, "pk": actions.start_clock(case=case, name="Svara", by=cast.rut, at=AT).pk}}


def a_participant(cast: Any, places: Any) -> Variants:
    """A person to whom the own matter has been opened."""
    case, why = _own(cast, places), {"by": cast.harald, "at": AT, "reason": "Behövs"}
    return {"": {"slug": case.slug, "pk": actions.let_in(case=case, user=cast.elsa, part="reader", **why).pk}}


def an_exclusion(cast: Any, places: Any) -> Variants:
    """A person who is kept out of the own matter."""
    case = _own(cast, places)
    made = actions.exclude(case=case, user=cast.kim, reason="Närstående", by=cast.harald, at=AT)
    return {"": {"slug": case.slug, "pk": made.pk}}


def a_message(cast: Any, places: Any) -> Variants:
    """A message about a pupil in the own matter."""
    case = _own(cast, places)
    made = actions.send_message(case=case, to=[cast.rut], text="Hej", sensitive=True, by=cast.harald, at=AT)
    return {"": {"slug": case.slug, "pk": made.pk}}


def a_document(cast: Any, places: Any) -> Variants:
    """A document in the own matter, that holds nothing about pupils."""
    case = _own(cast, places)
    file = {"name": "svar.pdf", "chunks": [b"%PDF-1.7\n"], "folder": settings.DOCUMENTS, "scanner": ""}
    return {"": {"slug": case.slug, "pk": actions.attach(case=case, by=cast.rut, at=AT, sensitive=False, **file).pk}}


def a_programme(cast: Any, places: Any) -> Variants:
    """A programme that is being prepared, without a basis; and none."""
    return {"": {"pk": _programme(cast).pk}, "none": {"pk": 0}}


def an_addition(cast: Any, places: Any) -> Variants:
    """A unit that was added to the programme by hand."""
    programme = _programme(cast)
    row, _made = Selected.objects.get_or_create(
        programme=programme, unit=places.björk, defaults={"route": "hand", "reason": "Signal", "at": AT, "by": cast.lea}
    )
    return {"": {"pk": programme.pk, "row": row.pk}}


def _programme(cast: Any) -> Programme:
    days = {"start": AT.date(), "end": AT.date(), "published_on": AT.date()}
    known = {**days, "measure": "merit_value", "publication": "none", "made_at": AT, "made_by": cast.lea}
    return Programme.objects.get_or_create(name="Programmet", defaults=known)[0]


PLAIN = [
    "healthz",
    "about_figures",
    "symbols",
    "accessibility",
    "personal_data",
    "say_what_is_wrong",
    "components",
    "people_account",
    "people_log",
    "people_start",
    "people_details",
    "people_sessions",
    "people_accounts",
    "people_invite",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "start",
    "schools",
    "groups",
    "choose_group",
    "keep_group",
    "measures",
    "data",
    "api_tokens",
    "cases_mine",
    "cases_open",
    "api-v1:documentation",
    "api-v1:openapi",
    "api-v1:figures",
    "api-v1:all_indicators",
    "api-v1:symbols",
    "api-v1:publications",
    "api-v1:organisers",
    "api-v1:units",
    "supervision_clocks",
    "supervision_programmes",
    "supervision_programme_new",
    "supervision_uniformity",
]

EXAMPLES: Mapping[str, Callable[[Any, Any], Variants]] = {
    **dict.fromkeys(PLAIN, plain),
    "people_accept": fixed(token="no-such-token"),
    "people_withdraw": fixed(pk=NOBODY),
    "people_person": a_person,
    "people_give": a_person,
    "people_end": a_membership,
    "people_change": of(a_person, deed="stang"),
    "account_reset_password_from_key": fixed(uidb36="1", key="no-such-key"),
    "openid_connect_login": fixed(provider_id="none"),
    "openid_connect_callback": fixed(provider_id="none"),
    **{f"saml_{name}": fixed(organization_slug="none") for name in ("acs", "finish_acs", "sls", "metadata", "login")},
    "unit": a_unit,
    "unit_figure": of(a_unit, figure="trend"),
    "overview": an_organiser,
    "overview_figure": of(an_organiser, figure="spread"),
    "results": an_organiser,
    "results_figure": of(an_organiser, figure="gap"),
    "end_group": fixed(id=NOBODY),
    "start_figure": fixed(figure="country"),
    "measure": fixed(id="merit_value"),
    "delivery": fixed(id="none"),
    "api-v1:one_indicator": fixed(id="merit_value"),
    "api-v1:organiser": an_organiser,
    "api-v1:unit": a_unit,
    "api-v1:^(?P<rest>.*)$": fixed(address="/api/v1/nothing-here"),
    "api_token_revoke": fixed(pk=0),
    **{f"cases_{name}": a_case for name in ("case", "events", "share_out", "let_in", "exclude", "start_clock")},
    **{f"cases_{name}": a_case for name in ("link", "correct", "attach", "write")},
    "cases_move": of(a_case, code="begin"),
    "cases_let_out": a_participant,
    "cases_end_exclusion": an_exclusion,
    "cases_clock_deed": of(a_clock, verb="pausa"),
    "cases_document": a_document,
    "cases_message": a_message,
    "supervision_programme": a_programme,
    **{
        f"supervision_programme_{name}": a_programme for name in ("list", "rule", "counts", "basis", "selection", "add")
    },
    **{f"supervision_programme_{name}": a_programme for name in ("file", "decide", "plan")},
    "supervision_programme_withdraw": an_addition,
    "supervision_open_rule": a_programme,
}


def examples(cast: Any, places: Any) -> Mapping[str, Variants]:
    """Every example, with the cast's own keys filled in."""
    return {name: make(cast, places) for name, make in EXAMPLES.items()}
