"""Matchups: started, resumed, cancelled, swept."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, product

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.actions import record
from accounts.models import User
from generation.actions import jobs
from generation.bell import ring
from generation.models import Completion, Run
from generation.queue import State
from judging.actions.refusals import NotPossible
from judging.models import Choice, Duel, Judge, Matchup

BATCH = 1000
SAME = "Both runs gave the same text, so nobody was asked."

# The answers of one run: (prompt, replicate) -> (completion, digest of its text).
Answers = dict[tuple[str, int], tuple[str, str]]


@transaction.atomic
def start_matchup(
    *, by: User | None, judge: Judge, run_a: Run, run_b: Run, at: datetime, rings: bool = True
) -> Matchup:
    """The judge over every pair of answers, in both orders, that it has not compared yet."""
    _refuse_mismatch(judge, run_a, run_b)
    matchup, _ = Matchup.objects.get_or_create(
        judge=judge, run_a=run_a, run_b=run_b, defaults={"created_by": by}
    )
    if _add_unseen(matchup, at):
        moved = Matchup.wait_again(matchup.pk, come_from=["pending", "failed", "cancelled", "done"])
        if moved and rings:
            ring(matchup, at=at)
        record(by=by, verb="matchup started", target=matchup.pk, note=str(matchup))
    matchup.refresh_from_db()
    return matchup


def _refuse_mismatch(judge: Judge, run_a: Run, run_b: Run) -> None:
    if judge.kind != Judge.Kind.SIDE_BY_SIDE:
        raise NotPossible(
            gettext(
                "%(judge)s scores one answer at a time. Choose a judge that compares side by side."
            )
            % {"judge": judge}
        )
    if run_a.pk == run_b.pk:
        raise NotPossible(gettext("Both sides are the same run. Choose two runs."))
    if run_a.prompt_set_id != run_b.prompt_set_id:
        raise NotPossible(
            gettext(
                "The two runs answer different prompt sets, so nothing can be put side by side."
            )
        )
    if Matchup.objects.filter(judge=judge, run_a=run_b, run_b=run_a).exists():
        raise NotPossible(
            gettext(
                "%(judge)s compares these two runs already, the other way round. Every pair is "
                "asked in both orders there, so another matchup would say the same."
            )
            % {"judge": judge}
        )


def _add_unseen(matchup: Matchup, at: datetime) -> int:
    """The rows that are missing. Refuses two runs that share no answered prompt."""
    of_a, of_b = _answers(matchup.run_a), _answers(matchup.run_b)
    both = sorted(of_a.keys() & of_b.keys())
    if not both:
        raise NotPossible(
            gettext("No prompt has an answer in both runs yet, so there is nothing to compare.")
        )
    seen = set(matchup.duels.values_list("completion_a_id", flat=True).distinct())
    pairs = [(of_a[place], of_b[place]) for place in both]
    rows, n = _rows(matchup, pairs, seen, at), 0
    while batch := list(islice(rows, BATCH)):
        Duel.objects.bulk_create(batch, ignore_conflicts=True)
        n += len(batch)
    return n


def _answers(run: Run) -> Answers:
    done: QuerySet[Completion] = run.completions.filter(state=State.DONE).order_by()
    found = done.values_list("prompt_id", "replicate", "pk", "digest")
    return {(prompt, replicate): (pk, digest) for prompt, replicate, pk, digest in found}


def _rows(
    matchup: Matchup,
    pairs: list[tuple[tuple[str, str], tuple[str, str]]],
    seen: set[str],
    at: datetime,
) -> Iterator[Duel]:
    """Each pair in both orders, as often as the judge is asked.

    Where both runs gave the same text to the same conversation, the pair is equal and nobody is
    asked: any choice there would be of a place, not of an answer.
    """
    is_one_conversation = not (matchup.run_a.plays_turns or matchup.run_b.plays_turns)
    orders = list(product((False, True), range(1, matchup.judge.replicates + 1)))
    for (a, digest_a), (b, digest_b) in pairs:
        if a in seen:
            continue
        for is_swapped, replicate in orders:
            duel = Duel(
                matchup=matchup,
                completion_a_id=a,
                completion_b_id=b,
                is_swapped=is_swapped,
                replicate=replicate,
            )
            yield _settled(duel, at) if is_one_conversation and digest_a == digest_b else duel


def _settled(duel: Duel, at: datetime) -> Duel:
    duel.state, duel.choice, duel.completed_at = State.DONE, Choice.EQUAL, at
    duel.reasoning, duel.provenance = SAME, {"is_same_text": True}
    return duel


def sweep_matchups(*, at: datetime) -> tuple[int, int]:
    """Return expired leases and ring for matchups that nobody works on: (rows, bells)."""
    return jobs.sweep_jobs(Matchup, Duel.objects.all(), field="matchup", at=at)
