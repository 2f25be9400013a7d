"""Some places are read by curators and by raters, who see less of them."""

from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.permissions import MayDo


class MayDoOrRate(MayDo):
    """As `MayDo`; the actions in the place's `open_to_raters` are open to raters as well."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if super().has_permission(request, view):
            return True
        is_open = getattr(view, "action", None) in getattr(view, "open_to_raters", ())
        user = request.user
        return bool(is_open and user.is_authenticated and user.can("assignments.rate"))
