"""Pairs and their versions. One version carries one decision; what was approved never changes."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from corpus import splitting
from corpus.models.prompts import ExpectedAction, Prompt, Source
from corpus.models.taxonomy import Domain, Strategy
from crisis.models import Resource
from gate.identity import Identified


class Split(models.TextChoices):
    """Where an approved pair may be used."""

    TRAIN = splitting.TRAIN, "Training"
    VALIDATION = splitting.VALIDATION, "Validation"
    TEST = splitting.TEST, "Test"


class Pair(Identified):
    """A prompt with its ideal response, through all their versions."""

    created_by = models.ForeignKey(User, models.PROTECT, related_name="pairs")
    created_at = models.DateTimeField(auto_now_add=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="pairs")
    external_id = models.CharField(max_length=120, blank=True)
    # Empty until a version is approved; see corpus.splits.
    split = models.CharField(max_length=10, choices=Split.choices, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["-created_at", "id"], name="pair_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(split__in=["", *Split.values]), name="pair_split_known"
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="pair_external_id_once_per_source",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or self.id

    def get_absolute_url(self) -> str:
        return reverse("corpus:pair", args=[self.pk])

    def is_work_of(self, user: User) -> bool:
        """Whether the user wrote in any version of it. One query."""
        return self.versions.written_by(user).exists()

    def writers(self) -> set[str]:
        """Everybody who wrote in any version of it. One query."""
        rows = self.versions.values_list("author_id", "last_editor_id", "editors__user_id")
        return {person for row in rows for person in row if person}


class Status(models.TextChoices):
    """The life of a version."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REJECTED = "rejected", _("Rejected")


DECIDED = [Status.APPROVED, Status.CHANGES_REQUESTED, Status.REJECTED]


# Columns of indexes: the order of the list, what each row is asked, and whose draft it is.
NEWEST = ("-saved_at", "id")
OF_PAIR = ("is_latest", "pair")
WRITERS = ("author", "last_editor", "shared_at")
# So long before its day a version is to be vetted again.
REMIND = timedelta(days=30)


def _names_worn(on: date) -> Q:
    """By the keys of what names it: few services are worn, so this is cheaper than a row each."""
    naming = Version.objects.filter(references__resource__in=Resource.objects.worn(on))
    return Q(pk__in=naming.values("pk"))


def _wrote(user: User) -> Q:
    """By keys, so that each of the three is found by its index."""
    edited = Editor.objects.filter(user=user).values("version")
    return Q(author=user) | Q(last_editor=user) | Q(pk__in=edited)


def _own_drafts(user: User) -> Q:
    """What the user wrote in, and for who writes at all what its author opened to others."""
    own = _wrote(user)
    return own | Q(shared_at__isnull=False) if user.can("pairs.write") else own


def _newer_approved() -> "VersionQuerySet":
    """Of the pair of the version that is asked about."""
    return Version.objects.approved().filter(pair=OuterRef("pair"), number__gt=OuterRef("number"))


