"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and what they may do."""

    name = "accounts"
    verbose_name = "Accounts"
