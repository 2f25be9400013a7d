"""Studies, their items, and the assignments by which items are leased to raters."""

from dataclasses import replace
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from annotation.models.rubrics import Rubric
from annotation.sheets import Sheet
from corpus.models import Domain
from gate.identity import Identified
from generation.models import Run


class Rater(Identified):
    """Who rates: a person of the Studio, or somebody whose ratings were made elsewhere."""

    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="rater")
    label = models.CharField(max_length=120)
    origin = models.CharField(max_length=120, blank=True)  # where ratings made elsewhere come from
    is_sample = models.BooleanField(default=False)
    # What the rater can judge; empty means nothing is known, so routing passes them by.
    languages = models.JSONField(default=list)
    countries = models.JSONField(default=list)  # where they are licensed to practise
    domains = models.ManyToManyField(Domain, related_name="+")
    shows_at_once = models.BooleanField(default=False)  # severe items too, without being asked

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


class StudyQuerySet(models.QuerySet["Study"]):
    """Reads that chain."""

    def visible_to(self, user: User) -> "StudyQuerySet":
        """Every study for those who read studies; open ones for raters; nothing for others."""
        if user.can("studies.read"):
            return self
        return self.open() if user.can("assignments.rate") else self.none()

    def open(self) -> "StudyQuerySet":
        return self.filter(state=Study.State.OPEN)

    def opened(self) -> "StudyQuerySet":
        """Rated in the Studio, now or earlier: what a rater's link may lead to."""
        return self.exclude(opened_at=None)


class Study(Identified):
    """A blinded human rating of the answers of one or more runs."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        OPEN = "open", pgettext_lazy("a study", "Open")
        CLOSED = "closed", pgettext_lazy("a study", "Closed")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="studies")
    runs = models.ManyToManyField(Run, through="StudyRun", related_name="studies")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    asks_ratings = models.BooleanField(default=True)  # by the rubric, for each answer
    asks_preference = models.BooleanField(default=True)
    asks_reason = models.BooleanField(default=False)  # of the preference
    k = models.PositiveSmallIntegerField(default=3)  # raters per item
    seed = models.BigIntegerField(default=0)  # of sides and order
    # None: all items are rated by k people. A number: so many are, and the others by one.
    n_shared = models.PositiveIntegerField(null=True)
    n_core = models.PositiveIntegerField(default=0)  # rated by everybody
    repeat_percent = models.PositiveSmallIntegerField(default=0)  # shown again to the same rater
    repeat_after_days = models.PositiveSmallIntegerField(default=3)
    # Share of the practice round's answers that must be right; None: it opens the door to all.
    practice_percent = models.PositiveSmallIntegerField(null=True)
    routes_by_language = models.BooleanField(default=False)
    routes_by_country = models.BooleanField(default=False)
    routes_by_domain = models.BooleanField(default=False)
    hides_names = models.BooleanField(default=False)  # names of models and makers, with a mark
    hides_agreement = models.BooleanField(default=False)  # until the study closes
    asks_guess = models.BooleanField(default=True)  # which arm was which, at the end
    undo_minutes = models.PositiveSmallIntegerField(default=10)
    lease_minutes = models.PositiveSmallIntegerField(default=60)
    # Fixed when the study is made: items are never added or removed afterwards.
    n_items = models.PositiveIntegerField(default=0)
    n_arms = models.PositiveSmallIntegerField(default=0)
    guidelines = models.TextField(blank=True)
    content_note = models.TextField(blank=True)  # what kind of content comes, said before it comes
    is_sample = models.BooleanField(default=False)
    is_imported = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        verbose_name_plural = "studies"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(k__gte=1, k__lte=50), name="study_k_in_range"),
            models.CheckConstraint(
                condition=Q(asks_ratings=True) | Q(asks_preference=True),
                name="study_asks_something",
            ),
            models.CheckConstraint(
                condition=Q(repeat_percent__lte=50), name="study_repeats_half_at_most"
            ),
            models.CheckConstraint(
                condition=Q(practice_percent=None) | Q(practice_percent__lte=100),
                name="study_practice_in_percent",
            ),
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

    @property
    def sheet(self) -> Sheet:
        """What raters are asked: the rubric's criteria, or none where they only choose."""
        whole = self.rubric.sheet
        return whole if self.asks_ratings else replace(whole, criteria=())


class StudyRun(models.Model):
    """A run compared in a study."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="arms")
    run = models.ForeignKey(Run, models.PROTECT, related_name="arms")
    position = models.PositiveSmallIntegerField()
    # How the arm is called when raters guess at the end which was which. Never shown before.
    guess_label = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["study", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "run"], name="run_once_per_study"),
            models.UniqueConstraint(fields=["study", "position"], name="arm_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.study}: {self.run}"
