"""REST sign-in by token: the scope narrows what the owner's roles allow, and never widens it."""

from typing import Any

from knox.auth import TokenAuthentication

from accounts.models import ApiToken, User
from accounts.roles import SCOPES


class ScopedTokenAuthentication(TokenAuthentication):
    """`Authorization: Token pss_…`."""

    def validate_user(self, auth_token: Any) -> tuple[User, ApiToken]:
        user, token = super().validate_user(auth_token)
        user.permissions = user.permissions & SCOPES.get(token.scope, frozenset())
        return user, token
