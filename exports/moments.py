"""What a study's people and judges had said at a moment: counted, and digested to be proved later.

Such rows are only ever added or superseded, each with its time, so the moment can be read again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from annotation.models import Adjudication, Preference, PromptRating, Rating, Study
from gate.text import digest
from judging.models import Verdict

CHUNK = 2_000
SAID = ("answer", "value", "picked", "words", "rationale")


@dataclass(frozen=True)
class Moment:
    """How many rows of each kind stood, and the digest over all of them."""

    n_ratings: int
    n_preferences: int
    n_verdicts: int
    digest: str


def of(study: Study, *, at: datetime) -> Moment:
    """Streams every row that stood `at` that time: five queries, flat memory."""
    stood = Q(created_at__lte=at) & (Q(superseded_at=None) | Q(superseded_at__gt=at))
    own = Q(study=study)
    verdicts = Verdict.objects.on_answers().filter(
        completion__run__arms__study=study,
        judge__rubric=study.rubric_id,
        created_at__lte=at,
    )
    total = hashlib.sha256()
    rated = _add(
        total,
        Rating.everything.filter(own & stood),
        *("rater_id", "completion_id", "criterion_id", *SAID),
    )
    rated += _add(
        total,
        PromptRating.everything.filter(own & stood),
        *("rater_id", "item_id", "criterion_id", *SAID),
    )
    preferred = _add(
        total,
        Preference.everything.filter(own & stood),
        *("rater_id", "item_id", "choice", "chosen_id"),
    )
    _add(
        total,
        Adjudication.objects.filter(own, created_at__lte=at),
        *("adjudicator_id", "completion_id", "criterion_id", "value", "note"),
    )
    judged = _add(
        total,
        verdicts,
        *("judge_id", "completion_id", "criterion_id", "replicate", "value", "picked", "words"),
        *("expected_value", "unscored_reason", "reasoning"),
    )
    return Moment(rated, preferred, judged, total.hexdigest())


def _add(total: Any, rows: QuerySet[Any], *fields: str) -> int:
    """By id, which is the same order whenever this database is asked."""
    n = 0
    for row in rows.order_by("pk").values_list("pk", *fields).iterator(CHUNK):
        total.update(digest(row).encode())
        n += 1
    total.update(b"\n")
    return n
