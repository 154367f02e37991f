"""Settings of one deployment: a single county PC or a province, told apart by the environment only."""

from __future__ import annotations

from pathlib import Path

from .env import (
    allowed_hosts,
    chain_alg,
    data_dir,
    debug,
    env,
    one_of,
    password_validators,
    robot_url,
    secret_key,
    secret_key_fallbacks,
    site_url,
    tsa_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_dir(BASE_DIR / "data")

REDIS_URL = env.str("REDIS_URL", default="")
# Without a Redis there is one process group on one machine, and the worker lives inside it.
EMBEDDED = env.bool("EMBEDDED", default=not REDIS_URL)
DEBUG = debug(embedded=EMBEDDED)
SECRET_KEY = secret_key(DATA_DIR, embedded=EMBEDDED)
SECRET_KEY_FALLBACKS = secret_key_fallbacks()
ALLOWED_HOSTS = allowed_hosts()
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not EMBEDDED)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "conduct",
    "people",
    "inspections",
    "findings",
    "accountability",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.SittingMiddleware",
    "people.middleware.RowMiddleware",
    "people.middleware.SignedInMiddleware",
    "people.middleware.FirstRunMiddleware",
    "people.middleware.DoorMiddleware",
    "people.middleware.HeldFormMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "conduct.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "conduct.urls"
WSGI_APPLICATION = "conduct.wsgi.application"
# Table of who may reach which URL; people.middleware reads it by this name so that imports stay downward.
DOORS = "conduct.policy.DOORS"

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
                "people.context.desk",
            ],
            "builtins": ["django.templatetags.static", "conduct.templatetags.office"],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'office.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that reads before it writes must hold the write lock from its start.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA journal_size_limit=67108864;"
        ),
    }
# A connection serves many requests: opening one costs as much as a page's own queries.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backend.Accounts"]
# Two profiles: guidance of today (long, no forced change), or the national scheme (four kinds, ninety days).
PASSWORD_PROFILE = one_of("PASSWORD_PROFILE", "default", "dengbao3")
PASSWORD_DAYS = env.int("PASSWORD_DAYS", default={"dengbao3": 90}.get(PASSWORD_PROFILE, 0))
AUTH_PASSWORD_VALIDATORS = password_validators(PASSWORD_PROFILE)
# off: no codes; offered: who has bound an authenticator is asked; required: nobody works without one.
SECOND_FACTOR = one_of("SECOND_FACTOR", "offered" if EMBEDDED else "required", "off", "offered", "required")
OTP_TOTP_ISSUER = "明察暗访"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "login"

MESSAGE_TAGS = {40: "danger"}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
EVIDENCE_ROOT = Path(env.str("EVIDENCE_ROOT", default=str(DATA_DIR / "evidence")))
FONT_DIR = env.str("FONT_DIR", default="")

# Ten photos of eight megabytes in one visit go through; each file has its own limit in conduct.files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 60
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

SESSION_ENGINE = "people.sessions"
# A sitting ends when left alone so many minutes (administrators sooner), and after so many hours in any case.
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
ADMIN_IDLE_MINUTES = env.int("ADMIN_IDLE_MINUTES", default=15)
SITTING_HOURS = env.int("SITTING_HOURS", default=12)
CSRF_FAILURE_VIEW = "people.views.held.csrf_failed"
BROWSER_COOKIE_NAME = "__Host-browser" if HTTPS else "browser"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SITTING_HOURS * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A browser takes a __Host- cookie only over TLS, for this very host and the whole of it.
SESSION_COOKIE_NAME = "__Host-sitting" if HTTPS else "sitting"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Everything comes from this house; nothing is written into a page, so nothing unsafe is allowed. data: the arrows
# and ticks in the style sheet of Bootstrap.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# The chain over the audit (conduct/chain): by what it is hashed, and where its anchors go; empty means not there.
CHAIN_ALG = chain_alg()
ANCHOR_FILE = env.str("ANCHOR_FILE", default=str(DATA_DIR / "anchors.jsonl"))
ANCHOR_SYSLOG = env.str("ANCHOR_SYSLOG", default="")
ANCHOR_MAIL = env.list("ANCHOR_MAIL", default=[])
ANCHOR_TSA_URL = tsa_url()
ANCHOR_TSA_CA = env.str("ANCHOR_TSA_CA", default="")
vars().update(env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="conduct@localhost")
EMAIL_TIMEOUT = 10

# Messages outside the inbox (conduct/messages): a channel is there when the deployment names it.
MESSAGE_MAIL = bool(env.str("EMAIL_URL", default=""))
WECOM_ROBOT_URL = robot_url("WECOM_ROBOT_URL")
DINGTALK_ROBOT_URL = robot_url("DINGTALK_ROBOT_URL")
SITE_URL = site_url(ALLOWED_HOSTS, https=HTTPS)
INBOX_URL = "people:messages"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

# Celery: the database row is the truth, the broker only the bell (DESIGN §2.6).
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A broker in this process's own memory is asked five times a second: it hands over all it has each time.
CELERY_WORKER_PREFETCH_MULTIPLIER = 0 if EMBEDDED and not REDIS_URL else 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_PUBLISH_RETRY = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.2}
    if EMBEDDED and not REDIS_URL
    else {
        "visibility_timeout": 900,
        "unacked_restore_interval": 2,
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
        "health_check_interval": 5,
    }
)
