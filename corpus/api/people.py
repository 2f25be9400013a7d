"""REST: who asks. Behind every place that states a permission, somebody is signed in."""

from typing import cast

from rest_framework.request import Request

from accounts.models import User


def person(request: Request) -> User:
    return cast(User, request.user)
