"""All settings, from the environment. What is unsafe in production refuses to start."""

import os
import socket
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from psychosafe_site import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "data")

DEBUG = env.flag("DEBUG")
# DEMO serves one machine: sign-in links are printed, cookies work over plain HTTP on loopback.
DEMO = env.flag("DEMO")
LOCAL = DEBUG or DEMO
SECRET_KEY = env.secret_key(data_dir=DATA_DIR, safe_to_make=LOCAL)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
if "*" in ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured("ALLOWED_HOSTS=* is refused. Name the hosts that people type.")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "psychosafe_site",
    "accounts",
    "crisis",
    "corpus",
    "generation",
    "annotation",
    "judging",
    "exports",
    "training",
    # Its pages are registered by hand: psychosafe_site/admin.py.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's page of passkeys says times with it
    "template_partials",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gate.middleware.TextGate",
    "psychosafe_site.middleware.PrivatePages",
]

ROOT_URLCONF = "psychosafe_site.urls"
WSGI_APPLICATION = "psychosafe_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "psychosafe_site.navigation.navigation",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'studio.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Our own token replaces knox's; its table would stay empty and keep PostgreSQL from flushing.
MIGRATION_MODULES = {"knox": None}

# People
# Unique by lower-cased e-mail, a constraint that the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an accepted invitation has proved the address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
INVITATION_DAYS = 7

# Browser
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_NAME = "studio_session" if LOCAL else "__Host-studio_session"
CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "studio_csrf" if LOCAL else "__Host-studio_csrf"
SECURE_SSL_REDIRECT = not LOCAL and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MAX_IMPORT_BYTES = 200_000_000
IMPORT_DAYS = 7  # how long a file waits for its person

# Counters of allauth's rate limits live here: shared by all processes when Redis is there.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
    }
    if os.environ.get("REDIS_URL")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Parts of pages that are the same for everybody: of this process, no way over a network.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
    },
}
# Who a rater or author can talk to: a name, a room, a number. Shown on the support page.
SUPPORT_CONTACT = os.environ.get("SUPPORT_CONTACT", "")

# Languages, time, files
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("da", "Dansk"), ("de", "Deutsch"), ("it", "Italiano")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "psychosafe_site.formats"  # numbers read alike in every language
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not LOCAL
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A template that more than so many percent of a release's responses share hinders it.
RELEASE_FAMILY_PERCENT = env.number("RELEASE_FAMILY_PERCENT", 10)
EXPORT_DIR = env.folder("EXPORT_DIR", DATA_DIR / "exports")
IMPORT_DIR = env.folder("IMPORT_DIR", DATA_DIR / "imports")
LOG_DIR = env.folder("LOG_DIR", DATA_DIR / "logs")
# Tasks of one's own for the harness, a folder each; and what its runs leave.
TASK_DIR = env.folder("TASK_DIR", DATA_DIR / "tasks")
TASK_RUN_DIR = env.folder("TASK_RUN_DIR", DATA_DIR / "task-runs")
# What training runs need and leave: checkpoints, and the adapters that were made.
TRAIN_DIR = env.folder("TRAIN_DIR", DATA_DIR / "training")

# The worker. Without REDIS_URL the broker is a folder: one machine, nothing to install.
REDIS_URL = os.environ.get("REDIS_URL", "")
BROKER_DIR = env.folder("BROKER_DIR", DATA_DIR / "broker")
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 900}
    if REDIS_URL
    else {
        # One folder both ways: what is sent lies where the worker looks.
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(env.folder("BROKER_CONTROL_DIR", BROKER_DIR / "control")),
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "generation.tasks.generate": {"queue": "gpu"},
    "judging.tasks.judge": {"queue": "gpu"},
    "judging.tasks.match": {"queue": "gpu"},
    "training.tasks.run_tasks": {"queue": "gpu"},
    "training.tasks.train": {"queue": "gpu"},
}
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 30)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "judging.tasks.sweep", "schedule": float(SWEEP_SECONDS)},
    "sweep tasks": {"task": "training.tasks.sweep_task_runs", "schedule": float(SWEEP_SECONDS)},
    "sweep training": {"task": "training.tasks.sweep_training", "schedule": float(SWEEP_SECONDS)},
    "sweep imports": {"task": "corpus.tasks.sweep", "schedule": 30.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
LEASE_SECONDS = env.number("LEASE_SECONDS", 120, least=2)
SERVER_FIRST_PORT = env.number("SERVER_FIRST_PORT", 8101, least=1024)
TASK_MINUTES = 5
MAX_ATTEMPTS = 3
REQUESTS_IN_FLIGHT = env.number("REQUESTS_IN_FLIGHT", 64)
VLLM_COMMAND = os.environ.get("VLLM_COMMAND", "vllm serve")
# Of this machine, as servers and their keeper are listed: the same in keeper and worker.
HOST_NAME = os.environ.get("HOST_NAME", "") or socket.gethostname()
SERVING_PYTHON = os.environ.get("SERVING_PYTHON", "")
# Fine-tuning: its Python, what stands between it and the trainer (accelerate's launcher), and how
# many GPUs of a host one run holds.
TRAIN_PYTHON = os.environ.get("TRAIN_PYTHON", "")
TRAIN_LAUNCH = os.environ.get("TRAIN_LAUNCH", "")
TRAIN_GPUS = env.number("TRAIN_GPUS", 1)
HARNESS_PYTHON = os.environ.get("HARNESS_PYTHON", "")
# Model servers on private or loopback addresses: on by default only on one's own machine.
ALLOW_PRIVATE_ENDPOINTS = env.flag("ALLOW_PRIVATE_ENDPOINTS", default=LOCAL)

# REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ScopedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.MayDo"],
    "DEFAULT_PARSER_CLASSES": ["gate.parser.GatedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "gate.parser.CursorPage",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "psychosafe_site.api.explain",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PsychoSafe Studio",
    "DESCRIPTION": "Corpus, runs, ratings, verdicts and releases of a supportive-refusal project.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Several fields are called kind; each keeps a name of its own in the document.
    "ENUM_NAME_OVERRIDES": {
        "EndpointKind": "generation.models.Endpoint.Kind",
        "CriterionKind": "annotation.models.Criterion.Kind",
        "JudgeKind": "judging.models.Judge.Kind",
        "WorkState": "generation.queue.State",
        "ReportKind": "judging.models.Report.Kind",
        "CommentKind": "corpus.models.threads.Kind",
        "ThreadMove": "corpus.models.threads.Move",
        "ReferenceKind": "crisis.entries.Kind",
        "FlagKind": "annotation.models.Flag.Kind",
        "RoomState": "annotation.models.Room.State",
        "TrainingMethod": "training.models.TrainingRun.Method",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": None,
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105  # a model's name
REST_KNOX = {
    "TOKEN_MODEL": "accounts.ApiToken",
    "TOKEN_PREFIX": "pss_",
    "AUTO_REFRESH": False,
}
TOKEN_DAYS = 90

# E-mail and errors
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "studio@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
