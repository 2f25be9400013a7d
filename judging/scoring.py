"""The work of a judge run: each row asks the judge about one answer, and keeps what it said."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from annotation.models import Criterion
from gate.text import digest
from generation.conversation import MAX_SEED
from generation.messages import ChatAnswer, ChatRequest, Sampling
from generation.queue import WorkQuerySet
from generation.shifts import Shift
from judging import actions, parsing, prompting
from judging.models import Judge, Judgement, JudgeRun
from judging.sheets import criteria_of, questions_of


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
    def rubric(self) -> str:
        return prompting.rubric_text(self.judge.rubric.intro, self.questions)

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
                # Asked again with the same seed, a judge would say the same again.
                seed=(self.judge.seed + row.n_asks) % (MAX_SEED + 1),
            ),
            enable_thinking=False,
            response_schema=prompting.schema(self.questions),
        )

    def _messages(self, row: Judgement) -> list[dict[str, str]]:
        judged = row.judged
        fence = _fence(judged.text, judged.messages)
        return prompting.messages(
            template=self.judge.prompt,
            rubric=self.rubric,
            conversation=judged.messages,
            answer=judged.text,
            fence=fence,
        )

    def keep(self, row: Judgement, answer: ChatAnswer, *, worker: str, at: datetime) -> bool:
        readings = parsing.read(answer.text, self.questions)
        if not parsing.is_settled(readings) and row.n_asks + 1 < self.judge.max_asks:
            return actions.ask_again(judgement=row, worker=worker)
        return actions.keep_verdicts(
            judgement=row,
            worker=worker,
            readings=readings,
            criteria=self.criteria,
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
            "schema_digest": digest(prompting.schema(self.questions)),
            "judged_digest": row.judged.digest,
            "sampling": {
                "temperature": self.judge.temperature,
                "max_tokens": self.judge.max_tokens,
            },
            "seed": self.judge.seed + row.n_asks,
            "finish_reason": answer.finish_reason,
            "has_reasoning": bool(answer.reasoning),
            "n_prompt_tokens": answer.n_prompt_tokens,
            "n_completion_tokens": answer.n_completion_tokens,
            "n_cached_tokens": answer.n_cached_tokens,
        }


def _fence(answer: str, conversation: Sequence[Mapping[str, Any]]) -> str:
    """A mark that occurs nowhere in what is judged."""
    said = answer + "".join(str(turn["content"]) for turn in conversation)
    while (fence := f"mark-{secrets.token_hex(8)}") in said:
        pass
    return fence


def shift_on(judge_run: JudgeRun) -> Shift:
    """A shift on this judge run."""
    judge = judge_run.judge
    return Shift(job=judge_run, work=Scoring(judge_run, judge), model=judge.asked)
