"""The work of a matchup: each row asks the judge to choose between two answers, in one order."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from generation.messages import ChatAnswer, ChatRequest
from generation.queue import WorkQuerySet
from generation.shifts import Shift
from judging import actions, asking, prompting, side_by_side
from judging.models import Duel, Judge, Matchup
from judging.sheets import criteria_of, questions_of
from judging.side_by_side import Shown


@dataclass
class Matching:
    """A matchup as `generation.work.Work`. The judge sees neither run, model nor condition."""

    matchup: Matchup
    judge: Judge

    @cached_property
    def rubric(self) -> str:
        """The clinicians' text, all criteria of it."""
        rubric = self.judge.rubric
        return prompting.rubric_text(rubric.intro, questions_of(criteria_of(rubric)))

    @cached_property
    def schema(self) -> dict[str, Any]:
        return side_by_side.schema()

    @property
    def rows(self) -> WorkQuerySet[Duel]:
        return self.matchup.duels.select_related("completion_a__prompt", "completion_b__prompt")

    def is_cancelled(self) -> bool:
        held = Matchup.objects.filter(pk=self.matchup.pk, cancel_requested_at__isnull=False)
        return held.exists()

    def request_for(self, row: Duel) -> ChatRequest:
        first, second = _shown(row)
        messages = side_by_side.messages(
            template=self.judge.prompt,
            rubric=self.rubric,
            first=first,
            second=second,
            fence=asking.fence(_said(row)),
        )
        seed = asking.seed(self.judge, row)
        return asking.request(self.judge, messages=messages, schema=self.schema, seed=seed)

    def keep(self, row: Duel, answer: ChatAnswer, *, worker: str, at: datetime) -> bool:
        reading = side_by_side.read(answer.text, judged=_said(row))
        if not reading.choice and row.n_asks + 1 < self.judge.max_asks:
            return actions.ask_duel_again(duel=row, worker=worker)
        return actions.keep_choice(
            duel=row,
            worker=worker,
            reading=reading,
            raw=answer.text or answer.reasoning,
            provenance=self._provenance(row, answer),
            at=at,
        )

    def fail(self, row: Duel, reason: str, *, worker: str, at: datetime) -> bool:
        return actions.record_duel_failure(duel=row, reason=reason, worker=worker)

    def _provenance(self, row: Duel, answer: ChatAnswer) -> dict[str, Any]:
        seed = asking.seed(self.judge, row)
        made = asking.provenance(self.judge, answer, seed=seed, schema=self.schema)
        digests = {"digest_a": row.completion_a.digest, "digest_b": row.completion_b.digest}
        return {**made, **digests}


def _shown(row: Duel) -> tuple[Shown, Shown]:
    """The answers in the order of this row."""
    a, b = (
        Shown(answer.conversation, answer.text) for answer in (row.completion_a, row.completion_b)
    )
    return (b, a) if row.is_swapped else (a, b)


def _said(row: Duel) -> str:
    """All that is compared, or stands before it."""
    return "\n".join(shown.said for shown in _shown(row))


def shift_on(matchup: Matchup) -> Shift:
    """A shift on this matchup."""
    judge = matchup.judge
    return Shift(job=matchup, work=Matching(matchup, judge), model=judge.asked)
