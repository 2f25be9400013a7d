"""App configuration."""

from django.apps import AppConfig


class JudgingConfig(AppConfig):
    """See the package's docstring."""

    name = "judging"
    verbose_name = "Judging"

    def ready(self) -> None:
        from judging import purging

        purging.register()
