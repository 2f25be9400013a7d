"""How what somebody sent was corrected until it was approved, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from corpus import changes, differences
from corpus.changes import Change
from corpus.models import Comment, Version
from corpus.models.threads import CommentQuerySet


@dataclass
class Correction:
    """From the first version that the person sent to the newest approved one, whoever wrote it."""

    sent: Version
    approved: Version
    decisions: list[Version]  # of the versions on the way, oldest first

    @cached_property
    def changes(self) -> list[Change]:
        return changes.between(self.sent, self.approved)

    @cached_property
    def n_words(self) -> tuple[int, int]:
        """How many words went from the response, and how many came."""
        return differences.counted(self.sent.response, self.approved.response)

    def said(self) -> CommentQuerySet:
        """The threads on the versions on the way, with their outcome."""
        first, last = self.sent.number, self.approved.number
        return Comment.objects.whole().filter(
            version__pair=self.sent.pair_id, version__number__range=(first, last)
        )


def of(user: User, history: Sequence[Version]) -> Correction | None:
    """None while nothing that the person sent led to an approval.

    `history` is every version of a pair with its editors; no query.
    """
    in_order = sorted(history, key=lambda version: version.number)
    sent = next((each for each in in_order if each.submitted_at and _wrote(user, each)), None)
    approved = next((each for each in reversed(in_order) if each.is_approved), None)
    if sent is None or approved is None or approved.number < sent.number:
        return None
    way = in_order[in_order.index(sent) : in_order.index(approved) + 1]
    return Correction(sent, approved, [each for each in way if each.decided_at])


def _wrote(user: User, version: Version) -> bool:
    return version.author_id == user.pk or user.pk in {
        editor.user_id for editor in version.editors.all()
    }
