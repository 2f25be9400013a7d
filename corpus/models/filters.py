"""Filters of the corpus that a person gave a name."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import User
from gate.identity import Identified


class SavedFilter(Identified):
    """A name for an address of the list of pairs; shared ones are everybody's to use."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="filter_name_once_per_owner")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('corpus:index')}?{self.query}"
