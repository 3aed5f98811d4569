"""The only settings; every secret and switch comes from the environment."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import environ
import pghistory
from celery.schedules import crontab

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# `make services` writes the addresses of the private database and queue here; real variables win over it.
environ.Env.read_env(str(BASE_DIR / ".local" / "env"))

TESTING = "pytest" in sys.modules
DEBUG = env.bool("HELFER_DEBUG", default=False)
HELFER_DEMO = env.bool("HELFER_DEMO", default=False)
HELFER_GALLERY = env.bool("HELFER_GALLERY", default=DEBUG or TESTING)

_DEVELOPMENT_KEY = "development-only-key-never-used-in-a-city-0123456789"
SECRET_KEY = env.str("HELFER_SECRET_KEY", default=_DEVELOPMENT_KEY if DEBUG or HELFER_DEMO or TESTING else "")
# The encrypted fields open with these too, so that a secret key can be changed.
SECRET_KEY_FALLBACKS: list[str] = env.list("HELFER_SECRET_KEY_FALLBACKS", default=[])
SALT_KEY = env.list("HELFER_SALT_KEYS", default=[SECRET_KEY])
ALLOWED_HOSTS = env.list("HELFER_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("HELFER_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("HELFER_SITE_URL", default="http://localhost:8000")

# A new installation's municipality, until its districts name another one: official key and name.
HELFER_MUNICIPALITY = (
    env.str("HELFER_MUNICIPALITY_KEY", default="05913000"),
    env.str("HELFER_MUNICIPALITY_NAME", default="Dortmund"),
)
# Weeks between the regular contacts of a running match; the last one repeats (domain.md, section 2).
HELFER_CHECK_IN_WEEKS: list[int] = env.list("HELFER_CHECK_IN_WEEKS", cast=int, default=[2, 6, 8])
HELFER_CHECK_IN_ESCALATION_DAYS = env.int("HELFER_CHECK_IN_ESCALATION_DAYS", default=14)
# The address of a tile server behind our own host; empty means: no base map (choices.md, "base map").
HELFER_TILE_URL = env.str("HELFER_TILE_URL", default="")
# The address of an own routing engine (Valhalla) for ways on foot; empty means: they are estimated.
HELFER_VALHALLA_URL = env.str("HELFER_VALHALLA_URL", default="")
HELFER_VALHALLA_TIMEOUT_SECONDS = env.float("HELFER_VALHALLA_TIMEOUT_SECONDS", default=1.0)

INSTALLED_APPS = [
    "helfer.core",
    "helfer.places",
    "helfer.people",
    "helfer.notifications",
    "helfer.catalogue",
    "helfer.helpers",
    "helfer.help_requests",
    "helfer.matching",
    "helfer.demo",
    "helfer.web",
    "helfer.api",
    # Its pages and scripts come from here, not from foreign hosts.
    "ninja",
    "cms",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "phonenumber_field",
    "pghistory",
    "pgtrigger",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "helfer.web.sign_in.middleware.LooserContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "helfer.web.reader_language.ReaderLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "helfer.web.sign_in.middleware.SecondFactorMiddleware",
    "helfer.web.acting.ActingMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cms.middleware.ContentRedirectMiddleware",
]

ROOT_URLCONF = "helfer.urls"
WSGI_APPLICATION = "helfer.wsgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "helfer.web.context.page",
                "helfer.web.navigation.navigation",
                "cms.context.words_of_the_site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url(
        "DATABASE_URL",
        default="postgis://helfer@localhost/helfer",
        engine="django.contrib.gis.db.backends.postgis",
    )
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["TEST"] = {"NAME": env.str("HELFER_TEST_DB", default="") or None}
# A streaming replica for shortlists; what is proposed is checked on the primary (helfer/core/replica.py).
if env.str("HELFER_REPLICA_URL", default=""):
    DATABASES["replica"] = env.db_url("HELFER_REPLICA_URL", engine=DATABASES["default"]["ENGINE"])
    _replica_options = DATABASES["replica"].setdefault("OPTIONS", {})
    _replica_options |= {"connect_timeout": 2, "tcp_user_timeout": 5000} | _replica_options
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
HELFER_REPLICA_MAX_LAG_SECONDS = env.float("HELFER_REPLICA_MAX_LAG_SECONDS", default=10.0)
for _database in DATABASES.values():
    if env.bool("HELFER_DB_POOL", default=False):
        _database.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    else:
        _database["CONN_MAX_AGE"] = 0 if TESTING else 60

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")


def _celery_url(url: str) -> str:
    # redis-py says unix://PATH?db=N where Celery's transport says redis+socket://PATH?virtual_host=N.
    if url.startswith("unix://"):
        return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
    return url


CELERY_BROKER_URL = _celery_url(REDIS_URL)
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 3,
    # Who rings tries once; the sweep finds what was not heard (helfer/notifications/doorbell.py).
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
# A worker outlives any outage of the queue.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# What the night makes suggestions for: "city" for all requests together, "office" for each office, or "".
HELFER_CITY_RUN = env.str("HELFER_CITY_RUN", default="city")
# Seconds between two looks into the outbox for what no bell was heard of.
HELFER_SWEEP_SECONDS = env.int("HELFER_SWEEP_SECONDS", default=30)
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "outbox-is-swept": {
        "task": "helfer.notifications.tasks.sweep",
        "schedule": HELFER_SWEEP_SECONDS,
        "options": {"expires": HELFER_SWEEP_SECONDS},
    },
    "sent-lists-are-forgotten": {
        "task": "helfer.web.tasks.forget_sent_lists",
        "schedule": crontab(minute="*/10"),
    },
    "proofs-are-looked-after": {
        "task": "helfer.helpers.tasks.daily",
        "schedule": crontab(hour=5, minute=30),
    },
    "matches-follow-the-day": {
        "task": "helfer.matching.tasks.daily",
        "schedule": crontab(hour=5, minute=0),
    },
    "public-pages-are-looked-after": {"task": "cms.tasks.daily", "schedule": crontab(hour=4, minute=30)},
    # Once a night: what changes in batches tells nobody apart.
    "offers-are-published": {
        "task": "helfer.matching.tasks.publish",
        "schedule": crontab(hour=5, minute=15),
    },
    # After what the day itself changes, and before the offices open.
    "city-runs-are-ready-in-the-morning": {
        "task": "helfer.matching.tasks.nightly_runs",
        "schedule": crontab(hour=6, minute=0),
    },
    "city-runs-are-swept": {
        "task": "helfer.matching.tasks.sweep_runs",
        "schedule": 60,
        "options": {"expires": 60},
    },
}
if TESTING:
    CELERY_BROKER_URL = "memory://"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
if TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Sign-in: neighbours by a code in their mailbox, staff by password and second factor (helfer/web/sign_in).
ACCOUNT_ADAPTER = "helfer.web.sign_in.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Accounts are given by the office, which knows whose address it is.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# The outbox gets a row for every address; the worker finds that nobody is meant.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
MFA_ADAPTER = "helfer.web.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone stands for both factors, so it has to ask for finger, face or PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://localhost")
# How many proxies of ours stand in front (their X-Forwarded-For is believed when attempts are counted).
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("HELFER_TRUSTED_PROXIES", default=0)
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SITE_URL.startswith("https") else 0
if SITE_URL.startswith("https"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"
# Which sites may frame the office finder made for it (cms/office_finder.py), and nothing else; "*": any.
HELFER_EMBEDDING_SITES: list[str] = env.list("HELFER_EMBEDDING_SITES", default=["*"])

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("de-simple", "Leichte Sprache"), ("en", "English")]
LANGUAGES += [("tr", "Türkçe"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "helfer" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_I18N = True
PHONENUMBER_DEFAULT_REGION = "DE"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
_NODE = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    (name, path)
    for name, path in [
        ("vendor/kern", _NODE / "@kern-ux" / "native" / "dist"),
        ("vendor/leaflet", _NODE / "leaflet" / "dist"),
        ("vendor/htmx", _NODE / "htmx.org" / "dist"),
    ]
    if path.is_dir()
]
# While developing and testing, files come from where they are written; nothing has to be collected.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG or TESTING
MEDIA_URL = "/medien/"
MEDIA_ROOT = env.str("HELFER_MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Rows of history are found by the thing they tell of; what else they name needs no index.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Debian 12's GDAL 3.6 has a flaw in parsing geometry text; no geometry text from users is ever parsed here.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

EMAIL_BACKEND = env.str("HELFER_EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
# Only the backend that writes files (the demo's) asks for it.
EMAIL_FILE_PATH = env.str("HELFER_EMAIL_FOLDER", default=str(BASE_DIR / ".local" / "mail"))
EMAIL_HOST = env.str("HELFER_EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("HELFER_EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("HELFER_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("HELFER_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("HELFER_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("HELFER_FROM_EMAIL", default="Helfer <seniorenbuero@helfer.example>")

# Where messages send people who have an account.
HELFER_SIGN_IN_URL = f"{SITE_URL}/anmelden/login/"
# Seconds from one attempt to deliver a message to the next; after the last one its way is given up.
HELFER_MESSAGE_BACKOFF_SECONDS: list[int] = env.list(
    "HELFER_MESSAGE_BACKOFF_SECONDS", cast=int, default=[60, 300, 1800, 7200, 21600, 86400]
)
# A class with the method of `helfer.notifications.delivery.sms.SmsGateway`; empty means: no SMS.
HELFER_SMS_GATEWAY = env.str(
    "HELFER_SMS_GATEWAY",
    default="helfer.notifications.delivery.sms.LogGateway" if DEBUG or HELFER_DEMO else "",
)

WAGTAIL_SITE_NAME = "Helfer"
WAGTAILDOCS_EXTENSIONS = ["pdf", "odt", "docx", "ods", "xlsx", "ics", "mp4", "webm", "vtt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.forms.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "/anmelden/login/"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "german"}
}
