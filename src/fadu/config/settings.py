"""Django's settings. All that an installation may choose comes from the environment (environment.py, database.py)."""

import os
from pathlib import Path
from typing import Any

from fadu.config.database import database_from_env
from fadu.config.environment import Environment, secret_key

environment = Environment.read(os.environ)

FADU_HOME: Path = environment.home
FADU_CITY: str = environment.city
FADU_CALENDARS: Path = (
    FADU_HOME / "calendars"
)  # local additions to the State Council's calendar, if the folder is there
FADU_DEMO: bool = environment.demo
FADU_FONTS: Path | None = environment.fonts
FADU_MAX_UPLOAD: int = environment.max_upload
FADU_URL: str = environment.url
FADU_WEBHOOK_HOSTS: tuple[str, ...] = environment.webhook_hosts
DEBUG: bool = environment.debug
SECRET_KEY: str = secret_key(os.environ, FADU_HOME)
ALLOWED_HOSTS: list[str] = list(environment.hosts)
DATABASES: dict[str, dict[str, Any]] = {"default": database_from_env(os.environ, FADU_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Our own templates come before allauth's, so that the desk's account pages win. Django's admin site is left out on
# purpose: it would be a second way to write.
INSTALLED_APPS: list[str] = [
    "fadu.units",
    "fadu.jobs",
    "fadu.cases",
    "fadu.figures",
    "fadu.exchange",
    "fadu.notify",
    "fadu.administration",
    "fadu.desk",
    "fadu.portal",
    "fadu.api",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks_db",
    "heroicons",
    "ninja",
]

MIDDLEWARE: list[str] = [
    "django.middleware.security.SecurityMiddleware",
    "fadu.config.headers.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "fadu.desk.traditional.TraditionalChinese",
    "django.middleware.common.CommonMiddleware",
    "fadu.config.uploads.Bounded",  # before anything reads what was sent
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fadu.units.sign_in.PasswordMustChange",
]

ROOT_URLCONF = "fadu.config.urls"
WSGI_APPLICATION = "fadu.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ---- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# ---- files served by the app itself, compressed and named by their content
STATIC_URL = "/static/"
STATIC_ROOT = FADU_HOME / "static"
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG  # else `collectstatic` fills STATIC_ROOT first
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}

# ---- people and how they sign in
AUTH_USER_MODEL = "units.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "fadu.units.sign_in.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# A whole office reaches us from one address at half past eight, so the limits by address are wide and the lock-out
# is by name: after five wrong passwords in a quarter of an hour even the right one is refused.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "60/m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.proxies
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Fadu 法度"

# The rate limits must hold over all server processes and machines, so they live in the database: LocMem counts per
# process, and the file cache's add() is not atomic, which allauth's lock relies on. Sign-in is rare enough for it.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "fadu_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# ---- files sent here: too long a one is cut off before it is kept
FILE_UPLOAD_HANDLERS = [
    "fadu.config.uploads.CutOff",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ---- background jobs: asked for in the transaction they belong to, done by `fadu work`
TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ---- transport and cookies: https everywhere but on this machine
SESSION_COOKIE_NAME = "fadu_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not environment.local
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "fadu.desk.drafts.too_late"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.proxies else None
SECURE_HSTS_SECONDS = 0 if environment.local else 365 * 24 * 60 * 60
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# ---- letters and logs
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if environment.mail else 'console'}.EmailBackend"
if environment.mail:
    EMAIL_HOST, EMAIL_PORT = environment.mail.host, environment.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = environment.mail.user, environment.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = environment.mail.scheme == "smtp", environment.mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
    DEFAULT_FROM_EMAIL = environment.mail.sender
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A stranger's wrong Host header is the network's noise, answered with 400.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
