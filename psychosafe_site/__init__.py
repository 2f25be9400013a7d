"""The Django project: settings, addresses, Celery, home and the API root."""

from psychosafe_site.celery import app as celery_app

__all__ = ["celery_app"]
