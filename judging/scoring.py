"""The work of a judge run: each row asks the judge about one answer, and keeps what it said."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from annotation.models import Criterion
from generation.messages import ChatAnswer, ChatRequest
from generation.queue import WorkQuerySet
from generation.shifts import Shift
from judging import actions, asking, expecting, parsing, prompting
from judging.models import Judge, Judgement, JudgeRun
from judging.sheets import criteria_of, questions_of


@dataclass(frozen=True)
class Sheet:
    """The criteria that one call asks about, in the clinicians' words, and the answer's shape."""

    criteria: list[Criterion]
    questions: list[prompting.Question]
    rubric: str
    schema: dict[str, Any]


@dataclass
class Scoring:
    """A judge run as `generation.work.Work`. The judge sees neither run, model nor condition."""

    judge_run: JudgeRun
    judge: Judge

    @cached_property
    def criteria(self) -> list[Criterion]:
        return criteria_of(self.judge.rubric)

    @cached_property
    def questions(self) -> list[prompting.Question]:
        return questions_of(self.criteria)

    @cached_property
    def sheets(self) -> dict[str | None, Sheet]:
        """What is asked at once: every criterion, or under its id each one alone."""
        asked = list(zip(self.criteria, self.questions, strict=True))
        sheets: dict[str | None, Sheet] = {
            criterion.pk: self._sheet([criterion], [question]) for criterion, question in asked
        }
        return {None: self._sheet(self.criteria, self.questions), **sheets}

    def _sheet(self, criteria: list[Criterion], questions: list[prompting.Question]) -> Sheet:
        rubric = prompting.rubric_text(self.judge.rubric.intro, questions)
        return Sheet(criteria, questions, rubric, prompting.schema(questions))

    @property
    def rows(self) -> WorkQuerySet[Judgement]:
        return self.judge_run.judgements.select_related("completion__prompt", "anchor", "judge_run")

    def is_cancelled(self) -> bool:
        held = JudgeRun.objects.filter(pk=self.judge_run.pk, cancel_requested_at__isnull=False)
        return held.exists()

    def request_for(self, row: Judgement) -> ChatRequest:
        return asking.request(
            self.judge,
            messages=self._messages(row),
            schema=self.sheets[row.criterion_id].schema,
            seed=asking.seed(self.judge, row),
        )

    def _messages(self, row: Judgement) -> list[dict[str, str]]:
        judged = row.judged
        return prompting.messages(
            template=self.judge.prompt,
            rubric=self.sheets[row.criterion_id].rubric,
            conversation=judged.messages,
            answer=judged.text,
            fence=asking.fence(_said(row)),
        )

    def keep(self, row: Judgement, answer: ChatAnswer, *, worker: str, at: datetime) -> bool:
        sheet = self.sheets[row.criterion_id]
        judged = _said(row)
        readings = parsing.read(answer.text, sheet.questions, judged=judged)
        readings = _expecting(readings, answer, sheet, judged)
        if not parsing.is_settled(readings) and row.n_asks + 1 < self.judge.max_asks:
            return actions.ask_again(judgement=row, worker=worker)
        return actions.keep_verdicts(
            judgement=row,
            worker=worker,
            readings=readings,
            criteria=sheet.criteria,
            raw=answer.text or answer.reasoning,
            n_asks=row.n_asks + 1,
            provenance=self._provenance(row, answer),
            at=at,
        )

    def fail(self, row: Judgement, reason: str, *, worker: str, at: datetime) -> bool:
        return actions.record_failure(judgement=row, reason=reason, worker=worker)

    def _provenance(self, row: Judgement, answer: ChatAnswer) -> dict[str, Any]:
        schema, seed = self.sheets[row.criterion_id].schema, asking.seed(self.judge, row)
        made = asking.provenance(self.judge, answer, seed=seed, schema=schema)
        return {**made, "judged_digest": row.judged.digest}


def _expecting(
    readings: list[parsing.Reading], answer: ChatAnswer, sheet: Sheet, judged: str
) -> list[parsing.Reading]:
    """The readings with their expected values, where a value was read and chances were given."""
    if not answer.tokens:
        return readings
    said = {reading.key: reading.value for reading in readings if reading.value is not None}
    means = expecting.expected_values(answer.tokens, sheet.questions, said, judged)
    return [replace(reading, expected_value=means.get(reading.key)) for reading in readings]


def _said(row: Judgement) -> str:
    """All that is judged, or stands before it."""
    turns = [str(turn["content"]) for turn in row.judged.messages]
    return "\n".join([*turns, row.judged.text])


def shift_on(judge_run: JudgeRun) -> Shift:
    """A shift on this judge run."""
    judge = judge_run.judge
    return Shift(job=judge_run, work=Scoring(judge_run, judge), model=judge.asked)
