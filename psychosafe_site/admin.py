"""Django's admin behind the Studio's own door: administrators who came in with a second factor.

It has no sign-in form, so allauth's rate limits and factors cannot be walked around. Curators and
raters work in the app: nothing that they wrote or rated is here.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, cast

from allauth.core.internal.httpkit import add_query_params
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _

import accounts.admin
import corpus.admin
import generation.admin
import judging.admin
from accounts import factors
from accounts.models import AuditEvent, User
from accounts.roles import Role

N_EVENTS = 12


class Administration(AdminSite):
    """The whole of it."""

    site_title = _("PsychoSafe Studio")
    site_header = _("PsychoSafe Studio: administration")
    index_title = _("Administration")
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """An administrator, with a second factor, which this session has used. Two queries."""
        user = request.user
        return (
            isinstance(user, User)
            and user.is_active
            and Role.ADMINISTRATOR in user.roles
            and factors.was_used(request, user)
        )

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                return cast(HttpResponseBase, inner(request, *args, **kwargs))
            return self.way_in(request)

        return update_wrapper(guarded, view)

    def way_in(self, request: HttpRequest) -> HttpResponse:
        """What is still missing: the sign-in, the factor, or its use. Others are told no."""
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if Role.ADMINISTRATOR not in user.roles or not user.is_active:
            raise PermissionDenied
        if factors.has_one(user):
            here = {"next": request.get_full_path()}
            return redirect(add_query_params(factors.place_to_confirm(user), here))
        messages.warning(
            request,
            _(
                "The administration needs a second factor. Set one up here, "
                "then open the administration again."
            ),
        )
        return redirect("mfa_index")

    def get_urls(self) -> list[Any]:
        """No sign-in, sign-out or password form: the Studio has those."""
        labels = sorted({model._meta.app_label for model in self._registry})
        return [
            path("", self.admin_view(self.index), name="index"),
            path("jsi18n/", self.admin_view(self.i18n_javascript), name="jsi18n"),
            *(
                path(f"{model._meta.app_label}/{model._meta.model_name}/", include(rows.urls))
                for model, rows in self._registry.items()
            ),
            re_path(
                rf"^(?P<app_label>{'|'.join(labels)})/$",
                self.admin_view(self.app_index),
                name="app_list",
            ),
        ]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        events = AuditEvent.objects.select_related("by")[:N_EVENTS]
        return super().index(request, {**(extra_context or {}), "events": events})


site = Administration(name="admin")
for app in (accounts.admin, corpus.admin, generation.admin, judging.admin):
    for model, rows in app.ADMINS.items():
        site.register(model, rows)
