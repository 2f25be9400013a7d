"""App configuration: the project package holds the commands that span the apps."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Home, the API root, the demo."""

    name = "psychosafe_site"
    verbose_name = "PsychoSafe Studio"
