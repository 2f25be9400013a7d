"""What administrators find about people: roles, doors, keys, and what was done by whom."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import actions
from accounts.administration import Listing, Reading
from accounts.models import ApiToken, AuditEvent, Invitation, User
from accounts.permissions import person
from accounts.roles import Role


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Whether the person may come in, and what they may do."""

    by: User
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields: ClassVar = ["is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].initial = sorted(self.instance.roles)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.instance.pk == self.by.pk:
            if not said.get("is_active"):
                self.add_error("is_active", _("You cannot lock yourself out."))
            if Role.ADMINISTRATOR not in said.get("roles", ()):
                self.add_error("roles", _("You cannot give up the administration yourself."))
        return said


def _doing(
    request: HttpRequest, people: Iterable[User], do: Callable[..., Any], done: tuple[str, str]
) -> None:
    n = 0
    for each in people:
        try:
            do(by=person(request), user=each)
            n += 1
        except actions.NotPossible as refusal:
            messages.error(request, f"{each}: {refusal}")
    if n:
        messages.success(request, ngettext(*done, n) % {"n": n})


class Users(Reading):
    """People. Made by invitation; never deleted, because their work stands under their names."""

    form = UserForm
    list_display = ("name", "email", "roles_in_words", "is_active", "has_factor", "last_login")
    list_filter = ("is_active", "grants__role", "is_sample")
    search_fields = ("name", "email")
    ordering = ("name", "id")
    details: ClassVar = ("email", "name", "profession", "country", "language", "created_at")
    fields = (*details, "last_login", "has_factor", "is_active", "roles")
    readonly_fields = (*details, "last_login", "has_factor")
    actions = ["reset_factors", "end_sessions", "revoke_tokens"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).can("people.write")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        own = Authenticator.objects.filter(user=OuterRef("pk"))
        factors = own.exclude(type=Authenticator.Type.RECOVERY_CODES)
        return User.objects.prefetch_related("grants").annotate(factor=Exists(factors))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, *args, **kwargs)
        made.by = person(request)
        return made

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by, said = person(request), form.cleaned_data
        stored = User.objects.get(pk=obj.pk)
        if set(said["roles"]) != set(stored.roles):
            actions.set_roles(by=by, user=stored, roles=said["roles"])
        actions.set_active(by=by, user=stored, is_active=said["is_active"])

    @admin.display(boolean=True, description=_("Second factor"))
    def has_factor(self, user: Any) -> bool:
        return bool(user.factor)

    @admin.action(description=_("Take away the second factors (lost phone or key)"))
    def reset_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        done = (
            "%(n)d person signs in without a second factor now, and can set up a new one.",
            "%(n)d people sign in without a second factor now, and can set up a new one.",
        )
        return self._confirmed(request, chosen, actions.reset_factors, done)

    @admin.action(description=_("Sign out everywhere"))
    def end_sessions(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        done = ("%(n)d person is signed out.", "%(n)d people are signed out.")
        return self._confirmed(request, chosen, actions.end_sessions, done)

    @admin.action(description=_("Revoke their API tokens"))
    def revoke_tokens(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        done = (
            "The tokens of %(n)d person are revoked.",
            "The tokens of %(n)d people are revoked.",
        )
        return self._confirmed(request, chosen, actions.revoke_tokens, done)

    def _confirmed(
        self,
        request: HttpRequest,
        chosen: QuerySet[User],
        do: Callable[..., Any],
        done: tuple[str, str],
    ) -> HttpResponse | None:
        """Asks first; the answer comes back with the same people chosen."""
        if "confirmed" in request.POST:
            _doing(request, chosen, do, done)
            return None
        name = request.POST["action"]
        context = {
            **self.admin_site.each_context(request),
            "title": dict(self.get_action_choices(request))[name],
            "opts": self.opts,
            "chosen": chosen,
            "action": name,
        }
        return TemplateResponse(request, "admin/confirm.html", context)


class Invitations(Reading):
    """Ways in. Their secret is kept as a digest, which is shown nowhere."""

    list_display = ("email", "roles", "invited_by", "created_at", "expires_at", "state")
    list_select_related = ("invited_by",)
    search_fields = ("email",)
    fields = ("email", "roles", "invited_by", "created_at", "expires_at", "accepted_at",
              "withdrawn_at")  # fmt: skip
    actions = ["withdraw"]

    @admin.display(description=_("State"))
    def state(self, invitation: Any) -> str:
        if invitation.accepted_at:
            return str(_("accepted"))
        if invitation.withdrawn_at:
            return str(_("withdrawn"))
        return str(_("expired") if invitation.expires_at < timezone.now() else _("open"))

    @admin.action(description=_("Withdraw: the links stop working"))
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        for each in chosen:
            try:
                actions.withdraw_invitation(by=person(request), invitation=each, at=timezone.now())
            except actions.NotPossible as refusal:
                messages.error(request, f"{each}: {refusal}")
            else:
                messages.success(request, _("The invitation of %s is withdrawn.") % each)


class Tokens(Listing):
    """Which programs have a key. A token's key in the database is its digest: no row has a page."""

    list_display = ("name", "user", "scope", "token_key", "created", "expiry")
    list_select_related = ("user",)
    list_filter = ("scope",)
    search_fields = ("name", "user__email", "user__name")
    ordering = ("-created",)


class Factors(Listing):
    """Who has which second factor; never its secret."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = ("type",)
    search_fields = ("user__email", "user__name")
    ordering = ("user__name", "id")


class AuditEvents(Reading):
    """What was done by whom. Append-only: the database refuses anything else."""

    list_display = ("at", "by", "verb", "target", "note")
    list_select_related = ("by",)
    search_fields = ("verb", "target", "note", "by__email", "by__name")
    date_hierarchy = "at"
    ordering = ("-at", "id")
    fields = ("at", "by", "verb", "target", "note")


ADMINS = {
    User: Users,
    Invitation: Invitations,
    ApiToken: Tokens,
    Authenticator: Factors,
    AuditEvent: AuditEvents,
}
