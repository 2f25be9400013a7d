"""Changes of many versions at once: what was done, and what each version was before."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from corpus import bulk
from corpus.models.pairs import Version
from corpus.models.prompts import PromptSet
from gate.identity import Identified

PUT_BACK_WITHIN = timedelta(minutes=10)


class BulkChange(Identified):
    """One order, as it was carried out."""

    by = models.ForeignKey(User, models.PROTECT, related_name="bulk_changes")
    at = models.DateTimeField()
    action = models.CharField(max_length=20)
    # What was set, as people call it.
    value = models.CharField(max_length=200, blank=True)
    # Of the list that it was chosen from: the way back.
    query = models.CharField(max_length=1000, blank=True)
    prompt_set = models.ForeignKey(PromptSet, models.SET_NULL, null=True, related_name="+")
    put_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        indexes: ClassVar = [models.Index(fields=["by", "-at"], name="bulk_change_by")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(action__in=[action.value for action in bulk.Action]),
                name="bulk_action_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order.label}: {self.value}" if self.value else str(self.order.label)

    def get_absolute_url(self) -> str:
        return reverse("corpus:bulk_change", args=[self.pk])

    @property
    def order(self) -> bulk.Action:
        return bulk.Action(self.action)

    def can_be_put_back(self, user: User, at: datetime) -> bool:
        return (
            self.by_id == user.pk
            and self.put_back_at is None
            and self.order in bulk.CAN_BE_PUT_BACK
            and at <= self.at + PUT_BACK_WITHIN
        )


class BulkRow(models.Model):
    """A version of the order: changed, or left because it had changed in between."""

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="rows")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    is_left = models.BooleanField(default=False)
    # By column, what it was; and the state in which the change left it.
    before = models.JSONField(default=dict)
    lock_version = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "version"], name="bulk_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.change_id}, {self.version_id}"
