"""How fast an endpoint was in its last runs, from the tokens and times of their answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from generation.models import Completion, Endpoint, Run

N_RUNS, N_ANSWERS = 5, 500


@dataclass(frozen=True)
class Answered:
    """One answer: when it was there, after how long, and its length."""

    at: datetime
    latency_s: float
    n_tokens: int


@dataclass(frozen=True)
class Speed:
    """Of a run's newest `n` answers: tokens per second of all together, and of one by itself."""

    run: Run
    n: int
    together: float | None
    alone: float | None


def speeds(endpoint: Endpoint) -> list[Speed]:
    """The newest runs with answers, newest first. Reads at most 500 answers of each."""
    through = Q(model__endpoint=endpoint)
    asked = Run.objects.with_names().filter(through, is_imported=False, started_at__isnull=False)
    found = []
    for run in asked.order_by("-started_at", "id")[:N_RUNS]:
        answers = list(_newest(run))
        if answers:
            found.append(Speed(run, len(answers), together(answers), alone(answers)))
    return found


def together(answers: list[Answered]) -> float | None:
    """Tokens over the time from the first question to the last answer; None if no time passed.

    Only what lies between counts, so a pause of the run between these answers makes it slower.
    """
    began = min(each.at - timedelta(seconds=each.latency_s) for each in answers)
    seconds = (max(each.at for each in answers) - began).total_seconds()
    return sum(each.n_tokens for each in answers) / seconds if seconds > 0 else None


def alone(answers: list[Answered]) -> float | None:
    """Tokens over the time that the answers took, each by itself."""
    seconds = sum(each.latency_s for each in answers)
    return sum(each.n_tokens for each in answers) / seconds if seconds > 0 else None


def _newest(run: Run) -> Iterator[Answered]:
    rows = Completion.objects.filter(
        run=run, completed_at__isnull=False, n_completion_tokens__isnull=False
    )
    columns = rows.order_by("-completed_at", "-id").values_list(
        "completed_at", "latency_s", "n_completion_tokens"
    )
    for at, latency_s, n_tokens in columns[:N_ANSWERS]:
        if at is not None:
            yield Answered(at, latency_s or 0.0, n_tokens or 0)