class VersionQuerySet(models.QuerySet["Version"]):
    """Reads that chain."""

    def with_people(self) -> "VersionQuerySet":
        return self.select_related("pair", "author", "domain", "strategy", "decided_by")

    def newest(self) -> "VersionQuerySet":
        """The newest version of each pair."""
        return self.filter(is_latest=True)

    def sent(self) -> "VersionQuerySet":
        """Sent for review once, or imported: what others find, compare and count."""
        return self.filter(~Q(status=Status.DRAFT) | Q(sketch__isnull=False))

    def approved(self) -> "VersionQuerySet":
        return self.filter(status=Status.APPROVED)

    def current(self) -> "VersionQuerySet":
        """The newest approved version of each pair, also while a newer one is being written."""
        return self.approved().filter(~Exists(_newer_approved()))

    def in_state(self, status: str) -> "VersionQuerySet":
        """One version a pair: its current one where approved is asked for, else its newest."""
        if status == Status.APPROVED:
            return self.current()
        return self.newest().filter(status=status) if status else self.newest()

    def visible_to(self, user: User) -> "VersionQuerySet":
        """What was sent is everybody's to read; a draft is its writers' and the curators'."""
        if user.can("pairs.edit_any"):
            return self
        return self.filter(~Q(status=Status.DRAFT) | _own_drafts(user))

    def newest_for(self, user: User) -> "VersionQuerySet":
        """The newest version of each pair that the user may read."""
        if user.can("pairs.edit_any"):
            return self.newest()
        hidden = Version.objects.filter(
            pair=OuterRef("pair"),
            number=OuterRef("number") + 1,
            status=Status.DRAFT,
            is_latest=True,
        ).exclude(_own_drafts(user))
        seen = ~Q(status=Status.DRAFT) | _own_drafts(user)
        return self.filter((Q(is_latest=True) & seen) | (Q(is_latest=False) & Exists(hidden)))

    def fresh(self, on: date) -> "VersionQuerySet":
        """What may be released: not past its day, and every service in it may be named."""
        kept = Q(best_before__isnull=True) | Q(best_before__gte=on)
        return self.filter(kept).exclude(_names_worn(on))

    def stale(self, on: date) -> "VersionQuerySet":
        """Past its day, or naming a service that is not to be named: the others are fresh."""
        return self.filter(Q(best_before__lt=on) | _names_worn(on))

    def naming_stale(self, on: date) -> "VersionQuerySet":
        """Naming a service that is retired or overdue for a check."""
        return self.filter(_names_worn(on))

    def to_vet_again(self, on: date) -> "VersionQuerySet":
        """Current versions that are stale, or past their day within a month."""
        soon = Q(best_before__lte=on + REMIND)
        # Said in this roundabout way, SQLite begins with the few days and services, not with all
        # that is approved.
        unapproved = [status for status in Status.values if status != Status.APPROVED]
        return (
            self.filter(soon | _names_worn(on))
            .exclude(status__in=unapproved)
            .filter(~Exists(_newer_approved()))
        )

    def written_by(self, user: User) -> "VersionQuerySet":
        """That the user began, or wrote in."""
        return self.filter(_wrote(user))

    def of_writer(self, user: User) -> "VersionQuerySet":
        """The newest version of each pair that the user wrote in."""
        return self.newest().filter(pair__in=Version.objects.written_by(user).values("pair"))

    def with_histories(self) -> "VersionQuerySet":
        """Each with every version of its pair, and who wrote in them. Three queries."""
        versions = Version.objects.with_people().prefetch_related("editors")
        return self.with_people().prefetch_related(
            models.Prefetch("pair__versions", versions.order_by("-number"))
        )

    def open_to(self, user: User) -> "VersionQuerySet":
        """Whose drafts the user may change: their own, shared ones, and all if they may."""
        if user.can("pairs.edit_any"):
            return self
        return self.filter(Q(author=user) | Q(shared_at__isnull=False))

    def waiting_for(self, reviewer: User) -> "VersionQuerySet":
        """In review, of pairs that somebody else wrote, oldest first.

        Not those that the reviewer has signed and that wait for a second signature.
        """
        own = Version.objects.written_by(reviewer).filter(pair=OuterRef("pair"))
        signed = Version.objects.filter(
            pk=OuterRef("pk"),
            approvals__reviewer=reviewer,
            approvals__signed_at__gte=F("submitted_at"),
            domain__approvals_needed__gt=1,
        )
        return self.filter(~Exists(own), ~Exists(signed), status=Status.IN_REVIEW).order_by(
            "submitted_at", "id"
        )

    def unfinished_of(self, author: User) -> "VersionQuerySet":
        """The author's drafts, and what came back to them, newest first."""
        return self.filter(
            author=author, is_latest=True, status__in=[Status.DRAFT, Status.CHANGES_REQUESTED]
        ).order_by("-saved_at", "id")


