"""App configuration."""

from django.apps import AppConfig


class CorpusConfig(AppConfig):
    """See the package's docstring."""

    name = "corpus"
    verbose_name = "Corpus"
