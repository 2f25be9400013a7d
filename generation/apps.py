"""App configuration."""

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    """See the package's docstring."""

    name = "generation"
    verbose_name = "Generation"

    def ready(self) -> None:
        from generation import purging

        purging.register()
