"""Every setting of the portal, each read from the environment once and here only.

`.env.example` explains each variable; a test compares the two. Nothing has a default that is unsafe
in production: without SECRET_KEY, DATABASE_URL or REDIS_URL the process does not start.
"""

from datetime import time
from pathlib import Path
from typing import Any

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from onestop.administration import ADMINISTRATOR_RIGHTS as ADMINISTRATOR_RIGHTS
from onestop.variables import Variables, broker, database

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Variables()
# Where a demo keeps its data and what it tells others (demo.json, demo-users.json).
VAR_DIR = Path(env.str("ONESTOP_VAR_DIR", default=str(BASE_DIR / "var")))

# ---- mode ----------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("ONESTOP_TESTING", default=False)
DEMO = env.bool("ONESTOP_DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ONESTOP_PUBLIC_URL = env.str("ONESTOP_PUBLIC_URL", default="http://localhost:8000").rstrip("/")

# ---- applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "onestop.apps.OnestopConfig",
    "onestop.apps.OnestopAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "csp",
    "axes",
    "django_structlog",
    "common",
    "offices",
    "citizens",
    "cases",
    "notifications",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "onestop.middleware.BodySizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "onestop.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "onestop.urls"
WSGI_APPLICATION = "onestop.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "onestop" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "onestop.context_processors.portal",
            ],
        },
    },
]

# What an upper app adds to the pages of a lower one: dotted names of functions
# (request, dossier) -> (template, context), rendered in the same response.
DOSSIER_PANELS = ["notifications.panels.dossier_messages"]
LOOKUP_PANELS = ["notifications.panels.lookup_messages"]
SAMPLE_PANELS = ["notifications.panels.first_message"]  # subject: a dossier of a rehearsal
INTAKE_PANELS = ["notifications.panels.who_is_told"]  # subject: cases.panels.Recipient
PROFILE_PANELS = ["notifications.views.officer_link.profile_panel"]  # subject: the officer
# Functions (request) -> [(label, url)] for the navigation at the side of officers' pages.
WORKSPACE_LINKS = ["notifications.views.announcements.workspace_links"]

# What needs attention, on the start page of the administration: dotted names of functions
# () -> list[common.attention.Concern].
ADMIN_ATTENTION = [
    "notifications.attention.zalo_account",
    "notifications.attention.zalo_templates",
    "notifications.attention.nobody_sends",
    "notifications.attention.webhooks",
    "notifications.attention.failed_by_our_fault",
    "cases.attention.events_not_passed_on",
    "cases.attention.procedures_without_version",
    "cases.attention.steps_without_officer",
    "cases.attention.due_dates_not_moved",
    "offices.attention.calendar_years",
    "offices.attention.officers_without_role",
    "offices.attention.few_administrators",
]

# What stands in the way of closing an office or changing a day of the calendar, for the
# administration: dotted names of functions (row) -> list of reasons.
OFFICE_OBLIGATIONS = ["cases.selectors.obligations.work_of_office"]
CALENDAR_OBLIGATIONS = ["cases.selectors.obligations.dossiers_counted_by"]

# ---- databases and broker ------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
if not DATABASE_URL:
    raise ImproperlyConfigured("DATABASE_URL is not set (see .env.example).")
