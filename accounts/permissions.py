"""One question for pages, REST and commands: may this person do this?"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import User

if TYPE_CHECKING:  # DRF reads this module while it builds APIView
    from rest_framework.views import APIView

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class SignedInRequest(HttpRequest):
    """A request behind `permission_required`: somebody is signed in."""

    user: User


def person(request: HttpRequest | Request) -> User:
    """Who asks. Only behind a permission: a stranger is no person of the Studio."""
    return cast(User, request.user)


def permission_required(permission: str) -> Callable[[Callable[..., HttpResponseBase]], Any]:
    """The page is for people whose roles allow `permission`; others get 403, strangers sign in."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Any:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not cast(User, request.user).can(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        # Read by the test that every page states who may open it.
        guarded.permission = permission  # type: ignore[attr-defined]
        return login_required(guarded)

    return decorate


class MayDo(BasePermission):
    """A REST place states `permissions = {"read": …, "write": …}`; an action may name its own.

    Fails closed: a place or action that states nothing is open to nobody.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        needed = required(request, view)
        return bool(
            needed and request.user and request.user.is_authenticated and request.user.can(needed)
        )


def required(request: Request, view: "APIView") -> str | None:
    """The permission that this call needs."""
    stated: dict[str, str] = getattr(view, "permissions", {})
    action = getattr(view, "action", None)
    if action in stated:
        return stated[action]
    return stated.get("read" if request.method in SAFE_METHODS else "write")
