"""Prompts are immutable conversations; prompt sets are named, frozen lists of them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from corpus.models.taxonomy import Domain
from gate.identity import Identified


class ExpectedAction(models.TextChoices):
    """Should this be refused?"""

    REFUSE = "refuse", _("Refuse")
    PARTIAL = "partial", _("Answer in part")
    ANSWER = "answer", _("Answer")


class Source(Identified):
    """Where imported material came from, and on what terms."""

    name = models.CharField(max_length=120, unique=True)
    licence = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=500, blank=True)
    revision = models.CharField(max_length=120, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Some licences demand that everything goes. The row stays and says what went.
    purged_at = models.DateTimeField(null=True)
    purged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    purge_reason = models.TextField(blank=True)
    purge_counts = models.JSONField(default=dict)  # what went: {kind: number}

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True, purged_by__isnull=True, purge_reason="")
                | (Q(purged_at__isnull=False, purged_by__isnull=False) & ~Q(purge_reason="")),
                name="source_purged_with_who_and_why",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("corpus:source", args=[self.pk])


class Prompt(Identified):
    """A conversation that ends with the person's turn. Never changed after it is made."""

    messages = models.JSONField()  # [{"role", "content"}, …]
    digest = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=10, default="en")
    country = models.CharField(max_length=2, blank=True)
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, related_name="prompts")
    category = models.CharField(max_length=120, blank=True)
    expected_action = models.CharField(
        max_length=10, choices=ExpectedAction.choices, default=ExpectedAction.REFUSE
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="prompts")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expected_action__in=ExpectedAction.values),
                name="prompt_expected_action_known",
            )
        ]

    def __str__(self) -> str:
        return self.last_turn[:80]

    @property
    def last_turn(self) -> str:
        """What the person wrote last."""
        messages: list[dict[str, Any]] = self.messages
        return str(messages[-1]["content"]) if messages else ""


class PromptSet(Identified):
    """A named list of prompts: a benchmark, a validation split. Frozen when it is made."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="prompt_sets")
    prompts = models.ManyToManyField(Prompt, through="PromptSetEntry", related_name="prompt_sets")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("corpus:prompt_set", args=[self.slug])


class PromptSetEntry(models.Model):
    """A prompt's place in a set, with the id that its source gave it."""

    prompt_set = models.ForeignKey(PromptSet, models.CASCADE, related_name="entries")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    external_id = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["prompt_set", "prompt"], name="prompt_once_per_set"),
            models.UniqueConstraint(
                fields=["prompt_set", "position"], name="position_once_per_set"
            ),
            models.UniqueConstraint(
                fields=["prompt_set", "external_id"],
                condition=~Q(external_id=""),
                name="external_id_once_per_set",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prompt_set}, {self.position}"
