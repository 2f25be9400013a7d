"""App configuration."""

from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    """See the package's docstring."""

    name = "annotation"
    verbose_name = "Annotation"

    def ready(self) -> None:
        from annotation import purging

        purging.register()
