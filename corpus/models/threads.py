"""What is said about a version: comments and requests, each with what followed. Append-only."""

from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import User
from corpus import threads
from corpus.models.pairs import Pair, Version
from gate.identity import Identified


class Kind(models.TextChoices):
    """What a thread begins with."""

    COMMENT = threads.COMMENT, "Comment"
    REQUEST = threads.REQUEST, "Request"


class Move(models.TextChoices):
    """What may follow."""

    REPLY = threads.REPLY, "Answered"
    ADDRESSED = threads.ADDRESSED, "Addressed"
    RESOLVED = threads.RESOLVED, "Resolved"
    REOPENED = threads.REOPENED, "Reopened"


def _last_move() -> Subquery:
    moves = CommentEvent.objects.filter(comment=OuterRef("pk")).exclude(move=Move.REPLY)
    return Subquery(moves.order_by("-id").values("move")[:1])


class CommentQuerySet(models.QuerySet["Comment"]):
    """Reads that chain."""

    def with_state(self) -> "CommentQuerySet":
        """Each knows its last move as `last_move`."""
        return self.annotate(last_move=_last_move())

    def unsettled(self) -> "CommentQuerySet":
        """Requests that nobody resolved, or that were reopened."""
        return (
            self.annotate(last_move=_last_move())
            .filter(kind=Kind.REQUEST)
            .exclude(last_move__isnull=False, last_move=Move.RESOLVED)
        )

    def blocking(self, pair: Pair) -> "CommentQuerySet":
        """What stops an approval of the pair, whichever version it was said about."""
        return self.unsettled().filter(version__pair=pair, is_blocking=True)

    def on(self, version: Version) -> "CommentQuerySet":
        """Said about this version, and the requests that earlier ones hand on; oldest first."""
        earlier = Q(
            kind=Kind.REQUEST, version__pair=version.pair_id, version__number__lt=version.number
        )
        return self.whole().filter(Q(version=version) | earlier)

    def whole(self) -> "CommentQuerySet":
        """With where each stands, and everything that followed."""
        return (
            self.with_state()
            .select_related("author", "version")
            .prefetch_related(
                models.Prefetch("events", CommentEvent.objects.select_related("author"))
            )
        )


class Comment(Identified):
    """The beginning of a thread: a comment, or a request for a change. Never changed."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="comments")
    author = models.ForeignKey(User, models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    is_blocking = models.BooleanField(default=False)
    passage = models.TextField(blank=True)  # words of the version that it is about
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind=Kind.REQUEST) | Q(is_blocking=False), name="only_requests_block"
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('corpus:version', args=[self.version_id])}#remark-{self.pk}"

    @property
    def state(self) -> str:
        """Where it stands; one query unless `with_state()` was asked for."""
        known = vars(self)
        if "last_move" in known:
            return threads.state(known["last_move"])
        moves = self.events.exclude(move=Move.REPLY).order_by("-id")
        return threads.state(moves.values_list("move", flat=True).first())

    @property
    def moves(self) -> tuple[str, ...]:
        """What may follow now."""
        return threads.allowed(self.kind, self.state)


class CommentEvent(models.Model):
    """An answer in a thread, or a move of a request. Ids grow, so that the last one is known."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="events")
    move = models.CharField(max_length=10, choices=Move.choices)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["comment", "-id"], name="comment_last_event")]

    def __str__(self) -> str:
        return f"{self.move}: {self.body[:60]}"
