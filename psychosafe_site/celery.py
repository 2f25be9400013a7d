"""Celery is the bell, never the queue: messages carry ids, the tables hold the work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psychosafe_site.settings")

app = Celery("psychosafe")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
