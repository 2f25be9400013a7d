"""App configuration."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """See the package's docstring."""

    name = "training"
    verbose_name = "Training"

    def ready(self) -> None:
        from training import purging

        purging.register()
