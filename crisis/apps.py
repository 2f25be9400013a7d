"""App configuration."""

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    """See the package's docstring."""

    name = "crisis"
    verbose_name = "Services"
