"""Where people talk about items: flags with their threads, and calibration rooms."""

from typing import ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from annotation.models.items import Assignment, Item
from annotation.models.rubrics import Criterion
from annotation.models.studies import Rater, Study
from gate.identity import Identified
from generation.models import Completion


class FlagQuerySet(models.QuerySet["Flag"]):
    """Reads that chain."""

    def waiting(self) -> "FlagQuerySet":
        return self.filter(resolved_at=None)

    def settled(self) -> "FlagQuerySet":
        return self.filter(resolved_at__isnull=False)

    def of(self, user: User) -> "FlagQuerySet":
        """A rater's own; those of others do not exist for them."""
        return self.filter(rater__user=user)

    def answered(self) -> "FlagQuerySet":
        """The last word is a curator's."""
        last = FlagNote.objects.filter(flag=OuterRef("pk")).order_by("-created_at", "-id")
        return (
            self.alias(last_author=Subquery(last.values("author")[:1]))
            .filter(last_author__isnull=False)
            .exclude(last_author=F("rater__user"))
        )


class Flag(Identified):
    """A rater's note to the curator about an item, and what became of it."""

    class Kind(models.TextChoices):
        UNCLEAR = "unclear", _("The question is unclear")
        BROKEN = "broken", _("Something is broken or cut off")
        NAMES_ITSELF = "names_itself", _("An answer says which model it is")
        PERSONAL = "personal", _("It may be about a real person")
        WARNING = "warning", _("The warning before it was wrong")
        OTHER = "other", _("Something else")

    study = models.ForeignKey(Study, models.CASCADE, related_name="flags")
    item = models.ForeignKey(Item, models.CASCADE, related_name="flags")
    assignment = models.ForeignKey(Assignment, models.CASCADE, null=True, related_name="flags")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["study", "-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="flag_resolved_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class FlagNote(Identified):
    """A message in a flag's thread."""

    flag = models.ForeignKey(Flag, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["flag", "created_at", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class Room(Identified):
    """A calibration room: all vote blind, the votes are shown, all talk, all vote again.

    Its votes are no ratings: the study's agreement is that of people who had not talked.
    """

    class State(models.TextChoices):
        VOTING = "voting", _("First vote")
        TALKING = "talking", _("Votes shown")
        AGAIN = "again", _("Second vote")
        CLOSED = "closed", pgettext_lazy("a room", "Closed")

    study = models.ForeignKey(Study, models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.VOTING)
    raters = models.ManyToManyField(Rater, related_name="rooms")
    items = models.ManyToManyField(Item, related_name="rooms")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["study", "-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["voting", "talking", "again", "closed"]),
                name="room_state_known",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RoomVote(Identified):
    """A vote in a room: round 1 before the talk, round 2 after it."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="votes")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="room_votes")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    value = models.SmallIntegerField(null=True)  # None: cannot judge
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["room", "round", "created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room", "rater", "completion", "criterion", "round"],
                name="one_vote_per_round",
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="vote_round_one_or_two"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class RoomNote(Identified):
    """What somebody said in a room, about an item."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="notes")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["room", "created_at", "id"]

    def __str__(self) -> str:
        return self.text[:80]