class Version(Identified):
    """One state of a pair. A draft changes; a submitted one waits; a decided one is history."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    is_latest = models.BooleanField(default=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    author = models.ForeignKey(User, models.PROTECT, related_name="versions")
    # Whoever saved the draft last; empty until somebody did.
    last_editor = models.ForeignKey(User, models.PROTECT, null=True, related_name="edited_versions")
    # Since when its author lets others write in the draft; empty while they write alone.
    shared_at = models.DateTimeField(null=True)

    messages = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="en")
    country = models.CharField(max_length=2, blank=True)
    domain = models.ForeignKey(Domain, models.PROTECT, null=True, related_name="versions")
    category = models.CharField(max_length=120, blank=True)
    strategy = models.ForeignKey(Strategy, models.PROTECT, null=True, related_name="versions")
    expected_action = models.CharField(max_length=10, choices=ExpectedAction.choices, blank=True)
    response = models.TextField(blank=True)

    # Raised by every save of a draft: the second of two savers is told, not overwritten.
    lock_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="decisions")
    decision_reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    best_before = models.DateField(null=True)
    # Made on approval: the conversation as prompt sets and runs use it.
    prompt = models.ForeignKey(Prompt, models.PROTECT, null=True, related_name="versions")

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-saved_at", "id"]
        indexes: ClassVar = [
            # The list walks one of these in its order, whatever is asked, and reads no row until
            # it is to be shown.
            models.Index(fields=[*NEWEST, *OF_PAIR, "status", *WRITERS], name="version_newest"),
            models.Index(fields=["status", *NEWEST, *OF_PAIR], name="version_by_status"),
            models.Index(fields=["domain", *NEWEST, *OF_PAIR], name="version_by_domain"),
            models.Index(fields=["strategy", *NEWEST, *OF_PAIR], name="version_by_strategy"),
            models.Index(fields=["language", *NEWEST, *OF_PAIR], name="version_by_language"),
            models.Index(fields=["country", *NEWEST, *OF_PAIR], name="version_by_country"),
            models.Index(fields=["expected_action", *NEWEST, *OF_PAIR], name="version_by_expected"),
            models.Index(fields=["author", *NEWEST, *OF_PAIR], name="version_by_writer"),
            # Whether a newer one was approved: asked of every version that is current.
            models.Index(fields=["pair", "status", "number"], name="version_by_pair"),
            models.Index(fields=["best_before"], name="version_by_day"),
            models.Index(fields=["status", "submitted_at"], name="version_queue"),
            models.Index(fields=["author", "status"], name="version_by_author"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["pair"], condition=Q(is_latest=True), name="one_latest_version_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
                name="author_is_not_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(last_editor__isnull=True)
                | ~Q(decided_by=F("last_editor")),
                name="last_editor_is_not_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | Q(
                    status__in=[Status.DRAFT, Status.IN_REVIEW],
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                ),
                name="decision_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.APPROVED)
                | (
                    Q(prompt__isnull=False)
                    & ~Q(digest="")
                    & ~Q(response="")
                    & ~Q(expected_action="")
                ),
                name="approved_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(submitted_at__isnull=False),
                name="submitted_has_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pair}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("corpus:version", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None

    @property
    def is_approved(self) -> bool:
        return self.status == Status.APPROVED

    @property
    def title(self) -> str:
        """The first words of what the person wrote last."""
        said = str(self.messages[-1].get("content", "")) if self.messages else ""
        return (said[:90] + "…") if len(said) > 90 else (said or "Nothing written yet")

    def is_open_to(self, user: User) -> bool:
        """Whether its drafts are the user's to change; see `VersionQuerySet.open_to`."""
        return self.author_id == user.pk or self.is_shared or user.can("pairs.edit_any")

    def can_be_edited_by(self, user: User) -> bool:
        return self.is_draft and self.is_open_to(user) and user.can("pairs.write")

    def can_be_reviewed_by(self, user: User) -> bool:
        return (
            self.status == Status.IN_REVIEW
            and user.can("pairs.review")
            and self.author_id != user.pk
            and not self.pair.is_work_of(user)
        )


class Editor(models.Model):
    """Somebody else than its author who saved a version: they review it as little as the author."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="editors")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "user"], name="editor_once_per_version")
        ]

    def __str__(self) -> str:
        return str(self.user)
