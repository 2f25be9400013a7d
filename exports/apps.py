"""App configuration."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """See the package's docstring."""

    name = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        from exports import purging

        purging.register()
