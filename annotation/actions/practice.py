"""The practice round: its items, what raters answer in it, and who may go on to the study.

What is answered here is no rating and never counted as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from accounts.models import User
from annotation import answers, blinding, giveaways, practising, selfnaming, strategies
from annotation.models import PracticeAttempt, PracticeItem, Rater, Seat, Study
from gate.text import accept

MAX_ITEMS = 50


class Unsuitable(ValueError):
    """The practice item cannot be asked. Says what to mend."""

    http_status = 422


@dataclass(frozen=True)
class Standing:
    """How far a rater is in the practice round; right and asked are of their latest answers."""

    next_item: PracticeItem | None
    n_items: int
    n_done: int
    n_right: int
    n_asked: int
    is_enough: bool

    @property
    def percent(self) -> int:
        return round(100 * self.n_right / self.n_asked) if self.n_asked else 100


@transaction.atomic
def add(
    *,
    by: User | None,
    study: Study,
    messages: Sequence[Mapping[str, str]],
    texts: Sequence[str],
    expected: practising.Expected,
    language: str = "en",
    feedback: str = "",
) -> PracticeItem:
    """Another item, last in the round. Raters who are through are not asked again."""
    if not messages or not texts or len(texts) > blinding.MAX_ARMS:
        raise Unsuitable(
            gettext("Give what the person wrote, and 1 to %(n)s answers.")
            % {"n": blinding.MAX_ARMS}
        )
    known = strategies.named() if study.sheet.asks_strategy else {}
    for problem in practising.problems(study.sheet, expected, len(texts), known):
        raise Unsuitable(problem)
    items = PracticeItem.objects.filter(study=study)
    if items.count() >= MAX_ITEMS:
        raise Unsuitable(gettext("A practice round has %(n)s items at most.") % {"n": MAX_ITEMS})
    last = items.aggregate(last=Max("position"))["last"]
    return PracticeItem.objects.create(
        study=study,
        position=0 if last is None else last + 1,
        messages=[dict(message) for message in messages],
        language=language,
        texts=[
            accept(text, where=gettext("Answer %(slot)s") % {"slot": n})
            for n, text in enumerate(texts, start=1)
        ],
        expected=[dict(wanted) for wanted in expected],
        feedback=accept(feedback, where=gettext("The feedback")),
    )


def remove(*, by: User | None, item: PracticeItem) -> None:
    """With what was answered to it in practice."""
    item.delete()


@transaction.atomic
def answer(*, seat: Seat, item: PracticeItem, ratings: object, at: datetime) -> PracticeAttempt:
    """Keep a try and open the study if it was the last one needed. Raises `answers.Unfit`."""
    sheet, slots = seat.study.sheet, blinding.slots(len(item.texts))
    given = answers.check(
        ratings=ratings, preference=None, sheet=sheet, slots=slots, asks_preference=False
    )
    said = [*given.prompt_ratings, *given.ratings]
    found = practising.outcomes(sheet, item.expected, slots, said)
    attempt = PracticeAttempt.objects.create(
        item=item,
        rater=seat.rater,
        answers=[asdict(each) for each in said],
        n_asked=len(found),
        n_right=sum(each.is_right for each in found),
        created_at=at,
    )
    if standing(seat).is_enough:
        Seat.objects.filter(pk=seat.pk, practised_at=None).update(practised_at=at)
        seat.practised_at = seat.practised_at or at
    return attempt


def standing(seat: Seat) -> Standing:
    """Rounds follow from the tries alone: an item with fewer tries than another is still open."""
    items = list(PracticeItem.objects.filter(study_id=seat.study_id).order_by("position", "id"))
    tries: dict[str, list[PracticeAttempt]] = {item.pk: [] for item in items}
    mine = PracticeAttempt.objects.filter(item__study_id=seat.study_id, rater=seat.rater)
    for attempt in mine.order_by("created_at", "id"):
        tries[attempt.item_id].append(attempt)
    most = max((len(each) for each in tries.values()), default=0)
    still = [item for item in items if len(tries[item.pk]) < max(most, 1)]
    latest = [each[-1] for each in tries.values() if each]
    n_right, n_asked = sum(a.n_right for a in latest), sum(a.n_asked for a in latest)
    percent = seat.study.practice_percent
    return Standing(
        next_item=still[0] if still else None,
        n_items=len(items),
        n_done=len(items) - len(still),
        n_right=n_right,
        n_asked=n_asked,
        is_enough=not still and practising.is_enough(n_right, n_asked, percent),
    )


def is_before(seat: Seat) -> bool:
    """Whether this rater has yet to practise. No query for those who have, or were let in."""
    if seat.practised_at is not None or seat.let_in_by_id is not None:
        return False
    return PracticeItem.objects.filter(study_id=seat.study_id).exists()


def pass_where_there_is_none(*, seat: Seat, at: datetime) -> None:
    """A study without a practice round asks for none later either, of those who have begun."""
    if not PracticeItem.objects.filter(study_id=seat.study_id).exists():
        Seat.objects.filter(pk=seat.pk, practised_at=None).update(practised_at=at)
        seat.practised_at = at


def let_in(*, by: User, study: Study, rater: Rater) -> bool:
    """The curator opens the study to somebody who has not passed; whether it was needed."""
    waiting = Seat.objects.filter(study=study, rater=rater, practised_at=None, let_in_by=None)
    return bool(waiting.update(let_in_by=by))


def outcomes(attempt: PracticeAttempt, study: Study) -> list[practising.Outcome]:
    """A try beside what was expected, for the feedback."""
    said: list[dict[str, Any]] = attempt.answers
    given = [answers.Given(**each) for each in said]
    slots = blinding.slots(len(attempt.item.texts))
    names = strategies.named() if study.sheet.asks_strategy else {}
    return practising.outcomes(study.sheet, attempt.item.expected, slots, given, names=names)


def shown(item: PracticeItem, study: Study) -> list[tuple[str, str]]:
    """The answers by letter, as the study shows its own: without what a chat template leaves, and
    with names hidden where the study hides them. One query there.
    """
    texts = [blinding.readable(text) for text in item.texts]
    if study.hides_names:
        names = giveaways.known(study)
        texts = [_masked(text, names) for text in texts]
    return list(zip(blinding.slots(len(texts)), texts, strict=True))


def _masked(text: str, names: selfnaming.Known) -> str:
    found = selfnaming.passages(text, names)
    return blinding.masked(text, [(each.start, each.end) for each in found])
