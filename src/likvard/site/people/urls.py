"""Addresses of people: the account under /konto/, the administrator's pages under /administration/.

Only these of django-allauth's pages exist here; its other addresses (open sign-up, change of address) do not.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.socialaccount import views as provider
from django.urls import URLPattern, URLResolver, include, path, re_path

from likvard.site.people import administration, logbook, pages

_SIGN_IN: list[URLPattern | URLResolver] = [
    path("logga-in/", account.login, name="account_login"),
    path("logga-ut/", account.logout, name="account_logout"),
    path("stangt/", account.account_inactive, name="account_inactive"),
    path("bekrafta/", account.reauthenticate, name="account_reauthenticate"),
    path("losenord/", account.password_change, name="account_change_password"),
    path("losenord/inget/", pages.no_password, name="account_set_password"),
    path("losenord/glomt/", account.password_reset, name="account_reset_password"),
    path("losenord/glomt/skickat/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^losenord/nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("losenord/bytt/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

_SECOND_FACTOR: list[URLPattern | URLResolver] = [
    path("kod/", second_factor.authenticate, name="mfa_authenticate"),
    path("bekrafta/kod/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("andra-faktorn/", pages.second_factor, name="mfa_index"),
    path("andra-faktorn/app/", app.activate_totp, name="mfa_activate_totp"),
    path("andra-faktorn/app/ta-bort/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("andra-faktorn/koder/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("andra-faktorn/koder/nya/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("andra-faktorn/koder/hamta/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

_PROVIDERS: list[URLPattern | URLResolver] = [
    path("leverantor/avbrutet/", provider.login_cancelled, name="socialaccount_login_cancelled"),
    path("leverantor/fel/", provider.login_error, name="socialaccount_login_error"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("", include("allauth.socialaccount.providers.saml.urls")),
]

_ACCOUNT: list[URLPattern | URLResolver] = [
    path("", pages.account, name="people_account"),
    path("start/", pages.start, name="people_start"),
    path("uppgifter/", pages.details, name="people_details"),
    path("sessioner/", pages.sessions, name="people_sessions"),
    path("inbjudan/<str:token>/", pages.accept, name="people_accept"),
]

_ADMINISTRATION: list[URLPattern | URLResolver] = [
    path("", administration.accounts, name="people_accounts"),
    path("bjud-in/", administration.invite, name="people_invite"),
    path("logg/", logbook.log, name="people_log"),
    path("inbjudningar/<uuid:pk>/aterta/", administration.withdraw, name="people_withdraw"),
    path("konton/<uuid:pk>/", administration.person, name="people_person"),
    path("konton/<uuid:pk>/roll/", administration.give, name="people_give"),
    path("konton/<uuid:pk>/roll/<int:membership>/avsluta/", administration.end, name="people_end"),
    path("konton/<uuid:pk>/<slug:deed>/", administration.change, name="people_change"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", include(_ACCOUNT + _SIGN_IN + _SECOND_FACTOR + _PROVIDERS)),
    path("administration/", include(_ADMINISTRATION)),
]
