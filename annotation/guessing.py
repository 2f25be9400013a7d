"""Which of their own answers a rater is asked to guess about, and when."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from annotation import blinding, screens
from annotation.models import Assignment, ItemAnswer, Rater, Seat, Study, StudyRun

ASKED = 10


@dataclass(frozen=True)
class Question:
    """An answer that the rater rated. `arm` and `completion` never leave the server."""

    assignment: str
    completion: str
    arm: int
    messages: list[dict[str, Any]]
    language: str
    text: str


def is_asked(study: Study) -> bool:
    """Whether raters are asked at all: two arms or more, each with a name. One query."""
    return study.asks_guess and study.n_arms > 1 and len(labels(study)) == study.n_arms


def labels(study: Study) -> list[StudyRun]:
    """The arms that have a name, by name: their order says nothing of theirs in the study."""
    named = study.arms.exclude(guess_label="").order_by()
    return sorted(named, key=lambda arm: (arm.guess_label.casefold(), arm.guess_label))


def waits_for(seat: Seat) -> bool:
    """The rater has not been asked and has rated something. Two queries at most."""
    if seat.guessed_at is not None or not is_asked(seat.study):
        return False
    return _rated(seat).exists()


def waits(study: Study, rater: Rater) -> bool:
    """As `waits_for`, for somebody who may never have taken a seat."""
    seat = Seat.objects.filter(study=study, rater=rater).select_related("study", "rater").first()
    return seat is not None and waits_for(seat)


def questions(seat: Seat) -> list[Question]:
    """At most ten answers in seeded order, one of an item, each arm equally likely. Three queries.

    The same each time while the rater's items are the same, and for an item always the same answer.
    """
    study, rater = seat.study, seat.rater
    rated = list(_rated(seat).select_related("item__prompt"))
    rated.sort(key=lambda each: blinding.number("guess", study.seed, rater.pk, each.item_id))
    chosen = rated[:ASKED]
    rows = ItemAnswer.objects.filter(item__in=[each.item_id for each in chosen])
    answers = {(row.item_id, row.position): row for row in rows.select_related("completion")}
    picked = [(each, answers[each.item_id, arm_of(seat, each)]) for each in chosen]
    texts = screens.texts(study, [row.completion for _, row in picked])
    arms = dict(study.arms.order_by().values_list("position", "pk"))
    return [
        Question(
            assignment=each.pk,
            completion=row.completion_id,
            arm=arms[row.position],
            messages=each.item.prompt.messages,
            language=each.item.prompt.language,
            text=texts[row.completion_id],
        )
        for each, row in picked
    ]


def _rated(seat: Seat) -> QuerySet[Assignment]:
    mine = Assignment.objects.first_time().filter(study=seat.study, rater=seat.rater)
    return mine.filter(state=Assignment.State.SUBMITTED)


def arm_of(seat: Seat, assignment: Assignment) -> int:
    """The position of the arm that is asked about for this item."""
    drawn = blinding.number("guessed arm", seat.study.seed, seat.rater_id, assignment.item_id)
    return drawn % seat.study.n_arms
