"""What a study shows, and the assignments by which items are leased to raters."""

from typing import ClassVar

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.studies import Rater, Study
from annotation.prepared import Blank
from corpus.models import Domain, Prompt
from gate.identity import Identified, new_id
from generation.models import Completion


class ItemQuerySet(models.QuerySet["Item"]):
    """Reads that chain."""

    def free(self) -> "ItemQuerySet":
        """With a place that nobody holds."""
        return self.filter(taken__lt=F("places"))

    def unseen_by(self, rater: Rater | Blank) -> "ItemQuerySet":
        """Never leased to this rater."""
        return self.filter(~Exists(Assignment.objects.filter(item=OuterRef("pk"), rater=rater)))

    def unfinished_by(self, rater: Rater) -> "ItemQuerySet":
        """Neither rated nor skipped by this rater."""
        return self.filter(
            ~Exists(
                Assignment.objects.filter(
                    item=OuterRef("pk"), rater=rater, state__in=Assignment.FINISHED
                )
            )
        )

    def may_come_free(self) -> "ItemQuerySet":
        """Full, but for leases: a place is there again when their raters leave."""
        leased = Assignment.objects.first_time().leased().filter(item=OuterRef("pk")).order_by()
        counted = leased.values("item").annotate(n=Count("pk")).values("n")
        return self.filter(Exists(leased), taken__lt=F("places") + Coalesce(Subquery(counted), 0))


class Item(Identified):
    """What one screen shows: a prompt with an answer of each run."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="items")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="items")
    replicate = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField()  # a seeded shuffle, fixed when the study opens
    # The quota itself. `taken` moves by conditional updates only; `places` may be raised or lowered
    # while the study is open, and may then stand below what is taken: nothing is deleted.
    places = models.PositiveSmallIntegerField(default=1)
    taken = models.PositiveSmallIntegerField(default=0)
    is_core = models.BooleanField(default=False)  # rated by everybody
    is_shared = models.BooleanField(default=True)  # rated by k people; else by one
    # What routing and care go by, as it was when the study was made.
    language = models.CharField(max_length=10, default="en")
    country = models.CharField(max_length=2, blank=True)
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, related_name="+")
    severity = models.PositiveSmallIntegerField(default=1)  # 1 mild, 2 hard, 3 severe

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["study", "position"]
        indexes: ClassVar = [
            # "The next item with a free place": a partial index keeps it one short walk.
            models.Index(
                fields=["study", "position"], condition=Q(taken__lt=F("places")), name="item_free"
            ),
            models.Index(fields=["study", "position"], condition=Q(is_core=True), name="item_core"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["study", "prompt", "replicate"], name="item_once_per_study"
            ),
            models.UniqueConstraint(fields=["study", "position"], name="item_position_once"),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=3), name="item_severity_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study}, item {self.position}"

    @property
    def places_left(self) -> int:
        """Places that nobody holds; none where fewer are wanted than are taken."""
        return max(0, self.places - self.taken)


class Seat(Identified):
    """A rater in a study: where their walk through the items began and how far it has come."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="seats")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="seats")
    begin = models.PositiveIntegerField()
    walked = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField()
    # The practice round: when it was passed, or who let the rater in without.
    practised_at = models.DateTimeField(null=True)
    let_in_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    guessed_at = models.DateTimeField(null=True)  # the guess of the arms at the end was given

    class Meta:
        ordering: ClassVar = ["study", "joined_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "rater"], name="one_seat_per_rater_and_study")
        ]

    def __str__(self) -> str:
        return f"{self.rater} in {self.study}"


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


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Reads that chain."""

    def of(self, user: User) -> "AssignmentQuerySet":
        """Nobody reads, saves, submits or skips the assignment of another."""
        return self.filter(rater__user=user)

    def leased(self) -> "AssignmentQuerySet":
        return self.filter(state=Assignment.State.LEASED)

    def first_time(self) -> "AssignmentQuerySet":
        """Without the repeats: one for each rater and item, each with a place of its own."""
        return self.filter(occasion=1)

    def holding_place(self) -> "AssignmentQuerySet":
        return self.first_time().filter(state__in=Assignment.HOLDS_PLACE)

    def to_repeat(self, rater: Rater | Blank) -> "AssignmentQuerySet":
        """What this rater submitted and will be shown again, now or later."""
        return self.first_time().filter(
            rater=rater, state=Assignment.State.SUBMITTED, repeat_due_at__isnull=False
        )

    def to_work_on(self) -> "AssignmentQuerySet":
        """With all that saving and submitting need. One query."""
        return self.select_related("study__rubric", "rater", "exposure")


class Assignment(Identified):
    """An item leased to a rater, and what became of it."""

    class State(models.TextChoices):
        LEASED = "leased", _("Being rated")
        SUBMITTED = "submitted", _("Rated")
        SKIPPED = "skipped", _("Skipped")
        EXPIRED = "expired", _("Came back")

    HOLDS_PLACE: ClassVar = ["leased", "submitted"]
    FINISHED: ClassVar = ["submitted", "skipped"]

    study = models.ForeignKey(Study, models.CASCADE, related_name="assignments")
    item = models.ForeignKey(Item, models.CASCADE, related_name="assignments")
    rater = models.ForeignKey(Rater, models.PROTECT, related_name="assignments")
    # 1, or 2 where the rater is shown the item again days later with its answers in another order.
    # A second occasion takes no place and its answers are kept apart (`Repeat`).
    occasion = models.PositiveSmallIntegerField(default=1)
    # When this rater may be shown the item again; None: never, or it has been.
    repeat_due_at = models.DateTimeField(null=True)
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

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["study", "-created_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["study", "rater", "state", "finished_at"], name="assignment_by_rater"
            ),
            models.Index(
                fields=["lease_expires_at"], condition=Q(state="leased"), name="assignment_leases"
            ),
            models.Index(
                fields=["study", "rater", "repeat_due_at"],
                condition=Q(repeat_due_at__isnull=False),
                name="assignment_repeats",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "rater", "occasion"], name="item_once_per_rater_and_occasion"
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=[1, 2]), name="assignment_occasion_one_or_two"
            ),
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
