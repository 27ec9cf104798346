"""Django's settings, one flat file; every value that differs between places comes from ``conf``."""

import warnings
from datetime import timedelta
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from kombu import Queue

from reviewengine import conf
from reviewengine.embedded import urls as embedded

CONFIG = conf.load()
BASE_DIR = conf.BASE_DIR

SECRET_KEY = CONFIG.secret_key
DEBUG = CONFIG.debug
ALLOWED_HOSTS = CONFIG.allowed_hosts
CSRF_TRUSTED_ORIGINS = CONFIG.trusted_origins

INSTALLED_APPS = [
    "reviewengine.apps.ReviewEngineConfig",
    "reviewengine.apps.ReviewEngineAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_celery_beat",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "axes",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "reviewengine.backups",
    "moderation",
    "dashboard",
]
MIDDLEWARE = [
    "reviewengine.middleware.RequestMetricsMiddleware",
    "reviewengine.middleware.RequestIdMiddleware",
    "reviewengine.middleware.MachineGZipMiddleware",
    "reviewengine.middleware.MachineCacheMiddleware",
    "moderation.api.throttling.KeyHeadersMiddleware",
    "moderation.api.addresses.ForwardedSchemeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reviewengine.middleware.ConsoleCSPMiddleware",
    "reviewengine.middleware.ConsoleSessionMiddleware",
    "reviewengine.languages.ConsoleLanguageMiddleware",
    "reviewengine.middleware.HostMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "reviewengine.middleware.ConsoleAuthenticationMiddleware",
    "reviewengine.middleware.ConsoleMessageMiddleware",
    "reviewengine.access.gate.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "moderation.api.counting.UsageMiddleware",
]
ROOT_URLCONF = "reviewengine.urls"
WSGI_APPLICATION = "reviewengine.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            # Every {% load i18n %}, the admin's own templates included, gets tags that remember fixed words.
            "libraries": {"i18n": "reviewengine.templatetags.remembered_words"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# The name i18n is taken twice, as meant: see "libraries" above.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

# PostgreSQL holds the truth; without DATABASE_URL it is the one that `make run` embeds.
_database = dj_database_url.parse(CONFIG.database_url or embedded.database_url(CONFIG.home))
DATABASES: dict[str, Any] = {
    "default": {
        **_database,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A host that swallows packets must not hold a thread for minutes.
        "OPTIONS": {"connect_timeout": 5, **_database.get("OPTIONS", {})},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Valkey or Redis carries wake-ups, cache and rate limits only; it may be flushed at any moment.
REDIS_URL = CONFIG.redis_url or embedded.redis_url(CONFIG.home)
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 2},
        "KEY_PREFIX": "reviewengine",
    }
}

# Celery: drains are woken on `moderation_queue`; what waits for the network or the disk has its own worker.
# Celery has words of its own for a socket and for the number of a database.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "maintenance"
CELERY_TASK_QUEUES = [Queue("moderation_queue"), Queue("webhooks"), Queue("maintenance")]
CELERY_TASK_TIME_LIMIT = CONFIG.pipeline.task_time_limit_seconds
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_keepalive": True}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_RESULT_EXPIRES = None  # there are no results: beat needs no job to remove them
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["moderation.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["moderation.api.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["moderation.api.renderers.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["moderation.api.throttling.KeyRateLimit"],
    "DEFAULT_SCHEMA_CLASS": "moderation.api.schema.PlatformSchema",
    "EXCEPTION_HANDLER": "moderation.api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Review Engine",
    "DESCRIPTION": "Self-hosted content moderation: send what your users write, and hear what was decided, and why.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": "/", "description": "Where this description was read"}],
    "DEFAULT_GENERATOR_CLASS": "moderation.api.schema.Generator",
    "POSTPROCESSING_HOOKS": ["moderation.api.schema_components.add_shared"],
    "COMPONENT_SPLIT_PATCH": False,
    "SCHEMA_PATH_PREFIX": "/",
    "SERVE_INCLUDE_SCHEMA": False,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIG.api.max_bulk_body_bytes

# People sign in to the console only.
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # where the address after signing in is none of ours
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The first in line refuses who has guessed too often, before a password is looked at.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend"]
if CONFIG.access.password_sign_in:
    AUTHENTICATION_BACKENDS.append("django.contrib.auth.backends.ModelBackend")
if CONFIG.access.oidc.issuer:
    AUTHENTICATION_BACKENDS.append("reviewengine.access.oidc.ProviderBackend")
SESSION_COOKIE_AGE = CONFIG.access.session_hours * 3600
SESSION_COOKIE_SAMESITE = "Lax"
OTP_TOTP_ISSUER = "Review Engine"

# Failures are counted by name and address together: nobody can lock somebody else out from afar.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = CONFIG.access.lockout_failures
AXES_COOLOFF_TIME = timedelta(minutes=CONFIG.access.lockout_minutes)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "reviewengine.access.lockout.address_of"
AXES_USERNAME_CALLABLE = "reviewengine.access.lockout.name_of"
AXES_LOCKOUT_CALLABLE = "reviewengine.access.lockout.locked_page"
AXES_SENSITIVE_PARAMETERS = ["username", "password", "next", "code", "csrfmiddlewaretoken"]
# The audit trail is the record; axes keeps what it needs to count.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# The console shows hostile content: nothing inline, nothing from elsewhere, no eval.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
REVIEWENGINE_PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = CONFIG.behind_tls
SECURE_REDIRECT_EXEMPT = [r"^(health|healthz|livez|readyz|metrics)(/|$)"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.behind_tls else None
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.behind_tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = CONFIG.behind_tls

LANGUAGE_CODE = "en"
# Each in its own words: who looks for a language cannot read the one that is shown.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "reviewengine_language"
LOCALE_PATHS = [BASE_DIR / "reviewengine" / "locale"]
FORMAT_MODULE_PATH = "reviewengine.formats"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = CONFIG.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "media": CONFIG.images.storage.as_django(CONFIG.home),
}
WHITENOISE_USE_FINDERS = True
# Files come from the apps themselves until somebody runs collectstatic; that the folder is missing is no news.
warnings.filterwarnings("ignore", message="No directory at")

PROMETHEUS_EXPORT_MIGRATIONS = False
LOGGING_CONFIG = "reviewengine.logs.configure"
LOGGING = CONFIG.logging.model_dump()
REVIEWENGINE_LOG_REQUESTS = CONFIG.logging.requests

# What `make run` calls, in order, after the migrations: at every start, and once on a fresh data folder.
REVIEWENGINE_START_COMMANDS = ["schedule_load"]
REVIEWENGINE_FIRST_RUN_COMMANDS = ["demo_seed"]
