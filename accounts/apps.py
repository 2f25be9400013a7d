"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and what they may do."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """The OpenAPI document learns how tokens are sent."""
        from accounts import openapi  # noqa: F401  # registers itself when imported
