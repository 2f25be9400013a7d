"""The work of a judge run that is decided by rule: rows are claimed and kept in batches.

Nobody is asked. Like a shift on a model's work it may be killed anywhere: a batch is kept whole or
waits again, and no answer gets two verdicts.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from annotation.models import Criterion
from crisis.lookup import Lookup
from crisis.models import Resource
from gate.identity import new_id
from gate.text import digest
from generation.actions import jobs
from generation.bell import ring
from generation.queue import WorkQuerySet
from judging import actions
from judging.models import Judge, Judgement, JudgeRun
from judging.parsing import Reading
from judging.rules import referral, strings
from judging.rules.shape import Answer
from judging.sheets import criteria_of

log = logging.getLogger(__name__)

BATCH = 500


@dataclass(frozen=True)
class Rule:
    """A rule made ready for a shift: what it decides, and what the verdicts rest on."""

    read: Callable[[Answer], list[Reading]]
    criteria: list[Criterion]
    basis: dict[str, Any]


def rule_of(judge: Judge, *, at: datetime) -> Rule:
    """The judge's rule; one on referrals with the directory as it stands that day. Few queries."""
    slug = judge.rubric.slug
    decided = actions.decided_keys(judge.kind, slug)
    by_key = {each.key: each for each in criteria_of(judge.rubric)}
    criteria = [by_key[key] for key in decided]
    basis: dict[str, Any] = {
        "rule": judge.kind,
        "rule_digest": judge.prompt_digest,
        "rubric_digest": judge.rubric.digest,
    }
    if judge.kind == Judge.Kind.STRINGS:
        return Rule(lambda answer: strings.readings(answer, slug), criteria, basis)
    lookup, basis["directory"] = directory_on(at)
    return Rule(lambda answer: referral.readings(answer, lookup), criteria, basis)


def directory_on(at: datetime) -> tuple[Lookup, dict[str, Any]]:
    """The directory of that day, and its state as it is kept beside verdicts. One query."""
    day = at.date()
    entries = Resource.objects.all().entries(day)
    state = {
        "digest": referral.directory_digest(entries),
        "on": day.isoformat(),
        "n_services": len(entries),
    }
    return Lookup(entries), state


@dataclass(frozen=True)
class RuleShift:
    """What a worker does for one judge run. Tests pass their own clock and batch."""

    judge_run: JudgeRun
    clock: Callable[[], datetime] = timezone.now
    should_stop: Callable[[], bool] = lambda: False
    n_batch: int = BATCH

    @property
    def rows(self) -> WorkQuerySet[Judgement]:
        return self.judge_run.judgements.select_related("completion__prompt", "anchor", "judge_run")

    def run(self) -> str:
        """The run's state afterwards; `running` if rows still wait."""
        if not jobs.begin(self.judge_run, at=self.clock()):
            self.judge_run.refresh_from_db(fields=["state"])
            return self.judge_run.state
        trouble = outdated(self.judge_run.judge)
        if not trouble:
            self._work()
        else:
            log.warning("A judge run could not be worked on: %s", trouble)
        return jobs.settle(self.judge_run, self.rows, at=self.clock(), trouble=trouble)

    def run_and_ring(self) -> str:
        """`run`, and the bell for the next shift if rows are left."""
        state = self.run()
        if state == "running" and self.rows.waiting().exists():
            ring(self.judge_run, at=self.clock())
        return state

    def _work(self) -> None:
        """Batch after batch until nothing waits, on cancel, or when the time is up."""
        rule = rule_of(self.judge_run.judge, at=self.clock())
        worker, until = f"rule-{new_id()}", self.clock() + timedelta(minutes=settings.TASK_MINUTES)
        while not self._must_stop() and self.clock() < until:
            rows = self.rows.claim(worker=worker, at=self.clock(), limit=self.n_batch)
            if not rows:
                return
            try:
                self._decide(rows, rule, worker)
            finally:  # what was kept is not held any more
                self.rows.hand_back(worker=worker, keys=[row.pk for row in rows])

    def _decide(self, rows: list[Judgement], rule: Rule, worker: str) -> None:
        read: list[tuple[Judgement, list[Reading]]] = []
        for row in rows:
            try:
                read.append((row, rule.read(answer_of(row))))
            except Exception as error:
                log.exception("A rule failed on judgement %s.", row.pk)
                reason = f"The rule failed on this answer: {type(error).__name__}."
                actions.record_failure(judgement=row, reason=reason, worker=worker)
        actions.keep_rulings(
            rulings=read,
            criteria=rule.criteria,
            worker=worker,
            basis=rule.basis,
            at=self.clock(),
        )

    def _must_stop(self) -> bool:
        held = JudgeRun.objects.filter(pk=self.judge_run.pk, cancel_requested_at__isnull=False)
        return self.should_stop() or held.exists()


def answer_of(row: Judgement) -> Answer:
    """What a rule reads of a row. Of an anchor neither language nor country is known."""
    if row.completion is None:
        return Answer(row.judged.text)
    prompt = row.completion.prompt
    return Answer(row.completion.text, prompt.language, prompt.country)


def outdated(judge: Judge) -> str:
    """Why a judge must not judge any more: its rule is not the one that this Studio has. Or ""."""
    if digest(actions.stated_rule(judge.kind)) == judge.prompt_digest:
        return ""
    return (
        f"{judge.name} was made for another version of its rule, and a judge never changes. "
        "Make a new judge for the present rule; this one's verdicts stay what they were."
    )
