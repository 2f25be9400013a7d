"""What a reviewer signs, and whose signatures stand under a version as it reads today.

A signature is of a text: where the text changed since, it stays on record and counts for nothing.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import ngettext

from accounts.models import User
from corpus.models import Approval, Version
from gate.text import digest


def signature(version: Version) -> str:
    """The digest that a reviewer signs: everything that the version says."""
    return digest(
        version.messages,
        version.language,
        version.country,
        version.domain.slug if version.domain else "",
        version.category,
        version.strategy.slug if version.strategy else "",
        version.expected_action,
        version.response,
    )


@dataclass(frozen=True)
class Standing:
    """The signatures under a version, and how many its domain asks for."""

    digest: str
    needed: int
    counting: list[Approval]
    earlier: list[Approval]  # of another text, lapsed, or by somebody who wrote in the pair since

    @property
    def n_missing(self) -> int:
        return max(self.needed - len(self.counting), 0)

    @property
    def is_enough(self) -> bool:
        return not self.n_missing

    @property
    def words(self) -> str:
        """How far it is."""
        said = ngettext(
            "%(n)s of %(needed)s signature", "%(n)s of %(needed)s signatures", self.needed
        )
        return said % {"n": len(self.counting), "needed": self.needed}

    @property
    def best_before(self) -> date | None:
        """The earliest that anybody asked."""
        return min((one.best_before for one in self.counting), default=None)

    def of(self, person: User) -> Approval | None:
        """This person's signature under the text as it is."""
        return next((one for one in self.counting if one.reviewer_id == person.pk), None)


def standing(version: Version, on: date) -> Standing:
    """Who has signed what the version says, on this day. Two queries.

    What was approved stays approved by what was signed, however long ago.
    """
    digest = version.digest or signature(version)
    writers = version.pair.writers()
    counting: list[Approval] = []
    earlier: list[Approval] = []
    for one in version.approvals.select_related("reviewer"):
        is_live = version.is_approved or one.best_before > on
        counts = is_live and one.digest == digest and one.reviewer_id not in writers
        (counting if counts else earlier).append(one)
    needed = version.domain.approvals_needed if version.domain else 1
    return Standing(digest=digest, needed=needed, counting=counting, earlier=earlier)