DATABASES: dict[str, dict[str, Any]] = {"default": database(DATABASE_URL)}
# One lasting connection per thread, tried before each request: a restart of the database costs a
# new connection. psycopg's pool waits 1, 2, 4, … s between the dead connections it finds.
DATABASES["default"].update({"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True})

REDIS_URL = env.str("REDIS_URL", default="")
if not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is not set (see .env.example).")
broker(REDIS_URL)


def _broker_url(redis_url: str) -> str:
    """Celery's spelling of the one REDIS_URL (a socket path needs another scheme there)."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        number = query.removeprefix("db=") or "0"
        return f"redis+socket://{path}?virtual_host={number}"
    return redis_url


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "onestop",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
    }
}

# ---- Celery: a doorbell, never the queue of record (docs/architecture.md) ------------------------
CELERY_BROKER_URL = _broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_POOL_LIMIT = env("CELERY_BROKER_POOL_LIMIT", cast=int, default=0) or None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "health_check_interval": 25,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 20_000
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_TASK_TIME_LIMIT = 50
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
QUEUES = ("emergency", "personal", "bulk", "webhooks", "periodic", "default")
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in QUEUES}
CELERY_TASK_ROUTES = {
    "notifications.tasks.nudge": {"queue": "personal"},
    "notifications.tasks.sweep": {"queue": "periodic"},
    "notifications.tasks.process_webhooks": {"queue": "webhooks"},
}
# Seconds between two runs; each task takes an advisory lock and may run twice.
CELERY_BEAT_SCHEDULE = {
    "sweep-deliveries": {
        "task": "notifications.tasks.sweep",
        "schedule": 15.0,
        "options": {"queue": "periodic", "expires": 15},
    },
    "process-webhooks": {
        "task": "notifications.tasks.process_webhooks",
        "schedule": 5.0,
        "options": {"queue": "webhooks", "expires": 5},
    },
}

# ---- people and sessions -------------------------------------------------------------------------
AUTH_USER_MODEL = "offices.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "workspace"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "offices.views.locked_out"
AXES_USERNAME_CALLABLE = "offices.views.attempted_account"
# Behind a proxy all come from its address: one visitor could lock every officer out.
AXES_CLIENT_IP_CALLABLE = "common.limits.client_address"
AXES_ENABLED = not TESTING
AXES_VERBOSE = False  # it would greet in the log of every command
AXES_ENABLE_ADMIN = False

SECURE_COOKIES = env.bool("SECURE_COOKIES", default=not (DEBUG or DEMO or TESTING))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
# The proxy that ends TLS redirects (W008); other hosts of the domain are not ours (W005, W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CSRF_FAILURE_VIEW = "onestop.views.session_over"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# How many proxies in front may be believed when the visitor's address is read for limits.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# ---- keys of personal data -----------------------------------------------------------------------
# First key encrypts, all keys decrypt; the search key is separate (an HMAC for exact search).
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS")
FIELD_SEARCH_KEY = env.str("FIELD_SEARCH_KEY")

# ---- language, time, static files ----------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["onestop.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "onestop" / "static"]
_STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or TESTING
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_BACKEND},
}

# ---- business rules ------------------------------------------------------------------------------
PROVINCE_CODE = env.str("PROVINCE_CODE", default="H20")
HOTLINE = env.str("HOTLINE", default="0277 3898989")
# Added to the real time; the launcher sets it for every process of a demo (design of one clock).
ONESTOP_CLOCK_OFFSET_S = env.int("ONESTOP_CLOCK_OFFSET_S", default=0)
if ONESTOP_CLOCK_OFFSET_S and not (DEMO or TESTING):
    raise ImproperlyConfigured("ONESTOP_CLOCK_OFFSET_S is allowed in the demo and in tests only.")
CUTOFF = time(15, 0)  # Decree 309/2026, article 9
ONESTOP_CUTOFF_SHIFTS_ALL = env.bool("ONESTOP_CUTOFF_SHIFTS_ALL", default=False)
CANCEL_WITHIN_S = 300
# First values of the administration's page Settings, which rules from then on.
SUPPLEMENT_WORKING_DAYS = 15
LOOKUP_LIMITS = {"code": 10, "address": 30, "all": 600}
LOOKUP_WINDOW_S = 900

# ---- Zalo ----------------------------------------------------------------------------------------
ZALO_APP_ID = env.str("ZALO_APP_ID", default="")
ZALO_APP_SECRET = env.str("ZALO_APP_SECRET", default="")
ZALO_OA_ID = env.str("ZALO_OA_ID", default="")
ZALO_OA_SECRET_KEY = env.str("ZALO_OA_SECRET_KEY", default="")
ZALO_OA_SECRET_KEY_PREVIOUS = env.str("ZALO_OA_SECRET_KEY_PREVIOUS", default="")
ZALO_OAUTH_BASE_URL = env.str("ZALO_OAUTH_BASE_URL", default="https://oauth.zaloapp.com")
ZALO_OPENAPI_BASE_URL = env.str("ZALO_OPENAPI_BASE_URL", default="https://openapi.zalo.me")
ZALO_BUSINESS_BASE_URL = env.str(
    "ZALO_BUSINESS_BASE_URL", default="https://business.openapi.zalo.me"
)
ZALO_REAL_HOSTS = ("zaloapp.com", "zalo.me")
# Shrinks every duration of the notification engine; for tests only.
NOTIFY_TIME_SCALE = env.float("NOTIFY_TIME_SCALE", default=1.0)
# A folder by which the fault tests stop a sender at a named place; for tests only.
NOTIFY_KILL_POINTS = env.str("NOTIFY_KILL_POINTS", default="")
if (NOTIFY_TIME_SCALE != 1.0 or NOTIFY_KILL_POINTS) and not TESTING:
    raise ImproperlyConfigured("NOTIFY_TIME_SCALE and NOTIFY_KILL_POINTS are for tests only.")

# ---- REST API ------------------------------------------------------------------------------------
# Of one token: stops a program that runs wild, none that works.
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", default=6000)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["offices.authentication.ApiTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": _("API of the one-stop portal of Đồng Tháp"),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": _(
        "Dossiers, procedures and the public look-up. Text is Unicode NFC, instants are ISO 8601 "
        "with +07:00, errors are application/problem+json in the language of Accept-Language."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "PREPROCESSING_HOOKS": ["cases.api.schema.one_call_per_action"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cases.api.schema.with_problem",
    ],
    "ENUM_NAME_OVERRIDES": {"ResultChannelEnum": "cases.workflow.ResultChannel"},
    "COMPONENT_SPLIT_REQUEST": True,
}

# ---- logs: JSON lines without personal data ------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR"):
    raise ImproperlyConfigured("LOG_LEVEL is none of DEBUG, INFO, WARNING and ERROR.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "onestop.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # At each start of each command it says that it cannot draw pictures; only its SVG is used.
    "loggers": {"pyBarcode": {"level": "WARNING"}},
}
