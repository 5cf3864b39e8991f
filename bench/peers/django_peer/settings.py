"""The settings: what a service of JSON without pages and people needs."""

import os

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-the-bench")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "bench.peers.django_peer.urls"
WSGI_APPLICATION = "bench.peers.django_peer.wsgi.application"
INSTALLED_APPS = ["rest_framework"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
USE_TZ = True
TIME_ZONE = "UTC"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["BENCH_DATABASE_HOST"],
        "NAME": os.environ["BENCH_DATABASE_NAME"],
        "USER": os.environ["BENCH_DATABASE_USER"],
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
    }
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
