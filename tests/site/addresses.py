"""An example of every address of the site: for what is the reader's own, somebody else's, and what is not there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from tests.site.addresses_after import EXAMPLES as AFTER
from tests.site.addresses_insight5 import EXAMPLES as INSIGHT5
from tests.site.addresses_inspection import EXAMPLES as INSPECTION
from tests.site.addresses_ratings import EXAMPLES as RATINGS
from tests.site.addresses_resources import EXAMPLES as RESOURCES
from tests.site.newsroom.conftest import decision
from tests.site.newsroom.conftest import plain as plain_twin

from likvard.site.cases import actions
from likvard.site.cases.actions.issuing import happen, issue
from likvard.site.cases.models import Case
from likvard.site.newsroom import actions as newsroom
from likvard.site.newsroom import letters
from likvard.site.newsroom.models import PressRelease, Publication, Subscription
from likvard.site.supervision.models import Programme, Selected
from likvard.site.writing.text import Reason, as_data

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


# The newsroom


def _published(cast: Any, places: Any) -> Publication:
    """A decision about Björkskolan that everybody reads, with a hidden passage and words about what has happened since."""
    known = Publication.objects.filter(shown=True, unit=places.björk).first()
    if known is not None:
        return known
    made = _prepared_for(cast, places.björk)
    newsroom.hide(publication=made, words="Rektorn", reason=Reason.STAFF, by=cast.petra, at=AT)
    newsroom.move(publication=made, code="ask", by=cast.petra, at=AT)
    made = newsroom.move(publication=made, code="publish", by=cast.lea, at=AT)
    happen(issued=made.issued, what="visited", text="Ord.", by=cast.ines, role="inspector", at=AT)
    return made


def _prepared_for(cast: Any, place: Any) -> Publication:
    """A decision about the place, being prepared."""
    case = actions.open_case(kind="supervision", title="Tillsyn", place=place, by=cast.lea, at=AT)
    issued = issue(
        case=case, kind="decision", title="Beslut", dated=AT.date(), signed_by="Lea Ledare", points=[],
        content={"text": as_data(decision(number=case.dnr)), "plain": as_data(plain_twin()), "facts": {}},
        pdf=b"%PDF-1.7\n", filename="beslut.pdf", by=cast.lea, role="lead_inspector", at=AT, folder=settings.DOCUMENTS,
    )  # fmt: skip
    return newsroom.prepare(issued=issued, by=cast.petra, at=AT)


def a_decision(cast: Any, places: Any) -> Variants:
    """A decision that is published, one that is a draft, and none."""
    draft = Publication.objects.filter(shown=False).first() or _prepared_for(cast, places.lärkskolan)
    slugs = {"published": _published(cast, places).slug, "draft": draft.slug, "none": "ingen-1999"}
    return {variant: {"slug": slug} for variant, slug in slugs.items()}


def a_number(cast: Any, places: Any) -> Variants:
    """The register number of a published decision, and one that nothing is published under."""
    return {"published": {"slug": _published(cast, places).issued.case.slug}, "none": {"slug": "SI-1999-1"}}


def at_the_desk(**more: Any) -> Callable[[Any, Any], Variants]:
    """A decision at the desk."""
    return lambda cast, places: {"": {"pk": _published(cast, places).pk, **more}}


def a_mask(cast: Any, places: Any) -> Variants:
    """A hidden passage."""
    made = _published(cast, places)
    return {"": {"pk": made.pk, "mask": made.masks.get().pk}}


def a_happening(cast: Any, places: Any) -> Variants:
    """Words about what has happened."""
    made = _published(cast, places)
    return {"": {"pk": made.pk, "happening": made.issued.happenings.get().pk}}


def a_document_to_prepare(cast: Any, places: Any) -> Variants:
    """A document that is being prepared already."""
    return {"": {"pk": _published(cast, places).issued_id}}


def _release(cast: Any) -> PressRelease:
    known = PressRelease.objects.first()
    if known is not None:
        return known
    contact = newsroom.keep_contact(
        name="Pressjouren", phone="08-123 45 67", email="p@example.se", by=cast.petra, at=AT
    )
    text = newsroom.Text(title="Nytt", lead="Ingress", body="Text", contact=contact)
    return newsroom.write(text=text, by=cast.petra, at=AT)


def a_release(cast: Any, places: Any) -> Variants:
    """A press release that is not published."""
    return {"": {"pk": _release(cast).pk}}


def a_release_address(cast: Any, places: Any) -> Variants:
    """The address of a press release that is not published, and of none."""
    return {"draft": {"slug": _release(cast).slug}, "none": {"slug": "inget-1999"}}


def a_contact(cast: Any, places: Any) -> Variants:
    """Whom journalists call."""
    return {"": {"pk": _release(cast).contact_id}}


NEWSROOM: Mapping[str, Callable[[Any, Any], Variants]] = {
    "decisions": plain,
    "decisions_of_organiser": an_organiser,
    "decisions_of_unit": a_unit,
    "decision": a_decision,
    "decision_pdf": a_decision,
    "decision_plain_pdf": a_decision,
    "decision_data": a_decision,
    "short": a_decision,
    "decision_by_number": a_number,
    "decision_by_number_and_document": of(a_number, number=1),
    "press_releases": plain,
    "press_release": a_release_address,
    "newsroom_desk": plain,
    "newsroom_prepare": a_document_to_prepare,
    **{f"newsroom_{name}": at_the_desk() for name in ("publication", "preview", "hide", "describe")},
    "newsroom_move": at_the_desk(code="correct"),
    "newsroom_lift": a_mask,
    "newsroom_release_words": a_happening,
    "newsroom_release_new": plain,
    "newsroom_release": a_release,
    "newsroom_release_change": a_release,
    "newsroom_release_move": of(a_release, code="ask"),
    "newsroom_contact_new": plain,
    "newsroom_contact": a_contact,
}


# Letters, feeds and open data
def a_link(purpose: str) -> Callable[[Any, Any], Variants]:
    """A signed link of a letter, and one that was not signed here."""

    def made(cast: Any, places: Any) -> Variants:
        follower = {"email": "a@example.org", "topic": "register:"}
        confirmed = None if purpose == letters.CONFIRM else AT
        own = Subscription.objects.get_or_create(
            **follower, defaults={"asked_at": timezone.now(), "confirmed_at": confirmed}
        )[0]
        return {"": {"token": letters.signed(purpose, [own.pk])}, "none": {"token": "1:forged"}}

    return made


OUTWARD: Mapping[str, Callable[[Any, Any], Variants]] = {
    **dict.fromkeys(
        ["follow", "follow_sent", "decisions_feed", "open_data", "robots", "sitemaps", "sitemap_of_pages"], plain
    ),
    "follow_confirm": a_link(letters.CONFIRM),
    "follow_own": a_link(letters.OWN),
    "follow_end": a_link(letters.END),
    "open_data_catalogue": fixed(form="rdf"),
    "open_data_file": fixed(table="beslut", ending="csv"),
    "sitemap_of_decisions": fixed(year=1999),
}

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
    **{f"supervision_programme_{name}": a_programme for name in ("file", "paper", "decide", "plan")},
    "supervision_programme_withdraw": an_addition,
    "supervision_open_rule": a_programme,
    **INSPECTION,
    **AFTER,
    **RESOURCES,
    **INSIGHT5,
    **NEWSROOM,
    **OUTWARD,
    **RATINGS,
}


def examples(cast: Any, places: Any) -> Mapping[str, Variants]:
    """Every example, with the cast's own keys filled in."""
    return {name: make(cast, places) for name, make in EXAMPLES.items()}
