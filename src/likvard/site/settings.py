"""Settings, all from the environment. Whatever is not understood is refused, with what to write instead."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from likvard.site.people.providers import origins, providers


def flag(name: str, default: bool) -> bool:
    """A switch: `1` or `0`. Anything else is refused."""
    value = os.environ.get(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 for yes or 0 for no.")
    return value == "1"


def database(address: str, home: Path) -> dict[str, Any]:
    """Django's settings of a database: SQLite in the site's folder, or a `postgresql://` address."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "site.sqlite3",
            "CONN_MAX_AGE": 3600,
            # A deferred transaction that reads and then writes is refused while another writes; IMMEDIATE waits instead.
            # FULL: what was confirmed, an event of the audit chain above all, survives a power cut.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; "
                "PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise ImproperlyConfigured(
            f"LIKVARD_DATABASE is {address!r}. Write postgresql://user:password@host:5432/name, or leave it out for SQLite."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 3600,
        "OPTIONS": options,
    }


def mail(address: str) -> dict[str, Any]:
    """Django's settings of outgoing mail: printed on the console, or an `smtp://` or `smtps://` address."""
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtp+tls", "smtps") or not parts.hostname:
        raise ImproperlyConfigured(
            f"LIKVARD_EMAIL is {address!r}. Write smtp://, smtp+tls:// (STARTTLS) or smtps://, user:password@host:port."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 30,
    }


def secret(home: Path) -> str:
    """The signing key: from the environment, or from the file that `likvard site init` wrote; empty if neither is there."""
    key, file = os.environ.get("LIKVARD_SECRET_KEY", ""), home / "secret.key"
    return key or (file.read_text("ascii").strip() if file.exists() else "")


HOME = Path(os.environ.get("LIKVARD_HOME", "site")).absolute()
LAKE = Path(os.environ.get("LIKVARD_LAKE", HOME / "lake")).absolute()
DOCUMENTS = HOME / "documents"
DEMO = flag("LIKVARD_DEMO", False)
DEBUG = False
# Who runs the site, and the e-mail address for what is wrong: the pages about the site name them.
OPERATOR = os.environ.get("LIKVARD_OPERATOR", "")
CONTACT = os.environ.get("LIKVARD_CONTACT", "")
SECRET_KEY = secret(HOME)

BASE_URL = os.environ.get("LIKVARD_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in ("http", "https") or not _base.hostname:
    raise ImproperlyConfigured(
        f"LIKVARD_BASE_URL is {BASE_URL!r}. Write the site's address, as https://likvard.example.se."
    )
SECURE = _base.scheme == "https"
ALLOWED_HOSTS = [_base.hostname, *filter(None, os.environ.get("LIKVARD_HOSTS", "127.0.0.1,localhost").split(","))]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Ours before the libraries: of two texts or templates with one name, the first is taken.
    "likvard.site.ui",
    "likvard.site.audit",
    "likvard.site.people",
    "likvard.site.cases",
    "likvard.site.insight",
    "likvard.site.supervision",
    "likvard.site.newsroom",
    "likvard.site.resources",
    "likvard.site.ratings",
    "likvard.site.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "likvard.site.ui.middleware.clock",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "likvard.site.ui.middleware.unstored",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "likvard.site.ui.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "likvard.site.people.middleware.Enter",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

CSRF_FAILURE_VIEW = "likvard.site.ui.failures.csrf"
ROOT_URLCONF = "likvard.site.urls"
WSGI_APPLICATION = "likvard.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "likvard.site.ui.context.page",
                "likvard.site.cases.context.waiting",
                "likvard.site.insight.context.figures",
            ]
        },
    }
]

DATABASES = {"default": database(os.environ.get("LIKVARD_DATABASE", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "likvard.site.people.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link has shown that the address is the person's own
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds that the link of a new password works
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
# Failed sign-ins: five a quarter of an hour for one account; from one address so many that a school behind it can begin its day.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "30/m/ip,5/15m/key",
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "likvard.site.people.forms.SignIn",
    "reauthenticate": "likvard.site.people.forms.Confirm",
    "change_password": "likvard.site.people.forms.ChangePassword",
    "reset_password": "likvard.site.people.forms.ForgottenPassword",
    "reset_password_from_key": "likvard.site.people.forms.NewPassword",
}
MFA_ADAPTER = "likvard.site.people.signin.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "likvard.site.people.forms.Code",
    "reauthenticate": "likvard.site.people.forms.ConfirmByCode",
    "activate_totp": "likvard.site.people.forms.AddApp",
}
MFA_TOTP_ISSUER = "Likvärd"
MFA_TOTP_TOLERANCE = 1  # a code of the half minute before or after also counts: clocks of phones differ
MFA_ALLOW_UNVERIFIED_EMAIL = True
SECOND_FACTOR = flag("LIKVARD_SECOND_FACTOR", not DEMO)  # demanded of every role that sees more than what is published
PROVIDER_SECOND_FACTOR = flag("LIKVARD_SSO_SECOND_FACTOR", False)  # the identity provider has asked for one already
SOCIALACCOUNT_ADAPTER = "likvard.site.people.signin.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = providers(os.environ)
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("LIKVARD_BEHIND_PROXY", False) else 0

# Counts of failed sign-ins are shared by all worker processes. Few rows would let an attacker push the counts out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("LIKVARD_BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *origins(os.environ)],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "sprak"
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [("figures", Path(__file__).parent.parent / "figures" / "assets")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DOCUMENTS}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CASE_KINDS = ["likvard.site.cases.kinds.MATTER", "likvard.site.supervision.kinds.SUPERVISION"]
SCANNER = os.environ.get("LIKVARD_SCANNER", "")

DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("LIKVARD_FROM", f"likvard@{_base.hostname}")
_mail = mail(os.environ.get("LIKVARD_EMAIL", ""))
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = _mail.get("EMAIL_TIMEOUT", 30)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
