"""The services that a response names, found when it is submitted, imported or approved."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from corpus.models.pairs import Version
from crisis.models import Resource


class Reference(models.Model):
    """One place of a response that sends the person somewhere. The row it was matched with, or
    none: what that row is worth today is read from the row, so nothing here goes out of date.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="references")
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="references")
    start = models.PositiveIntegerField()  # characters of the response
    end = models.PositiveIntegerField()
    passage = models.CharField(max_length=300)
    # As the finder spells it: by this, a row that is added later finds its texts.
    normal = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(max_length=12)  # crisis.entries.Kind
    serves_country = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["version", "start"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "start"], name="reference_once_per_place"),
            models.CheckConstraint(
                condition=Q(end__gt=models.F("start")), name="reference_has_length"
            ),
        ]

    def __str__(self) -> str:
        return self.passage
