"""What looks after raters: how much they saw, when they rest, what they asked not to see.

Nothing here is part of a study's data. What one person asked for or said is read by that person
alone; others see sums over five people or more.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from annotation.models.items import Assignment
from annotation.models.studies import Rater
from corpus.models import Domain
from gate.identity import Identified


class OptOut(models.Model):
    """A domain that a rater does not wish to see now. No reason is asked, nobody else is told."""

    rater = models.ForeignKey(Rater, models.CASCADE, related_name="opt_outs")
    domain = models.ForeignKey(Domain, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rater", "domain"], name="one_opt_out_per_domain")
        ]

    def __str__(self) -> str:
        return "an opt-out"  # says of whom and of what to no log


class Exposure(Identified):
    """An item that a rater had before them: the ledger that caps and breaks are counted from."""

    rater = models.ForeignKey(Rater, models.CASCADE, related_name="exposures")
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="exposure")
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, related_name="+")
    severity = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    # Moves with every draft and submit; long silences are not counted as time at work.
    seen_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["rater", "-began_at", "id"]
        indexes: ClassVar = [models.Index(fields=["rater", "-seen_at"], name="exposure_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=3), name="exposure_severity_in_range"
            )
        ]

    def __str__(self) -> str:
        return f"severity {self.severity}"


class Rest(Identified):
    """A break that was offered to a rater or taken by them. Counting starts anew after it."""

    rater = models.ForeignKey(Rater, models.CASCADE, related_name="rests")
    offered_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["rater", "-offered_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("offered_at")),
                name="rest_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return "a break"


class CheckIn(Identified):
    """How somebody says they are. Optional; theirs to delete; no study knows of it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="check_ins")
    strain = models.PositiveSmallIntegerField()  # 1 not at all … 5 very much
    day = models.DateField()

    class Meta:
        ordering: ClassVar = ["user", "-day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "day"], name="one_check_in_a_day"),
            models.CheckConstraint(
                condition=Q(strain__gte=1, strain__lte=5), name="check_in_strain_in_range"
            ),
        ]

    def __str__(self) -> str:
        return "a check-in"


class CareSetting(models.Model):
    """A limit of care as this site sets it, and who confirmed it. Defaults are in `care`."""

    key = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True)  # of the support page; of a limit nothing
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return f"{self.key}: {self.number}"
