"""Signatures under versions: approved is what as many people signed as its domain asks."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from corpus.models.pairs import Version
from gate.identity import Identified


class Method(models.TextChoices):
    """How the person proved again who they are, when they signed."""

    PASSWORD = "password", _("Password")
    PASSKEY = "passkey", _("Passkey")


class Approval(Identified):
    """One person read exactly this text and put their name to it. Never changed."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="approvals")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="approvals")
    # Of the version when it was signed: the database keeps both apart from the reviewer.
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    last_editor = models.ForeignKey(User, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of everything that was signed
    method = models.CharField(max_length=10, choices=Method.choices)
    reason = models.TextField(blank=True)
    best_before = models.DateField()  # the day on which it lapses
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["signed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                # Who signed and let it lapse may sign again, until a later day.
                fields=["version", "reviewer", "digest", "best_before"],
                name="approval_once_per_reviewer_and_text",
            ),
            models.CheckConstraint(
                condition=~Q(reviewer=F("author")) & ~Q(reviewer=F("last_editor")),
                name="approval_is_by_somebody_else",
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="approval_has_a_digest"),
            models.CheckConstraint(
                condition=Q(method__in=["password", "passkey"]), name="approval_method_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}, {self.signed_at:%Y-%m-%d}"
