"""A study as files are made of it: as it stands now, or as it stood when a release froze it.

In a release raters have pseudonyms of their own, so that nobody can join them to another release.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from annotation.models import Study, Withdrawal
from exports import pseudonyms
from exports.models import Release, ReleaseStudy


@dataclass(frozen=True)
class Scope:
    """Whose rows are read, of which moment, and under which pseudonyms."""

    study: Study
    release: Release | None = None
    at: datetime | None = None
    # Raters who withdrew before the release was made.
    gone: frozenset[str] = frozenset()

    def standing(self, prefix: str = "") -> Q:
        """Rows that stood at that moment, of a relation that can supersede them."""
        now = Q(**{f"{prefix}superseded_at": None})
        if self.at is None:
            return now
        return self.given(prefix) & (now | Q(**{f"{prefix}superseded_at__gt": self.at}))

    def given(self, prefix: str = "") -> Q:
        """Rows that were there at that moment."""
        return Q() if self.at is None else Q(**{f"{prefix}created_at__lte": self.at})

    def pseudonym(self, rater_id: str) -> str:
        if self.release is None:
            return pseudonyms.of(rater_id, study_id=self.study.pk)
        return pseudonyms.in_release(rater_id, release_id=self.release.pk)


def scopes_of(source: Release | Study) -> list[Scope]:
    """A study's own, or one for each study of a release. Two queries for a release."""
    if isinstance(source, Study):
        return [Scope(source)]
    held = list(source.release_studies.select_related("study__rubric").order_by("slug"))
    gone = _gone(held)
    return [
        Scope(each.study, source, each.frozen_at, frozenset(gone[each.study_id]))
        for each in held
        if each.study
    ]


def _gone(held: list[ReleaseStudy]) -> defaultdict[str | None, set[str]]:
    """By study, the raters who had withdrawn when the release froze it. One query, if any."""
    found: defaultdict[str | None, set[str]] = defaultdict(set)
    withdrawn = Withdrawal.objects.values_list("rater_id", "study_id", "at") if held else ()
    for rater, study, at in withdrawn:
        for each in held:
            if study in (None, each.study_id) and at <= each.frozen_at:
                found[each.study_id].add(rater)
    return found
