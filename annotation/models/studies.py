"""Studies, their items, and the assignments by which items are leased to raters."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from annotation.models.rubrics import Rubric
from corpus.models import Prompt
from gate.identity import Identified, new_id
from generation.models import Completion, Run


class Rater(Identified):
    """Who rates: a person of the Studio, or somebody whose ratings were made elsewhere."""

    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="rater")
    label = models.CharField(max_length=120)
    origin = models.CharField(max_length=120, blank=True)  # where ratings made elsewhere come from
    is_sample = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["label", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(origin=""), name="rater_is_somebody"
            ),
            models.UniqueConstraint(
                fields=["origin", "label"], condition=Q(user=None), name="rater_once_per_origin"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Study(Identified):
    """A blinded human rating of the answers of one or more runs."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="studies")
    runs = models.ManyToManyField(Run, through="StudyRun", related_name="studies")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    asks_preference = models.BooleanField(default=True)
    k = models.PositiveSmallIntegerField(default=3)  # raters per item
    seed = models.BigIntegerField(default=0)  # of sides and order
    lease_minutes = models.PositiveSmallIntegerField(default=60)
    guidelines = models.TextField(blank=True)
    content_note = models.TextField(blank=True)  # what kind of content comes, said before it comes
    is_sample = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        verbose_name_plural = "studies"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(k__gte=1, k__lte=50), name="study_k_in_range"),
            models.CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True, closed_at__isnull=True)
                | Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="study_state_has_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("judging:study", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class StudyRun(models.Model):
    """A run compared in a study."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="arms")
    run = models.ForeignKey(Run, models.PROTECT, related_name="arms")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["study", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "run"], name="run_once_per_study"),
            models.UniqueConstraint(fields=["study", "position"], name="arm_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.study}: {self.run}"


class Item(Identified):
    """What one screen shows: a prompt with an answer of each run."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="items")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="items")
    replicate = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField()  # a seeded shuffle, fixed when the study opens
    # The quota itself: places that nobody holds. Taken and given back by conditional updates only.
    places_left = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["study", "position"]
        indexes: ClassVar = [
            # "The next item with a free place": a partial index keeps it one short walk.
            models.Index(
                fields=["study", "position"], condition=Q(places_left__gt=0), name="item_free"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "prompt", "replicate"], name="item_once_per_study"
            ),
            models.UniqueConstraint(fields=["study", "position"], name="item_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.study}, item {self.position}"


class ItemAnswer(models.Model):
    """A completion shown on an item; `position` is the arm's, never what a rater sees."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="answers")
    completion = models.ForeignKey(Completion, models.PROTECT, related_name="item_answers")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["item", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "position"], name="answer_position_once"),
            models.UniqueConstraint(fields=["item", "completion"], name="completion_once_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item}, answer {self.position}"


class Assignment(Identified):
    """An item leased to a rater, and what became of it."""

    class State(models.TextChoices):
        LEASED = "leased", "Being rated"
        SUBMITTED = "submitted", "Rated"
        SKIPPED = "skipped", "Skipped"
        EXPIRED = "expired", "Came back"

    HOLDS_PLACE: ClassVar = ["leased", "submitted"]

    study = models.ForeignKey(Study, models.CASCADE, related_name="assignments")
    item = models.ForeignKey(Item, models.CASCADE, related_name="assignments")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State.choices, default=State.LEASED)
    # The fencing token: new with every lease, so a late write with an old one changes nothing.
    token = models.CharField(max_length=22, default=new_id)
    lease_expires_at = models.DateTimeField(null=True)
    # Arm positions in the order shown: "1 0" means that slot A shows the second arm.
    shown = models.CharField(max_length=40)
    draft = models.JSONField(null=True)  # what was typed so far, as the form holds it
    draft_saved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # Replays of a submit: the same key with the same body gets the same answer.
    submit_key = models.CharField(max_length=80, blank=True)
    submit_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["study", "-created_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["study", "rater", "state"], name="assignment_by_rater"),
            models.Index(
                fields=["lease_expires_at"], condition=Q(state="leased"), name="assignment_leases"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "rater"], name="item_once_per_rater"),
            models.UniqueConstraint(
                fields=["study", "rater"],
                condition=Q(state="leased"),
                name="one_lease_per_rater_and_study",
            ),
            models.CheckConstraint(
                condition=Q(state="leased", lease_expires_at__isnull=False)
                | (~Q(state="leased") & Q(lease_expires_at__isnull=True)),
                name="leased_assignment_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(finished_at__isnull=False),
                name="submitted_assignment_has_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} for {self.rater}"
