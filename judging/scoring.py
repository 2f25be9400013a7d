"""The work of a judge run: each row asks the judge about one answer, and keeps what it said."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from annotation.models import Criterion
from gate.text import digest
from generation.conversation import MAX_SEED
from generation.messages import ChatAnswer, ChatRequest, Sampling
from generation.queue import WorkQuerySet
from generation.shifts import Shift
from judging import actions, expecting, parsing, prompting
from judging.models import Judge, Judgement, JudgeRun
from judging.sheets import criteria_of, questions_of

MAX_THOUGHT = 20_000


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
        return ChatRequest(
            model=self.judge.asked.served_name,
            messages=self._messages(row),
            sampling=Sampling(
                temperature=self.judge.temperature,
                top_p=1.0,
                max_tokens=self.judge.max_tokens,
                seed=self._seed(row),
            ),
            enable_thinking=False,
            response_schema=self.sheets[row.criterion_id].schema,
            weighs=self.judge.takes_expected_value,
        )

    def _seed(self, row: Judgement) -> int:
        """Its own for every replicate and ask: with the same, a judge would say the same again."""
        turn = (row.replicate - 1) * self.judge.max_asks + row.n_asks
        return (self.judge.seed + turn) % (MAX_SEED + 1)

    def _messages(self, row: Judgement) -> list[dict[str, str]]:
        judged = row.judged
        fence = _fence(_said(row))
        return prompting.messages(
            template=self.judge.prompt,
            rubric=self.sheets[row.criterion_id].rubric,
            conversation=judged.messages,
            answer=judged.text,
            fence=fence,
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
        model = self.judge.asked
        return {
            "model": model.name,
            "answered_by": answer.model,
            "revision": model.revision,
            "engine": answer.engine,
            "prompt_digest": self.judge.prompt_digest,
            "rubric_digest": self.judge.rubric.digest,
            "schema_digest": digest(self.sheets[row.criterion_id].schema),
            "judged_digest": row.judged.digest,
            "sampling": {
                "temperature": self.judge.temperature,
                "max_tokens": self.judge.max_tokens,
            },
            "seed": self._seed(row),
            "finish_reason": answer.finish_reason,
            # Thinking was switched off; what a server thought all the same is kept, and counted.
            "has_reasoning": bool(answer.reasoning),
            "reasoning": answer.reasoning[:MAX_THOUGHT],
            "has_chances": bool(answer.tokens),
            "n_prompt_tokens": answer.n_prompt_tokens,
            "n_completion_tokens": answer.n_completion_tokens,
            "n_cached_tokens": answer.n_cached_tokens,
        }


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


def _fence(said: str) -> str:
    """A mark that occurs nowhere in what is judged."""
    while (fence := f"mark-{secrets.token_hex(8)}") in said:
        pass
    return fence


def shift_on(judge_run: JudgeRun) -> Shift:
    """A shift on this judge run."""
    judge = judge_run.judge
    return Shift(job=judge_run, work=Scoring(judge_run, judge), model=judge.asked)
