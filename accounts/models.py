"""Users, roles, invitations, API tokens and the audit trail."""

import hashlib
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from knox.models import AbstractAuthToken

from accounts.roles import Role, permissions_of
from gate.identity import Identified


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(Identified, AbstractBaseUser):  # type: ignore[django-manager-missing]  # of tokens
    """A person. Signs in by e-mail; what they may do comes from their roles."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    profession = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held. One query, then kept for the life of this object."""
        return frozenset(Role(grant.role) for grant in self.grants.all())

    @property
    def roles_in_words(self) -> str:
        """The roles by name, in the order of the work."""
        return ", ".join(str(role.label) for role in Role if role in self.roles)

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Everything the roles allow."""
        return permissions_of(self.roles) if self.is_active else frozenset()

    def can(self, permission: str) -> bool:
        """Whether any role allows `permission` ("pairs.review")."""
        return permission in self.permissions

    # Django's own permission questions: nothing in the Studio uses them, nothing may pass by them.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Grant(models.Model):
    """A role held by a user."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role"], name="role_granted_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads that chain."""

    def usable(self, *, token: str, at: datetime) -> "Invitation | None":
        """The invitation behind `token` if it can still be accepted."""
        return self.filter(
            token_digest=token_digest(token),
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=at,
        ).first()


def token_digest(token: str) -> str:
    """What is kept of a secret that travels in a link."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(Identified):
    """A single-use way in for one e-mail address. Only the token's digest is kept."""

    email = models.EmailField(max_length=254)
    roles = models.CharField(max_length=120)  # comma-separated, copied into grants on acceptance
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="invitations_sent")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return self.email


class ApiToken(AbstractAuthToken):
    """A scoped, expiring REST token. Knox keeps its SHA-512 digest only."""

    name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["-created", "digest"]

    def __str__(self) -> str:
        return f"{self.name or self.scope} ({self.token_key}…)"


class AuditEvent(Identified):
    """What was done by whom: append-only."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [models.Index(fields=["target", "at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.target}"
